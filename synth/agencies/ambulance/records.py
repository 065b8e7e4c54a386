"""The ambulance service: incidents as control takes them, and the patients whom crews record.

Patients who reach a department bear the number that the department noted. Crews ask for names in
the street and in the night, so that they know less of patients than anybody else in health care.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.ambulance.call_times import CallTimes, time_calls
from darkfigure.synth.agencies.ambulance.calls import (
    CONVEYED,
    NO_PATIENT,
    POLICE,
    Calls,
    gather_calls,
)
from darkfigure.synth.agencies.ambulance.findings import TABLE, CallFindings, find, index
from darkfigure.synth.agencies.ambulance.notes import PatientsMet, crew_notes
from darkfigure.synth.agencies.ambulance.places import CallPlaces, place_calls
from darkfigure.synth.agencies.ambulance.spec import AmbulanceService
from darkfigure.synth.agencies.ambulance.tables import INCIDENTS, PATIENTS, PRIORITY, STOP
from darkfigure.synth.agencies.ed.numbers import (
    ambulance_numbers,
    attendance_numbers,
)
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.records import (
    Records,
    Tables,
    about_incidents,
    add,
    constant,
    note_contacts,
    times,
    write_records,
)
from darkfigure.synth.agencies.framework.service_demand import Needs
from darkfigure.synth.agencies.framework.sites import in_wales
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.schema import PLACE, SEVERITY, SITES, coded, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, HOUR_S
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.text import Passages

# Police on scene after violence if they record a crime, know of it, or never hear of it; for other
# reasons in the order of `service_demand`. Assumed: so that two in three of those with police on
# scene have a crime recorded, as far as the police know of the violence at all.
_POLICE_RECORDED, _POLICE_KNOWS = 0.81, 0.6
_POLICE_OTHER = (0.01, 0.02, 0.6, 0.01, 0.25, 0.0)
_CALLED_BY_POLICE = 0.3  # share of calls with police on scene that they made; assumed
_CREWS = 300  # of an authority; assumed
_SECOND_CREW = 9 * 10**11  # ids of second records lie so far above the first
_DRANK, _DRANK_OTHER = 0.7, 0.06  # noted, of those who drank and of others; assumed
_DRINKING_YEARS = 14  # of whom crews note it, and not younger; assumed
# Factors on faults by night and after drink, their mean after violence, and the factor of all other
# calls, most of which are to homes where somebody knows the patient; assumed.
_NIGHT, _DRINK, _MEAN_HASTE, _CALM = 1.3, 1.8, 1.56, 0.6
# Fields are left empty so many times as often: of patients whose age is estimated, of other
# patients after violence, and after anything else. Assumed: of the first hardly anything is known.
_SILENCE = (10.0, 0.55, 0.5)
_DISGUISED = 0.4  # share of violence noted as none where the call spoke of something else; assumed
_AGE_SD = 5.0  # of estimates, years; assumed
_GAPS_OTHER = 0.5  # factor on fields left empty after other reasons than violence; assumed
# Factors on the share of estimated ages: of the unconscious, of those who can speak, and of calls
# for other reasons than violence. Assumed.
_GUESSED_OUT_COLD, _GUESSED_AWAKE, _GUESSED_OTHER = 4, 1.05, 0.2
# Estimates are as wrong as that from this age on, in whole years under the second, else rounded to
# the third. Assumed.
_GUESS_FULL_YEARS, _GUESS_EXACT_YEARS, _GUESS_STEP_YEARS = 30, 18, 5
_NIGHT_UNTIL, _NIGHT_FROM = 6, 22  # hours of the day; assumed
_DAY_HOURS = 24  # no rate


@dataclass(frozen=True)
class AmbulanceDemand:
    """Other demand than violence, and whether the scenario has emergency departments."""

    needs: Needs
    departments: bool


@dataclass(frozen=True)
class _Attended:
    """Calls with all that was decided about them."""

    block: SampleBlock
    calls: Calls
    places: CallPlaces
    times: CallTimes
    findings: CallFindings
    chance: Stream
    spec: AmbulanceService

    @property
    def day(self) -> Ints:
        return self.times.called // DAY_S

    def listed(self, name: str, codes: Ints) -> pa.Array:
        return coded(codes, meanings(TABLE, of=name))

    def unless_gap(self, name: str, values: Ints, chosen: Ints | slice = slice(None)) -> Ints:
        """Leave values out at the rate of the field; after other reasons, half as often."""
        ids, violent = self.calls.ids[chosen], self.calls.violent[chosen]
        rate = getattr(self.spec.gaps, name) * np.where(violent, 1.0, _GAPS_OTHER)
        return np.where(self.chance.happens(f"gap_{name}", ids, rate), -1, values)


class Ambulances(Agency):
    """The agency of the ambulance service."""

    def prepare(self, simulated: SimulatedEvents, spec: AmbulanceService) -> AmbulanceDemand:
        """Keep the demand for other reasons than violence."""
        del spec
        return AmbulanceDemand(simulated.needs, "ed" in simulated.prepared)

    def write_block(
        self, block: SampleBlock, prepared: AmbulanceDemand, spec: AmbulanceService, out: Tables
    ) -> None:
        """Write the incidents and patients of a block's people."""
        attended = _attend(block, gather_calls(block, prepared.needs, spec), spec)
        calls = attended.calls
        number = ambulance_numbers(calls.ids, block.context.chance)
        add(out, INCIDENTS, _incidents(attended, number))
        incident = calls.of_incidents(block.incidents["incident_id"].to_numpy())
        about_incidents(INCIDENTS, number, incident, out)
        _write_patients(attended, number, incident, prepared, out)
        known = np.flatnonzero(incident >= 0)
        source = constant("ambulance", len(known))
        note_contacts(incident[known], source, attended.times.called[known], out)


