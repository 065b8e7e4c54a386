"""Assignment: the choice of links among scored pairs when a record may have only one.

Where each person stands once a side, assignment moves accuracy more than the choice of engine
does; where a side holds somebody several times, it costs recall.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.synth.core.arrays import Floats, Ints, Mask


def greedy(pairs: Pairs, scores: Floats) -> Mask:
    """Take the best pair, strike out both its records, take the best that is left, and so on.

    Ties go to the smaller rows. A pair that is the best of both its records is taken in any case,
    so all such pairs are taken at once, round by round, with the same result.

    Parameters
    ----------
    pairs
        Scored pairs, each once.
    scores
        Score of each pair, shape (pairs,).

    Returns
    -------
    True for the pairs that become links, shape (pairs,).
    """
    rank = np.empty(len(scores), np.int64)
    rank[np.lexsort((pairs.right, pairs.left, -scores))] = np.arange(len(scores))
    chosen = np.zeros(len(scores), bool)
    left_over = np.arange(len(scores))
    while len(left_over):
        lefts, rights, ranks = pairs.left[left_over], pairs.right[left_over], rank[left_over]
        mutual = _is_best(lefts, ranks) & _is_best(rights, ranks)
        chosen[left_over[mutual]] = True
        used = np.isin(lefts, lefts[mutual]) | np.isin(rights, rights[mutual])
        left_over = left_over[~used]
    return chosen


def optimal(pairs: Pairs, scores: Floats) -> Mask:
    """Choose the one-to-one pairs whose scores sum to the most (the Hungarian method, sparse).

    Every left record may also stay alone, at the price of a pair that scores 0. Parameters and
    result are those of `greedy`.
    """
    if not len(scores):
        return np.zeros(0, bool)
    lefts, left = np.unique(pairs.left, return_inverse=True)
    rights, right = np.unique(pairs.right, return_inverse=True)
    alone = np.arange(len(lefts))
    # Scores are moved above 0, since a sparse matrix keeps no zeros; a lone record costs the most.
    most = float(scores.max()) + 1
    costs = np.concatenate([most - scores, np.full(len(lefts), most)])
    rows, columns = np.concatenate([left, alone]), np.concatenate([right, len(rights) + alone])
    shape = (len(lefts), len(rights) + len(lefts))
    matched = min_weight_full_bipartite_matching(coo_array((costs, (rows, columns)), shape).tocsr())
    partner = np.empty(len(lefts), np.int64)
    partner[matched[0]] = matched[1]
    return np.asarray(partner[left] == right)


def many_to_one(pairs: Pairs, scores: Floats) -> Mask:
    """Keep each left record's best pair; a right record may have many.

    Parameters and result are those of `greedy`.
    """
    rank = np.empty(len(scores), np.int64)
    rank[np.lexsort((pairs.right, -scores))] = np.arange(len(scores))
    return _is_best(pairs.left, rank)


def best_of_either(pairs: Pairs, scores: Floats) -> Mask:
    """Keep the pairs that are the best of at least one of their records, ties included.

    Parameters and result are those of `greedy`.
    """
    return _ties_best(pairs.left, scores) | _ties_best(pairs.right, scores)


def _is_best(records: Ints, rank: Ints) -> Mask:
    """Mark the pairs that have the lowest rank of their record."""
    _, record = np.unique(records, return_inverse=True)
    best = np.full(int(record.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(best, record, rank)
    return np.asarray(rank == best[record])


def _ties_best(records: Ints, scores: Floats) -> Mask:
    _, record = np.unique(records, return_inverse=True)
    best = np.full(int(record.max(initial=-1)) + 1, -np.inf)
    np.maximum.at(best, record, scores)
    return np.asarray(scores == best[record])
