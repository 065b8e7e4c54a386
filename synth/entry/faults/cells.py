"""The cells that a fault strikes, and the facts that a fault may use."""

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


class RecordFacts(Protocol):
    """Other facts about the records of struck cells; None stands for an unknown one."""

    @property
    def persons(self) -> Words:
        """Seeds of the people, the same in all their records and systems, shape (k,)."""

    @property
    def days(self) -> Ints | None:
        """Days since 1970-01-01 on which the records were written, shape (k,)."""

    @property
    def sites(self) -> Ints | None:
        """Numbers of the hospitals, schools or stations where they were written, shape (k,)."""

    def known(self, field: str) -> pa.StringArray | None:
        """Give the known texts of another field."""

    def confusable_value(self, name: str) -> pa.StringArray | None:
        """Give a value that a clerk may enter by mistake, such as "former_surname"."""

    def meaning(self, field: str) -> pa.StringArray | None:
        """Give the meaning of the known code of a field."""

    def column(self, field: str) -> Column:
        """Give the column of a linkage field."""


@dataclass(frozen=True)
class StruckTexts:
    """Texts in which a slip of the fingers happens, and the draws that decide where.

    Parameters
    ----------
    values
        Known texts without nulls, shape (k,).
    seeds
        Seeds of the texts and this fault, shape (k,).
    """

    values: pa.StringArray
    seeds: Words

    def uniform(self, use: str) -> Floats:
        """Draw from [0, 1) for each text; `use` names the draw."""
        return record_draws.uniform(self.seeds, use)

    def below(self, use: str, size: int | Ints) -> Ints:
        """Draw a whole number from [0, size) for each text.

        Parameters
        ----------
        use
            Name of the draw.
        size
            Number of equally likely values, one for all or shape (k,).
        """
        return (self.uniform(use) * size).astype(np.int64)


@dataclass(frozen=True)
class StruckCells(StruckTexts):
    """Struck cells, and the data that decide their new texts.

    Parameters
    ----------
    values, seeds
        Of `StruckTexts`.
    column
        Code list and date format of the column; the first one's if several fields go together.
    words
        The system's words for "not known" in this field.
    variants
        Other forms of names.
    facts
        Other facts about the records; None if several fields go together.
    """

    column: Column
    words: tuple[str, ...]
    variants: Variants
    facts: RecordFacts | None = None

    def each(self, change: Callable[[pa.StringArray], pa.StringArray]) -> pa.StringArray:
        """Change each distinct text once; the change must depend on the text alone."""
        coded = self.values.dictionary_encode()
        return change(coded.dictionary).take(coded.indices)

    def one_of(self, options: Sequence[pa.StringArray]) -> pa.StringArray:
        """Write one of several texts that differ from the known one."""
        usable = np.stack([differs(self.values, option) for option in options], axis=1)
        choice, able = chosen(usable, self.uniform("option"))
        return pc.choose(pa.array(np.where(able, choice + 1, 0)), self.values, *options)

    def instead(self, other: pa.StringArray | None) -> pa.StringArray:
        """Write another text where it is not null."""
        return self.values if other is None else pc.coalesce(other, self.values)


def differs(known: pa.StringArray, written: pa.StringArray, *, blank: bool = False) -> Mask:
    """Tell which cells a fault did change: to another text, or to none at all.

    A blank text is no change, unless `blank`: hardly anybody means to write one.

    Parameters
    ----------
    known, written
        Texts of equal shape (k,).
    blank
        Whether a blank text counts as a change.
    """
    changed = pc.not_equal(known, written)
    if not blank:
        changed = pc.and_not(changed, pc.equal(pc.utf8_ltrim_whitespace(written), ""))
    mask: Mask = pc.fill_null(changed, True).to_numpy(zero_copy_only=False)
    return mask
