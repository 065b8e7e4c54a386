"""Unique pupil numbers of a block's children: the true ones, and ones that a clerk may confuse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.agencies.framework.records import Tables, add
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.lives import People


@dataclass(frozen=True)
class PupilNumbers:
    """The numbers of a block's people; only pupils have one.

    Parameters
    ----------
    people
        People of the block.
    upn
        All pupil numbers of the scenario.
    place
        Index into `upn` by row of the block, -1 for none.
    """

    people: People
    upn: pa.Array
    place: Ints

    @classmethod
    def of(cls, people: People, pupil: Ints, upn: pa.Array) -> PupilNumbers:
        """Find the pupils of a block.

        Parameters
        ----------
        people
            People of the block.
        pupil
            Census indices of all pupils, ascending, shape (n,).
        upn
            Their numbers, shape (n,).
        """
        return cls(people, upn, places(people.person, pupil))

    @property
    def rows(self) -> Ints:
        """Rows of the block's pupils."""
        return np.flatnonzero(self.place >= 0)

    def at(self, row: Ints) -> pa.Array:
        """Give the numbers of some rows; null for none."""
        return self._numbers(self.place[row])

    def of_sibling(self, row: Ints) -> pa.Array:
        """Give the number of the child before or after them in the household; null for none."""
        other = np.full(len(row), -1)
        for step in (1, -1):
            beside = np.clip(row + step, 0, len(self.place) - 1)
            home = self.people.household
            same = (home[beside] == home[row]) & (beside != row)
            other = np.where(same & (self.place[beside] >= 0), self.place[beside], other)
        return self._numbers(other)

    def write(self, out: Tables) -> None:
        """Write the numbers into the truth."""
        rows = self.rows
        table = pa.table({"person_id": self.people.person_id[rows], "upn": self.at(rows)})
        add(out, schema.PUPIL_NUMBERS, table)

    def _numbers(self, place: Ints) -> pa.Array:
        return self.upn.take(pa.array(place, mask=place < 0))
