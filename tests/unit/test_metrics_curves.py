"""Threshold curves, calibration, blocking and the clerical sample, by numbers worked by hand."""

import dataclasses

import numpy as np
import pytest
from tiny_world import TRUE_PAIRS, links, write_world

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.evaluation.clerical_review import Reviewer
from darkfigure.linkage_eval.evaluation.metrics.blocks import measure_blocking
from darkfigure.linkage_eval.evaluation.metrics.calibration import measure_calibration, reliability
from darkfigure.linkage_eval.evaluation.metrics.clerical import (
    measure_clerical_sample,
    sample_links,
)
from darkfigure.linkage_eval.evaluation.metrics.curves import (
    MOST_POINTS,
    measure_thresholds,
    thin_curve,
    trace_curve,
)
from darkfigure.linkage_eval.links.truth import ScoredLinks, judge_table, read_truth
from darkfigure.synth.core.chance import Stream


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """The truth of linking the tiny world's attendances to its nominals."""
    return read_truth(write_world(tmp_path_factory.mktemp("tiny") / "world"), "ed", "police")


def scored(truth, **scores):
    """Judge links such as E1_N1=0.9."""
    table = links(*(tuple(name.split("_")) for name in scores))
    return dataclasses.replace(
        judge_table(truth, table), scores=np.array(list(scores.values()), np.float64)
    )


def values(measured):
    """Give values by metric."""
    return {one.metric: one.value for one in measured}


SCORES = {"E1_N1": 0.9, "E3_N3": 0.9, "E4_N5": 0.8, "E5_N4": 0.4}


def test_each_distinct_score_is_a_point(truth):
    """Two right links at 0.9, a wrong one at 0.8, a right one at 0.4; seven true pairs."""
    curve = trace_curve(scored(truth, **SCORES)).to_pylist()
    assert [0.9, 0.8, 0.4] == [row["threshold"] for row in curve]
    assert [1.0, 2 / 3, 3 / 4] == [row["precision"] for row in curve]
    assert [2 / 7, 2 / 7, 3 / 7] == [row["recall"] for row in curve]
    assert [4 / 9, 4 / 10, 6 / 11] == [row["f1"] for row in curve]
    found = values(measure_thresholds(scored(truth, **SCORES)))
    assert pytest.approx(2 / 7 + 3 / 4 / 7) == found["average_precision"]
    assert 6 / 11 == found["best_f1"]


def test_no_links_have_no_curve(truth):
    """Nothing linked: no points, area 0, no best point."""
    none = scored(truth)
    assert 0 == trace_curve(none).num_rows
    assert {"average_precision": 0.0, "best_f1": None} == values(measure_thresholds(none))


def many(truth, n, seed=1):
    """Make n judged links of which a share as large as their score is right."""
    ids, stream = np.arange(n), Stream(seed)
    scores = stream.uniform("score", ids)
    correct = stream.uniform("right", ids) < scores
    return ScoredLinks(
        truth, ids % len(truth.left.ids), ids % len(truth.right.ids), scores, correct
    )


def test_long_curves_are_thinned(truth):
    """At most 200 points, both ends among them."""
    curve = trace_curve(many(truth, 5_000))
    thin = thin_curve(curve)
    assert MOST_POINTS >= thin.num_rows > MOST_POINTS / 2
    assert curve.to_pylist()[0] == thin.to_pylist()[0]
    assert curve.to_pylist()[-1] == thin.to_pylist()[-1]


@pytest.mark.needs("sklearn")
def test_the_area_is_scikit_learns(truth):
    """With every true pair among the links, as its average precision supposes."""
    from sklearn import metrics

    judged = many(truth, 300)
    n_true = int(judged.correct.sum())
    all_true = dataclasses.replace(
        judged, truth=dataclasses.replace(truth, pairs_left=np.zeros(n_true, np.int64))
    )
    expected = metrics.average_precision_score(judged.correct, judged.scores)
    found = values(measure_thresholds(all_true))
    assert pytest.approx(expected) == found["average_precision"]


