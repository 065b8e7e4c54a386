"""Events for linkage: attendances at emergency departments and police occurrences.

Each record is an event as one agency wrote it, with the identity of the person in it (schema
`EVENTS`): an assault attendance and its patient, an occurrence and one of its victims. So events
can be linked by person, with any linker, or by time and place alone, as models that share no
identities must. Nothing here knows the truth.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.contracts import RECORDS, Pairs
from darkfigure.linkage_eval.records.forces import read_alike
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.records.standing import stands
from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.storage.dataset import Dataset

EVENTS = pa.schema(
    [*RECORDS, pa.field("happened_at", pa.timestamp("us")), pa.field("place", pa.string())]
)
# An occurrence may be dated a little after the attendance that it led to. Assumed.
DAYS_BEFORE = 3
DAYS_AFTER = 1
TIME = "happened_at"
# SQL condition on a pair of events: the occurrence `r` can have led to the attendance `l`.
NEAR_IN_TIME = f"""r_{TIME} BETWEEN l_{TIME} - INTERVAL {DAYS_BEFORE} DAY
    AND l_{TIME} + INTERVAL {DAYS_AFTER} DAY"""
ASSAULT = "11"  # the attendance group
MARK = "/"


def event_id(side: str) -> str:
    """Write the id of a side's events in SQL, of its columns `record` and `subject`."""
    return "record" if side == "ed" else f"record || '{MARK}' || subject"


def read_events(dataset: Dataset, side: str, records: pa.Table) -> pa.Table:
    """Read the events of one side, "ed" or "police", with the identities as released.

    Parameters
    ----------
    dataset
        A dataset, of which only agencies' tables are read.
    side
        "ed", or "police" and the forces below it.
    records
        Records of that source (schema `RECORDS`).

    Returns
    -------
    Schema `EVENTS`, sorted by `record_id`: an attendance number, or an occurrence number and a
    nominal's reference.
    """
    return _read_attendances(dataset, records) if side == "ed" else _read_victims(dataset, records)


def in_time(pairs: Pairs, left: pa.Table, right: pa.Table) -> Mask:
    """Mark the pairs whose events lie at most `DAYS_BEFORE` or `DAYS_AFTER` days apart.

    Parameters
    ----------
    pairs
        Rows of the two tables.
    left, right
        Attendances and occurrences (schema `EVENTS`).

    Returns
    -------
    Shape (pairs,); false where a time is not known.
    """
    first, second = (
        side[TIME].to_numpy()[rows] for side, rows in ((left, pairs.left), (right, pairs.right))
    )
    days = np.timedelta64(1, "D")
    return np.asarray(
        (second >= first - DAYS_BEFORE * days) & (second <= first + DAYS_AFTER * days)
    )


def _read_attendances(dataset: Dataset, records: pa.Table) -> pa.Table:
    attendances = dataset.read(
        "ed/attendances",
        [
            "attendance_no",
            "arrived_at",
            "assaulted_at",
            "attendance_group",
            "assault_location_type",
        ],
    )
    return query(
        f"""SELECT records.*, coalesce(assaulted_at, arrived_at)::TIMESTAMP AS happened_at,
            assault_location_type::VARCHAR AS place
        FROM records JOIN attendances ON attendance_no = record_id
        WHERE attendance_group::VARCHAR = '{ASSAULT}' AND {stands("attendance_no")}
        ORDER BY record_id""",  # noqa: S608, our own condition
        records=records,
        attendances=attendances,
    ).cast(EVENTS)


def _read_victims(dataset: Dataset, records: pa.Table) -> pa.Table:
    tables = {
        name: read_alike(dataset, "police", name).select(columns)
        for name, columns in (
            ("occurrences", ["occurrence_no", "occurred_at", "location_type"]),
            ("occurrence_nominals", ["occurrence_no", "nominal_ref", "role"]),
        )
    }
    return query(
        f"""SELECT records.* REPLACE ({event_id("police")} AS record_id), happened_at, place
        FROM records JOIN (
            SELECT occurrence_no AS record, nominal_ref AS subject,
                occurred_at::TIMESTAMP AS happened_at, location_type::VARCHAR AS place
            FROM occurrence_nominals JOIN occurrences USING (occurrence_no)
            WHERE role = 'victim') ON subject = records.record_id
        ORDER BY 1""",  # noqa: S608, our own constants
        records=records,
        **tables,
    ).cast(EVENTS)
