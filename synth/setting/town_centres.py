"""Town centres: which neighbourhoods they are, and how much night life each draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.reference import load
from darkfigure.synth.setting.coordinates import coordinates, distance_km
from darkfigure.synth.setting.geography import wales

# A town that nobody ranked draws by its people, at least a little; assumed, on the scale on which
# the centre of Cardiff draws 100.
_UNRANKED_A_THOUSAND, _LEAST = 0.1, 0.5
# Shares of a centre's premises in its nearest neighbourhoods, by its draw; assumed.
_CITY, _LARGE, _TOWN = (0.5, 0.3, 0.2), (0.65, 0.35), (1.0,)
_CITY_DRAW, _LARGE_DRAW = 100, 40
# Streets with night life: so many in any centre and for each unit of draw; assumed.
_STREETS, _STREETS_A_DRAW = 2, 0.6


@dataclass(frozen=True)
class TownCentres:
    """What the centres of towns bring to neighbourhoods; arrays have one entry per LSOA."""

    draw: Floats  # of the centre's night life there, 100 for all of Cardiff's; 0 outside centres
    night_streets: Ints  # per authority


@cache
def town_centres() -> TownCentres:
    """Place the centre of each town in the neighbourhoods of its authority nearest to it; cached.

    References
    ----------
    town_centres.csv.
    """
    geography, table = wales(), load("town_centres").to_pylist()
    codes = geography.authorities["la_code"].to_pylist()
    draw = np.zeros(len(geography.code))
    streets = np.zeros(len(codes), np.int64)
    for town in table:
        size = town["night_index"] or max(_LEAST, _UNRANKED_A_THOUSAND * town["residents"] / 1_000)
        authority = codes.index(town["la_code"])
        shares = _TOWN if size < _LARGE_DRAW else _LARGE if size < _CITY_DRAW else _CITY
        lsoa = nearest(authority, town["latitude"], town["longitude"])[: len(shares)]
        draw[lsoa] += size * np.array(shares)
        streets[authority] += round(_STREETS + _STREETS_A_DRAW * size)
    return TownCentres(draw, streets)


def nearest(authority: int, latitude: float, longitude: float) -> Ints:
    """Give the neighbourhoods of an authority, the nearest to a point first."""
    lsoa = np.flatnonzero(wales().authority == authority)
    middles = coordinates()[0][lsoa], coordinates()[1][lsoa]
    away = distance_km(middles, (np.array(latitude), np.array(longitude)))
    return np.asarray(lsoa[np.argsort(away, kind="stable")])
