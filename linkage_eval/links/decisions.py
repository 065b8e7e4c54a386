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

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.links import assignment
from darkfigure.linkage_eval.links.clustering import components, pairs_of
from darkfigure.linkage_eval.links.positions import Links
from darkfigure.synth.core.arrays import Floats, Mask

Decision = Literal["none", "greedy", "optimal", "many-to-one", "components", "best-links"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)

Choose = Callable[[Pairs, Floats], Mask]
_ASSIGNMENTS: dict[str, Choose] = {
    "greedy": assignment.greedy,
    "optimal": assignment.optimal,
    "many-to-one": assignment.many_to_one,
}


def decide(links: Links, decision: Decision) -> Links:
    """Decide which pairs are links.

    Parameters
    ----------
    links
        Scored pairs.
    decision
        One of `DECISIONS`.

    Raises
    ------
    ValueError
        Clusters hold more than 20 million pairs.
    """
    if decision == "none":
        return links
    if decision in _ASSIGNMENTS:
        return links.keep(_ASSIGNMENTS[decision](links.pairs, links.scores))
    if decision == "best-links":
        links = links.keep(assignment.best_of_either(links.pairs, links.scores))
    return _close(links)


def _close(links: Links) -> Links:
    """Give all pairs of the clusters; each scores as the weakest link of its cluster."""
    sides = links.sides
    offset = 0 if sides.within else len(sides.left)
    joined = Pairs(links.left, links.right + offset)
    clusters = components(offset + len(sides.right), joined)
    closed = pairs_of(clusters)
    if not sides.within:
        across = (closed.left < offset) & (closed.right >= offset)
        closed = Pairs(closed.left[across], closed.right[across])
    weakest = np.full(len(clusters), np.inf)
    np.minimum.at(weakest, clusters[joined.left], links.scores)
    return Links(sides, closed.left, closed.right - offset, weakest[clusters[closed.left]])
