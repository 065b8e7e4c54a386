"""A prepared task: the tables that linkers are given, and the evaluation of their answers."""

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
from darkfigure.linkage_eval.links.positions import Links
from darkfigure.linkage_eval.records import events
from darkfigure.linkage_eval.records.standardise import is_within
from darkfigure.linkage_eval.runs.suite import Task
from darkfigure.linkage_eval.sharing.engine.clear import Clear
from darkfigure.synth.storage.dataset import Dataset

_SIDES = ("ed", "police")
Narrow = Callable[[Links], Links]


def _as_they_are(links: Links) -> Links:
    return links


@dataclass(frozen=True)
class PreparedTask:
    """One task as it is put to every linker.

    Parameters
    ----------
    scenario, strategy, task
        Their names in results.
    seed
        Seed of its world; linkers get another, which tells nothing.
    left, right
        The records (schema `RECORDS`), sorted by id.
    evaluation
        The evaluation of the answers.
    closed
        Paths of its truth and its world, to be shut to linkers.
    narrow
        Drops impossible links of any linker: those of events far apart in time.
    intake
        Fields read and values lost of a user's own files, as a run's manifest holds them.
    kind
        "persons" or "events".
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
    kind: str = "persons"

    @property
    def title(self) -> str:
        """Its name in progress, such as "ed-police, merthyr, seed 1"."""
        return f"{self.task}, {self.scenario}, seed {self.seed}"

    @property
    def within(self) -> bool:
        """Whether records of one table are linked to each other."""
        return self.evaluation.truth.within


def prepare_task(dataset: Dataset, strategy: Strategy, task: Task) -> PreparedTask:
    """Prepare a task of a simulated dataset under a sharing strategy.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    strategy
        Releases the records or events of each side.
    task
        The two sides and the kind of task.

    Raises
    ------
    DatasetError
        The dataset lacks a source.
    SpecError
        The sides of the task share some sources and not all.
    """
    named = (dataset.manifest["scenario"]["name"], strategy.name, task.name)
    if task.kind == "events":
        return _prepare_events(dataset, strategy, named)
    share = strategy.share
    within = is_within(dataset, task.left, task.right)
    left = share(dataset, task.left)
    right = left if within else share(dataset, task.right)
    shared = (left["record_id"], right["record_id"])
    evaluation = Evaluation(dataset, task.left, task.right, shared=shared)
    return PreparedTask(*named, _seed(dataset), left, right, evaluation, _closed(dataset))


def _prepare_events(
    dataset: Dataset, strategy: Strategy, named: tuple[str, str, str]
) -> PreparedTask:
    """Prepare the task of attendances and occurrences; its truth covers those not shared too."""
    left, right = (strategy.share_events(dataset, side) for side in _SIDES)
    truth = read_event_truth(
        dataset,
        *(
            _all(dataset, side, shared_events)
            for side, shared_events in zip(_SIDES, (left, right), strict=True)
        ),
    )
    shared = (left["record_id"], right["record_id"])
    evaluation = Evaluation.of_truth(truth, _seed(dataset), shared=shared)

    def narrow(links: Links) -> Links:
        return links.keep(events.in_time(links.pairs, left, right)).sorted()

    seed, closed = _seed(dataset), _closed(dataset)
    return PreparedTask(*named, seed, left, right, evaluation, closed, narrow, kind="events")


def _all(dataset: Dataset, side: str, shared: pa.Table) -> pa.Table:
    """Give all events of a side, and shared ones beyond them: visits not marked as no assault."""
    in_clear = Clear().share_events(dataset, side)
    new = pc.invert(pc.is_in(shared["record_id"], in_clear["record_id"]))
    return pa.concat_tables([in_clear, shared.filter(new)])


def _seed(dataset: Dataset) -> int:
    return int(dataset.manifest["seed"])


def _closed(dataset: Dataset) -> frozenset[Path]:
    # The manifest says how to make the world again, and agencies hold more than is shared.
    return frozenset({dataset.path})
