"""By what a fault's share is multiplied so that, capped at certainty, it comes out as written.

A record's chance of a fault is a number times its intensity, and no more than 1. Where the number
is large, many intense records are capped, and the mean chance falls short of the number; so the
number must be the larger one at which the mean is what the profile says.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from darkfigure.synth.core.arrays import Floats

# Intensities that a mixture of log-normals takes: pairs of a factor and its share of the records.
Mixture = tuple[tuple[float, float], ...]

_CERTAIN = 1e12  # times any intensity it is beyond 1
_NEARLY = 1 - 1e-9
_CLOSE = 1e-5  # relative; no sample of a country would show it
_LOG_MOST = 60.0


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
        By what the intensity of some shares of the records is multiplied besides.
    """
    if share >= _NEARLY:
        return _CERTAIN
    if not share or share - _befallen(share, spread, mixture) < _CLOSE * share:
        return share
    found = brentq(
        lambda log: _befallen(np.exp(log), spread, mixture) - share, np.log(share), _LOG_MOST
    )
    return float(np.exp(found))


def _befallen(rate: float, spread: float, mixture: Mixture) -> float:
    """Give the mean of the chances, each capped at 1."""
    factors, shares = np.array(mixture).T
    return float(shares @ _capped(rate * factors, spread))


def _capped(rate: Floats, spread: float) -> Floats:
    if not spread:
        return np.minimum(rate, 1.0)
    log = np.log(rate) / spread
    capped: Floats = rate * ndtr(-log - spread / 2) + ndtr(log - spread / 2)
    return capped
