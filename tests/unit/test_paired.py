"""Is a difference real: no false alarms for equals, and an eye for one per cent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from darkfigure.linkage_eval.evaluation.paired import LinkerCounts, compare_contenders
from darkfigure.synth.core.chance import Stream

# A third of those whom suite `ci` has true pairs of.
N_PEOPLE = 1_600
N_TRIALS = 200


def people(stream, missing, *, base=0.02):
    """Make a linker's counts: everybody has one or two pairs, missed together at some rates.

    `missing` is the chance of missing somebody beyond those everybody misses, who are the same
    for every linker.
    """
    ids = np.arange(N_PEOPLE)
    n_true = 1 + Stream(stream.seed, ("pairs",)).below("pairs", ids, 2)
    hard = Stream(stream.seed, ("hard",)).happens("hard", ids, base)
    n_right = np.where(hard | stream.happens("missed", ids, missing), 0, n_true)
    return np.column_stack([n_right, n_right, n_true, n_true * 1_000])


def verdict(trial, first_missing, second_missing):
    """Compare two linkers in one trial; give the verdict on recall."""
    contenders = [
        LinkerCounts(name, people(Stream(trial, (name,)), missing))
        for name, missing in (("a", first_missing), ("b", second_missing))
    ]
    found = compare_contenders(contenders, metric="recall", seed=trial)
    return found.differences["verdict"][0].as_py()


def test_the_same_links_under_two_names_always_tie():
    """Identical outcomes differ by nothing: never declared different, in 200 trials."""
    for trial in range(N_TRIALS):
        counts = people(Stream(trial, ("a",)), 0.03)
        found = compare_contenders([LinkerCounts("a", counts), LinkerCounts("b", counts)])
        assert ["tie"] == found.differences["verdict"].to_pylist()
        assert [0.5, 0.5] == found.best["probability_best"].to_pylist()


def test_equally_good_linkers_are_seldom_declared_different(capsys):
    """Two linkers that err alike but apart: declared different in about 5 % of 200 trials.

    The bootstrap's level is within a point of 5 % here; more than 26 of 200 would come with
    probability 1e-6 if it were 5 %.
    """
    n_alarms = sum(verdict(trial, 0.02, 0.02) != "tie" for trial in range(N_TRIALS))
    with capsys.disabled():
        print(f"\nfalse alarms: {n_alarms} of {N_TRIALS}")  # noqa: T201, the figure is the point
    assert binom.sf(n_alarms - 1, N_TRIALS, 0.05) > 1e-6


def test_one_per_cent_less_recall_is_found(capsys):
    """A linker that misses one person in a hundred more is found in over 80 % of 200 trials."""
    found = [verdict(trial, 0.0, 0.01) for trial in range(N_TRIALS)]
    n_found = found.count("first")
    with capsys.disabled():
        print(f"\nfound: {n_found} of {N_TRIALS}")  # noqa: T201, the figure is the point
    assert n_found > 0.8 * N_TRIALS
    assert "second" not in found


def test_three_linkers_are_compared_two_by_two():
    """Each pair has a row; probabilities of being best sum to 1, the best has most of it."""
    stream = Stream(5)
    contenders = [
        LinkerCounts(name, people(stream.stage(name), rate))
        for name, rate in (("good", 0.0), ("fair", 0.05), ("poor", 0.2))
    ]
    found = compare_contenders(contenders, metric="recall")
    assert [("good", "fair"), ("good", "poor"), ("fair", "poor")] == list(
        zip(
            found.differences["first"].to_pylist(),
            found.differences["second"].to_pylist(),
            strict=True,
        )
    )
    assert ["first"] * 3 == found.differences["verdict"].to_pylist()
    assert pytest.approx(1.0) == sum(found.best["probability_best"].to_pylist())
    assert 1.0 == found.best["probability_best"][0].as_py()


def test_what_is_not_defined_is_null():
    """Without links precision has no value, no interval and no verdict but a tie."""
    some = people(Stream(1), 0.1)
    none = some * np.array([0, 0, 1, 1])
    found = compare_contenders(
        [LinkerCounts("some", some), LinkerCounts("none", none)], metric="precision"
    )
    row = found.differences.to_pylist()[0]
    assert (None, None, None, "tie") == (
        row["second_value"],
        row["difference"],
        row["low"],
        row["verdict"],
    )
    assert [1.0, 0.0] == found.best["probability_best"].to_pylist()


def test_others_people_cannot_be_compared():
    """Rows must be of the same people."""
    with pytest.raises(ValueError, match="the same people"):
        compare_contenders(
            [LinkerCounts("a", np.ones((3, 4), int)), LinkerCounts("b", np.ones((2, 4), int))]
        )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**20))
def test_changing_sides_changes_the_sign(seed):
    """Whoever stands first, the difference and its interval are the same but for the sign."""
    one, other = (
        LinkerCounts(name, people(Stream(seed, (name,)), rate))
        for name, rate in (("a", 0.02), ("b", 0.05))
    )
    there, back = (
        compare_contenders(pair, metric="recall").differences.to_pylist()[0]
        for pair in ([one, other], [other, one])
    )
    assert pytest.approx(there["difference"]) == -back["difference"]
    # Resamples are keyed by the outcomes side by side, so they are others; bounds agree closely.
    assert abs(there["low"] + back["high"]) < 0.004
