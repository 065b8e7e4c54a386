"""Which attendance is which occurrence: by person, and by time and place, in the tiny world."""

import pytest
from tiny_world import links, write_world

from darkfigure.linkage_eval.linkers.exact import Exact
from darkfigure.linkage_eval.linkers.time_place import TimePlace
from darkfigure.linkage_eval.links.positions import Sides
from darkfigure.linkage_eval.links.table import look_up
from darkfigure.linkage_eval.records.events import EVENTS
from darkfigure.linkage_eval.runs.prepared_task import prepare_task
from darkfigure.linkage_eval.runs.suite import Task
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.spec import build


@pytest.fixture(scope="module")
def problem(tmp_path_factory):
    """The tiny world's events."""
    dataset = write_world(tmp_path_factory.mktemp("tiny") / "world")
    return prepare_task(
        dataset, find_strategy("clear"), Task(left="ed", right="police", kind="events")
    )


def narrowed(problem, table):
    """Give the linked pairs that lie near in time."""
    sides = Sides.of(problem.left, problem.right)
    kept = problem.narrow(look_up(table, sides)).table()
    return list(zip(kept["left_id"].to_pylist(), kept["right_id"].to_pylist(), strict=True))


def test_events_are_attendances_and_victims(problem):
    """Occurrences stand with their victims' identity; all have a time."""
    assert (EVENTS, EVENTS) == (problem.left.schema, problem.right.schema)
    assert ["O1/N1", "O3/N3", "O5/N4"] == sorted(problem.right["record_id"].to_pylist())
    assert 0 == problem.right["surname"].null_count


def test_what_was_recorded_is_a_true_pair(problem):
    """Three incidents stand on both sides, whoever else those people are."""
    truth = problem.evaluation.truth
    found = [
        (truth.left.ids[int(a)].as_py(), truth.right.ids[int(b)].as_py())
        for a, b in zip(truth.pairs_left, truth.pairs_right, strict=True)
    ]
    assert [("E1", "O1/N1"), ("E3", "O3/N3"), ("E5", "O5/N4")] == sorted(found)


def test_another_time_is_another_event(problem):
    """Person 1 attended on the 5th and the 10th; the occurrence of the 10th is not the first's."""
    given = links(("E1", "O1/N1"), ("E2", "O1/N1"))
    assert [("E1", "O1/N1")] == narrowed(problem, given)


def test_a_person_linker_links_events(problem):
    """Exact agreement finds E1 and E3; E5's surname is misspelt."""
    found = Exact().link(problem.left, problem.right, seed=1)
    assert [("E1", "O1/N1"), ("E3", "O3/N3")] == narrowed(problem, found)


def test_time_and_place_link_without_names(problem):
    """E1 attended in the same hour, E5 a day before it is said to have happened, E3 two after."""
    found = TimePlace(hours=36).link(problem.left, problem.right, seed=1).to_pylist()
    assert [("E1", "O1/N1", 1.0), ("E5", "O5/N4", 1 / 25)] == [tuple(row.values()) for row in found]


def test_events_are_of_hospital_and_police():
    """Any other task of that kind is refused."""
    with pytest.raises(SpecError, match='from left = "ed" to right = "police"'):
        build(Task, {"left": "gp", "right": "police", "kind": "events"}, "task")
