"""Suppression that totals cannot undo, audited by linear programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.linkage_eval.privacy import bound_cells
from darkfigure.linkage_eval.sharing.forms.counted import publish, publish_primary
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream

MIN_CELL = 5


def hide(*cells: tuple[int, int], size: int = 3) -> Mask:
    """Show all of a square table but some cells, counted from 1."""
    shown = np.ones((size, size), bool)
    for row, column in cells:
        shown[row - 1, column - 1] = False
    return shown


RING = hide((1, 1), (1, 2), (2, 2), (2, 3), (3, 1), (3, 3))
# Tables whose bounds were worked out by enumerating all whole tables with the same totals.
KNOWN = {
    "a ring": (
        [[3, 8, 14], [20, 6, 12], [11, 17, 9]],
        RING,
        [(0, 11), (0, 11), (3, 14), (4, 15), (3, 14), (6, 17)],
    ),
    "a ring that zeros block": (
        [[3, 8, 14], [20, 0, 12], [0, 17, 9]],
        RING,
        [(3, 3), (8, 8), (0, 0), (12, 12), (0, 0), (9, 9)],
    ),
    "a box": (
        [[3, 9, 20], [7, 15, 8], [25, 6, 30]],
        hide((1, 1), (1, 2), (2, 1), (2, 2)),
        [(0, 10), (2, 12), (0, 10), (12, 22)],
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_bounds_are_those_of_all_tables_with_these_totals(name: str):
    """The least and the greatest value of every withheld cell."""
    table, shown, ends = KNOWN[name]
    bounds = bound_cells(np.array(table), shown)
    assert np.allclose(np.column_stack([bounds.low, bounds.high]), ends)


def test_a_bridge_between_two_boxes_is_found():
    """Every line has two withheld cells, and yet one is told: 4 in row 2, column 3."""
    table = np.array([[3, 9, 20, 11], [7, 15, 4, 8], [25, 6, 12, 9], [14, 10, 6, 16]])
    boxes = ((1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 3), (3, 4), (4, 3), (4, 4))
    bounds = bound_cells(table, hide(*boxes, size=4))
    assert [[1, 2]] == bounds.cells[bounds.exact].tolist()
    assert 4 == pytest.approx(bounds.low[bounds.exact][0])


def tables(n: int) -> list[Ints]:
    """Draw two-way tables of small counts, four to eight values a side."""
    chance = Stream(4, ("tables",))
    drawn = []
    for number in range(n):
        rows, columns = 4 + chance.stage(str(number)).below("size", np.arange(2), 5)
        uniform = chance.stage(str(number)).uniform("count", np.arange(rows * columns))
        drawn.append(np.floor(12 * uniform**2).astype(np.int64).reshape(rows, columns))
    return drawn


def test_no_withheld_cell_of_many_tables_is_told():
    """Of 40 tables no withheld cell has one value only, and few small ones a narrow range.

    A line whose own total is small leaves no wide range. `benchmarks/audit_suppression.py` takes
    120 tables, and counts what is withheld.
    """
    ranges = []
    for table in tables(40):
        bounds = bound_cells(table, publish(table, MIN_CELL, secondary=True))
        assert not bounds.exact.any()
        true = table[tuple(bounds.cells.T)]
        ranges.append((bounds.high - bounds.low)[(true > 0) & (true < MIN_CELL)])
    wide = np.concatenate(ranges) > MIN_CELL - 0.5
    assert wide.mean() > 0.95


def test_three_axes_hide_as_two_do():
    """A box of eight cells stands around a small one."""
    table = np.arange(27).reshape(3, 3, 3) + 1
    shown = publish(table, MIN_CELL, secondary=True)
    assert shown.sum() < publish_primary(table, MIN_CELL).sum() - 3
    assert not bound_cells(table, shown).exact.any()


COUNTS = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4)


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_large_cells_alone_withhold_nothing(cells: list[list[int]]):
    """Without a small count all is shown; with one, all that is small is not."""
    count = np.array(cells)
    shown = publish(count, MIN_CELL, secondary=True)
    primary = publish_primary(count, MIN_CELL)
    assert shown.all() == primary.all()
    assert not (shown & ~primary).any()


def test_a_line_alone_hides_a_cell_behind_another():
    """An axis of one value has no total to take from; the other has, and two cells share it."""
    shown = publish(np.array([[2, 9, 30]]), MIN_CELL, secondary=True)
    assert [[False, False, True]] == shown.tolist()
