"""Causes of missed pairs: the faults and changes between two records, by the ledger of entry.

A cause stands between two records of one person when it touched a field, on either record, in
which the standardised records differ; a fault that standardising repairs is no cause. Causes:

- a fault of data entry, by name; where nothing or a placeholder was entered, with the field
  ("missing postcode");
- a value that was out of date at the event ("stale postcode");
- a value that changed between the two records and was right in both ("changed surname").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.links.truth import ScoredLinks, Truth, TruthSide
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Cause, contents_of
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.schema import SUBJECTS
from darkfigure.synth.storage.dataset import Dataset

NO_CAUSE = "none"
MOVED, RENAMED = "moved", "renamed"
_ADDRESS = ("house", "street", "town", "postcode")
_NAMES = ("surname", "forename", "middle_name")

MISSED = contents_of(Cause)

# The ledger of one side's records: one row per record, field and cause, with the true value.
_LEDGER = """
    WITH touched AS (
        SELECT source::VARCHAR AS source, "table"::VARCHAR AS "table", record_id,
            "column"::VARCHAR AS "column", fault::VARCHAR AS cause, known_value AS true_value,
            1 AS rank
        FROM entry_faults
        UNION ALL
        SELECT source::VARCHAR, "table"::VARCHAR, record_id, "column"::VARCHAR, 'stale',
            true_value, 0
        FROM stale_values
    )
    SELECT record_id, field, true_value, rank,
        if(cause IN ('stale', 'missing', 'placeholder'), cause || ' ' || field, cause) AS cause
    FROM touched JOIN columns USING (source, "table", "column")
    ORDER BY record_id, field, rank, cause
"""


def read_ledger(dataset: Dataset, side: TruthSide) -> pa.Table:
    """Read the ledger of the identity fields of one side's records.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    side
        Its sources are read.

    Returns
    -------
    `record_id`, `field`, `cause`, `true_value`, `rank`; a stale value comes before a fault in
    the same cell, since its true value is the one at the event.
    """
    tables = [SUBJECTS[source] for source in side.sources]
    columns = [
        {"source": table.source, "table": table.name, "column": column.name, "field": field}
        for table in tables
        for field, column in table.fields.items()
    ]
    ledgers = {name: dataset.read(f"truth/{name}") for name in ("entry_faults", "stale_values")}
    return query(_LEDGER, columns=pa.Table.from_pylist(columns), **ledgers)


def find_causes(
    truth: Truth,
    records: tuple[pa.Table, pa.Table],
    ledgers: tuple[pa.Table, pa.Table],
    fields: Sequence[str] = FIELDS,
) -> pa.Table:
    """Find the causes that stand between the two records of every true pair.

    Parameters
    ----------
    truth
        The truth of the task, with its true pairs.
    records
        The standardised records of left and right (schema `RECORDS`).
    ledgers
        Of left and right, as `read_ledger` gives them.
    fields
        The fields in which causes count: those that a linker reads.

    Returns
    -------
    `pair` (place among the true pairs) and `cause`, distinct and sorted.
    """
    pairs = pa.table(
        {
            "pair": np.arange(len(truth.pairs_left)),
            "left_id": truth.left.ids.take(pa.array(truth.pairs_left)),
            "right_id": truth.right.ids.take(pa.array(truth.pairs_right)),
        }
    )
    both = [
        field
        for field in fields
        if all(table[field].null_count < table.num_rows for table in records)
    ]
    if not both:
        return pa.table({"pair": pa.array([], pa.int64()), "cause": pa.array([], pa.string())})
    return query(
        _causes_query(both),
        pairs=pairs,
        lefts=records[0],
        rights=records[1],
        left_ledger=ledgers[0],
        right_ledger=ledgers[1],
    )


def _causes_query(fields: list[str]) -> str:
    differ = " UNION ALL ".join(
        f"""SELECT pair, left_id, right_id, '{field}' AS field, l.{field} != r.{field} AS both_known
        FROM joined WHERE l.{field} IS DISTINCT FROM r.{field}"""  # noqa: S608, our names
        for field in fields
    )
    return f"""
        WITH joined AS (
            SELECT pair, left_id, right_id, lefts AS l, rights AS r
            FROM pairs JOIN lefts ON lefts.record_id = left_id
            JOIN rights ON rights.record_id = right_id
        ), differing AS ({differ}), touched AS (
            SELECT pair, differing.field, cause FROM differing
            JOIN left_ledger AS ledger ON left_id = record_id AND differing.field = ledger.field
            UNION
            SELECT pair, differing.field, cause FROM differing
            JOIN right_ledger AS ledger ON right_id = record_id AND differing.field = ledger.field
        )
        SELECT DISTINCT pair, cause FROM touched
        UNION
        SELECT pair, 'changed ' || field FROM differing ANTI JOIN touched USING (pair, field)
        WHERE both_known
        ORDER BY pair, cause
    """  # noqa: S608, names of our own schema


def gather_causes(causes: pa.Table) -> pa.Table:
    """Gather the causes that one event of a life left in several fields: a move, a renaming.

    Parameters
    ----------
    causes
        As `find_causes` gives them.

    Returns
    -------
    `pair` and `cause`, distinct and sorted. Stale, changed and former values of an address are
    `MOVED`, those of a name `RENAMED`: without that event none of them could be. Every other
    cause stays as it is.
    """
    return query(
        f"""SELECT DISTINCT pair, CASE
            WHEN cause = 'previous_address' THEN '{MOVED}'
            WHEN cause = 'former_name' THEN '{RENAMED}'
            WHEN NOT regexp_matches(cause, '^(stale|changed) ') THEN cause
            WHEN split_part(cause, ' ', 2) IN {_ADDRESS} THEN '{MOVED}'
            WHEN split_part(cause, ' ', 2) IN {_NAMES} THEN '{RENAMED}'
            ELSE cause END AS cause
        FROM causes ORDER BY pair, cause""",  # noqa: S608, our own names
        causes=causes,
    )


def tabulate_missed(judged: ScoredLinks, causes: pa.Table) -> pa.Table:
    """Count missed pairs with and without each cause (schema `MISSED`).

    Pairs may have several causes, so shares add up to more than 1. The row `NO_CAUSE` holds the
    pairs without any.

    Parameters
    ----------
    judged
        Links set against the truth.
    causes
        As `find_causes` gives them.
    """
    missed = judged.missed
    pair = causes["pair"].to_numpy()
    names, codes = np.unique(causes["cause"].to_numpy().astype(str), return_inverse=True)
    clean = np.ones(len(missed), bool)
    clean[pair] = False
    n_with = [*np.bincount(codes, minlength=len(names)), clean.sum()]
    n_missed = [*np.bincount(codes[missed[pair]], minlength=len(names)), (missed & clean).sum()]
    rows = [
        _row(str(name), (int(hit), int(n)), (int(missed.sum()), len(missed)))
        for name, hit, n in zip([*names, NO_CAUSE], n_missed, n_with, strict=True)
    ]
    return pa.Table.from_pylist(rows, MISSED)


def _row(cause: str, having: tuple[int, int], total: tuple[int, int]) -> dict[str, object]:
    n_missed, n_pairs = having
    n_missed_all, n_pairs_all = total
    return {
        "cause": cause,
        "n_missed_with": n_missed,
        "n_pairs_with": n_pairs,
        "missed_rate_with": _rate(n_missed, n_pairs),
        "missed_rate_without": _rate(n_missed_all - n_missed, n_pairs_all - n_pairs),
        "share_of_missed": _rate(n_missed, n_missed_all),
    }


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
