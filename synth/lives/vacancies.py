"""Dwellings that pass from people who leave to people who come: each has several over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.setting.geography import FIRST_SPARE, spare_dwellings, wales

DWELLINGS = 1 << 13  # more than any neighbourhood has
OUTSIDE = -1  # a place that is not in Wales
_DAYS = 1 << 20  # more than lie between any two days of a history


@dataclass(frozen=True)
class Vacated:
    """Dwellings that were left, and the days."""

    place: Ints  # LSOA number and dwelling in one
    day: Ints


def settle_arrivals(lsoa: Ints, day: Ints, vacated: Vacated, *, first_spare: Ints) -> Ints:
    """Give each arrival in a neighbourhood a dwelling there.

    The first arrival takes the dwelling that has stood empty longest; if none is empty it takes a
    spare one. Nobody takes a dwelling on the day it is left, or one that is lived in.

    Parameters
    ----------
    lsoa, day
        LSOA number and day of each arrival, since 1970-01-01, shape (n,).
    vacated
        Dwellings left, in any neighbourhood.
    first_spare
        Number of spare dwellings taken so far in each LSOA of Wales; the function adds to it.

    Returns
    -------
    Place of each arrival, LSOA number and dwelling in one, shape (n,).
    """
    # Days may be negative; the shift keeps them in one neighbourhood's range.
    key = lsoa * _DAYS + day + _DAYS // 2
    vacancy_key = vacated.place // DWELLINGS * _DAYS + vacated.day + _DAYS // 2
    order, vacancy_order = order_of(key), order_of(vacancy_key)
    vacancy_key = vacancy_key[vacancy_order]
    own = lsoa[order]
    turn = place_in_runs(own)
    first = np.searchsorted(vacancy_key, own * _DAYS)
    empty = np.searchsorted(vacancy_key, key[order]) - first
    # After k arrivals at most this many found a dwelling: the least, over these arrivals, of the
    # dwellings empty before one and the arrivals after it.
    reach = empty - turn - own * _DAYS
    served = np.minimum(np.minimum.accumulate(reach) + own * _DAYS, 1) + turn
    before = np.where(turn > 0, np.append(0, served[:-1]), 0)
    finds = served > before
    place = np.empty(len(own), np.int64)
    place[finds] = vacated.place[vacancy_order][(first + before)[finds]]
    place[~finds] = _spare(own[~finds], first_spare)
    places = np.empty_like(place)
    places[order] = place
    return places


def _spare(lsoa: Ints, taken: Ints) -> Ints:
    """Give each arrival the next spare dwelling of its neighbourhood."""
    turn = taken[lsoa] + place_in_runs(lsoa)
    taken += np.bincount(lsoa, minlength=len(taken))
    number = turn % spare_dwellings()[lsoa]
    return lsoa * DWELLINGS + wales().households[lsoa] + FIRST_SPARE + number
