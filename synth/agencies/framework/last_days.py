"""How people die: of what, where, and what hospital they came to before.

The register of deaths, the department and the ward all take it from here, so that a death in
hospital is one event to the three of them. People who are killed die otherwise (`violence`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import killed_in
from darkfigure.synth.agencies.framework.complaints import complaints
from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.agencies.framework.service_demand import NeedFactors
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.reference import load
from darkfigure.synth.setting.calendar import DAYS_A_YEAR
from darkfigure.synth.setting.hospitals import major_departments

LAST = 127  # number of a person's last attendance, which no other has; no rate
PLACES = ("home", "hospital", "care_home", "hospice", "other")
_HOME, _HOSPITAL, _CARE_HOME = 0, 1, 2
# Factor on the weight of hospital, so that half of all deaths are there. Source: ONS, 2022-23, .51
_HOSPITAL_FACTOR = 1.65
_CARE_HOME_YEARS = 55  # nobody younger dies in a care home; assumed
# Lowest age of each band of the table of causes, in years; no rate.
_AGES = (0, 1, 15, 35, 50, 65, 75, 85)
# COVID-19 deaths a month that the table's shares stand for. Source: 2022-23, Public Health Wales
_COVID, _COVID_A_MONTH = "U071", 79.0
_COVID_BEFORE, _COVID_AFTER = 0.0, 30.0  # a month outside the table; assumed
_LAST_STAY_DAYS = 9.0  # from the last admission to the death, mean; assumed
_BY_DEPARTMENT_RATE = 0.85  # of last admissions that are through a department; assumed
_IN_DEPARTMENT_RATE = 0.35  # deaths in the department, of those on the day of arrival; assumed


@dataclass(frozen=True)
class LastDays:
    """Deaths in Wales during the study; arrays have one entry per death.

    Parameters
    ----------
    row
        Row of the person in the block.
    cause
        Row of the table `death_causes`.
    place
        Index into `PLACES`.
    came_day
        Day of the last admission; -1 for deaths elsewhere than in hospital.
    complaint
        What the person was admitted with.
    by_department
        Whether through an emergency department.
    in_department
        Whether the person died there.
    attendance
        Id by which departments number the attendance, of those who come through one.
    site
        Index into `schema.SITES` of the hospital; -1 for deaths elsewhere.
    """

    row: Ints
    cause: Ints
    place: Ints
    came_day: Ints
    complaint: Ints
    by_department: Mask
    in_department: Mask
    attendance: Ints
    site: Ints

    def take(self, chosen: Mask) -> LastDays:
        """Take some of the deaths."""
        return LastDays(*(part[chosen] for part in vars(self).values()))

    @property
    def in_hospital(self) -> LastDays:
        """Those in hospital."""
        return self.take(self.came_day >= 0)


def last_days(context: RecordingContext, incidents: pa.Table) -> LastDays:
    """Draw how the people of a block die, but for those whom somebody kills.

    Parameters
    ----------
    context
        Recording context of the block.
    incidents
        All acts of violence against its people.
    """
    people, period, chance = context.people, context.period, context.chance.stage("last_days")
    died = people.death_day
    here = (died >= period.start) & (died < period.end) & (died <= people.gone_day)
    here[incidents["row"].to_numpy()[killed_in(incidents)]] = False
    row = np.flatnonzero(here)
    ids, day = people.person_id[row], died[row]
    age = (day - people.birth_day[row]) / DAYS_A_YEAR
    band = np.searchsorted(_AGES, age, side="right") - 1
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first = int(month.min()) if len(month) else 0
    weights = _causes(first, int(month.max()) + 1 if len(month) else 1)
    group = (people.sex[row] * len(_AGES) + band) * weights.shape[2] + month - first
    cause = chance.pick_by_group("cause", ids, weights.reshape(-1, weights.shape[-1]), group)
    place = chance.pick_by_group("place", ids, _places(), cause)
    place = np.where((place == _CARE_HOME) & (age < _CARE_HOME_YEARS), _HOME, place)
    complaint = _complaints()[cause]
    stay = (chance.exponential("last_stay", ids) * _LAST_STAY_DAYS).astype(np.int64)
    since = np.maximum(np.maximum(people.known_from[row] + 1, period.start), day - stay)
    place = np.where((place == _HOSPITAL) & ((complaint < 0) | (since > day)), _HOME, place)
    inside = place == _HOSPITAL
    by_department = inside & chance.happens("by_department", ids, _BY_DEPARTMENT_RATE)
    at_once = by_department & (since == day)
    attendance = (ids * (LAST + 1) + LAST) << 1 | 1
    site = major_departments(people.lsoa_on(row, since), attendance, context.chance)
    return LastDays(
        row=row,
        cause=cause,
        place=place,
        came_day=np.where(inside, since, -1),
        complaint=complaint,
        by_department=by_department,
        in_department=at_once & chance.happens("in_department", ids, _IN_DEPARTMENT_RATE),
        attendance=attendance,
        site=np.where(inside, site, -1),
    )


def before_the_last(context: RecordingContext, incidents: pa.Table) -> NeedFactors:
    """Take people's properties, gone once they lie where they will die; parameters as above."""
    people = NeedFactors.of(context.people)
    dying = last_days(context, incidents).in_hospital
    gone = people.gone_day.copy()
    gone[dying.row] = np.minimum(gone[dying.row], dying.came_day)
    return replace(people, gone_day=gone)


@cache
def _causes(first: int, end: int) -> Floats:
    """Give the weights of causes by sex, age and month, shape (2, bands, months, causes)."""
    table = load("death_causes")
    by_age = [[table[f"{sex}_{age}"].to_numpy() for age in _AGES] for sex in ("f", "m")]
    months = np.arange(first, end)
    season = np.array([table[f"month_{number % 12 + 1}"].to_numpy() for number in months], float)
    season[:, table["icd"].to_pylist().index(_COVID)] *= _covid(months) / _COVID_A_MONTH
    return np.array(by_age, float)[:, :, None, :] * season[None, None]


def _covid(months: Ints) -> Floats:
    """Give the deaths due to COVID-19 in each month since 1970."""
    table = load("covid_deaths")
    known = np.array(table["month"].to_pylist(), "datetime64[M]").astype(np.int64)
    deaths = table["deaths"].to_numpy().astype(float)
    return np.asarray(np.interp(months, known, deaths, left=_COVID_BEFORE, right=_COVID_AFTER))


@cache
def _places() -> Floats:
    table = load("death_causes")
    weights = np.array([table[name].to_numpy() for name in PLACES], float).T
    weights[:, _HOSPITAL] *= _HOSPITAL_FACTOR
    return np.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1)


@cache
def _complaints() -> Ints:
    """Give the complaint that goes before each cause; -1 for none."""
    names = complaints().names
    told = load("death_causes")["complaint"].to_pylist()
    return np.array([names.index(name) if name in names else -1 for name in told])
