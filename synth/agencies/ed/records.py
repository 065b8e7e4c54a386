"""Emergency departments: assault attendances among all the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.agencies.ed.assault_text import Noted, place_texts
from darkfigure.synth.agencies.ed.numbers import ambulance_numbers, attendance_numbers
from darkfigure.synth.agencies.ed.tables import (
    ASSAULT_METHOD,
    ATTENDANCE_CATEGORY,
    ATTENDANCE_GROUP,
    ED_ATTENDANCES,
    ED_DISPOSAL,
)
from darkfigure.synth.agencies.framework.agency import (
    Agency,
    SampleBlock,
    SimulatedEvents,
    killed_in,
)
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Records,
    Tables,
    constant,
    note_contacts,
    times,
    write_records,
)
from darkfigure.synth.agencies.framework.service_demand import (
    ACCIDENT,
    ILLNESS,
    SELF_HARM,
    NeedFactors,
    Needs,
    attendances,
)
from darkfigure.synth.agencies.framework.sites import (
    in_wales,
    minor_cases,
    minor_units,
    older_system,
    whence,
)
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.reference.coding import meanings, shares
from darkfigure.synth.reporting.accounts import Account, told
from darkfigure.synth.schema import PLACE, coded, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S
from darkfigure.synth.setting.hospitals import departments

_CLERKS = 40  # reception clerks a site; assumed
_ASSAULT = 5  # a reason besides those of `service_demand`
_GROUP_OF = ("20", "12", "14", "15", "13")  # attendance group by reason
_STAY_HOURS, _STAY_SD_LOG = 2.6, 0.7  # median and spread of an attendance; assumed
_FOLLOW_UP_RATE = 0.04  # attendances that are unplanned follow-ups; assumed
_DIED, _LEFT, _TRANSFERRED = list(ED_DISPOSAL).index("died"), 3, 2
_LEFT_RATE, _TRANSFERRED_RATE = 0.05, 0.01  # of patients not admitted; assumed
# Assault methods by weapon; share of pushes among blows without a weapon. Assumed.
_METHOD_OF = {"none": "body_part", "blunt": "blunt", "glass": "glass", "sharp": "sharp"}
_PUSH_RATE = 0.035
_NIGHT, _DRINK, _MEAN_HASTE = 1.3, 1.8, 1.06  # assumed
_SECOND_DESK = 10**12 - 1  # ids of second records count down from here
_DRANK_OTHER = 0.06  # noted of patients who come for another reason; assumed
_NIGHT_UNTIL, _NIGHT_FROM = 6, 22  # hours of the day; assumed
_DAY_HOURS = 24  # no rate


class EmergencyDepartments(Spec):
    """Record keeping of departments; assumed unless a source is named."""

    assault_code: Literal["11", "16", "17"] = "11"
    """Attendance group of assaults; the national code is not confirmed."""
    assault_coded_rate: Rate = 0.70
    """Share of assault attendances that are coded as assaults."""
    false_assault_rate: Rate = 0.0005
    """Share of other injuries that are coded as assaults."""
    location_rate: Rate = 0.65
    """Share of coded assaults with a kind of place."""
    location_text_rate: Rate = 0.65
    """Share of coded assaults with a note of the place."""
    location_named_rate: Rate = 0.77
    """Share of notes on streets and premises that name one; half of all coded assaults can then be
    put on a map.
    """
    text_contradicts_rate: Rate = 0.08
    """Share of notes that speak of another kind of place than the true one."""
    method_rate: Rate = 0.75
    """Share of coded assaults with a method."""
    time_rate: Rate = 0.60
    """Share of coded assaults with the time of the assault."""
    alcohol_noted_rate: Rate = 0.7
    """Share of assaults with drink at which it is noted."""
    not_asked_rate: Rate = 0.5
    """Share of attendances at which address and name are not asked for again."""
    last_asked_years: Amount = 5.5
    """Years since they were asked for then, mean."""
    account: Account = Account(error_median_minutes=20.0, exact_rate=0.05)
    """Errors of the time that patients tell."""
    registered_twice_rate: Rate = 0.003
    """Share of attendances of which two desks open a record each."""


@dataclass(frozen=True)
class _Seen:
    """Everybody seen in the departments, assaults first; one entry per attendance."""

    incidents: pa.Table  # of the assaults
    ids: Ints
    row: Ints  # of the person
    site: Ints
    arrived_s: Ints
    reason: Ints  # as in `service_demand`, or _ASSAULT
    admitted: Mask
    coded_assault: Mask

    def of_assaults(self, values: Ints, other: int = -1) -> Ints:
        """Extend values of the assaults by one for all other attendances."""
        return np.append(values, np.full(len(self.ids) - len(values), other))

    def in_wales(self) -> _Seen:
        """Leave out who goes to a department in England, whose records Wales does not have."""
        here = in_wales(self.site)
        arrays = {name: values[here] for name, values in vars(self).items() if name != "incidents"}
        return _Seen(self.incidents.filter(pa.array(here[: self.incidents.num_rows])), **arrays)


class Emergency(Agency):
    """The agency of the emergency departments."""

    def prepare(self, simulated: SimulatedEvents, spec: EmergencyDepartments) -> Needs:
        """Keep the demand for other reasons than violence."""
        del spec
        return simulated.needs

    def write_block(
        self, block: SampleBlock, prepared: Needs, spec: EmergencyDepartments, out: Tables
    ) -> None:
        """Write the attendances of a block's people."""
        incidents = block.incidents.filter(block.incidents["ed_attended"])
        seen = _seen(block.context, incidents, prepared, spec).in_wales()
        _write_attendances(block.context, seen, spec, out)
        incident_id = seen.incidents["incident_id"].to_numpy()
        learned = constant("ed", len(incident_id))
        note_contacts(incident_id, learned, seen.incidents["ed_s"].to_numpy(), out)


