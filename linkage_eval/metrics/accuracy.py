"""How right the links are: precision, recall, F1 and F*, over pairs of records."""

from __future__ import annotations

import numpy as np

from linkage_eval.contracts import Definition, Measurement
from linkage_eval.metrics.ratios import Ratio, measure_ratios
from linkage_eval.truth import Ints, Judged
from synth.chance import Stream

# Weights of: links that are right (TP), links (TP + FP), true pairs (TP + FN).
_RATIOS = (
    Ratio(
        Definition("precision", "share of the links that are right", "TP / (TP + FP)"),
        above=(1, 0, 0),
        below=(0, 1, 0),
    ),
    Ratio(
        Definition("recall", "share of the true pairs that are linked", "TP / (TP + FN)"),
        above=(1, 0, 0),
        below=(0, 0, 1),
    ),
    Ratio(
        Definition("f1", "harmonic mean of precision and recall", "2 TP / (2 TP + FP + FN)"),
        above=(2, 0, 0),
        below=(0, 1, 1),
    ),
    Ratio(
        Definition(
            "f_star", "right links among all that are linked or should be", "TP / (TP + FP + FN)"
        ),
        above=(1, 0, 0),
        below=(-1, 1, 1),
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

    definitions = tuple(ratio.definition for ratio in _RATIOS)

    def measure(self, judged: Judged, chance: Stream) -> list[Measurement]:
        """Measure precision, recall, F1 and F*, each with an interval over people."""
        return measure_ratios(
            count_pairs(judged), judged.truth.groups, _RATIOS, chance.stage("accuracy")
        )


def count_pairs(judged: Judged) -> Ints:
    """Count right links, links and true pairs of each person: shape (people, 3)."""
    truth = judged.truth
    of_links = truth.left_rows[judged.left]
    rows = (of_links[judged.correct], of_links, truth.left_rows[truth.pairs_left])
    return np.column_stack([np.bincount(row, minlength=len(truth.people)) for row in rows])
