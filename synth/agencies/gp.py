"""General practice: the register of patients and coded entries."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synth import schema
from synth.agencies.agency import Agency, Sampled
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
from synth.calendar import DAY_S, DAYS_A_YEAR
from synth.chance import Stream
from synth.identifiers import scrambled
from synth.schema import VIOLENCE, coded, codes_of
from synth.spec import Amount, Positive, Rate, Spec

Ints = NDArray[np.int64]

_MOST_ENTRIES = 15  # other entries about a patient in the study
_PRACTICE_PEOPLE = 8_000  # patients a practice; Welsh mean, rounded
_STAFF = 12  # who register patients; assumed
_CODES = tuple(schema.READ_CODES)


class GeneralPractice(Spec):
    """How practices keep their records; assumed unless a source is named."""

    registered_rate: Rate = 0.98  # of residents; well known
    # How long ago details were last confirmed, mean; assumed.
    last_confirmed_years: Positive = 2.5
    domestic_coded_rate: Rate = 0.3  # disclosed domestic abuse that is coded; assumed
    other_entries_a_year: Amount = 0.3  # thinned: practices write many more; assumed


class Practices(Agency):
    """The general practices."""

    def write_block(
        self, block: Sampled, prepared: None, spec: GeneralPractice, out: Tables
    ) -> None:
        """Write register and entries of a block's people."""
        del prepared
        registered = _write_register(block.office, spec, out)
        told = block.incidents.filter(block.incidents["gp_consulted"])
        known = told.filter(pa.array(np.isin(told["row"].to_numpy(), registered)))
        _write_entries(block.office, known, registered, spec, out)


def _write_register(office: Office, spec: GeneralPractice, out: Tables) -> Ints:
    """Write the register; give the rows of the people on it."""
    period = office.period
    chance = office.chance.stage("gp")
    people = office.people
    row = np.flatnonzero(chance.happens("registered", people.person_id, spec.registered_rate))
    ids = people.person_id[row]
    number = _numbers(ids, chance)
    ago = chance.exponential("last_confirmed", ids) * spec.last_confirmed_years * DAYS_A_YEAR
    confirmed = np.maximum(period.end - 1 - ago.astype(np.int64), people.birth_day[row])
    practice = people.lsoa[row] * 1_600 // _PRACTICE_PEOPLE
    records = Records(
        shape=schema.GP_REGISTRATIONS,
        key=number,
        ids=ids,
        row=row,
        known_on=confirmed,
        event_on=np.full(len(row), period.end - 1),
        clerk=practice * _STAFF + chance.below("staff", ids, _STAFF),
        columns={
            "practice_code": pa.array(np.char.mod("W9%04d", practice), pa.string()),
            "updated_on": days(confirmed),
        },
    )
    write_records(office, records, out)
    return row


def _numbers(person_id: Ints, chance: Stream) -> pa.Array:
    return scrambled("registration", person_id, prefix="GP", digits=8, chance=chance)


def _write_entries(
    office: Office,
    incidents: pa.Table,
    registered: Ints,
    spec: GeneralPractice,
    out: Tables,
) -> None:
    period = office.period
    chance, people = office.chance.stage("gp"), office.people
    mean = np.full(len(registered), spec.other_entries_a_year * period.years)
    count = chance.poisson("entries", people.person_id[registered], mean, most=_MOST_ENTRIES)
    other = np.repeat(registered, count)
    turn = np.arange(len(other)) - np.repeat(np.cumsum(count) - count, count)
    other_ids = people.person_id[other] * (_MOST_ENTRIES + 1) + turn
    ids = np.concatenate([incidents["incident_id"].to_numpy() << 1, other_ids << 1 | 1])
    row = np.concatenate([incidents["row"].to_numpy(), other])
    spread = period.start + chance.below("entry_day", ids, period.end - period.start)
    day = np.append(incidents["gp_day"].to_numpy(), spread[incidents.num_rows :])
    key = scrambled("entry", ids, prefix="EV", digits=11, chance=chance)
    table = pa.table(
        {
            "event_no": key,
            "registration_no": _numbers(people.person_id[row], chance),
            "event_date": days(np.maximum(day, people.birth_day[row])),
            "read_code": coded(_read_codes(ids, incidents, spec, chance), _CODES),
        }
    )
    add(out, schema.GP_EVENTS, table)
    incident_id = np.append(incidents["incident_id"].to_numpy(), np.full(len(other), -1, np.int64))
    about_incidents(schema.GP_EVENTS, key, incident_id, out)
    told, learned = incidents["incident_id"].to_numpy(), incidents["gp_day"].to_numpy() * DAY_S
    note_contacts(told, constant("gp", len(told)), learned, out)


def _read_codes(ids: Ints, incidents: pa.Table, spec: GeneralPractice, chance: Stream) -> Ints:
    """Code violence as an assault, as domestic abuse, or not as violence at all."""
    kind = codes_of(incidents["kind"], VIOLENCE)
    kinds = list(VIOLENCE)
    domestic = np.isin(kind, [kinds.index(name) for name in ("partner", "family")])
    disclosed = domestic & chance.happens("coded", ids[: len(kind)], spec.domestic_coded_rate)
    at_risk = kind == kinds.index("child")
    found = [_CODES.index(code) for code in ("14X8.", "13IF.", "TL...")]
    violent = np.select([disclosed, at_risk, ~domestic], found, _CODES.index("246.."))
    ordinary = np.array([_CODES.index(code) for code in ("H05z.", "246..")])
    other = ordinary[chance.below("ordinary", ids[len(kind) :], len(ordinary))]
    return np.concatenate([violent, other])
