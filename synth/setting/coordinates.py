"""Coordinates of neighbourhoods, near enough for a map.

Only the middles of postcode districts are known. The neighbourhoods of a district are spread around
its middle, as seeds are in a sunflower. So a map shows every town in its place; the arrangement
within towns is assumed.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography import outcode_of, wales

KM_A_DEGREE = 111.2  # of latitude
_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
_REACH = 0.45  # of the way to the nearest district of the list; assumed
_NEAREST_KM, _FURTHEST_KM = 0.8, 12.0  # bounds of the reach; assumed


@cache
def coordinates() -> tuple[Floats, Floats]:
    """Give latitude and longitude (WGS 84, degrees) of every neighbourhood, in their fixed order.

    References
    ----------
    Middles of districts: outcodes.csv; the arrangement around them is assumed.
    """
    table = load("outcodes")
    latitude, longitude = (table[name].to_numpy() for name in ("latitude", "longitude"))
    listed = {name: row for row, name in enumerate(table["outcode"].to_pylist())}
    district = np.array([listed[name] for name in outcode_of(np.arange(len(wales().code)))])
    turn, size = _within(district)
    reach = _reach_km(latitude, longitude)[district] * np.sqrt((turn + 0.5) / size)
    north, east = reach * np.cos(turn * _GOLDEN_ANGLE), reach * np.sin(turn * _GOLDEN_ANGLE)
    middle = latitude[district]
    wide = KM_A_DEGREE * np.cos(np.radians(middle))
    return middle + north / KM_A_DEGREE, longitude[district] + east / wide


def _within(district: Ints) -> tuple[Floats, Floats]:
    """Give each neighbourhood its number within its district, and the district's size."""
    order = np.argsort(district, kind="stable")
    number = np.empty(len(district))
    number[order] = np.arange(len(district)) - np.searchsorted(district[order], district[order])
    return number, np.bincount(district)[district].astype(float)


def _reach_km(latitude: Floats, longitude: Floats) -> Floats:
    """Give the largest distance of a district's neighbourhoods from its middle."""
    north = (latitude[:, None] - latitude) * KM_A_DEGREE
    east = (longitude[:, None] - longitude) * KM_A_DEGREE * np.cos(np.radians(latitude))[:, None]
    away = np.hypot(north, east)
    away[away == 0] = np.inf
    return np.clip(away.min(axis=1) * _REACH, _NEAREST_KM, _FURTHEST_KM)
