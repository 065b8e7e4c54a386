"""Admissions that were planned: for what, when, and whether for the day alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.agencies.framework.complaints import age_bands, by_age
from darkfigure.synth.agencies.framework.service_demand import NeedFactors, Needs, occasions
from darkfigure.synth.agencies.hospital.principal import age_limits, of_all_ages
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.calendar import DAYS_A_YEAR, Period
from darkfigure.synth.setting.working_days import working_days_drawn

_TINY = 1e-12  # no rate
_MOST_PLANNED = 15  # planned admissions of one person in the study; assumed
# Share of Wales's people by band of age. Source: ONS, mid-2020 estimates, rounded
_PEOPLE = (0.052, 0.058, 0.071, 0.105, 0.123, 0.180, 0.203, 0.155, 0.053)
# Planned admissions are thinned by leaving out most day cases; assumed.
_DAY_CASE_WEIGHT = 0.35


@dataclass(frozen=True)
class Planned:
    """Planned admissions; arrays have one entry each."""

    row: Ints  # of the person
    ids: Ints  # below 2**31
    day: Ints
    diagnosis: Ints  # row of the table `hospital_diagnoses`
    day_case: Mask


def planned_admissions(
    people: NeedFactors, period: Period, needs: Needs, chance: Stream
) -> Planned:
    """Draw planned admissions by age and sex; theatres are closed at weekends and on holidays.

    Parameters
    ----------
    people
        Properties of the people.
    period
        Period of the study.
    needs
        Rates of the demand.
    chance
        The world's stream; draws are keyed by person.
    """
    chance = chance.stage("needs")
    weights = _weights()
    relative = weights.sum(axis=2) / (weights.sum(axis=2).mean(axis=0) @ np.array(_PEOPLE))
    everybody = np.full(len(people.ids), (period.start + period.end) // 2)
    own = relative[people.sex, age_bands(people.birth_day, everybody)]
    mean = needs.planned_admissions_a_year * period.years * own
    row, turn = occasions(chance.poisson("planned", people.ids, mean, most=_MOST_PLANNED))
    ids = people.ids[row] * (_MOST_PLANNED + 1) + turn
    day = working_days_drawn(period, chance.uniform("planned_day", ids))
    there = people.there(row, day)
    row, ids, day = row[there], ids[there], day[there]
    band = age_bands(people.birth_day[row], day)
    group = people.sex[row] * weights.shape[1] + band
    flat = weights.reshape(-1, weights.shape[2])
    drawn = chance.pick_by_group("planned_for", ids, flat, group)
    least, most = age_limits()
    age = (day - people.birth_day[row]) / DAYS_A_YEAR
    fits = (age >= least[drawn]) & (age < most[drawn] + 1)
    at_any_age = flat * of_all_ages()
    drawn = np.where(fits, drawn, chance.pick_by_group("planned_else", ids, at_any_age, group))
    table = load("hospital_diagnoses")
    share = table["day_case"].to_numpy() * _DAY_CASE_WEIGHT
    share = share / np.maximum(share + table["inpatient"].to_numpy(), _TINY)
    return Planned(row, ids, day, drawn, chance.happens("day_case", ids, share[drawn]))


@cache
def _weights() -> Floats:
    """Give the weights of diagnoses by sex and age, shape (2, bands, diagnoses)."""
    table = load("hospital_diagnoses")
    planned = table["inpatient"].to_numpy() + table["day_case"].to_numpy() * _DAY_CASE_WEIGHT
    return np.asarray(by_age("hospital_diagnoses") * planned)
