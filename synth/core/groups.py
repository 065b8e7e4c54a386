"""Rows in runs of equal groups: the start of each run, and each row's place in its run."""

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
    """Give each row its number within its run, from 0.

    Parameters
    ----------
    groups
        Shape (rows,); equal ones stand together.
    """
    return np.arange(len(groups)) - starts_of_runs(groups)


def add_up_in_runs(groups: NDArray[np.generic], values: NDArray[N]) -> NDArray[N]:
    """Add up values within each run, each row's own included.

    Parameters
    ----------
    groups
        Shape (rows,); equal ones stand together.
    values
        Shape (rows,).

    Returns
    -------
    Running totals, shape (rows,).
    """
    total = np.cumsum(values)
    return np.asarray(total - (total - values)[starts_of_runs(groups)])
