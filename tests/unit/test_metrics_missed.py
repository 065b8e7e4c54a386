"""Why pairs were missed, in a world whose faults are known."""

import pyarrow as pa
import pytest
from tiny_world import TRUE_PAIRS, links, write_world

from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.evaluation.metrics.missed import gather_causes


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    """The task of linking the tiny world's attendances to its nominals."""
    dataset = write_world(tmp_path_factory.mktemp("tiny") / "world")
    return Evaluation(dataset, "ed", "police")


def explain(evaluation, *pairs):
    """Explain what links missed."""
    return evaluation.explain(evaluation.judge_table(links(*pairs)))


def test_causes_stand_between_pairs(evaluation):
    """Exact values: with only E1-N1 linked, six of seven pairs are missed."""
    found = {row["cause"]: row for row in explain(evaluation, ("E1", "N1")).missed.to_pylist()}
    assert {"day_month_swapped", "stale postcode", "typing", "none"} == set(found)
    swapped, clean = found["day_month_swapped"], found["none"]
    assert (2, 2) == (swapped["n_missed_with"], swapped["n_pairs_with"])
    assert (1.0, 4 / 5) == (swapped["missed_rate_with"], swapped["missed_rate_without"])
    assert 2 / 6 == swapped["share_of_missed"]
    assert (2, 3) == (clean["n_missed_with"], clean["n_pairs_with"])


def test_what_standardising_repairs_stands_between_nothing(evaluation):
    """Lost accents are in the ledger of N1, but SIAN agrees with SIAN."""
    causes = explain(evaluation).missed["cause"].to_pylist()
    assert "diacritics_lost" not in causes


def test_nothing_missed_has_no_shares(evaluation):
    """With every pair linked there is nothing to explain."""
    found = explain(evaluation, *TRUE_PAIRS).missed
    assert {0} == set(found["n_missed_with"].to_pylist())
    assert {None} == set(found["share_of_missed"].to_pylist())


def test_examples_show_what_was_written_and_what_is_true(evaluation):
    """A missed pair shows the typing error beside the name it should be."""
    rows = explain(evaluation).examples.to_pylist()
    shown = [row for row in rows if row["left_id"] == "E5" and row["field"] == "surname"]
    assert 1 == len(shown)
    assert ("Smyth", "Smith") == (shown[0]["left_written"], shown[0]["left_true"])
    assert ("Smith", "Smith") == (shown[0]["right_written"], shown[0]["right_true"])
    assert ("missed", "typing") == (shown[0]["kind"], shown[0]["causes"])
    assert shown[0]["groups"].startswith("sex=")


def test_examples_show_false_links(evaluation):
    """A false link is shown with its score."""
    rows = explain(evaluation, ("E7", "N5"), *TRUE_PAIRS).examples.to_pylist()
    assert {("false link", 1, "E7", "N5", 1.0)} == {
        (row["kind"], row["example"], row["left_id"], row["right_id"], row["score"]) for row in rows
    }


def test_the_same_pairs_are_shown_for_every_linker(evaluation):
    """Which missed pairs are shown depends on the pairs, not on who missed them."""
    many = explain(evaluation).examples
    few = explain(evaluation, ("E1", "N1"), ("E6", "N5")).examples

    def order(table):
        return list(dict.fromkeys((row["left_id"], row["right_id"]) for row in table.to_pylist()))

    left_out = {("E1", "N1"), ("E6", "N5")}
    assert [pair for pair in order(many) if pair not in left_out] == order(few)


def test_one_move_is_one_cause():
    """Whatever fields an address or a name changed in counts once a pair; faults stay."""
    causes = ["stale postcode", "changed street", "previous_address", "stale surname", "misspelt"]
    table = pa.table({"pair": [3] * 5, "cause": causes})
    assert ["misspelt", "moved", "renamed"] == gather_causes(table)["cause"].to_pylist()
    kept = pa.table({"pair": [1, 2], "cause": ["changed sex", "missing postcode"]})
    assert kept["cause"].to_pylist() == gather_causes(kept)["cause"].to_pylist()
