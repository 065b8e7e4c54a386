"""Decisions, from scored pairs to links: assignment or clustering, chosen apart from the linker.

- `none`: every pair the linker returns;
- `greedy`, `optimal`: one-to-one (see `assignment.py`);
- `many-to-one`: each left record's best pair;
- `components`: all pairs of the clusters that links chain together;
- `best-links`: the same, of the links that are the best of one of their records.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.contracts import LINKS, Pairs
from darkfigure.linkage_eval.links import assignment
from darkfigure.linkage_eval.links.clustering import components, pairs_of
from darkfigure.linkage_eval.links.table import canonical
from darkfigure.synth.core.arrays import Floats, Mask

Decision = Literal["none", "greedy", "optimal", "many-to-one", "components", "best-links"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)

Choose = Callable[[Pairs, Floats], Mask]
_ASSIGNMENTS: dict[str, Choose] = {
    "greedy": assignment.greedy,
    "optimal": assignment.optimal,
    "many-to-one": assignment.many_to_one,
}


def decide(
    links: pa.Table, decision: Decision, left: pa.Array, right: pa.Array, *, within: bool = False
) -> pa.Table:
    """Decide which pairs are links.

    Parameters
    ----------
    links
        Scored pairs (schema `LINKS`).
    decision
        One of `DECISIONS`.
    left, right
        All record ids of each side, sorted.
    within
        Whether both sides are the same records.

    Returns
    -------
    The links (schema `LINKS`).

    Raises
    ------
    ValueError
        Clusters hold more than 20 million pairs, or the links do not fit the two sides.
    """
    if decision == "none":
        return links
    folded = canonical(links, left, right, within=within)
    links, pairs = folded.links, folded.pairs
    scores = links["score"].to_numpy()
    if decision in _ASSIGNMENTS:
        return links.filter(pa.array(_ASSIGNMENTS[decision](pairs, scores)))
    if decision == "best-links":
        best = assignment.best_of_either(pairs, scores)
        pairs, scores = Pairs(pairs.left[best], pairs.right[best]), scores[best]
    return _close(pairs, scores, (left, right), within=within)


def _close(
    pairs: Pairs, scores: Floats, ids: tuple[pa.Array, pa.Array], *, within: bool
) -> pa.Table:
    """Give all pairs of the clusters; each scores as the weakest link of its cluster."""
    offset = 0 if within else len(ids[0])
    joined = Pairs(pairs.left, pairs.right + offset)
    clusters = components(offset + len(ids[1]), joined)
    closed = pairs_of(clusters)
    if not within:
        across = (closed.left < offset) & (closed.right >= offset)
        closed = Pairs(closed.left[across], closed.right[across])
    weakest = np.full(len(clusters), np.inf)
    np.minimum.at(weakest, clusters[joined.left], scores)
    columns = {
        "left_id": ids[0].take(pa.array(closed.left)),
        "right_id": ids[1].take(pa.array(closed.right - offset)),
        "score": pa.array(weakest[clusters[closed.left]]),
    }
    return pa.table(columns).cast(LINKS)
