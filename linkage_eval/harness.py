"""Scenario x strategy x task x linker x seed -> results: read this first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from linkage_eval.evaluation import Evaluation
from linkage_eval.isolation import Job, run_isolated
from linkage_eval.results import Results, Run, Which, read_run
from linkage_eval.strategies import STRATEGIES
from linkage_eval.suite import Entrant, Suite, Task, World
from linkage_eval.worlds import describe, make_dataset
from synth.dataset import Dataset


@dataclass(frozen=True)
class Step:
    """What a run is about to do: step `number` of `total`."""

    number: int
    total: int
    what: str


Progress = Callable[[Step], None]
MakeDataset = Callable[[World, int, Path], Dataset]


def run_suite(
    suite: Suite,
    out: Path,
    *,
    progress: Progress = lambda _: None,
    make: MakeDataset = make_dataset,
) -> Run:
    """Set the linkers of a suite against each other.

    Parameters
    ----------
    suite
        The grid.
    out
        Folder for results and datasets; `results.py` says what lies where.
    progress
        Told of every step before it is taken.
    make
        Gives the dataset of a world and a seed, kept below a folder.

    Returns
    -------
    The results. A linker that fails is a row with its reason, and the run goes on.

    Raises
    ------
    OutputError
        `out` cannot be written.
    """
    grid, results = _Grid(suite, out, progress), Results(out)
    datasets = {}
    for world, seed in product(suite.worlds, suite.seeds):
        grid.tell(f"make {world.name}, seed {seed}")
        dataset = make(world, seed, out / "datasets")
        datasets[dataset.path.name] = describe(dataset)
        for strategy, task in product(suite.strategies, suite.tasks):
            _run_task(grid, results, dataset, strategy=strategy, task=task)
    results.write(suite.model_dump(mode="json", by_alias=True), datasets)
    return read_run(out)


@dataclass
class _Grid:
    suite: Suite
    out: Path
    progress: Progress
    done: int = field(default=0)

    def tell(self, what: str) -> None:
        suite = self.suite
        n_linked = len(suite.strategies) * len(suite.tasks) * len(suite.linkers)
        total = len(suite.worlds) * len(suite.seeds) * (1 + n_linked)
        self.done += 1
        self.progress(Step(self.done, total, what))


def _run_task(
    grid: _Grid, results: Results, dataset: Dataset, *, strategy: str, task: Task
) -> None:
    """Run every linker on one task of one dataset under one strategy."""
    share = STRATEGIES[strategy].share
    left, right = (share(dataset, source) for source in (task.left, task.right))
    evaluation = Evaluation(dataset, task.left, task.right)
    scenario, seed = dataset.manifest["scenario"]["name"], dataset.manifest["seed"]
    for linker in grid.suite.linkers:
        which = Which(scenario, strategy, task.name, linker.title, seed)
        grid.tell(f"{linker.title} links {task.name}, {scenario}, seed {seed}")
        outcome = run_isolated(_job(grid, linker, dataset), left, right)
        results.add_outcome(which, outcome)
        if outcome.links is not None:
            judged = evaluation.judge(outcome.links)
            results.add_measured(which, evaluation.measure(judged), evaluation.explain(judged))


def _job(grid: _Grid, linker: Entrant, dataset: Dataset) -> Job:
    # The truth of every dataset of the run is closed, not only of the one in hand.
    truths = {dataset.path / "truth", *(grid.out / "datasets").glob("*/truth")}
    seed = int(dataset.manifest["seed"])
    return Job(linker.name, linker.options, seed, grid.suite.limits, tuple(sorted(truths)))
