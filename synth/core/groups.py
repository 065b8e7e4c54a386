"""Rows in runs of equal groups: where each run begins, and each row's place in its own."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Ints

N = TypeVar("N", np.int64, np.float64)


def starts_of_runs(groups: NDArray[np.generic]) -> Ints:
    """Give the row at which the run of each row begins.

    Parameters
    ----------
    groups
        Shape (rows,); equal ones stand together.
    """
    first = np.flatnonzero(np.append(True, groups[1:] != groups[:-1])[: len(groups)])
    return np.repeat(first, np.diff(first, append=len(groups)))


def place_in_runs(groups: NDArray[np.generic]) -> Ints:
    """Give each row its number within its run, from 0."""
    return np.arange(len(groups)) - starts_of_runs(groups)


def add_up_in_runs(groups: NDArray[np.generic], values: NDArray[N]) -> NDArray[N]:
    """Add up values within each run, each row's own included."""
    total = np.cumsum(values)
    return np.asarray(total - (total - values)[starts_of_runs(groups)])
