"""Quality of a linker's blocking: a pair that it never compares, it cannot link."""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.contracts import Definition, Measurement, Pairs
from darkfigure.linkage_eval.links.truth import Truth
from darkfigure.linkage_eval.stats.ratios import Ratio, measure_ratios
from darkfigure.synth.core.chance import Stream

# Weights of: true pairs among the candidates, candidates, true pairs, all pairs.
_RATIOS = (
    Ratio(
        Definition(
            "pair_completeness", "share of the true pairs that are compared", "|true & cand| / true"
        ),
        above=(1, 0, 0, 0),
        below=(0, 0, 1, 0),
    ),
    Ratio(
        Definition(
            "pairs_quality", "share of the compared pairs that are true", "|true & cand| / cand"
        ),
        above=(1, 0, 0, 0),
        below=(0, 1, 0, 0),
    ),
    Ratio(
        Definition(
            "reduction_ratio", "share of all pairs that need no comparison", "1 - cand / pairs"
        ),
        above=(0, -1, 0, 1),
        below=(0, 0, 0, 1),
    ),
)
DEFINITIONS = tuple(ratio.definition for ratio in _RATIOS)


def measure_blocking(truth: Truth, candidates: Pairs, chance: Stream) -> list[Measurement]:
    """Measure candidate pairs, overall and by group of the left record's person.

    Parameters
    ----------
    truth
        The truth of the task; candidates are rows of its two sides.
    candidates
        Each pair once.
    chance
        Draws of the intervals.
    """
    same = truth.left.persons[candidates.left] == truth.right.persons[candidates.right]
    owner = truth.left_rows[candidates.left]
    n_people = len(truth.people)
    counts = [
        np.bincount(rows, minlength=n_people)
        for rows in (owner[same], owner, truth.left_rows[truth.pairs_left])
    ]
    counted = np.column_stack([*counts, truth.count_comparisons()])
    return measure_ratios(counted, truth.groups, _RATIOS, chance.stage("blocking"))
