"""Measure a run again from its stored links: a new metric needs no new linking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from darkfigure.linkage_eval.metrics.registry import gather
from darkfigure.linkage_eval.rows import OK, CellKey, Timing, rows_of
from darkfigure.linkage_eval.runs import foreign
from darkfigure.linkage_eval.runs.cell import measure_answer
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask, prepare_task
from darkfigure.linkage_eval.runs.results import Results, write_manifest
from darkfigure.linkage_eval.runs.run import Run, read_run
from darkfigure.linkage_eval.runs.stored_links import StoredLinks
from darkfigure.linkage_eval.runs.suite import Suite, Task
from darkfigure.linkage_eval.runs.tables import TABLES
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset

# Tables that do not follow from links, or not from them alone.
_KEPT = ("timings", "sharing", "fidelity", "laws", "attainable", "attainable_curves")


def remeasure(
    run: str | Path | Run,
    datasets: Mapping[str, Dataset] | None = None,
    *,
    metrics: Sequence[str] = (),
) -> Run:
    """Make every table of a run anew that follows from its stored links.

    Parameters
    ----------
    run
        A run, or its folder.
    datasets
        The worlds by name, such as "merthyr-1", where they no longer lie in the run.
    metrics
        Further metrics, as a suite names them; the run's manifest then names them too.

    Returns
    -------
    The run as read again. Failures keep their rows.

    Raises
    ------
    DatasetError
        A dataset is missing, or is not the one that was linked.
    UnknownNameError, SpecError
        A metric is not there, or wrong.
    """
    stored = run if isinstance(run, Run) else read_run(run)
    suite = build(Suite, stored.manifest["suite"], f"{stored.path / 'manifest.json'}")
    names = tuple(dict.fromkeys((*suite.metrics, *metrics)))
    results = Results(stored.path, metrics=gather(names))
    answers = {answer.which: answer for answer in stored.answers()}
    tasks: dict[tuple[str, str, str, int], PreparedTask] = {}
    # The rows of a run come in the order of its timings.
    for row in rows_of(stored.timings, Timing):
        which = row.which
        if row.status != OK:
            results.add_failure(which, row.status)
            continue
        cell = (which.scenario, which.strategy, which.task, which.seed)
        if cell not in tasks:
            tasks[cell] = prepare_again(stored, suite, which, datasets or {})
        answer = _answer(answers, which, stored.path)
        with fitting(which):
            measure_answer(results, tasks[cell], answer)
    results.compare()
    results.write_tables(name for name in TABLES if name not in _KEPT)
    if names != suite.metrics:
        described = {"metrics": results.metrics.described()}
        named = stored.manifest["suite"] | {"metrics": list(names)}
        write_manifest(stored.path, {**stored.manifest, "suite": named, **described})
    return read_run(stored.path)


@contextmanager
def fitting(which: CellKey) -> Iterator[None]:
    """Turn the errors of judging stored links into one that names their cell.

    Raises
    ------
    DatasetError
        The links do not fit the records that were linked.
    """
    try:
        yield
    except ValueError as error:
        raise DatasetError(
            f"The stored links of {which.linker} ({which.scenario}, {which.task}, seed "
            f"{which.seed}) do not fit the records that were linked: {error}. Run the suite again."
        ) from None


def _answer(answers: Mapping[CellKey, StoredLinks], which: CellKey, folder: Path) -> StoredLinks:
    if which not in answers:
        raise DatasetError(f"{folder / 'links' / which.file} is missing. Run the suite again.")
    return answers[which]


def prepare_again(
    run: Run, suite: Suite, which: CellKey, datasets: Mapping[str, Dataset]
) -> PreparedTask:
    """Prepare the task of a run's cell as it was then.

    Parameters
    ----------
    run, suite
        The run, and its suite.
    which
        The cell, of which the linker does not matter.
    datasets
        Worlds by name where they no longer lie in the run.

    Raises
    ------
    DatasetError
        A dataset is missing, or is not the one that was linked; or the suite has no such task.
    """
    world = next((source for source in suite.worlds if source.title == which.scenario), None)
    if world is not None and not world.simulated:
        return foreign.prepare_task(world, which.seed)
    name = f"{which.scenario}-{which.seed}"
    dataset = datasets.get(name) or Dataset.open(run.path / "datasets" / name)
    hashes = {table: entry["hash"] for table, entry in sorted(dataset.tables.items())}
    if hashes != run.manifest["datasets"].get(name, {}).get("hashes"):
        raise DatasetError(
            f"{dataset.path} is not the dataset that was linked: its content hashes differ from "
            "those in the run's manifest. Give that dataset, or run the suite again."
        )
    return prepare_task(dataset, find_strategy(which.strategy), _task(run, suite, which.task))


def _task(run: Run, suite: Suite, name: str) -> Task:
    for task in suite.tasks:
        if task.name == name:
            return task
    raise DatasetError(
        f"{run.path / 'manifest.json'} names no task '{name}', which was run. Run the suite again."
    )
