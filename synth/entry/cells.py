"""The cells that a fault strikes, and what a fault may know of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from synth.chance import Stream
from synth.entry.variants import Variants
from synth.schema import Column


@dataclass(frozen=True)
class Cells:
    """Struck cells of one column, and all that decides what is written instead.

    Parameters
    ----------
    values
        Shape (k,), text without nulls: what the agency knew.
    ids
        Shape (k,); the records' ids, which key every draw.
    chance
        Stream of this fault in this column.
    column
        Code list and date format of the column.
    placeholder
        The system's word for "not known" in this field, if it has one.
    variants
        Other forms of names.
    """

    values: pa.StringArray
    ids: NDArray[np.int64]
    chance: Stream
    column: Column
    placeholder: str | None
    variants: Variants

    def each(self, change: Callable[[pa.StringArray], pa.StringArray]) -> pa.StringArray:
        """Change each distinct text once, where the outcome depends on the text alone."""
        coded = self.values.dictionary_encode()
        return change(coded.dictionary).take(coded.indices)


def differs(known: pa.StringArray, written: pa.StringArray) -> NDArray[np.bool_]:
    """Say which cells a fault did change: to another text, or to none at all.

    A blank text is no change: nobody writes one, and no system tells it from an empty cell.
    """
    blank = pc.equal(pc.utf8_trim_whitespace(written), "")
    changed = pc.and_(pc.not_equal(known, written), pc.invert(blank))
    mask: NDArray[np.bool_] = pc.fill_null(changed, True).to_numpy(zero_copy_only=False)
    return mask
