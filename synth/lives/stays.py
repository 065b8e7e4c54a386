"""Stays: a person or household lives at a place from a day on, for a cause."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.schema import ADDRESS_CAUSE

_CAUSES = range(len(ADDRESS_CAUSE))
START, MOVE, BIRTH, LEFT_HOME, SEPARATION, TERM, ARRIVAL, DEPARTURE, COUPLE = _CAUSES
DAY_BITS = 20  # days since 1970 fit


@dataclass(frozen=True)
class Stays:
    """Stays at places, in order of owner and first day; arrays have one entry per stay."""

    owner: Ints  # index of a person or a household
    day: Ints  # first day, since 1970-01-01
    place: Ints  # LSOA number and dwelling in one, or OUTSIDE
    cause: Ints  # index into schema.ADDRESS_CAUSE

    def take(self, rows: NDArray[np.generic]) -> Stays:
        """Take some rows."""
        return Stays(self.owner[rows], self.day[rows], self.place[rows], self.cause[rows])

    @classmethod
    def join(cls, *parts: Stays) -> Stays:
        """Put stays together in order of owner and day; earlier parts come first."""
        owner, day, place, cause = (
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("owner", "day", "place", "cause")
        )
        # Parts are in order already, which a merging sort of one key makes use of.
        order = np.argsort((owner << DAY_BITS) + day, kind="stable")
        return cls(owner, day, place, cause).take(order)
