"""Intervals of shares whose units come in clusters, one way or two ways.

A share is a sum over a sum; its residuals are added up within clusters, whose squares give the
variance (linearisation), each as it is with the cluster left out (`leave_one_out`). Where a unit
belongs to a cluster of either kind, such as a false link to the people of its two records, the
variance is that by the first kind, and that by the second, less that by both together. The interval
is Wilson's, with as many units as would have that variance, and Student's t with as many degrees
of freedom as the variance has: few where a few clusters weigh much (`degrees_of_freedom`). It never
leaves 0 to 1, and no chance has a part in it.

References
----------
Cameron, Gelbach and Miller (2011), "Robust inference with multiway clustering", Journal of Business
and Economic Statistics 29; Bell and McCaffrey (2002), "Bias reduction in standard errors for linear
regression with multi-stage samples", Survey Methodology 28, and Imbens and Kolesar (2016), "Robust
standard errors in small samples: some practical advice", Review of Economics and Statistics 98, for
clusters left out and degrees of freedom; Wilson (1927),
"Probable inference, the law of succession, and statistical inference"; Korn and Graubard (1998),
"Confidence intervals for proportions with small expected number of positive counts estimated from
survey data", Survey Methodology 24, for the effective number of units.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri, stdtrit

from darkfigure.synth.core.arrays import Floats, Ints

LEVEL = 0.95
_FEW = 30  # clusters, below which a share of 0 or 1 has Student's t too; a convention
_Bounds = tuple[float | None, float | None]


def cluster_variance(residuals: Floats, first: Ints, second: Ints | None = None) -> float:
    """Give the variance of a sum whose units come in clusters.

    Parameters
    ----------
    residuals
        Of each unit, shape (units,); they add up to 0.
    first, second
        Cluster of each unit, of one kind and of another, shape (units,), numbered from 0.

    Returns
    -------
    Without a factor for few clusters. Where the difference of two ways is not above 0, the larger
    of the two is given.
    """
    by_first = _squares(residuals, first)
    if second is None:
        return by_first
    by_second = _squares(residuals, second)
    width = int(second.max(initial=0)) + 1
    _, pair = np.unique(first * width + second, return_inverse=True)
    both = by_first + by_second - _squares(residuals, pair)
    return both if both > 0 else max(by_first, by_second)


def _squares(residuals: Floats, cluster: Ints) -> float:
    return float(np.square(np.bincount(cluster, weights=residuals)).sum())


def leave_one_out(weight: Floats, n_clusters: int) -> Floats:
    """Give the factors of residuals by which their squares are those of leaving each cluster out.

    A heavy cluster draws the share towards itself, so that its residual is too small.

    Parameters
    ----------
    weight
        Each cluster's part of what the share is of, shape (clusters,); they add up to 1.
    n_clusters
        Clusters whose weight is not 0, two or more.

    Returns
    -------
    Shape (clusters,); 1 where all weigh the same.
    """
    return np.asarray((1 - 1 / n_clusters) / (1 - weight))


def degrees_of_freedom(weight: Floats) -> float:
    """Give the degrees of freedom of a variance that clusters of these weights tell.

    They are Satterthwaite's where the units of a cluster all have the same outcome, as the pairs of
    a person nearly have: a cluster then adds its weight, squared, times a chi square of one degree.

    Parameters
    ----------
    weight
        Each cluster's part of what the share is of, shape (clusters,), not all 0.

    Returns
    -------
    One less than the clusters where all weigh the same, down to 1.
    """
    squares = np.square(weight / weight.max())
    degrees = squares.sum() ** 2 / np.square(squares).sum()
    return float(max(1.0, min(degrees, np.count_nonzero(weight) - 1)))


def share_interval(
    value: float,
    variance: float,
    n_clusters: int,
    degrees: float | None = None,
    level: float = LEVEL,
) -> _Bounds:
    """Give the interval of a share.

    Parameters
    ----------
    value
        The share, 0 to 1.
    variance
        Its variance, without a factor for few clusters.
    n_clusters
        Clusters that count; with one there is no interval, for nothing tells how they differ.
    degrees
        Degrees of freedom of the variance; without, one less than clusters.
    level
        The probability that the interval holds the share.

    Returns
    -------
    Lower and upper end. A share of 0 or 1 does not vary: each cluster then counts as one unit.
    """
    if n_clusters < 2:
        return None, None
    tail = (1 + level) / 2
    spread = variance * n_clusters / (n_clusters - 1)
    certain = value <= 0 or value >= 1 or spread <= 0
    few = n_clusters - 1 if certain or degrees is None else degrees
    deviate = float(ndtri(tail) if certain and n_clusters >= _FEW else stdtrit(few, tail))
    n_units = n_clusters if certain else value * (1 - value) / spread
    square = deviate**2 / n_units
    middle = (value + square / 2) / (1 + square)
    half = deviate / (1 + square) * np.sqrt(value * (1 - value) / n_units + square / n_units / 4)
    low = 0.0 if value <= 0 else float(max(0.0, middle - half))
    return low, 1.0 if value >= 1 else float(min(1.0, middle + half))
