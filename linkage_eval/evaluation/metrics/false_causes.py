"""Causes of false links: what made two people look alike to a linker.

Each false link has one cause, the first that holds of what its two people are to each other and of
what agrees between their standardised records, in the fields that the linker reads. So the links
of all causes add up to the false links. Beside it stands in how many of them a fault of entry or a
value out of date lies in a field that agrees: without it the records might have told the two apart.

Shares have intervals with the people of either side as clusters (`stats.clustered`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import FalseCause, contents_of
from darkfigure.linkage_eval.stats.clustered import cluster_variance, share_interval
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.storage.dataset import Dataset

FALSE_CAUSES = contents_of(FalseCause)
# The first that holds is the cause; what a linker does not read never agrees.
_CAUSES = {
    "one NHS number for two people": "nhs_number",
    "twins": "kin = 'twin'",
    "relatives of one name": "kin IS NOT NULL AND forename AND surname",
    "relatives with one telephone": "kin IS NOT NULL AND telephone",
    "relatives at one address": "kin IS NOT NULL AND home",
    "other relatives": "kin IS NOT NULL",
    "namesakes born on one day": "forename AND surname AND date_of_birth",
    "namesakes": "forename AND surname",
    "one telephone": "telephone",
    "one address": "home",
    "one birth date": "date_of_birth",
    "one surname": "surname",
    "one forename": "forename",
}
_NOTHING_ALIKE = "nothing of these alike"
_NO_TIES = pa.schema(
    [("person_id", pa.int64()), ("other_id", pa.int64()), ("relation", pa.string())]
)


def read_ties(dataset: Dataset) -> pa.Table:
    """Read who is what to whom: `person_id`, `other_id`, `relation`; empty where nobody tells."""
    if not dataset.has("truth/relationships"):
        return _NO_TIES.empty_table()
    return dataset.read("truth/relationships", list(_NO_TIES.names))


def tabulate_false(
    judged: ScoredLinks,
    records: tuple[pa.Table, pa.Table],
    ledgers: tuple[pa.Table, pa.Table],
    ties: pa.Table,
    fields: Sequence[str] = FIELDS,
) -> pa.Table:
    """Count false links by their cause, with shares and intervals (schema `FALSE_CAUSES`).

    Parameters
    ----------
    judged
        Links set against the truth.
    records
        The standardised records of left and right (schema `RECORDS`).
    ledgers
        Of left and right, as `missed.read_ledger` gives them.
    ties
        As `read_ties` gives them.
    fields
        The fields that the linker reads.

    Returns
    -------
    The most frequent cause first; empty where no link is false.
    """
    wrong = np.flatnonzero(~judged.correct)
    if not len(wrong):
        return FALSE_CAUSES.empty_table()
    sides = (judged.truth.left, judged.left), (judged.truth.right, judged.right)
    (left_id, left), (right_id, right) = (
        (side.ids.take(pa.array(rows[wrong])), side.persons[rows[wrong]]) for side, rows in sides
    )
    found = query(
        _false_query(fields),
        links=pa.table(
            {
                "link": np.arange(len(wrong)),
                "left_id": left_id,
                "right_id": right_id,
                "left_person": left,
                "right_person": right,
            }
        ),
        lefts=records[0],
        rights=records[1],
        left_ledger=ledgers[0],
        right_ledger=ledgers[1],
        ties=ties,
    )
    causes = np.asarray(found["cause"].to_numpy()).astype(str)
    people = tuple(np.unique(each, return_inverse=True)[1] for each in (left, right))
    names, n_false = np.unique(causes, return_counts=True)
    touched = np.asarray(found["touched"].to_numpy(), bool)
    rows = [
        _row(name, causes == name, touched, people, len(judged.correct))
        for name in names[np.argsort(-n_false, kind="stable")]
    ]
    return pa.Table.from_pylist(rows, FALSE_CAUSES)


def _false_query(fields: Sequence[str]) -> str:
    agree = ", ".join(
        f"coalesce(l.{field} = r.{field}, false) AS {field}"
        if field in fields
        else f"false AS {field}"
        for field in FIELDS
    )
    named = " ".join(f"WHEN {holds} THEN '{name}'" for name, holds in _CAUSES.items())
    touched = " OR ".join(f"({field} AND list_contains(touched, '{field}'))" for field in FIELDS)
    return f"""
        WITH ledger AS (
            SELECT record_id, list(DISTINCT field) AS fields FROM (
                SELECT record_id, field FROM left_ledger
                UNION ALL SELECT record_id, field FROM right_ledger
            ) GROUP BY record_id
        ), nearest AS (
            SELECT link, max(relation::VARCHAR) AS kin FROM links
            JOIN ties ON person_id = left_person AND other_id = right_person GROUP BY link
        ), alike AS (
            SELECT link, left_id, right_id, kin, {agree} FROM (
                SELECT link, left_id, right_id, lefts AS l, rights AS r
                FROM links JOIN lefts ON lefts.record_id = left_id
                JOIN rights ON rights.record_id = right_id
            ) LEFT JOIN nearest USING (link)
        ), joined AS (
            SELECT alike.*, postcode AND house AS home, list_concat(
                coalesce(first.fields, []), coalesce(second.fields, [])
            ) AS touched
            FROM alike LEFT JOIN ledger AS first ON first.record_id = left_id
            LEFT JOIN ledger AS second ON second.record_id = right_id
        )
        SELECT CASE {named} ELSE '{_NOTHING_ALIKE}' END AS cause, {touched} AS touched
        FROM joined ORDER BY link
    """  # noqa: S608, names of our own schema


def _row(
    cause: str, has: Mask, touched: Mask, people: tuple[Ints, ...], n_links: int
) -> dict[str, object]:
    n_all, n_false = len(has), int(has.sum())
    share = n_false / n_all
    variance = cluster_variance(has.astype(np.float64) - share, *people) / n_all**2
    low, high = share_interval(share, variance, int(people[0].max()) + 1)
    return {
        "cause": cause,
        "n_false": n_false,
        "share_of_false": share,
        "low": low,
        "high": high,
        "precision_without": 1 - (n_all - n_false) / max(n_links - n_false, 1),
        "n_with_fault": int((has & touched).sum()),
    }