def _attend(block: SampleBlock, calls: Calls, spec: AmbulanceService) -> _Attended:
    chance, incidents = block.context.chance.stage("ambulance"), block.incidents
    people = block.context.people
    weapon = incidents["weapon"].cast(pa.string()).to_numpy(zero_copy_only=False) == "sharp"
    occurred = calls.of_incidents(incidents["occurred_s"].to_numpy())
    about = np.where(calls.called_s < 0, calls.arrived_s, calls.called_s)
    findings = find(
        calls,
        calls.of_incidents(weapon.astype(np.int64), 0) > 0,
        calls.of_incidents(codes_of(incidents["severity"], SEVERITY)),
        (about // DAY_S - people.birth_day[calls.row]) / DAYS_A_YEAR,
        np.where(calls.violent, about - occurred, 0),
        chance,
    )
    calls = replace(calls, stop=findings.stop)
    places = place_calls(calls, incidents, people, about // DAY_S, block.context.chance)
    timed = time_calls(calls, findings.priority, occurred, places.rural, spec, chance)
    return _Attended(block, calls, places, timed, findings, chance, spec)


def _incidents(attended: _Attended, number: pa.Array) -> pa.Table:
    calls, when, places = attended.calls, attended.times, attended.places
    police = _police_on_scene(attended)
    noted = attended.unless_gap("police_on_scene", police.astype(np.int64))
    noted = np.where(calls.stop > NO_PATIENT, -1, noted)
    lsoa = attended.unless_gap("lsoa", places.lsoa)
    codes = pa.array(wales().code.tolist(), pa.string())
    return pa.table(
        {
            "incident_no": number,
            "called_at": times(when.called),
            "caller": attended.listed("caller", _callers(attended, police)),
            "priority": coded(attended.findings.priority, PRIORITY),
            "determinant": attended.listed("determinant", attended.findings.determinant),
            "location_type": coded(attended.unless_gap("location_type", places.kind), PLACE),
            "location_text": places.text,
            "location_postcode": places.postcode,
            "lsoa_code": codes.take(pa.array(lsoa, mask=lsoa < 0)),
            "allocated_at": _times(when.allocated),
            "on_scene_at": _times(attended.unless_gap("on_scene", when.on_scene)),
            "left_scene_at": _times(attended.unless_gap("left_scene", when.left_scene)),
            "at_hospital_at": _times(when.at_hospital),
            "handover_at": _times(when.handover),
            "stop": coded(calls.stop, STOP),
            "police_on_scene": _flags(noted),
        }
    )


def _times(seconds: Ints) -> pa.Array:
    return times(seconds, missing=seconds < 0)


def _flags(values: Ints) -> pa.Array:
    return pa.array(values > 0, mask=values < 0)


def _police_on_scene(attended: _Attended) -> Mask:
    """Draw whether the police were there; only if they know of violence can they have been."""
    calls, incidents = attended.calls, attended.block.incidents
    status = incidents["police_status"].cast(pa.string()).to_numpy(zero_copy_only=False)
    by_status = {"recorded": _POLICE_RECORDED, "not_recorded": _POLICE_KNOWS}
    rate = np.append([by_status.get(name, 0.0) for name in status], 0.0)[calls.incident]
    rate = np.where(calls.violent, rate, np.array(_POLICE_OTHER)[calls.reason])
    there = attended.chance.happens("police", calls.ids, rate)
    return np.asarray(there | (calls.stop == POLICE))


def _callers(attended: _Attended, police: Mask) -> Ints:
    """Draw who called; the police call for violence only where they are on the scene."""
    officer, passer_by = index("caller", "police"), index("caller", "999_other")
    drawn, violent = attended.findings.caller, attended.calls.violent
    drawn = np.where(violent & (drawn == officer), passer_by, drawn)
    by_police = police & attended.chance.happens("by_police", attended.calls.ids, _CALLED_BY_POLICE)
    return np.where(violent & by_police, officer, drawn)


def _write_patients(
    attended: _Attended, number: pa.Array, incident: Ints, demand: AmbulanceDemand, out: Tables
) -> None:
    """Write the record of each patient, and of some a second crew's."""
    seen = np.flatnonzero(attended.calls.has_patient)
    calls, context, ids = attended.calls, attended.block.context, attended.calls.ids[seen]
    today, numbers = attended.day[seen], number.take(pa.array(seen))
    estimated = _estimated(attended, seen)
    silence = np.where(estimated, _SILENCE[0], _SILENCE[1])
    crew = wales().authority[attended.places.lsoa[seen]] * 1_000
    crew = crew + attended.chance.below("crew", ids, _CREWS)
    records = Records(
        shape=PATIENTS,
        key=_record_numbers(numbers, 1),
        ids=ids,
        row=calls.row[seen],
        known_on=today,
        event_on=today,
        clerk=crew,
        difficulty=_haste(attended, seen),
        silence=np.where(calls.violent[seen], silence, _SILENCE[2]),
        incident=incident[seen],
        columns={
            "incident_no": numbers,
            "patient": pa.array(np.ones(len(seen), np.int16)),
            "opened_at": times(attended.times.on_scene[seen]),
            **_ages(attended, seen, estimated),
            **_findings(attended, seen),
            **_destination(attended, seen, demand),
        },
        texts={"note": _notes(attended, seen, ids, crew)},
    )
    write_records(context, records, out)
    second = attended.chance.happens("second_record", ids, attended.spec.second_record_rate)
    again = _second(records.where(second))
    notes = _notes(attended, seen[second], again.ids, again.clerk)
    write_records(context, replace(again, texts={"note": notes}), out)


def _notes(attended: _Attended, seen: Ints, ids: Ints, crew: Ints) -> Passages:
    """Write what crews noted of the patients of some calls."""
    met = PatientsMet(
        block=attended.block,
        calls=attended.calls,
        times=attended.times,
        findings=attended.findings,
        place=attended.places.kind,
        seen=seen,
        ids=ids,
        crew=crew,
        as_assault=_as_assault(attended, seen),
        police=_police_on_scene(attended)[seen],
        drank=_drank(attended)[seen],
    )
    return crew_notes(met, attended.spec.notes)


def _record_numbers(incident_no: pa.Array, patient: int) -> pa.Array:
    return pc.binary_join_element_wise(incident_no, str(patient), "-")


def _second(records: Records) -> Records:
    """Let another crew open another record of the same patients, with faults of its own."""
    count = len(records.row)
    key = _record_numbers(records.columns["incident_no"], 2)
    columns = {**records.columns, "patient": pa.array(np.full(count, 2, np.int16))}
    ids = records.ids + _SECOND_CREW
    return replace(
        records,
        ids=ids,
        key=key,
        repeats=records.key,
        clerk=records.clerk + _CREWS,
        columns=columns,
    )


def _estimated(attended: _Attended, seen: Ints) -> Mask:
    """Draw whose age is only estimated: most often of the unconscious."""
    calls, rate = attended.calls, attended.spec.estimated_age_rate
    out_cold = attended.findings.unresponsive[seen]
    share = np.where(out_cold, _GUESSED_OUT_COLD * rate, rate * _GUESSED_AWAKE)
    share *= np.where(calls.violent[seen], 1.0, _GUESSED_OTHER)
    return attended.chance.happens("estimated", calls.ids[seen], np.minimum(share, 1.0))


def _ages(attended: _Attended, seen: Ints, estimated: Mask) -> dict[str, pa.Array]:
    people, ids = attended.block.context.people, attended.calls.ids[seen]
    born = people.birth_day[attended.calls.row[seen]]
    age = np.maximum((attended.day[seen] - born) / DAYS_A_YEAR, 0)
    wrong = _AGE_SD * attended.chance.normal("guess", ids) * np.minimum(age / _GUESS_FULL_YEARS, 1)
    guess = np.maximum(age + wrong, 0)
    rounded = _GUESS_STEP_YEARS * np.round(guess / _GUESS_STEP_YEARS)
    guess = np.where(guess < _GUESS_EXACT_YEARS, np.round(guess), rounded)
    noted = attended.unless_gap("age", np.where(estimated, guess, np.floor(age)), seen)
    return {
        "age_years": pa.array(noted.astype(np.int16), mask=noted < 0),
        "age_estimated": pa.array(estimated & (noted >= 0)),
    }


def _haste(attended: _Attended, seen: Ints) -> Floats:
    """Give the factor of night and drink on fault rates; the factors and their mean are assumed."""
    hour = attended.times.called[seen] // HOUR_S % _DAY_HOURS
    night = (hour < _NIGHT_UNTIL) | (hour >= _NIGHT_FROM)
    drank = _drank(attended)[seen]
    calm = np.where(attended.calls.violent[seen], 1.0, _CALM)
    return calm * np.where(night, _NIGHT, 1.0) * np.where(drank, _DRINK, 1.0) / _MEAN_HASTE


def _drank(attended: _Attended) -> Mask:
    drank = attended.block.incidents["alcohol"].to_numpy(zero_copy_only=False)
    return np.asarray(attended.calls.of_incidents(drank.astype(np.int64), 0) > 0)


def _findings(attended: _Attended, seen: Ints) -> dict[str, pa.Array]:
    """Code what the crew found; each field is left empty at its own rate."""
    ids = attended.calls.ids[seen]
    listed = {
        name: attended.listed(
            name, attended.unless_gap(name, getattr(attended.findings, name)[seen], seen)
        )
        for name in ("impression", "mechanism", "conscious")
    }
    people, day = attended.block.context.people, attended.times.called[seen] // DAY_S
    grown = day - people.birth_day[attended.calls.row[seen]] >= _DRINKING_YEARS * DAYS_A_YEAR
    rate = np.where(_drank(attended)[seen], _DRANK, _DRANK_OTHER) * grown
    drink = attended.chance.happens("drink", ids, rate)
    as_assault = _as_assault(attended, seen)
    return {
        **listed,
        "assault": _flags(attended.unless_gap("assault", as_assault.astype(np.int64), seen)),
        "alcohol": _flags(attended.unless_gap("alcohol", drink.astype(np.int64), seen)),
    }


def _as_assault(attended: _Attended, seen: Ints) -> Mask:
    """Draw whether crews took violence for such: those who were sent to a fall may believe it."""
    told = attended.findings.determinant[seen] <= index("determinant", "27D05S")
    disguised = attended.chance.happens("disguised", attended.calls.ids[seen], _DISGUISED)
    return np.asarray(attended.calls.violent[seen] & (told | ~disguised))


def _destination(attended: _Attended, seen: Ints, demand: AmbulanceDemand) -> dict[str, pa.Array]:
    """Name the site, and the department's own number where the crew's record was joined to it."""
    calls, ids = attended.calls, attended.calls.ids[seen]
    arrived = calls.stop[seen] == CONVEYED
    joined = arrived & demand.departments & in_wales(calls.site[seen])
    joined &= ~attended.chance.happens("gap_ed", ids, attended.spec.gaps.ed_attendance)
    numbers = attendance_numbers(ids[joined], attended.block.context.chance)
    return {
        "site_code": coded(np.where(arrived, calls.site[seen], -1), SITES),
        "ed_attendance_no": with_gaps(numbers, np.flatnonzero(joined), len(ids)),
    }
