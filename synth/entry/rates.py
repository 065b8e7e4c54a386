"""Calibrate a fault's base rate so that the expected share, after capping at 1, is the profile's.

A record's chance of a fault is its base rate times its intensity, but at most 1. If the rate is
large, many intense records are capped, and the mean chance falls short of the rate. So the base
rate must be larger than the share that the profile states.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from darkfigure.synth.core.arrays import Floats

# Intensities that a mixture of log-normals takes: pairs of a factor and its share of the records.
Mixture = tuple[tuple[float, float], ...]

_CERTAIN = 1e12  # a rate that is beyond 1 at any intensity; no rate
_NEARLY = 1 - 1e-9  # the highest rate that is not certain; no rate
_CLOSE = 1e-5  # relative; no sample of a country would show it; no rate
_LOG_MOST = 60.0  # of an intensity that is looked for; no rate


@lru_cache(maxsize=4096)
def rate_for(share: float, spread: float, mixture: Mixture) -> float:
    """Give the rate at intensity 1 at which a fault befalls a share of all records.

    Parameters
    ----------
    share
        From 0 on; 1 or more befalls every record.
    spread
        Standard deviation of the logarithm of the intensity, whose mean is 1.
    mixture
        Further factors on the intensity, each with its share of the records.
    """
    if share >= _NEARLY:
        return _CERTAIN
    if not share or share - _befallen(share, spread, mixture) < _CLOSE * share:
        return share
    log_rate = brentq(
        lambda log: _befallen(np.exp(log), spread, mixture) - share, np.log(share), _LOG_MOST
    )
    return float(np.exp(log_rate))


def _befallen(rate: float, spread: float, mixture: Mixture) -> float:
    """Give the mean probability of the fault, each record's capped at 1."""
    factors, shares = np.array(mixture).T
    return float(shares @ _capped(rate * factors, spread))


def _capped(rate: Floats, spread: float) -> Floats:
    if not spread:
        return np.minimum(rate, 1.0)
    log = np.log(rate) / spread
    capped: Floats = rate * ndtr(-log - spread / 2) + ndtr(log - spread / 2)
    return capped
