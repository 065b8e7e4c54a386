"""Admissions: through departments, past them, from waiting lists, and for births."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.ed.seen import ADMITTED, Seen, seen_in_departments
from darkfigure.synth.agencies.framework.agency import SampleBlock, killed_in
from darkfigure.synth.agencies.framework.last_days import LastDays, before_the_last, last_days
from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.agencies.framework.service_demand import ILLNESS, Needs
from darkfigure.synth.agencies.framework.sites import in_wales
from darkfigure.synth.agencies.hospital.births import births_in_hospital
from darkfigure.synth.agencies.hospital.planned import planned_admissions
from darkfigure.synth.agencies.hospital.principal import draw_principal, once_each, stay_days
from darkfigure.synth.agencies.hospital.tables import ADMISSION_METHOD
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR
from darkfigure.synth.setting.hospitals import planned_sites

PLANNED, BIRTH = 6, 7  # needs besides the reasons of departments
_WAITING_LIST, _DEPARTMENT, _DIRECT, _MATERNITY, _BORN = (
    list(ADMISSION_METHOD).index(code) for code in ("11", "21", "22", "31", "82")
)


@dataclass(frozen=True)
class Admissions:
    """Admissions, assaults first; arrays have one entry per admission.

    Parameters
    ----------
    ids
        Ids by which spells are numbered.
    row
        Row of the person in the block.
    day, ends
        First day, and day of discharge or death; -1 where it is still to be drawn.
    died
        Whether the patient dies in it.
    need
        As departments' reasons, or `PLANNED` or `BIRTH`.
    complaint
        Index into `complaints().names`; -1 for none.
    mechanism
        Of an injury, as the department noted it; -1 for none.
    diagnosis
        Row of `hospital_diagnoses`; -1 where it is still to be drawn.
    outcome
        Of a delivery, index into `ICD`; -1 for none.
    method
        Index into `ADMISSION_METHOD`.
    site
        Index into `schema.SITES`.
    mother
        Of a birth, number of the mother's admission; -1 for none.
    """

    ids: Ints
    row: Ints
    day: Ints
    ends: Ints
    died: Mask
    need: Ints
    complaint: Ints
    mechanism: Ints
    diagnosis: Ints
    outcome: Ints
    method: Ints
    site: Ints
    mother: Ints

    @classmethod
    def of(
        cls, ids: Ints, row: Ints, day: Ints, site: Ints, **known: Ints | Mask | int
    ) -> Admissions:
        """Make admissions of which only some things are known; one number stands for all."""
        open_yet = dict.fromkeys(("ends", "complaint", "mechanism", "diagnosis", "outcome"), -1)
        told = {**open_yet, "mother": -1, "died": False, **known}
        columns = {name: np.broadcast_to(value, len(ids)) for name, value in told.items()}
        return cls(ids=ids, row=row, day=day, site=site, **columns)

    def where(self, chosen: Mask) -> Admissions:
        """Take some admissions; a baby is where its mother is."""
        place = np.append(np.cumsum(chosen) - 1, -1)
        kept = {name: values[chosen] for name, values in vars(self).items()}
        return Admissions(**kept | {"mother": place[kept["mother"]]})


def admissions(block: SampleBlock, needs: Needs) -> tuple[pa.Table, Admissions]:
    """Gather the admissions of a block.

    Parameters
    ----------
    block
        People of the block, and the acts of violence against them.
    needs
        Demand for other reasons.

    Returns
    -------
    The acts of violence whose victims are admitted in Wales, and all admissions there, these first.
    """
    context, chance = block.context, block.context.chance.stage("hospital")
    seen = seen_in_departments(block, needs)
    parts = [
        _through_department(context, seen),
        _past_department(context, last_days(context, block.incidents).in_hospital),
        _from_waiting_list(block, needs),
    ]
    parts.append(_births(context, sum(len(one.ids) for one in parts)))
    together = Admissions(
        *(np.concatenate(part) for part in zip(*(vars(one).values() for one in parts), strict=True))
    )
    drawn = draw_principal(
        context.people, together.row, together.day, together.complaint, together.ids, chance
    )
    drawn = np.where(together.diagnosis < 0, drawn, together.diagnosis)
    diagnosis = once_each(drawn, together.row, together.day)
    ends, died = _ends(context, together, diagnosis, chance)
    admitted = seen.incidents.filter(seen.incidents["admitted"])
    every = replace(together, diagnosis=diagnosis, ends=ends, died=died)
    here = in_wales(every.site)
    return admitted.filter(pa.array(here[: admitted.num_rows])), every.where(here)


def _through_department(context: RecordingContext, seen: Seen) -> Admissions:
    """Admit those whom departments admit; the killed who lived long enough are among them."""
    stays = seen.of_assaults(seen.incidents["admitted"].to_numpy(zero_copy_only=False), 0) > 0
    at = np.flatnonzero(stays | (seen.disposal == ADMITTED))
    killed = seen.of_assaults(killed_in(seen.incidents).astype(np.int64), 0) > 0
    dies, row = (killed | seen.last_of_life)[at], seen.row[at]
    return Admissions.of(
        seen.ids[at] << 2 | 1,
        row,
        seen.arrived_s[at] // DAY_S,
        seen.site[at],
        need=seen.reason[at],
        complaint=seen.complaint[at],
        mechanism=seen.mechanism[at],
        method=_DEPARTMENT,
        ends=np.where(dies, context.people.death_day[row], -1),
        died=dies,
    )


def _past_department(context: RecordingContext, dying: LastDays) -> Admissions:
    """Admit those who are sent to a ward by their practice and die there."""
    direct, people = dying.take(~dying.by_department), context.people
    return Admissions.of(
        people.person_id[direct.row] << 2 | 2,
        direct.row,
        direct.came_day,
        direct.site,
        need=ILLNESS,
        complaint=direct.complaint,
        method=_DIRECT,
        ends=people.death_day[direct.row],
        died=True,
    )


def _from_waiting_list(block: SampleBlock, needs: Needs) -> Admissions:
    """Admit those who waited."""
    context, people = block.context, block.context.people
    waiting = before_the_last(context, block.incidents)
    planned = planned_admissions(waiting, context.period, needs, context.chance)
    return Admissions.of(
        planned.ids << 2,
        planned.row,
        planned.day,
        planned_sites(people.lsoa_on(planned.row, planned.day), planned.ids, context.chance),
        need=PLANNED,
        method=_WAITING_LIST,
        diagnosis=planned.diagnosis,
        ends=np.where(planned.day_case, planned.day, -1),
    )


def _births(context: RecordingContext, n_before: int) -> Admissions:
    """Admit mothers, and then their babies."""
    people, births = context.people, births_in_hospital(context)
    first, n_deliveries = births.first, int(births.first.sum())
    who = people.person_id[births.baby]
    home = people.lsoa_on(births.mother, births.day)
    site = planned_sites(home, who[first][births.delivery], context.chance)
    is_mother = np.repeat([True, False], [n_deliveries, len(who)])
    return Admissions.of(
        np.append(who[first] << 1, who << 1 | 1) << 2 | 3,
        np.append(births.mother[first], births.baby),
        np.append(births.day[first], births.day),
        np.append(site[first], site),
        need=BIRTH,
        method=np.where(is_mother, _MATERNITY, _BORN),
        diagnosis=np.append(births.of_mother[first], births.of_baby),
        outcome=np.append(births.outcome[first], np.full(len(who), -1)),
        mother=np.append(np.full(n_deliveries, -1), n_before + births.delivery),
    )


def _ends(
    context: RecordingContext, admitted: Admissions, diagnosis: Ints, chance: Stream
) -> tuple[Ints, Mask]:
    """Draw when each spell ends: before the next begins, and before a death elsewhere."""
    people, row, day = context.people, admitted.row, admitted.day
    age = (day - people.birth_day[row]) / DAYS_A_YEAR
    drawn = day + stay_days(diagnosis, age, admitted.ids, chance)
    drawn = np.where(admitted.ends >= 0, admitted.ends, drawn)
    order = np.lexsort((admitted.died, day, row))
    later = np.append(order[1:], -1)[: len(order)]
    same = (row[later] == row[order]) & (later >= 0)
    following = np.full(len(row), np.iinfo(np.int64).max)
    following[order[same]] = day[later[same]]
    # Who dies elsewhere had gone home before.
    before_death = np.maximum(people.death_day[row] - 1, day)
    ends = np.where(admitted.died, drawn, np.minimum(drawn, before_death))
    return np.minimum(ends, following), admitted.died & (ends <= following)
