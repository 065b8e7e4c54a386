"""Published ages of each local authority, by single year."""

from __future__ import annotations

from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography import wales

OLDEST = 104  # years; assumed
ADULT = 18  # years; younger people count as children of the household. Source: well known
_OPEN_FROM = 90  # the published tables end here
_SURVIVES = 0.72  # of those past 90, to the next year; assumed


@cache
def age_weights() -> Floats:
    """Give each authority's share of residents by single year of age.

    Returns
    -------
    Shape (authorities, OLDEST + 1); rows add up to 1. Five-year bands are the authority's own
    (mid-2020), single years within a band those of Wales.
    """
    ages, single = load("ages"), load("ages_single")
    within = np.zeros(OLDEST + 1)
    within[single["age"].to_numpy()] = single["persons"].to_numpy()
    within[_OPEN_FROM:] = within[_OPEN_FROM - 1 :].sum() * _SURVIVES ** np.arange(
        OLDEST + 1 - _OPEN_FROM
    )
    codes = wales().authorities["la_code"].to_pylist()
    weights = np.tile(within, (len(codes), 1))
    rows = (ages[name].to_pylist() for name in ("la_code", "age_from", "age_to", "persons"))
    for code, start, end, persons in zip(*rows, strict=True):
        if code in codes:
            part = weights[codes.index(code), start : end + 1]
            part *= persons / part.sum()
    return np.asarray(weights / weights.sum(1, keepdims=True))


def quantile_ages(authority: int, count: int, low: int, high: int) -> Floats:
    """Spread ages over an interval as the authority's residents are spread.

    Parameters
    ----------
    authority
        Number of the local authority.
    count
        Number of ages.
    low, high
        Bounds in years; ages lie in [low, high).

    Returns
    -------
    Years, ascending, shape (count,).
    """
    weights = age_weights()[authority, low:high]
    share = np.append(0, np.cumsum(weights) / weights.sum())
    return np.interp((np.arange(count) + 0.5) / max(count, 1), share, np.arange(low, high + 1))
