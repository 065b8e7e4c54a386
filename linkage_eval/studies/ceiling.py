"""The ceiling of a task: how well records can be linked at all, by what they say.

From below: a rule with labels, which sees every field of every pair and learns from the truth of
other people, attains so much. From above: pairs with the same recorded values are linked or left
together, by whatever rule. The truth is used here alone; no linker sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.evaluation.metrics.accuracy import count_pairs, measure_accuracy
from darkfigure.linkage_eval.evaluation.metrics.blocks import measure_blocking
from darkfigure.linkage_eval.evaluation.paired import LinkerCounts, compare_contenders
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.linkers.blocking import BY_SOUND, RULES, Rule, candidate_pairs
from darkfigure.linkage_eval.linkers.engines import engine
from darkfigure.linkage_eval.links.positions import Links, Sides
from darkfigure.linkage_eval.links.truth import (
    ScoredLinks,
    Truth,
    judge,
    judge_table,
    read_truth,
)
from darkfigure.linkage_eval.metrics.declaration import Definition
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Measured, Measurement, schema_of
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios
from darkfigure.linkage_eval.studies.learnt_rule import (
    LabelledPairs,
    LearntRule,
    link_across_folds,
)
from darkfigure.linkage_eval.studies.link import link_dataset
from darkfigure.linkage_eval.studies.pair_features import pair_features
from darkfigure.linkage_eval.studies.posed import pose
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError, SpecError
from darkfigure.synth.schema import FIELDS
from darkfigure.synth.storage.dataset import Dataset

ATTAINABLE = "attainable"
ACCURACY = ("precision", "recall", "f1")
ACROSS_FOLDS = "other people of the same dataset"
# Pairs that share any of these are judged; assumed, as generous as a model with labels can bear.
_RULES: tuple[Rule, ...] = (
    *RULES,
    *BY_SOUND,
    ("telephone",),
    ("surname_sound", "postcode"),
    ("forename_sound", "postcode"),
    ("house", "street", "sex"),
    ("date_of_birth", "town"),
)
# Of people on both sides, and of false pairs: with fewer, some half would have none to learn from.
# Assumed.
_LEAST = 50
# Weights of: true pairs that cannot be told from false ones, true pairs.
INDISTINGUISHABLE = Ratio(
    Definition(
        "indistinguishable",
        "Indistinguishable",
        "share of the true pairs whose values stand in at least as many false pairs",
        "indistinguishable / true",
        "lower",
        "share",
        ("judged",),
    ),
    above=(1, 0),
    below=(0, 1),
)
F1_BOUND, DISTANCE = "f1_bound", "f1_distance"


@dataclass(frozen=True)
class Attained(Measured):
    """One quantity of a ceiling, or of a linker beside it.

    Parameters
    ----------
    linker
        "attainable", or the name of a linker beside it.
    seed
        The dataset's.
    learnt_from
        The people from whom the attainable rule learnt.
    """

    linker: str
    seed: int
    learnt_from: str


@dataclass(frozen=True)
class JudgedCandidates:
    """The candidate pairs of a task.

    Parameters
    ----------
    judged
        All of them as links, set against the truth.
    labelled
        What a model learns from, in the same order.
    alike
        A number for each pair; pairs with the same recorded values have the same, shape (pairs,).
    """

    judged: ScoredLinks
    labelled: LabelledPairs
    alike: Ints

    @property
    def truth(self) -> Truth:
        """The truth of the task."""
        return self.judged.truth

    def link(self, chosen: Mask) -> ScoredLinks:
        """Link the pairs that a mask marks, and no other."""
        whole = self.judged
        return replace(
            whole,
            left=whole.left[chosen],
            right=whole.right[chosen],
            scores=whole.scores[chosen],
            correct=whole.correct[chosen],
        )


def find_ceiling(
    dataset: Dataset,
    task: Task,
    *,
    train: Sequence[Dataset] = (),
    beside: Iterable[str] = (),
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
    trusted
        Whether to close nothing to these linkers.

    Returns
    -------
    One row per stratum and metric (`Attained`). Of "attainable": precision, recall and F1 of the
    learnt rule; `pair_completeness`, the share of true pairs that it judges at all;
    `indistinguishable`, the share whose recorded values also stand in at least as many false pairs;
    and `f1_bound`, the best F1 of any rule that treats pairs with the same values alike. Of linkers
    beside it: the first three, and `f1_distance`, how far F1 is below the attained one.

    Raises
    ------
    DatasetError
        A dataset has no such source, or one to learn from too few pairs.
    SpecError
        A dataset to learn from has the seed of the one that is judged, or the sides share some
        sources and not all.
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
    candidates = find_candidates(dataset, task)
    others = [find_candidates(other, task) for other in train]
    for world, learnt in zip(train or [dataset], others or [candidates], strict=True):
        _refuse_few(world, task, learnt.labelled)
    linked = _linked(candidates, others, seed)
    measured = {ATTAINABLE: measure_ceiling(candidates, linked)}
    for linker in linkers:
        links = link_dataset(dataset, linker, task, seed=seed, trusted=trusted)
        judged = judge_table(candidates.truth, links)
        distance = _distance(candidates.link(linked), judged, seed)
        measured[linker.name] = [*_accuracy(judged), distance]
    learnt_from = ", ".join(f"seed {other.manifest['seed']}" for other in train) or ACROSS_FOLDS
    rows = [
        vars(row) | {"linker": name, "seed": seed, "learnt_from": learnt_from}
        for name, found in measured.items()
        for row in found
    ]
    return pa.Table.from_pylist(rows, schema_of(Attained))


def find_candidates(dataset: Dataset, task: Task) -> JudgedCandidates:
    """Find the candidate pairs of a task, with all that can be seen of them, and the truth.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    task
        Its two sides, or the one.

    Raises
    ------
    DatasetError
        It has no such source.
    """
    posed, truth = pose(dataset, task), read_truth(dataset, task.left, task.right)
    pairs = candidate_pairs(posed.left, posed.right, _RULES, within=posed.within)
    sides = Sides.of(posed.left, posed.right, within=posed.within)
    judged = judge(truth, Links.fold(sides, pairs, np.ones(len(pairs.left))))
    people = truth.left.persons[judged.left], truth.right.persons[judged.right]
    features = pair_features(posed.left, posed.right, pairs)
    alike = _alike(posed.left, posed.right, pairs, within=posed.within)
    return JudgedCandidates(judged, LabelledPairs(features, judged.correct, *people), alike)


def measure_ceiling(candidates: JudgedCandidates, linked: Mask) -> list[Measurement]:
    """Measure what a rule attains, and what no rule can pass.

    Parameters
    ----------
    candidates
        The candidate pairs.
    linked
        True for those that the rule links, shape (pairs,).
    """
    compared = Pairs(candidates.judged.left, candidates.judged.right)
    blocking = measure_blocking(candidates.truth, compared)
    return [
        *_accuracy(candidates.link(linked)),
        *(row for row in blocking if row.metric == "pair_completeness"),
        *_indistinguishable(candidates),
        *(
            replace(row, metric=F1_BOUND)
            for row in measure_accuracy(_best_by_values(candidates))
            if row.metric == "f1"
        ),
    ]


def _linked(candidates: JudgedCandidates, train: Sequence[JudgedCandidates], seed: int) -> Mask:
    chance = Stream(seed, ("ceiling",))
    if not train:
        return link_across_folds(candidates.labelled, chance)
    learnt = LabelledPairs.joined([other.labelled for other in train])
    return LearntRule.learn(learnt, chance).links(candidates.labelled.features)


def _accuracy(judged: ScoredLinks) -> list[Measurement]:
    return [row for row in measure_accuracy(judged) if row.metric in ACCURACY]


def _distance(attained: ScoredLinks, judged: ScoredLinks, seed: int) -> Measurement:
    """Measure how far a linker's F1 is below what is attained, people being resampled."""
    contenders = [
        LinkerCounts(ATTAINABLE, count_pairs(attained)),
        LinkerCounts("", count_pairs(judged)),
    ]
    (row,) = compare_contenders(contenders, metric="f1", seed=seed).differences.to_pylist()
    ends = row["low"], row["high"]
    return Measurement.overall(DISTANCE, row["difference"], row["n_people"], *ends)


