"""The Police National Computer: arrested people, their offences, and the outcomes.

Staff of a bureau enter an identity from the custody record, in capitals, and number people and
arrests in their own way: nothing here leads back to a force's nominals or occurrences.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Records,
    Tables,
    add,
    days,
    times,
    write_records,
)
from darkfigure.synth.agencies.pnc.tables import PNC_ARRESTS, PNC_DISPOSALS, PNC_PERSONS
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import DISPOSAL, OFFENCES
from darkfigure.synth.agencies.police.numbers import running_on, serial_within
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import starts_of_runs
from darkfigure.synth.core.identifiers import (
    ASN_SEQUENCES,
    CRO_SERIALS,
    PNC_SERIALS,
    asns,
    cro_numbers,
    pnc_ids,
)
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.schema import FORCES, coded
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR

_CLERKS = 60  # of the bureaux, in all; assumed
_TURNS = 4  # most records of one person; assumed
_FORCE_CODES = np.array([60, 61, 62, 63])  # in the order of FORCES
_BEGAN = 1_461  # the computer began in 1974
_SERIALS_ROOM = 800_000  # where the serials of a salted world may start in a year
_CRO_A_YEAR = 100_000  # serials there are
_YOUNGEST = 10  # age of criminal responsibility in England and Wales. Source: well known


class NationalComputer(Spec):
    """People on record, and the keeping of records; all assumed."""

    second_record_rate: Rate = 0.03
    """Arrests at which a known person gets a record anew."""
    known_men_rate: Rate = 0.16
    """Men with a record from before the study."""
    known_women_rate: Rate = 0.04
    """Women with a record from before the study."""
    known_years: Amount = 8.0
    """Age of these records, mean."""
    fingerprinted_rate: Rate = 0.85


@dataclass(frozen=True)
class Arrests:
    """Arrests in order of person and time; records of people in order of person and turn."""

    person: Ints  # census index, per record; as the next six
    record: Ints  # person id and turn
    made_on: Ints
    known_on: Ints
    force: Ints
    pnc_id: pa.Array
    cro_no: pa.Array
    arrest_record: Ints  # row of the record, per arrest; as all below
    arrested_s: Ints
    arrest_force: Ints
    offence: Ints
    disposal: Ints
    disposed_on: Ints  # beyond every study while the case is open
    event: Ints


class PoliceNationalComputer(Agency):
    """The agency of the Police National Computer, as far as the four forces write to it."""

    def prepare(self, simulated: SimulatedEvents, spec: NationalComputer) -> Arrests | None:
        """Draw the people who are arrested; without a police nobody is."""
        cases = simulated.prepared.get("police")
        return _arrest(simulated, cases, spec) if isinstance(cases, PoliceCases) else None

    def named(self, prepared: Arrests | None) -> Ints:
        """Give everybody with a record."""
        return np.empty(0, np.int64) if prepared is None else np.unique(prepared.person)

    def write_block(
        self, block: SampleBlock, prepared: Arrests | None, spec: NationalComputer, out: Tables
    ) -> None:
        """Write the records of a block's people."""
        self.write_outsiders(block.context, prepared, spec, out)

    def write_outsiders(
        self,
        context: RecordingContext,
        prepared: Arrests | None,
        spec: NationalComputer,
        out: Tables,
    ) -> None:
        """Write the records of a block's people; the same for people outside the sample."""
        del spec
        if prepared is not None:
            _write_records(context, prepared, out)

    def write_whole(
        self, simulated: SimulatedEvents, prepared: Arrests | None, out: Tables
    ) -> None:
        """Write the arrests and their outcomes."""
        if prepared is not None:
            _write_arrests(simulated, prepared, out)


