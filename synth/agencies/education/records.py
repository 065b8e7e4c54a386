"""Schools: the pupil census, attendance, exclusions, and concerns written down about pupils."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.agencies.education.pupil_numbers import PupilNumbers
from darkfigure.synth.agencies.education.pupils import Pupil, describe_pupils, year_group
from darkfigure.synth.agencies.education.school_places import write_schools
from darkfigure.synth.agencies.education.school_years import (
    Excluded,
    write_attendance,
    write_exclusions,
)
from darkfigure.synth.agencies.education.tables import CONCERNS, PUPILS, YEAR_GROUP
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
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
from darkfigure.synth.agencies.framework.service_demand import occasions
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.identifiers import scrambled, upns
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.lives import People
from darkfigure.synth.population import Census
from darkfigure.synth.schema import PLACE, coded, codes_of
from darkfigure.synth.setting.birthdays import birth_days
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR, Period
from darkfigure.synth.setting.geography import Geography, wales
from darkfigure.synth.setting.school_choice import Schoolchildren, speaks_welsh_at_home
from darkfigure.synth.setting.schools import school_sites
from darkfigure.synth.setting.working_days import school_day, school_days_drawn

_FIRST_SCHOOL = 9990  # school numbers 9990 to 9999 belong to no school
_SERIALS = 1_000  # pupils of a school number in a year
_PAST_SCHOOL = 20  # years: at that age nobody is in a year group, whatever the birthday; no rate
_MOST_CONCERNS = 7  # about one pupil in the study; assumed
_YEAR_7 = list(YEAR_GROUP).index("7")
_STAYS_RATE = 0.6  # children who stay at school when the family moves nearby; assumed
_STAFF = 30  # people who enter pupils' details, per school; assumed
_EPOCH = dt.date(1970, 1, 1)
_CENSUS_MONTH_DAY = (1, 16)  # of the pupil census, held in January; day assumed
# Ages of admission to a first and to a secondary school, and the age from which a pupil is at the
# latter, in years. Assumed, after the Welsh school year.
_ADMITTED_YEARS, _ADMITTED_SECONDARY_YEARS, _SECONDARY_FROM_YEARS = 4.3, 11.3, 11.4


class Education(Spec):
    """Record keeping of schools; assumed unless a source is named."""

    rechecked_rate: Rate = 0.5
    """Share of pupils whose details, taken down at 4 or 11, were checked at some time since."""
    other_concerns_a_year: Amount = 0.04
    """Concerns for other reasons, per pupil."""
    fsm_rate: Rate = 0.213
    """Share of pupils eligible for free school meals. Source: aged 5 to 15, Welsh Government,
    schools' census 2024.
    """
    fsm_protected_rate: Rate = 0.08
    """Share of pupils who keep them under transitional protection. Source: 29.3 % in all, as
    above.
    """
    aln_rate: Rate = 0.112
    """Share of pupils with additional learning needs. Source: Welsh Government, schools' census
    2024.
    """
    exclusions_per_1000: Amount = 41.0
    """Exclusions of up to five days, per 1,000 pupils and year. Source: Welsh Government, 2018-19;
    26.7 in 2013-14, and about 60 in 2022-23.
    """
    long_exclusions_per_1000: Amount = 2.3
    """Longer exclusions, per 1,000 pupils and year."""
    permanent_exclusions_per_1000: Amount = 0.7
    """Permanent exclusions, per 1,000 pupils and year."""
    assault_excluded_rate: Rate = 0.3
    """Share of known assaults at school after which the offender is excluded."""


@dataclass(frozen=True)
class Pupils:
    """Everybody of school age at the pupil census, in order of census index."""

    person: Ints
    authority: Ints
    upn: pa.Array
    assaults: Excluded  # exclusions for assaults, by the offender's census index


def census_day(period: Period) -> int:
    """Give the day of the last pupil census in the study, a 16 January, since 1970-01-01."""
    last = _EPOCH + dt.timedelta(days=period.end - 1)
    year = last.year if (last.month, last.day) >= _CENSUS_MONTH_DAY else last.year - 1
    return (dt.date(year, *_CENSUS_MONTH_DAY) - _EPOCH).days


def enrol(
    census: Census, geography: Geography, period: Period, chance: Stream
) -> tuple[Ints, Ints, pa.Array]:
    """Give every child of school age a pupil number that nobody else has.

    Numbering needs all children of an authority at once, so this runs before the blocks.

    Parameters
    ----------
    census
        Census of the scenario.
    geography
        Geography of Wales.
    period
        Period of the study.
    chance
        Stream of the schools; draws are keyed by child.

    Returns
    -------
    Census indices, ascending; authorities; unique pupil numbers.
    """
    today = census_day(period)
    young = np.flatnonzero(census.age_years < _PAST_SCHOOL)
    group = year_group(birth_days(census.age_years[young], period.start), today)
    at_school = (group >= 0) & (group < len(YEAR_GROUP))
    person, group = young[at_school], group[at_school]
    # The census is in January, so the school year began in the year before.
    entry_year = int(1970 + today / DAYS_A_YEAR) - 1 - group
    authority = geography.authority[census.household_lsoa[census.household[person]]]
    cohort = authority * 10_000 + entry_year
    order = order_of(cohort, chance.uniform("serial", census.person_id[person]))
    ordered = cohort[order]
    serial = np.empty(len(person), np.int64)
    serial[order] = place_in_runs(ordered)
    number = geography.authorities["education_number"].to_numpy()[authority]
    upn = upns(
        number,
        _FIRST_SCHOOL + serial // _SERIALS,
        entry_year=entry_year % 100,
        serial=serial % _SERIALS,
    )
    return person, authority, upn


class Schools(Agency):
    """The agency of the schools."""

    def prepare(self, simulated: SimulatedEvents, spec: Education) -> Pupils:
        """Give everybody of school age a number, and draw exclusions for assaults."""
        census, chance = simulated.victims.census, simulated.chance.stage("education")
        enrolled = enrol(census, simulated.geography, simulated.period, chance)
        incidents = simulated.incidents
        at_school = codes_of(incidents["place"], PLACE) == list(PLACE).index("school")
        excluded = at_school & incidents["school_noticed"].to_numpy(zero_copy_only=False)
        ids = incidents["incident_id"].to_numpy()
        excluded &= chance.happens("assault_excluded", ids, spec.assault_excluded_rate)
        excluded &= places(incidents["offender"].to_numpy(), enrolled[0]) >= 0
        chosen = incidents.filter(pa.array(excluded))
        order = order_of(chosen["offender"].to_numpy())
        assaults = Excluded(
            person=chosen["offender"].to_numpy()[order],
            incident=chosen["incident_id"].to_numpy()[order],
            day=school_day(chosen["school_day"].to_numpy()[order] + 1),
        )
        return Pupils(*enrolled, assaults)

    def write_block(
        self, block: SampleBlock, prepared: Pupils, spec: Education, out: Tables
    ) -> None:
        """Write the pupil census and all other school records of a block's people."""
        pupils = _write_pupils(block.context, prepared, spec, out)
        chance = block.context.chance.stage("education")
        number = _numbers(pupils.person_id, chance)
        write_attendance(pupils, number, block.context.period, chance, out)
        write_exclusions(pupils, number, prepared.assaults, (block.context, spec), out)
        noticed = block.incidents.filter(block.incidents["school_noticed"])
        known = noticed.filter(pa.array(np.isin(noticed["row"].to_numpy(), pupils.row)))
        _write_concerns(block.context, known, pupils.row, spec, out)

    def write_whole(self, simulated: SimulatedEvents, prepared: Pupils, out: Tables) -> None:
        """List the schools."""
        del simulated, prepared
        write_schools(out)


