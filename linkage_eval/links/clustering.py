"""Clustering: sets of records that are one person's, from links."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.synth.core.arrays import Ints

_MOST_PAIRS = 20_000_000


def components(n_records: int, pairs: Pairs) -> Ints:
    """Put records that any chain of links joins into one cluster.

    Parameters
    ----------
    n_records
        Number of records.
    pairs
        Links, as rows below `n_records` on both sides.

    Returns
    -------
    Cluster of each record, shape (n_records,), numbered from 0; a record without links is a
    cluster of its own.
    """
    ones = np.ones(len(pairs.left), bool)
    # Small numbers halve the memory, and SciPy would make them itself.
    small = np.int32 if n_records <= np.iinfo(np.int32).max else np.int64
    ends = pairs.left.astype(small), pairs.right.astype(small)
    graph = coo_array((ones, ends), (n_records, n_records))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def pairs_of(clusters: Ints) -> Pairs:
    """Give all pairs of records that share a cluster, the smaller row left, sorted.

    Raises
    ------
    ValueError
        There are more than 20 million pairs: links have chained strangers together.
    """
    order = np.argsort(clusters, kind="stable")
    sizes = np.bincount(clusters)
    n_pairs = int((sizes * (sizes - 1) // 2).sum())
    if n_pairs > _MOST_PAIRS:
        raise ValueError(
            f"clusters hold {n_pairs:,} pairs, the largest {int(sizes.max()):,} records: "
            "links chain strangers together; raise the linker's threshold"
        )
    ends = np.repeat(np.cumsum(sizes), sizes)
    n_after = ends - np.arange(len(order)) - 1
    first = np.repeat(np.arange(len(order)), n_after)
    within = np.arange(len(first)) - np.repeat(np.cumsum(n_after) - n_after, n_after)
    left, right = order[first], order[first + 1 + within]
    low, high = np.minimum(left, right), np.maximum(left, right)
    place = np.lexsort((high, low))
    return Pairs(low[place], high[place])
