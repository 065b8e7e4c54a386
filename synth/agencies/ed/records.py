"""Emergency departments: assault attendances among all the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.agencies.ed.assault_text import Noted, place_texts
from darkfigure.synth.agencies.ed.injuries import injury_told
from darkfigure.synth.agencies.ed.numbers import ambulance_numbers, attendance_numbers
from darkfigure.synth.agencies.ed.seen import (
    ASSAULT,
    HOURS_A_DAY,
    LEFT,
    Seen,
    seen_in_departments,
)
from darkfigure.synth.agencies.ed.tables import (
    ASSAULT_METHOD,
    ATTENDANCE_CATEGORY,
    ATTENDANCE_GROUP,
    ED_ATTENDANCES,
    ED_DISPOSAL,
)
from darkfigure.synth.agencies.ed.triage_notes import TriageNotes, triage_notes
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.complaints import (
    complaints,
    diagnosis_of_complaint,
    draw_detail,
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
    Needs,
)
from darkfigure.synth.agencies.framework.sites import older_system
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.reporting.accounts import Account, told
from darkfigure.synth.schema import PLACE, coded, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S
from darkfigure.synth.text import Passages

_CLERKS = 40  # reception clerks a site; assumed
_GROUP_OF = ("20", "12", "14", "15", "13")  # attendance group by reason
_FOLLOW_UP_RATE = 0.04  # attendances that are unplanned follow-ups; assumed
# Assault methods by weapon; share of pushes among blows without a weapon. Assumed.
_METHOD_OF = {"none": "body_part", "blunt": "blunt", "glass": "glass", "sharp": "sharp"}
_PUSH_RATE = 0.035
# Days until a birth must be registered. Source: Births and Deaths Registration Act 1953.
_NAMED_DAYS = 42
_NIGHT, _DRINK, _MEAN_HASTE = 1.3, 1.8, 1.06  # assumed
_SECOND_DESK = 10**12 - 1  # ids of second records count down from here
_DRANK_OTHER, _DRANK_ILL = 0.07, 0.015  # noted of patients with accidents, and of the ill; assumed
_DRINKING_YEARS = 14  # of whom it is noted, and not younger; assumed
_NIGHT_UNTIL, _NIGHT_FROM = 6, 22  # hours of the day; assumed


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
    notes: TriageNotes = TriageNotes()
    account: Account = Account(error_median_minutes=20.0, exact_rate=0.05)
    """Errors of the time that patients tell."""
    registered_twice_rate: Rate = 0.003
    """Share of attendances of which two desks open a record each."""


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
        seen = seen_in_departments(block, prepared).in_wales()
        _write_attendances(block.context, seen, spec, out)
        incident_id = seen.incidents["incident_id"].to_numpy()
        learned = constant("ed", len(incident_id))
        note_contacts(incident_id, learned, seen.incidents["ed_s"].to_numpy(), out)


def _write_attendances(
    context: RecordingContext, seen: Seen, spec: EmergencyDepartments, out: Tables
) -> None:
    """Write attendances in the two systems that sites use."""
    chance, ids, today = context.chance.stage("ed"), seen.ids, seen.arrived_s // DAY_S
    asked = ~chance.happens("not_asked", ids, spec.not_asked_rate)
    ago = chance.exponential("last_asked", ids) * spec.last_asked_years * DAYS_A_YEAR
    known_on = np.where(asked, today, today - ago.astype(np.int64))
    # Whoever had no name yet when they were asked last is asked again.
    nameless = known_on < context.people.birth_day[seen.row] + _NAMED_DAYS
    coded_assault = _coded_assaults(seen, spec, chance)
    injury = injury_told(seen, coded_assault, context)
    records = Records(
        shape=ED_ATTENDANCES,
        key=attendance_numbers(ids, context.chance),
        ids=ids,
        row=seen.row,
        known_on=np.where(nameless, today, known_on),
        event_on=today,
        clerk=seen.site * 1_000 + chance.below("clerk", ids, _CLERKS),
        difficulty=_haste(seen),
        incident=seen.of_assaults(seen.incidents["incident_id"].to_numpy()),
        columns={
            "site_code": coded(seen.site, schema.ED_SITES),
            "arrived_at": times(seen.arrived_s),
            "left_at": times(seen.left_s),
            **_clinical(seen, injury, context),
            **_assault(seen, coded_assault, context, spec),
        },
        texts={
            "assault_location_text": _place_notes(seen, coded_assault, spec, context.chance),
            "triage_note": triage_notes(context, seen, coded_assault, injury, spec.notes),
        },
    )
    older = older_system(seen.site)
    has_second = chance.happens("twice", ids, spec.registered_twice_rate)
    twice = _at_second_desk(records.where(has_second), context.chance)
    for system, own in (("ed", ~older), ("ed/older", older)):
        write_records(context, records.where(own, system=system), out)
        write_records(context, twice.where(own[has_second], system=system), out)


def _haste(seen: Seen) -> Floats:
    """Give the factor of night and drink on fault rates; the factors and their mean are assumed."""
    hour = seen.arrived_s // HOUR_S % HOURS_A_DAY
    night = (hour < _NIGHT_UNTIL) | (hour >= _NIGHT_FROM)
    drank = seen.of_assaults(seen.incidents["alcohol"].to_numpy(zero_copy_only=False), 0) > 0
    return np.where(night, _NIGHT, 1.0) * np.where(drank, _DRINK, 1.0) / _MEAN_HASTE


def _at_second_desk(records: Records, world: Stream) -> Records:
    """Let another desk open another record of the same attendances, with faults of its own."""
    ids = _SECOND_DESK - records.ids
    key = attendance_numbers(ids, world)
    return replace(records, ids=ids, key=key, repeats=records.key)


def _coded_assaults(seen: Seen, spec: EmergencyDepartments, chance: Stream) -> Mask:
    """Tell which attendances are coded as assaults; illness and self-harm never are."""
    rate = np.where(seen.reason == ASSAULT, spec.assault_coded_rate, spec.false_assault_rate)
    coded_so = chance.happens("coded_assault", seen.ids, rate)
    return np.asarray(coded_so & ~np.isin(seen.reason, (ILLNESS, SELF_HARM)))


def _clinical(
    seen: Seen, injury: dict[str, Ints], context: RecordingContext
) -> dict[str, pa.Array]:
    """Code what departments find and do; nothing is found or done where a patient left."""
    chance = context.chance.stage("ed")
    called = seen.by_ambulance()
    number = ambulance_numbers(seen.ids[called], context.chance)
    returns = chance.happens("follow_up", seen.ids, _FOLLOW_UP_RATE * (seen.reason != ILLNESS))
    treated = np.where(seen.disposal == LEFT, -1, seen.complaint)
    diagnosis = np.where(treated < 0, -1, diagnosis_of_complaint()[treated])
    codes = {
        "arrival_mode": seen.mode,
        "triage": seen.triage,
        "diagnosis": diagnosis,
        "anatomical_area": draw_detail("anatomical_area", seen.complaint, seen.ids, chance),
        "treatment": draw_detail("treatment", treated, seen.ids, chance),
        **injury,
    }
    return {
        "ambulance_incident_no": with_gaps(number, called, len(seen.ids)),
        "attendance_category": coded(returns * 2, ATTENDANCE_CATEGORY),
        "disposal": coded(seen.disposal, ED_DISPOSAL),
        **{
            _COLUMN.get(name, name): coded(values, meanings("ed_codes", of=name))
            for name, values in codes.items()
        },
    }


# Columns of lists of other names.
_COLUMN = {
    "triage": "triage_category",
    "diagnosis": "diagnosis_code",
    "anatomical_area": "anatomical_area_code",
    "treatment": "treatment_code",
    "mechanism": "injury_mechanism",
    "activity": "injury_activity",
}


def _assault(
    seen: Seen, coded_assault: Mask, context: RecordingContext, spec: EmergencyDepartments
) -> dict[str, pa.Array]:
    """Code the reason, and the fields of the violence dataset for assaults."""
    chance, ids, incidents = context.chance.stage("ed"), seen.ids, seen.incidents
    groups = list(ATTENDANCE_GROUP)
    by_reason = np.array([groups.index(code) for code in (*_GROUP_OF, _GROUP_OF[ACCIDENT])])
    group = np.where(coded_assault, groups.index(spec.assault_code), by_reason[seen.reason])
    filled = {
        name: coded_assault & (seen.reason == ASSAULT) & chance.happens(name, ids, rate)
        for name, rate in (
            ("location", spec.location_rate),
            ("method", spec.method_rate),
            ("time", spec.time_rate),
        )
    }
    place = seen.of_assaults(codes_of(incidents["place"], PLACE))
    method = seen.of_assaults(_methods(incidents, ids[: incidents.num_rows], chance))
    drank = seen.of_assaults(incidents["alcohol"].to_numpy(zero_copy_only=False), 0) > 0
    noted = np.where(seen.reason == ASSAULT, drank * spec.alcohol_noted_rate, _drank(seen, context))
    occurred = seen.of_assaults(incidents["occurred_s"].to_numpy(), 0)
    occurred = told(spec.account, occurred, ids, seen.arrived_s, chance)
    other = (method == len(ASSAULT_METHOD) - 1) & filled["method"]
    return {
        "attendance_group": coded(group, groups),
        "alcohol": pa.array(chance.happens("alcohol", ids, noted)),
        "assault_location_type": coded(np.where(filled["location"], place, -1), PLACE),
        "assault_method": coded(np.where(filled["method"], method, -1), ASSAULT_METHOD),
        "assault_method_text": coded(
            np.where(other, chance.below("other_method", ids, len(_OTHER_METHODS)), -1),
            _OTHER_METHODS,
        ),
        "assaulted_at": times(occurred, missing=~filled["time"]),
    }


def _drank(seen: Seen, context: RecordingContext) -> Floats:
    """Give the rate at which drink is noted of patients who were not assaulted."""
    age = (seen.arrived_s // DAY_S - context.people.birth_day[seen.row]) / DAYS_A_YEAR
    drunk = seen.complaint == complaints().number("alcohol")
    rate = np.where(seen.reason == ILLNESS, _DRANK_ILL, _DRANK_OTHER)
    return np.where(drunk, 1.0, rate) * (age >= _DRINKING_YEARS)


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


def _place_notes(
    seen: Seen, coded_assault: Mask, spec: EmergencyDepartments, chance: Stream
) -> Passages:
    """Write the notes on the place, some about another place than the coded one."""
    own, incidents = chance.stage("ed"), seen.incidents
    noted = coded_assault & (seen.reason == ASSAULT)
    noted &= own.happens("location_text", seen.ids, spec.location_text_rate)
    rows = np.flatnonzero(noted)
    ids, place = seen.ids[rows], codes_of(incidents["place"], PLACE)[rows]
    other = own.happens("contradicts", ids, spec.text_contradicts_rate)
    assaults = Noted(
        ids=ids,
        place=np.where(other, own.below("told_place", ids, len(PLACE)), place),
        lsoa=incidents["lsoa"].to_numpy()[rows],
        site=np.where(other, -1, incidents["site"].to_numpy()[rows]),
        occurred_s=incidents["occurred_s"].to_numpy()[rows],
    )
    texts = place_texts(assaults, spec.location_named_rate, chance)
    return texts.spread(rows, len(noted))
