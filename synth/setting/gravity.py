"""Gravity: how far people go, and how strongly what lies there draws them.

A destination draws in proportion to its attraction and falls off with distance, so that its share
of an origin's trips is `attraction / (1 + (km / reach) ** steepness)`, divided by the sum over all
destinations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.setting.coordinates import coordinates, distance_km, radius_km
from darkfigure.synth.setting.geography import wales

_RURAL_FACTOR = 1.8  # distances in rural areas against those in towns; assumed
_ROWS = 128  # origins that are reckoned at a time


@dataclass(frozen=True)
class Decay:
    """How a destination's share falls with distance."""

    reach_km: float
    steepness: float

    def at(self, away_km: Floats, rural: Floats) -> Floats:
        """Give the factor of distances; in rural origins (1) it falls off later than in towns."""
        reach = self.reach_km * np.where(rural, _RURAL_FACTOR, 1.0)
        return np.asarray(1 / (1 + (away_km / reach) ** self.steepness))


@dataclass(frozen=True)
class Gravity:
    """Shares of trips from every neighbourhood to those that attract.

    Kept in single precision, since there is a row for each of 1,917 origins. A row is reckoned when
    somebody sets out from there: a borough needs few of them.
    """

    attraction: Floats  # of the LSOAs that attract
    destination: Ints  # their numbers
    decay: Decay
    shares: NDArray[np.float32]  # (LSOAs, destinations), added up along each row; ends with 1
    reckoned: Mask  # which of its rows are there

    @classmethod
    def of(cls, attraction: Floats, decay: Decay) -> Gravity:
        """Take what attracts.

        Parameters
        ----------
        attraction
            Of each LSOA, not negative, shape (LSOAs,).
        decay
            Fall with distance.
        """
        destination = np.flatnonzero(attraction)
        shares = np.empty((len(attraction), len(destination)), np.float32)
        none = np.zeros(len(attraction), bool)
        return cls(attraction[destination], destination, decay, shares, none)

    def drawn(self, origin: Ints, chance: Floats) -> Ints:
        """Give the destination at which each row's shares pass a number from [0, 1).

        Parameters
        ----------
        origin
            Numbers of LSOAs, shape (n,).
        chance
            Shape (n,).

        Returns
        -------
        Numbers of LSOAs, shape (n,).
        """
        self._reckon(origin)
        flat, width = self.shares.ravel(), self.shares.shape[1]
        begin, passed = origin * width, np.zeros(len(origin), np.int64)
        wanted = chance.astype(np.float32)
        step = 1 << (width - 1).bit_length()
        while step := step >> 1:
            ahead = np.minimum(passed + step, width - 1)
            passed = np.where(flat[begin + ahead - 1] <= wanted, ahead, passed)
        return self.destination[passed]

    def _reckon(self, origin: Ints) -> None:
        """Fill in the rows of origins from which nobody has set out yet."""
        wanted = np.bincount(origin, minlength=len(self.reckoned)) > 0
        missing = np.flatnonzero(wanted & ~self.reckoned)
        for rows in np.split(missing, range(_ROWS, len(missing), _ROWS)):
            rural = wales().rural[rows].astype(float)[:, None]
            drawn = self.decay.at(away_km(rows, self.destination), rural) * self.attraction
            total = np.cumsum(drawn, axis=1)
            self.shares[rows] = total / total[:, -1:]
            self.reckoned[rows] = True


def away_km(origin: Ints, destination: Ints) -> Floats:
    """Give the usual distance between points of neighbourhoods.

    The mean square of the distance between points of two discs is the square of the distance of
    their middles and half of the square of each radius.

    Parameters
    ----------
    origin, destination
        Numbers of LSOAs.

    Returns
    -------
    Shape (origins, destinations).
    """
    latitude, longitude = coordinates()
    here = latitude[origin][:, None], longitude[origin][:, None]
    middles = distance_km(here, (latitude[destination], longitude[destination]))
    spread = (radius_km()[origin][:, None] ** 2 + radius_km()[destination] ** 2) / 2
    return np.asarray(np.sqrt(middles**2 + spread))
