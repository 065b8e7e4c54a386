"""The rows of a run on what is attainable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from darkfigure.linkage_eval.attainable.candidates import find_candidates, refuse_few
from darkfigure.linkage_eval.attainable.ceiling import ATTAINABLE
from darkfigure.linkage_eval.attainable.task_ceiling import (
    TaskCeiling,
    Teaching,
    find_task_ceiling,
)
from darkfigure.linkage_eval.linkers.engines import engine
from darkfigure.linkage_eval.rows import Attained, CellKey, Measurement
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask
from darkfigure.linkage_eval.runs.results import Results
from darkfigure.synth.core.errors import DarkfigureError


def add_ceiling(
    results: Results,
    prepared: PreparedTask,
    others: Mapping[int, PreparedTask],
    labels: Sequence[int],
) -> None:
    """Add what is attainable on a task to a run, and the distance of each linker to it.

    Parameters
    ----------
    results
        Results of the run, with the linkers of the task.
    prepared
        A task of persons in the clear.
    others
        The same task in worlds that the rule learns from, by seed; it may be none.
    labels
        Numbers of labelled pairs, for a learning curve.

    Notes
    -----
    Where a rule cannot learn, for want of scikit-learn or of pairs, a row says why.
    """
    cell = CellKey(prepared.scenario, prepared.strategy, prepared.task, ATTAINABLE, prepared.seed)
    try:
        ceiling = _find(prepared, others, labels)
    except DarkfigureError as error:
        lost = replace(Measurement.overall("f1", None, 0), status=str(error))
        results.add_attained(cell, [Attained.of(cell, lost, "")], None)
        return
    beside = results.counts_beside(cell)
    rows = [*ceiling.rows(cell), *ceiling.distances(cell, beside)]
    results.add_attained(cell, rows, ceiling.curve())


def _find(
    prepared: PreparedTask, others: Mapping[int, PreparedTask], labels: Sequence[int]
) -> TaskCeiling:
    engine("sklearn.ensemble")
    candidates = find_candidates(prepared)
    taught = {seed: find_candidates(other) for seed, other in others.items()}
    for seed, other in others.items():
        refuse_few(other, taught[seed])
    if not others:
        refuse_few(prepared, candidates)
    return find_task_ceiling(candidates, Teaching.by(taught, prepared.seed), labels)
