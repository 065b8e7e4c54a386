"""Dated histories: the version of a name or an address that a person had on a given day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.orders import order_of

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
        Values of the versions, each of shape (versions,).
    """

    person: Ints
    day: Ints
    columns: Mapping[str, pa.Array]

    def at(self, person: Ints, day: Ints) -> Ints:
        """Find the version of each person on a day; before the first version, the first.

        Parameters
        ----------
        person
            Rows of people in the block, shape (n,).
        day
            Days since 1970-01-01, shape (n,).

        Returns
        -------
        Indices of versions, shape (n,).
        """
        version = np.searchsorted(self._keys, _order(person, day), side="right") - 1
        # If the last version until then is somebody else's, the next is the person's first.
        return np.asarray(version + ((version < 0) | (self.person[version] != person)))

    @cached_property
    def _keys(self) -> Ints:
        return _order(self.person, self.day)

    def value(self, name: str, version: Ints) -> pa.Array:
        """Give the values of a column at some versions.

        Parameters
        ----------
        name
            Name of the column.
        version
            Indices of versions, shape (n,).
        """
        return self.columns[name].take(pa.array(version))


def _order(person: Ints, day: Ints) -> Ints:
    return np.asarray((person << _DAY_BITS) | (day + _DAY_ZERO))


def stack(*versions: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints, Ints, Ints]:
    """Put versions in order of person and day; of two on one day the first listed stays.

    Parameters
    ----------
    versions
        Lists of versions, each of rows, days and codes of equal shape (n,).

    Returns
    -------
    Rows, days, codes, and the number of the list that each came from.
    """
    rows, days, codes = (np.concatenate([part[i] for part in versions]) for i in range(3))
    source = np.repeat(np.arange(len(versions)), [len(part[0]) for part in versions])
    order = order_of(rows, days, source)
    rows, days, codes, source = rows[order], days[order], codes[order], source[order]
    repeated = np.zeros(len(rows), bool)
    repeated[1:] = (rows[1:] == rows[:-1]) & (days[1:] == days[:-1])
    return rows[~repeated], days[~repeated], codes[~repeated], source[~repeated]
