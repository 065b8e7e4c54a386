"""Estimates within strata, added up: differences between strata then make no dependence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from darkfigure.linkage_eval.recapture.estimate import (
    PopulationEstimate,
    undefined,
    with_log_normal,
)
from darkfigure.synth.core.arrays import Ints, Mask


def stratified(
    held: Mask,
    strata: Ints,
    estimator: Callable[[Mask], PopulationEstimate],
) -> PopulationEstimate:
    """Sum the estimates of strata; one stratum without an answer leaves the sum without one.

    Parameters
    ----------
    held
        True where the list holds the unit, shape (units, lists).
    strata
        Stratum of each unit, shape (units,), such as a covariate or a combination of covariates.
    estimator
        A function from the rows of one stratum to its estimate.
    """
    parts = [estimator(held[strata == stratum]) for stratum in np.unique(strata)]
    seen = float(sum(part.seen for part in parts))
    values = [part.value for part in parts if part.value is not None]
    errors = [part.se for part in parts if part.se is not None]
    name = f"stratified_{parts[0].estimator}" if parts else "stratified"
    if not parts or len(values) < len(parts) or len(errors) < len(parts):
        return undefined(name, seen)
    return with_log_normal(name, seen, float(sum(values)), float(np.square(errors).sum()))
