"""Audit of differential privacy: the loss that releases themselves prove.

Two data sets that differ in one person are released again and again, and an event is counted that
was chosen beforehand. Whoever sees more of it with the person than exp(epsilon) allows has shown
that the loss is larger than claimed.

References
----------
Jagielski, Ullman and Oprea (2020), "Auditing differentially private machine learning: how private
is private SGD?", Advances in Neural Information Processing Systems 33.
"""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.stats.intervals import ERROR_RATE, shares
from darkfigure.synth.core.arrays import Mask


def proven_loss(with_person: Mask, without: Mask, error_rate: float = ERROR_RATE) -> float:
    """Give a lower bound of epsilon, at least 0.

    Parameters
    ----------
    with_person, without
        Whether each release of either data set showed the event, shapes (releases,).
    error_rate
        The chance that the bound is above the true loss, at most.

    Returns
    -------
    The larger of the bounds by the event and by its absence, in either direction; each has a
    quarter of the error rate. Below what some hundred releases can show the bound is 0.
    """
    bounds = [
        _bound(first, second, error_rate / 4)
        for first, second in (
            (with_person, without),
            (without, with_person),
            (~with_person, ~without),
            (~without, ~with_person),
        )
    ]
    return max(0.0, *bounds)


def _bound(often: Mask, rarely: Mask, error_rate: float) -> float:
    hits = np.array([often.sum(), rarely.sum()], float)
    found = shares(hits, np.array([len(often), len(rarely)], float), error_rate)
    return float(np.log(found.low[0] / found.high[1])) if found.low[0] > 0 else 0.0