def _indistinguishable(candidates: JudgedCandidates) -> list[Measurement]:
    """Measure the true pairs whose values also stand in at least as many false pairs."""
    judged, truth = candidates.judged, candidates.truth
    n_true, n_false = _count_alike(candidates)
    lost = judged.correct & (n_false >= n_true)[candidates.alike]
    n_people = len(truth.people)
    counts = [
        np.bincount(truth.left_rows[rows], minlength=n_people)
        for rows in (judged.left[lost], truth.pairs_left)
    ]
    return measure_ratios(np.column_stack(counts), truth.groups, [INDISTINGUISHABLE])


def _best_by_values(candidates: JudgedCandidates) -> ScoredLinks:
    """Link as the best rule would that treats pairs with the same values alike.

    It knows the truth. Values are linked in the order of their share of true pairs, as long as F1
    rises; true pairs that are no candidates are linked without any false pair among them.
    """
    judged, truth = candidates.judged, candidates.truth
    n_true, n_false = _count_alike(candidates)
    n_outside = len(truth.pairs_left) - int(judged.correct.sum())
    order = np.argsort(n_false / (n_true + n_false), kind="stable")
    right = n_outside + np.append(0, np.cumsum(n_true[order]))
    links = n_outside + np.append(0, np.cumsum((n_true + n_false)[order]))
    n_first = int(np.argmax(2 * right / np.maximum(links + len(truth.pairs_left), 1)))
    chosen = np.zeros(len(order), bool)
    chosen[order[:n_first]] = True
    inside = candidates.link(chosen[candidates.alike])
    return replace(
        inside,
        left=np.append(inside.left, truth.pairs_left[judged.missed]),
        right=np.append(inside.right, truth.pairs_right[judged.missed]),
        scores=np.append(inside.scores, np.ones(n_outside)),
        correct=np.append(inside.correct, np.ones(n_outside, bool)),
    )


