"""The run of a suite: scenario x strategy x task x linker x seed -> results. Read this first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from darkfigure.linkage_eval.evaluation.clerical_review import Reviewed, Reviewer, review
from darkfigure.linkage_eval.evaluation.evaluate import Findings, LinkerClaims
from darkfigure.linkage_eval.isolation.parent import (
    LONGEST_STATUS,
    Job,
    Outcome,
    guard_of,
    run_isolated,
)
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.links.decisions import Decision, decide
from darkfigure.linkage_eval.runs import foreign
from darkfigure.linkage_eval.runs.checkpoint import Checkpoint
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask, prepare_task
from darkfigure.linkage_eval.runs.results import Results
from darkfigure.linkage_eval.runs.run import Run, read_run
from darkfigure.linkage_eval.runs.stored_links import CellKey, StoredLinks, write_answer
from darkfigure.linkage_eval.runs.suite import DataSource, LinkerEntry, Suite
from darkfigure.linkage_eval.runs.worlds import describe, make_dataset
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.linkage_eval.sharing.measuring.side_by_side import measure_strategies
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.printable import printable
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
    results = Results(out)
    grid.finished.begin()
    for world, seed in product(suite.worlds, suite.seeds):
        grid.tell(f"make {world.title}, seed {seed}")
        for prepared, linkers in _prepare_all(grid, results, world, seed):
            for linker in linkers:
                _run_linker(grid, results, prepared, linker)
    results.write(suite.model_dump(mode="json", by_alias=True), grid.datasets)
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
        return len(suite.seeds) * (len(suite.worlds) + n_steps)


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


def _measure_sharing(grid: _Grid, results: Results, dataset: Dataset) -> None:
    """Apply every strategy of the suite's comparison, and measure its gains and costs."""
    names = grid.suite.sharing.names
    if not names:
        return
    measurements = measure_strategies(dataset, names, workers=grid.workers)
    for name in names:
        grid.tell(f"{name} at work, {dataset.path.name}")
        results.add_sharing(dataset, name, *next(measurements))


def _run_linker(grid: _Grid, results: Results, prepared: PreparedTask, linker: LinkerEntry) -> None:
    """Run one linker on a task; decide, store and measure its links in every way.

    An error on the way does not end the run: it becomes the status of its cell.
    """
    grid.tell(f"{linker.title} links {prepared.task}, {prepared.scenario}, seed {prepared.seed}")
    taught = {}
    try:
        reviewed = _label(prepared, linker)
        outcome = _link(grid, prepared, linker, reviewed)
        if reviewed:
            taught = {"labels": reviewed.labelled.num_rows, "labels_wrong": reviewed.n_wrong}
    except Exception as error:  # noqa: BLE001, as said above
        outcome = Outcome(_lost(error))
    for decision in grid.suite.decisions:
        which = _which(prepared, linker.decided(decision))
        try:
            decided = _decide(prepared, outcome, decision)
            if decided.links is not None:
                claims = LinkerClaims(
                    outcome.gives_probability and decision == "none", outcome.candidates
                )
                answer = StoredLinks(which, decided.links, claims, taught)
                findings = _find(prepared, answer)
                write_answer(results.folder, answer)
                results.add_findings(answer, findings)
        except Exception as error:  # noqa: BLE001, as said above
            decided = replace(outcome, status=_lost(error), links=None)
        results.add_outcome(which, decided)


def _lost(error: Exception) -> str:
    said = f"not judged: {type(error).__name__}: {error}"
    return printable(said, LONGEST_STATUS, line=True)


def _link(
    grid: _Grid, prepared: PreparedTask, linker: LinkerEntry, reviewed: Reviewed | None
) -> Outcome:
    """Run a linker, unless its cell was finished before an interruption."""
    job = _job(grid, prepared, linker, reviewed)
    which = _which(prepared, linker.title)
    outcome = grid.finished.outcome(which, job, prepared.left, prepared.right)
    if outcome is None:
        outcome = run_isolated(job, prepared.left, prepared.right)
        grid.finished.keep(which, job, outcome, prepared.left, prepared.right)
    return outcome


def _which(prepared: PreparedTask, linker: str) -> CellKey:
    return CellKey(prepared.scenario, prepared.strategy, prepared.task, linker, prepared.seed)


def measure_answer(results: Results, prepared: PreparedTask, answer: StoredLinks) -> None:
    """Measure stored links, and add the findings to the results.

    Parameters
    ----------
    results
        Results of the run, to which rows are added.
    prepared
        The task that the links answer.
    answer
        A linker's links with its claims.
    """
    results.add_findings(answer, _find(prepared, answer))


def _find(prepared: PreparedTask, answer: StoredLinks) -> Findings:
    return prepared.evaluation.find(prepared.evaluation.judge(answer.links), answer.claims)


def _decide(prepared: PreparedTask, outcome: Outcome, decision: Decision) -> Outcome:
    if outcome.links is None:
        return outcome
    truth = prepared.evaluation.truth
    ids = (truth.left.ids, truth.right.ids)
    try:
        links = prepared.narrow(outcome.links)
        return replace(outcome, links=decide(links, decision, *ids, within=prepared.within))
    except ValueError as error:
        return replace(outcome, status=f"undecided: {error}", links=None)


def _label(prepared: PreparedTask, linker: LinkerEntry) -> Reviewed | None:
    """Label pairs for a linker that learns."""
    reviewer = linker.supervision or (Reviewer() if registry.learns(linker.name) else None)
    if reviewer is None:
        return None
    chance = Stream(prepared.seed, ("supervision",))
    truth = prepared.evaluation.truth
    return review(prepared.left, prepared.right, truth, reviewer, chance=chance)


def _job(
    grid: _Grid, prepared: PreparedTask, linker: LinkerEntry, reviewed: Reviewed | None
) -> Job:
    return Job(
        linker.name,
        linker.options,
        prepared.seed,
        grid.suite.limits,
        # The whole run: other linkers' answers, and the worlds that are not in hand.
        tuple(sorted({*prepared.closed, grid.out})),
        reviewed.labelled if reviewed else None,
        prepared.within,
        compared=True,
        trusted=grid.trusted,
    )
