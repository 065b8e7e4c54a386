"""Everybody whom departments see, and how it goes for them: the same to ward, crew and clerk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.ed.tables import ED_DISPOSAL
from darkfigure.synth.agencies.framework.agency import SampleBlock, killed_in
from darkfigure.synth.agencies.framework.attendances import ADMISSION_ODDS, attendances
from darkfigure.synth.agencies.framework.complaints import complaints, draw_detail
from darkfigure.synth.agencies.framework.last_days import (
    LAST,
    LastDays,
    before_the_last,
    last_days,
)
from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.agencies.framework.service_demand import (
    ILLNESS,
    SELF_HARM,
    TRAFFIC,
    NeedFactors,
    Needs,
)
from darkfigure.synth.agencies.framework.sites import in_wales, whence
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.reference.coding import meanings, shares
from darkfigure.synth.schema import SEVERITY, WEAPON, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S, MINUTE_S
from darkfigure.synth.setting.hospitals import departments, when_open

ASSAULT = 5  # a reason besides those of `service_demand`
HOURS_A_DAY = 24  # no rate
_DISPOSALS = list(ED_DISPOSAL)
ADMITTED, TRANSFERRED, LEFT, DIED = (
    _DISPOSALS.index(name) for name in ("admitted", "transferred", "left", "died")
)
# Median minutes in the department by triage category, of those who go home and of those who are
# admitted, and the spread of the logarithm. Assumed; median of all 161 minutes. Source of that:
# Welsh Government, NHS activity, March 2023
_STAY_MINUTES = np.array([[150, 235, 245, 170, 150], [300, 440, 520, 500, 480]])
_STAY_SD_LOG = np.array([0.72, 0.85])
_MOST_DAYS = np.array([1, 3])  # in the department, likewise; assumed
_STAY_AGES, _STAY_BY_AGE = (0, 16, 65, 85), (0.75, 0.95, 1.3, 1.6)  # factor on them; assumed
# Share who leave before they are treated by triage category, with factors for night and age.
# Assumed; 6.5 % of all in 2022-23
_LEFT_RATE = np.array([0.0, 0.008, 0.045, 0.085, 0.13])
_LEFT_AT_NIGHT, _LEFT_AGES, _LEFT_BY_AGE = 1.6, (0, 16, 25, 35, 65), (0.6, 1.4, 1.5, 1.0, 0.45)
_NIGHT_UNTIL = 6  # hour of the day; assumed
_TRANSFERRED_RATE = 0.012  # of patients not admitted; assumed
_LAST_HOURS = (1, 20)  # of the day, between which those arrive who will die in hospital; assumed
_APART_S = 6 * HOUR_S  # least time between two attendances of a person; assumed
_NEEDS_MAJOR = 2  # triage categories that units for minor injuries do not treat; assumed


@dataclass(frozen=True)
class Seen:
    """Everybody seen in the departments, assaults first; one entry per attendance.

    Parameters
    ----------
    incidents
        The acts of violence of the assaults.
    ids
        Ids of the attendances, by which they are numbered.
    row
        Row of the person in the block.
    site
        Index into `schema.SITES`; some are in England.
    arrived_s, left_s
        When the attendance begins and ends, seconds since 1970-01-01.
    reason
        As in `service_demand`, or `ASSAULT`.
    complaint
        Index into `complaints().names`.
    triage
        0 for the most urgent.
    mechanism
        Of an injury, index into the department's list; -1 for none.
    mode
        Way of arrival, index into the department's list.
    disposal
        Index into `ED_DISPOSAL`.
    """

    incidents: pa.Table
    ids: Ints
    row: Ints
    site: Ints
    arrived_s: Ints
    left_s: Ints
    reason: Ints
    complaint: Ints
    triage: Ints
    mechanism: Ints
    mode: Ints
    disposal: Ints

    def of_assaults(self, values: Ints, other: int = -1) -> Ints:
        """Extend values of the assaults by one for all other attendances."""
        return np.append(values, np.full(len(self.ids) - len(values), other))

    def in_wales(self) -> Seen:
        """Leave out who goes to a department in England, whose records Wales does not have."""
        here = in_wales(self.site)
        arrays = {name: values[here] for name, values in vars(self).items() if name != "incidents"}
        return Seen(self.incidents.filter(pa.array(here[: self.incidents.num_rows])), **arrays)

    @property
    def last_of_life(self) -> Mask:
        """Whether the patient will die in the hospital, but for those who were assaulted."""
        number = (self.ids >> 1) % (LAST + 1)
        return np.asarray((self.reason != ASSAULT) & (number == LAST))

    def by_ambulance(self) -> Ints:
        """Give the attendances that came by ambulance."""
        return np.flatnonzero(self.mode == _by_ambulance())


def seen_in_departments(block: SampleBlock, needs: Needs) -> Seen:
    """Find everybody of a block whom departments see; worked out once for all agencies.

    Parameters
    ----------
    block
        The block, with all acts of violence against its people.
    needs
        Demand for other reasons, the same for all agencies of a world.
    """
    if "seen" not in block.worked_out:
        block.worked_out["seen"] = _seen(block.context, block.incidents, needs)
    seen: Seen = block.worked_out["seen"]
    return seen


def _seen(context: RecordingContext, incidents: pa.Table, needs: Needs) -> Seen:
    dying = last_days(context, incidents).in_hospital
    dying = dying.take(dying.by_department)
    own = incidents.filter(pc.or_(incidents["ed_attended"], incidents["ed_england"]))
    chance = context.chance.stage("ed")
    assaults = _assaulted(own, chance)
    others = _others(context, before_the_last(context, incidents), needs)
    parts = [assaults, others, _last(context, dying)]
    came = _Came(*(np.concatenate(part) for part in zip(*map(_columns, parts), strict=True)))
    came = _one_at_a_time(came)
    return _gone_through(context, own, came)


@dataclass(frozen=True)
class _Came:
    """People as they come through the door; the outcome is -1 where it is still open."""

    ids: Ints
    row: Ints
    arrived_s: Ints
    reason: Ints
    complaint: Ints
    triage: Ints
    fetched: Mask
    disposal: Ints


def _columns(came: _Came) -> tuple[np.ndarray, ...]:
    return tuple(vars(came).values())


def _assaulted(incidents: pa.Table, chance: Stream) -> _Came:
    ids = incidents["incident_id"].to_numpy() << 1
    complaint = _assault_complaints(incidents, ids, chance)
    admitted = incidents["admitted"].to_numpy(zero_copy_only=False)
    known = complaints()
    # Who is admitted was the more urgent.
    urgency = np.array([known.urgency, known.urgency * ADMISSION_ODDS])
    triage = chance.pick_by_group(
        "triage",
        ids,
        urgency.reshape(-1, len(ADMISSION_ODDS)),
        admitted * len(known.names) + complaint,
    )
    disposal = np.where(admitted, ADMITTED, -1)
    return _Came(
        ids=ids,
        row=incidents["row"].to_numpy(),
        arrived_s=incidents["ed_s"].to_numpy(),
        reason=np.full(len(ids), ASSAULT),
        complaint=complaint,
        triage=triage,
        fetched=incidents["ambulance"].to_numpy(zero_copy_only=False),
        disposal=np.where(killed_in(incidents) & ~admitted, DIED, disposal),
    )


def _assault_complaints(incidents: pa.Table, ids: Ints, chance: Stream) -> Ints:
    """Draw what each assault did, by its severity and weapon."""
    severity = codes_of(incidents["severity"], SEVERITY)
    sharp = np.isin(codes_of(incidents["weapon"], WEAPON), _sharp())
    group = severity * 2 + sharp
    return chance.pick_by_group("assault_complaint", ids, _assault_weights(), group)


@cache
def _sharp() -> tuple[int, ...]:
    return tuple(list(WEAPON).index(name) for name in ("sharp", "glass"))


@cache
def _assault_weights() -> Floats:
    """Give the weights of complaints by severity and sharp weapon."""
    names, grades = complaints().names, list(SEVERITY)
    weights = np.zeros((len(grades), 2, len(names)))
    for row in load("assault_complaints").to_pylist():
        own = weights[grades.index(row["severity"]), int(row["weapon"] == "sharp")]
        own[names.index(row["complaint"])] = row["weight"]
    lacking = weights.sum(axis=2) == 0
    weights[:, 1][lacking[:, 1]] = weights[:, 0][lacking[:, 1]]
    minor = grades.index("minor")
    weights[grades.index("none")] = weights[minor, 0]
    return weights.reshape(-1, len(names))


def _one_at_a_time(came: _Came) -> _Came:
    """Leave out whoever is there already, or comes for something else hours before an assault."""
    order = np.lexsort((came.arrived_s, came.row))
    near = np.diff(came.arrived_s[order]) < _APART_S
    near &= np.diff(came.row[order]) == 0
    first, second = order[:-1][near], order[1:][near]
    kept = np.ones(len(came.ids), bool)
    kept[np.where(came.reason[second] == ASSAULT, first, second)] = False
    kept |= (came.reason == ASSAULT) | (came.disposal == DIED)
    return _Came(*(part[kept] for part in _columns(came)))


def _others(context: RecordingContext, people: NeedFactors, needs: Needs) -> _Came:
    other = attendances(people, context.period, needs, context.chance)
    ids, row = other.ids << 1 | 1, other.row
    home = context.people.lsoa_on(row, other.arrived_s // DAY_S)
    minor = _minor(other.complaint, other.triage, other.admitted | other.by_ambulance)
    comes_s = when_open(home, minor, other.arrived_s, ids, context.chance)
    # Nobody waits beyond the study, or who dies or leaves before.
    stays = comes_s < np.minimum(people.gone_day[row], context.period.end) * DAY_S
    return _Came(
        ids=ids,
        row=row,
        arrived_s=np.where(stays, comes_s, other.arrived_s),
        reason=other.reason,
        complaint=other.complaint,
        triage=other.triage,
        fetched=other.by_ambulance,
        disposal=np.where(other.admitted, ADMITTED, -1),
    )


def _last(context: RecordingContext, dying: LastDays) -> _Came:
    """Let those who will die in hospital come to a department before."""
    known, chance = complaints(), context.chance.stage("last_days")
    person_id = context.people.person_id[dying.row]
    first, end = _LAST_HOURS
    hour = first + (end - first) * chance.uniform("last_hour", person_id)
    urgency = known.urgency * ADMISSION_ODDS
    return _Came(
        ids=dying.attendance,
        row=dying.row,
        arrived_s=dying.came_day * DAY_S + (hour * HOUR_S).astype(np.int64),
        reason=known.reason[dying.complaint],
        complaint=dying.complaint,
        triage=chance.pick_by_group("last_triage", person_id, urgency, dying.complaint),
        fetched=np.ones(len(dying.row), bool),
        disposal=np.where(dying.in_department, DIED, ADMITTED),
    )


def _gone_through(context: RecordingContext, incidents: pa.Table, came: _Came) -> Seen:
    people, chance, ids = context.people, context.chance.stage("ed"), came.ids
    age = (came.arrived_s // DAY_S - people.birth_day[came.row]) / DAYS_A_YEAR
    disposal = _disposals(came, age, chance)
    minutes = _minutes(came, disposal, age, chance)
    minor = _minor(came.complaint, came.triage, came.fetched | np.isin(disposal, (DIED, ADMITTED)))
    home = whence(context, incidents, came.row, came.arrived_s // DAY_S)
    return Seen(
        incidents=incidents,
        ids=ids,
        row=came.row,
        site=departments(home, minor, came.arrived_s, ids, context.chance),
        arrived_s=came.arrived_s,
        left_s=came.arrived_s + (minutes * MINUTE_S).astype(np.int64),
        reason=came.reason,
        complaint=came.complaint,
        triage=came.triage,
        mechanism=_mechanisms(came, chance),
        mode=_modes(came, chance),
        disposal=disposal,
    )


def _minor(complaint: Ints, triage: Ints, grave: Mask) -> Mask:
    """Tell whom minor injury units can treat: no ambulance goes there, and nobody is admitted."""
    able = complaints().minor[complaint].astype(bool) & (triage >= _NEEDS_MAJOR)
    return np.asarray(able & ~grave)


def _disposals(came: _Came, age: Floats, chance: Stream) -> Ints:
    """Let some of those whose outcome is open leave, or be transferred."""
    night = came.arrived_s // HOUR_S % HOURS_A_DAY < _NIGHT_UNTIL
    rate = _LEFT_RATE[came.triage] * np.where(night, _LEFT_AT_NIGHT, 1.0)
    rate = rate * np.array(_LEFT_BY_AGE)[np.searchsorted(_LEFT_AGES, age, side="right") - 1]
    drawn = chance.uniform("left", came.ids)
    open_end = np.where(drawn < rate + _TRANSFERRED_RATE, TRANSFERRED, 0)
    open_end = np.where(drawn < rate, LEFT, open_end)
    return np.where(came.disposal >= 0, came.disposal, open_end)


def _minutes(came: _Came, disposal: Ints, age: Floats, chance: Stream) -> Floats:
    """Draw how long each attendance lasts."""
    stays = (disposal == ADMITTED).astype(np.int64)
    factor = np.interp(age, _STAY_AGES, _STAY_BY_AGE)
    spread = np.exp(_STAY_SD_LOG[stays] * chance.normal("stay", came.ids))
    most = _MOST_DAYS[stays] * DAY_S / MINUTE_S
    return np.asarray(np.minimum(_STAY_MINUTES[stays, came.triage] * factor * spread, most))


def _mechanisms(came: _Came, chance: Stream) -> Ints:
    """Draw how injuries came about, as the patients tell who were not assaulted."""
    codes = list(meanings("ed_codes", of="mechanism"))
    injured = ~np.isin(came.reason, (ILLNESS, SELF_HARM))
    drawn = draw_detail("mechanism", np.where(injured, came.complaint, -1), came.ids, chance)
    drawn = np.where(injured & (drawn < 0), codes.index("99"), drawn)
    return np.where(came.reason == TRAFFIC, codes.index("02"), drawn)


def _modes(came: _Came, chance: Stream) -> Ints:
    """Draw the way of arrival of those whom no ambulance fetched."""
    columns = ("assault", "accident", "illness")
    use = np.array([columns.index(name) for name in _COLUMN_OF])[came.reason]
    weights = np.array([shares("ed_codes", name, of="arrival_mode") for name in columns])
    weights[:, _by_ambulance()] = 0
    drawn = chance.pick_by_group("arrival_mode", came.ids, weights, use)
    return np.where(came.fetched, _by_ambulance(), drawn)


# Column of `ed_codes` by reason, in the order of `service_demand`, with assaults last.
_COLUMN_OF = ("illness", "accident", "accident", "accident", "illness", "assault")


@cache
def _by_ambulance() -> int:
    return list(meanings("ed_codes", of="arrival_mode")).index("01")
