"""Accuracy of links over pairs of records: precision, recall, F1, F* and specificity."""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.metrics.declaration import Definition, Direction, metric, metrics
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.stats.ratios import Crossed, Ratio, measure_ratios
from darkfigure.synth.core.arrays import Ints

_NEEDS = ("judged",)


def _share(name: str, label: str, meaning: str, formula: str, direction: Direction) -> Definition:
    return metric(
        name=name,
        label=label,
        meaning=meaning,
        formula=formula,
        direction=direction,
        unit="share",
        needs=_NEEDS,
    )


# Weights of: links that are right (TP), links (TP + FP), true pairs (TP + FN), all pairs.
RATIOS = (
    Ratio(
        _share(
            "precision",
            "Precision",
            "share of the links that are right",
            "TP / (TP + FP)",
            "higher",
        ),
        above=(1, 0, 0, 0),
        below=(0, 1, 0, 0),
    ),
    Ratio(
        _share(
            "recall",
            "Recall",
            "share of the true pairs that are linked",
            "TP / (TP + FN)",
            "higher",
        ),
        above=(1, 0, 0, 0),
        below=(0, 0, 1, 0),
    ),
    Ratio(
        _share(
            "f1",
            "F1",
            "harmonic mean of precision and recall",
            "2 TP / (2 TP + FP + FN)",
            "higher",
        ),
        above=(2, 0, 0, 0),
        below=(0, 1, 1, 0),
    ),
    Ratio(
        metric(
            name="f_star",
            label="F*",
            meaning="right links among all that are linked or should be",
            formula="TP / (TP + FP + FN)",
            direction="higher",
            unit="share",
            needs=_NEEDS,
            source="Hand, Christen and Kirielle (2021)",
        ),
        above=(1, 0, 0, 0),
        below=(-1, 1, 1, 0),
    ),
    Ratio(
        _share(
            "specificity",
            "Specificity",
            "share of the pairs of strangers that are not linked",
            "TN / (TN + FP)",
            "higher",
        ),
        above=(1, -1, -1, 1),
        below=(0, 0, -1, 1),
    ),
    Ratio(
        _share(
            "missed_match_rate",
            "Missed-match rate",
            "share of the true pairs not linked",
            "FN / (TP + FN)",
            "lower",
        ),
        above=(-1, 0, 1, 0),
        below=(0, 0, 1, 0),
    ),
    Ratio(
        _share(
            "false_link_rate",
            "False-link rate",
            "share of the links that are wrong",
            "FP / (TP + FP)",
            "lower",
        ),
        above=(-1, 1, 0, 0),
        below=(0, 1, 0, 0),
    ),
)


@metrics(ratio.definition for ratio in RATIOS)
def measure_accuracy(judged: ScoredLinks) -> list[Measurement]:
    """Measure pairwise accuracy, overall and by group of the left record's person.

    `n` is each formula's denominator. With nothing linked, precision has no value (n = 0) and
    recall is 0. Intervals are over people, false links with the people of both records.

    References
    ----------
    Hand, Christen and Kirielle (2021), "F*: an interpretable transformation of the F-measure".
    """
    counts = count_pairs(judged)
    return measure_ratios(counts, judged.truth.groups, RATIOS, false_links(judged, column=1))


def false_links(judged: ScoredLinks, *, column: int) -> Crossed:
    """Give the false links with the people of both records.

    Parameters
    ----------
    judged
        Links set against the truth.
    column
        The kind of count that links are.
    """
    truth = judged.truth
    left = truth.left_rows[judged.left[~judged.correct]]
    persons = truth.right.persons[judged.right[~judged.correct]]
    row = np.searchsorted(truth.people, persons)
    known = truth.people[np.minimum(row, len(truth.people) - 1)] == persons
    others = len(truth.people) + np.unique(persons, return_inverse=True)[1]
    return Crossed(column, left, np.where(known, row, others))


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
