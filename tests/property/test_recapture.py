"""Capture-recapture against published examples, invariants and known truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from darkfigure.linkage_eval.recapture import (
    Audited,
    LinkageErrors,
    PopulationEstimate,
    TwoLists,
    bootstrap_corrected,
    chapman,
    corrected_chapman,
    corrected_unknown_share,
    judge_estimates,
    petersen,
    stratified,
    true_overlap,
)
from darkfigure.synth.core.chance import Stream

# Outbreak of hepatitis A in a college of northern Taiwan, 1995: lists P (serum tests), Q (hospital
# records) and E (epidemiologists), pair by pair. Source: Chao, Tsay, Lin, Shau and Chao (2001).
HEPATITIS = {
    "PQ": (TwoLists(135, 122, 49), 336),
    "PE": (TwoLists(135, 126, 45), 378),
    "QE": (TwoLists(122, 126, 46), 334),
}


@pytest.mark.parametrize("pair", HEPATITIS)
def test_petersen_meets_the_published_estimates(pair: str):
    """The three pairs of hepatitis lists give the published sizes."""
    lists, published = HEPATITIS[pair]
    assert published == round(petersen(lists).value)


def test_chapman_meets_its_formula_by_hand():
    """101 x 101 / 21 - 1, with variance 101 x 101 x 80 x 80 / (21 x 21 x 22)."""
    found = chapman(TwoLists(100, 100, 20), interval="normal")
    assert found.value == pytest.approx(484.7619, abs=1e-4)
    assert found.se == pytest.approx(82.0315, abs=1e-4)
    assert (found.low, found.high) == pytest.approx((323.983, 645.541), abs=1e-3)


def test_log_normal_interval_meets_its_formula_by_hand():
    """The unseen, 304.76 with standard error 82.03, are divided and multiplied by one factor."""
    found = chapman(TwoLists(100, 100, 20))
    spread = np.exp(1.959964 * np.sqrt(np.log(1 + 82.0315**2 / 304.7619**2)))
    assert found.low == pytest.approx(180 + 304.7619 / spread, abs=1e-2)
    assert found.high == pytest.approx(180 + 304.7619 * spread, abs=1e-2)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_estimate_and_all_who_were_seen(both: int, one: int, other: int):
    """Low <= value <= high, and low >= the number seen."""
    found = chapman(TwoLists(both + one, both + other, both))
    assert found.seen <= found.low + 1e-9
    assert found.low <= found.value + 1e-9
    assert found.value <= found.high + 1e-9


def test_petersen_has_no_answer_where_lists_share_nothing():
    """Nothing on both lists says nothing about who is on neither."""
    assert petersen(TwoLists(10, 10, 0)) == PopulationEstimate("petersen", 20, None)


@pytest.mark.parametrize("sizes", [(5, 4, 5), (-1, 4, 0)])
def test_impossible_lists_are_refused(sizes: tuple[int, int, int]):
    """More on both than on one, and negative sizes, are refused with what to do."""
    with pytest.raises(ValueError, match="count units once"):
        TwoLists(*sizes)


@given(st.integers(1, 300), st.integers(0, 300), st.integers(0, 300))
def test_without_linkage_errors_corrected_is_naive(both: int, one: int, other: int):
    """Alpha = 1 and beta = 0 leave size and interval as they are."""
    lists = TwoLists(both + one, both + other, both)
    found, naive = corrected_chapman(lists, LinkageErrors(Audited(1.0))), chapman(lists)
    assert (naive.value, naive.low, naive.high) == (found.value, found.low, found.high)


@pytest.mark.parametrize(
    ("beta_first", "beta_second"), [(0.1, 0.0), (0.04, 0.04), (0.02, 0.08)], ids=str
)
def test_correction_undoes_simulated_linkage_errors(beta_first: float, beta_second: float):
    """Ding-Fienberg, Di Consiglio-Tuoto and the free model recover the overlap they came from.

    The mean over 400 worlds stays within five standard errors: false alarms below 1e-6.
    """
    both, first, second = 800, 2_000, 3_000
    errors = LinkageErrors(Audited(0.8), Audited(beta_first), Audited(beta_second))
    found = []
    for world in range(400):
        chance = Stream(world, ("linking",))
        links = chance.happens("alpha", np.arange(both), 0.8).sum()
        links += chance.happens("first", np.arange(first - both), beta_first).sum()
        links += chance.happens("second", np.arange(second - both), beta_second).sum()
        found.append(true_overlap(TwoLists(first, second, links), errors))
    error = np.std(found) / np.sqrt(len(found))
    assert np.mean(found) == pytest.approx(both, abs=5 * error)


def _worlds(alpha: float, beta: float, n_worlds: int, audited: int):
    """Two independent lists of 5,000, linked with errors, and an audit of other links."""
    size, ids = 5_000, np.arange(5_000)
    for world in range(n_worlds):
        chance = Stream(world, ("worlds",))
        first, second = (chance.happens(name, ids, rate) for name, rate in (("a", 0.4), ("b", 0.3)))
        linked = chance.happens("links", ids, np.where(second, alpha, beta)) & first
        lists = TwoLists(int(first.sum()), int(second.sum()), int(linked.sum()))
        checked = np.arange(audited)
        errors = LinkageErrors(
            Audited.of(chance.happens("audit alpha", checked, alpha)),
            Audited.of(chance.happens("audit beta", checked, beta)),
        )
        yield size, lists, errors, chance


def test_naive_misses_where_corrected_covers():
    """At alpha .85 the naive interval covers nothing; the corrected ones cover nominally.

    Of 200 worlds at coverage .95, fewer than 174 come about with probability below 1e-5.
    """
    truths, found = [], {"naive": [], "delta": [], "bootstrap": []}
    for size, lists, errors, chance in _worlds(0.85, 0.01, 200, audited=500):
        truths.append(size)
        found["naive"].append(chapman(lists))
        found["delta"].append(corrected_chapman(lists, errors))
        found["bootstrap"].append(bootstrap_corrected(lists, errors, chance, replicates=199))
    judged = {name: judge_estimates(truths, some) for name, some in found.items()}
    assert binomtest(173, 200, 0.95, alternative="less").pvalue < 1e-5
    assert judged["naive"].coverage < 0.2
    assert judged["naive"].relative_bias > 0.1
    for name in ("delta", "bootstrap"):
        assert judged[name].coverage * 200 >= 174
        assert abs(judged[name].relative_bias) < 0.01


def test_a_smaller_audit_widens_the_interval():
    """What an audit does not know about the rates is part of both intervals."""
    lists, widths = TwoLists(2_000, 1_500, 520), {}
    for checked in (50, 5_000):
        errors = LinkageErrors(Audited(0.85, checked), Audited(0.01, checked))
        for found in (
            corrected_chapman(lists, errors),
            bootstrap_corrected(lists, errors, Stream(1)),
        ):
            widths[found.estimator, checked] = found.high - found.low
    for name in ("corrected_chapman", "bootstrap_corrected"):
        assert widths[name, 50] > 1.5 * widths[name, 5_000]


def test_delta_and_bootstrap_intervals_agree():
    """Two roads to the same interval differ by less than a tenth of its width."""
    lists = TwoLists(2_000, 1_500, 520)
    errors = LinkageErrors(Audited(0.85, 500), Audited(0.01, 500))
    delta, drawn = corrected_chapman(lists, errors), bootstrap_corrected(lists, errors, Stream(2))
    width = delta.high - delta.low
    assert drawn.low == pytest.approx(delta.low, abs=0.1 * width)
    assert drawn.high == pytest.approx(delta.high, abs=0.1 * width)


def test_links_that_say_nothing_are_refused():
    """With beta as high as alpha no correction is possible."""
    with pytest.raises(ValueError, match="must be above"):
        LinkageErrors(Audited(0.3), Audited(0.2), Audited(0.1))


@given(st.floats(0, 1), st.floats(0.5, 1), st.floats(0, 0.4))
def test_the_unknown_share_survives_linking_and_correction(true: float, alpha: float, beta: float):
    """Correcting U_app = 1 - alpha (1 - U) - beta U gives U back."""
    apparent = 1 - alpha * (1 - true) - beta * true
    assert corrected_unknown_share(apparent, alpha, beta) == pytest.approx(true, abs=1e-9)


def test_strata_remove_the_bias_of_what_moves_both_lists():
    """Where one group is often on both lists and one seldom, only the sum of strata is right.

    Expected counts, no draws: 1,000 units with rates .8 and .8, 1,000 with .1 and .1.
    """
    held, strata = [], []
    for stratum, rate in enumerate((0.8, 0.1)):
        for first, second in ((1, 1), (1, 0), (0, 1), (0, 0)):
            share = (rate if first else 1 - rate) * (rate if second else 1 - rate)
            n = round(1_000 * share)
            held += [(first, second)] * n
            strata += [stratum] * n
    seen, codes = np.array(held, bool), np.array(strata)

    def estimator(rows):
        return petersen(TwoLists.of(rows[:, 0], rows[:, 1]))

    assert estimator(seen).value == pytest.approx(900**2 / 650)
    assert stratified(seen, codes, estimator).value == pytest.approx(2_000)
    assert stratified(seen, codes, estimator).estimator == "stratified_petersen"


def test_a_stratum_without_an_answer_leaves_the_sum_without_one():
    """A sum is not made of what is known alone."""
    held = np.array([[True, True], [True, False], [False, True]])

    def estimator(rows):
        return petersen(TwoLists.of(rows[:, 0], rows[:, 1]))

    assert stratified(held, np.array([0, 1, 1]), estimator).value is None


def test_judging_meets_its_formulas_by_hand():
    """Two worlds of 100: one covered, one missed by 10 from above."""
    estimates = [
        PopulationEstimate("e", 50, 110.0, 5.0, 90.0, 130.0),
        PopulationEstimate("e", 50, 80.0, 5.0, 70, 90),
    ]
    judged = judge_estimates([100, 100], estimates)
    assert (judged.n, judged.undefined, judged.coverage) == (2, 0, 0.5)
    assert judged.relative_bias == pytest.approx(-0.05)
    assert judged.relative_rmse == pytest.approx(np.sqrt((0.01 + 0.04) / 2))
    assert judged.relative_width == pytest.approx(0.3)
    assert judged.interval_score == pytest.approx((0.4 + 0.2 + 40 * 0.1) / 2)


def test_no_answer_counts_as_not_covered():
    """An estimator cannot buy coverage by keeping silent."""
    judged = judge_estimates(
        [100, 100], [PopulationEstimate("e", 50, None), PopulationEstimate("e", 50, None)]
    )
    assert (judged.coverage, judged.undefined, judged.relative_bias) == (0.0, 2, None)
