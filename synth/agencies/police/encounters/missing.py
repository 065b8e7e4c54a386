"""Missing people: children from care most often, other children, adults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.framework.care_episodes import LOOKED_AFTER, care_episodes
from darkfigure.synth.agencies.framework.service_demand import NeedFactors, Needs, occasions
from darkfigure.synth.agencies.police.encounters.codes import (
    MISSING_FROM,
    MISSING_RISK,
    REPORTED_BY,
)
from darkfigure.synth.agencies.police.encounters.spec import Missing
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.calendar import (
    DAY_S,
    DAYS_A_YEAR,
    HOUR_S,
    Period,
    hours_drawn,
    whole_years,
)
from darkfigure.synth.setting.working_days import school_day, working_day
from darkfigure.synth.violence.proneness import proneness

_MOST = 63  # of one person in the study, in care and out of it; assumed
_YOUNGEST, _ADULT_YEARS = 8, 18  # years; the youngest reported missing, assumed; of majority
# Rates by age, from each age on, against those of the group; assumed.
_CARE_AGES, _IN_CARE = (0, 8, 11, 13, 15), (0.0, 0.2, 1.0, 2.2, 3.4)
_CHILD_AGES, _OUT_OF_CARE = (0, 8, 11, 13, 15), (0.0, 0.15, 0.6, 1.4, 2.0)
_ADULT_AGES, _OF_ADULTS = (0, 18, 25, 45, 65, 80), (0.0, 1.5, 1.2, 0.8, 0.6, 1.1)
_IN_CARE_GROUP, _CHILD, _ADULT = range(3)
# Shares by MISSING_FROM, REPORTED_BY, MISSING_RISK and FOUND_HOW: from care, other children,
# adults. Assumed; in 2020-21 to 2022-23 most reports were graded as medium.
_FROM = np.array(
    [[0.0, 0.92, 0.01, 0.0, 0.07], [0.9, 0.0, 0.02, 0.0, 0.08], [0.62, 0.0, 0.26, 0.0, 0.12]]
)
_BY = np.array([[0.04, 0.86, 0.07, 0.03], [0.86, 0.02, 0.08, 0.04], [0.52, 0.03, 0.32, 0.13]])
_RISK = np.array([[0.04, 0.14, 0.7, 0.12], [0.02, 0.12, 0.71, 0.15], [0.02, 0.14, 0.6, 0.24]])
_HOW = np.array([[0.5, 0.27, 0.15, 0.08], [0.42, 0.26, 0.24, 0.08], [0.32, 0.3, 0.22, 0.16]])
_MEDIUM, _SMALL_YEARS = list(MISSING_RISK).index("medium"), 13  # least for younger ones; assumed
# Whence while schools teach, from eight to four; assumed.
_FROM_IN_LESSONS = np.array(
    [[0.0, 0.5, 0.01, 0.42, 0.07], [0.44, 0.0, 0.02, 0.46, 0.08], [0.62, 0.0, 0.26, 0.0, 0.12]]
)
_LESSON_HOURS = (8, 16)  # assumed
# Hospitals and schools report themselves whom they miss, in so many cases; assumed.
_STAFFED = [list(MISSING_FROM).index(name) for name in ("hospital", "school")]
_STAFF_RATE = 0.85  # assumed
_REPORT_HOURS = np.array([1.5, 4.0, 6.0])  # from last seen to the report, mean; assumed
# From the report until found: medians in hours, spread of the logarithm, so that four in five are
# found within a day. Source of that share: well known, UK Missing Persons Unit; the rest assumed.
_FOUND_HOURS, _FOUND_SD = np.array([5.5, 4.0, 6.0]), 1.65
_LATER = 1 << 20  # day after every study; no rate
_INTERVIEW_DAYS = 4  # within so many days of the return; assumed
_HOUR_PROFILES = np.array(["missing_child", "missing_child", "missing_adult"])


@dataclass(frozen=True)
class MissingReports:
    """Reports of missing people; arrays have one entry per report."""

    row: Ints
    ids: Ints
    seen_s: Ints
    reported_s: Ints
    found_s: Ints  # may lie beyond the study
    whence: Ints  # index into MISSING_FROM
    by: Ints  # index into REPORTED_BY
    risk: Ints  # index into MISSING_RISK
    how: Ints  # index into FOUND_HOW
    in_care: Mask
    told_in_care: Mask
    interviewed_on: Ints  # day, -1 for none


def missing_reports(
    people: NeedFactors, period: Period, needs: Needs, spec: Missing, chance: Stream
) -> MissingReports:
    """Draw the reports on a block's people.

    Parameters
    ----------
    people
        Properties of the people.
    period
        Period of the study.
    needs
        Rates of children's care.
    spec
        Rates of reports.
    chance
        The world's stream; draws are keyed by person.
    """
    own = chance.stage("police").stage("missing")
    row, ids, seen, group = _times_missing(people, period, needs, spec, chance)
    hours = _REPORT_HOURS[group] * own.exponential("reported", ids)
    reported = seen + (hours * HOUR_S).astype(np.int64)
    hours = _FOUND_HOURS[group] * np.exp(_FOUND_SD * own.normal("found", ids))
    found = reported + (hours * HOUR_S).astype(np.int64) + HOUR_S // 2
    # Whoever is reported is alive and in Wales until found.
    kept = np.flatnonzero(people.there(row, found // DAY_S + 1) & (reported < period.end_s))
    row, ids, seen, group = (part[kept] for part in (row, ids, seen, group))
    reported, found, in_care = reported[kept], found[kept], group == _IN_CARE_GROUP
    spoken = (group != _ADULT) & own.happens("interviewed", ids, spec.interviewed_rate)
    interview = working_day(found // DAY_S + own.below("interview", ids, _INTERVIEW_DAYS))
    grown = whole_years(people.birth_day[row], interview) >= _ADULT_YEARS
    spoken &= (interview < period.end) & ~grown
    whence = own.pick_by_group(
        "whence", ids, np.vstack([_FROM, _FROM_IN_LESSONS]), group + len(_FROM) * _in_lessons(seen)
    )
    by = own.pick_by_group("by", ids, _BY, group)
    small = whole_years(people.birth_day[row], seen // DAY_S) < _SMALL_YEARS
    risk = own.pick_by_group("risk", ids, _RISK, group)
    staffed = np.isin(whence, _STAFFED) & own.happens("staff", ids, _STAFF_RATE)
    return MissingReports(
        row=row,
        ids=ids,
        seen_s=seen,
        reported_s=reported,
        found_s=found,
        whence=whence,
        by=np.where(staffed, list(REPORTED_BY).index("staff"), by),
        risk=np.where(small, np.maximum(risk, _MEDIUM), risk),
        how=own.pick_by_group("how", ids, _HOW, group),
        in_care=in_care,
        told_in_care=in_care & own.happens("told", ids, spec.told_looked_after_rate),
        interviewed_on=np.where(spoken, interview, -1),
    )


def _in_lessons(seconds: Ints) -> Mask:
    """Tell at which times schools teach."""
    first, end = _LESSON_HOURS
    day, hour = seconds // DAY_S, seconds % DAY_S // HOUR_S
    return np.asarray((school_day(day) == day) & (hour >= first) & (hour < end))


def _times_missing(
    people: NeedFactors, period: Period, needs: Needs, spec: Missing, chance: Stream
) -> tuple[Ints, Ints, Ints, Ints]:
    """Draw who is missing when: in care as long as they are, otherwise as children or adults."""
    own = chance.stage("police").stage("missing")
    care = care_episodes(people, period, needs, chance)
    care = care.at(care.kind == LOOKED_AFTER)
    prone = proneness(people.ids, people.family, chance)
    child = np.unique(care.row)
    everybody = np.arange(len(people.ids))
    parts = [
        _drawn(people, rows, (group, rate), _factors(group, prone, spec), period, own)
        for group, rows, rate in (
            (_IN_CARE_GROUP, child, spec.looked_after_a_year),
            (_CHILD, everybody, spec.child_a_year),
            (_ADULT, everybody, spec.adult_a_year),
        )
    ]
    row, ids, seen, group = (np.concatenate(part) for part in zip(*parts, strict=True))
    day = seen // DAY_S
    inside = _inside(care.row, care.start, care.end, row, day)
    kept = inside == (group == _IN_CARE_GROUP)
    return row[kept], ids[kept], seen[kept], group[kept]


def _drawn(
    people: NeedFactors,
    rows: Ints,
    rates: tuple[int, float],
    factor: Floats,
    period: Period,
    own: Stream,
) -> tuple[Ints, Ints, Ints, Ints]:
    """Draw the times at which people of a group were last seen, thinned by age.

    `rates` are the group and the mean rate of its people.
    """
    group, rate = rates
    ages, factors = _BY_AGE[group]
    young = (period.end - people.birth_day[rows]) / DAYS_A_YEAR
    old = (period.start - people.birth_day[rows]) / DAYS_A_YEAR
    able = (young >= ages[1]) & ((group == _ADULT) | (old < _ADULT_YEARS))
    mean = np.where(able, rate * max(factors) * period.years * factor[rows], 0.0)
    at, turn = occasions(own.poisson(f"missing_{group}", people.ids[rows], mean, most=_MOST))
    row = rows[at]
    ids = (people.ids[row] * (_MOST + 1) + turn) * len(_BY_AGE) + group
    seen = hours_drawn(period, np.full(len(ids), _HOUR_PROFILES[group]), ids, own)
    age = whole_years(people.birth_day[row], seen // DAY_S)
    grown = (age >= _ADULT_YEARS) == (group == _ADULT)
    share = np.array(factors)[np.searchsorted(ages, np.maximum(age, 0), side="right") - 1]
    kept = grown & people.there(row, seen // DAY_S)
    kept &= own.happens("at_this_age", ids, share / max(factors))
    return row[kept], ids[kept], seen[kept], np.full(int(kept.sum()), group)


def _factors(group: int, prone: Floats, spec: Missing) -> Floats:
    """Give people's rates against their group's mean, by proneness."""
    spread = spec.spread_looked_after if group == _IN_CARE_GROUP else spec.spread
    return np.asarray(np.exp(spread * prone - spread**2 / 2))


_BY_AGE = ((_CARE_AGES, _IN_CARE), (_CHILD_AGES, _OUT_OF_CARE), (_ADULT_AGES, _OF_ADULTS))


def _inside(care_row: Ints, start: Ints, end: Ints, row: Ints, day: Ints) -> Mask:
    """Tell which days lie within an episode of care of the same child; episodes do not overlap."""
    order = np.lexsort((start, care_row))
    begins = (care_row * _LATER + start)[order]
    last = np.searchsorted(begins, row * _LATER + day, side="right") - 1
    if not len(order):
        return np.zeros(len(row), bool)
    at = order[np.maximum(last, 0)]
    return np.asarray((last >= 0) & (care_row[at] == row) & (day < end[at]))
