"""Sampling intervals: exact for shares, rates and ratios of rates, normal for means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, gammaincinv, ndtri

from darkfigure.synth.core.arrays import Floats

ERROR_RATE = 0.05  # the chance that an interval misses the true value


@dataclass(frozen=True)
class IntervalEstimates:
    """Values with the ends of their intervals, each of shape (n,)."""

    value: Floats
    low: Floats
    high: Floats

    def times(self, factor: Floats) -> IntervalEstimates:
        """Multiply values and ends by a factor, shape (n,), for another unit."""
        return IntervalEstimates(self.value * factor, self.low * factor, self.high * factor)


def shares(hits: Floats, n: Floats, error_rate: float = ERROR_RATE) -> IntervalEstimates:
    """Give hits / n with the Clopper-Pearson interval.

    Parameters
    ----------
    hits, n
        Hits among independent draws, shape (k,); they need not be whole.
    error_rate
        Probability that the interval misses the true value.
    """
    misses, tail = n - hits, error_rate / 2
    low = np.where(hits > 0, betaincinv(np.maximum(hits, 1e-9), misses + 1, tail), 0.0)
    high = np.where(misses > 0, betaincinv(hits + 1, np.maximum(misses, 1e-9), 1 - tail), 1.0)
    return IntervalEstimates(hits / n, low, high)


def rates(hits: Floats, exposure: Floats, error_rate: float = ERROR_RATE) -> IntervalEstimates:
    """Give hits / exposure with the exact (Garwood) Poisson interval.

    Parameters
    ----------
    hits
        Numbers of events, shape (k,).
    exposure
        Person-years or another measure of exposure, shape (k,).
    error_rate
        Probability that the interval misses the true value.
    """
    tail = error_rate / 2
    low = np.where(hits > 0, gammaincinv(np.maximum(hits, 1e-9), tail), 0.0)
    high = gammaincinv(hits + 1, 1 - tail)
    return IntervalEstimates(hits / exposure, low / exposure, high / exposure)


def rate_ratios(
    hits: Floats, n: Floats, exposures: Floats, error_rate: float = ERROR_RATE
) -> IntervalEstimates:
    """Give the ratio of two rates with its exact interval, given the events of both together.

    Parameters
    ----------
    hits
        Events in the first group, shape (k,).
    n
        Events in both groups, shape (k,).
    exposures
        Exposure of the first group over that of the second, shape (k,).
    error_rate
        Probability that the interval misses the true value.

    Returns
    -------
    Of n events each falls to the first group with odds that are the ratio times `exposures`, so the
    interval is that of a share. Infinite where the second group has no events.
    """
    share = shares(hits, n, error_rate)
    with np.errstate(divide="ignore"):
        value, low, high = (
            end / (1 - end) / exposures for end in (share.value, share.low, share.high)
        )
    return IntervalEstimates(value, low, high)


def means(
    total: Floats, n: Floats, spread: Floats, error_rate: float = ERROR_RATE
) -> IntervalEstimates:
    """Give total / n with the normal interval of a mean.

    Parameters
    ----------
    total, n
        Sums and counts of values, shape (k,).
    spread
        Standard deviation of the values, shape (k,).
    error_rate
        Probability that the interval misses the true value.
    """
    mean, reach = total / n, -ndtri(error_rate / 2) * spread / np.sqrt(n)
    return IntervalEstimates(mean, mean - reach, mean + reach)


def fixed(value: Floats) -> IntervalEstimates:
    """Give values without sampling error: both ends are the value."""
    return IntervalEstimates(value, value, value)