def _seen(
    context: RecordingContext, incidents: pa.Table, needs: Needs, spec: EmergencyDepartments
) -> _Seen:
    people, chance = context.people, context.chance.stage("ed")
    person = NeedFactors.of(people)
    other = attendances(person, context.period, needs, context.chance)
    ids = np.concatenate([incidents["incident_id"].to_numpy() << 1, other.ids << 1 | 1])
    row = np.append(incidents["row"].to_numpy(), other.row)
    reason = np.append(np.full(incidents.num_rows, _ASSAULT), other.reason)
    rate = np.where(reason == _ASSAULT, spec.assault_coded_rate, spec.false_assault_rate)
    arrived = np.append(incidents["ed_s"].to_numpy(), other.arrived_s)
    admitted = np.append(incidents["admitted"].to_numpy(zero_copy_only=False), other.admitted)
    minor = minor_cases(incidents, reason, admitted, ids, context.chance)
    lsoa = whence(context, incidents, row, arrived // DAY_S)
    return _Seen(
        incidents=incidents,
        ids=ids,
        row=row,
        site=departments(lsoa, minor, arrived, ids, context.chance),
        arrived_s=arrived,
        reason=reason,
        admitted=admitted,
        coded_assault=chance.happens("coded_assault", ids, rate)
        & ~np.isin(reason, (ILLNESS, SELF_HARM)),
    )


def _write_attendances(
    context: RecordingContext, seen: _Seen, spec: EmergencyDepartments, out: Tables
) -> None:
    """Write attendances in the two systems that sites use."""
    chance, ids, today = context.chance.stage("ed"), seen.ids, seen.arrived_s // DAY_S
    asked = ~chance.happens("not_asked", ids, spec.not_asked_rate)
    ago = chance.exponential("last_asked", ids) * spec.last_asked_years * DAYS_A_YEAR
    hours = _STAY_HOURS * np.exp(_STAY_SD_LOG * chance.normal("stay", ids))
    records = Records(
        shape=ED_ATTENDANCES,
        key=attendance_numbers(ids, context.chance),
        ids=ids,
        row=seen.row,
        known_on=np.where(asked, today, today - ago.astype(np.int64)),
        event_on=today,
        clerk=seen.site * 1_000 + chance.below("clerk", ids, _CLERKS),
        difficulty=_haste(seen),
        incident=seen.of_assaults(seen.incidents["incident_id"].to_numpy()),
        columns={
            "site_code": coded(seen.site, schema.ED_SITES),
            "arrived_at": times(seen.arrived_s),
            "left_at": times(seen.arrived_s + (hours * HOUR_S).astype(np.int64)),
            **_clinical(seen, context.chance),
            **_assault(seen, context, spec),
        },
    )
    older = older_system(seen.site)
    has_second = chance.happens("twice", ids, spec.registered_twice_rate)
    twice = _at_second_desk(records.where(has_second), context.chance)
    for system, own in (("ed", ~older), ("ed/older", older)):
        write_records(context, records.where(own, system=system), out)
        write_records(context, twice.where(own[has_second], system=system), out)


def _haste(seen: _Seen) -> Floats:
    """Give the factor of night and drink on fault rates; the factors and their mean are assumed."""
    hour = seen.arrived_s // HOUR_S % _DAY_HOURS
    night = (hour < _NIGHT_UNTIL) | (hour >= _NIGHT_FROM)
    drank = seen.of_assaults(seen.incidents["alcohol"].to_numpy(zero_copy_only=False), 0) > 0
    return np.where(night, _NIGHT, 1.0) * np.where(drank, _DRINK, 1.0) / _MEAN_HASTE


def _at_second_desk(records: Records, world: Stream) -> Records:
    """Let another desk open another record of the same attendances, with faults of its own."""
    ids = _SECOND_DESK - records.ids
    key = attendance_numbers(ids, world)
    return replace(records, ids=ids, key=key, repeats=records.key)


def _clinical(seen: _Seen, world: Stream) -> dict[str, pa.Array]:
    """Code the fields that every patient has."""
    chance = world.stage("ed")
    use = np.select(
        [seen.reason == _ASSAULT, np.isin(seen.reason, (ILLNESS, SELF_HARM))], [0, 2], 1
    )
    injured = use < 2
    # An assault that is not coded as one is often put down as a fall or a knock.
    hidden = np.where((use == 0) & ~seen.coded_assault, 1, use)
    ambulance = seen.of_assaults(seen.incidents["ambulance"].to_numpy(zero_copy_only=False), 0) > 0
    mode = _drawn("arrival_mode", use, seen.ids, chance)
    modes = list(meanings("ed_codes", of="arrival_mode"))
    by_ambulance, by_car = modes.index("01"), modes.index("10")
    walked = (use == 0) | minor_units(seen.site)
    came = np.where(walked & (mode == by_ambulance), by_car, mode)
    mode = np.where(ambulance, by_ambulance, came)
    called = np.flatnonzero(mode == by_ambulance)
    number = ambulance_numbers(seen.ids[called], world)
    outcome = chance.uniform("left", seen.ids)
    moved = outcome < _LEFT_RATE + _TRANSFERRED_RATE
    outcome = np.where(outcome < _LEFT_RATE, _LEFT, np.where(moved, _TRANSFERRED, 0))
    killed = seen.of_assaults(killed_in(seen.incidents).astype(np.int64), 0) > 0
    outcome = np.where(killed, _DIED, outcome)
    returns = chance.happens("follow_up", seen.ids, _FOLLOW_UP_RATE * (use > 0))
    return {
        "arrival_mode": coded(mode, modes),
        "ambulance_incident_no": with_gaps(number, called, len(mode)),
        "attendance_category": coded(returns * 2, ATTENDANCE_CATEGORY),
        "disposal": coded(np.where(seen.admitted, 1, outcome), ED_DISPOSAL),
        **{
            column: coded(
                _drawn(name, use if everybody else np.where(injured, hidden, -1), seen.ids, chance),
                meanings("ed_codes", of=name),
            )
            for name, column, everybody in _DRAWN
        },
    }


_DRAWN = (
    ("mechanism", "injury_mechanism", False),
    ("activity", "injury_activity", False),
    ("injury_place", "injury_place", False),
    ("triage", "triage_category", True),
    ("diagnosis", "diagnosis_code", True),
    ("anatomical_area", "anatomical_area_code", True),
    ("treatment", "treatment_code", True),
)


def _drawn(name: str, use: Ints, ids: Ints, chance: Stream) -> Ints:
    """Draw a code of a list by each patient's reason; -1 where the reason is -1."""
    codes = np.full(len(ids), -1)
    for number, column in enumerate(("assault", "accident", "illness")):
        own = use == number
        weights = shares("ed_codes", column, of=name)
        if weights.any():
            codes[own] = chance.pick(name, ids[own], weights)
    return codes


def _assault(
    seen: _Seen, context: RecordingContext, spec: EmergencyDepartments
) -> dict[str, pa.Array]:
    """Code the reason, and the fields of the violence dataset for assaults."""
    chance, ids, incidents = context.chance.stage("ed"), seen.ids, seen.incidents
    groups = list(ATTENDANCE_GROUP)
    by_reason = np.array([groups.index(code) for code in (*_GROUP_OF, _GROUP_OF[ACCIDENT])])
    group = np.where(seen.coded_assault, groups.index(spec.assault_code), by_reason[seen.reason])
    filled = {
        name: seen.coded_assault & (seen.reason == _ASSAULT) & chance.happens(name, ids, rate)
        for name, rate in (
            ("location", spec.location_rate),
            ("location_text", spec.location_text_rate),
            ("method", spec.method_rate),
            ("time", spec.time_rate),
        )
    }
    place = seen.of_assaults(codes_of(incidents["place"], PLACE))
    method = seen.of_assaults(_methods(incidents, ids[: incidents.num_rows], chance))
    drank = seen.of_assaults(incidents["alcohol"].to_numpy(zero_copy_only=False), 0) > 0
    noted = np.where(seen.reason == _ASSAULT, drank * spec.alcohol_noted_rate, _DRANK_OTHER)
    occurred = seen.of_assaults(incidents["occurred_s"].to_numpy(), 0)
    occurred = told(spec.account, occurred, ids, seen.arrived_s, chance)
    other = (method == len(ASSAULT_METHOD) - 1) & filled["method"]
    return {
        "attendance_group": coded(group, groups),
        "alcohol": pa.array(chance.happens("alcohol", ids, noted)),
        "assault_location_type": coded(np.where(filled["location"], place, -1), PLACE),
        "assault_location_text": _notes(seen, filled["location_text"], place, spec, context.chance),
        "assault_method": coded(np.where(filled["method"], method, -1), ASSAULT_METHOD),
        "assault_method_text": coded(
            np.where(other, chance.below("other_method", ids, len(_OTHER_METHODS)), -1),
            _OTHER_METHODS,
        ),
        "assaulted_at": times(occurred, missing=~filled["time"]),
    }


_OTHER_METHODS = ("bitten", "hit by a vehicle", "dog set on", "fluid thrown", "tied", "unclear")


def _methods(incidents: pa.Table, ids: Ints, chance: Stream) -> Ints:
    """Give the method of each assault; some blows without a weapon are pushes."""
    weapons = incidents["weapon"].combine_chunks().cast(pa.string())
    names = list(ASSAULT_METHOD)
    other = names.index("other")
    method = np.array([names.index(_METHOD_OF[w]) if w in _METHOD_OF else other for w in _WEAPONS])
    code = method[codes_of(weapons, _WEAPONS)]
    pushed = (code == names.index("body_part")) & chance.happens("pushed", ids, _PUSH_RATE)
    return np.where(pushed, names.index("push"), code)


_WEAPONS = tuple(schema.WEAPON)


def _notes(
    seen: _Seen, noted: Mask, place: Ints, spec: EmergencyDepartments, chance: Stream
) -> pa.Array:
    """Write the notes on the place, some about another place than the coded one."""
    rows = np.flatnonzero(noted)
    own, ids = chance.stage("ed"), seen.ids[rows]
    other = own.happens("contradicts", ids, spec.text_contradicts_rate)
    assaults = Noted(
        ids=ids,
        place=np.where(other, own.below("told_place", ids, len(PLACE)), place[rows]),
        lsoa=seen.of_assaults(seen.incidents["lsoa"].to_numpy())[rows],
        site=np.where(other, -1, seen.of_assaults(seen.incidents["site"].to_numpy())[rows]),
        occurred_s=seen.of_assaults(seen.incidents["occurred_s"].to_numpy())[rows],
    )
    texts = place_texts(assaults, spec.location_named_rate, chance)
    return with_gaps(texts, rows, len(noted))
