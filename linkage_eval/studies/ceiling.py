"""The ceiling of a task of a dataset, and linkers beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pyarrow as pa

from darkfigure.linkage_eval.attainable.candidates import find_candidates, refuse_few
from darkfigure.linkage_eval.attainable.ceiling import take_accuracy
from darkfigure.linkage_eval.attainable.task_ceiling import Teaching, find_task_ceiling
from darkfigure.linkage_eval.evaluation.metrics.accuracy import count_pairs
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.linkers.engines import engine
from darkfigure.linkage_eval.links.truth import judge_table
from darkfigure.linkage_eval.rows import Attained, CellKey, table_of
from darkfigure.linkage_eval.runs.prepared_task import prepare_task
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
from darkfigure.linkage_eval.runs.suite_plans import FEWEST_LABELS
from darkfigure.linkage_eval.sharing.engine.clear import Clear
from darkfigure.linkage_eval.studies.link import link_dataset
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.storage.dataset import Dataset


def find_ceiling(
    dataset: Dataset,
    task: Task,
    *,
    train: Sequence[Dataset] = (),
    beside: Iterable[str] = (),
    labels: Sequence[int] = (),
    trusted: bool = False,
) -> pa.Table:
    """Find how well the records of a task can be linked.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    task
        Its two sides, or the one.
    train
        Datasets of other seeds, from whose truth the rule learns; without any, it learns from other
        people of the same dataset, in folds.
    beside
        Names of linkers whose accuracy stands beside it.
    labels
        Numbers of labelled pairs, for a learning curve.
    trusted
        Whether to close nothing to these linkers.

    Returns
    -------
    One row per stratum and metric (`Attained`). Of "attainable": as of `measure_ceiling`; with
    some labels alone precision, recall and F1 of everybody. Of linkers beside it: the same three,
    and `f1_distance`, how far F1 is below the attained one.

    Raises
    ------
    DatasetError
        A dataset has no such source, or one to learn from too few pairs.
    SpecError
        A dataset to learn from has the seed of the one that is judged, the sides share some sources
        and not all, or a number of labels is too small.
    UnknownNameError
        There is no such linker.
    LinkerError
        A linker failed.
    MissingExtraError
        scikit-learn is not installed.
    """
    engine("sklearn.ensemble")
    seed, linkers = int(dataset.manifest["seed"]), [LinkerEntry(name=name) for name in beside]
    for linker in linkers:
        registry.check(linker.name, linker.options)
    _refuse_same_people(seed, train)
    _refuse_few_labels(labels)
    clear = Clear()
    prepared = prepare_task(dataset, clear, task)
    learnt = {int(one.manifest["seed"]): prepare_task(one, clear, task) for one in train}
    candidates = find_candidates(prepared)
    others = {other: find_candidates(world) for other, world in learnt.items()}
    for world, taught in zip(
        learnt.values() or [prepared], others.values() or [candidates], strict=True
    ):
        refuse_few(world, taught)
    ceiling = find_task_ceiling(candidates, Teaching.by(others, seed), labels)
    cell = CellKey(prepared.scenario, prepared.strategy, prepared.task, "", seed)
    rows, counts = [*ceiling.rows(cell)], {}
    for linker in linkers:
        links = link_dataset(dataset, linker, task, seed=seed, trusted=trusted)
        judged = judge_table(candidates.truth, links)
        counts[linker.name] = count_pairs(judged)
        own = replace(cell, linker=linker.name)
        rows += [Attained.of(own, one, ceiling.learnt_from) for one in take_accuracy(judged)]
    return table_of(Attained, [*rows, *ceiling.distances(cell, counts)])


def _refuse_same_people(seed: int, train: Sequence[Dataset]) -> None:
    for other in train:
        if int(other.manifest["seed"]) == seed:
            raise SpecError(
                f"{other.path} has seed {seed}, as the dataset that is judged: the rule would "
                "learn from the people it is judged by. Train on another seed, or on none."
            )


def _refuse_few_labels(labels: Sequence[int]) -> None:
    if min(labels, default=FEWEST_LABELS) < FEWEST_LABELS:
        raise SpecError(
            f"{min(labels)} labels are too few to learn from: a learning curve begins at "
            f"{FEWEST_LABELS}."
        )
