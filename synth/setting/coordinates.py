"""Coordinates of neighbourhoods and of the homes in them, near enough for a map.

Only the middles of postcode districts are known. The neighbourhoods of a district are spread around
its middle, as seeds are in a sunflower. So a map shows every town in its place; the arrangement
within towns is assumed.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography import (
    FIRST_SPARE,
    outcode_of,
    spare_dwellings,
    wales,
)

KM_A_DEGREE = 111.2  # of latitude; no rate
_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
_REACH = 0.6  # of the way to the nearest district, so that districts fill the country; assumed
_NEAREST_KM, _FURTHEST_KM = 0.8, 12.0  # bounds of the reach; assumed
_STREET_DWELLINGS = 32  # assumed
_PLOT_KM = 0.008  # between one house and the next; assumed


@cache
def coordinates() -> tuple[Floats, Floats]:
    """Give latitude and longitude (WGS 84, degrees) of every neighbourhood, in their fixed order.

    References
    ----------
    Middles of districts: outcodes.csv; the arrangement around them is assumed.
    """
    latitude, longitude, reach = _districts()
    district = _district()
    turn, size = _within(district)
    away = reach[district] * np.sqrt((turn + 0.5) / size)
    north, east = away * np.cos(turn * _GOLDEN_ANGLE), away * np.sin(turn * _GOLDEN_ANGLE)
    middle = latitude[district]
    wide = KM_A_DEGREE * np.cos(np.radians(middle))
    return middle + north / KM_A_DEGREE, longitude[district] + east / wide


@cache
def radius_km() -> Floats:
    """Give the radius of every neighbourhood, as if its district were shared out equally.

    Returns
    -------
    Kilometres, shape (LSOAs,).
    """
    _, size = _within(_district())
    return np.asarray(_districts()[2][_district()] / np.sqrt(size))


def points_within(lsoa: Ints, away: Floats, turn: Floats) -> tuple[Floats, Floats]:
    """Give points of neighbourhoods by their distance from the middle and their direction.

    Parameters
    ----------
    lsoa
        Numbers of the neighbourhoods, shape (n,).
    away
        Kilometres from the middle, shape (n,).
    turn
        Direction in radians, shape (n,).

    Returns
    -------
    Latitude and longitude (WGS 84, degrees), each of shape (n,).
    """
    latitude, longitude = (part[lsoa] for part in coordinates())
    wide = KM_A_DEGREE * np.cos(np.radians(latitude))
    return latitude + away * np.cos(turn) / KM_A_DEGREE, longitude + away * np.sin(turn) / wide


def distance_km(here: tuple[Floats, Floats], there: tuple[Floats, Floats]) -> Floats:
    """Give the distance between points, each given as latitude and longitude (degrees).

    Exact to a thousandth within Wales, which is small enough to be taken as flat.

    Parameters
    ----------
    here, there
        Coordinates, of shapes that fit each other.
    """
    north = (there[0] - here[0]) * KM_A_DEGREE
    wide = KM_A_DEGREE * np.cos(np.radians((there[0] + here[0]) / 2))
    return np.asarray(np.hypot(north, (there[1] - here[1]) * wide))


def home_coordinates(lsoa: Ints, dwelling: Ints) -> tuple[Floats, Floats]:
    """Give the point at which a dwelling stands: streets fill the neighbourhood, houses a street.

    Parameters
    ----------
    lsoa
        Number of the LSOA, shape (n,).
    dwelling
        Number of the dwelling within its LSOA, from 0, shape (n,).

    Returns
    -------
    Latitude and longitude (WGS 84, degrees), each of shape (n,).
    """
    houses = _STREET_DWELLINGS
    dwellings = wales().households + FIRST_SPARE + spare_dwellings()
    street, house = np.divmod(dwelling, houses)
    radius, streets = radius_km()[lsoa], -(-dwellings // houses)[lsoa]
    turn = street * _GOLDEN_ANGLE
    # A street runs outward, and ends where the neighbourhood does.
    away = radius * np.sqrt((street + 0.5) / (streets + 0.5))
    away = away + (house - houses / 2) * np.minimum(_PLOT_KM, radius / houses / 4)
    return points_within(lsoa, np.clip(away, 0, radius), turn)


@cache
def _district() -> Ints:
    """Give the number of each neighbourhood's postcode district in the table `outcodes`."""
    listed = {name: row for row, name in enumerate(load("outcodes")["outcode"].to_pylist())}
    return np.array([listed[name] for name in outcode_of(np.arange(len(wales().code)))])


@cache
def _districts() -> tuple[Floats, Floats, Floats]:
    """Give latitude, longitude and reach (km) of every postcode district."""
    table = load("outcodes")
    latitude, longitude = (table[name].to_numpy() for name in ("latitude", "longitude"))
    return latitude, longitude, _reach_km(latitude, longitude)


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
