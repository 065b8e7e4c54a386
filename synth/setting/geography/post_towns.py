"""Post towns: where they lie, and the roads called after the towns to which they lead."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Mask
from darkfigure.synth.reference import load

_ROADS = 6  # towns to which a town has a road at most; assumed
_FURTHEST_KM = 45  # assumed
_KM_A_DEGREE = 111.2  # of latitude; no rate
_NORTH = 52.6  # degrees; streets are called Lôn more often than Heol from here on; assumed
_COAST = 0.4  # share of residents in districts by the sea, from which a town is by it; assumed
_LONGEST_NAME = 15  # letters of a town that gives a road its name; assumed
_SHORT_NAMES = (" Tydfil", " Wells", " Haven", " Junction")  # left out of roads' names
# Towns without an entry in `place_names`, whose name is Welsh if it begins so.
_WELSH_BEGINNINGS = (
    *("Aber", "Bala", "Bangor", "Caer", "Conwy", "Corwen", "Cricc", "Dol", "Llan", "Mach"),
    *("Pen", "Pont", "Porth", "Pwll", "Rhos", "Tre"),
)


@dataclass(frozen=True)
class PostTowns:
    """The post towns of Wales; arrays have one entry per town."""

    name: list[str]
    people: Floats
    latitude: Floats
    longitude: Floats
    coast: Mask

    @property
    def north(self) -> Mask:
        """Which lie in the north."""
        return self.latitude > _NORTH


@cache
def post_towns() -> PostTowns:
    """Give post towns with residents and the middle of their districts (degrees); cached."""
    sectors, districts = load("postcode_sectors"), load("outcodes")
    names, town = np.unique(sectors["town"].to_numpy().astype(str), return_inverse=True)
    listed = districts["outcode"].to_pylist()
    district = [listed.index(name) for name in sectors["outcode"].to_pylist()]
    people = sectors["residents"].to_numpy().astype(float)
    total = np.bincount(town, people)

    def mean(column: str) -> Floats:
        weighted = people * districts[column].to_numpy()[district]
        return np.asarray(np.bincount(town, weighted) / total, float)

    named = [str(name) for name in names]
    coast = mean("coast") >= _COAST
    return PostTowns(named, np.asarray(total), mean("latitude"), mean("longitude"), coast)


@cache
def roads_elsewhere() -> dict[bool, list[NDArray[np.object_]]]:
    """Name roads after the towns that draw most: large and near; cached.

    Returns
    -------
    For English (false) and Welsh (true) the names of each post town's roads, the busiest first.
    """
    towns = post_towns()
    north = (towns.latitude[:, None] - towns.latitude) * _KM_A_DEGREE
    east = (towns.longitude[:, None] - towns.longitude) * _KM_A_DEGREE * np.cos(np.radians(52))
    away = np.hypot(north, east)
    pull = towns.people / np.maximum(away, 3) ** 2 * ((away > 0) & (away < _FURTHEST_KM))
    pull *= [len(name) <= _LONGEST_NAME for name in towns.name]
    order = np.argsort(-pull, axis=1)[:, :_ROADS]
    near = [[towns.name[i] for i in line if pull[row, i] > 0] for row, line in enumerate(order)]
    table = load("place_names")
    in_welsh = dict(zip(table["english"].to_pylist(), table["welsh"].to_pylist(), strict=True))
    english = [np.array([f"{_short(name)} Road" for name in line], object) for line in near]
    welsh = [
        np.array(
            [
                f"Ffordd {in_welsh.get(name, _short(name))}"
                for name in line
                if name in in_welsh or name.startswith(_WELSH_BEGINNINGS)
            ],
            object,
        )
        for line in near
    ]
    return {False: english, True: welsh}


def _short(town: str) -> str:
    for part in _SHORT_NAMES:
        town = town.replace(part, "")
    return town.removeprefix("Y ")
