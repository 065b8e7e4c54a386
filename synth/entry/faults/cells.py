"""The cells that a fault strikes, and what a fault may know of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core import record_draws
from darkfigure.synth.core.arrays import Floats, Ints, Mask, Words
from darkfigure.synth.entry.faults.letters import chosen
from darkfigure.synth.entry.faults.variants import Variants
from darkfigure.synth.schema import Column


class Beside(Protocol):
    """What else is known of the records of struck cells; what is not known is None."""

    @property
    def persons(self) -> Words:
        """Seeds of the people, the same in all their records and systems, shape (k,)."""

    @property
    def days(self) -> Ints | None:
        """Days since 1970-01-01 on which the records were written, shape (k,)."""

    @property
    def sites(self) -> Ints | None:
        """The hospitals, schools or stations where they were written, shape (k,)."""

    def known(self, field: str) -> pa.StringArray | None:
        """Give what the agency knew of another field."""

    def aside(self, name: str) -> pa.StringArray | None:
        """Give what lay about on the desk, such as "former_surname"; null where nothing did."""

    def meaning(self, field: str) -> pa.StringArray | None:
        """Say what the known code of a field means."""

    def column(self, field: str) -> Column:
        """Give the column of a field that is known."""


@dataclass(frozen=True)
class StruckCells:
    """Struck cells, and all that decides what is written instead.

    Parameters
    ----------
    values
        Shape (k,), text without nulls: what the agency knew.
    seeds
        Shape (k,); of the cells and this fault.
    column
        Code list and date format of the column; the first one's where several fields go together.
    words
        The system's words for "not known" in this field.
    variants
        Other forms of names.
    beside
        What else is known of the records; not where several fields go together.
    """

    values: pa.StringArray
    seeds: Words
    column: Column
    words: tuple[str, ...]
    variants: Variants
    beside: Beside | None = None

    def uniform(self, use: str) -> Floats:
        """Draw from [0, 1) for each cell."""
        return record_draws.uniform(self.seeds, use)

    def below(self, use: str, size: int | Ints) -> Ints:
        """Draw a whole number from [0, size) for each cell."""
        return (self.uniform(use) * size).astype(np.int64)

    def each(self, change: Callable[[pa.StringArray], pa.StringArray]) -> pa.StringArray:
        """Change each distinct text once, where the outcome depends on the text alone."""
        coded = self.values.dictionary_encode()
        return change(coded.dictionary).take(coded.indices)

    def one_of(self, options: Sequence[pa.StringArray]) -> pa.StringArray:
        """Write one of several texts, of those that differ from the known one."""
        usable = np.stack([differs(self.values, option) for option in options], axis=1)
        which, able = chosen(usable, self.uniform("option"))
        return pc.choose(pa.array(np.where(able, which + 1, 0)), self.values, *options)

    def instead(self, other: pa.StringArray | None) -> pa.StringArray:
        """Write another text where there is one."""
        return self.values if other is None else pc.coalesce(other, self.values)


def differs(known: pa.StringArray, written: pa.StringArray, *, blank: bool = False) -> Mask:
    """Say which cells a fault did change: to another text, or to none at all.

    A blank text is no change, unless `blank`: hardly anybody means to write one.
    """
    changed = pc.not_equal(known, written)
    if not blank:
        changed = pc.and_not(changed, pc.equal(pc.utf8_ltrim_whitespace(written), ""))
    mask: Mask = pc.fill_null(changed, True).to_numpy(zero_copy_only=False)
    return mask
