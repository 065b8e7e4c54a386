"""A task made ready: what linkers are given, and how their answers are judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import Strategy
from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.links.event_truth import read_event_truth
from darkfigure.linkage_eval.records import events
from darkfigure.linkage_eval.records.standardise import is_within
from darkfigure.linkage_eval.runs.suite import Task
from darkfigure.linkage_eval.sharing.engine.clear import Clear
from darkfigure.synth.storage.dataset import Dataset

_SIDES = ("ed", "police")
Narrow = Callable[[pa.Table], pa.Table]


def _as_they_are(links: pa.Table) -> pa.Table:
    return links


@dataclass(frozen=True)
class PreparedTask:
    """One task as it is put to every linker.

    Parameters
    ----------
    scenario, strategy, task
        What results call it.
    seed
        Of its world; linkers get another, which tells nothing.
    left, right
        The records (schema `RECORDS`), sorted by id.
    evaluation
        Judges the answers.
    closed
        Where its truth and its world lie, to be shut to linkers.
    narrow
        Takes out links that cannot be, whichever linker gave them: events far apart in time.
    intake
        What was read of a user's own files and what was lost, as a run's manifest says it.
    """

    scenario: str
    strategy: str
    task: str
    seed: int
    left: pa.Table
    right: pa.Table
    evaluation: Evaluation
    closed: frozenset[Path] = frozenset()
    narrow: Narrow = _as_they_are
    intake: tuple[dict[str, Any], ...] = ()

    @property
    def within(self) -> bool:
        """Whether records of one table are linked to each other."""
        return self.evaluation.truth.within


def prepare_task(dataset: Dataset, strategy: Strategy, task: Task) -> PreparedTask:
    """Pose a task of a simulated dataset under a sharing strategy.

    Raises
    ------
    DatasetError
        The dataset lacks a source.
    SpecError
        The sides of the task share some sources and not all.
    """
    named = (dataset.manifest["scenario"]["name"], strategy.name, task.name)
    if task.kind == "events":
        return _pose_events(dataset, strategy, named)
    share = strategy.share
    within = is_within(dataset, task.left, task.right)
    left = share(dataset, task.left)
    right = left if within else share(dataset, task.right)
    shared = (left["record_id"], right["record_id"])
    evaluation = Evaluation(dataset, task.left, task.right, shared=shared)
    return PreparedTask(*named, _seed(dataset), left, right, evaluation, _closed(dataset))


def _pose_events(dataset: Dataset, strategy: Strategy, named: tuple[str, str, str]) -> PreparedTask:
    """Pose which attendance is which occurrence: all there are, of which some are shared."""
    left, right = (strategy.share_events(dataset, side) for side in _SIDES)
    truth = read_event_truth(
        dataset,
        *(_all(dataset, side, told) for side, told in zip(_SIDES, (left, right), strict=True)),
    )
    shared = (left["record_id"], right["record_id"])
    evaluation = Evaluation.of_truth(truth, _seed(dataset), shared=shared)

    def narrow(links: pa.Table) -> pa.Table:
        return events.in_time(links, left, right)

    return PreparedTask(*named, _seed(dataset), left, right, evaluation, _closed(dataset), narrow)


def _all(dataset: Dataset, side: str, told: pa.Table) -> pa.Table:
    """Give all events of a side, and what else is told: visits that nobody says are no assaults."""
    known = Clear().share_events(dataset, side)
    new = pc.invert(pc.is_in(told["record_id"], known["record_id"]))
    return pa.concat_tables([known, told.filter(new)])


def _seed(dataset: Dataset) -> int:
    return int(dataset.manifest["seed"])


def _closed(dataset: Dataset) -> frozenset[Path]:
    # The manifest says how to make the world again, and agencies hold more than is shared.
    return frozenset({dataset.path})
