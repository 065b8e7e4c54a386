"""Stepwise choice of a log-linear model where many lists share few units.

Where two lists share nobody the interaction that says so has no finite estimate: its cells are left
out, since they are 0 for certain. Interactions are taken in one by one, the most surprising first,
as long as it is surprising enough and the model still has an estimate.

References
----------
Chan, Silverman and Vincent (2021), "Multiple systems estimation for sparse capture data:
inferential challenges when there are nonoverlapping lists", Journal of the American Statistical
Association 116. R's package `SparseMSE` is theirs.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.optimize import linprog
from scipy.stats import poisson

from darkfigure.linkage_eval.recapture.estimate import (
    PopulationEstimate,
    Z,
    undefined,
)
from darkfigure.linkage_eval.recapture.histories import Histories
from darkfigure.linkage_eval.recapture.log_linear import Fit, Terms, fit_cells
from darkfigure.synth.core.arrays import Floats, Ints, Mask

# An interaction whose overlap is less likely than this comes in; the authors' choice.
ENTRY = 0.02
_POSITIVE = 1e-7  # of a solver's answer; no rate


def sparse_estimate(
    histories: Histories, terms: Terms | None = None, *, scatter: bool = True
) -> PopulationEstimate:
    """Estimate with a model of main effects and some pairs, chosen stepwise unless given.

    Parameters
    ----------
    histories
        Units by capture history, of three lists or more.
    terms
        Pairs of dependent lists, counted from 0; without, they are chosen.

    scatter
        Whether the interval holds the scatter of the unseen about the model, of variance 1 / unseen
        on the log scale; without, it is the authors', which holds that of the model alone.

    Returns
    -------
    With an interval as if the model had been given: that it was chosen is left out.
    """
    name = "sparse_stepwise" if terms is None else "sparse"
    seen = histories.seen
    fitted = _fit(histories, choose_terms(histories) if terms is None else terms)
    if fitted is None:
        return undefined(name, seen)
    variance = float(fitted.covariance[0, 0]) + (1 / fitted.unseen if scatter else 0.0)
    spread = float(np.exp(Z * np.sqrt(variance)))
    low, high = seen + fitted.unseen / spread, seen + fitted.unseen * spread
    error = float(np.sqrt(fitted.variance))
    return PopulationEstimate(name, seen, seen + fitted.unseen, error, low, high)


def choose_terms(histories: Histories, entry: float = ENTRY) -> Terms:
    """Choose interactions: again and again the one whose overlap surprises the model most.

    Parameters
    ----------
    histories
        Units by capture history, of three lists or more.
    entry
        Probability of an overlap as small or as large, below which its interaction comes in.

    Returns
    -------
    Pairs in the order in which they came in.
    """
    chosen: Terms = ()
    while fitted := _fit(histories, chosen):
        absent = [pair for pair in combinations(range(histories.n_lists), 2) if pair not in chosen]
        surprises = [(_surprise(histories, fitted, chosen, pair), pair) for pair in absent]
        least, pair = min(surprises, default=(1.0, (0, 0)))
        if least >= entry or not has_estimate(histories, (*chosen, pair)):
            break
        chosen = (*chosen, pair)
    return chosen


def has_estimate(histories: Histories, terms: Terms) -> bool:
    """Tell whether a model has a finite estimate that the data determine.

    Parameters
    ----------
    histories
        Units by capture history.
    terms
        Pairs of dependent lists.

    References
    ----------
    Fienberg and Rinaldo (2012), "Maximum likelihood estimation in log-linear models", Annals of
    Statistics 40: there is one where some table with all counts above 0 has the same margins.
    """
    design, counts, _ = _cells(histories, terms)
    n_cells, n_terms = design.shape
    if np.linalg.matrix_rank(design) < n_terms:
        return False
    # x >= s in every cell, A'x = A'y: is there an s above 0?
    equations = np.column_stack([design.T, np.zeros(n_terms)])
    above = np.column_stack([-np.eye(n_cells), np.ones(n_cells)])
    found = linprog(
        np.append(np.zeros(n_cells), -1.0),
        A_ub=above,
        b_ub=np.zeros(n_cells),
        A_eq=equations,
        b_eq=design.T @ counts,
        bounds=[(0, None)] * n_cells + [(None, None)],
        method="highs",
    )
    return found.success and -found.fun > _POSITIVE


def _cells(histories: Histories, terms: Terms) -> tuple[Floats, Floats, Terms]:
    """Give design and counts without the cells of pairs that share nobody; and the pairs left."""
    presence = histories.presence()[1:]
    empty = [pair for pair in terms if not histories.counts[_overlap(presence, pair)].sum()]
    kept = np.ones(len(presence), bool)
    for pair in empty:
        kept &= ~_overlap(presence, pair)
    left = tuple(pair for pair in terms if pair not in empty)
    both = [presence[:, a] * presence[:, b] for a, b in left]
    design = np.column_stack([np.ones(len(presence)), presence, *both]).astype(float)
    return design[kept], histories.counts[kept], left


def _overlap(presence: Ints, pair: tuple[int, int]) -> Mask:
    return np.asarray(presence[:, pair[0]] & presence[:, pair[1]], bool)


def _fit(histories: Histories, terms: Terms) -> Fit | None:
    return fit_cells(*_cells(histories, terms))


def _surprise(histories: Histories, fitted: Fit, terms: Terms, pair: tuple[int, int]) -> float:
    """Give the probability of an overlap as far from the model's as that of two lists."""
    presence = histories.presence()[1:]
    kept = np.ones(len(presence), bool)
    for one in terms:
        if not histories.counts[_overlap(presence, one)].sum():
            kept &= ~_overlap(presence, one)
    design, _, _ = _cells(histories, terms)
    mean = np.exp(design @ fitted.coefficients)[_overlap(presence, pair)[kept]].sum()
    overlap = float(histories.counts[_overlap(presence, pair)].sum())
    return float(min(poisson.cdf(overlap, mean), poisson.sf(overlap - 1, mean)))
