"""Shares as reviewers tell them, who err: corrected, with their errors in the interval.

A reviewer who calls a share s of the right pairs right (sensitivity) and a share c of the wrong
pairs wrong (specificity) calls right pi s + (1 - pi)(1 - c) of all, which is solved for pi. Both
rates come from gold cases, pairs whose answer is known, put among the others; they should be as
hard. That two reviewers agree does not give these rates.

References
----------
Rogan and Gladen (1978), "Estimating prevalence from the results of a screening test", American
Journal of Epidemiology 107; Lang and Reiczigel (2014), "Confidence limits for prevalence of disease
adjusted for estimated sensitivity and specificity", Preventive Veterinary Medicine 113.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

_Z = float(ndtri(0.975))


@dataclass(frozen=True)
class Rate:
    """A rate of a reviewer, and the number of gold cases that told it."""

    value: float
    checked: int

    @property
    def variance(self) -> float:
        """Variance of the rate."""
        return self.value * (1 - self.value) / self.checked


@dataclass(frozen=True)
class ReviewedShare:
    """A corrected share, 0 to 1, with its standard error and the ends of its 95 % interval."""

    value: float
    se: float
    low: float
    high: float


def correct_share(apparent: float, n: float, sensitivity: Rate, specificity: Rate) -> ReviewedShare:
    """Correct the share of pairs that a reviewer calls right.

    Parameters
    ----------
    apparent
        The share called right.
    n
        Pairs reviewed; of a stratified sample, as many as would have its variance.
    sensitivity, specificity
        Rates of right answers among right and among wrong gold cases.

    Raises
    ------
    ValueError
        Both rates together are not above 1: then an answer tells nothing.
    """
    skill = sensitivity.value + specificity.value - 1
    if skill <= 0:
        raise ValueError(
            f"sensitivity {sensitivity.value:g} and specificity {specificity.value:g}: a reviewer "
            "with these is no better than a coin; take another"
        )
    value, variance = _solved(apparent, n, sensitivity, specificity)
    # Lang and Reiczigel add two answers to each count before they reckon.
    square = _Z**2
    share = (apparent * n + square / 2) / (n + square)
    s, c = (
        Rate((rate.value * rate.checked + 1) / (rate.checked + 2), rate.checked + 2)
        for rate in (sensitivity, specificity)
    )
    middle, spread = _solved(share, n + square, s, c)
    shift = 2 * square * (middle * s.variance - (1 - middle) * c.variance)
    half = _Z * np.sqrt(spread)
    ends = np.clip([middle + shift - half, middle + shift + half], 0, 1)
    return ReviewedShare(
        float(np.clip(value, 0, 1)), float(np.sqrt(variance)), float(ends[0]), float(ends[1])
    )


def _solved(apparent: float, n: float, sensitivity: Rate, specificity: Rate) -> tuple[float, float]:
    """Give the true share and its variance."""
    skill = sensitivity.value + specificity.value - 1
    value = (apparent + specificity.value - 1) / skill
    variance = (
        apparent * (1 - apparent) / n
        + value**2 * sensitivity.variance
        + (1 - value) ** 2 * specificity.variance
    )
    return value, variance / skill**2
