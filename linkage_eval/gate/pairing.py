"""Both sides' links judged on the same worlds: the input of checks and flips."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.evaluation.metrics.accuracy import count_pairs
from darkfigure.linkage_eval.gate.sides import GateCell, GateSide
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.rows import OK, CellKey
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask
from darkfigure.linkage_eval.runs.run import Run
from darkfigure.linkage_eval.runs.suite import Suite
from darkfigure.linkage_eval.studies.remeasure import fitting, prepare_again
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset

Place = tuple[str, str, str, str]
Key = tuple[str, str, str, int]


@dataclass(frozen=True)
class Both:
    """One world's links of the two sides, judged, and the evaluation that explains them."""

    which: CellKey
    baseline: ScoredLinks
    candidate: ScoredLinks
    evaluation: Evaluation

    def counts(self) -> Ints:
        """Count each person's outcomes on both sides: shape (people, 8)."""
        return np.column_stack([count_pairs(self.baseline), count_pairs(self.candidate)])


@dataclass(frozen=True)
class Lineup:
    """A linker on a task: its cells on both sides, a seed each, and those that both finished.

    `newcomers` are the linkers that only the candidate has on the task.
    """

    scenario: str
    strategy: str
    task: str
    linker: str
    cells: tuple[tuple[CellKey, GateCell, GateCell | None], ...]
    both: tuple[Both, ...]
    newcomers: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """The first columns of its rows: scenario, strategy, task and linker."""
        return self.scenario, self.strategy, self.task, self.linker


def line_up(
    baseline: GateSide, candidate: GateSide, datasets: Mapping[str, Dataset] | None = None
) -> Iterator[Lineup]:
    """Judge every linker of the baseline beside the candidate's of the same name.

    Parameters
    ----------
    baseline, candidate
        Two sides of the same data.
    datasets
        The worlds by name, where neither run holds them.

    Raises
    ------
    DatasetError
        A world is gone or altered.
    """
    judge = _Judge(baseline, candidate, datasets or {})
    lines: dict[Place, list[CellKey]] = {}
    for which in baseline.cells:
        name = (which.scenario, which.strategy, which.task, which.linker)
        lines.setdefault(name, []).append(which)
    for name, cells in lines.items():
        sides = tuple((key, baseline.cells[key], candidate.cells.get(key)) for key in cells)
        both = tuple(
            judge.judge(which, before, after)
            for which, before, after in sides
            if after and before.status == after.status == OK
        )
        yield Lineup(*name, sides, both, _newcomers(name, baseline, candidate))


def _newcomers(place: Place, baseline: GateSide, candidate: GateSide) -> tuple[str, ...]:
    before, after = (
        [
            which.linker
            for which in side.cells
            if (which.scenario, which.strategy, which.task) == place[:3]
        ]
        for side in (baseline, candidate)
    )
    return tuple(name for name in dict.fromkeys(after) if name not in before)


class _Judge:
    """Prepares each task once, from the worlds of either side."""

    def __init__(
        self, baseline: GateSide, candidate: GateSide, datasets: Mapping[str, Dataset]
    ) -> None:
        runs = [side.run for side in (candidate, baseline) if side.run]
        if not runs:
            raise DatasetError(
                "Neither side is a run, but both are baseline files: links are judged again with "
                "the worlds of a run. Give the folder of one."
            )
        self._run: Run = runs[0]
        self._suite = build(Suite, self._run.manifest["suite"], f"{self._run.path}/manifest.json")
        self._datasets = {**_worlds(runs), **datasets}
        self._prepared: dict[Key, PreparedTask] = {}

    def judge(self, which: CellKey, before: GateCell, after: GateCell) -> Both:
        key = (which.scenario, which.strategy, which.task, which.seed)
        if key not in self._prepared:
            self._prepared[key] = prepare_again(self._run, self._suite, which, self._datasets)
        evaluation = self._prepared[key].evaluation
        with fitting(which):
            judged = [evaluation.judge_table(cell.links) for cell in (before, after)]
        return Both(which, judged[0], judged[1], evaluation)


def _worlds(runs: list[Run]) -> dict[str, Dataset]:
    """Find the datasets that lie in the runs, the first run's first."""
    datasets: dict[str, Dataset] = {}
    for run in reversed(runs):
        manifests: Iterator[Path] = (run.path / "datasets").glob("*/manifest.json")
        datasets |= {file.parent.name: Dataset.open(file.parent) for file in manifests}
    return datasets
