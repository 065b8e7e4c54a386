"""The run of a suite: scenario x strategy x task x linker x seed -> results. Read this first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from darkfigure.linkage_eval.attainable.run_rows import add_ceiling
from darkfigure.linkage_eval.isolation.parent import guard_of
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.metrics.registry import gather
from darkfigure.linkage_eval.runs import foreign
from darkfigure.linkage_eval.runs.cell import Rules, run_linker
from darkfigure.linkage_eval.runs.checkpoint import Checkpoint
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask, prepare_task
from darkfigure.linkage_eval.runs.results import Results
from darkfigure.linkage_eval.runs.run import Run, read_run
from darkfigure.linkage_eval.runs.run_record import RunRecord
from darkfigure.linkage_eval.runs.suite import DataSource, LinkerEntry, Suite
from darkfigure.linkage_eval.runs.worlds import describe, make_dataset
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.linkage_eval.sharing.measuring.side_by_side import measure_strategies
from darkfigure.synth.storage.dataset import Dataset


@dataclass(frozen=True)
class RunStep:
    """The next step of a run: step `number` of `total`, from 1."""

    number: int
    total: int
    what: str


Progress = Callable[[RunStep], None]
MakeDataset = Callable[[DataSource, int, Path], Dataset]


def run_suite(
    suite: Suite,
    out: Path,
    *,
    progress: Progress = lambda _: None,
    make: MakeDataset = make_dataset,
    workers: int | None = 1,
    trusted: bool = False,
) -> Run:
    """Set the linkers of a suite against each other.

    Parameters
    ----------
    suite
        The grid.
    out
        Folder for results and datasets; `results.py` draws it.
    progress
        Called with every step before it is taken.
    make
        Makes the dataset of a world and a seed below a folder, or opens it if it is there.
    workers
        Processes that measure sharing strategies; without, as many as are of use. Linkers always
        run one after the other, so that their times can be compared.
    trusted
        Whether to close nothing to linkers; the results then say so.

    Returns
    -------
    The results. A linker that fails is a row with its reason, and the run goes on. After an
    interruption the same call links only the cells that were not finished (`checkpoint.py`).

    Raises
    ------
    OutputError
        `out` cannot be written.
    LinkerError
        The truth cannot be closed to linkers here, and they are not trusted.
    """
    for linker in suite.linkers:
        guard_of(registry.place_of(linker.name), trusted=trusted)
    grid = _Grid(suite, out, progress, make, Checkpoint.of(suite, out), workers, trusted)
    results = Results(out, metrics=gather(suite.metrics))
    grid.finished.begin()
    for world, seed in product(suite.worlds, suite.run_seeds):
        grid.tell(f"make {world.title}, seed {seed}")
        for prepared, linkers in _prepare_all(grid, results, world, seed):
            for linker in linkers:
                grid.tell(f"{linker.title} links {prepared.title}")
                run_linker(grid.rules, results, prepared, linker)
            _find_ceiling(grid, results, prepared, world)
    held_out = RunRecord.of(suite, grid.datasets).add(results.overall("f1"))
    results.write(suite.model_dump(mode="json", by_alias=True), grid.datasets, held_out)
    grid.finished.end()
    return read_run(out)


@dataclass
class _Grid:
    suite: Suite
    out: Path
    progress: Progress
    make: MakeDataset
    finished: Checkpoint
    workers: int | None = 1
    trusted: bool = False
    done: int = field(default=0)
    datasets: dict[str, Any] = field(default_factory=dict)  # identity of each world's data

    @property
    def rules(self) -> Rules:
        return Rules(self.suite, self.out, self.finished, self.trusted)

    def tell(self, what: str) -> None:
        self.done += 1
        self.progress(RunStep(self.done, self._total, what))

    @cached_property
    def _total(self) -> int:
        suite = self.suite
        n_simulated = sum(world.simulated for world in suite.worlds)
        n_answers = sum(
            len(suite.allowed(find_strategy(name), task))
            for name in suite.strategies
            for task in suite.tasks
        )
        n_steps = n_simulated * (n_answers + len(suite.sharing.names))
        n_steps += (len(suite.worlds) - n_simulated) * len(suite.linkers)
        if suite.ceiling:
            n_steps += n_simulated * suite.n_in_the_clear + len(suite.worlds) - n_simulated
        return len(suite.run_seeds) * (len(suite.worlds) + n_steps)


def _prepare_all(
    grid: _Grid, results: Results, world: DataSource, seed: int
) -> Iterator[tuple[PreparedTask, Sequence[LinkerEntry]]]:
    """Prepare every task of a world, and note the identity of its data.

    With each come the linkers that its strategy allows; a task with none is left out.
    """
    if not world.simulated:
        prepared = foreign.prepare_task(world, seed)
        grid.datasets[f"{world.title}-{seed}"] = foreign.describe(prepared, world)
        yield prepared, grid.suite.linkers
        return
    dataset = grid.make(world, seed, grid.out / "datasets")
    grid.datasets[dataset.path.name] = describe(dataset)
    if world == grid.suite.judged:
        results.add_fidelity(dataset)
    _measure_sharing(grid, results, dataset)
    for name in grid.suite.strategies:
        strategy = find_strategy(name)
        for task in grid.suite.tasks:
            linkers = grid.suite.allowed(strategy, task)
            if linkers:
                yield prepare_task(dataset, strategy, task), linkers


def _find_ceiling(grid: _Grid, results: Results, prepared: PreparedTask, world: DataSource) -> None:
    """Find what is attainable on a task of persons in the clear, if the suite asks for it."""
    plan, strategy = grid.suite.ceiling, find_strategy(prepared.strategy)
    if not plan or strategy.name != foreign.STRATEGY or prepared.kind != "persons":
        return
    grid.tell(f"attainable: {prepared.title}")
    others = {}
    for seed in plan.seeds if world.simulated else ():
        dataset = grid.make(world, seed, grid.out / "datasets")
        task = next(task for task in grid.suite.tasks if task.name == prepared.task)
        others[seed] = prepare_task(dataset, strategy, task)
    add_ceiling(results, prepared, others, plan.labels)


def _measure_sharing(grid: _Grid, results: Results, dataset: Dataset) -> None:
    """Apply every strategy of the suite's comparison, and measure its gains and costs."""
    names = grid.suite.sharing.names
    if not names:
        return
    own = grid.suite.metrics
    measurements = measure_strategies(dataset, names, workers=grid.workers, metrics=own)
    for name in names:
        grid.tell(f"{name} at work, {dataset.path.name}")
        results.add_sharing(dataset, name, *next(measurements))
