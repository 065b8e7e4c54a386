"""Accuracy of links over pairs of records: precision, recall, F1, F* and specificity."""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.contracts import Definition, Measurement
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream

# Weights of: links that are right (TP), links (TP + FP), true pairs (TP + FN), all pairs.
RATIOS = (
    Ratio(
        Definition("precision", "share of the links that are right", "TP / (TP + FP)"),
        above=(1, 0, 0, 0),
        below=(0, 1, 0, 0),
    ),
    Ratio(
        Definition("recall", "share of the true pairs that are linked", "TP / (TP + FN)"),
        above=(1, 0, 0, 0),
        below=(0, 0, 1, 0),
    ),
    Ratio(
        Definition("f1", "harmonic mean of precision and recall", "2 TP / (2 TP + FP + FN)"),
        above=(2, 0, 0, 0),
        below=(0, 1, 1, 0),
    ),
    Ratio(
        Definition(
            "f_star", "right links among all that are linked or should be", "TP / (TP + FP + FN)"
        ),
        above=(1, 0, 0, 0),
        below=(-1, 1, 1, 0),
    ),
    Ratio(
        Definition(
            "specificity", "share of the pairs of strangers that are not linked", "TN / (TN + FP)"
        ),
        above=(1, -1, -1, 1),
        below=(0, 0, -1, 1),
    ),
    Ratio(
        Definition("missed_match_rate", "share of the true pairs not linked", "FN / (TP + FN)"),
        above=(-1, 0, 1, 0),
        below=(0, 0, 1, 0),
    ),
    Ratio(
        Definition("false_link_rate", "share of the links that are wrong", "FP / (TP + FP)"),
        above=(-1, 1, 0, 0),
        below=(0, 1, 0, 0),
    ),
)


class Accuracy:
    """Pairwise accuracy, overall and by group of the left record's person.

    `n` is each formula's denominator. With nothing linked, precision has no value (n = 0) and
    recall is 0.

    References
    ----------
    Hand, Christen and Kirielle (2021), "F*: an interpretable transformation of the F-measure".
    """

    definitions = tuple(ratio.definition for ratio in RATIOS)

    def measure(self, judged: ScoredLinks, chance: Stream) -> list[Measurement]:
        """Measure each quantity with an interval over people."""
        return measure_ratios(
            count_pairs(judged), judged.truth.groups, RATIOS, chance.stage("accuracy")
        )


def count_pairs(judged: ScoredLinks) -> Ints:
    """Count each person's right links, links, true pairs and all pairs.

    Returns
    -------
    Shape (people, 4), in the order of `judged.truth.people`.
    """
    truth = judged.truth
    of_links = truth.left_rows[judged.left]
    rows = (of_links[judged.correct], of_links, truth.left_rows[truth.pairs_left])
    counted = [np.bincount(row, minlength=len(truth.people)) for row in rows]
    # Stacked so that each kind of count lies together.
    return np.stack([*counted, truth.count_comparisons()]).T
