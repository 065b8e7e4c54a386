"""Engines of the extra `linkers`: each finds people in the village, and learns when it should."""

import pytest

from darkfigure.linkage_eval.evaluation.clerical_review import Reviewer, review
from darkfigure.linkage_eval.isolation.child import Unusable, ask
from darkfigure.linkage_eval.linkers.dedupe import Dedupe
from darkfigure.linkage_eval.linkers.recordlinkage import RecordlinkageEcm, RecordlinkageSupervised
from darkfigure.linkage_eval.links.table import to_links
from darkfigure.linkage_eval.links.truth import judge_table, read_truth
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import LinkerError


@pytest.fixture(scope="module")
def task(village):
    """The village's attendances and nominals, and the truth."""
    records = [standardise(village, side) for side in ("ed", "police")]
    return *records, read_truth(village, "ed", "police")


@pytest.fixture(scope="module")
def labelled(task):
    """Two hundred labels of a reviewer who does not err."""
    return review(*task, Reviewer(error_rate=0.0), chance=Stream(1)).labelled


def link(linker, task, labelled=None):
    """Ask a linker what its own process would ask it."""
    answered = ask(linker, *task[:2], seed=1, within=False, labelled=labelled)
    return to_links(answered)


def accuracy(task, links):
    """Give precision and recall."""
    judged = judge_table(task[2], links)
    return judged.correct.mean(), judged.correct.sum() / len(task[2].pairs_left)


@pytest.mark.needs("recordlinkage")
def test_ecm_finds_people_without_labels(task):
    """Better than half of what it says is right, and more than half is found; probabilities."""
    links = link(RecordlinkageEcm(), task)
    precision, recall = accuracy(task, links)
    assert precision > 0.5
    assert recall > 0.5
    assert all(0.5 <= score <= 1 for score in links["score"].to_pylist())


@pytest.mark.needs("recordlinkage")
def test_a_supervised_classifier_learns(task, labelled):
    """With two hundred labels nearly all is right and most is found."""
    precision, recall = accuracy(task, link(RecordlinkageSupervised(), task, labelled))
    assert precision > 0.9
    assert recall > 0.7
    again = link(RecordlinkageSupervised(), task, labelled)
    assert again.equals(link(RecordlinkageSupervised(), task, labelled))


@pytest.mark.slow
@pytest.mark.needs("dedupe")
@pytest.mark.filterwarnings("ignore")  # dedupe's own
def test_dedupe_learns(task, labelled):
    """It learns blocking and weights from two hundred labels."""
    precision, recall = accuracy(task, link(Dedupe(sample=200), task, labelled))
    assert precision > 0.5
    assert recall > 0.5


def test_what_learns_needs_labels_and_what_does_not_refuses_them(task, labelled):
    """Either way one clear word."""
    with pytest.raises(Unusable, match="it learns from labels"):
        link(RecordlinkageSupervised(), task)
    with pytest.raises(Unusable, match="has no method `fit`"):
        link(RecordlinkageEcm(), task, labelled)


@pytest.mark.parametrize("learner", [RecordlinkageSupervised, Dedupe])
def test_labels_of_one_kind_teach_nothing(task, labelled, learner):
    """Few pairs of a hard task may all be matches: a reason, not an engine's own error."""
    left, right, _ = task
    matches = labelled.filter(labelled["same"])
    with pytest.raises(LinkerError, match="labelled pairs all are of the same person"):
        learner().fit(left, right, matches)
