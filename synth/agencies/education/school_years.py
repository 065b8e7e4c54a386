"""School years of pupils: missed sessions, and exclusions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.education.pupils import FSM_SHARE, Pupil, year_group
from darkfigure.synth.agencies.education.tables import (
    ACADEMIC_YEAR,
    ATTENDANCE,
    EXCLUSION,
    EXCLUSIONS,
    YEAR_GROUP,
)
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Tables,
    about_incidents,
    add,
    days,
)
from darkfigure.synth.agencies.framework.service_demand import occasions
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.reference import load
from darkfigure.synth.reference.coding import draw_codes
from darkfigure.synth.schema import coded
from darkfigure.synth.setting.calendar import Period
from darkfigure.synth.setting.working_days import school_days_drawn

if TYPE_CHECKING:
    from darkfigure.synth.agencies.education.records import Education


_SESSIONS = 380  # half days of a school year of 190 days. Source: well known
_YEAR_BEGINS, _YEAR_ENDS = "09-01", "07-21"
# Absence of pupils with free meals against the mean: 20.6 % to 12.5 % in secondary schools.
# Source: Welsh Government, 2022-23
_FSM_ABSENCE = 1.648
_ABSENCE_SD_LOG = 0.75  # spread of pupils' own absence; assumed
_UNAUTHORISED_SHARE = 0.32  # of absence; twice as much with free meals, assumed
_MOST_EXCLUSIONS = 15  # of one pupil in the study; assumed
# Exclusions with free meals, additional needs, and of boys, against others: together they give
# assumed ratios of 3.5, 4 and 2.
_FSM_EXCLUDED, _ALN_EXCLUDED, _BOY_EXCLUDED = 3.1, 3.7, 2.0
_LONG_SESSIONS, _SHORT_SESSIONS = (11, 60), (1, 10)
_MOST_ABSENCE = 0.95  # share of a year that a pupil misses at most; assumed
_ALN_SHARE = 0.13  # of pupils with additional needs, more of whom have free meals; assumed


@dataclass(frozen=True)
class Excluded:
    """Exclusions for an assault, in order of the pupil's census index."""

    person: Ints
    incident: Ints
    day: Ints


def write_attendance(
    pupils: Pupil, number: pa.Array, period: Period, chance: Stream, out: Tables
) -> None:
    """Write each pupil's attendance in every school year of the study.

    Parameters
    ----------
    pupils
        Pupils of a block.
    number
        Number of each pupil's entry in the census.
    period
        Period of the study.
    chance
        Stream of the schools; draws are keyed by pupil and year.
    out
        Receives the table.
    """
    table, years = load("school_years"), _years(period)
    rate = table["absence_rate"].to_numpy()
    own = np.exp(
        _ABSENCE_SD_LOG * chance.normal("absence", pupils.person_id) - _ABSENCE_SD_LOG**2 / 2
    )
    rest = (1 - FSM_SHARE * _FSM_ABSENCE) / (1 - FSM_SHARE)
    own *= np.where(pupils.fsm, _FSM_ABSENCE, rest)
    for year, (first, last) in years.items():
        group = year_group(pupils.birth_day, first)
        here = pupils.came_day < min(last, period.end)
        there = np.flatnonzero((group >= 0) & (group < len(YEAR_GROUP)) & here)
        since = np.maximum(pupils.came_day[there], max(first, period.start))
        inside = np.maximum(min(last, period.end) - since, 0)
        possible = np.round(_SESSIONS * inside / (last - first)).astype(np.int64)
        share = np.minimum(rate[group[there]] * own[there], _MOST_ABSENCE)
        ids = pupils.person_id[there]
        missed = np.floor(share * possible + chance.uniform(f"missed_{year}", ids))
        mean = _UNAUTHORISED_SHARE * np.where(pupils.fsm[there], 2, 1)
        without = np.floor(missed * np.minimum(mean, 1) * chance.uniform(f"leave_{year}", ids) * 2)
        without = np.minimum(without, missed)
        attendance = pa.table(
            {
                "pupil_no": number.take(pa.array(there)),
                "academic_year": coded(
                    np.full(len(there), list(ACADEMIC_YEAR).index(year)), ACADEMIC_YEAR
                ),
                "year_group": coded(group[there], YEAR_GROUP),
                "sessions_possible": possible,
                "sessions_authorised": (missed - without).astype(np.int64),
                "sessions_unauthorised": without.astype(np.int64),
            }
        )
        add(out, ATTENDANCE, attendance)


