"""Benefit against harm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.linkage_eval.sharing.metrics.balance import hypervolume, net_benefit, pareto_front


def test_net_benefit_meets_its_formula_by_hand():
    """30 / 1000 - 90 / 1000 x .1 / .9 = .02; four lost presentations at price 2 take .008."""
    assert net_benefit(30, 90, 1_000, 0.1) == pytest.approx(0.02)
    assert net_benefit(30, 90, 1_000, 0.1, prices=((4, 2.0),)) == pytest.approx(0.012)


def test_net_benefit_refuses_what_it_cannot_weigh():
    """A threshold of 1 makes false alarms infinitely dear; nobody makes nothing."""
    with pytest.raises(ValueError, match="probability below 1"):
        net_benefit(1, 1, 10, 1.0)
    with pytest.raises(ValueError, match="at least 1"):
        net_benefit(0, 0, 0, 0.5)


def test_the_front_holds_what_nothing_beats():
    """(2, 2) beats (1, 2) and (2, 1); (0, 3) is best at something; equals both stay."""
    gains = np.array([[2.0, 2], [1, 2], [2, 1], [0, 3], [2, 2]])
    assert [True, False, False, True, True] == pareto_front(gains).tolist()


def test_hypervolume_counts_what_overlaps_once():
    """Boxes 3 x 1 and 1 x 3 from the origin share 1 x 1; in three aims a unit cube adds depth."""
    assert hypervolume(np.array([[3.0, 1], [1, 3]]), np.zeros(2)) == pytest.approx(5)
    assert hypervolume(np.array([[3.0, 1, 1], [1, 3, 2]]), np.zeros(3)) == pytest.approx(8)
    assert hypervolume(np.array([[1.0, -1]]), np.zeros(2)) == 0


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=8))
def test_hypervolume_equals_counted_cells(points: list[tuple[int, int, int]]):
    """On whole numbers it is the number of unit cells below any option."""
    cells = {(x, y, z) for a, b, c in points for x in range(a) for y in range(b) for z in range(c)}
    gains = np.array(points, float)
    assert hypervolume(gains, np.zeros(3)) == pytest.approx(len(cells))
    front = gains[pareto_front(gains)]
    assert hypervolume(front, np.zeros(3)) == pytest.approx(len(cells))
