"""The answer of an estimator: a population size with an interval, or none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

LEVEL = 0.95
Z = float(ndtri((1 + LEVEL) / 2))


@dataclass(frozen=True)
class PopulationEstimate:
    """A population size as one estimator gives it.

    Parameters
    ----------
    estimator
        Name of the estimator.
    seen
        Different units on any list; non-integer where corrected for linkage errors.
    value, se, low, high
        Size, standard error and 95 % interval; None where the data do not determine them.
    """

    estimator: str
    seen: float
    value: float | None
    se: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def unseen(self) -> float | None:
        """Estimated number of units on no list; None without an estimate."""
        return None if self.value is None else self.value - self.seen


def undefined(estimator: str, seen: float) -> PopulationEstimate:
    """Make an estimate without a value: the data do not determine it."""
    return PopulationEstimate(estimator, seen, None)


def with_log_normal(
    estimator: str, seen: float, value: float, variance: float
) -> PopulationEstimate:
    """Make an estimate whose interval takes the unseen for log-normal and never falls below `seen`.

    Parameters
    ----------
    estimator
        Name of the estimator.
    seen
        Different units on any list.
    value
        The estimated size.
    variance
        Variance of the size.

    References
    ----------
    Chao (1987), "Estimating the population size for capture-recapture data with unequal
    catchability", Biometrics 43.
    """
    unseen, se = value - seen, float(np.sqrt(variance))
    if not np.isfinite(value) or not np.isfinite(se):
        return undefined(estimator, seen)
    if unseen <= 0:
        # With nobody left unseen the log has no meaning; the interval starts at the estimate.
        return PopulationEstimate(estimator, seen, value, se, value, value + Z * se)
    spread = float(np.exp(Z * np.sqrt(np.log1p(variance / unseen**2))))
    return PopulationEstimate(
        estimator, seen, value, se, seen + unseen / spread, seen + unseen * spread
    )


def with_normal(estimator: str, seen: float, value: float, variance: float) -> PopulationEstimate:
    """Make an estimate with the interval value -/+ 1.96 standard errors, which can miss `seen`.

    Parameters are those of `with_log_normal`.
    """
    se = float(np.sqrt(variance))
    return PopulationEstimate(estimator, seen, value, se, value - Z * se, value + Z * se)
