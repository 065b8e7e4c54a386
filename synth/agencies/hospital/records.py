"""Hospitals: patients as each health board numbers them, their spells and diagnoses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.agencies.ed.seen import (
    ADMITTED,
    ASSAULT,
    Seen,
    seen_in_departments,
)
from darkfigure.synth.agencies.framework.agency import (
    Agency,
    SampleBlock,
    SimulatedEvents,
    killed_in,
)
from darkfigure.synth.agencies.framework.last_days import LastDays, before_the_last, last_days
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
from darkfigure.synth.agencies.framework.sites import health_boards, sites_attended
from darkfigure.synth.agencies.hospital.diagnoses import (
    Coding,
    draw_principal,
    specialty_of,
    stay_days,
    write_diagnoses,
)
from darkfigure.synth.agencies.hospital.planned import planned_admissions
from darkfigure.synth.agencies.hospital.tables import (
    ADMISSION_METHOD,
    ADMISSION_SOURCE,
    DISCHARGE_METHOD,
    HOSPITAL_PATIENTS,
    HOSPITAL_SPELLS,
    SPECIALTY,
)
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.schema import HEALTH_BOARDS, coded
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR

_CLERKS = 60  # ward clerks a health board; assumed
PLANNED = 6  # a need besides the reasons of departments
_DIED = list(DISCHARGE_METHOD).index("4")
_LEAVES_RATE = 0.015  # spells that the patient ends, nine in a hundred after an assault; assumed
_LEAVES_AFTER_ASSAULT = 6  # factor on that rate after an assault; assumed
_CARE_HOME_SOURCE, _PRISON_SOURCE = (list(ADMISSION_SOURCE).index(code) for code in ("54", "39"))
_ELSEWHERE_RATE = 0.02  # of patients who come from a temporary residence; assumed
_DIRECT = list(ADMISSION_METHOD).index("22")  # by a practice, past the department
_WAITING_LIST, _DEPARTMENT = 0, 1  # in the order of ADMISSION_METHOD; no rate


class Hospitals(Spec):
    """Record keeping of hospitals; all assumed."""

    assault_coded_rate: Rate = 0.85
    """Share of admitted assaults with an external cause of X85 to Y09."""
    place_coded_rate: Rate = 0.6
    """Share of these with the place; the others have an unspecified place."""
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
    need: Ints  # as departments' reasons, or PLANNED
    complaint: Ints  # -1 if planned
    mechanism: Ints  # of an injury, as the department noted it
    diagnosis: Ints  # row of `hospital_diagnoses`
    method: Ints
    site: Ints
    number: Ints  # of the patient: person, health board and turn
    ends: Ints  # day of discharge or death
    died: Mask

    @property
    def coding(self) -> Coding:
        """What coders look at."""
        return Coding(
            self.ids,
            self.need,
            self.complaint,
            self.mechanism,
            self.diagnosis,
            self.incidents,
        )


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
        spells = _admit(block, prepared, spec)
        chance = block.context.chance.stage("hospital")
        key = scrambled("spell", spells.ids, prefix="SP", digits=13, chance=chance)
        _write_patients(block.context, spells, spec, out)
        _write_spells(block.context, spells, key, out)
        write_diagnoses(block.context, spells.coding, (spells.row, spells.day), key, spec, out)
        incident_id = spells.incidents["incident_id"].to_numpy()
        none = np.full(len(spells.ids) - len(incident_id), -1)
        about_incidents(HOSPITAL_SPELLS, key, np.append(incident_id, none), out)
        learned = spells.incidents["ed_s"].to_numpy()
        note_contacts(incident_id, constant("hospital", len(learned)), learned, out)


@dataclass(frozen=True)
class _Admitted:
    """Admissions of one kind; arrays have one entry per admission."""

    ids: Ints
    row: Ints
    day: Ints
    need: Ints
    complaint: Ints
    mechanism: Ints
    method: Ints
    site: Ints
    ends: Ints  # -1 where it is still to be drawn
    died: Mask


def _admit(block: SampleBlock, needs: Needs, spec: Hospitals) -> _Spells:
    """Gather admissions through departments, past them, and from waiting lists."""
    context, people = block.context, block.context.people
    chance = context.chance.stage("hospital")
    seen = seen_in_departments(context, block.incidents, needs)
    dying = last_days(context, block.incidents).in_hospital
    planned, from_list = _from_waiting_list(block, needs)
    parts = [_through_department(context, seen), _past_department(context, dying), from_list]
    together = _Admitted(
        *(np.concatenate(part) for part in zip(*(vars(one).values() for one in parts), strict=True))
    )
    diagnosis = draw_principal(
        people, together.row, together.day, together.complaint, together.ids, chance
    )
    diagnosis[len(diagnosis) - len(planned) :] = planned
    ends, died = _ends(context, together, diagnosis, chance)
    second = chance.happens("numbered_twice", together.ids, spec.numbered_twice_rate)
    board = health_boards(together.site)
    return _Spells(
        incidents=seen.incidents.filter(seen.incidents["admitted"]),
        ids=together.ids,
        row=together.row,
        day=together.day,
        need=together.need,
        complaint=together.complaint,
        mechanism=together.mechanism,
        diagnosis=diagnosis,
        method=together.method,
        site=together.site,
        number=(people.person_id[together.row] << 3 | board) << 1 | second,
        ends=ends,
        died=died,
    )


def _from_waiting_list(block: SampleBlock, needs: Needs) -> tuple[Ints, _Admitted]:
    """Admit those who waited; give the diagnosis of each, and the admissions."""
    context, people = block.context, block.context.people
    waiting = before_the_last(context, block.incidents)
    planned = planned_admissions(waiting, context.period, needs, context.chance)
    none = np.full(len(planned.ids), -1)
    return planned.diagnosis, _Admitted(
        ids=planned.ids << 2,
        row=planned.row,
        day=planned.day,
        need=np.full(len(none), PLANNED),
        complaint=none,
        mechanism=none,
        method=np.full(len(none), _WAITING_LIST),
        site=sites_attended(people.lsoa[planned.row], planned.ids, 0.0, context.chance),
        ends=np.where(planned.day_case, planned.day, -1),
        died=np.zeros(len(none), bool),
    )


def _through_department(context: RecordingContext, seen: Seen) -> _Admitted:
    """Admit those whom departments admit; the killed who lived long enough are among them."""
    stays = seen.of_assaults(seen.incidents["admitted"].to_numpy(zero_copy_only=False), 0) > 0
    at = np.flatnonzero(stays | (seen.disposal == ADMITTED))
    killed = seen.of_assaults(killed_in(seen.incidents).astype(np.int64), 0) > 0
    dies = (killed | seen.last_of_life)[at]
    row = seen.row[at]
    return _Admitted(
        ids=seen.ids[at] << 2 | 1,
        row=row,
        day=seen.arrived_s[at] // DAY_S,
        need=seen.reason[at],
        complaint=seen.complaint[at],
        mechanism=seen.mechanism[at],
        method=np.full(len(at), _DEPARTMENT),
        site=seen.site[at],
        ends=np.where(dies, context.people.death_day[row], -1),
        died=dies,
    )


def _past_department(context: RecordingContext, dying: LastDays) -> _Admitted:
    """Admit those who are sent to a ward by their practice and die there."""
    direct = dying.take(~dying.by_department)
    people, person_id = context.people, context.people.person_id[direct.row]
    none = np.full(len(person_id), -1)
    return _Admitted(
        ids=person_id << 2 | 2,
        row=direct.row,
        day=direct.came_day,
        need=np.zeros(len(none), np.int64),
        complaint=direct.complaint,
        mechanism=none,
        method=np.full(len(none), _DIRECT),
        site=sites_attended(people.lsoa[direct.row], person_id, 0.0, context.chance),
        ends=people.death_day[direct.row],
        died=np.ones(len(none), bool),
    )


def _ends(
    context: RecordingContext, admitted: _Admitted, diagnosis: Ints, chance: Stream
) -> tuple[Ints, Mask]:
    """Draw when each spell ends: before the next begins, and before a death elsewhere."""
    people, row, day = context.people, admitted.row, admitted.day
    age = (day - people.birth_day[row]) / DAYS_A_YEAR
    drawn = day + stay_days(diagnosis, age, admitted.ids, chance)
    drawn = np.where(admitted.ends >= 0, admitted.ends, drawn)
    order = np.lexsort((admitted.died, day, row))
    later = np.append(order[1:], -1)
    same = (row[later] == row[order]) & (later >= 0)
    following = np.full(len(row), np.iinfo(np.int64).max)
    following[order[same]] = day[later[same]]
    # Who dies elsewhere had gone home before.
    before_death = np.maximum(people.death_day[row] - 1, day)
    ends = np.where(admitted.died, drawn, np.minimum(drawn, before_death))
    return np.minimum(ends, following), admitted.died & (ends <= following)


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
        columns={"health_board": coded(board, HEALTH_BOARDS), "updated_on": days(known)},
    )
    write_records(context, records, out)


def _write_spells(context: RecordingContext, spells: _Spells, key: pa.Array, out: Tables) -> None:
    chance, ids = context.chance.stage("hospital"), spells.ids
    inside = spells.ends >= context.period.end
    leaves_rate = _LEAVES_RATE * np.where(spells.need == ASSAULT, _LEAVES_AFTER_ASSAULT, 1)
    leaves = chance.happens("leaves", ids, leaves_rate)
    home = context.people.home_kind[spells.row]
    homes = list(schema.HOME)
    elsewhere = chance.happens("from_elsewhere", ids, _ELSEWHERE_RATE)
    source = np.where(home == homes.index("care_home"), _CARE_HOME_SOURCE, elsewhere)
    source = np.where(home == homes.index("prison"), _PRISON_SOURCE, source)
    age = (spells.day - context.people.birth_day[spells.row]) / DAYS_A_YEAR
    table = pa.table(
        {
            "spell_no": key,
            "hospital_no": _numbers(spells.number, chance),
            "site_code": coded(spells.site, schema.SITES),
            "admitted_on": days(spells.day),
            "admission_method": coded(spells.method, ADMISSION_METHOD),
            "admission_source": coded(source, ADMISSION_SOURCE),
            "discharged_on": pa.array(spells.ends, pa.int32(), mask=inside).cast(pa.date32()),
            "discharge_method": coded(
                np.where(inside, -1, np.where(spells.died, _DIED, leaves)), DISCHARGE_METHOD
            ),
            "specialty": coded(specialty_of(spells.diagnosis, age), SPECIALTY),
        }
    )
    add(out, HOSPITAL_SPELLS, table)
