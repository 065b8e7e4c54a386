"""Hotspots, chosen from what is recorded and judged by what happened."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.linkage_eval.sharing.metrics.hotspots import (
    Areas,
    by_group,
    choose,
    measure_hotspots,
    recapture_rate,
)

# Five areas; the police record little of what happens in the first.
TRUE = np.array([50, 30, 10, 8, 2])
SIZE = np.array([2.0, 1, 1, 4, 2])
RECORDED = np.array([5.0, 20, 9, 0, 0])


def test_measures_meet_their_formulas_by_hand():
    """The two areas chosen hold 40 of 100 incidents on 2 of 10 km2; the best two hold 80."""
    found = measure_hotspots(RECORDED, Areas(TRUE, SIZE), 2)
    assert [1, 2] == found.chosen.tolist()
    assert (40, 100) == (found.n, found.n_total)
    assert found.precision == 0.5
    assert found.pai == pytest.approx(0.4 / 0.2)
    assert found.pei == pytest.approx(40 / 80)
    # 2 km2 at best: the second area whole, and half of the first.
    assert found.pei_star == pytest.approx(40 / 55)


def test_truth_itself_is_chosen_perfectly():
    """Published truth has precision, PEI and, for areas of one size, PEI* of 1."""
    found = measure_hotspots(TRUE.astype(float), Areas(TRUE, np.ones(5)), 2)
    assert (1.0, 1.0, 1.0) == (found.precision, found.pei, found.pei_star)


@pytest.mark.parametrize("published", [np.zeros(5), np.full(5, np.nan)], ids=["none", "suppressed"])
def test_nothing_published_leaves_everything_undefined(published: np.ndarray):
    """No choice is no bad choice and no good one."""
    found = measure_hotspots(published, Areas(TRUE, SIZE), 2)
    assert (0, None, None, None, None) == (
        found.n,
        found.precision,
        found.pai,
        found.pei,
        found.pei_star,
    )


def test_fewer_areas_than_k_are_chosen_where_fewer_have_counts():
    """An area without any published incident is no hotspot."""
    assert [1, 2, 0] == choose(RECORDED, 4).tolist()


@given(st.lists(st.integers(0, 40), min_size=3, max_size=12), st.integers(1, 12), st.data())
def test_no_choice_beats_the_best(true: list[int], k: int, data: st.DataObject):
    """PEI and PEI* stay within [0, 1] whatever is published and however large the areas."""
    n = len(true)
    sizes = data.draw(st.lists(st.floats(0.1, 9), min_size=n, max_size=n))
    published = data.draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    areas = Areas(np.array(true), np.array(sizes))
    found = measure_hotspots(np.array(published, float), areas, k)
    for index in (found.pei, found.pei_star, found.precision):
        assert index is None or 0 <= index <= 1 + 1e-9


def test_choosing_fewer_areas_than_k_costs_precision_as_it_costs_pei():
    """One area of four is chosen, rightly: a quarter of what could have been right."""
    published = np.where(TRUE == TRUE.max(), 1.0, 0.0)
    found = measure_hotspots(published, Areas(TRUE, SIZE), 4)
    assert 1 / 4 == found.precision
    assert found.pei == pytest.approx(TRUE.max() / np.sort(TRUE)[-4:].sum())


def test_recapture_rate_sets_chosen_areas_beside_all():
    """Chosen areas fall from 40 to 20, all from 100 to 100."""
    after = np.array([60, 15, 5, 15, 5])
    assert recapture_rate(TRUE, after, np.array([1, 2])) == pytest.approx(0.5)
    assert recapture_rate(TRUE, after, np.array([], int)) is None
    assert recapture_rate(TRUE, np.zeros(5, int), np.array([1])) is None


def test_deprived_areas_can_be_chosen_beyond_their_share():
    """Both chosen areas are of fifth 1, which holds 40 of 100 incidents."""
    shares = by_group(np.array([1, 2]), Areas(TRUE, SIZE), np.array([5, 1, 1, 5, 5]))
    assert {1: (1.0, 0.4), 5: (0.0, 0.6)} == shares
    assert {} == by_group(np.array([], int), Areas(TRUE, SIZE), np.ones(5, int))


def test_areas_without_size_or_counts_are_refused():
    """What cannot be measured says why."""
    with pytest.raises(ValueError, match="size"):
        Areas(TRUE, np.zeros(5))
    with pytest.raises(ValueError, match="give both"):
        Areas(TRUE, np.ones(4))
    with pytest.raises(ValueError, match="published areas"):
        measure_hotspots(np.ones(4), Areas(TRUE, SIZE), 2)
    with pytest.raises(ValueError, match="at least 1"):
        choose(RECORDED, 0)
