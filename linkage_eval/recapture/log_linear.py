"""Log-linear models of capture histories: lists that depend on each other.

log E[count of history h] = constant + sum of list effects + sum of the interactions of pairs of
lists; the constant is the log of the expected number on no list. For three lists all eight
hierarchical models are of this kind; the three-way interaction is never identified.

References
----------
Fienberg (1972), "The multiple recapture census for closed populations and incomplete 2^k
contingency tables", Biometrika 59; Cormack (1992), "Interval estimation for mark-recapture
studies of closed populations", Biometrics 48; Burnham and Anderson (2002), "Model selection and
multimodel inference", for the averaging.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaln, xlogy

from darkfigure.linkage_eval.recapture.estimate import (
    PopulationEstimate,
    undefined,
    with_log_normal,
)
from darkfigure.linkage_eval.recapture.histories import Histories
from darkfigure.synth.core.arrays import Floats

Terms = tuple[tuple[int, int], ...]
Criterion = Literal["aic", "bic"]
_STEPS = 100
_CLOSE = 1e-9
_STEEPEST = 30.0  # a coefficient beyond it means a count of 0 drives it to infinity
_HALF_CHI_SQUARE = 3.841458820694124 / 2  # upper 5 % point with one degree of freedom, halved
_FARTHEST = 1e4  # times the units seen; an upper limit beyond it counts as none


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Parameters
    ----------
    terms
        Pairs of lists that depend on each other, none for independence.
    coefficients
        Constant, lists in order, then terms, shape (k,).
    covariance
        Covariance of the coefficients, shape (k, k).
    log_likelihood
        Poisson log likelihood at the fit.
    deviance
        Deviance from the saturated model.
    """

    terms: Terms
    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    deviance: float

    @property
    def unseen(self) -> float:
        """Expected number on no list."""
        return float(np.exp(self.coefficients[0]))

    @property
    def variance(self) -> float:
        """Variance of the size: that of the expected unseen, and their Poisson scatter."""
        return self.unseen**2 * float(self.covariance[0, 0]) + self.unseen

    def score(self, criterion: Criterion, n: float) -> float:
        """Give the information criterion of the fit; less is better.

        Parameters
        ----------
        criterion
            "aic" or "bic".
        n
            Number of seen units, for BIC.
        """
        price = 2.0 if criterion == "aic" else float(np.log(n))
        return price * len(self.coefficients) - 2 * self.log_likelihood


def all_terms(n_lists: int) -> list[Terms]:
    """List every set of pairwise terms, from independence to all pairs: 8 for three lists."""
    pairs = list(combinations(range(n_lists), 2))
    # Two lists can only be taken for independent: one cell is missing for their interaction.
    most = len(pairs) if n_lists > 2 else 0
    return list(chain.from_iterable(combinations(pairs, size) for size in range(most + 1)))


def fit(histories: Histories, terms: Terms = ()) -> Fit | None:
    """Fit one model by maximum likelihood; None where counts of 0 leave it undetermined.

    Parameters
    ----------
    histories
        Units by capture history.
    terms
        Pairs of dependent lists as (smaller, larger), counted from 0; none for independence.

    Raises
    ------
    ValueError
        A term is no pair of the lists, or there are only two lists.
    """
    _check(terms, histories.n_lists)
    return fit_cells(_design(histories, terms)[1:], histories.counts, terms)


def estimate(histories: Histories, terms: Terms = ()) -> PopulationEstimate:
    """Estimate the size with one model and the log-normal interval; parameters as of `fit`."""
    fitted = fit(histories, terms)
    name = name_of(terms)
    if fitted is None:
        return undefined(name, histories.seen)
    value = histories.seen + fitted.unseen
    return with_log_normal(name, histories.seen, value, fitted.variance)


def name_of(terms: Terms) -> str:
    """Name a model, lists counted from 1: `log_linear[12,13]`, `log_linear[independent]`."""
    named = ",".join(f"{left + 1}{right + 1}" for left, right in terms)
    return f"log_linear[{named or 'independent'}]"


def profile_interval(histories: Histories, terms: Terms = ()) -> PopulationEstimate:
    """Estimate the size with the interval of its profile likelihood (Cormack 1992).

    The multinomial likelihood of a size, at the coefficients best for it, stays within 1.92 of its
    greatest value inside the interval. An end that the data do not bound is None. Parameters are
    those of `fit`.
    """
    _check(terms, histories.n_lists)
    name, fitted = f"{name_of(terms)} profile", fit(histories, terms)
    if fitted is None:
        return undefined(name, histories.seen)
    design = _design(histories, terms)

    def likelihood(unseen: float) -> float:
        return _profile(design, histories, unseen)

    best = _best_unseen(likelihood, fitted.unseen)
    floor = likelihood(best) - _HALF_CHI_SQUARE

    def above(unseen: float) -> float:
        return likelihood(unseen) - floor

    low = 0.0 if best <= 0 or above(0.0) > 0 else float(brentq(above, 0.0, best))
    far = _FARTHEST * histories.seen
    high = None if above(far) > 0 else histories.seen + float(brentq(above, best, far))
    seen, se = histories.seen, float(np.sqrt(fitted.variance))
    return PopulationEstimate(name, seen, seen + best, se, seen + low, high)


