"""Records of children's services on a case: plans, registrations, placements, social workers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Tables,
    about_incidents,
    add,
    days,
)
from darkfigure.synth.agencies.framework.service_demand import LOOKED_AFTER, PROTECTION, under_order
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
from darkfigure.synth.setting.geography import wales

_WITHIN_RATE = 0.66  # placed inside the authority. Source: Welsh Government 2022-23
# Parental factors: mental ill health 42 % (care and support census 2021), the others assumed.
_FACTORS = {
    "parent_domestic_abuse": 0.36,
    "parent_substance_misuse": 0.32,
    "parent_mental_ill_health": 0.42,
}
_ORDERS = ("C1", "C2")  # interim and full care orders
_WORKERS = 45  # social workers of an authority; assumed
_STAYS_DAYS = 400  # days until a child gets another social worker, mean; assumed
_MOST_WORKERS = 6  # of one case; assumed
_END_SHARES = (0.75, 0.0, 0.15, 0.1)  # of ends, in the order of the reasons; assumed


@dataclass(frozen=True)
class Case:
    """Care of children; arrays have one entry per episode."""

    row: Ints  # of the child
    ids: Ints
    kind: Ints  # as in `service_demand`
    start: Ints
    end: Ints
    incident: Ints  # that led to it, -1 for other care


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
        (LOOKED_AFTER, tables.LOOKED_AFTER, _placement),
    ):
        own = np.flatnonzero(cases.kind == kind)
        ids = cases.ids[own]
        key = scrambled(shape.name, ids, prefix=shape.key[0][:2].upper(), digits=14, chance=chance)
        table = pa.table(
            {
                shape.key[0]: key,
                "child_id": number.take(pa.array(cases.row[own])),
                "started_on": days(cases.start[own]),
                "ended_on": ended(cases.end[own], context.period.end),
                **write(ids, context.chance),
            }
        )
        add(out, shape, table)
        about_incidents(shape, key, cases.incident[own], out)


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
    ids = cases.ids
    need = draw_codes("need", ids, "care_codes", "share", of="need", chance=chance)
    harmed = (cases.kind == PROTECTION) | (cases.incident >= 0)
    need = coded(np.where(harmed, 0, need.indices.to_numpy()), need.dictionary.to_pylist())
    over = cases.end < context.period.end
    why = chance.pick("end_reason", ids, _END_SHARES)
    table = pa.table(
        {
            "plan_no": scrambled("plan", ids, prefix="PL", digits=14, chance=chance),
            "child_id": number.take(pa.array(cases.row)),
            "started_on": days(cases.start),
            "ended_on": ended(cases.end, context.period.end),
            "need_code": need,
            **{name: pa.array(chance.happens(name, ids, rate)) for name, rate in _FACTORS.items()},
            "end_reason": coded(np.where(over, why, -1), PLAN_END),
        }
    )
    add(out, PLANS, table)


def _register(ids: Ints, chance: Stream) -> dict[str, pa.Array]:
    name, own = "register_category", chance.stage("social_care")
    return {"category": draw_codes("category", ids, "care_codes", "share", of=name, chance=own)}


def _placement(ids: Ints, chance: Stream) -> dict[str, pa.Array]:
    own = chance.stage("social_care")
    codes = list(meanings("care_codes", of="legal_status"))
    orders, others = (
        np.array([codes.index(code) for code in part])
        for part in (_ORDERS, [code for code in codes if code not in _ORDERS])
    )
    weight = shares("care_codes", "share", of="legal_status")
    by_court = orders[own.pick("order", ids, weight[orders])]
    agreed = others[own.pick("agreed", ids, weight[others])]
    # Ids of other care are doubled here, so that they differ from ids of care after an incident.
    status = coded(np.where(under_order(ids >> 1, chance), by_court, agreed), codes)
    return {
        "legal_status": status,
        "placement": draw_codes(
            "placement", ids, "care_codes", "share", of="placement", chance=own
        ),
        "within_authority": pa.array(own.happens("within", ids, _WITHIN_RATE)),
    }


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
    extra: Ints = chance.poisson("workers", cases.ids, length / _STAYS_DAYS, most=_MOST_WORKERS - 1)
    count = extra + 1
    at = np.repeat(np.arange(len(count)), count)
    turn = np.arange(len(at)) - (np.cumsum(count) - count)[at]
    ids = cases.ids[at] * 8 + turn
    start: Ints = cases.start[at] + length[at] * turn // count[at]
    end = np.where(turn == extra[at], cases.end[at], start + length[at] // count[at])
    authority = wales().authority[context.people.lsoa[cases.row[at]]]
    worker = chance.below("worker_of", ids, _WORKERS)
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
