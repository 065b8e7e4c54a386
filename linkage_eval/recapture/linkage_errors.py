"""Linkage errors between two lists: undoing the effect of missed and false links on the overlap.

With m units on both lists, a link joins each of them with probability alpha, each of the n1 - m
units of the first list alone with beta1 and each of the n2 - m of the second alone with beta2:

    E[links] = alpha m + beta1 (n1 - m) + beta2 (n2 - m)
    m^ = (links - beta1 n1 - beta2 n2) / (alpha - beta1 - beta2)

beta2 = 0 is the model of Ding and Fienberg, beta1 = beta2 that of Di Consiglio and Tuoto, both
free that of de Wolf, van der Laan and Zult. The rates come from an audit, whose own uncertainty is
part of the interval.

References
----------
Ding and Fienberg (1994), "Dual system estimation of census undercount in the presence of matching
error", Survey Methodology 20; Di Consiglio and Tuoto (2015), "Coverage evaluation on
probabilistically linked data", Journal of Official Statistics 31; de Wolf, van der Laan and Zult
(2019), "Connecting correction methods for linkage error in capture-recapture", Journal of
Official Statistics 35.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv
from scipy.stats import binom

from darkfigure.linkage_eval.recapture.estimate import (
    LEVEL,
    PopulationEstimate,
    undefined,
    with_log_normal,
)
from darkfigure.linkage_eval.recapture.two_lists import TwoLists, chapman, chapman_variance
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream

REPLICATES = 999


@dataclass(frozen=True)
class Audited:
    """A rate as an audit found it.

    Parameters
    ----------
    rate
        Share of the audited units that are linked, 0 to 1.
    checked
        Units whose links somebody followed up; None where the rate is certain.

    Raises
    ------
    ValueError
        The rate is not between 0 and 1, or nobody was audited.
    """

    rate: float
    checked: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise ValueError(f"a rate of linkage error is between 0 and 1, not {self.rate:g}")
        if self.checked is not None and self.checked < 1:
            raise ValueError("a rate from an audit of nobody is no rate; audit some links")

    @classmethod
    def of(cls, linked: Mask) -> Audited:
        """Take the share of audited units that are linked; `linked` has shape (audited,)."""
        return cls(float(linked.mean()), len(linked)) if len(linked) else cls(0.0)

    @property
    def variance(self) -> float:
        """Variance of the rate: Jeffreys' posterior, which is above 0 even with no unit linked."""
        if self.checked is None:
            return 0.0
        yes, no = self._shape()
        return yes * no / ((yes + no) ** 2 * (yes + no + 1))

    def unseen_of(self, n: float) -> float:
        """Give the share of n units that the audit did not see."""
        return max(0.0, 1 - (self.checked or 0) / n) if n else 0.0

    def draw(self, uniform: Floats) -> Floats:
        """Draw rates from Jeffreys' posterior, by uniform draws in [0, 1), shape (n,)."""
        if self.checked is None:
            return np.full(len(uniform), self.rate)
        return np.asarray(betaincinv(*self._shape(), uniform))

    def _shape(self) -> tuple[float, float]:
        checked = self.checked or 0
        return self.rate * checked + 0.5, (1 - self.rate) * checked + 0.5


@dataclass(frozen=True)
class LinkageErrors:
    """Rates at which links join units.

    Parameters
    ----------
    alpha
        Rate at which units on both lists are linked: recall.
    beta_first, beta_second
        Rates at which units of the first, and of the second list alone, are linked to any unit. A
        false link between two such units is one link: count it on one side, not on both.

    Raises
    ------
    ValueError
        Alpha is not above the sum of the betas, so that links tell nothing.
    """

    alpha: Audited
    beta_first: Audited = Audited(0.0)
    beta_second: Audited = Audited(0.0)

    def __post_init__(self) -> None:
        if self.information <= 0:
            raise ValueError(
                f"alpha ({self.alpha.rate:g}) must be above beta_first + beta_second "
                f"({self.beta_first.rate + self.beta_second.rate:g}): otherwise a link says "
                "nothing about who is on both lists"
            )

    @property
    def information(self) -> float:
        """The information of a link on the overlap: alpha - beta1 - beta2."""
        return self.alpha.rate - self.beta_first.rate - self.beta_second.rate


def true_overlap(lists: TwoLists, errors: LinkageErrors) -> float:
    """Estimate the number of units on both lists, between 0 and the shorter list.

    Parameters
    ----------
    lists
        Sizes of the lists, with the number of links as `both`.
    errors
        Rates of error.
    """
    by_chance = errors.beta_first.rate * lists.first + errors.beta_second.rate * lists.second
    both = (lists.both - by_chance) / errors.information
    return float(np.clip(both, 0, min(lists.first, lists.second)))


