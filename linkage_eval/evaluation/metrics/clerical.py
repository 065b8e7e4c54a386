"""Precision as a study without truth would estimate it, from a clerical sample of its links.

Links are sorted by score and cut into `STRATA` of equal size; in each, the same number is drawn
and reviewed by somebody who errs now and then (`clerical_review.Reviewer`). With N_s links in
stratum s and y_s the share that the reviewer calls right:

    estimated precision = sum N_s / N y_s,
    standard error^2 = sum (N_s / N)^2 y_s (1 - y_s) / (n_s - 1).

A reviewer's errors bias the estimate: of right links they take some for wrong, and the reverse.

References
----------
Stratified samples of pairs as in Harron et al. (2017) and Binette et al. (2022).
"""

from __future__ import annotations

import numpy as np

from darkfigure.linkage_eval.contracts import Definition, Measurement
from darkfigure.linkage_eval.evaluation.clerical_review import Reviewer
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream

STRATA = 5
_DEVIATE = 1.959963984540054
_ID_BITS = 48
_DEFINITIONS = (
    Definition(
        "clerical_precision", "precision as a clerical sample of 200 links says", "sum N_s/N y_s"
    ),
    Definition("clerical_precision_error", "how far that is off", "estimate - precision"),
)


class ClericalSample:
    """Precision estimated from a reviewed sample of links, and the error of the estimate.

    Parameters
    ----------
    reviewer
        Sample size and error rate; without, the defaults of `Reviewer`.
    """

    definitions: tuple[Definition, ...] = _DEFINITIONS

    def __init__(self, reviewer: Reviewer | None = None) -> None:
        self._reviewer = reviewer or Reviewer()

    def measure(self, judged: ScoredLinks, chance: Stream) -> list[Measurement]:
        """Measure the estimate with its 95 % interval, and its error; None without links."""
        n = len(judged.scores)
        if not n:
            return [
                Measurement("all", "all", definition.name, None, None, None, 0)
                for definition in _DEFINITIONS
            ]
        estimate, half, n_seen = self._review(judged, chance.stage("clerical"))
        error = estimate - float(judged.correct.mean())
        names = [definition.name for definition in _DEFINITIONS]
        low, high = max(0.0, estimate - half), min(1.0, estimate + half)
        return [
            Measurement("all", "all", names[0], estimate, low, high, n_seen),
            Measurement("all", "all", names[1], error, error - half, error + half, n_seen),
        ]

    def _review(self, judged: ScoredLinks, chance: Stream) -> tuple[float, float, int]:
        keys = judged.truth.keys(judged.left, judged.right) % (1 << _ID_BITS)
        wrong = chance.happens("reviewer errs", keys, self._reviewer.error_rate)
        called_right = judged.correct != wrong
        order = np.lexsort((keys, judged.scores))
        drawn = chance.uniform("sampled", keys)
        estimate, variance, n_seen = 0.0, 0.0, 0
        for stratum in np.array_split(order, min(STRATA, len(order))):
            sample = _first(stratum, drawn, max(2, self._reviewer.labels // STRATA))
            weight, share = len(stratum) / len(order), float(called_right[sample].mean())
            estimate += weight * share
            # A stratum that is read in full has no sampling error.
            left_over = 1 - len(sample) / len(stratum)
            variance += weight**2 * left_over * share * (1 - share) / max(1, len(sample) - 1)
            n_seen += len(sample)
        return estimate, _DEVIATE * float(np.sqrt(variance)), n_seen


def _first(stratum: Ints, drawn: Floats, size: int) -> Ints:
    return stratum[np.argsort(drawn[stratum], kind="stable")[:size]]
