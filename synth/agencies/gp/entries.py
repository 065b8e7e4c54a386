"""Entries of practices that are not about violence: ailments, screening, long-term conditions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.agencies.framework.complaints import AGES, SEASON_OF, age_bands, by_age
from darkfigure.synth.agencies.framework.conditions import has_condition
from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.agencies.framework.service_demand import occasions
from darkfigure.synth.agencies.gp.tables import READ_CODES
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.reference import load
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.setting.working_days import working_days_drawn

_MOST_ENTRIES = 63  # other entries about a patient in the study; assumed
# Entries of men against the mean of all by band of age, and women's against men's. Assumed, after
# consultation rates by age
_MEN, _WOMEN_FACTOR = (1.25, 0.65, 0.5, 0.55, 0.7, 0.95, 1.3, 1.9, 2.5), 1.3
_LEVEL = 0.83  # factor on both, so that the mean over Wales is 1; no rate
_FREQUENT_SD_LOG = 0.7  # spread of a person's own rate; assumed
_REVIEW_RATE = 0.45  # of entries of patients with a long-term condition; assumed
_SEASONS = ("winter", "spring", "summer", "autumn")
_WEEKDAYS = (0.235, 0.21, 0.195, 0.185, 0.168)  # consultations by weekday; assumed


@dataclass(frozen=True)
class Entries:
    """Entries; arrays have one each."""

    ids: Ints
    row: Ints  # of the person
    day: Ints
    code: Ints  # index into `READ_CODES`


def other_entries(context: RecordingContext, registered: Ints, rate: float) -> Entries:
    """Draw the entries of registered people, on days on which practices are open.

    Parameters
    ----------
    context
        Recording context of the block.
    registered
        Rows of registered people.
    rate
        Entries a person and year, mean.
    """
    period, people, chance = context.period, context.people, context.chance.stage("gp")
    who = people.person_id[registered]
    middle = np.full(len(who), (period.start + period.end) // 2)
    band = age_bands(people.birth_day[registered], middle)
    level = np.array(_MEN)[band] * np.where(people.sex[registered] == 0, _WOMEN_FACTOR, 1) * _LEVEL
    own = np.exp(_FREQUENT_SD_LOG * chance.normal("frequent", who) - _FREQUENT_SD_LOG**2 / 2)
    mean = rate * period.years * level * own
    owner, turn = occasions(chance.poisson("entries", who, mean, most=_MOST_ENTRIES))
    row = registered[owner]
    ids = people.person_id[row] * (_MOST_ENTRIES + 1) + turn
    day = working_days_drawn(period, chance.uniform("entry_day", ids), _WEEKDAYS)
    there = people.lives_there(row, day)
    row, ids, day = row[there], ids[there], day[there]
    return Entries(ids, row, day, _codes(context, row, ids, day))


def _codes(context: RecordingContext, row: Ints, ids: Ints, day: Ints) -> Ints:
    """Draw what each entry is about: one of the patient's own conditions, or something new."""
    people, chance = context.people, context.chance.stage("gp")
    band = age_bands(people.birth_day[row], day)
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    group = (people.sex[row] * len(AGES) + band) * len(SEASON_OF) + month
    codes = _numbers("gp_entries")[chance.pick_by_group("entry_about", ids, _weights(), group)]
    has = has_condition(
        people.sex[row], people.birth_day[row], people.person_id[row], day, context.chance
    )
    reviewed = has.any(axis=1) & chance.happens("review", ids, _REVIEW_RATE)
    which = chance.pick_by_row("which_condition", ids[reviewed], has[reviewed].astype(float))
    codes[reviewed] = _numbers("conditions")[which]
    return np.asarray(codes)


@cache
def _weights() -> Floats:
    """Give the weights of entries by sex, age and month, shape (groups, entries)."""
    table = load("gp_entries")
    seasons = np.array([table[name].to_numpy() for name in _SEASONS])[list(SEASON_OF)]
    weights = by_age("gp_entries")[:, :, None, :] * seasons[None, None]
    return np.asarray(weights.reshape(-1, len(table)))


@cache
def _numbers(table: str) -> Ints:
    """Give the place in `READ_CODES` of each row of a table."""
    known = list(READ_CODES)
    return np.array([known.index(code) for code in meanings(table)])
