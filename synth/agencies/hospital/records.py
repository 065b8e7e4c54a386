"""Hospitals: patients as each health board numbers them, their spells and diagnoses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.agencies.framework.agency import (
    Agency,
    SampleBlock,
    SimulatedEvents,
    killed_in,
)
from darkfigure.synth.agencies.framework.languages_asked import LanguageAsked, languages_asked
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Records,
    Tables,
    about_incidents,
    add,
    constant,
    days,
    note_contacts,
    write_records,
)
from darkfigure.synth.agencies.framework.service_demand import (
    ACCIDENT,
    ILLNESS,
    SELF_HARM,
    SPORT,
    TRAFFIC,
    NeedFactors,
    Needs,
    attendances,
    planned_admissions,
)
from darkfigure.synth.agencies.framework.sites import health_boards, in_wales, whence
from darkfigure.synth.agencies.hospital.tables import (
    ADMISSION_METHOD,
    ADMISSION_SOURCE,
    DISCHARGE_METHOD,
    HOSPITAL_DIAGNOSES,
    HOSPITAL_PATIENTS,
    HOSPITAL_SPELLS,
    ICD,
    SPECIALTY,
)
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.reference.coding import meanings, shares
from darkfigure.synth.schema import HEALTH_BOARDS, PLACE, WEAPON, coded, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR
from darkfigure.synth.setting.hospitals import major_departments, planned_sites

_CLERKS = 60  # ward clerks a health board; assumed
_PLANNED, _ASSAULT = 5, 6  # besides the reasons of `service_demand`
_NEEDS = {
    ILLNESS: "illness",
    ACCIDENT: "accident",
    TRAFFIC: "traffic",
    SPORT: "sport",
    SELF_HARM: "self_harm",
    _PLANNED: "planned",
    _ASSAULT: "assault",
}
_DIED = list(DISCHARGE_METHOD).index("4")
_STAY_DAYS = np.array([5.5, 5.0, 6.0, 2.0, 2.5, 3.0, 1.6])  # mean by need; assumed
# Share of the specialties by need, in the order of SPECIALTY; children go to paediatrics.
# Assumed.
_SPECIALTIES = np.array(
    [
        [0.15, 0.0, 0.0, 0.0, 0.1, 0.75, 0.0],
        [0.08, 0.7, 0.0, 0.04, 0.1, 0.08, 0.0],
        [0.2, 0.6, 0.0, 0.05, 0.1, 0.05, 0.0],
        [0.05, 0.75, 0.0, 0.05, 0.1, 0.05, 0.0],
        [0.1, 0.0, 0.0, 0.0, 0.3, 0.6, 0.0],
        [0.45, 0.3, 0.05, 0.0, 0.0, 0.2, 0.0],
        [0.2, 0.12, 0.08, 0.33, 0.2, 0.07, 0.0],
    ]
)
_LEAVES_RATE = 0.03  # spells that the patient ends, nine in a hundred after an assault; assumed
# ICD-10 assault cause by weapon; "other" is drawn from the table, as is a blow without a weapon
# now and then. Place by the fourth character. Source: ICD-10, well known
_CAUSE_OF = {"none": "Y04", "blunt": "Y00", "glass": "X99", "sharp": "X99"}
_PLACE_OF = {"street": 4, "licensed": 5, "own_home": 0, "other_home": 0, "school": 2, "other": 8}
_UNSPECIFIED_PLACE = 9
_LEAVES_AFTER_ASSAULT = 3  # factor on that rate after an assault; assumed
# Shares of unplanned spells by ADMISSION_METHOD, and of spells by ADMISSION_SOURCE; assumed.
_METHOD_SHARES = (0, 0.8, 0.15, 0.05)
_SOURCE_SHARES = (0.93, 0.02, 0.01, 0.04)
_PAEDIATRIC_YEARS = 16  # younger patients go to paediatrics; assumed


class Hospitals(Spec):
    """Record keeping of hospitals; all assumed."""

    assault_coded_rate: Rate = 0.85
    """Share of admitted assaults with an external cause of X85 to Y09."""
    place_coded_rate: Rate = 0.6
    """Share of these with the place; the others have an unspecified place."""
    language: LanguageAsked = LanguageAsked(asked_rate=0.35, defaulted_rate=0.5)
    """How often patients are asked for their language; assumed."""
    numbered_twice_rate: Rate = 0.03
    """Share of admissions at which the patient's number is not found."""
    not_asked_rate: Rate = 0.3
    """Share of patients whose details were not asked for at the last admission."""
    last_asked_years: Amount = 3.0
    """Years since they were asked for then, mean."""


@dataclass(frozen=True)
class _Spells:
    """Admissions, assaults first; arrays have one entry per admission."""

    incidents: pa.Table  # of the assaults
    ids: Ints
    row: Ints  # of the person
    day: Ints
    need: Ints
    site: Ints
    number: Ints  # of the patient: person, health board and turn


