"""What the linking party of a strategy is told of events: when and where, as coarse as released.

A time that was coarsened stands for the middle of its hour, day or month: nobody who is told the
day takes it for midnight.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from linkage_eval.contracts import RECORDS
from linkage_eval.events import ASSAULT, EVENTS, event_id
from linkage_eval.sql import query
from linkage_eval.strategies.flows import Flow
from linkage_eval.strategies.spec import SharingStrategy

# Columns of each kind of agency that date an event, the first that is filled; and that place it.
_DATED: Mapping[str, tuple[str, ...]] = {
    "ed": ("assaulted_at", "arrived_at"),
    "police": ("occurred_at",),
}
_PLACED = {"ed": "assault_location_type", "police": "location_type"}
_MEANT = {"ed": ("attendance_group", ASSAULT), "police": ("role", "victim")}
_MIDDLE = {
    "hour": "INTERVAL 30 MINUTE",
    "day": "INTERVAL 12 HOUR",
    "week": "INTERVAL 84 HOUR",
    "month": "INTERVAL 15 DAY",
    "quarter": "INTERVAL 45 DAY",
    "year": "INTERVAL 182 DAY",
}


def event_flows(strategy: SharingStrategy, kind: str) -> list[Flow]:
    """Find the flows from a kind of agency that tell the linking party of single, dated events."""
    party = strategy.linkage.party
    return [
        flow
        for flow in strategy.flow
        if flow.source.kind == kind
        and party in {flow.recipient.agency, *flow.recipient.onward}
        and not (flow.format.counts or flow.format.kind in {"synthetic", "federated_query"})
        and any(name in flow.fields for name in _DATED.get(kind, ()))
    ]


def read_shared_events(
    flows: list[Flow], carried: Mapping[str, pa.Table], records: pa.Table, kind: str
) -> pa.Table:
    """Read what flows tell of events.

    Parameters
    ----------
    flows
        As `event_flows` finds them.
    carried
        What each carried, by its id (`Knowledge.carried`).
    records
        The identities that reached the party, if any (schema `RECORDS`).
    kind
        "ed" or "police".

    Returns
    -------
    Schema `EVENTS`, sorted by `record_id`; where no identity reached the party it is null.
    """
    told = [_told(flow, carried[flow.id], kind) for flow in flows]
    named = ", ".join(one.name for one in RECORDS if one.name not in {"record_id", "source"})
    return query(
        f"""WITH once AS (
            SELECT record_id, subject, min(happened_at) AS happened_at, min(place) AS place
            FROM told GROUP BY record_id, subject)
        SELECT once.record_id, '{kind}' AS source, {named}, happened_at, place
        FROM once LEFT JOIN records ON records.record_id = subject ORDER BY 1""",  # noqa: S608
        told=pa.concat_tables(told),
        records=records,
    ).cast(EVENTS)


def _told(flow: Flow, carried: pa.Table, kind: str) -> pa.Table:
    """Give of each event what a flow tells."""
    times = [_time(flow, name) for name in _DATED[kind] if name in flow.fields]
    place = _PLACED[kind] if _PLACED[kind] in flow.fields else "NULL"
    # Of the departments' visits assaults alone are events, and of those named victims alone have
    # one; where that is not told, any may be.
    about, value = _MEANT[kind]
    only = f"WHERE {about} = '{value}'" if about in flow.fields else ""
    return query(
        f"""SELECT {event_id(kind)} AS record_id, subject,
            coalesce({", ".join(times)}) AS happened_at, {place}::VARCHAR AS place
        FROM carried {only}""",  # noqa: S608, names of our own schema
        carried=carried,
    )


def _time(flow: Flow, name: str) -> str:
    level = flow.generalise.get(name)
    return f"try_cast({name} AS TIMESTAMP)" + (f" + {_MIDDLE[level]}" if level in _MIDDLE else "")
