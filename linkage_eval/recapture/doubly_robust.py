"""Two lists that are independent given covariates: a size that forgives some errors of its models.

Three models say how likely a unit that was seen is on the first list, on the second, and on both.
The plug-in estimate is wrong as soon as one of them is; the one-step estimate corrects it by what
the models leave over, so that an error in the first or the second alone does no harm. One in the
third does.

References
----------
Das, Kennedy and Jewell (2023), "Doubly robust capture-recapture methods for estimating population
size", Journal of the American Statistical Association 119; R's package `drpop` is theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.linkage_eval.recapture.estimate import PopulationEstimate, with_normal
from darkfigure.synth.core.arrays import Floats, Ints, Mask

_LEAST = 0.005  # of the modelled chance of being on both lists; the authors' choice


@dataclass(frozen=True)
class Nuisances:
    """Modelled chances of seen units: on the first list, the second, both; shapes (units,)."""

    first: Floats
    second: Floats
    both: Floats

    @classmethod
    def of_strata(cls, held: Mask, strata: Ints) -> Nuisances:
        """Take shares within strata; `held` has shape (units, 2), of seen units."""
        n_units = np.bincount(strata)
        lists = (held[:, 0], held[:, 1], held.all(axis=1))
        shares = (np.bincount(strata, weights=one) / np.maximum(n_units, 1) for one in lists)
        return cls(*(share[strata] for share in shares))

    def clipped(self) -> Nuisances:
        """Keep chances apart from 0, and from being larger than what they are part of."""
        both = np.maximum(self.both, _LEAST)
        first = np.clip(self.first, both, 1)
        return Nuisances(first, np.clip(self.second, both / first, 1), both)


def doubly_robust(held: Mask, models: Nuisances) -> PopulationEstimate:
    """Estimate the size from seen units and three models of them.

    Parameters
    ----------
    held
        True where the list holds the unit, shape (seen units, 2).
    models
        Chances of each unit; to be learnt on other units than those that they are used for.

    Returns
    -------
    With Wald's interval.
    """
    models = models.clipped()
    on_first, on_second = held.T.astype(float)
    captured = models.both / (models.first * models.second)
    parts = (
        on_first / models.first + on_second / models.second - on_first * on_second / models.both
    ) / captured
    n_seen, factor = len(held), max(1.0, float(parts.mean()))
    variance = n_seen * float(parts.var()) + n_seen * factor * (factor - 1)
    return with_normal("doubly_robust", float(n_seen), n_seen * factor, variance)


def plug_in(models: Nuisances) -> float:
    """Give the size by the models alone, for comparison."""
    models = models.clipped()
    return float((models.first * models.second / models.both).sum())
