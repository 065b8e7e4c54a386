"""What a rule attains on a task, and the true pairs that no rule can tell from false ones."""

from __future__ import annotations

from collections.abc import Mapping

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
DISTANCE = "f1_distance"
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
    """Measure what a rule attains, and the true pairs that no rule can tell from false ones.

    Parameters
    ----------
    candidates
        The candidate pairs.
    linked
        True for those that the rule links, shape (pairs,).

    Returns
    -------
    By stratum: precision, recall and F1 of the rule; `pair_completeness`, the share of true pairs
    that it judges at all; and `indistinguishable`, the share whose recorded values also stand in at
    least as many false pairs.
    """
    compared = Pairs(candidates.judged.left, candidates.judged.right)
    blocking = measure_blocking(candidates.truth, compared)
    return [
        *take_accuracy(candidates.link(linked)),
        *(row for row in blocking if row.metric == "pair_completeness"),
        *_indistinguishable(candidates),
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
