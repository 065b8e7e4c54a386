"""Accuracy over the pairs of assault attendances alone: a few in a hundred of a task's pairs."""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.evaluation.assaults import Assaults
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.metrics.declaration import metric, metrics
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream

_NEEDS = ("judged", "assaults", "chance")
# Weights of: links that are right (TP), links (TP + FP), true pairs (TP + FN).
_RATIOS = (
    Ratio(
        metric(
            name="assault_precision",
            label="Precision, assaults",
            meaning="share of the links of assault attendances that are right",
            formula="TP / (TP + FP), of assault attendances",
            direction="higher",
            unit="share",
            needs=_NEEDS,
        ),
        above=(1, 0, 0),
        below=(0, 1, 0),
    ),
    Ratio(
        metric(
            name="assault_recall",
            label="Recall, assaults",
            meaning="share of the true pairs of assault attendances that are linked",
            formula="TP / (TP + FN), of assault attendances",
            direction="higher",
            unit="share",
            needs=_NEEDS,
        ),
        above=(1, 0, 0),
        below=(0, 0, 1),
    ),
)


@metrics(ratio.definition for ratio in _RATIOS)
def measure_assault_pairs(
    judged: ScoredLinks, assaults: Assaults, chance: Stream
) -> list[Measurement]:
    """Measure precision and recall over pairs whose attendance was an assault, as for all pairs.

    Parameters
    ----------
    judged
        Links set against the truth.
    assaults
        As `read_assaults` gives them; what an attendance was counts, not how it is coded.
    chance
        Draws of the intervals, which are over people.
    """
    truth = judged.truth
    is_assault = np.zeros(len(truth.left.ids), bool)
    records = assaults.records
    is_true = np.isin(records["left_row"].to_numpy(), assaults.true["left_row"].to_numpy())
    is_assault[records["record_row"].to_numpy()[is_true]] = True

    def count(rows: Ints) -> Ints:
        people = truth.left_rows[rows[is_assault[rows]]]
        return np.bincount(people, minlength=len(truth.people))

    rows = (judged.left[judged.correct], judged.left, truth.pairs_left)
    counts = np.column_stack([count(of_pairs) for of_pairs in rows])
    return measure_ratios(counts, truth.groups, _RATIOS, chance.stage("assault_pairs"))