def average(histories: Histories, criterion: Criterion = "aic") -> PopulationEstimate:
    """Average the estimates of all models by weights exp(-criterion / 2).

    The standard error is Buckland's: that of each model, and the distance between models.

    Parameters
    ----------
    histories
        Units by capture history.
    criterion
        "aic" or "bic".

    References
    ----------
    Buckland, Burnham and Augustin (1997), "Model selection: an integral part of inference",
    Biometrics 53.
    """
    name = f"log_linear_{criterion}"
    fits = [
        fitted
        for fitted in (fit(histories, terms) for terms in all_terms(histories.n_lists))
        if fitted
    ]
    if not fits:
        return undefined(name, histories.seen)
    scores = np.array([fitted.score(criterion, histories.seen) for fitted in fits])
    weights = np.exp((scores.min() - scores) / 2)
    weights /= weights.sum()
    unseen = np.array([fitted.unseen for fitted in fits])
    mean = float(weights @ unseen)
    variances = np.array([fitted.variance for fitted in fits])
    se = float(weights @ np.sqrt(variances + (unseen - mean) ** 2))
    return with_log_normal(name, histories.seen, histories.seen + mean, se**2)


def _check(terms: Terms, n_lists: int) -> None:
    known = set(combinations(range(n_lists), 2))
    unknown = [term for term in terms if term not in known]
    if unknown or (terms and n_lists == 2):
        raise ValueError(
            f"{n_lists} lists have no interaction {unknown or list(terms)}; "
            f"name pairs of lists as (smaller, larger), counted from 0, of at least three lists"
        )


def _design(histories: Histories, terms: Terms) -> Floats:
    """Give the design of all histories, that on no list first."""
    presence = histories.presence()
    both = [presence[:, left] * presence[:, right] for left, right in terms]
    return np.column_stack([np.ones(len(presence)), presence, *both]).astype(float)


def fit_cells(design: Floats, counts: Floats, terms: Terms) -> Fit | None:
    """Fit a Poisson regression by iteratively reweighted least squares.

    Parameters
    ----------
    design
        One row a cell, one column a coefficient, the constant first.
    counts
        Units of each cell, shape (cells,).
    terms
        The pairs that the design holds.

    Returns
    -------
    None where a count of 0 drives a coefficient to infinity.
    """
    mean: Floats = counts + 0.5
    coefficients: NDArray[np.floating] = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        working = np.log(mean) + (counts - mean) / mean
        information = design.T @ (design * mean[:, None])
        try:
            solution = np.linalg.solve(information, design.T @ (mean * working))
        except np.linalg.LinAlgError:
            return None
        change = float(np.abs(solution - coefficients).max())
        coefficients = solution
        if not np.isfinite(change) or np.abs(coefficients).max() > _STEEPEST:
            return None
        mean = np.asarray(np.exp(design @ coefficients), float)
        if change < _CLOSE:
            break
    else:
        return None
    covariance = np.asarray(np.linalg.inv(design.T @ (design * mean[:, None])), float)
    log_likelihood = float((xlogy(counts, mean) - mean - gammaln(counts + 1)).sum())
    deviance = 2 * float((xlogy(counts, counts / mean) - (counts - mean)).sum())
    return Fit(terms, np.asarray(coefficients, float), covariance, log_likelihood, deviance)


def _profile(design: Floats, histories: Histories, unseen: float) -> float:
    """Give the greatest multinomial log likelihood of one number of unseen."""
    counts = np.concatenate([[unseen], histories.counts])
    size = counts.sum()
    fitted = fit_cells(design, counts, ())
    if fitted is None:
        return -np.inf
    share = np.exp(design @ fitted.coefficients) / size
    return float(gammaln(size + 1) - gammaln(unseen + 1) + xlogy(counts, share).sum())


def _best_unseen(likelihood: Callable[[float], float], start: float) -> float:
    """Find the most likely number of unseen, which lies near the conditional estimate."""
    optimum = minimize_scalar(
        lambda unseen: -likelihood(unseen),
        bounds=(0.0, 2 * start + 10),
        method="bounded",
        options={"xatol": max(1e-4, 1e-6 * start)},
    )
    return float(optimum.x)
