"""Dated histories: which version of something held for whom on a given day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints

_DAY_BITS = 20  # days since 1970 fit, with room for those before it
_DAY_ZERO = 1 << (_DAY_BITS - 1)


@dataclass(frozen=True)
class History:
    """Versions in order of person and first day.

    Parameters
    ----------
    person
        Row of the person in the block, ascending, shape (versions,).
    day
        First day of the version, in days since 1970-01-01, shape (versions,).
    columns
        What held, one array of `versions` entries each.
    """

    person: Ints
    day: Ints
    columns: Mapping[str, pa.Array]

    def at(self, person: Ints, day: Ints) -> Ints:
        """Find the version of each person on a day; before the first, the first."""
        found = np.searchsorted(self._keys, _order(person, day), side="right") - 1
        # What comes last until then is of somebody else: the next is the person's first.
        return np.asarray(found + ((found < 0) | (self.person[found] != person)))

    @cached_property
    def _keys(self) -> Ints:
        return _order(self.person, self.day)

    def value(self, name: str, version: Ints) -> pa.Array:
        """Give a column at some versions."""
        return self.columns[name].take(pa.array(version))


def _order(person: Ints, day: Ints) -> Ints:
    return np.asarray((person << _DAY_BITS) | (day + _DAY_ZERO))


def stack(*versions: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints, Ints, Ints]:
    """Put versions in order of person and day; of two on one day the first listed stays.

    Returns
    -------
    Rows, days, codes, and which of the lists each came from.
    """
    rows, days, codes = (np.concatenate([part[i] for part in versions]) for i in range(3))
    source = np.repeat(np.arange(len(versions)), [len(part[0]) for part in versions])
    order = np.lexsort((source, days, rows))
    rows, days, codes, source = rows[order], days[order], codes[order], source[order]
    again = np.zeros(len(rows), bool)
    again[1:] = (rows[1:] == rows[:-1]) & (days[1:] == days[:-1])
    return rows[~again], days[~again], codes[~again], source[~again]
