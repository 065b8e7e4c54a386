"""Communal homes: care homes, student halls, prisons, hostels, and no fixed abode.

Homes outside Wales are a kind too, of visitors (`lives.visitors`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import HOME
from darkfigure.synth.setting.geography import Geography, wales

KINDS = tuple(HOME)
PRIVATE, CARE_HOME, STUDENT_HALL, PRISON, HOSTEL, NO_FIXED_ABODE, OUTSIDE_WALES = range(len(KINDS))

LARGEST_MEAN = 3.0  # people a household; people beyond it live in communal homes; assumed
SMALLEST_MEAN = 1.5  # people a household that communal homes must leave; assumed
MOST_COMMUNAL = 0.75  # share of a neighbourhood's residents; assumed
# Residents of the five prisons in Wales, rounded; well known. Swansea's and Cardiff's stand in
# the middle of town, Usk and Prescoed in Monmouthshire.
PRISONERS = {
    "Bridgend": 1_600,
    "Wrexham": 1_600,
    "Cardiff": 700,
    "Swansea": 400,
    "Monmouthshire": 450,
}
STUDENT_RATE = 0.25  # share aged 18 to 24 above which a neighbourhood is a students'; assumed
# Shares of all residents; communal homes together hold about 1.7 % (census 2021, well known).
CARE_HOME_RATE = 0.0075  # assumed
HALL_RATE = 0.006  # assumed
HOSTEL_RATE = 0.0009  # assumed
NO_FIXED_ABODE_RATE = 0.001  # assumed; 0.20 % of NHS records bear ZZ99 (Cardinal 2023)
CARE_HOME_SIZE = 38.0  # residents of a home, mean; assumed
HOSTEL_SIZE = 22.0  # assumed
_MOST_HOMES_RATE = 0.95  # chance of a neighbourhood to have a home, at most; assumed
_HOME_LEAST, _HOME_SPREAD = 0.4, 0.6  # of the mean size: least, and mean beyond it; assumed
# The usual share aged 18 to 24, and the excess beyond which there are halls. Assumed.
_USUAL_STUDENTS, _HALLS_FROM = 0.12, 0.08
_OLDEST_WEIGHT = 3  # of people from 90 in the places of care homes, against those from 75; assumed
# Weights of neighbourhoods in the places of hostels, by fifth of deprivation from 1, the most
# deprived. Assumed.
_HOSTELS_BY_FIFTH = (0, 4, 2, 1, 0.5, 0)
_USUAL_MEAN = 2.3  # people a household; a prison stands where there are most beyond; assumed


@dataclass(frozen=True, eq=False)  # compared by identity, so that caches can hold it
class Communal:
    """Residents of communal homes in each neighbourhood of Wales, by kind of home.

    Parameters
    ----------
    residents
        Shape (LSOAs, kinds); the column of private homes is 0.
    """

    residents: Ints

    @property
    def total(self) -> Ints:
        """Number of residents of communal homes in each LSOA."""
        return self.residents.sum(axis=1)


@cache
def communal_residents(chance: Stream) -> Communal:
    """Divide Wales's communal residents among neighbourhoods.

    Prisons stand at the places of the real ones, halls among students, care homes among the old,
    and hostels in deprived towns. All of Wales is drawn at once, so that an area has the same homes
    in every scenario.

    Parameters
    ----------
    chance
        Stream of the population; draws are keyed by neighbourhood.
    """
    geography = wales()
    residents = np.zeros((len(geography.code), len(KINDS)), np.int64)
    residents[:, PRISON] = _prisoners(geography)
    excess = np.ceil(geography.residents - geography.households * LARGEST_MEAN).astype(np.int64)
    students = np.maximum(excess - residents.sum(axis=1), 0)
    residents[:, STUDENT_HALL] = students
    people = geography.residents.sum()
    student = np.maximum(geography.age_share("18_24") - _USUAL_STUDENTS, 0)
    extra = max(0.0, HALL_RATE * people - students.sum())
    near = geography.residents * ~geography.rural * (student > _HALLS_FROM)
    halls = _share_out(extra, student * near)
    residents[:, STUDENT_HALL] += halls
    old = geography.age_share("75_89") + _OLDEST_WEIGHT * geography.age_share("90_on")
    weight = old * geography.residents
    residents[:, CARE_HOME] = _homes(CARE_HOME_RATE * people, CARE_HOME_SIZE, weight, chance)
    by_fifth = np.array(_HOSTELS_BY_FIFTH)[geography.quintile]
    poor = geography.residents * ~geography.rural * by_fifth
    residents[:, HOSTEL] = _homes(HOSTEL_RATE * people, HOSTEL_SIZE, poor, chance.stage("hostel"))
    residents[:, NO_FIXED_ABODE] = _share_out(NO_FIXED_ABODE_RATE * people, poor)
    return Communal(_within_reason(residents, geography))


def _prisoners(geography: Geography) -> Ints:
    """Put each prison where its authority has most people a household, students apart."""
    prisoners = np.zeros(len(geography.code), np.int64)
    names = geography.authorities["name"].to_pylist()
    beyond = geography.residents - _USUAL_MEAN * geography.households
    beyond[geography.age_share("18_24") > STUDENT_RATE] = -np.inf
    for name, count in PRISONERS.items():
        members = np.flatnonzero(geography.authority == names.index(name))
        prisoners[members[np.argmax(beyond[members])]] = count
    return prisoners


def _share_out(total: float, weight: Floats | Ints) -> Ints:
    """Share out people by weight, to whole numbers that add up."""
    edges = np.floor(np.cumsum(weight) / weight.sum() * total + 0.5)
    return np.diff(edges, prepend=0).astype(np.int64)


def _homes(total: float, size: float, weight: Floats, chance: Stream) -> Ints:
    """Give some neighbourhoods a home each, drawn by weight, with sizes that add up."""
    ids = np.arange(len(weight))
    rate = np.minimum(weight / weight.sum() * (total / size), _MOST_HOMES_RATE)
    has = chance.happens("home", ids, rate)
    sizes = has * (_HOME_LEAST + _HOME_SPREAD * chance.exponential("size", ids))
    return _share_out(total, sizes)


def _within_reason(residents: Ints, geography: Geography) -> Ints:
    """Leave every neighbourhood enough people for its households."""
    most = np.minimum(
        geography.residents * MOST_COMMUNAL,
        geography.residents - geography.households * SMALLEST_MEAN,
    )
    here = residents.sum(axis=1)
    factor = np.where(here > most, np.maximum(most, 0) / np.maximum(here, 1), 1.0)
    return np.asarray(np.floor(residents * factor[:, None]).astype(np.int64))