def corrected_chapman(lists: TwoLists, errors: LinkageErrors) -> PopulationEstimate:
    """Estimate by Chapman at the corrected overlap, with an interval by the delta method.

    Without linkage errors this is `chapman`, interval included.

    Parameters
    ----------
    lists
        Sizes of the lists, with the number of links as `both`.
    errors
        Rates of error, with the size of their audits.
    """
    both = true_overlap(lists, errors)
    if both <= 0:
        return undefined("corrected_chapman", lists.seen)
    corrected = TwoLists(lists.first, lists.second, both)
    value = chapman(corrected).value
    if value is None:
        return undefined("corrected_chapman", corrected.seen)
    slope = (value + 1) / (both + 1)
    variance = chapman_variance(corrected) + slope**2 * _link_variance(corrected, errors)
    return with_log_normal("corrected_chapman", corrected.seen, value, variance)


def _link_variance(lists: TwoLists, errors: LinkageErrors) -> float:
    """Variance of the corrected overlap.

    An audit tells at what rates *these* links join *these* units, so that nothing of the links' own
    scatter is left but what the audit did not see. Rates that are known of the method, without an
    audit, leave all of the scatter.
    """
    kinds = (
        (errors.alpha, lists.both),
        (errors.beta_first, lists.first - lists.both),
        (errors.beta_second, lists.second - lists.both),
    )
    variance = 0.0
    for audited, n in kinds:
        if audited.checked is None:
            variance += n * audited.rate * (1 - audited.rate)
        else:
            variance += n**2 * audited.variance * audited.unseen_of(n)
    return variance / errors.information**2


def bootstrap_corrected(
    lists: TwoLists, errors: LinkageErrors, chance: Stream, *, replicates: int = REPLICATES
) -> PopulationEstimate:
    """Estimate as `corrected_chapman`, with a percentile interval of a parametric bootstrap.

    Each replicate draws the overlap and the audited rates anew and corrects with the drawn rates;
    links are drawn only at rates that no audit told (`_link_variance`).

    Parameters
    ----------
    lists, errors
        As for `corrected_chapman`.
    chance
        Draws keyed by replicate.
    replicates
        Number of replicates.
    """
    centre = corrected_chapman(lists, errors)
    if centre.value is None:
        return undefined("bootstrap_corrected", centre.seen)
    drawn = _replicate(lists, errors, centre.value, chance, np.arange(replicates))
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    se = float(np.std(drawn[np.isfinite(drawn)]))
    return PopulationEstimate(
        "bootstrap_corrected", centre.seen, centre.value, se, float(low), float(high)
    )


def _replicate(
    lists: TwoLists, errors: LinkageErrors, size: float, chance: Stream, ids: Ints
) -> Floats:
    first, second = lists.first, lists.second
    # Either list may be the shorter one: the overlap is a share of it.
    short, share = min(first, second), max(first, second) / size
    both = binom.ppf(chance.uniform("overlap", ids), round(short), min(share, 1.0))
    links, rates = np.zeros(len(ids)), {}
    for name, audited, units in (
        ("alpha", errors.alpha, both),
        ("beta_first", errors.beta_first, np.round(first - both)),
        ("beta_second", errors.beta_second, np.round(second - both)),
    ):
        drawn = audited.draw(chance.uniform(f"audit {name}", ids))
        left = np.sqrt([audited.unseen_of(n) for n in units])
        rates[name] = audited.rate + left * (drawn - audited.rate)
        if audited.checked is None and audited.rate:
            links += binom.ppf(chance.uniform(name, ids), units, audited.rate)
        else:
            links += units * audited.rate
    by_chance = rates["beta_first"] * first + rates["beta_second"] * second
    information = rates["alpha"] - rates["beta_first"] - rates["beta_second"]
    overlap = np.clip((links - by_chance) / np.maximum(information, 1e-9), 0, short)
    return np.asarray((first + 1) * (second + 1) / (overlap + 1) - 1)


def corrected_unknown_share(apparent: float, alpha: float, beta: float) -> float:
    """Undo linkage errors in a share not found: U = (U_app - 1 + alpha) / (alpha - beta).

    Parameters
    ----------
    apparent
        Share of units of the first list without a link.
    alpha, beta
        Share linked of the units on both lists, and of those on the first alone.

    Raises
    ------
    ValueError
        alpha is not above beta.
    """
    if alpha <= beta:
        raise ValueError(f"alpha ({alpha:g}) must be above beta ({beta:g}) to undo linkage errors")
    return float(np.clip((apparent - 1 + alpha) / (alpha - beta), 0, 1))
