"""Catchments: who goes where, if each place takes as many as it has places for.

Each neighbourhood's people of some sorts draw on the nearest places by liking and distance; factors
of the places are balanced until as many come as there is room (a doubly constrained gravity model).

References
----------
A. G. Wilson, A family of spatial interaction models, Environment and Planning 3 (1971).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.groups import add_up_in_runs
from darkfigure.synth.setting.coordinates import KM_A_DEGREE, coordinates, radius_km
from darkfigure.synth.setting.geography import outcode_of, wales

_CANDIDATES = 32  # places near a home that are open to it; assumed
_NEAREST_KM = 0.6  # nearer than that all are alike; assumed
_ROUNDS = 24  # until places and people agree to a few hundredths; no rate


@dataclass(frozen=True)
class Nearby:
    """The places near each neighbourhood."""

    place: Ints  # (LSOAs, candidates): numbers of the places
    km: Floats  # (LSOAs, candidates)


@dataclass(frozen=True)
class Catchments:
    """The places that people of each sort in each neighbourhood go to."""

    place: Ints  # (LSOAs, candidates)
    shares: Floats  # (LSOAs, sorts of people, candidates), added up

    def drawn(self, lsoa: Ints, sort: Ints, draw: Floats) -> Ints:
        """Give the place at which each one's shares pass a number from [0, 1).

        Parameters
        ----------
        lsoa, sort
            Neighbourhood and sort of each person, shape (n,).
        draw
            Shape (n,).
        """
        passed = (self.shares[lsoa, sort] <= draw[:, None]).sum(1)
        return np.asarray(self.place[lsoa, np.minimum(passed, self.place.shape[1] - 1)])


def nearby(lsoa: Ints) -> Nearby:
    """Find the nearest of some places to each neighbourhood.

    Parameters
    ----------
    lsoa
        Where the places stand, shape (places,).
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415, linkers' processes do without SciPy

    homes = _flat_km()
    away, place = cKDTree(homes[lsoa]).query(homes, min(_CANDIDATES, len(lsoa)))
    return Nearby(place, np.hypot(away, np.maximum(radius_km()[:, None], _NEAREST_KM)))


def balanced(near: Nearby, draw: Floats, people: Floats, room: Floats) -> Catchments:
    """Share out people over places until each has as many as it has room for.

    Parameters
    ----------
    near
        The places.
    draw
        How strongly each draws, by distance and liking, shape (LSOAs, sorts, candidates).
    people
        Shape (LSOAs, sorts).
    room
        Relative to each other, shape (places,).
    """
    wanted = room * (people.sum() / room.sum())
    factor = np.ones(len(room))
    for _ in range(_ROUNDS):
        share = draw * factor[near.place][:, None, :]
        share /= share.sum(2, keepdims=True)
        comes = (share * people[:, :, None]).sum(1)
        taken = np.bincount(near.place.ravel(), comes.ravel(), len(room))
        factor *= wanted / np.maximum(taken, 1e-9)
    return Catchments(near.place, np.cumsum(share, axis=2))


@dataclass(frozen=True)
class Spacing:
    """How places are spaced over the people of areas; arrays have one entry per place.

    Parameters
    ----------
    room
        Relative to others of the group.
    group
        Those of one group are spaced among themselves; ascending.
    area
        Area in which each stands.
    within
        From [0, 1]: where in the stretch of its people each stands.
    """

    room: Floats
    group: Ints
    area: Ints
    within: Floats


def spaced(people: Floats, area: Ints, spacing: Spacing) -> Ints:
    """Space places over the people of their area, each amid as many as it has room for.

    They follow on one another along the way from one postcode district to the next.

    Parameters
    ----------
    people
        Of each neighbourhood.
    area
        Of each neighbourhood.
    spacing
        The places.

    Returns
    -------
    Neighbourhoods, shape (places,).
    """
    district = np.unique(outcode_of(np.arange(len(wales().code))), return_inverse=True)[1]
    path = np.lexsort((district, area))
    along = np.append(0.0, np.cumsum(people[path]))
    ends = np.searchsorted(area[path], np.arange(area.max() + 2))
    low, high = along[ends[spacing.area]], along[ends[spacing.area + 1]]
    room, group = spacing.room, spacing.group
    stands = add_up_in_runs(group, room) - room * (1 - spacing.within)
    wanted = low + (high - low) * stands / np.bincount(group, room)[group]
    return np.asarray(path[np.searchsorted(along, wanted, side="right") - 1])


def _flat_km() -> Floats:
    """Give neighbourhoods on a map in kilometres, true to a hundredth; (LSOAs, 2)."""
    latitude, longitude = coordinates()
    wide = KM_A_DEGREE * np.cos(np.radians(latitude.mean()))
    return np.column_stack([latitude * KM_A_DEGREE, longitude * wide])
