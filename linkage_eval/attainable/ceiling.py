"""What a rule attains on a task, and what no rule can pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from darkfigure.linkage_eval.attainable.candidates import JudgedCandidates
from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.evaluation.metrics.accuracy import measure_accuracy
from darkfigure.linkage_eval.evaluation.metrics.blocks import measure_blocking
from darkfigure.linkage_eval.evaluation.paired import LinkerCounts, compare_contenders
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.metrics.declaration import Definition
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios
from darkfigure.synth.core.arrays import Ints, Mask

ATTAINABLE = "attainable"
ACCURACY = ("precision", "recall", "f1")
F1_BOUND, DISTANCE = "f1_bound", "f1_distance"
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


def measure_ceiling(candidates: JudgedCandidates, linked: Mask) -> list[Measurement]:
    """Measure what a rule attains, and what no rule can pass.

    Parameters
    ----------
    candidates
        The candidate pairs.
    linked
        True for those that the rule links, shape (pairs,).

    Returns
    -------
    By stratum: precision, recall and F1 of the rule; `pair_completeness`, the share of true pairs
    that it judges at all; `indistinguishable`, the share whose recorded values also stand in at
    least as many false pairs; and `f1_bound`, the best F1 of any rule that treats pairs with the
    same values alike.
    """
    compared = Pairs(candidates.judged.left, candidates.judged.right)
    blocking = measure_blocking(candidates.truth, compared)
    return [
        *take_accuracy(candidates.link(linked)),
        *(row for row in blocking if row.metric == "pair_completeness"),
        *_indistinguishable(candidates),
        *(
            replace(row, metric=F1_BOUND)
            for row in measure_accuracy(_best_by_values(candidates))
            if row.metric == "f1"
        ),
    ]


def take_accuracy(judged: ScoredLinks) -> list[Measurement]:
    """Measure precision, recall and F1 of links, by stratum."""
    return [row for row in measure_accuracy(judged) if row.metric in ACCURACY]


def find_distances(
    attained: Ints, linkers: Mapping[str, Ints], seed: int
) -> dict[str, Measurement]:
    """Find how far the F1 of linkers is below the attained one, people being resampled.

    Parameters
    ----------
    attained, linkers
        Counts of the same people, shape (people, 4), as `accuracy.count_pairs` gives them.
    seed
        Of the resampling.
    """
    first = LinkerCounts(ATTAINABLE, attained)
    found = {}
    for name, counts in linkers.items():
        compared = compare_contenders([first, LinkerCounts("", counts)], metric="f1", seed=seed)
        (row,) = compared.differences.to_pylist()
        ends = row["low"], row["high"]
        found[name] = Measurement.overall(DISTANCE, row["difference"], row["n_people"], *ends)
    return found


def _indistinguishable(candidates: JudgedCandidates) -> list[Measurement]:
    """Measure the true pairs whose values also stand in at least as many false pairs."""
    judged, truth = candidates.judged, candidates.truth
    n_true, n_false = candidates.count_alike()
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
    n_true, n_false = candidates.count_alike()
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