def _years(period: Period) -> dict[str, tuple[int, int]]:
    """Give first and last day of the school years that touch the study."""
    years = {}
    for label in ACADEMIC_YEAR:
        begun = int(label[:4])
        first, last = (
            int(np.datetime64(f"{year}-{day}").astype(np.int64))
            for year, day in ((begun, _YEAR_BEGINS), (begun + 1, _YEAR_ENDS))
        )
        if last > period.start and first < period.end:
            years[label] = (first, last)
    return years


def write_exclusions(
    pupils: Pupil,
    number: pa.Array,
    assaults: Excluded,
    how: tuple[RecordingContext, Education],
    out: Tables,
) -> None:
    """Write exclusions: for assaults that the school knows of, and all others.

    Parameters
    ----------
    pupils
        Pupils of a block.
    number
        Number of each pupil's entry in the census.
    assaults
        Exclusions for assaults, of all blocks.
    how
        Recording context of the block, and record keeping of the schools.
    out
        Receives the table.
    """
    context, spec = how
    chance = context.chance.stage("education")
    mine = np.flatnonzero(np.isin(assaults.person, pupils.person))
    own = np.searchsorted(pupils.person, assaults.person[mine])
    other, day, ids = _other_exclusions(pupils, context.period, spec, chance)
    at = np.append(own, other)
    ids = np.append(assaults.incident[mine] << 1, ids << 1 | 1)
    day = np.append(assaults.day[mine], day)
    total = (
        spec.exclusions_per_1000
        + spec.long_exclusions_per_1000
        + spec.permanent_exclusions_per_1000
    )
    kind = chance.uniform("length", ids) * max(total, 1e-9)
    long = kind >= spec.exclusions_per_1000
    permanent = kind >= spec.exclusions_per_1000 + spec.long_exclusions_per_1000
    short = _SHORT_SESSIONS[0] + chance.below("short", ids, np.diff(_SHORT_SESSIONS)[0] + 1)
    longer = _LONG_SESSIONS[0] + chance.below("long", ids, np.diff(_LONG_SESSIONS)[0] + 1)
    drawn = draw_codes("reason", ids, "exclusion_reasons", "share", of=None, chance=chance)
    assault = drawn.dictionary.index("PA").as_py()
    reason = np.where(np.arange(len(ids)) < len(mine), assault, drawn.indices.to_numpy())
    key = scrambled("exclusion", ids, prefix="EX", digits=12, chance=chance)
    table = pa.table(
        {
            "exclusion_no": key,
            "pupil_no": number.take(pa.array(at)),
            "started_on": days(day),
            "category": coded(permanent.astype(np.int64), EXCLUSION),
            "reason": coded(reason, drawn.dictionary.to_pylist()),
            "sessions": pa.array(np.where(long, longer, short), mask=permanent),
        }
    )
    add(out, EXCLUSIONS, table)
    incident = np.append(assaults.incident[mine], np.full(len(other), -1))
    about_incidents(EXCLUSIONS, key, incident, out)


def _other_exclusions(
    pupils: Pupil, period: Period, spec: Education, chance: Stream
) -> tuple[Ints, Ints, Ints]:
    """Draw exclusions that are not about a known assault: pupils, days and ids."""
    factor = np.where(pupils.fsm, _FSM_EXCLUDED, 1.0) * np.where(pupils.aln, _ALN_EXCLUDED, 1.0)
    factor *= np.where(pupils.male, _BOY_EXCLUDED, 1.0)
    mean = (1 + FSM_SHARE * (_FSM_EXCLUDED - 1)) * (1 + _BOY_EXCLUDED) / 2
    mean *= 1 + _ALN_SHARE * (_ALN_EXCLUDED - 1)
    total = (
        spec.exclusions_per_1000
        + spec.long_exclusions_per_1000
        + spec.permanent_exclusions_per_1000
    )
    middle = (period.start + period.end) // 2
    by_year = load("school_years")["exclusion_factor"].to_numpy()
    by_year = by_year / by_year.mean()
    group = np.clip(year_group(pupils.birth_day, middle), 0, len(by_year) - 1)
    factor *= by_year[group]
    rate = total / 1_000 * period.years * factor / mean
    owner, turn = occasions(
        chance.poisson("exclusions", pupils.person_id, rate, most=_MOST_EXCLUSIONS)
    )
    ids = pupils.person_id[owner] * (_MOST_EXCLUSIONS + 1) + turn
    day = school_days_drawn(period, chance.uniform("excluded_on", ids))
    group = year_group(pupils.birth_day[owner], day)
    there = (day >= pupils.came_day[owner]) & (group >= 0) & (group < len(YEAR_GROUP))
    return owner[there], day[there], ids[there]
