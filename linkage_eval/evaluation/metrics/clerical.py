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

from darkfigure.linkage_eval.evaluation.clerical_review import Reviewer
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream

STRATA = 5
_DEVIATE = 1.959963984540054
_ID_BITS = 48
_NEEDS = ("judged", "chance")
_NAMES = ("clerical_precision", "clerical_precision_error")


@metric(
    name="clerical_precision",
    label="Precision by a clerical sample",
    meaning="precision as a clerical sample of 200 links says",
    formula="sum N_s/N y_s",
    direction="neither",
    unit="share",
    needs=_NEEDS,
    source="samples as in Harron et al. (2017) and Binette et al. (2022)",
)
@metric(
    name="clerical_precision_error",
    label="Error of the clerical sample",
    meaning="how far that is off",
    formula="estimate - precision",
    direction="neither",
    unit="share",
    needs=_NEEDS,
)
def measure_clerical_sample(judged: ScoredLinks, chance: Stream) -> list[Measurement]:
    """Measure precision from a reviewed sample of links, and the error of the estimate."""
    return sample_links(judged, chance, Reviewer())


def sample_links(judged: ScoredLinks, chance: Stream, reviewer: Reviewer) -> list[Measurement]:
    """Estimate precision with its 95 % interval, and measure the error; None without links.

    Parameters
    ----------
    judged
        Links set against the truth.
    chance
        Draws of the sample and of the reviewer's errors.
    reviewer
        Sample size and error rate.
    """
    if not len(judged.scores):
        return [Measurement.overall(name, None, 0) for name in _NAMES]
    estimate, half, n_seen = _review(judged, chance.stage("clerical"), reviewer)
    error = estimate - float(judged.correct.mean())
    low, high = max(0.0, estimate - half), min(1.0, estimate + half)
    return [
        Measurement.overall(_NAMES[0], estimate, n_seen, low, high),
        Measurement.overall(_NAMES[1], error, n_seen, error - half, error + half),
    ]


def _review(judged: ScoredLinks, chance: Stream, reviewer: Reviewer) -> tuple[float, float, int]:
    keys = judged.truth.keys(judged.left, judged.right) % (1 << _ID_BITS)
    wrong = chance.happens("reviewer errs", keys, reviewer.error_rate)
    called_right = judged.correct != wrong
    order = np.lexsort((keys, judged.scores))
    drawn = chance.uniform("sampled", keys)
    estimate, variance, n_seen = 0.0, 0.0, 0
    for stratum in np.array_split(order, min(STRATA, len(order))):
        sample = _first(stratum, drawn, max(2, reviewer.labels // STRATA))
        weight, share = len(stratum) / len(order), float(called_right[sample].mean())
        estimate += weight * share
        # A stratum that is read in full has no sampling error.
        left_over = 1 - len(sample) / len(stratum)
        variance += weight**2 * left_over * share * (1 - share) / max(1, len(sample) - 1)
        n_seen += len(sample)
    return estimate, _DEVIATE * float(np.sqrt(variance)), n_seen


def _first(stratum: Ints, drawn: Floats, size: int) -> Ints:
    return stratum[np.argsort(drawn[stratum], kind="stable")[:size]]
