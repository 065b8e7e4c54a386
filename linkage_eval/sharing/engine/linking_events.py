"""Events as they reach the linking party of a strategy: when and where, as coarse as released.

A time that was coarsened stands for the middle of its hour, day or month: nobody takes a day for
its midnight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.records.events import ASSAULT, EVENTS, event_id
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.sharing.forms import Batch
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy

# Columns of each kind of agency that date an event, in order of preference; and that place it.
_DATED: Mapping[str, tuple[str, ...]] = {
    "ed": ("assaulted_at", "arrived_at"),
    "police": ("occurred_at",),
}
_PLACED = {"ed": "assault_location_type", "police": "location_type"}
_MEANT = {"ed": ("attendance_group", ASSAULT), "police": ("role", "victim")}
_MIDDLE = {
    "hour": " + INTERVAL 30 MINUTE",
    "day": " + INTERVAL 12 HOUR",
    "week": " + INTERVAL 84 HOUR",
    "month": " + INTERVAL 15 DAY",
    "quarter": " + INTERVAL 45 DAY",
    "year": " + INTERVAL 182 DAY",
}


def same_agency(first: str, second: str) -> bool:
    """Tell whether two names mean the same agency, as "police" and "police:*" do."""
    return first.removesuffix(":*") == second.removesuffix(":*")


def event_flows(strategy: SharingStrategy, kind: str) -> list[Flow]:
    """Find the flows that give the linking party single, dated events, the most telling first.

    The flow that carries more of the identity is more telling, then the one with finer times.

    Parameters
    ----------
    strategy
        The strategy, with its linking party.
    kind
        Kind of agency of the source, "ed" or "police".
    """
    party = strategy.linkage.party
    flows = [
        flow
        for flow in strategy.flow
        if flow.source.kind == kind
        and any(same_agency(party, to) for to in (flow.recipient.agency, *flow.recipient.onward))
        and flow.format.has_records
        and not flow.format.what.answers_asked
        and _times(flow)
    ]
    return sorted(flows, key=lambda flow: (-len(flow.carried_identity), _coarseness(flow)))


def first_of_each(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """Put tables together and keep the first row of each `record_id`.

    Parameters
    ----------
    tables
        Tables of one schema, the most telling first.
    schema
        That schema, for no tables at all.

    Returns
    -------
    Rows in the order of `record_id`.
    """
    rows = pa.concat_tables([schema.empty_table(), *tables]).combine_chunks()
    ids = rows["record_id"].to_numpy(zero_copy_only=False).astype(str)
    return rows.take(pa.array(np.unique(ids, return_index=True)[1]))


def read_released_events(batch: Batch) -> pa.Table:
    """Read the events of a flow, with as much of the identity as it shows or encodes.

    Parameters
    ----------
    batch
        The records that arrived by the flow.

    Returns
    -------
    Schema `EVENTS`, in any order.
    """
    flow, holding, kind = batch.flow, batch.flow.source.holding, batch.flow.source.kind
    keys = {"record": batch.rows[holding.key], "subject": batch.rows[holding.subject]}
    hides = flow.format.what.hides_identity and not flow.format.what.encodes_identity
    hides |= flow.recipient.onward_form == "map"
    names = [field.name for field in RECORDS if field.name not in {"record_id", "source"}]
    identity = {
        name: pa.nulls(len(batch.rows), RECORDS.field(name).type) if hides else batch.identity[name]
        for name in names
    }
    carried_fields = {
        name: batch.carried[name] for name in flow.fields if name not in {*names, *keys}
    }
    column, value = _MEANT[kind]
    # Only visits after an assault are events, and only of people named as victims; where a flow
    # does not carry that, any record may be one.
    only = f"WHERE {column} = '{value}'" if _is_carried(flow, column) else ""
    place = f"{_PLACED[kind]}::VARCHAR" if _is_carried(flow, _PLACED[kind]) else "NULL"
    return query(
        f"""SELECT {event_id(kind)} AS record_id, '{kind}' AS source, {", ".join(names)},
            coalesce({", ".join(_times(flow))}) AS happened_at, {place} AS place
        FROM told {only}""",  # noqa: S608, names of our own schema
        told=pa.table({**carried_fields, **keys, **identity}),
    ).cast(EVENTS)


def _is_carried(flow: Flow, name: str) -> bool:
    """Tell whether a code is carried as it is; a coarsened one is no code any more."""
    return name in flow.fields and name not in flow.generalise


def _times(flow: Flow) -> list[str]:
    """Write SQL expressions for the time of an event, as a flow carries it."""
    return [
        f"try_cast({name} AS TIMESTAMP)" + _MIDDLE.get(flow.generalise.get(name, ""), "")
        for name in _DATED.get(flow.source.kind, ())
        if name in flow.fields
    ]


def _coarseness(flow: Flow) -> int:
    columns = [name for name in _DATED[flow.source.kind] if name in flow.fields]
    levels = ["", *_MIDDLE]
    return min(levels.index(flow.generalise.get(name, "")) for name in columns)
