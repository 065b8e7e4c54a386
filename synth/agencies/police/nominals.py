"""Nominals: opened when a store first meets a person, and again when none is found.

A nominal has the details of the last meeting at which an officer asked for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.languages_asked import languages_asked
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Records,
    Tables,
    constant,
    days,
    write_records,
)
from darkfigure.synth.agencies.police.further_people import SUSPECT, VICTIM, WITNESS, Further
from darkfigure.synth.agencies.police.kinds_of_work import INTELLIGENCE
from darkfigure.synth.agencies.police.numbers import (
    INTELLIGENCE_STORE,
    MOST_NOMINALS,
    STORES,
    collar_numbers,
    nominal_ids,
    nominal_references,
)
from darkfigure.synth.agencies.police.spec import Police
from darkfigure.synth.agencies.police.tables import LAYOUTS, OWNERS, common_tables, police_tables
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.population import Census
from darkfigure.synth.schema import FORCES, Table, coded
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR

# Multipliers on the rates of aliases, and of empty cells: about a third of nominals are suspects;
# their birth date and ethnic group are missing about half as often (grade C), the rest is assumed.
_SUSPECTS_HIDE, _OTHERS_HIDE = 2.0, 0.5
_SUSPECTS_SILENT, _OTHERS_SILENT = 0.5, 1.4
_FORCES_ROOM = 8  # keeps the officers of each force apart; no rate
_DYFED_POWYS = list(FORCES).index("dyfed_powys")


@dataclass(frozen=True)
class Meetings:
    """Meetings of people in cases, in order of person, store and time; one entry of each array."""

    case: Ints  # row in Cases
    person: Ints  # census index
    role: Ints
    store: Ints  # index into STORES
    nominal: Ints  # number of the nominal: person id, store and turn
    opened_on: Ints  # of that nominal
    known_on: Ints  # day its details were last asked for
    seen_on: Ints  # day it was last met


def meet(
    census: Census, cases: Mapping[str, Ints], further: Further, spec: Police, chance: Stream
) -> Meetings:
    """Find or open a nominal for everybody whom a case names.

    Parameters
    ----------
    census
        Census of the scenario.
    cases
        Columns of `PoliceCases`, by name.
    further
        People whom cases name besides the first of each role.
    spec
        Record keeping of the forces.
    chance
        Stream of the police; draws are keyed by meeting and nominal.
    """
    people = [cases[name] for name in ("victim", "suspect", "witness")]
    named = [np.flatnonzero(person >= 0) for person in people]
    case = np.concatenate([*named, further.case])
    first = [person[rows] for person, rows in zip(people, named, strict=True)]
    person = np.concatenate([*first, further.person])
    role = np.repeat([VICTIM, SUSPECT, WITNESS], [len(rows) for rows in named])
    key = np.append(cases["event"][case[: len(role)]] * 4 + role, further.key)
    role = np.append(role, further.role)
    store = _store(cases["force"][case], cases["category"][case])
    order = np.lexsort((role, cases["event"][case], cases["reported_s"][case], store, person))
    case, person, role, store = case[order], person[order], role[order], store[order]
    day, key = cases["reported_s"][case] // DAY_S, key[order]
    known = person * len(STORES) + store
    anew = (np.diff(known, prepend=-1) != 0) | chance.happens("duplicate", key, spec.duplicate_rate)
    turn = np.minimum(_within(np.cumsum(anew), known), MOST_NOMINALS - 1)
    nominal = nominal_ids(census.person_id[person], store, turn)
    opens = np.diff(nominal, prepend=-1) != 0
    before = opens & (turn == 0) & chance.happens("known_before", nominal, spec.known_before_rate)
    years = spec.known_before_years * chance.exponential("known_years", nominal)
    opened = day - np.where(before, years * DAYS_A_YEAR, 0).astype(np.int64)
    asked = (opens & ~before) | chance.happens("asks_again", key, spec.refresh_rate)
    start, group = np.flatnonzero(opens), np.cumsum(opens) - 1
    last = np.flatnonzero(np.diff(nominal, append=-1))
    latest = np.maximum.accumulate(np.where(asked, np.arange(len(asked)), -1))[last]
    opened = np.maximum(opened, census.came_day[person])
    known_on = np.where(latest >= start, day[latest], opened[start])
    return Meetings(
        case=case,
        person=person,
        role=role,
        store=store,
        nominal=nominal,
        opened_on=opened[start][group],
        known_on=known_on[group],
        seen_on=day[last][group],
    )


def _store(force: Ints, category: Ints) -> Ints:
    apart = (force == _DYFED_POWYS) & (category == INTELLIGENCE)
    return np.asarray(np.where(apart, INTELLIGENCE_STORE, force))


def _within(running: Ints, group: Ints) -> Ints:
    """Restart a running count in each group of equal neighbours, from 0."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    return running - running[starts][np.cumsum(np.diff(group, prepend=-1) != 0) - 1]


