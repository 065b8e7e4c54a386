"""Accuracy of pairs in tables small enough to count by hand."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_world import TRUE_PAIRS, links, write_world

from darkfigure.linkage_eval.evaluation.metrics.accuracy import measure_accuracy
from darkfigure.linkage_eval.links.truth import judge_table, read_truth


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """The truth of linking the tiny world's attendances to its nominals."""
    return read_truth(write_world(tmp_path_factory.mktemp("tiny") / "world"), "ed", "police")


def measure(truth, *pairs, kind="all"):
    """Measure links; give each metric's measurement by stratum and name."""
    found = measure_accuracy(judge_table(truth, links(*pairs)))
    return {(one.stratum, one.metric): one for one in found if one.stratum_kind == kind}


def test_the_true_pairs_are_found(truth):
    """Each record of a person on one side goes with each on the other."""
    left = [truth.left.ids[int(row)].as_py() for row in truth.pairs_left]
    right = [truth.right.ids[int(row)].as_py() for row in truth.pairs_right]
    assert sorted(TRUE_PAIRS) == sorted(zip(left, right, strict=True))


def test_perfect_links_score_one_everywhere(truth):
    """All true pairs and nothing else: 1 for every metric in every stratum that has pairs."""
    found = measure_accuracy(judge_table(truth, links(*TRUE_PAIRS)))
    errors = {"missed_match_rate", "false_link_rate"}
    assert {1.0} == {one.value for one in found if one.n and one.metric not in errors}
    ends = {one.high for one in found if one.n and one.metric not in errors}
    assert {1.0, None} == ends  # of a group of one person nothing tells how people differ
    assert {0.0} == {one.value for one in found if one.n and one.metric in errors}


def test_no_links_have_no_precision(truth):
    """Nothing linked: precision has no value and n = 0, all else is 0."""
    found = measure(truth)
    assert (None, 0) == (found["all", "precision"].value, found["all", "precision"].n)
    assert (0.0, 7) == (found["all", "recall"].value, found["all", "recall"].n)
    assert (0.0, 0.0) == (found["all", "f1"].value, found["all", "f_star"].value)


def test_known_values(truth):
    """Two right links, one wrong, five missed."""
    found = measure(truth, ("E1", "N1"), ("E3", "N3"), ("E4", "N5"))
    assert pytest.approx(2 / 3) == found["all", "precision"].value
    assert pytest.approx(2 / 7) == found["all", "recall"].value
    assert pytest.approx(4 / 10) == found["all", "f1"].value
    assert pytest.approx(2 / 8) == found["all", "f_star"].value
    # Of 7 times 5 pairs 28 are of strangers; one of them is linked.
    assert pytest.approx(27 / 28) == found["all", "specificity"].value
    assert pytest.approx(5 / 7) == found["all", "missed_match_rate"].value
    assert pytest.approx(1 / 3) == found["all", "false_link_rate"].value
    assert [3, 7, 10, 8, 28, 7, 3] == [one.n for one in found.values()]


def test_a_link_counts_in_the_group_of_its_left_person(truth):
    """The false link of E4 (Asian) to N5 (White) lowers precision among Asian people only."""
    found = measure(truth, ("E3", "N3"), ("E4", "N5"), kind="ethnic_group")
    assert 1.0 == found["White", "precision"].value
    assert 0.0 == found["Asian", "precision"].value
    assert (None, 0) == (found["Asian", "recall"].value, found["Asian", "recall"].n)
    assert (None, 0) == (found["Mixed", "f1"].value, found["Mixed", "f1"].n)


def test_strata_are_those_of_the_study_start(truth):
    """Age counts when the study begins, on 1 April 2021."""
    groups = {division.kind: division for division in truth.groups}
    names = [groups["age_band"].names[code] for code in groups["age_band"].codes]
    assert ["25-34", "35-49", "16-24", "50-64", "65+", "0-15"] == names
    assert ("1", "2", "3", "4", "5") == groups["deprivation_quintile"].names
    assert ["yes", "yes", "no", "no", "yes", "yes"] == [
        groups["welsh_name"].names[code] for code in groups["welsh_name"].codes
    ]


def test_who_is_a_hard_case_for_two_reasons_counts_with_the_first_listed(truth):
    """Person 1 changed a name by deed and goes by the middle name."""
    division = next(division for division in truth.groups if division.kind == "hard_case")
    named = [division.names[code] for code in division.codes]
    assert ["deed", *["none"] * 5] == named


ALL_PAIRS = [(f"E{left}", f"N{right}") for left in range(1, 8) for right in range(1, 6)]


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(ALL_PAIRS)))
def test_f_star_is_a_function_of_f1(truth, pairs):
    """F* = F1 / (2 - F1), and each interval holds its value, whatever is linked."""
    found = measure(truth, *pairs)
    f1, f_star = found["all", "f1"].value, found["all", "f_star"].value
    assert pytest.approx(f1 / (2 - f1)) == f_star
    assert all(one.low <= one.value <= one.high for one in found.values() if one.low is not None)


@settings(max_examples=40, deadline=None)
@given(st.permutations(ALL_PAIRS[:12]))
def test_the_order_of_links_changes_nothing(truth, pairs):
    """The same links in another order measure the same, intervals included."""
    assert measure(truth, *ALL_PAIRS[:12]) == measure(truth, *pairs)


@pytest.mark.needs("recordlinkage", "sklearn")
@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(ALL_PAIRS), min_size=1))
def test_pairs_count_as_recordlinkage_and_scikit_learn_count(truth, pairs):
    """Where something is linked both define the same; with nothing linked we say None."""
    import recordlinkage
    from sklearn import metrics

    found = {name: one.value for (_, name), one in measure(truth, *pairs).items()}
    true, linked = (pd.MultiIndex.from_tuples(sorted(some)) for some in (TRUE_PAIRS, pairs))
    assert pytest.approx(found["precision"]) == recordlinkage.precision(true, linked)
    assert pytest.approx(found["recall"]) == recordlinkage.recall(true, linked)
    specificity = recordlinkage.specificity(true, linked, len(ALL_PAIRS))
    assert pytest.approx(found["specificity"]) == specificity
    labels = [[pair in some for pair in ALL_PAIRS] for some in (set(TRUE_PAIRS), pairs)]
    assert pytest.approx(found["f1"]) == metrics.f1_score(*labels)
    assert pytest.approx(found["f_star"]) == metrics.jaccard_score(*labels)
