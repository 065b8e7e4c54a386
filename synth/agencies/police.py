"""The police: occurrences, the nominals in them, and their roles.

A nominal is opened when a force first meets somebody, and again when an officer does not find the
one that exists. Its details are those of the last meeting at which an officer asked for them.
Officers number occurrences in the order of the reports, so numbering needs all of them at once;
nominals are then written with the people they are about.
"""

from __future__ import annotations

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
    days,
    note_contacts,
    times,
    write_records,
)
from synth.calendar import DAY_S, DAYS_A_YEAR, hours_drawn
from synth.chance import Stream
from synth.geography import Geography
from synth.identifiers import scrambled
from synth.population import Census
from synth.schema import FORCES, INJURY, PLACE, POLICE_STATUS, VIOLENCE, WEAPON, coded, codes_of
from synth.spec import Amount, Rate, Spec

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_PREFIX = {"north_wales": "NW", "gwent": "GW", "south_wales": "SW", "dyfed_powys": "DP"}
_OTHER_OFFENCES = {"28E": 0.15, "45": 0.15, "49": 0.4, "58A": 0.3}  # shares; assumed
_MOST_OTHER = 15  # occurrences of other crime a person has in the study
_MOST_NOMINALS = 16  # of one person in one force
_VICTIM, _SUSPECT = range(2)
OFFENCES = tuple(schema.OFFENCES)


class Police(Spec):
    """How the forces keep their records; all assumed unless a source is named."""

    # Victims of other recorded crime per adult and year: all crime 70-80 per 1,000 (2021) less
    # violence and crime against businesses.
    other_crime_a_year: Amount = 0.03
    duplicate_rate: Rate = 0.10  # meetings at which a known person is opened anew; range 0.05-0.20
    refresh_rate: Rate = 0.5  # meetings at which a known nominal's details are asked for again
    known_before_rate: Rate = 0.35  # people met in the study whom the force had met before
    known_before_years: Amount = 3.0  # how long before, mean
    officers_a_force: int = 900  # who enter records
    suspect_identified_stranger: Rate = 0.35  # recorded incidents whose suspect is named
    suspect_identified_known: Rate = 0.92


@dataclass(frozen=True)
class Cases:
    """Everything the forces recorded, in order of force and report; arrays per occurrence."""

    event: Ints  # incident id, or a number of other crime with the top bit set
    incident: Ints  # incident id, -1 for other crime
    force: Ints
    reported_s: Ints
    occurred_s: Ints
    offence: Ints  # index into the occurrences' offence codes
    place: Ints
    lsoa: Ints
    domestic: Mask
    weapon: Ints
    number: pa.Array  # occurrence number
    meetings: Meetings


@dataclass(frozen=True)
class Meetings:
    """Who is met in which occurrence; arrays per meeting, in order of person, force and time."""

    case: Ints  # row in Cases
    person: Ints  # census index
    role: Ints
    nominal: Ints  # number of the nominal: person id, force and turn
    opened_on: Ints  # of that nominal
    known_on: Ints  # day its details were last asked for
    seen_on: Ints  # day it was last met


_OTHER_CRIME = 1 << 40


class PoliceForces(Agency):
    """The four forces."""

    def prepare(self, happened: Happenings, spec: Police) -> Cases:
        """Record the incidents that the police record, and other crime beside them."""
        return _record_cases(happened, spec)

    def named(self, prepared: Cases) -> Ints:
        """Give everybody who is met in an occurrence."""
        return np.unique(prepared.meetings.person)

    def write_block(self, block: Sampled, prepared: Cases, spec: Police, out: Tables) -> None:
        """Write the nominals of a block's people."""
        _write_nominals(block.office, prepared, spec, out)

    def write_outsiders(self, office: Office, prepared: Cases, spec: Police, out: Tables) -> None:
        """Write the nominals of people outside the sample."""
        _write_nominals(office, prepared, spec, out)

    def write_whole(self, happened: Happenings, prepared: Cases, out: Tables) -> None:
        """Write the forces' occurrences and the roles in them."""
        _write_occurrences(happened, prepared, out)


def _record_cases(happened: Happenings, spec: Police) -> Cases:
    chance = happened.chance.stage("police")
    violent = _violent(happened.incidents, happened.geography, spec, chance)
    other = _other(happened, spec, chance)
    merged = {name: np.concatenate([violent[name], other[name]]) for name in violent}
    order = np.lexsort((merged["event"], merged["reported_s"], merged["force"]))
    merged = {name: values[order] for name, values in merged.items()}
    victim, suspect = merged.pop("victim"), merged.pop("suspect")
    meetings = _meet(happened.victims.census, merged, victim, suspect, spec, chance)
    number = _number(merged["force"], merged["reported_s"])
    return Cases(**merged, number=number, meetings=meetings)


