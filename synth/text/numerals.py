"""Numbers as texts write them: without leading zeros, or with one decimal."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Ints

_MOST = 400  # greatest number written here; no rate


def numerals(values: Ints) -> pa.StringArray:
    """Write whole numbers from 0 to 399."""
    return _whole().take(pa.array(np.clip(values, 0, _MOST - 1)))


def tenths(values: Floats) -> pa.StringArray:
    """Write numbers from 0 to 99.9 with one decimal."""
    return _tenths().take(pa.array(np.clip(np.rint(values * 10), 0, 999).astype(np.int64)))


@cache
def _whole() -> pa.StringArray:
    return pa.array([str(value) for value in range(_MOST)], pa.string())


@cache
def _tenths() -> pa.StringArray:
    return pa.array([f"{value / 10:.1f}" for value in range(1_000)], pa.string())
