"""Quality of a linker's blocking: a pair that it never compares, it cannot link."""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.links.truth import Truth
from darkfigure.linkage_eval.metrics.declaration import metric, metrics
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios

_NEEDS = ("truth", "compared")
# Weights of: true pairs among the compared, compared pairs, true pairs, all pairs.
_RATIOS = (
    Ratio(
        metric(
            name="pair_completeness",
            label="True pairs compared",
            meaning="share of the true pairs that are compared",
            formula="|true & cand| / true",
            direction="higher",
            unit="share",
            needs=_NEEDS,
        ),
        above=(1, 0, 0, 0),
        below=(0, 0, 1, 0),
    ),
    Ratio(
        metric(
            name="pairs_quality",
            label="Compared pairs that are true",
            meaning="share of the compared pairs that are true",
            formula="|true & cand| / cand",
            direction="higher",
            unit="share",
            needs=_NEEDS,
        ),
        above=(1, 0, 0, 0),
        below=(0, 1, 0, 0),
    ),
    Ratio(
        metric(
            name="reduction_ratio",
            label="Pairs not compared",
            meaning="share of all pairs that need no comparison",
            formula="1 - cand / pairs",
            direction="higher",
            unit="share",
            needs=_NEEDS,
        ),
        above=(0, -1, 0, 1),
        below=(0, 0, 0, 1),
    ),
)


@metrics(ratio.definition for ratio in _RATIOS)
def measure_blocking(truth: Truth, compared: Pairs) -> list[Measurement]:
    """Measure compared pairs, overall and by group of the left record's person.

    Parameters
    ----------
    truth
        The truth of the task; compared pairs are rows of its two sides.
    compared
        Each pair once.
    """
    same = truth.left.persons[compared.left] == truth.right.persons[compared.right]
    owner = truth.left_rows[compared.left]
    n_people = len(truth.people)
    counts = [
        np.bincount(rows, minlength=n_people)
        for rows in (owner[same], owner, truth.left_rows[truth.pairs_left])
    ]
    counted = np.column_stack([*counts, truth.count_comparisons()])
    return measure_ratios(counted, truth.groups, _RATIOS)
