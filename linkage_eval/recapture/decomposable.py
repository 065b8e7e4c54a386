"""Bayesian averaging over decomposable graphs of lists.

Lists that are joined in a graph depend on each other; a graph whose cliques can be put together one
by one has a marginal likelihood in closed form, for each number of unseen units. Prior weights are
even over graphs, and 1 / N over sizes; the posterior of the size is a weighted mean over graphs.

References
----------
Madigan and York (1997), "Bayesian methods for estimation of the size of a closed population",
Biometrika 84; Dawid and Lauritzen (1993), "Hyper Markov laws in the statistical analysis of
decomposable graphical models", Annals of Statistics 21. R's package `dga` does the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, combinations

import numpy as np
from scipy.special import gammaln, logsumexp

from darkfigure.linkage_eval.recapture.estimate import LEVEL, PopulationEstimate
from darkfigure.linkage_eval.recapture.histories import Histories
from darkfigure.synth.core.arrays import Floats, Ints

_FARTHEST = 5  # times the units seen: as many unseen are thought of
_SMALLEST_TAIL = 1e-4  # of the posterior at its far end; beyond it the data set no limit
_Edges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class GraphPosterior:
    """The posterior over graphs and sizes.

    Parameters
    ----------
    edges
        Pairs of dependent lists of each graph.
    weights
        Posterior weight of each graph, shape (graphs,).
    unseen
        Numbers of unseen units, shape (numbers,).
    density
        Posterior of each, shape (numbers,).
    """

    edges: tuple[_Edges, ...]
    weights: Floats
    unseen: Ints
    density: Floats

    @property
    def mean(self) -> float:
        """Mean number of unseen units."""
        return float(self.unseen @ self.density)

    def quantile(self, share: float) -> int:
        """Give the least number of unseen units that holds a share of the posterior."""
        return int(self.unseen[np.searchsorted(np.cumsum(self.density), share)])


def average_graphs(histories: Histories, *, most: int | None = None) -> PopulationEstimate:
    """Average over all decomposable graphs.

    Parameters
    ----------
    histories
        Units by capture history, of three lists or more.
    most
        The largest number of unseen units that is thought of; without, 5 times the seen.

    Returns
    -------
    The posterior median with its central 95 %; the upper end is None where the posterior has not
    come to an end there.
    """
    posterior = graph_posterior(histories, most=most)
    seen, tail = histories.seen, (1 - LEVEL) / 2
    spread = float(np.sqrt((posterior.unseen - posterior.mean) ** 2 @ posterior.density))
    ended = posterior.density[-1] * len(posterior.unseen) < _SMALLEST_TAIL
    low, median, high = (posterior.quantile(share) for share in (tail, 0.5, 1 - tail))
    return PopulationEstimate(
        "average_graphs", seen, seen + median, spread, seen + low, seen + high if ended else None
    )


def graph_posterior(histories: Histories, *, most: int | None = None) -> GraphPosterior:
    """Work out the posterior; parameters as of `average_graphs`."""
    n_lists = histories.n_lists
    unseen = np.arange((most if most is not None else int(_FARTHEST * histories.seen)) + 1)
    size = unseen + histories.seen
    scores = _Scores(histories, unseen)
    constant = gammaln(size + 1) - gammaln(unseen + 1) - np.log(size)
    edges: list[_Edges] = []
    logs: list[Floats] = []
    for joined in _edge_sets(n_lists):
        parts = _cliques(n_lists, joined)
        if parts is None:
            continue
        cliques, separators = parts
        log = np.sum([scores.of(clique) for clique in cliques], axis=0)
        for separator in separators:
            log = log - scores.of(separator)
        edges.append(joined)
        logs.append(log + constant)
    table = np.array(logs)
    weights = np.exp(table - logsumexp(table))
    return GraphPosterior(tuple(edges), weights.sum(axis=1), unseen, weights.sum(axis=0))


class _Scores:
    """Log marginal likelihood of each set of lists, by number of unseen units."""

    def __init__(self, histories: Histories, unseen: Ints) -> None:
        self._counts = np.concatenate([[0.0], histories.counts])
        self._presence = histories.presence()
        self._unseen = unseen
        self._known: dict[frozenset[int], Floats] = {}

    def of(self, lists: frozenset[int]) -> Floats:
        """Give the score of a clique or a separator, with the Dirichlet's constant."""
        if lists not in self._known:
            self._known[lists] = self._score(lists)
        return self._known[lists]

    def _score(self, lists: frozenset[int]) -> Floats:
        """Integrate a multinomial over a Dirichlet of total weight 1, even over all histories."""
        cell = self._presence[:, sorted(lists)] @ (1 << np.arange(len(lists)))
        counts = np.bincount(cell, weights=self._counts, minlength=2 ** len(lists))
        weight = 1 / len(counts)
        fixed = (gammaln(counts[1:] + weight) - gammaln(weight)).sum()
        nobody = gammaln(counts[0] + self._unseen + weight) - gammaln(weight)
        size = self._counts.sum() + self._unseen
        return np.asarray(fixed + nobody - gammaln(size + 1), float)


def _edge_sets(n_lists: int) -> list[_Edges]:
    pairs = list(combinations(range(n_lists), 2))
    sets = chain.from_iterable(combinations(pairs, size) for size in range(len(pairs) + 1))
    return list(sets)


def _cliques(
    n_lists: int, edges: _Edges
) -> tuple[list[frozenset[int]], list[frozenset[int]]] | None:
    """Take a graph apart into cliques and separators by maximum cardinality; None if it cannot be.

    Lists are taken in the order in which they have most neighbours taken before; in a decomposable
    graph these neighbours all know each other.
    """
    near = {
        one: {b if a == one else a for a, b in edges if one in (a, b)} for one in range(n_lists)
    }
    taken: list[int] = []
    cliques: list[frozenset[int]] = []
    separators: list[frozenset[int]] = []
    while len(taken) < n_lists:
        left = [one for one in range(n_lists) if one not in taken]
        turn = max(left, key=lambda one: (len(near[one] & set(taken)), -one))
        before = frozenset(near[turn] & set(taken))
        if any(b not in near[a] for a, b in combinations(before, 2)):
            return None
        if cliques and before == cliques[-1]:
            cliques[-1] = before | {turn}
        else:
            if cliques:
                separators.append(before)
            cliques.append(before | {turn})
        taken.append(turn)
    return cliques, separators
