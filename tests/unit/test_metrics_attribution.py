"""Missed pairs shared out among causes: known values, and it adds up."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from darkfigure.linkage_eval.evaluation.metrics.attribution import (
    _MOST_CAUSES,
    _codes,
    _Design,
    _fit,
    _Rates,
    _shapley,
    _share_out,
    attribute_missed,
)
from darkfigure.linkage_eval.links.truth import ScoredLinks, TruthSide, everybody, make_truth
from darkfigure.synth.core.chance import Stream


def world(missed):
    """Make a truth of one pair a person, and links that miss some of them."""
    people = np.arange(len(missed))
    sides = [
        TruthSide(name, (name,), pa.array([f"{name}{n}" for n in people]), people) for name in "lr"
    ]
    truth = make_truth(*sides, (everybody(len(people)),), within=False)
    linked = people[~np.asarray(missed, bool)]
    return ScoredLinks(truth, linked, linked, np.ones(len(linked)), np.ones(len(linked), bool))


def causes(*sets):
    """Tabulate the causes of each pair."""
    rows = [{"pair": pair, "cause": cause} for pair, some in enumerate(sets) for cause in some]
    return pa.Table.from_pylist(rows, pa.schema([("pair", pa.int64()), ("cause", pa.string())]))


def attribute(missed, sets):
    """Attribute; give rows by cause."""
    table = attribute_missed(world(missed), causes(*sets), Stream(1))
    return {row["cause"]: row for row in table.to_pylist()}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from("abcd"))), min_size=1, max_size=40)
)
def test_shares_sum_to_the_missed_pairs(pairs):
    """Whatever is missed for whatever causes, the shares add up."""
    missed, sets = zip(*pairs, strict=True)
    found = attribute(missed, sets)
    total = sum(row["n_missed"] for row in found.values())
    assert pytest.approx(sum(missed), abs=1e-6) == total


def test_a_cause_that_alone_misses_takes_all():
    """Of 400 pairs the 100 with a typing error are missed and no other."""
    sets = [{"typing"}] * 100 + [{"stale"}] * 100 + [set()] * 200
    found = attribute([True] * 100 + [False] * 300, sets)
    # A small ridge keeps the effect finite, at the price of some pairs.
    assert found["typing"]["n_missed"] > 90
    assert found["none"]["n_missed"] < 8
    assert found["typing"]["recall_without"] > 0.98
    assert pytest.approx(0.75, abs=0.01) == found["stale"]["recall_without"]
    assert 200 == found["none"]["n_pairs_with"]


def test_two_causes_of_equal_effect_share_equally():
    """Half of the pairs with either cause are missed; with both, more: each takes half of it."""
    sets = [{"a"}] * 200 + [{"b"}] * 200 + [{"a", "b"}] * 200 + [set()] * 200
    missed = ([True] * 100 + [False] * 100) * 2 + [True] * 180 + [False] * 20 + [False] * 200
    found = attribute(missed, sets)
    assert pytest.approx(found["a"]["n_missed"]) == found["b"]["n_missed"]


def test_nothing_missed_has_nothing_to_share_out():
    """No missed pairs: every share is 0, recall would be 1 without anything."""
    found = attribute([False] * 4, [{"a"}, {"a"}, set(), set()])
    assert {0.0} == {row["n_missed"] for row in found.values()}
    assert 1.0 == found["a"]["recall_without"]


def test_no_true_pairs_have_no_attribution():
    """Nothing to explain."""
    assert {} == attribute([], [])


def shapley(base, effects):
    """Share out one pair's probability by the model alone, without pairs of the same causes."""
    codes, none = _codes(len(effects)), np.zeros(1)
    rates = _Rates.of(np.zeros((1, len(effects)), bool), codes, none, none)
    seen, start = expit([base + sum(effects)]), float(expit(base))
    return _shapley(base, np.array([effects]), rates, codes[None, :], seen, start)[0]


@settings(max_examples=50, deadline=None)
@given(
    st.floats(-4, 4),
    st.lists(st.floats(-3, 3), min_size=1, max_size=_MOST_CAUSES + 3),
)
def test_shapley_shares_sum_to_the_whole(base, effects):
    """Shares sum to the rise from no cause to all of them, beyond the strongest too."""
    shares = shapley(base, effects)
    assert pytest.approx(expit(base + sum(effects)) - expit(base), abs=1e-9) == shares.sum()


def test_shapley_known_value():
    """Two causes: the mean over both orders."""
    one, other = shapley(-2.0, [1.0, 3.0])
    first = expit(-1.0) - expit(-2.0)
    last = expit(2.0) - expit(1.0)
    assert pytest.approx((first + last) / 2) == one
    assert pytest.approx(expit(2.0) - expit(-2.0) - one) == other


def test_intervals_hold_what_is_found():
    """Each share lies in its interval, of 600 pairs missed by chance and by cause."""
    ids, stream = np.arange(600), Stream(3)
    has = stream.happens("cause", ids, 0.4)
    missed = stream.happens("missed", ids, np.where(has, 0.3, 0.05))
    found = attribute(missed, [{"a"} if one else set() for one in has])
    for row in found.values():
        assert row["low"] <= row["n_missed"] <= row["high"]
    assert found["a"]["recall_without_low"] <= found["a"]["recall_without"]
    assert found["a"]["recall_without"] <= found["a"]["recall_without_high"]


def test_rules_that_do_not_add_up_are_fitted():
    """Either cause alone misses for certain, and both do no more: each has half of those with both.

    A sum of log odds must give pairs with both a higher probability than the two certain ones have.
    """
    sets = [(), ("a",), ("b",), ("a", "b")]
    counts = {(): (400, 0), ("a",): (200, 200), ("b",): (200, 200), ("a", "b"): (200, 200)}
    has = np.array([[cause in one for cause in ("a", "b")] for one in sets])
    n_pairs, n_missed = np.array([counts[one] for one in sets], float).T
    design = _Design.of(has)
    coefficients = _fit(design, n_pairs, n_missed, np.zeros(3))
    rates = _Rates.of(has, _codes(2), n_pairs, n_missed)
    shares = _share_out(has, design, rates, coefficients)
    assert 600 == pytest.approx(shares.missed.sum())
    assert [300, 300, 0] == pytest.approx(shares.missed, abs=6)
    # Without the one, pairs with both are missed for the other.
    assert [400, 400] == pytest.approx(shares.without, abs=6)
