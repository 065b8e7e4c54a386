"""Records of children's services on a case: plans, registrations, placements, social workers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.care_episodes import (
    ADULT_YEARS,
    LOOKED_AFTER,
    PROTECTION,
)
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Tables,
    about_incidents,
    add,
    days,
)
from darkfigure.synth.agencies.social_care import tables
from darkfigure.synth.agencies.social_care.tables import (
    ALLOCATIONS,
    PLAN_END,
    PLANS,
    PROTECTION_REGISTER,
)
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.reference.coding import draw_codes, meanings, shares
from darkfigure.synth.schema import coded
from darkfigure.synth.schema.table import Table
from darkfigure.synth.setting.calendar import DAYS_A_YEAR
from darkfigure.synth.setting.geography import wales

# Parental factors: mental ill health 42 % (care and support census 2021), the others assumed.
_FACTORS = {
    "parent_domestic_abuse": 0.36,
    "parent_substance_misuse": 0.32,
    "parent_mental_ill_health": 0.42,
}
_INTERIM, _FINAL, _AGREED = "C1", ("C2", "E1"), ("V2", "L1")  # legal status
UNDECIDED = 1 << 20  # a day after all others; no rate
_WORKERS = 45  # social workers of an authority; assumed
_STAYS_DAYS = 400  # days until a child gets another social worker, mean; assumed
_MOST_WORKERS = 6  # of one case; assumed
_END_SHARES = (0.75, 0.0, 0.15, 0.1)  # of ends before 18, in the order of the reasons; assumed
_AGE = list(PLAN_END).index("age")


@dataclass(frozen=True)
class Case:
    """Care of children; arrays have one entry per episode."""

    row: Ints  # of the child
    ids: Ints
    event: Ints  # of the family, which brothers and sisters share
    kind: Ints  # as in `care_episodes`
    start: Ints
    end: Ints
    incident: Ints  # that led to it, -1 for other care
    decided: Ints  # day on which a court decided; `UNDECIDED` where none is asked

    def at(self, rows: Ints) -> Case:
        """Select some episodes."""
        return Case(*(values[rows] for values in vars(self).values()))


def write_cases(cases: Case, number: pa.Array, context: RecordingContext, out: Tables) -> None:
    """Write plans, and the registrations and placements that go with them.

    Parameters
    ----------
    cases
        All care that touches the study.
    number
        The service's number for each person of the block.
    context
        Recording context of the block.
    out
        Receives the tables.
    """
    chance = context.chance.stage("social_care")
    _write_plans(cases, number, context, chance, out)
    for kind, shape, write in (
        (PROTECTION, PROTECTION_REGISTER, _register),
        (LOOKED_AFTER, tables.LOOKED_AFTER, _order),
    ):
        own = cases.at(np.flatnonzero(cases.kind == kind))
        key = episode_numbers(shape, own.ids, context.chance)
        table = pa.table(
            {
                shape.key[0]: key,
                "child_id": number.take(pa.array(own.row)),
                "started_on": days(own.start),
                "ended_on": ended(own.end, context.period.end),
                **write(own, context.period.end, chance),
            }
        )
        add(out, shape, table)
        about_incidents(shape, key, own.incident, out)


def episode_numbers(shape: Table, ids: Ints, chance: Stream) -> pa.Array:
    """Give numbers to registrations, or to times of being looked after.

    Parameters
    ----------
    shape
        The table.
    ids
        Of the episodes, shape (n,).
    chance
        The world's stream.
    """
    prefix, own = shape.key[0][:2].upper(), chance.stage("social_care")
    return scrambled(shape.name, ids, prefix=prefix, digits=14, chance=own)


def ended(day: Ints, end: int) -> pa.Array:
    """Write the last day of episodes; null after the study.

    Parameters
    ----------
    day
        Days since 1970-01-01, shape (n,).
    end
        The day after the study, since 1970-01-01.
    """
    return pa.array(day, pa.int32(), mask=day >= end).cast(pa.date32())


def _write_plans(
    cases: Case, number: pa.Array, context: RecordingContext, chance: Stream, out: Tables
) -> None:
    ids, people = cases.ids, context.people
    family = people.household_id[cases.row]
    need = draw_codes("need", cases.event, "care_codes", "share", of="need", chance=chance)
    harmed = (cases.kind == PROTECTION) | (cases.incident >= 0)
    need = coded(np.where(harmed, 0, need.indices.to_numpy()), need.dictionary.to_pylist())
    over = cases.end < context.period.end
    why = chance.pick("end_reason", cases.event, _END_SHARES)
    grown = (cases.end - people.birth_day[cases.row]) >= ADULT_YEARS * DAYS_A_YEAR
    why = np.where(grown, _AGE, why)
    table = pa.table(
        {
            "plan_no": scrambled("plan", ids, prefix="PL", digits=14, chance=chance),
            "child_id": number.take(pa.array(cases.row)),
            "started_on": days(cases.start),
            "ended_on": ended(cases.end, context.period.end),
            "need_code": need,
            **{
                name: pa.array(chance.happens(name, family, rate))
                for name, rate in _FACTORS.items()
            },
            "end_reason": coded(np.where(over, why, -1), PLAN_END),
        }
    )
    add(out, PLANS, table)


def _register(cases: Case, today: int, chance: Stream) -> dict[str, pa.Array]:
    del today
    name, event = "register_category", cases.event
    return {
        "category": draw_codes("category", event, "care_codes", "share", of=name, chance=chance)
    }


def _order(cases: Case, today: int, chance: Stream) -> dict[str, pa.Array]:
    """Give the legal status that children had at last: an interim order until the court decides."""
    codes = list(meanings("care_codes", of="legal_status"))
    final, agreed = (np.array([codes.index(code) for code in part]) for part in (_FINAL, _AGREED))
    weight = shares("care_codes", "share", of="legal_status")
    made = final[chance.pick("order", cases.event, weight[final])]
    interim = np.minimum(cases.end, today) <= cases.decided
    by_court = np.where(interim, codes.index(_INTERIM), made)
    without = agreed[chance.pick("agreed", cases.event, weight[agreed])]
    return {"legal_status": coded(np.where(cases.decided < UNDECIDED, by_court, without), codes)}


def write_allocations(
    cases: Case, number: pa.Array, context: RecordingContext, out: Tables
) -> None:
    """Allocate social workers to cases, one after another.

    Parameters
    ----------
    cases
        All care that touches the study.
    number
        The service's number for each person of the block.
    context
        Recording context of the block.
    out
        Receives the table.
    """
    chance = context.chance.stage("social_care")
    until: Ints = np.minimum(cases.end, context.period.end)
    length: Ints = np.maximum(until - cases.start, 1)
    extra: Ints = chance.poisson(
        "workers", cases.event, length / _STAYS_DAYS, most=_MOST_WORKERS - 1
    )
    count = extra + 1
    at = np.repeat(np.arange(len(count)), count)
    turn = np.arange(len(at)) - (np.cumsum(count) - count)[at]
    ids = cases.ids[at] * 8 + turn
    start: Ints = cases.start[at] + length[at] * turn // count[at]
    end = np.where(turn == extra[at], cases.end[at], start + length[at] // count[at])
    authority = wales().authority[context.people.lsoa[cases.row[at]]]
    # Brothers and sisters have one social worker.
    family = context.people.household_id[cases.row[at]]
    worker = chance.below("worker_of", family * (_MOST_WORKERS + 1) + turn, _WORKERS)
    names = np.char.add(np.char.mod("SW%02d-", authority), np.char.mod("%03d", worker))
    table = pa.table(
        {
            "allocation_no": scrambled("allocation", ids, prefix="AL", digits=15, chance=chance),
            "child_id": number.take(pa.array(cases.row[at])),
            "worker_id": pa.array(names, pa.string()),
            "started_on": days(start),
            "ended_on": ended(end, context.period.end),
        }
    )
    add(out, ALLOCATIONS, table)
