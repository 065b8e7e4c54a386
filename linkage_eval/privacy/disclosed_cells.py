"""Withheld cells of a table that its totals give away, by linear programs.

Withheld cells are 0 or more, and those of each line add up to its total less what is shown: the
least and the greatest value of a cell that fit are what an attacker knows of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from darkfigure.synth.core.arrays import Floats, Ints, Mask

_SLACK = 1e-6  # of a solver whose answers are whole numbers here; no rate


@dataclass(frozen=True)
class CellBounds:
    """What totals tell of withheld cells.

    Parameters
    ----------
    cells
        Their places, shape (withheld, axes).
    low, high
        The least and the greatest value that fit, shape (withheld,).
    """

    cells: Ints
    low: Floats
    high: Floats

    @property
    def exact(self) -> Mask:
        """Whether only one value fits, shape (withheld,)."""
        return self.high - self.low < 1 - _SLACK


def bound_cells(count: Ints, shown: Mask) -> CellBounds:
    """Bound every withheld cell of a table whose lines' totals are known.

    Parameters
    ----------
    count
        The true counts, any shape; of withheld cells only the totals are used.
    shown
        Whether a cell is shown, of the same shape.

    Returns
    -------
    Bounds of the withheld cells, in order. Those of a two-way table are reached by whole numbers;
    with more axes an attacker who knows that counts are whole may know more.
    """
    cells = np.argwhere(~shown)
    number = np.full(count.shape, -1)
    number[~shown] = np.arange(len(cells))
    lines: list[int] = []
    of_cell: list[int] = []
    totals: list[int] = []
    for axis in (axis for axis, size in enumerate(count.shape) if size > 1):
        withheld = np.moveaxis(number, axis, -1).reshape(-1, count.shape[axis])
        true = np.moveaxis(np.where(shown, 0, count), axis, -1).reshape(withheld.shape)
        for line in np.flatnonzero((withheld >= 0).any(axis=1)):
            inside = withheld[line][withheld[line] >= 0]
            lines += [len(totals)] * len(inside)
            of_cell += inside.tolist()
            totals.append(int(true[line].sum()))
    low, high = np.zeros(len(cells)), np.full(len(cells), np.inf)
    if not totals:
        return CellBounds(cells, low, high)
    shape = (len(totals), len(cells))
    equations = coo_array((np.ones(len(lines)), (lines, of_cell)), shape=shape).tocsr()
    for place in range(len(cells)):
        for sign, ends in ((1, low), (-1, high)):
            aim = np.zeros(len(cells))
            aim[place] = sign
            found = linprog(aim, A_eq=equations, b_eq=totals, method="highs")
            ends[place] = sign * found.fun
    return CellBounds(cells, low, high)
