"""Health visiting: children under five, the visits of the programme, and visits besides it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.child_health.tables import (
    CHILD_HEALTH_CHILDREN,
    CHILD_HEALTH_VISITS,
    VISIT,
)
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock
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
from darkfigure.synth.agencies.framework.sites import home_boards
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.lives import People
from darkfigure.synth.schema import DOMESTIC, HEALTH_BOARDS, RELATIONSHIP, coded, codes_of
from darkfigure.synth.setting.calendar import DAY_S, DAYS_A_YEAR
from darkfigure.synth.setting.working_days import working_day

_UNTIL_DAYS = round(5 * DAYS_A_YEAR)
# Age at the contacts of the Healthy Child Wales Programme (well known), and the share that takes
# place (assumed); in the order of VISIT.
_AGE_DAYS = (12, 42, 183, 456, 821, 1_278)
_MADE_RATES = (0.97, 0.92, 0.85, 0.8, 0.74, 0.68)
_VISITORS = 80  # health visitors of a health board; assumed
_EXTRA = len(_AGE_DAYS)
_LATE = 0.08  # mean delay of a contact, as a share of the age it is due at; assumed


class ChildHealth(Spec):
    """Observations and records of health visitors; all assumed."""

    asked_rate: Rate = 0.6
    """Share of contacts at which the routine question on domestic abuse is asked."""
    disclosed_rate: Rate = 0.004
    """Share of these at which abuse in the past is disclosed."""
    concern_rate: Rate = 0.03
    """Share of contacts at which something else is noted as a concern."""
    noticed_rate: Rate = 0.12
    """Share of violence in homes with a child under five that a visitor learns of."""
    delay_days: Amount = 20.0
    """Days from the incident until then, mean."""


@dataclass(frozen=True)
class _Visits:
    """Contacts, those about an incident last; arrays have one entry per contact."""

    row: Ints  # of the child
    ids: Ints
    day: Ints
    kind: Ints
    incident: Ints  # -1 for contacts of the programme
    domestic: Mask


class HealthVisitors(Agency):
    """The agency of the health visitors of the seven health boards."""

    def write_block(
        self, block: SampleBlock, prepared: None, spec: ChildHealth, out: Tables
    ) -> None:
        """Write the children and visits of a block."""
        del prepared
        context = block.context
        chance = context.chance.stage("child_health")
        children = _children(context)
        _write_children(context, children, chance, out)
        visits = _joined(_programme(context, children, chance), _besides(block, spec, chance))
        _write_visits(context, visits, spec, out)


def _children(context: RecordingContext) -> Ints:
    """Give the rows of children under five, and in Wales, at some time in the study."""
    people, period = context.people, context.period
    young = people.birth_day + _UNTIL_DAYS > period.start
    known = people.known_from
    here = (known < period.end - 1) & (people.gone_day > period.start)
    here &= (people.gone_day > known + 1) & (known < people.birth_day + _UNTIL_DAYS)
    return np.flatnonzero(young & here)


def _numbers(people: People, row: Ints, chance: Stream) -> pa.Array:
    return scrambled("child", people.person_id[row], prefix="HV", digits=8, chance=chance)


def _write_children(context: RecordingContext, row: Ints, chance: Stream, out: Tables) -> None:
    people, ids = context.people, context.people.person_id[row]
    born = people.birth_day[row]
    last = np.minimum(np.minimum(born + _UNTIL_DAYS, people.gone_day[row]), context.period.end) - 1
    # Details are taken at birth, or on coming to Wales, and confirmed at some later contact.
    first_day = people.known_from[row]
    known = first_day + chance.below("confirmed", ids, np.maximum(last - first_day, 1))
    board = home_boards(people.lsoa[row])
    records = Records(
        shape=CHILD_HEALTH_CHILDREN,
        key=_numbers(people, row, chance),
        ids=ids,
        row=row,
        known_on=known,
        event_on=np.maximum(last, known),
        entered_on=known,
        clerk=board * 1_000 + chance.below("clerk", ids, _VISITORS),
        columns={"health_board": coded(board, HEALTH_BOARDS), "updated_on": days(known)},
    )
    write_records(context, records, out)


def _programme(context: RecordingContext, children: Ints, chance: Stream) -> _Visits:
    """Draw the contacts of the programme that take place in the study."""
    people, period = context.people, context.period
    row = np.repeat(children, len(_AGE_DAYS))
    kind = np.tile(np.arange(len(_AGE_DAYS)), len(children))
    ids = people.person_id[row] * 8 + kind
    late = chance.exponential("late", ids) * _LATE * np.array(_AGE_DAYS)[kind]
    day = working_day(people.birth_day[row] + np.array(_AGE_DAYS)[kind] + late.astype(np.int64))
    takes_place = chance.happens("made", ids, np.array(_MADE_RATES)[kind])
    takes_place &= (day >= period.start) & (day < period.end) & people.lives_there(row, day)
    # Whoever has not come by then goes to school, and is seen there.
    takes_place &= day < people.birth_day[row] + _UNTIL_DAYS
    none = np.full(takes_place.sum(), -1)
    return _Visits(
        row[takes_place], ids[takes_place] << 1, day[takes_place], kind[takes_place], none, none > 0
    )


def _besides(block: SampleBlock, spec: ChildHealth, chance: Stream) -> _Visits:
    """Draw visits to the household's youngest child at which violence at home comes up."""
    people, incidents = block.context.people, block.incidents
    relation = codes_of(incidents["relationship"], RELATIONSHIP)
    names = list(RELATIONSHIP)
    domestic = np.isin(relation, [names.index(name) for name in DOMESTIC])
    at_home = domestic | (relation == names.index("parent"))
    ids = incidents["incident_id"].to_numpy()
    delay = 1 + chance.exponential("delay", ids) * spec.delay_days
    day = working_day(incidents["occurred_s"].to_numpy() // DAY_S + delay.astype(np.int64))
    child = _youngest(people)[people.household[incidents["row"].to_numpy()]]
    age = day - people.birth_day[child]
    noticed = at_home & (child >= 0) & (age >= 0) & (age < _UNTIL_DAYS)
    noticed &= people.lives_there(child, day) & (day < block.context.period.end)
    noticed &= chance.happens("noticed", ids, spec.noticed_rate)
    kind = np.full(noticed.sum(), _EXTRA)
    return _Visits(
        child[noticed], ids[noticed] << 1 | 1, day[noticed], kind, ids[noticed], domestic[noticed]
    )


def _youngest(people: People) -> Ints:
    """Give the row of each household's youngest member."""
    order = np.lexsort((people.birth_day, people.household))
    last = np.flatnonzero(np.diff(people.household[order], append=-1))
    youngest = np.full(people.household.max(initial=0) + 1, -1)
    youngest[people.household[order][last]] = order[last]
    return youngest


def _joined(first: _Visits, second: _Visits) -> _Visits:
    return _Visits(
        *(
            np.append(getattr(first, name), getattr(second, name))
            for name in ("row", "ids", "day", "kind", "incident", "domestic")
        )
    )


def _write_visits(
    context: RecordingContext, visits: _Visits, spec: ChildHealth, out: Tables
) -> None:
    chance, ids = context.chance.stage("child_health"), visits.ids
    about = visits.incident >= 0
    asked = chance.happens("asked", ids, spec.asked_rate) | (about & visits.domestic)
    past = asked & chance.happens("disclosed", ids, spec.disclosed_rate)
    key = scrambled("visit", ids, prefix="HVC", digits=13, chance=chance)
    table = pa.table(
        {
            "visit_no": key,
            "child_health_no": _numbers(context.people, visits.row, chance),
            "visited_on": days(visits.day),
            "visit": coded(visits.kind, VISIT),
            "asked_about_abuse": asked,
            "abuse_disclosed": past | (about & visits.domestic),
            "concern": about | chance.happens("concern", ids, spec.concern_rate),
        }
    )
    add(out, CHILD_HEALTH_VISITS, table)
    about_incidents(CHILD_HEALTH_VISITS, key, visits.incident, out)
    learned = constant("child_health", int(about.sum()))
    note_contacts(visits.incident[about], learned, visits.day[about] * DAY_S, out)
