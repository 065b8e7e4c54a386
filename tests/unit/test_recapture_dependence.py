"""Sizes under an assumed odds ratio between two lists."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.linkage_eval.recapture import (
    TwoLists,
    common_odds_ratio,
    dependence_curve,
    petersen,
    tipping_ratio,
    with_odds_ratio,
)

LISTS = TwoLists(300, 200, 60)
# Odds ratio, size, standard error and interval: computed by other code from the same formulas.
KNOWN = (
    (0.21, 557.6, 22.461166, 521.14935, 610.42355),
    (0.5, 720, 49.732618, 638.21798, 835.52416),
    (0.59, 770.4, 58.175573, 674.58825, 905.34369),
    (1, 1000, 96.609178, 840.32909, 1223.3555),
    (2, 1560, 190.29801, 1244.6723, 1998.8954),
    (4, 2680, 377.64181, 2053.4227, 3549.9104),
)


@pytest.mark.parametrize(("ratio", "size", "se", "low", "high"), KNOWN)
def test_sizes_meet_known_values(ratio: float, size: float, se: float, low: float, high: float):
    """Value, standard error and interval to seven digits."""
    found = with_odds_ratio(LISTS, ratio)
    expected = pytest.approx((size, se, low, high), rel=1e-7)
    assert (found.value, found.se, found.low, found.high) == expected


def test_a_ratio_of_one_is_petersens():
    """Independence is one point of the curve."""
    found, known = with_odds_ratio(LISTS, 1), petersen(LISTS)
    assert (found.value, found.se) == pytest.approx((known.value, known.se))


@given(st.floats(0.01, 100))
def test_the_tipping_ratio_gives_back_the_size(ratio: float):
    """The ratio that a size needs is the one that made it."""
    size = with_odds_ratio(LISTS, ratio).value
    assert tipping_ratio(LISTS, size) == pytest.approx(ratio)


def test_no_ratio_makes_a_population_smaller_than_what_was_seen():
    """Nor does any where a list holds all of the other."""
    assert tipping_ratio(LISTS, LISTS.seen - 1) is None
    assert tipping_ratio(TwoLists(100, 60, 60), 200) is None
    assert 100 == with_odds_ratio(TwoLists(100, 60, 60), 3).value


def test_without_an_overlap_there_is_no_curve():
    """Every point of it is without an answer."""
    assert {None} == {each.estimate.value for each in dependence_curve(TwoLists(9, 9, 0))}


def test_a_ratio_is_above_zero():
    """Nothing is said of other numbers."""
    with pytest.raises(ValueError, match="above 0"):
        with_odds_ratio(LISTS, 0)


def test_the_common_ratio_undoes_simpsons_paradox():
    """Two strata, each with a ratio of 4, that together show another."""
    tables = (((40, 10), (10, 10)), ((10, 40), (40, 640)))
    rows = [
        (1 - i, 1 - j, stratum)
        for stratum, table in enumerate(tables)
        for i, line in enumerate(table)
        for j, n in enumerate(line)
        for _ in range(n)
    ]
    first, second, strata = np.array(rows).T
    within = common_odds_ratio(first > 0, second > 0, strata)
    marginal = common_odds_ratio(first > 0, second > 0, 0 * strata)
    assert within == pytest.approx(4)
    assert marginal == pytest.approx(50 * 650 / 50 / 50)
    assert common_odds_ratio(np.ones(3, bool), np.ones(3, bool), np.zeros(3, int)) is None
