"""Schools: the pupil census, and concerns written down about pupils."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth import schema
from synth.agencies.agency import Agency, Happenings, Sampled
from synth.agencies.records import (
    Office,
    Records,
    Tables,
    about_incidents,
    add,
    constant,
    days,
    note_contacts,
    write_records,
)
from synth.blocks import birth_days
from synth.calendar import DAY_S, DAYS_A_YEAR, Period
from synth.chance import Stream
from synth.geography import Geography
from synth.identifiers import scrambled, upns
from synth.population import Census
from synth.schema import coded
from synth.spec import Amount, Rate, Spec

Ints = NDArray[np.int64]

_FIRST_SCHOOL = 9990  # school numbers 9990 to 9999 belong to no school
_SERIALS = 1_000  # pupils a school number takes in a year
_MOST_CONCERNS = 7
_STAFF = 30  # who enter pupils' details, per school; assumed
_EPOCH = dt.date(1970, 1, 1)


class Education(Spec):
    """How schools keep their records; assumed unless a source is named."""

    # Details were taken down on admission, at 4 or 11, or at a later check this often.
    rechecked_rate: Rate = 0.5  # assumed
    other_concerns_a_year: Amount = 0.04  # per pupil; assumed


@dataclass(frozen=True)
class Pupils:
    """Everybody of school age at the pupil census, in order of census index."""

    person: Ints
    authority: Ints
    upn: pa.Array


def census_day(period: Period) -> int:
    """Give the day of the last pupil census in the study: the middle of January."""
    last = _EPOCH + dt.timedelta(days=period.end - 1)
    year = last.year if (last.month, last.day) >= (1, 16) else last.year - 1
    return (dt.date(year, 1, 16) - _EPOCH).days


def enrol(census: Census, geography: Geography, period: Period, chance: Stream) -> Pupils:
    """Give every child of school age a pupil number that nobody else has.

    Numbering needs all children of an authority at once, so this runs before the blocks.
    """
    age = (census_day(period) - birth_days(census.age_years, period.start)) / DAYS_A_YEAR
    person = np.flatnonzero((age >= 4.4) & (age < 16.4))
    entry_year = 1970 + np.floor((census_day(period) / DAYS_A_YEAR) - age[person] + 4.6)
    authority = geography.authority[census.lsoa[person]]
    group = authority * 10_000 + entry_year.astype(np.int64)
    order = np.lexsort((chance.uniform("serial", census.person_id[person]), group))
    ordered = group[order]
    serial = np.empty(len(person), np.int64)
    serial[order] = np.arange(len(person)) - np.searchsorted(ordered, ordered)
    entry_year = entry_year.astype(np.int64)
    number = geography.authorities["education_number"].to_numpy()[authority]
    upn = upns(
        number,
        _FIRST_SCHOOL + serial // _SERIALS,
        entry_year=entry_year % 100,
        serial=serial % _SERIALS,
    )
    return Pupils(person, authority, upn)


class Schools(Agency):
    """The schools."""

    def prepare(self, happened: Happenings, spec: Education) -> Pupils:
        """Give everybody of school age a number."""
        del spec
        census, chance = happened.victims.census, happened.chance.stage("education")
        return enrol(census, happened.geography, happened.period, chance)

    def write_block(self, block: Sampled, prepared: Pupils, spec: Education, out: Tables) -> None:
        """Write the pupil census and the concerns about a block's people."""
        pupils = _write_pupils(block.office, prepared, spec, out)
        noticed = block.incidents.filter(block.incidents["school_noticed"])
        known = noticed.filter(pa.array(np.isin(noticed["row"].to_numpy(), pupils)))
        _write_concerns(block.office, known, pupils, spec, out)


def _write_pupils(office: Office, enrolled: Pupils, spec: Education, out: Tables) -> Ints:
    """Write the pupil census; give the rows of the people in it."""
    chance, people = office.chance.stage("education"), office.people
    found = np.flatnonzero(np.isin(enrolled.person, people.person))
    row = people.row(enrolled.person[found])
    ids = people.person_id[row]
    key = _numbers(ids, chance)
    today = census_day(office.period)
    admitted = _known_on(people.birth_day[row], today, spec, ids, chance)
    school = 660_0000 + enrolled.authority[found] * 10_000 + people.lsoa[row] % 97
    records = Records(
        shape=schema.PUPILS,
        key=key,
        ids=ids,
        row=row,
        known_on=admitted,
        event_on=np.full(len(row), today),
        clerk=school * _STAFF + chance.below("staff", ids, _STAFF),
        columns={
            "upn": enrolled.upn.take(pa.array(found)),
            "school_code": pa.array(np.char.mod("%07d", school), pa.string()),
            "admitted_on": days(admitted),
        },
    )
    write_records(office, records, out)
    return row


def _numbers(person_id: Ints, chance: Stream) -> pa.Array:
    return scrambled("pupil", person_id, prefix="PU", digits=8, chance=chance)


def _known_on(birth_day: Ints, today: int, spec: Education, ids: Ints, chance: Stream) -> Ints:
    """Give the day on which the school took down the details: on admission or since."""
    age = (today - birth_day) / DAYS_A_YEAR
    admitted = birth_day + (np.where(age >= 11.4, 11.3, 4.3) * DAYS_A_YEAR).astype(np.int64)
    again = chance.happens("rechecked", ids, spec.rechecked_rate)
    later = admitted + chance.below("recheck_day", ids, np.maximum(today - admitted, 0) + 1)
    return np.minimum(np.where(again, later, admitted), today)


def _write_concerns(
    office: Office, incidents: pa.Table, pupils: Ints, spec: Education, out: Tables
) -> None:
    period = office.period
    chance, people = office.chance.stage("education"), office.people
    mean = np.full(len(pupils), spec.other_concerns_a_year * period.years)
    count = chance.poisson("concerns", people.person_id[pupils], mean, most=_MOST_CONCERNS)
    other = np.repeat(pupils, count)
    turn = np.arange(len(other)) - np.repeat(np.cumsum(count) - count, count)
    other_ids = people.person_id[other] * (_MOST_CONCERNS + 1) + turn
    ids = np.concatenate([incidents["incident_id"].to_numpy() << 1, other_ids << 1 | 1])
    row = np.concatenate([incidents["row"].to_numpy(), other])
    spread = period.start + chance.below("concern_day", ids, period.end - period.start)
    day = np.append(incidents["school_day"].to_numpy(), spread[incidents.num_rows :])
    labels = tuple(schema.CONCERN)
    kind = np.where(
        np.arange(len(ids)) < incidents.num_rows,
        chance.below("concern_about", ids, 2),
        labels.index("other"),
    )
    key = scrambled("concern", ids, prefix="CN", digits=11, chance=chance)
    table = pa.table(
        {
            "concern_no": key,
            "pupil_no": _numbers(people.person_id[row], chance),
            "noted_on": days(day),
            "concern": coded(kind, labels),
        }
    )
    add(out, schema.CONCERNS, table)
    incident_id = np.append(incidents["incident_id"].to_numpy(), np.full(len(other), -1, np.int64))
    about_incidents(schema.CONCERNS, key, incident_id, out)
    noticed, learned = incidents["incident_id"].to_numpy(), incidents["school_day"].to_numpy()
    note_contacts(noticed, constant("education", len(noticed)), learned * DAY_S, out)
