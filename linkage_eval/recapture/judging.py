"""Judge an estimator over many worlds whose true sizes are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from darkfigure.linkage_eval.recapture.estimate import LEVEL, PopulationEstimate


@dataclass(frozen=True)
class Judgement:
    """How an estimator did.

    Parameters
    ----------
    estimator
        Its name.
    n, undefined
        Worlds, and those in which it had no answer or no bounded interval; these count as not
        covered and are left out of the rest.
    relative_bias
        Mean of estimate / truth - 1.
    relative_rmse
        Root of the mean square of the same.
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
    """Judge one estimator's estimates against true sizes, world by world.

    Raises
    ------
    ValueError
        There are none, or not as many truths as estimates.

    References
    ----------
    Gneiting and Raftery (2007), "Strictly proper scoring rules, prediction, and estimation",
    Journal of the American Statistical Association 102, for the interval score.
    """
    if not estimates or len(truths) != len(estimates):
        raise ValueError(f"{len(estimates)} estimates of {len(truths)} worlds; give one for each")
    answered = [
        (truth, one.value, one.low, one.high)
        for truth, one in zip(truths, estimates, strict=True)
        if one.value is not None and one.low is not None and one.high is not None
    ]
    name, n = estimates[0].estimator, len(estimates)
    if not answered:
        none = binomtest(0, n).proportion_ci(LEVEL, "wilson")
        return Judgement(name, n, n, None, None, 0.0, none.low, none.high, None, None)
    truth, value, low, high = np.array(answered).T
    off = value / truth - 1
    outside = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    covered = int((outside == 0).sum())
    range_ = binomtest(covered, n).proportion_ci(LEVEL, "wilson")
    score = (high - low + 2 / (1 - LEVEL) * outside) / truth
    return Judgement(
        estimator=name,
        n=n,
        undefined=n - len(answered),
        relative_bias=float(off.mean()),
        relative_rmse=float(np.sqrt(np.square(off).mean())),
        coverage=covered / n,
        coverage_low=float(range_.low),
        coverage_high=float(range_.high),
        relative_width=float(((high - low) / truth).mean()),
        interval_score=float(score.mean()),
    )