@dataclass(frozen=True)
class Opened:
    """Nominals of one store that are about to be written; arrays have one entry per nominal."""

    store: int
    nominal: Ints
    row: Ints  # of the person in the block
    opened_on: Ints
    known_on: Ints
    seen_on: Ints
    suspected: Mask  # of anything
    owner: Ints | None = None  # index into OWNERS of the force that opened it


def opened_in(meetings: Meetings, context: RecordingContext) -> list[Opened]:
    """Take a block's nominals out of all meetings, store by store.

    Parameters
    ----------
    meetings
        Meetings of all blocks.
    context
        Recording context of the block.
    """
    people = context.people
    low, high = np.searchsorted(meetings.person, people.span)
    _, first = np.unique(meetings.nominal[low:high], return_index=True)
    suspects = np.unique(meetings.nominal[low:high][meetings.role[low:high] == SUSPECT])
    own = low + np.sort(first)
    own = own[people.holds(meetings.person[own])]
    stores = []
    for store in range(len(STORES)):
        rows = own[meetings.store[own] == store]
        if len(rows):
            row = people.row(meetings.person[rows])
            # Nobody is met before they were born.
            born = people.birth_day[row]
            stores.append(
                Opened(
                    store=store,
                    nominal=meetings.nominal[rows],
                    row=row,
                    opened_on=np.maximum(meetings.opened_on[rows], born),
                    known_on=np.maximum(meetings.known_on[rows], born),
                    seen_on=meetings.seen_on[rows],
                    suspected=places(meetings.nominal[rows], suspects) >= 0,
                )
            )
    return stores


def store_tables(store: int) -> tuple[str, Table]:
    """Give the force of a store, and the store's table of people."""
    if store == INTELLIGENCE_STORE:
        force = "dyfed_powys"
        return force, police_tables(force)[-1]
    force = STORES[store]
    return force, police_tables(force)[0]


def _first_references(nominal: Ints, store: int, chance: Stream) -> pa.Array:
    """Give the reference of each person's first nominal; null for the first itself."""
    turn = nominal % MOST_NOMINALS
    first = nominal_references(nominal - turn, store, chance)
    return pc.if_else(pa.array(turn > 0), first, pa.scalar(None, pa.string()))


def write_nominals(context: RecordingContext, opened: Opened, spec: Police, out: Tables) -> None:
    """Write the nominals of one store.

    Parameters
    ----------
    context
        Recording context of the block.
    opened
        The nominals.
    spec
        Record keeping of the forces.
    out
        Receives the tables.
    """
    force, shape = store_tables(opened.store)
    number, ids = list(FORCES).index(force), opened.nominal
    chance = context.chance.stage("police")
    officer = chance.below("entered_by", ids, spec.officers_a_force)
    owner = opened.owner if opened.owner is not None else np.zeros(len(ids), np.int64)
    layout, common = LAYOUTS[force], common_tables(force)[0]
    columns = {
        "created_on": days(opened.opened_on),
        "officer": collar_numbers(officer, np.full(len(ids), number)),
        "owner": coded(owner, OWNERS) if opened.owner is not None else constant(force, len(ids)),
        **languages_asked(context, opened.row, ids, spec.language, chance),
    }
    records = Records(
        shape=shape,
        key=nominal_references(ids, opened.store, chance),
        ids=ids,
        row=opened.row,
        known_on=opened.known_on,
        event_on=opened.seen_on,
        clerk=officer * _FORCES_ROOM + number,
        columns={str(layout.column(common, name)): values for name, values in columns.items()},
        hiding=np.where(opened.suspected, _SUSPECTS_HIDE, _OTHERS_HIDE),
        silence=np.where(opened.suspected, _SUSPECTS_SILENT, _OTHERS_SILENT),
        repeats=_first_references(ids, opened.store, chance),
    )
    write_records(context, records, out)