def _violent(
    incidents: pa.Table, geography: Geography, spec: Police, chance: Stream
) -> dict[str, Ints]:
    status = codes_of(incidents["police_status"], POLICE_STATUS)
    own = incidents.filter(pa.array(status == list(POLICE_STATUS).index("recorded")))
    ids, kind = own["incident_id"].to_numpy(), codes_of(own["kind"], VIOLENCE)
    stranger = kind == list(VIOLENCE).index("stranger")
    identified = np.where(stranger, spec.suspect_identified_stranger, spec.suspect_identified_known)
    named = chance.happens("suspect_identified", ids, identified)
    return {
        "event": ids,
        "incident": ids,
        "force": geography.force[own["lsoa"].to_numpy()],
        "reported_s": own["report_s"].to_numpy(),
        "occurred_s": own["occurred_s"].to_numpy(),
        "offence": _offence(ids, kind, codes_of(own["injury"], INJURY), chance),
        "place": codes_of(own["place"], PLACE),
        "lsoa": own["lsoa"].to_numpy(),
        "domestic": np.isin(kind, [list(VIOLENCE).index(name) for name in ("partner", "family")]),
        "weapon": codes_of(own["weapon"], WEAPON),
        "victim": own["victim"].to_numpy(),
        "suspect": np.where(named, own["offender"].to_numpy(), -1),
    }


def _offence(ids: Ints, kind: Ints, injury: Ints, chance: Stream) -> Ints:
    codes = list(OFFENCES)
    intent = (injury == 2) & chance.happens("with_intent", ids, 0.08)  # share of woundings; assumed
    child = (kind == list(VIOLENCE).index("child")) & (injury == 0)
    found = [codes.index(code) for code in ("5D", "11A", "8N", "105A")]
    return np.select([intent, child, injury > 0], found[:3], found[3])


def _other(happened: Happenings, spec: Police, chance: Stream) -> dict[str, Ints]:
    """Draw other recorded crime against adults of the sample."""
    victims, period, geography = happened.victims, happened.period, happened.geography
    census = victims.census
    adult = victims.person[census.age_years[victims.person] >= 16]
    mean = np.full(len(adult), spec.other_crime_a_year * period.years)
    count = chance.poisson("other_crime", census.person_id[adult], mean, most=_MOST_OTHER)
    row = np.repeat(np.arange(len(adult)), count)
    turn = np.arange(len(row)) - (np.cumsum(count) - count)[row]
    victim = adult[row]
    ids = census.person_id[victim] * 16 + turn
    when = hours_drawn(period, np.full(len(ids), "public_nte"), ids, chance, "other_when")
    offence = list(OFFENCES)
    kinds = np.array([offence.index(code) for code in _OTHER_OFFENCES])
    none = np.full(len(ids), -1)
    return {
        "event": ids | _OTHER_CRIME,
        "incident": none,
        "force": geography.force[census.lsoa[victim]],
        "reported_s": when + (chance.exponential("other_delay", ids) * DAY_S).astype(np.int64),
        "occurred_s": when,
        "offence": kinds[chance.pick("other_offence", ids, list(_OTHER_OFFENCES.values()))],
        "place": chance.below("other_place", ids, len(PLACE)),
        "lsoa": census.lsoa[victim],
        "domestic": np.zeros(len(ids), bool),
        "weapon": none,
        "victim": victim,
        "suspect": none,
    }


def _number(force: Ints, reported_s: Ints) -> pa.Array:
    """Give occurrences their numbers: force, year, and a serial in order of report."""
    year = reported_s.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    group = force * 10_000 + year
    serial = np.arange(len(group)) - np.searchsorted(group, group) + 1
    prefixes = np.array(list(_PREFIX.values()))[force]
    text = np.char.add(prefixes, np.char.mod("%02d", year % 100))
    return pa.array(np.char.add(text, np.char.mod("%08d", serial)), pa.string())