def _write_pupils(
    context: RecordingContext, enrolled: Pupils, spec: Education, out: Tables
) -> Pupil:
    """Write the pupil census; give the pupils in it."""
    chance, people = context.chance.stage("education"), context.people
    numbers = PupilNumbers.of(people, enrolled.person, enrolled.upn)
    numbers.write(out)
    row, today = numbers.rows, census_day(context.period)
    row = row[people.lives_there(row, np.full(len(row), today))]
    ids = people.person_id[row]
    children = _schoolchildren(context, row, today)
    pupils = Pupil.of(people, row, today, children, (spec.fsm_rate, spec.aln_rate), chance)
    admitted = _known_on(people, row, today, spec, chance)
    school = school_sites().code[pupils.school]
    records = Records(
        shape=PUPILS,
        key=_numbers(ids, chance),
        ids=ids,
        row=row,
        known_on=admitted,
        event_on=np.full(len(row), today),
        entered_on=admitted,
        clerk=school * _STAFF + chance.below("staff", ids, _STAFF),
        columns={
            "upn": numbers.at(row),
            "school_code": pa.array(np.char.mod("%07d", school), pa.string()),
            "admitted_on": days(admitted),
            "year_group": coded(year_group(pupils.birth_day, today), YEAR_GROUP),
            **describe_pupils(pupils, spec.fsm_protected_rate, chance),
        },
        confusable_values={"relative_upn": lambda records: numbers.of_sibling(row[records])},
    )
    write_records(context, records, out)
    return pupils


