"""Two lists that depend on each other: the size as a curve over the odds ratio one assumes.

Two lists cannot tell whether they depend. With an odds ratio psi between them, those on neither are
psi n10 n01 / n11, so the size is linear in an assumption that the data do not know: psi = 1 is
Petersen's. The ratio is the one that is left after covariates where lists are cut into strata;
without, it is marginal, and differences between strata are part of it (Simpson's paradox).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from darkfigure.linkage_eval.recapture.estimate import (
    PopulationEstimate,
    undefined,
    with_log_normal,
)
from darkfigure.linkage_eval.recapture.two_lists import TwoLists
from darkfigure.synth.core.arrays import Ints, Mask

# From lists that shun each other to lists that feed each other; assumed, as any choice is.
ODDS_RATIOS = (0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True)
class Assumption:
    """The estimate under one assumed odds ratio."""

    odds_ratio: float
    estimate: PopulationEstimate


def with_odds_ratio(lists: TwoLists, odds_ratio: float) -> PopulationEstimate:
    """Estimate the size of a population of whose lists the odds ratio is assumed.

    Parameters
    ----------
    lists
        Sizes of the lists; without an overlap there is no answer.
    odds_ratio
        Odds of being on the second list among those on the first, over the odds among the others.

    Raises
    ------
    ValueError
        The odds ratio is not above 0.

    References
    ----------
    Gerritse, van der Heijden and Bakker (2015), "Sensitivity of population size estimation for
    violating parametric assumptions in log-linear models", Journal of Official Statistics 31.
    """
    if odds_ratio <= 0:
        raise ValueError(f"an odds ratio is above 0, not {odds_ratio:g}")
    name = f"odds_ratio[{odds_ratio:g}]"
    if not lists.both:
        return undefined(name, lists.seen)
    alone = (lists.first - lists.both, lists.second - lists.both)
    unseen = odds_ratio * alone[0] * alone[1] / lists.both
    if not unseen:
        return PopulationEstimate(name, lists.seen, lists.seen, 0.0, lists.seen, lists.seen)
    variance = unseen + unseen**2 * (1 / lists.both + 1 / alone[0] + 1 / alone[1])
    return with_log_normal(name, lists.seen, lists.seen + unseen, variance)


def dependence_curve(
    lists: TwoLists, odds_ratios: Iterable[float] = ODDS_RATIOS
) -> tuple[Assumption, ...]:
    """Estimate the size under each of several odds ratios; parameters as of `with_odds_ratio`."""
    return tuple(Assumption(ratio, with_odds_ratio(lists, ratio)) for ratio in odds_ratios)


def tipping_ratio(lists: TwoLists, size: float) -> float | None:
    """Give the odds ratio at which the estimate is `size`; None where no ratio does that."""
    unrelated = (lists.first - lists.both) * (lists.second - lists.both)
    ratio = (size - lists.seen) * lists.both / unrelated if unrelated else 0.0
    return ratio if ratio > 0 else None


def common_odds_ratio(first: Mask, second: Mask, strata: Ints) -> float | None:
    """Give the odds ratio of two lists within strata, by Mantel and Haenszel.

    Parameters
    ----------
    first, second
        True where the list holds the unit, shape (units,), of all units: only the truth knows.
    strata
        Stratum of each unit, shape (units,); all 0 for the marginal ratio.

    Returns
    -------
    None where nobody is on one list alone.

    References
    ----------
    Mantel and Haenszel (1959), "Statistical aspects of the analysis of data from retrospective
    studies of disease", Journal of the National Cancer Institute 22.
    """
    n_strata = int(strata.max(initial=0)) + 1

    def count(chosen: Mask) -> np.ndarray:
        return np.bincount(strata[chosen], minlength=n_strata).astype(float)

    sizes = np.maximum(count(np.ones(len(strata), bool)), 1)
    alike = (count(first & second) * count(~first & ~second) / sizes).sum()
    unlike = (count(first & ~second) * count(~first & second) / sizes).sum()
    return float(alike / unlike) if unlike else None
