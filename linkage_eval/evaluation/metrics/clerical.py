"""Precision as a study without truth would estimate it, from a clerical sample of its links.

Links are sorted by score and cut into `STRATA` of equal size; in each, the same number is drawn
and reviewed by somebody who errs now and then (`clerical_review.Reviewer`). With N_s links in
stratum s and y_s the share that the reviewer calls right:

    estimated precision = sum N_s / N y_s,
    standard error^2 = sum (N_s / N)^2 y_s (1 - y_s) / (n_s - 1).

A reviewer's errors bias y: of right links some are taken for wrong, and the reverse. Gold cases
tell how often, and the share is corrected for it (`stats.reviewed`); what they leave open is part
of the interval.

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
from darkfigure.linkage_eval.stats.reviewed import Rate, ReviewedShare, correct_share
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream

STRATA = 5
_ID_BITS = 48
_ALL = 1e12  # pairs that stand for a sample of everything, which has no sampling error
_NEEDS = ("judged", "chance")
_NAMES = ("clerical_precision", "clerical_precision_error")


@metric(
    name="clerical_precision",
    label="Precision by a clerical sample",
    meaning="precision as a clerical sample of 200 links says, corrected for the reviewer's errors",
    formula="(y + c - 1) / (s + c - 1), y = sum N_s/N y_s; s, c from 100 gold cases each",
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
    found, n_seen = _review(judged, chance.stage("clerical"), reviewer)
    precision = float(judged.correct.mean())
    errors = [end - precision for end in (found.value, found.low, found.high)]
    return [
        Measurement.overall(_NAMES[0], found.value, n_seen, found.low, found.high),
        Measurement.overall(_NAMES[1], errors[0], n_seen, errors[1], errors[2]),
    ]


def _review(judged: ScoredLinks, chance: Stream, reviewer: Reviewer) -> tuple[ReviewedShare, int]:
    keys = judged.truth.keys(judged.left, judged.right) % (1 << _ID_BITS)
    wrong = chance.happens("reviewer errs", keys, reviewer.error_rate)
    called_right = judged.correct != wrong
    order = np.lexsort((keys, judged.scores))
    drawn = chance.uniform("sampled", keys)
    apparent, variance, n_seen = 0.0, 0.0, 0
    for stratum in np.array_split(order, min(STRATA, len(order))):
        sample = _first(stratum, drawn, max(2, reviewer.labels // STRATA))
        weight, share = len(stratum) / len(order), float(called_right[sample].mean())
        apparent += weight * share
        # A stratum that is read in full has no sampling error.
        left_over = 1 - len(sample) / len(stratum)
        variance += weight**2 * left_over * share * (1 - share) / max(1, len(sample) - 1)
        n_seen += len(sample)
    # As many pairs of a simple sample as would have this variance; where it is 0, those seen.
    n_units = apparent * (1 - apparent) / variance if variance > 0 else float(n_seen)
    if n_seen == len(order):
        n_units = _ALL
    return correct_share(apparent, n_units, *_gold(chance, reviewer)), n_seen


def _gold(chance: Stream, reviewer: Reviewer) -> tuple[Rate, Rate]:
    """Learn the reviewer's sensitivity and specificity from gold cases."""

    def rate(kind: str) -> Rate:
        errs = chance.happens(kind, np.arange(reviewer.gold), reviewer.error_rate)
        return Rate(float((~errs).mean()), reviewer.gold)

    return rate("right gold"), rate("wrong gold")


def _first(stratum: Ints, drawn: Floats, size: int) -> Ints:
    return stratum[np.argsort(drawn[stratum], kind="stable")[:size]]
