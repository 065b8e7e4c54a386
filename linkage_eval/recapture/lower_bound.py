"""A lower bound of the size, from how many units are on one list and on two.

Where units differ in how easily they are caught, and lists are otherwise independent and alike, the
units on no list are at least k f1^2 / (2 f2), with f1 units on one list, f2 on two, and a factor k
of (t - 1) / t for t lists. Many texts on species set k = 1, for samples without number. The bound
does not hold where lists shun each other. For two lists it is Petersen's with both rates of capture
pooled, and so lies above Petersen's where the lists differ in size.

References
----------
Chao (1987), "Estimating the population size for capture-recapture data with unequal catchability",
Biometrics 43.
"""

from __future__ import annotations

from darkfigure.linkage_eval.recapture.estimate import (
    PopulationEstimate,
    undefined,
    with_log_normal,
)
from darkfigure.linkage_eval.recapture.histories import Histories


def chao(
    histories: Histories, *, bias_corrected: bool = True, share: float | None = None
) -> PopulationEstimate:
    """Bound the size from below.

    Parameters
    ----------
    histories
        Units by capture history.
    bias_corrected
        Whether to use f1 (f1 - 1) / (2 (f2 + 1)), which has an answer where f2 = 0.
    share
        The factor k; without, (t - 1) / t of t lists.

    Returns
    -------
    Without bias correction there is no answer where nothing is on two lists.
    """
    n_lists = histories.n_lists
    captures = histories.presence()[1:].sum(axis=1)
    once, twice = (float(histories.counts[captures == times].sum()) for times in (1, 2))
    k = (n_lists - 1) / n_lists if share is None else share
    name, seen = "chao", histories.seen
    if bias_corrected:
        unseen = k * once * (once - 1) / (2 * (twice + 1))
        return with_log_normal(name, seen, seen + unseen, _corrected(k, once, twice, seen + unseen))
    if not twice:
        return undefined(name, seen)
    ratio = once / twice
    variance = twice * (k * ratio**2 / 2 + k**2 * ratio**3 + k**2 * ratio**4 / 4)
    return with_log_normal(name, seen, seen + k * once**2 / (2 * twice), variance)


def _corrected(k: float, once: float, twice: float, size: float) -> float:
    """Variance of the bias-corrected bound."""
    if not size:
        return 0.0
    if not twice:
        squares = once * (2 * once - 1) ** 2 - once**4 / size
        return k * once * (once - 1) / 2 + k**2 * squares / 4
    above = twice + 1
    return (
        k * once * (once - 1) / (2 * above)
        + k**2 * once * (2 * once - 1) ** 2 / (4 * above**2)
        + k**2 * once**2 * twice * (once - 1) ** 2 / (4 * above**4)
    )