def _count_alike(candidates: JudgedCandidates) -> tuple[Ints, Ints]:
    """Count the true and the false pairs of each number in `alike`."""
    n_kinds = int(candidates.alike.max(initial=-1)) + 1
    true = np.bincount(candidates.alike[candidates.judged.correct], minlength=n_kinds)
    return true, np.bincount(candidates.alike, minlength=n_kinds) - true


def _alike(left: pa.Table, right: pa.Table, pairs: Pairs, *, within: bool) -> Ints:
    """Give pairs numbers, the same to those with the same recorded values."""
    values = _number_values(pa.concat_tables([left, right]))
    first, second = values[pairs.left], values[left.num_rows :][pairs.right]
    if within:
        first, second = np.minimum(first, second), np.maximum(first, second)
    return np.unique(first * (int(values.max(initial=0)) + 1) + second, return_inverse=True)[1]


def _number_values(records: pa.Table) -> Ints:
    """Give records numbers, the same to those alike in all that a linker sees but ids."""
    fields = ", ".join(("source", *FIELDS))
    numbered = query(
        f"SELECT dense_rank() OVER (ORDER BY {fields}) AS number FROM records ORDER BY row",  # noqa: S608, our names
        records=records.append_column("row", pa.array(np.arange(records.num_rows))),
    )
    return numbered["number"].to_numpy()


def _refuse_same_people(seed: int, train: Sequence[Dataset]) -> None:
    for other in train:
        if int(other.manifest["seed"]) == seed:
            raise SpecError(
                f"{other.path} has seed {seed}, as the dataset that is judged: the rule would "
                "learn from the people it is judged by. Train on another seed, or on none."
            )


def _refuse_few(world: Dataset, task: Task, pairs: LabelledPairs) -> None:
    n_people, n_false = len(np.unique(pairs.left[pairs.same])), int((~pairs.same).sum())
    if min(n_people, n_false) < _LEAST:
        raise DatasetError(
            f"{world.path}: '{task.left}' and '{task.right or task.left}' have {n_people:,} people "
            f"with true pairs and {n_false:,} false candidate pairs; a rule needs {_LEAST} of each "
            "to learn from. Generate more people, or train on a larger dataset of another seed."
        )
