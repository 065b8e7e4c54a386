"""A simulated reviewer: sees what records show, says what is true, errs as often as told."""

import numpy as np
import pytest
from scipy.stats import binom
from tiny_world import write_world

from darkfigure.linkage_eval.contracts import LABELLED
from darkfigure.linkage_eval.evaluation.clerical_review import Reviewer, propose, review
from darkfigure.linkage_eval.links.truth import read_truth
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.runs.prepared_task import prepare_task
from darkfigure.linkage_eval.runs.suite import Task
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.synth.core.chance import Stream


@pytest.fixture(scope="module")
def task(village):
    """The village's attendances and nominals, and the truth."""
    records = [standardise(village, side) for side in ("ed", "police")]
    return *records, read_truth(village, "ed", "police")


def true_labels(task, labelled):
    """Look up whether labelled pairs are the same person."""
    *_, truth = task
    persons = [
        dict(zip(side.ids.to_pylist(), side.persons.tolist(), strict=True))
        for side in (truth.left, truth.right)
    ]
    return [
        persons[0][row["left_id"]] == persons[1][row["right_id"]] for row in labelled.to_pylist()
    ]


def test_a_perfect_reviewer_says_what_is_true(task):
    """As many labels as asked for, each right, some of both kinds."""
    found = review(*task, Reviewer(labels=60, error_rate=0.0), chance=Stream(1))
    assert (60, LABELLED, 0) == (found.labelled.num_rows, found.labelled.schema, found.n_wrong)
    assert true_labels(task, found.labelled) == found.labelled["same"].to_pylist()
    assert 0 < sum(found.labelled["same"].to_pylist()) < 60


def test_errors_are_counted(task):
    """A reviewer who errs in a fifth of pairs does so, and it is told.

    Binomial(200, .2): outside 13 to 72 with probability below 1e-6.
    """
    found = review(*task, Reviewer(labels=200, error_rate=0.2), chance=Stream(1))
    said = found.labelled["same"].to_pylist()
    true = true_labels(task, found.labelled)
    n_wrong = sum(one != other for one, other in zip(said, true, strict=True))
    assert n_wrong == found.n_wrong
    assert binom.cdf(n_wrong, len(said), 0.2) > 1e-6
    assert binom.sf(n_wrong - 1, len(said), 0.2) > 1e-6


def test_which_pairs_are_shown_depends_on_no_truth(task):
    """The same records are shown whoever they are about; more labels add to fewer."""
    left, right, _ = task
    few, many = (propose(left, right, n, Stream(1)) for n in (20, 50))
    shown = [set(zip(some.left.tolist(), some.right.tolist(), strict=True)) for some in (few, many)]
    assert (20, 50) == (len(shown[0]), len(shown[1]))
    assert shown[0] <= shown[1]


def test_no_record_is_shown_beside_itself(task):
    """Within one table a pair is of two records."""
    _, right, _ = task
    pairs = propose(right, right, 50, Stream(1))
    assert np.all(pairs.left != pairs.right)


def test_events_are_shown_where_times_allow(tmp_path):
    """E1 and O1 are of one day; E2, of the same person five days before, is not shown."""
    dataset = write_world(tmp_path / "world")
    problem = prepare_task(
        dataset, find_strategy("clear"), Task(left="ed", right="police", kind="events")
    )
    pairs = propose(problem.left, problem.right, 50, Stream(1))
    shown = {
        (problem.left["record_id"][a].as_py(), problem.right["record_id"][b].as_py())
        for a, b in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)
    }
    assert ("E1", "O1/N1") in shown
    assert ("E2", "O1/N1") not in shown
