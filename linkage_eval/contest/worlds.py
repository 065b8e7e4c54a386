"""The worlds of a contest as one task: records of several worlds in one table, and their truth.

Nobody is in two worlds. Of several worlds the record ids have the world's number before them, the
tables a column `world`, and results are shown apart by world too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.attainable.candidates import find_candidates, refuse_few
from darkfigure.linkage_eval.attainable.task_ceiling import Teaching, find_task_ceiling
from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.linkers.engines import engine
from darkfigure.linkage_eval.links.truth import (
    Groups,
    ScoredLinks,
    Truth,
    TruthSide,
    make_truth,
    read_truth,
)
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask, prepare_task
from darkfigure.linkage_eval.runs.suite import Task
from darkfigure.linkage_eval.sharing.engine.clear import Clear
from darkfigure.linkage_eval.studies.posed import Posed, pose
from darkfigure.synth.storage.dataset import Dataset

WORLD = "world"
MOST = 9  # worlds: one digit before an id
_FIRST_SEED = 1  # of resampling, where several worlds have several seeds


@dataclass(frozen=True)
class ContestWorlds:
    """The worlds of a contest, and what is linked in each."""

    datasets: tuple[Dataset, ...]
    left: str
    right: str

    @classmethod
    def open(cls, folder: Path, n: int, left: str, right: str) -> ContestWorlds:
        """Open the worlds that lie in the organiser's folder."""
        datasets = tuple(Dataset.open(folder / name) for name in names_of(n))
        return cls(datasets, left, right)

    @property
    def persons(self) -> int:
        """People of all worlds together."""
        return sum(int(dataset.manifest["persons"]) for dataset in self.datasets)

    def posed(self) -> Posed:
        """Give the tables of all worlds together; of several with a column `world`."""
        posed = [pose(dataset, self._task) for dataset in self.datasets]
        if len(posed) == 1:
            return posed[0]
        left = _stack([one.left for one in posed])
        right = left if posed[0].within else _stack([one.right for one in posed])
        return Posed(left, right, posed[0].within, tuple(one.closed[0] for one in posed))

    @cached_property
    def evaluation(self) -> Evaluation:
        """The evaluation of all worlds together."""
        if len(self.datasets) == 1:
            return Evaluation(self.datasets[0], self.left, self.right)
        truths = [read_truth(dataset, self.left, self.right) for dataset in self.datasets]
        return Evaluation.of_truth(_join(truths), _FIRST_SEED)

    def attain(self) -> ScoredLinks:
        """Link what a rule links that learnt from the truth: of one world in folds.

        Of several worlds each is linked by a rule that learnt from the others.

        Raises
        ------
        DatasetError
            A world has too few pairs to learn from.
        MissingExtraError
            scikit-learn is not installed.
        """
        engine("sklearn.ensemble")
        tasks = [prepare_task(dataset, Clear(), self._task) for dataset in self.datasets]
        found = [find_candidates(task) for task in tasks]
        for task, candidates in zip(tasks, found, strict=True):
            refuse_few(task, candidates)
        links = []
        for number, (task, candidates) in enumerate(zip(tasks, found, strict=True)):
            others = {n: other for n, other in enumerate(found) if n != number}
            ceiling = find_task_ceiling(candidates, Teaching.by(others, task.seed))
            links.append(_as_table(ceiling.links, number, task, alone=len(tasks) == 1))
        return self.evaluation.judge_table(pa.concat_tables(links))

    @property
    def _task(self) -> Task:
        return Task(left=self.left, right=self.right)


def names_of(n: int) -> list[str]:
    """Name the folders of n worlds."""
    return [WORLD] if n == 1 else [f"{WORLD}-{number + 1}" for number in range(n)]


def _as_table(links: ScoredLinks, number: int, task: PreparedTask, *, alone: bool) -> pa.Table:
    truth = task.evaluation.truth
    ids = [
        side.ids.take(pa.array(rows))
        for side, rows in ((truth.left, links.left), (truth.right, links.right))
    ]
    named = ids if alone else [_prefixed(one, number) for one in ids]
    return pa.table([*named, pa.array(links.scores)], LINKS.names).cast(LINKS)


def _prefixed(ids: pa.Array, number: int) -> pa.Array:
    return pc.binary_join_element_wise(str(number + 1), ids, ":")


def _stack(tables: Sequence[pa.Table]) -> pa.Table:
    """Put records of several worlds together, sorted by their new ids."""
    parts = []
    for number, table in enumerate(tables):
        ids = _prefixed(table["record_id"].combine_chunks(), number)
        world = pa.array([str(number + 1)] * table.num_rows, pa.string())
        parts.append(table.set_column(0, table.schema.field(0), ids).append_column(WORLD, world))
    return pa.concat_tables(parts).combine_chunks()


def _join(truths: Sequence[Truth]) -> Truth:
    """Join the truths of several worlds, in which nobody is the same."""
    firsts = np.cumsum([0, *(_n_persons(truth) for truth in truths)])[:-1]
    moved = [_renumber(truth, int(first)) for truth, first in zip(truths, firsts, strict=True)]
    left = _join_sides([one.left for one in moved])
    within = truths[0].within
    right = left if within else _join_sides([one.right for one in moved])
    return make_truth(left, right, _join_groups(truths), within=within)


def _n_persons(truth: Truth) -> int:
    return len(np.unique(np.concatenate([truth.left.persons, truth.right.persons])))


def _renumber(truth: Truth, first: int) -> Truth:
    """Give the persons of a world numbers of their own, in the same order."""
    known = np.unique(np.concatenate([truth.left.persons, truth.right.persons]))
    left, right = (
        replace(side, persons=first + np.searchsorted(known, side.persons))
        for side in (truth.left, truth.right)
    )
    return replace(truth, left=left, right=right)


def _join_sides(sides: Sequence[TruthSide]) -> TruthSide:
    ids = pa.concat_arrays([_prefixed(side.ids, number) for number, side in enumerate(sides)])
    persons = np.concatenate([side.persons for side in sides])
    return TruthSide(sides[0].name, sides[0].sources, ids, persons)


def _join_groups(truths: Sequence[Truth]) -> tuple[Groups, ...]:
    """Join the divisions of people, and add that by world."""
    joined = []
    for same in zip(*(truth.groups for truth in truths), strict=True):
        names = tuple(dict.fromkeys(name for groups in same for name in groups.names))
        codes = [np.array([names.index(n) for n in one.names])[one.codes] for one in same]
        joined.append(Groups(same[0].kind, names, np.concatenate(codes)))
    sizes = [len(truth.people) for truth in truths]
    worlds = tuple(str(number + 1) for number in range(len(truths)))
    return (*joined, Groups(WORLD, worlds, np.repeat(np.arange(len(truths)), sizes)))
