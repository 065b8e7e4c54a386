"""Other forms of a name: nicknames, equivalents and misspellings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth import reference
from darkfigure.synth.core.arrays import Floats, Ints

_ALIASES = 200  # the commonest surnames, of which aliases are taken; assumed


@dataclass(frozen=True)
class NameForms:
    """The other forms of each name.

    Parameters
    ----------
    names
        Each name once, shape (n,).
    starts, counts
        Index of a name's first form in `others`, and its number of forms, shape (n,).
    others
        All forms, those of a name together.
    """

    names: pa.StringArray
    starts: Ints
    counts: Ints
    others: pa.StringArray

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> NameForms:
        """Build from pairs (name, other form); a pair of equals is left out."""
        ordered = sorted({(name, other) for name, other in pairs if name != other and other})
        names, starts, counts = np.unique(
            np.array([name for name, _ in ordered], object), return_index=True, return_counts=True
        )
        others = pa.array([other for _, other in ordered], pa.string())
        return cls(pa.array(names, pa.string()), starts, counts, others)

    def other(self, values: pa.StringArray, draws: Floats) -> pa.StringArray:
        """Give another form of each name; a name that has none stays.

        Parameters
        ----------
        values
            Names, shape (k,).
        draws
            Draws from [0, 1), shape (k,).
        """
        index = pc.fill_null(pc.index_in(values, self.names), -1).to_numpy()
        has = np.flatnonzero(index >= 0)
        if not len(has):
            return values
        name = index[has]
        drawn = self.starts[name] + (draws[has] * self.counts[name]).astype(np.int64)
        mask = pa.array(index >= 0)
        return pc.replace_with_mask(values, mask, self.others.take(pa.array(drawn)))


@dataclass(frozen=True)
class Variants:
    """All kinds of other forms.

    Parameters
    ----------
    short
        Formal name to short form or nickname.
    equivalent
        Welsh name to its English equivalent, and back.
    misspelt
        Name to its usual misspellings.
    places
        Welsh name of a place to its English one, and back.
    surnames
        Common surnames, of which people take aliases.
    """

    short: NameForms
    equivalent: NameForms
    misspelt: NameForms
    places: NameForms
    surnames: pa.StringArray

    @classmethod
    def of(
        cls,
        *,
        short: pa.Table,
        equivalent: pa.Table,
        misspelt: pa.Table,
        places: pa.Table,
        surnames: pa.StringArray,
    ) -> Variants:
        """Build from the reference tables.

        Parameters
        ----------
        short
            Columns `formal`, `short`.
        equivalent
            Columns `welsh`, `english`.
        misspelt
            Columns `name`, `misspelling`.
        places
            Columns `welsh`, `english`.
        surnames
            Surnames of aliases, all equally likely.
        """
        return cls(
            short=_forms(short, "formal", "short"),
            equivalent=_both_ways(equivalent),
            misspelt=_forms(misspelt, "name", "misspelling"),
            places=_both_ways(places),
            surnames=surnames,
        )


@cache
def of_wales() -> Variants:
    """Read the variants of Welsh and English names that the package carries; cached."""
    return Variants.of(
        short=reference.load("short_forms"),
        equivalent=reference.load("name_equivalents"),
        misspelt=reference.load("misspellings"),
        places=reference.load("place_names"),
        surnames=reference.load("surnames")["surname"].combine_chunks()[:_ALIASES],
    )


def _both_ways(table: pa.Table) -> NameForms:
    welsh, english = (table[name].to_pylist() for name in ("welsh", "english"))
    return NameForms.of([*zip(welsh, english, strict=True), *zip(english, welsh, strict=True)])


def _forms(table: pa.Table, name: str, other: str) -> NameForms:
    pairs = zip(table[name].to_pylist(), table[other].to_pylist(), strict=True)
    return NameForms.of(list(pairs))
