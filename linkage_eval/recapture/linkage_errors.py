"""Two lists linked with error: undo what missed and false links do to the overlap.

With m units on both lists, a link joins each of them with probability alpha, each of the n1 - m
units of the first list alone with beta1 and each of the n2 - m of the second alone with beta2:

    E[links] = alpha m + beta1 (n1 - m) + beta2 (n2 - m)
    m^ = (links - beta1 n1 - beta2 n2) / (alpha - beta1 - beta2)

beta2 = 0 is the model of Ding and Fienberg, beta1 = beta2 that of Di Consiglio and Tuoto, both
free that of de Wolf, van der Laan and Zult. The rates come from an audit, and what the audit does
not know about them is part of the interval.

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
    """A rate as an audit found it: `found` of `checked` units; `checked` None is certainty.

    Parameters
    ----------
    rate
        Between 0 and 1.
    checked
        Units whose links somebody followed up.
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
        """Take the share of audited units that are linked."""
        return cls(float(linked.mean()), len(linked)) if len(linked) else cls(0.0)

    @property
    def variance(self) -> float:
        """Of the rate: Jeffreys' posterior, which is not 0 where none of few was found."""
        if self.checked is None:
            return 0.0
        yes, no = self._shape()
        return yes * no / ((yes + no) ** 2 * (yes + no + 1))

    def draw(self, uniform: Floats) -> Floats:
        """Draw rates that the audit leaves possible: Jeffreys' posterior."""
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
        Units on both lists that are linked: recall.
    beta_first, beta_second
        Units of the first, and of the second list alone, that are linked to something. A false
        link between two such units is one link: count it on one side, not on both.

    Raises
    ------
    ValueError
        Links say nothing, since alpha is not above the betas.
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
        """How much likelier a unit of both lists is linked: alpha - beta1 - beta2."""
        return self.alpha.rate - self.beta_first.rate - self.beta_second.rate


def true_overlap(lists: TwoLists, errors: LinkageErrors) -> float:
    """Estimate how many units are on both lists, kept within what is possible."""
    by_chance = errors.beta_first.rate * lists.first + errors.beta_second.rate * lists.second
    both = (lists.both - by_chance) / errors.information
    return float(np.clip(both, 0, min(lists.first, lists.second)))


def corrected_chapman(lists: TwoLists, errors: LinkageErrors) -> PopulationEstimate:
    """Estimate by Chapman at the corrected overlap, with an interval by the delta method.

    Without linkage errors this is `chapman`, interval included.

    Parameters
    ----------
    lists
        With `both` the number of links.
    errors
        Rates of error, with what is known about them.
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
    """Variance of the corrected overlap that comes from linking and from the audit."""
    alone = (lists.first - lists.both, lists.second - lists.both)
    kinds = (
        (errors.alpha, lists.both),
        (errors.beta_first, alone[0]),
        (errors.beta_second, alone[1]),
    )
    scatter = sum(n * audited.rate * (1 - audited.rate) for audited, n in kinds)
    audit = sum(n**2 * audited.variance for audited, n in kinds)
    return (scatter + audit) / errors.information**2


def bootstrap_corrected(
    lists: TwoLists, errors: LinkageErrors, chance: Stream, *, replicates: int = REPLICATES
) -> PopulationEstimate:
    """Estimate as `corrected_chapman`, with a percentile interval of a parametric bootstrap.

    Each replicate draws the overlap, the links and the audited rates anew and corrects with the
    drawn rates.

    Parameters
    ----------
    lists, errors
        As for `corrected_chapman`.
    chance
        Draws are keyed by replicate.
    replicates
        How many.
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
    links = np.zeros(len(ids))
    for name, audited, units in (
        ("alpha", errors.alpha, both),
        ("beta_first", errors.beta_first, np.round(first - both)),
        ("beta_second", errors.beta_second, np.round(second - both)),
    ):
        if audited.rate:
            links += binom.ppf(chance.uniform(name, ids), units, audited.rate)
    rates = {
        name: getattr(errors, name).draw(chance.uniform(f"audit {name}", ids))
        for name in ("alpha", "beta_first", "beta_second")
    }
    by_chance = rates["beta_first"] * first + rates["beta_second"] * second
    told = rates["alpha"] - rates["beta_first"] - rates["beta_second"]
    overlap = np.clip((links - by_chance) / np.maximum(told, 1e-9), 0, short)
    return np.asarray((first + 1) * (second + 1) / (overlap + 1) - 1)


def corrected_unknown_share(apparent: float, alpha: float, beta: float) -> float:
    """Undo linkage errors in a share not found: U = (U_app - 1 + alpha) / (alpha - beta).

    Parameters
    ----------
    apparent
        Share of units of the first list without a link.
    alpha, beta
        Share linked of those that are on both lists, and of those that are not.

    Raises
    ------
    ValueError
        alpha is not above beta.
    """
    if alpha <= beta:
        raise ValueError(f"alpha ({alpha:g}) must be above beta ({beta:g}) to undo linkage errors")
    return float(np.clip((apparent - 1 + alpha) / (alpha - beta), 0, 1))