def _schoolchildren(context: RecordingContext, row: Ints, today: int) -> Schoolchildren:
    """Tell what decides on the pupils' schools; whose family moved nearby may have stayed."""
    people, chance = context.people, context.chance.stage("education")
    secondary = year_group(people.birth_day[row], today) >= _YEAR_7
    entry = np.where(secondary, _ADMITTED_SECONDARY_YEARS, _ADMITTED_YEARS)
    admitted = people.birth_day[row] + (entry * DAYS_A_YEAR).astype(np.int64)
    admitted = np.clip(admitted, people.came_day[row], today)
    now, then = people.lsoa_on(row, np.full(len(row), today)), people.lsoa_on(row, admitted)
    authority = wales().authority
    stays = chance.happens("stays_at_school", people.household_id[row], _STAYS_RATE)
    lsoa = np.where(stays & (authority[now] == authority[then]), then, now)
    return Schoolchildren(
        lsoa=lsoa,
        person_id=people.person_id[row],
        family=people.household_id[row],
        age_years=people.age[row],
        secondary=secondary,
        background=people.background[row],
        welsh_home=speaks_welsh_at_home(lsoa, people.lineage[row], context.chance),
    )


def _numbers(person_id: Ints, chance: Stream) -> pa.Array:
    return scrambled("pupil", person_id, prefix="PU", digits=8, chance=chance)


def _known_on(people: People, row: Ints, today: int, spec: Education, chance: Stream) -> Ints:
    """Give the day on which the school took down the details: on admission or since."""
    birth_day, ids = people.birth_day[row], people.person_id[row]
    age = (today - birth_day) / DAYS_A_YEAR
    secondary = age >= _SECONDARY_FROM_YEARS
    years = np.where(secondary, _ADMITTED_SECONDARY_YEARS, _ADMITTED_YEARS)
    admitted = birth_day + (years * DAYS_A_YEAR).astype(np.int64)
    admitted = np.maximum(admitted, people.came_day[row])
    rechecked = chance.happens("rechecked", ids, spec.rechecked_rate)
    later = admitted + chance.below("recheck_day", ids, np.maximum(today - admitted, 0) + 1)
    return np.minimum(np.where(rechecked, later, admitted), today)


def _write_concerns(
    context: RecordingContext, incidents: pa.Table, pupils: Ints, spec: Education, out: Tables
) -> None:
    period = context.period
    chance, people = context.chance.stage("education"), context.people
    mean = np.full(len(pupils), spec.other_concerns_a_year * period.years)
    count = chance.poisson("concerns", people.person_id[pupils], mean, most=_MOST_CONCERNS)
    owner, turn = occasions(count)
    other = pupils[owner]
    other_ids = people.person_id[other] * (_MOST_CONCERNS + 1) + turn
    spread = school_days_drawn(period, chance.uniform("concern_day", other_ids))
    there = people.lives_there(other, spread)
    other, other_ids, spread = other[there], other_ids[there], spread[there]
    ids = np.concatenate([incidents["incident_id"].to_numpy() << 1, other_ids << 1 | 1])
    row = np.concatenate([incidents["row"].to_numpy(), other])
    day = np.append(incidents["school_day"].to_numpy(), spread)
    labels = tuple(schema.CONCERN)
    kind = np.where(
        np.arange(len(ids)) < incidents.num_rows,
        chance.below("concern_about", ids, 2),
        labels.index("other"),
    )
    key = scrambled("concern", ids, prefix="CN", digits=12, chance=chance)
    table = pa.table(
        {
            "concern_no": key,
            "pupil_no": _numbers(people.person_id[row], chance),
            "noted_on": days(day),
            "concern": coded(kind, labels),
        }
    )
    add(out, CONCERNS, table)
    incident_id = np.append(incidents["incident_id"].to_numpy(), np.full(len(other), -1, np.int64))
    about_incidents(CONCERNS, key, incident_id, out)
    noticed, occurred = (incidents[name].to_numpy() for name in ("incident_id", "occurred_s"))
    learned = np.maximum(incidents["school_day"].to_numpy() * DAY_S, occurred)
    note_contacts(noticed, constant("education", len(noticed)), learned, out)
