"""What the linking party of a strategy is told of events: when and where, as coarse as released.

A time that was coarsened stands for the middle of its hour, day or month: nobody who is told the
day takes it for midnight.
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

# Columns of each kind of agency that date an event, the first that is filled; and that place it.
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


def same_agency(one: str, other: str) -> bool:
    """Tell whether two names are of one agency: "police" and "police:*" are."""
    return one.removesuffix(":*") == other.removesuffix(":*")


def event_flows(strategy: SharingStrategy, kind: str) -> list[Flow]:
    """Find the flows that tell the linking party of single, dated events, the most telling first.

    More telling is who carries more of the identity, then who tells the time more finely.
    """
    party = strategy.linkage.party
    found = [
        flow
        for flow in strategy.flow
        if flow.source.kind == kind
        and any(same_agency(party, to) for to in (flow.recipient.agency, *flow.recipient.onward))
        and not (flow.format.counts or flow.format.kind in {"synthetic", "federated_query"})
        and _times(flow)
    ]
    return sorted(found, key=lambda flow: (-len(flow.carried_identity), _coarseness(flow)))


def first_of_each(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """Put tables together, of each `record_id` the first row, in the order of the ids."""
    rows = pa.concat_tables([schema.empty_table(), *tables]).combine_chunks()
    ids = rows["record_id"].to_numpy(zero_copy_only=False).astype(str)
    return rows.take(pa.array(np.unique(ids, return_index=True)[1]))


def read_told(batch: Batch) -> pa.Table:
    """Read what a flow tells of events, with as much of the identity as it shows or encodes.

    Parameters
    ----------
    batch
        The records that arrived by it.

    Returns
    -------
    Schema `EVENTS`, rows as they come.
    """
    flow, holding, kind = batch.flow, batch.flow.source.holding, batch.flow.source.kind
    keys = {"record": batch.rows[holding.key], "subject": batch.rows[holding.subject]}
    hides = flow.format.kind in {"pseudonym", "split_file_ttp"}
    hides |= flow.recipient.onward_form == "map"
    names = [one.name for one in RECORDS if one.name not in {"record_id", "source"}]
    identity = {
        name: pa.nulls(len(batch.rows), RECORDS.field(name).type) if hides else batch.identity[name]
        for name in names
    }
    told = {name: batch.carried[name] for name in flow.fields if name not in {*names, *keys}}
    column, value = _MEANT[kind]
    # Of the departments' visits assaults alone are events, and of those named victims alone have
    # one; where that is not told, any may be.
    only = f"WHERE {column} = '{value}'" if _is_told(flow, column) else ""
    place = f"{_PLACED[kind]}::VARCHAR" if _is_told(flow, _PLACED[kind]) else "NULL"
    return query(
        f"""SELECT {event_id(kind)} AS record_id, '{kind}' AS source, {", ".join(names)},
            coalesce({", ".join(_times(flow))}) AS happened_at, {place} AS place
        FROM told {only}""",  # noqa: S608, names of our own schema
        told=pa.table({**told, **keys, **identity}),
    ).cast(EVENTS)


def _is_told(flow: Flow, name: str) -> bool:
    """Tell whether a code is carried as it is; coarsened it is no code any more."""
    return name in flow.fields and name not in flow.generalise


def _times(flow: Flow) -> list[str]:
    """Write in SQL when an event happened, as a flow tells it."""
    return [
        f"try_cast({name} AS TIMESTAMP)" + _MIDDLE.get(flow.generalise.get(name, ""), "")
        for name in _DATED.get(flow.source.kind, ())
        if name in flow.fields
    ]


def _coarseness(flow: Flow) -> int:
    dated = [name for name in _DATED[flow.source.kind] if name in flow.fields]
    levels = ["", *_MIDDLE]
    return min(levels.index(flow.generalise.get(name, "")) for name in dated)
