"""Judgement of an estimator over many worlds whose true sizes are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from darkfigure.linkage_eval.recapture.estimate import LEVEL, PopulationEstimate


@dataclass(frozen=True)
class Judgement:
    """The performance of an estimator.

    Parameters
    ----------
    estimator
        Name of the estimator.
    n, undefined
        Worlds, and those in which it had no answer or no bounded interval; these count as not
        covered and are left out of the rest.
    relative_bias
        Mean of estimate / truth - 1.
    relative_rmse
        Root of the mean square of estimate / truth - 1.
    coverage, coverage_low, coverage_high
        Share of worlds whose 95 % interval holds the truth, with Wilson's interval.
    relative_width
        Mean width of the interval / truth.
    interval_score
        Mean of width + 2 / 0.05 x distance of the truth outside, / truth: less is better.
    """

    estimator: str
    n: int
    undefined: int
    relative_bias: float | None
    relative_rmse: float | None
    coverage: float
    coverage_low: float
    coverage_high: float
    relative_width: float | None
    interval_score: float | None


def judge_estimates(truths: Sequence[float], estimates: Sequence[PopulationEstimate]) -> Judgement:
    """Judge one estimator's estimates against true sizes.

    Parameters
    ----------
    truths
        True size of each world.
    estimates
        The estimate of each world, in the same order.

    Raises
    ------
    ValueError
        There are no estimates, or not as many as truths.

    References
    ----------
    Gneiting and Raftery (2007), "Strictly proper scoring rules, prediction, and estimation",
    Journal of the American Statistical Association 102, for the interval score.
    """
    if not estimates or len(truths) != len(estimates):
        raise ValueError(f"{len(estimates)} estimates of {len(truths)} worlds; give one for each")
    answered = [
        (truth, estimate.value, estimate.low, estimate.high)
        for truth, estimate in zip(truths, estimates, strict=True)
        if estimate.value is not None and estimate.low is not None and estimate.high is not None
    ]
    name, n = estimates[0].estimator, len(estimates)
    if not answered:
        interval = binomtest(0, n).proportion_ci(LEVEL, "wilson")
        return Judgement(name, n, n, None, None, 0.0, interval.low, interval.high, None, None)
    truth, value, low, high = np.array(answered).T
    error = value / truth - 1
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    covered = int((outside == 0).sum())
    interval = binomtest(covered, n).proportion_ci(LEVEL, "wilson")
    score = (high - low + 2 / (1 - LEVEL) * outside) / truth
    return Judgement(
        estimator=name,
        n=n,
        undefined=n - len(answered),
        relative_bias=float(error.mean()),
        relative_rmse=float(np.sqrt(np.square(error).mean())),
        coverage=covered / n,
        coverage_low=float(interval.low),
        coverage_high=float(interval.high),
        relative_width=float(((high - low) / truth).mean()),
        interval_score=float(score.mean()),
    )