def test_calibration_known_values(truth):
    """Brier = (.01 + .01 + .64 + .36) / 4; the bins .9, .8 and .4 are off by .1, .8 and .6."""
    judged = scored(truth, **SCORES)
    found = values(measure_calibration(judged, judged.scores))
    assert pytest.approx(1.02 / 4) == found["brier"]
    assert pytest.approx((2 * 0.1 + 0.8 + 0.6) / 4) == found["calibration_error"]
    assert pytest.approx(3 / 4) == found["model_precision"]
    assert pytest.approx(0.0) == found["model_precision_error"]
    assert [0, 0, 0, 0, 1, 0, 0, 0, 1, 2] == reliability(judged)["n"].to_pylist()
    assert None is reliability(judged)["share_right"][0].as_py()


def test_right_probabilities_are_found_calibrated(truth):
    """Of 20,000 links as right as they say, the error is that of sampling: about .006."""
    judged = many(truth, 20_000)
    found = values(measure_calibration(judged, judged.scores))
    assert found["calibration_error"] < 0.02
    assert pytest.approx(1 / 6, abs=0.01) == found["brier"]


def test_nothing_returned_has_no_calibration(truth):
    """None and n = 0."""
    found = measure_calibration(scored(truth), np.zeros(0))
    assert {(None, 0)} == {(one.value, one.n) for one in found}


def test_blocking_known_values(truth):
    """Three candidates, two of them true, of 7 true pairs and 35 in all."""
    rows = {name: row for row, name in enumerate(truth.left.ids.to_pylist())}
    columns = {name: row for row, name in enumerate(truth.right.ids.to_pylist())}
    pairs = [("E1", "N1"), ("E3", "N3"), ("E4", "N5")]
    candidates = Pairs(
        np.array([rows[one] for one, _ in pairs]), np.array([columns[other] for _, other in pairs])
    )
    found = measure_blocking(truth, candidates)
    overall = {one.metric: one.value for one in found if one.stratum_kind == "all"}
    assert {
        "pair_completeness": 2 / 7,
        "pairs_quality": 2 / 3,
        "reduction_ratio": 32 / 35,
    } == pytest.approx(overall)
    asian = {one.metric: one.value for one in found if one.stratum == "Asian"}
    assert (None, 0.0) == (asian["pair_completeness"], asian["pairs_quality"])


def test_a_sample_of_all_links_by_a_perfect_reviewer_is_the_truth(truth):
    """With every link read the estimate is exact; only gold cases leave a little open."""
    judged = scored(truth, **SCORES)
    found = sample_links(judged, Stream(1), Reviewer(error_rate=0.0))
    assert (3 / 4, 4) == (pytest.approx(found[0].value), found[0].n)
    assert 3 / 4 - 0.03 < found[0].low < 3 / 4 < found[0].high < 3 / 4 + 0.03
    assert 0.0 == found[1].value


def test_clerical_intervals_hold_the_truth(truth):
    """Of 200 samples by a perfect reviewer about 190 intervals hold the true precision.

    Fewer than 170 would come with probability 1e-6 if coverage were 93 %.
    """
    judged = many(truth, 4_000)
    true = judged.correct.mean()
    perfect = Reviewer(error_rate=0.0)
    found = [sample_links(judged, Stream(trial), perfect)[0] for trial in range(200)]
    assert 170 <= sum(one.low <= true <= one.high for one in found) < 200
    assert {200} == {one.n for one in found}


def test_a_careless_reviewer_is_corrected(truth):
    """With a tenth of labels wrong a precision of .75 looks like .7; gold cases tell better."""
    judged = many(truth, 4_000)
    careless = Reviewer(labels=2_000, error_rate=0.1, gold=2_000)
    found = sample_links(judged, Stream(1), careless)[0]
    assert pytest.approx(judged.correct.mean(), abs=0.05) == found.value
    assert found.low < judged.correct.mean() < found.high


def test_no_links_have_no_sample(truth):
    """None and n = 0; and all true pairs scored alike are read evenly."""
    assert {(None, 0)} == {
        (one.value, one.n) for one in measure_clerical_sample(scored(truth), Stream(1))
    }
    alike = judge_table(truth, links(*TRUE_PAIRS))
    assert 7 == measure_clerical_sample(alike, Stream(1))[0].n