def _meet(
    census: Census,
    cases: dict[str, Ints],
    victim: Ints,
    suspect: Ints,
    spec: Police,
    chance: Stream,
) -> Meetings:
    """Find or open a nominal for everybody whom an occurrence names."""
    named = np.flatnonzero(suspect >= 0)
    case = np.concatenate([np.arange(len(victim)), named])
    person = np.concatenate([victim, suspect[named]])
    role = np.repeat([_VICTIM, _SUSPECT], [len(victim), len(named)])
    force, when = cases["force"][case], cases["reported_s"][case]
    order = np.lexsort((role, cases["event"][case], when, force, person))
    case, person, role, force = case[order], person[order], role[order], force[order]
    day = when[order] // DAY_S
    key = cases["event"][case] * 2 + role
    known = person * len(FORCES) + force
    first = np.diff(known, prepend=-1) != 0
    anew = first | chance.happens("duplicate", key, spec.duplicate_rate)
    turn = np.minimum(_within(np.cumsum(anew), known), _MOST_NOMINALS - 1)
    nominal = (census.person_id[person] * len(FORCES) + force) * _MOST_NOMINALS + turn
    opens = np.diff(nominal, prepend=-1) != 0
    before = opens & (turn == 0) & chance.happens("known_before", nominal, spec.known_before_rate)
    years = spec.known_before_years * chance.exponential("known_years", nominal)
    opened = day - np.where(before, years * DAYS_A_YEAR, 0).astype(np.int64)
    asked = (opens & ~before) | chance.happens("asks_again", key, spec.refresh_rate)
    start, group = np.flatnonzero(opens), np.cumsum(opens) - 1
    last = np.flatnonzero(np.diff(nominal, append=-1))
    latest = np.maximum.accumulate(np.where(asked, np.arange(len(asked)), -1))[last]
    known_on = np.where(latest >= start, day[latest], opened[start])
    return Meetings(
        case=case,
        person=person,
        role=role,
        nominal=nominal,
        opened_on=opened[start][group],
        known_on=known_on[group],
        seen_on=day[last][group],
    )


def _within(running: Ints, group: Ints) -> Ints:
    """Restart a running count in each group of equal neighbours, from 0."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    return running - running[starts][np.cumsum(np.diff(group, prepend=-1) != 0) - 1]


def _write_nominals(office: Office, cases: Cases, spec: Police, out: Tables) -> None:
    met = cases.meetings
    low, high = np.searchsorted(met.person, [office.people.person[0], office.people.person[-1] + 1])
    _, first = np.unique(met.nominal[low:high], return_index=True)
    own = low + np.sort(first)
    own = own[np.isin(met.person[own], office.people.person)]
    force = cases.force[met.case[own]]
    for number, name in enumerate(FORCES):
        chosen = own[force == number]
        if not len(chosen):
            continue
        ids = met.nominal[chosen]
        records = Records(
            shape=schema.police_tables(name)[0],
            key=_references(ids, number, office.chance),
            ids=ids,
            row=office.people.row(met.person[chosen]),
            known_on=met.known_on[chosen],
            event_on=met.seen_on[chosen],
            clerk=office.chance.below("officer", ids, spec.officers_a_force) * 8 + number,
            columns={"created_on": days(met.opened_on[chosen])},
        )
        write_records(office, records, out)


def _references(nominal: Ints, force: int, chance: Stream) -> pa.Array:
    prefix = list(_PREFIX.values())[force]
    return scrambled("nominal", nominal, prefix=prefix, digits=10, chance=chance.stage("police"))


def _write_occurrences(happened: Happenings, cases: Cases, out: Tables) -> None:
    geography, chance = happened.geography, happened.chance
    sources = tuple(f"police/{force}" for force in FORCES)
    recorded = np.flatnonzero(cases.incident >= 0)
    note_contacts(
        cases.incident[recorded],
        coded(cases.force[recorded], sources),
        cases.reported_s[recorded],
        out,
    )
    for number, name in enumerate(FORCES):
        own = np.flatnonzero(cases.force == number)
        if not len(own):
            continue
        _, occurrences, roles = schema.police_tables(name)
        rows = pa.array(own)
        table = pa.table(
            {
                "occurrence_no": cases.number.take(rows),
                "reported_at": times(cases.reported_s[own]),
                "occurred_at": times(cases.occurred_s[own]),
                "offence_code": coded(cases.offence[own], OFFENCES),
                "location_type": coded(cases.place[own], PLACE),
                "lsoa_code": pa.array(geography.code[cases.lsoa[own]], pa.string()),
                "domestic_flag": cases.domestic[own],
                "weapon": coded(cases.weapon[own], WEAPON),
            }
        )
        add(out, occurrences, table)
        about_incidents(occurrences, cases.number.take(rows), cases.incident[own], out)
        _write_roles(cases, number, roles, chance, out)


def _write_roles(
    cases: Cases, force: int, shape: schema.Table, chance: Stream, out: Tables
) -> None:
    met = cases.meetings
    own = np.flatnonzero(cases.force[met.case] == force)
    roles = ("victim", "suspect")
    table = pa.table(
        {
            "occurrence_no": cases.number.take(pa.array(met.case[own])),
            "nominal_ref": _references(met.nominal[own], force, chance),
            "role": coded(met.role[own], roles),
        }
    )
    add(out, shape, table)
