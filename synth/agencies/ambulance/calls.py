"""Calls to the ambulance service: who is called for, why, when, and how it ends."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.ambulance.spec import AmbulanceService
from darkfigure.synth.agencies.ambulance.tables import STOP
from darkfigure.synth.agencies.ed.seen import ASSAULT, seen_in_departments
from darkfigure.synth.agencies.framework.agency import SampleBlock, killed_in
from darkfigure.synth.agencies.framework.service_demand import (
    ACCIDENT,
    ILLNESS,
    SELF_HARM,
    TRAFFIC,
    NeedFactors,
    Needs,
    occasions,
)
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, MINUTE_S, hours_drawn

CONVEYED, REFUSED, TREATED, REFERRED, POLICE, DEAD, NO_PATIENT, CANCELLED = range(len(STOP))
# Minutes from an act of violence to the call, median and spread; assumed.
_CALL_MINUTES, _CALL_SD_LOG = 9, 1.1
# How calls end without a journey, after violence and for other reasons, in the order of `STOP`;
# refusals to treatment at the scene as 24 to 14, police custody 5 of 100, assumed.
_ENDS_VIOLENCE = (0, 0.55, 0.29, 0.04, 0.12, 0, 0, 0)
_ENDS_OTHER = (0, 0.2, 0.45, 0.35, 0, 0, 0, 0)
_ENDS_HARMED = (0, 0.3, 0.2, 0.42, 0.08, 0, 0, 0)
# Reasons of calls that end without a journey, in the order of `service_demand`; assumed.
_REASONS = (0.68, 0.22, 0.02, 0.02, 0.06)
_MOST_CALLS = 31  # of one person in the study, without a journey; assumed
# Factors on such calls by age; assumed.
_AGES, _AGE_FACTORS = (0, 3, 10, 20, 50, 65, 80, 90), (0.7, 0.5, 0.3, 0.7, 0.7, 1.3, 3.2, 5.0)
# Ids of other calls without a journey are odd, as those of attendances are that follow from no act
# of violence, and lie above these.
_ABOVE_ATTENDANCES = 1 << 36
_HARMLESS_YEARS = 11  # a younger child neither poisons nor cuts itself on purpose; assumed


@dataclass(frozen=True)
class Calls:
    """Calls of a block; one entry each.

    Parameters
    ----------
    ids
        Ids by which the calls are numbered and drawn.
    row
        Row in the block of the person who is called for.
    incident
        Row of the act of violence among those of the block; -1 for none.
    reason
        As in `service_demand`, or `ASSAULT`.
    site
        Index into `schema.SITES`; -1 if nobody is taken to one.
    called_s
        When the call comes, seconds since 1970-01-01; -1 where it follows from the arrival.
    arrived_s, left_s
        When the attendance begins and ends; -1 for none.
    stop
        Index into `STOP`.
    """

    ids: Ints
    row: Ints
    incident: Ints
    reason: Ints
    site: Ints
    called_s: Ints
    arrived_s: Ints
    left_s: Ints
    stop: Ints

    @property
    def violent(self) -> Mask:
        """Whether an act of violence is the reason."""
        return self.reason == ASSAULT

    @property
    def has_patient(self) -> Mask:
        """Whether a crew saw a patient."""
        return self.stop < NO_PATIENT

    def of_incidents(self, values: Ints, other: int = -1) -> Ints:
        """Give each call the value of its act of violence, and calls without one another."""
        return np.append(values, other)[self.incident]


def gather_calls(block: SampleBlock, needs: Needs, spec: AmbulanceService) -> Calls:
    """Gather all calls for the people of a block.

    Parameters
    ----------
    block
        People of the block, and the acts of violence against them.
    needs
        Demand for other reasons than violence.
    spec
        The service's specification.
    """
    chance = block.context.chance.stage("ambulance")
    parts = (
        _conveyed(block, needs),
        _without_journey(block, chance),
        _fruitless(block, spec, chance),
        _other(block, spec, chance),
    )
    return Calls(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Calls))
    )


def _conveyed(block: SampleBlock, needs: Needs) -> Calls:
    came = seen_in_departments(block, needs)
    at, attended = came.by_ambulance(), np.flatnonzero(_attended(block.incidents))
    return Calls(
        ids=came.ids[at],
        row=came.row[at],
        incident=came.of_assaults(attended)[at],
        reason=came.reason[at],
        site=came.site[at],
        called_s=np.full(len(at), -1),
        arrived_s=came.arrived_s[at],
        left_s=came.left_s[at],
        stop=np.full(len(at), CONVEYED),
    )


def _flag(incidents: pa.Table, name: str) -> Mask:
    return np.asarray(incidents[name].to_numpy(zero_copy_only=False), bool)


def _attended(incidents: pa.Table) -> Mask:
    """Mark the acts whose victims came to a department, in Wales or in England."""
    return _flag(incidents, "ed_attended") | _flag(incidents, "ed_england")


def _without_journey(block: SampleBlock, chance: Stream) -> Calls:
    """Gather acts of violence to which an ambulance came, and whose victim it took nowhere."""
    fetched = _flag(block.incidents, "ambulance") & ~_attended(block.incidents)
    known = block.incidents["police_status"].cast(pa.string()).to_numpy(zero_copy_only=False)
    calls = _after_violence(block, np.flatnonzero(fetched), chance)
    stop = chance.pick("stop", calls.ids, _ENDS_VIOLENCE)
    stop = np.where(killed_in(block.incidents)[calls.incident], DEAD, stop)
    # Nobody is left with the police of whom they never heard.
    alone = (stop == POLICE) & (known[calls.incident] == "never_reported")
    return _ending(calls, np.where(alone, REFUSED, stop))


def _fruitless(block: SampleBlock, spec: AmbulanceService, chance: Stream) -> Calls:
    """Gather calls after violence that find no patient, or are cancelled."""
    hurt = block.incidents["injury"].cast(pa.string()).to_numpy(zero_copy_only=False) != "none"
    hurt &= ~_flag(block.incidents, "ambulance") & ~_attended(block.incidents)
    ids = block.incidents["incident_id"].to_numpy()
    called = hurt & chance.happens("fruitless", ids, spec.fruitless_rate)
    calls = _after_violence(block, np.flatnonzero(called), chance)
    cancelled = chance.happens("cancelled", calls.ids, spec.cancelled_share)
    return _ending(calls, np.where(cancelled, CANCELLED, NO_PATIENT))


def _after_violence(block: SampleBlock, rows: Ints, chance: Stream) -> Calls:
    acts = block.incidents.take(pa.array(rows))
    ids = acts["incident_id"].to_numpy() << 1
    minutes = _CALL_MINUTES * np.exp(_CALL_SD_LOG * chance.normal("call", ids))
    called = acts["occurred_s"].to_numpy() + (minutes * MINUTE_S).astype(np.int64)
    return _at_scene(ids, acts["row"].to_numpy(), rows, np.full(len(ids), ASSAULT), called)


def _other(block: SampleBlock, spec: AmbulanceService, chance: Stream) -> Calls:
    """Draw calls for other reasons that end without a journey."""
    period, people = block.context.period, NeedFactors.of(block.context.people)
    age = (period.start - people.birth_day) / DAYS_A_YEAR
    mean = spec.not_conveyed_a_year * period.years * np.interp(age, _AGES, _AGE_FACTORS)
    row, turn = occasions(chance.poisson("others", people.ids, mean, most=_MOST_CALLS))
    ids = people.ids[row] * (_MOST_CALLS + 1) + turn
    when = hours_drawn(period, np.full(len(ids), "domestic"), ids, chance, "others_when")
    there = people.there(row, when // DAY_S)
    row, ids, when = row[there], ids[there], when[there]
    reason = (chance.pick("reason", ids, _REASONS) + ILLNESS).astype(np.int64)
    child = when // DAY_S - people.birth_day[row] < _HARMLESS_YEARS * DAYS_A_YEAR
    reason = np.where(child & (reason == SELF_HARM), ACCIDENT, reason)
    stop = np.where(
        reason == SELF_HARM,
        chance.pick("stop", ids, _ENDS_HARMED),
        chance.pick("stop", ids, _ENDS_OTHER),
    )
    stop = np.where((reason == TRAFFIC) & (stop == REFERRED), TREATED, stop)
    above = _ABOVE_ATTENDANCES + (ids << 1 | 1)
    calls = _at_scene(above, row, np.full(len(ids), -1), reason, when)
    return _ending(calls, stop)


def _at_scene(ids: Ints, row: Ints, incident: Ints, reason: Ints, called_s: Ints) -> Calls:
    none = np.full(len(ids), -1)
    return Calls(ids, row, incident, reason, none, called_s, none, none, none)


def _ending(calls: Calls, stop: Ints) -> Calls:
    values = {field.name: getattr(calls, field.name) for field in fields(Calls)}
    return Calls(**values | {"stop": stop})
