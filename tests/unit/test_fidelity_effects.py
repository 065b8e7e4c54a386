"""Design effects: incidents of one victim are no independent draws."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from darkfigure.linkage_eval.fidelity.comparison import _Counted, _effects


def joined(h: list[int], c: list[int]) -> pa.Table:
    """Give the sums of one figure by the hits and counts of its clusters."""
    hits, counts = np.array(h, float), np.array(c, float)
    sums = {"hits": hits, "n": counts, "hh": hits * hits, "hc": hits * counts, "cc": counts**2}
    return pa.table({name: [values.sum()] for name, values in sums.items()})


def test_clusters_of_one_have_no_effect():
    """Of 200 people with one incident each the effect is 1."""
    effect = _effects(joined([1, 0] * 100, [1] * 200), np.array(["share"]))
    assert [1.0] == pytest.approx(effect)


def test_clusters_that_agree_count_as_one_draw_each():
    """Three incidents of a person, all or none of them hits: the effect is 3."""
    assert [3.0] == pytest.approx(_effects(joined([3, 0] * 50, [3] * 100), np.array(["share"])))


def test_events_of_few_people_have_an_effect_on_rates():
    """Ten people with four events each: the variance of their number is four times as large."""
    effect = _effects(joined([4] * 10, [1] * 10), np.array(["per 1,000 a year"]))
    assert [4.0] == pytest.approx(effect)


def test_an_effect_widens_the_interval_and_keeps_the_value():
    """Four times the variance, twice the width."""
    one, four = (
        _Counted(
            np.array(["share"]),
            *(np.array([number]) for number in (400.0, 1_000.0, np.nan)),
            np.array([False]),
            np.array([effect]),
        ).estimates()
        for effect in (1.0, 4.0)
    )
    assert one.value == four.value
    assert 2 == pytest.approx(((four.high - four.low) / (one.high - one.low))[0], rel=0.02)
