"""Clusters as others write them: a row a record, with its id and the cluster that it is in."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.links.clustering import pairs_of
from darkfigure.linkage_eval.records.file_tables import text_of
from darkfigure.synth.core.arrays import Ints

RECORD, CLUSTER = "record_id", "cluster_id"
# Names that other tools give the two columns, without case, blanks and signs; assumed.
_NEAR = {
    RECORD: ("recordid", "id", "recid", "uniqueid"),
    CLUSTER: ("clusterid", "cluster", "personid", "person", "entityid", "entity", "groupid"),
}


def is_clusters(table: pa.Table) -> bool:
    """Tell whether a user's table holds clusters: an id and a cluster, and no pairs."""
    return "left_id" not in table.column_names and all(_column(table, one) for one in _NEAR)


def cluster_column(table: pa.Table) -> str:
    """Give the column of a user's table that names clusters; "" if there is none."""
    return _column(table, CLUSTER)


def read_clusters(table: pa.Table) -> pa.Table:
    """Read a user's clusters.

    Returns
    -------
    `record_id` and `cluster_id`, as text; a record without a cluster is alone in one.

    Raises
    ------
    ValueError
        A record comes twice or has no id, or a column is no text; the message goes on from the
        name of the file.
    """
    ids, clusters = (text_of(table, _column(table, one)).combine_chunks() for one in _NEAR)
    blank = pc.equal(ids.fill_null(""), "").true_count
    if blank:
        raise ValueError(f"has a blank {_column(table, RECORD)} in {blank:,} of its rows")
    counts = pc.value_counts(ids)
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if len(twice):
        raise ValueError(
            f"puts {len(twice):,} records into more than one row, such as "
            f"{twice[0].as_py()!r}; give each record one cluster"
        )
    return pa.table({RECORD: ids, CLUSTER: pc.if_else(pc.equal(clusters, ""), None, clusters)})


def cluster_codes(clusters: pa.Table) -> Ints:
    """Give a number for the cluster of each record of `read_clusters`, shape (records,)."""
    named = clusters[CLUSTER].combine_chunks()
    codes = named.dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(float)
    alone = np.isnan(codes)
    codes[alone] = len(codes) + np.arange(alone.sum())
    return np.unique(codes, return_inverse=True)[1].astype(np.int64)


def pairs_of_clusters(table: pa.Table) -> pa.Table:
    """Give all pairs of a user's clusters: `left_id` and `right_id`.

    Raises
    ------
    ValueError
        As of `read_clusters`; or the clusters hold too many pairs.
    """
    clusters = read_clusters(table)
    pairs = pairs_of(cluster_codes(clusters))
    ids = clusters[RECORD]
    return pa.table(
        {"left_id": ids.take(pa.array(pairs.left)), "right_id": ids.take(pa.array(pairs.right))}
    )


def _column(table: pa.Table, one: str) -> str:
    plain = {re.sub(r"[^a-z0-9]", "", name.casefold()): name for name in table.column_names}
    return next((plain[near] for near in _NEAR[one] if near in plain), "")
