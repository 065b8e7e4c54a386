"""Differences between groups: known values, and care with many comparisons."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.linkage_eval.evaluation.metrics.disparities import find_disparities, holm
from darkfigure.linkage_eval.rows import Measurement


def rate(group, value, low, high, *, n, metric="missed_match_rate"):
    """Make a measured rate of a group."""
    return Measurement("sex", group, metric, value, low, high, n)


def test_known_difference():
    """10 % (8-13) against 5 % (4-7) of the larger group; the interval is put together by MOVER."""
    measured = [rate("F", 0.10, 0.08, 0.13, n=500), rate("M", 0.05, 0.04, 0.07, n=900)]
    row = find_disparities(measured).to_pylist()[0]
    assert ("F", "M", 0.10, 0.05) == (
        row["stratum"],
        row["reference"],
        row["value"],
        row["reference_value"],
    )
    assert pytest.approx(0.05) == row["difference"]
    assert pytest.approx(0.05 - np.hypot(0.02, 0.02)) == row["low"]
    assert pytest.approx(0.05 + np.hypot(0.03, 0.01)) == row["high"]
    # 1.96 * 0.05 / 0.0283 standard errors from nothing.
    assert pytest.approx(0.00053, abs=2e-5) == row["p_value"]


def test_what_is_the_same_differs_by_nothing():
    """Equal rates: difference 0, p = 1, even with no interval at all."""
    measured = [rate("F", 0.0, 0.0, 0.0, n=5), rate("M", 0.0, 0.0, 0.0, n=9)]
    row = find_disparities(measured).to_pylist()[0]
    assert (0.0, 1.0) == (row["difference"], row["p_value"])


def test_undefined_rates_are_left_out():
    """A group without links has no false link rate, and no difference."""
    none = Measurement("sex", "F", "false_link_rate", None, None, None, 0)
    other = rate("M", 0.1, 0.0, 0.2, n=9, metric="false_link_rate")
    assert 0 == find_disparities([none, other]).num_rows
    assert 0 == find_disparities([]).num_rows


def test_holm_known_values():
    """Holm's own example of steps: .01, .04, .03, .005 of four."""
    adjusted = holm(np.array([0.01, 0.04, 0.03, 0.005]))
    assert [0.03, 0.06, 0.06, 0.02] == adjusted.round(12).tolist()


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_never_lowers_a_p_value_nor_the_order(p_values):
    """Adjusted p-values are at least the raw ones, at most 1, and sorted alike."""
    raw = np.array(p_values, float)
    adjusted = holm(raw)
    assert (adjusted >= raw).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(raw, kind="stable")]) >= 0).all()
