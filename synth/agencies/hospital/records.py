"""Hospitals: patients as each health board numbers them, their spells and diagnoses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.agencies.ed.seen import ASSAULT
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
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
from darkfigure.synth.agencies.framework.service_demand import Needs
from darkfigure.synth.agencies.framework.sites import health_boards
from darkfigure.synth.agencies.hospital.admissions import Admissions, admissions
from darkfigure.synth.agencies.hospital.diagnoses import write_diagnoses
from darkfigure.synth.agencies.hospital.principal import specialty_of
from darkfigure.synth.agencies.hospital.tables import (
    ADMISSION_METHOD,
    ADMISSION_SOURCE,
    DISCHARGE_METHOD,
    HOSPITAL_PATIENTS,
    HOSPITAL_SPELLS,
    SPECIALTY,
)
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.schema import HEALTH_BOARDS, coded
from darkfigure.synth.setting.calendar import DAYS_A_YEAR

_CLERKS = 60  # ward clerks a health board; assumed
_DIED = list(DISCHARGE_METHOD).index("4")
_LEAVES_RATE = 0.015  # spells that the patient ends, nine in a hundred after an assault; assumed
_LEAVES_AFTER_ASSAULT = 6  # factor on that rate after an assault; assumed
_CARE_HOME_SOURCE, _PRISON_SOURCE = (list(ADMISSION_SOURCE).index(code) for code in ("54", "39"))
_ELSEWHERE_RATE = 0.02  # of patients who come from a temporary residence; assumed


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
    """Spells of a block, those after assaults first."""

    incidents: pa.Table  # of the assaults
    admitted: Admissions
    key: pa.Array
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
        spells = _spells(block, prepared, spec)
        _write_patients(block.context, spells, spec, out)
        _write_spells(block.context, spells, out)
        write_diagnoses(block.context, spells.incidents, spells.admitted, spells.key, spec, out)
        incident_id = spells.incidents["incident_id"].to_numpy()
        none = np.full(len(spells.key) - len(incident_id), -1)
        about_incidents(HOSPITAL_SPELLS, spells.key, np.append(incident_id, none), out)
        learned = spells.incidents["ed_s"].to_numpy()
        note_contacts(incident_id, constant("hospital", len(learned)), learned, out)


def _spells(block: SampleBlock, needs: Needs, spec: Hospitals) -> _Spells:
    """Give admissions and their patients numbers."""
    chance = block.context.chance.stage("hospital")
    incidents, admitted = admissions(block, needs)
    key = scrambled("spell", admitted.ids, prefix="SP", digits=13, chance=chance)
    second = chance.happens("numbered_twice", admitted.ids, spec.numbered_twice_rate)
    person_id = block.context.people.person_id[admitted.row]
    number = (person_id << 3 | health_boards(admitted.site)) << 1 | second
    return _Spells(incidents, admitted, key, number)


def _numbers(number: Ints, chance: Stream) -> pa.Array:
    prefix = np.array(list(HEALTH_BOARDS))[number >> 1 & 7]
    return scrambled("patient", number, prefix=prefix, digits=9, chance=chance)


def _write_patients(
    context: RecordingContext, spells: _Spells, spec: Hospitals, out: Tables
) -> None:
    """Write each patient once per number, with the details last asked for at an admission."""
    chance = context.chance.stage("hospital")
    admitted = spells.admitted
    order = np.lexsort((admitted.ids, admitted.day, spells.number))
    last = order[np.flatnonzero(np.diff(spells.number[order], append=-1))]
    ids, row, today = spells.number[last], admitted.row[last], admitted.day[last]
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


def _write_spells(context: RecordingContext, spells: _Spells, out: Tables) -> None:
    chance, admitted = context.chance.stage("hospital"), spells.admitted
    ids, row = admitted.ids, admitted.row
    inside = admitted.ends >= context.period.end
    rate = _LEAVES_RATE * np.where(admitted.need == ASSAULT, _LEAVES_AFTER_ASSAULT, 1)
    leaves = chance.happens("leaves", ids, rate)
    ended = np.where(inside, -1, np.where(admitted.died, _DIED, leaves))
    age = (admitted.day - context.people.birth_day[row]) / DAYS_A_YEAR
    born = np.flatnonzero(admitted.mother >= 0)
    mothers = _numbers(spells.number[admitted.mother[born]], chance)
    table = pa.table(
        {
            "spell_no": spells.key,
            "hospital_no": _numbers(spells.number, chance),
            "site_code": coded(admitted.site, schema.WELSH_SITES),
            "admitted_on": days(admitted.day),
            "admission_method": coded(admitted.method, ADMISSION_METHOD),
            "admission_source": coded(_sources(context, admitted, chance), ADMISSION_SOURCE),
            "discharged_on": days(admitted.ends, missing=inside),
            "discharge_method": coded(ended, DISCHARGE_METHOD),
            "specialty": coded(specialty_of(admitted.diagnosis, age), SPECIALTY),
            "mother_no": with_gaps(mothers, born, len(ids)),
        }
    )
    add(out, HOSPITAL_SPELLS, table)


def _sources(context: RecordingContext, admitted: Admissions, chance: Stream) -> Ints:
    """Tell where patients come from, by the kind of their home."""
    home, homes = context.people.home_kind[admitted.row], list(schema.HOME)
    elsewhere = chance.happens("from_elsewhere", admitted.ids, _ELSEWHERE_RATE)
    source = np.where(home == homes.index("care_home"), _CARE_HOME_SOURCE, elsewhere)
    return np.where(home == homes.index("prison"), _PRISON_SOURCE, source)