class Wards(Agency):
    """The agency of the hospitals of the seven health boards."""

    def prepare(self, simulated: SimulatedEvents, spec: Hospitals) -> Needs:
        """Keep the demand for other reasons than violence."""
        del spec
        return simulated.needs

    def write_block(
        self, block: SampleBlock, prepared: Needs, spec: Hospitals, out: Tables
    ) -> None:
        """Write the patients, spells and diagnoses of a block's people."""
        incidents = block.incidents.filter(block.incidents["admitted"])
        spells = _admit(block.context, incidents, prepared, spec)
        chance = block.context.chance.stage("hospital")
        key = scrambled("spell", spells.ids, prefix="SP", digits=13, chance=chance)
        _write_patients(block.context, spells, spec, out)
        _write_spells(block.context, spells, key, out)
        _write_diagnoses(spells, key, spec, chance, out)
        incidents = spells.incidents
        incident_id = incidents["incident_id"].to_numpy()
        none = np.full(len(spells.ids) - len(incident_id), -1)
        about_incidents(HOSPITAL_SPELLS, key, np.append(incident_id, none), out)
        learned = incidents["ed_s"].to_numpy()
        note_contacts(incident_id, constant("hospital", len(learned)), learned, out)


def _admit(
    context: RecordingContext, incidents: pa.Table, needs: Needs, spec: Hospitals
) -> _Spells:
    """Gather admissions after assaults, from emergency departments, and from waiting lists."""
    people, period = context.people, context.period
    chance = context.chance.stage("hospital")
    person = NeedFactors.of(people)
    seen = attendances(person, period, needs, context.chance)
    planned_row, planned_ids, planned_day = planned_admissions(
        person, period, needs, context.chance
    )
    stays = np.flatnonzero(seen.admitted)
    row = np.concatenate([incidents["row"].to_numpy(), seen.row[stays], planned_row])
    came = np.concatenate([incidents["incident_id"].to_numpy() << 1, seen.ids[stays] << 1 | 1])
    day = np.concatenate(
        [incidents["ed_s"].to_numpy() // DAY_S, seen.arrived_s[stays] // DAY_S, planned_day]
    )
    first, last = np.full(incidents.num_rows, _ASSAULT), np.full(len(planned_row), _PLANNED)
    need = np.concatenate([first, seen.reason[stays], last])
    lsoa = whence(context, incidents, row, day)
    # The same draw as the department's, so that both name one site.
    site = np.append(
        major_departments(lsoa[: len(came)], came, context.chance),
        planned_sites(lsoa[len(came) :], planned_ids, context.chance),
    )
    ids = np.append(came << 1, planned_ids << 1 | 1)
    second_number = chance.happens("numbered_twice", ids, spec.numbered_twice_rate)
    number = (people.person_id[row] << 3 | health_boards(site)) << 1 | second_number
    here = in_wales(site)  # hospitals in England keep records of their own
    return _Spells(
        incidents.filter(pa.array(here[: incidents.num_rows])),
        *(part[here] for part in (ids, row, day, need, site, number)),
    )


def _numbers(number: Ints, chance: Stream) -> pa.Array:
    prefix = np.array(list(HEALTH_BOARDS))[number >> 1 & 7]
    return scrambled("patient", number, prefix=prefix, digits=9, chance=chance)


def _write_patients(
    context: RecordingContext, spells: _Spells, spec: Hospitals, out: Tables
) -> None:
    """Write each patient once per number, with the details last asked for at an admission."""
    chance = context.chance.stage("hospital")
    order = np.lexsort((spells.ids, spells.day, spells.number))
    last = order[np.flatnonzero(np.diff(spells.number[order], append=-1))]
    ids, row, today = spells.number[last], spells.row[last], spells.day[last]
    stale = chance.happens("not_asked", ids, spec.not_asked_rate)
    ago = stale * chance.exponential("last_asked", ids) * spec.last_asked_years * DAYS_A_YEAR
    known = np.maximum(today - ago.astype(np.int64), context.people.known_from[row])
    board = ids >> 1 & 7
    records = Records(
        shape=HOSPITAL_PATIENTS,
        key=_numbers(ids, chance),
        ids=ids,
        row=row,
        known_on=known,
        event_on=np.maximum(today, known),
        clerk=board * 1_000 + chance.below("clerk", ids, _CLERKS),
        columns={
            "health_board": coded(board, HEALTH_BOARDS),
            "updated_on": days(known),
            **languages_asked(context, row, ids, spec.language, chance),
        },
    )
    write_records(context, records, out)


def _write_spells(context: RecordingContext, spells: _Spells, key: pa.Array, out: Tables) -> None:
    chance, ids = context.chance.stage("hospital"), spells.ids
    stay = chance.exponential("stay", ids) * _STAY_DAYS[spells.need]
    discharged = spells.day + stay.astype(np.int64)
    killed = np.zeros(len(ids), bool)
    killed[: spells.incidents.num_rows] = killed_in(spells.incidents)
    discharged = np.where(killed, context.people.death_day[spells.row], discharged)
    inside = discharged >= context.period.end
    age = (spells.day - context.people.birth_day[spells.row]) / DAYS_A_YEAR
    specialty = chance.pick_by_row("specialty", ids, _SPECIALTIES[spells.need])
    child = list(SPECIALTY).index("420")
    leaves_rate = _LEAVES_RATE * np.where(spells.need == _ASSAULT, _LEAVES_AFTER_ASSAULT, 1)
    leaves = chance.happens("leaves", ids, leaves_rate)
    method = chance.pick("method", ids, _METHOD_SHARES)
    method = np.where(spells.need == _PLANNED, 0, method)
    method = np.where(spells.need == _ASSAULT, 1, method)
    source = chance.pick("source", ids, _SOURCE_SHARES)
    table = pa.table(
        {
            "spell_no": key,
            "hospital_no": _numbers(spells.number, chance),
            "site_code": coded(spells.site, schema.WELSH_SITES),
            "admitted_on": days(spells.day),
            "admission_method": coded(method, ADMISSION_METHOD),
            "admission_source": coded(source, ADMISSION_SOURCE),
            "discharged_on": pa.array(discharged, pa.int32(), mask=inside).cast(pa.date32()),
            "discharge_method": coded(
                np.where(inside, -1, np.where(killed, _DIED, leaves)), DISCHARGE_METHOD
            ),
            "specialty": coded(np.where(age < _PAEDIATRIC_YEARS, child, specialty), SPECIALTY),
        }
    )
    add(out, HOSPITAL_SPELLS, table)


def _write_diagnoses(
    spells: _Spells, key: pa.Array, spec: Hospitals, chance: Stream, out: Tables
) -> None:
    """Write the primary diagnosis of each spell and the external cause of injuries."""
    codes = list(ICD)
    primary = _coded_by_need("diagnosis", "hospital_diagnoses", spells.need, spells.ids, chance)
    injured = np.flatnonzero(~np.isin(spells.need, (ILLNESS, _PLANNED)))
    need, ids = spells.need[injured], spells.ids[injured]
    cause = _coded_by_need("cause", "accident_causes", need, ids, chance)
    known = chance.happens("assault_coded", ids, spec.assault_coded_rate)
    assault = need == _ASSAULT
    uncertain = _drawn_code("uncertain", "accident_causes", "uncertain", ids, chance)
    cause = np.where(assault, uncertain, cause)
    coded_assaults = np.flatnonzero(assault & known)
    cause[coded_assaults] = _assault_cause(spells.incidents, ids, spec, chance)[coded_assaults]
    count = np.repeat([1, 2], [len(primary), len(cause)])
    table = pa.table(
        {
            "spell_no": pa.concat_arrays([key, key.take(pa.array(injured))]),
            "diagnosis_no": count,
            "icd10": coded(np.append(primary, cause), codes),
        }
    )
    add(out, HOSPITAL_DIAGNOSES, table)


def _coded_by_need(decision: str, table: str, need: Ints, ids: Ints, chance: Stream) -> Ints:
    """Draw a code for each spell from the part of a table for the patient's need."""
    codes = np.full(len(need), -1)
    for number, name in _NEEDS.items():
        own = need == number
        if own.any() and meanings(table, of=name):
            codes[own] = _drawn_code(decision, table, name, ids[own], chance)
    return codes


def _drawn_code(decision: str, table: str, of: str, ids: Ints, chance: Stream) -> Ints:
    codes = list(ICD)
    numbers = np.array([codes.index(code) for code in meanings(table, of=of)])
    return numbers[chance.pick(f"{decision}_{of}", ids, shares(table, "weight", of=of))]


def _assault_cause(incidents: pa.Table, ids: Ints, spec: Hospitals, chance: Stream) -> Ints:
    """Code the external cause of assaults, which come first among the injured."""
    codes, causes = list(ICD), list(meanings("assault_causes"))
    own = ids[: incidents.num_rows]
    any_cause = chance.pick("any_cause", own, shares("assault_causes", "share"))
    weapon = codes_of(incidents["weapon"], WEAPON)
    by_weapon = np.array([causes.index(_CAUSE_OF[w]) if w in _CAUSE_OF else -1 for w in WEAPON])
    cause = np.where(by_weapon[weapon] < 0, any_cause, by_weapon[weapon])
    places = np.array([_PLACE_OF.get(place, _UNSPECIFIED_PLACE) for place in PLACE])
    place = places[codes_of(incidents["place"], PLACE)]
    has_place = chance.happens("place_coded", own, spec.place_coded_rate)
    place = np.where(has_place, place, _UNSPECIFIED_PLACE)
    number = np.array([[codes.index(f"{c}{digit}") for digit in range(10)] for c in causes])
    return np.append(number[cause, place], np.full(len(ids) - len(own), -1))
