"""Secondary suppression that the totals of a table cannot undo.

Whoever knows a line's total knows the sum of its withheld cells, and all lines together are a
system of equations. A withheld cell stays open where it is the corner of a box of withheld cells:
along each axis the corners can trade records, one up and the next down, and no total moves. So a
box is sought for every small cell, the cheapest that leaves it open enough, and withheld whole: the
hypercube method of Repsilber. What a linear program still finds out, `privacy.disclosed_cells`
tells.

References
----------
Repsilber (1994), "Preservation of confidentiality in aggregated data"; Giessing and Repsilber
(2002), "Tools and strategies to protect multiple tables with the GHQUAR cell suppression engine",
Lecture Notes in Computer Science 2316.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from darkfigure.synth.core.arrays import Ints, Mask

# What a box costs beyond its records if it leaves a cell less open than asked, or withholds zeros.
_NARROW, _EMPTY = 1e12, 1e6


def suppress_around(count: Ints, shown: Mask, min_cell: int) -> Mask:
    """Withhold a box of cells around each withheld one.

    Parameters
    ----------
    count
        Records of each cell, any shape.
    shown
        False for the cells that are withheld by themselves, of the same shape.
    min_cell
        The range that totals are to leave a withheld cell, at least, where a box can do that.

    Returns
    -------
    The cells that are still shown. An axis of one value has no lines to protect; where no box can,
    all cells of the widest are withheld.
    """
    shown = shown.copy()
    axes = tuple(axis for axis, size in enumerate(count.shape) if size > 1)
    squeezed = count.reshape([count.shape[axis] for axis in axes])
    left = shown.reshape(squeezed.shape)  # a view: what is hidden here is hidden there
    if not axes:
        return shown
    # The smallest first, for they need the most.
    small = np.argwhere(~left)
    for cell in small[np.argsort(squeezed[~left], kind="stable")]:
        _hide_box(squeezed, left, tuple(cell), min_cell)
    return shown


def _hide_box(count: Ints, shown: Mask, cell: tuple[int, ...], min_cell: int) -> None:
    """Withhold the cheapest box with a corner at a cell; changes `shown`."""
    others = [np.delete(np.arange(size), at) for size, at in zip(count.shape, cell, strict=True)]
    grid = np.meshgrid(*others, indexing="ij")
    corners = [
        tuple(axis if far else at for axis, at, far in zip(grid, cell, turn, strict=True))
        for turn in product((False, True), repeat=count.ndim)
    ]
    is_up = [sum(turn) % 2 == 0 for turn in product((False, True), repeat=count.ndim)]
    held = np.stack([np.broadcast_to(count[corner], grid[0].shape) for corner in corners])
    new = np.stack([np.broadcast_to(shown[corner], grid[0].shape) for corner in corners])
    up = held[is_up].min(axis=0)
    down = held[[not is_one for is_one in is_up]].min(axis=0)
    # Withholding an empty cell tells less than it seems to, but costs a table its zeros.
    cost = (held * new).sum(axis=0) + _EMPTY * ((held == 0) & new).sum(axis=0)
    narrow = up + down < min_cell
    cost = cost + np.where(narrow, _NARROW * (min_cell - up - down), 0.0)
    best = np.unravel_index(np.argmin(cost), cost.shape)
    for corner in corners:
        shown[tuple(axis[best] if isinstance(axis, np.ndarray) else axis for axis in corner)] = (
            False
        )