def _arrest(simulated: SimulatedEvents, cases: PoliceCases, spec: NationalComputer) -> Arrests:
    chance, census = simulated.chance.stage("pnc"), simulated.victims.census
    made = cases.arrests
    reported_s = cases.reported_s[made.case]
    order = np.lexsort((made.event, reported_s, made.person))
    row, person, when, event = (
        part[order] for part in (made.case, made.person, reported_s, made.event)
    )
    anew = np.diff(person, prepend=-1) == 0
    anew &= chance.happens("second_record", event, spec.second_record_rate)
    first = starts_of_runs(person)
    turn = np.minimum(np.cumsum(anew) - np.cumsum(anew)[first], _TURNS - 1)
    arrest_key = census.person_id[person] * _TURNS + turn
    before, made_before = _known_before(simulated, spec, chance)
    keys = np.unique(np.concatenate([arrest_key, census.person_id[before] * _TURNS]))
    record = np.searchsorted(keys, arrest_key)
    created, updated, force = _histories(keys, record, when, cases.force[row])
    earlier = np.searchsorted(keys, census.person_id[before] * _TURNS)
    created[earlier] = np.minimum(created[earlier], made_before)
    updated = np.where(updated < 0, created, updated)
    owner = np.searchsorted(census.person_id, keys // _TURNS)
    force = np.where(force < 0, simulated.geography.force[census.lsoa[owner]], force)
    return Arrests(
        person=owner,
        record=keys,
        made_on=created,
        known_on=updated,
        force=force,
        **_identities(keys, created, spec, chance),
        arrest_record=record,
        arrested_s=made.arrested_s[order],
        arrest_force=cases.force[row],
        offence=cases.offence[row],
        disposal=made.disposal[order],
        disposed_on=cases.custody.disposed_s[order] // DAY_S,
        event=event,
    )


def _known_before(
    simulated: SimulatedEvents, spec: NationalComputer, chance: Stream
) -> tuple[Ints, Ints]:
    """Draw the sample's adults with a record from before the study, and its first day."""
    census, person = simulated.victims.census, simulated.victims.person
    rate = np.where(census.sex[person] == 1, spec.known_men_rate, spec.known_women_rate)
    adult = census.age_years[person] >= 18
    own = person[adult & chance.happens("known_before", census.person_id[person], rate)]
    years = spec.known_years * chance.exponential("known_years", census.person_id[own])
    able = census.age_years[own] - _YOUNGEST
    # Who would have been too young began at any age since.
    late = able * chance.uniform("known_since", census.person_id[own])
    since = np.where(years < able, years, late)
    created = simulated.period.start - 1 - (since * DAYS_A_YEAR).astype(np.int64)
    created = np.maximum(created, _BEGAN)
    here = created >= census.came_day[own]  # forces elsewhere do not write here
    return own[here], created[here]


def _histories(keys: Ints, record: Ints, when: Ints, force: Ints) -> tuple[Ints, Ints, Ints]:
    """Give each record's first and last day of arrest, and the force of the first."""
    created = np.full(len(keys), np.iinfo(np.int32).max, np.int64)
    updated, by = np.full(len(keys), -1), np.full(len(keys), -1)
    np.minimum.at(created, record, when // DAY_S)
    np.maximum.at(updated, record, when // DAY_S)
    by[record[::-1]] = force[::-1]
    return created, updated, by


def _identities(
    keys: Ints, created: Ints, spec: NationalComputer, chance: Stream
) -> dict[str, pa.Array]:
    """Give records numbers of the year in which they were made, in an order without meaning."""
    year = created.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    mixed = np.argsort(chance.uniform("serial", keys), kind="stable")
    turn, serial = np.empty((2, len(keys)), np.int64)
    turn[mixed] = serial_within(year[mixed]) - 1
    serial[mixed] = running_on(year[mixed], _SERIALS_ROOM, chance) - 1
    cro = cro_numbers(year, CRO_SERIALS[0] + serial % _CRO_A_YEAR)
    fingerprinted = chance.happens("fingerprints", keys, spec.fingerprinted_rate) & (
        turn < _CRO_A_YEAR
    )
    return {
        "pnc_id": pnc_ids(year, PNC_SERIALS[0] + serial),
        "cro_no": pc.if_else(pa.array(fingerprinted), cro, None),
    }


def _write_records(context: RecordingContext, arrests: Arrests, out: Tables) -> None:
    people, chance = context.people, context.chance.stage("pnc")
    if not len(people.person):
        return
    low, high = np.searchsorted(arrests.person, people.span)
    own = low + np.flatnonzero(people.holds(arrests.person[low:high]))
    if not len(own):
        return
    selection = pa.array(own)
    records = Records(
        shape=PNC_PERSONS,
        key=arrests.pnc_id.take(selection),
        ids=arrests.record[own],
        row=people.row(arrests.person[own]),
        known_on=arrests.known_on[own],
        event_on=arrests.known_on[own],
        clerk=chance.below("clerk", arrests.record[own], _CLERKS),
        columns={
            "cro_no": arrests.cro_no.take(selection),
            "created_on": days(arrests.made_on[own]),
            "force": coded(arrests.force[own], FORCES),
        },
    )
    write_records(context, records, out)


def _write_arrests(simulated: SimulatedEvents, arrests: Arrests, out: Tables) -> None:
    chance, event = simulated.chance.stage("pnc"), arrests.event
    year = arrests.arrested_s.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64)
    sequence = ASN_SEQUENCES[0] + chance.permute("asn", np.arange(len(event)), 10**9)
    asn = asns(_FORCE_CODES[arrests.arrest_force], sequence, year=year + 1970)
    table = pa.table(
        {
            "asn": asn,
            "pnc_id": arrests.pnc_id.take(pa.array(arrests.arrest_record)),
            "arrested_at": times(arrests.arrested_s),
            "force": coded(arrests.arrest_force, FORCES),
            "offence_code": coded(arrests.offence, OFFENCES),
        }
    )
    add(out, PNC_ARRESTS, table)
    day = arrests.disposed_on
    ended = np.flatnonzero(day < simulated.period.end)
    ends = pa.table(
        {
            "asn": asn.take(pa.array(ended)),
            "disposed_on": days(day[ended]),
            "disposal": coded(arrests.disposal[ended], DISPOSAL),
        }
    )
    add(out, PNC_DISPOSALS, ends)
