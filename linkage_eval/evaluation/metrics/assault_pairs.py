"""Accuracy over the pairs of assault attendances alone: a few in a hundred of a task's pairs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from darkfigure.linkage_eval.evaluation.assaults import Assaults
from darkfigure.linkage_eval.evaluation.metrics.accuracy import count_pairs, false_links
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.metrics.declaration import metric, metrics
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios

_NEEDS = ("judged", "assaults")
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
def measure_assault_pairs(judged: ScoredLinks, assaults: Assaults) -> list[Measurement]:
    """Measure precision and recall over pairs whose attendance was an assault, as for all pairs.

    Parameters
    ----------
    judged
        Links set against the truth.
    assaults
        As `read_assaults` gives them; what an attendance was counts, not how it is coded.
    """
    own = _of_assaults(judged, assaults)
    counts = count_pairs(own)[:, :3]
    return measure_ratios(counts, own.truth.groups, _RATIOS, false_links(own, column=1))


def _of_assaults(judged: ScoredLinks, assaults: Assaults) -> ScoredLinks:
    """Keep the links and the true pairs of records that are about assaults."""
    truth, records = judged.truth, assaults.records
    is_true = np.isin(records["left_row"].to_numpy(), assaults.true["left_row"].to_numpy())
    is_assault = np.zeros(len(truth.left.ids), bool)
    is_assault[records["record_row"].to_numpy()[is_true]] = True
    pairs, links = is_assault[truth.pairs_left], is_assault[judged.left]
    alone = replace(truth, pairs_left=truth.pairs_left[pairs], pairs_right=truth.pairs_right[pairs])
    return replace(
        judged,
        truth=alone,
        left=judged.left[links],
        right=judged.right[links],
        scores=judged.scores[links],
        correct=judged.correct[links],
    )
