"""Calibration of match probabilities, among the links that a linker returned.

With p_i the probability given to link i of n and y_i = 1 where it is right:

- Brier score = 1/n sum (p_i - y_i)^2;
- expected calibration error = sum over bins b of n_b / n |mean of p in b - mean of y in b|, over
  `BINS` equal bins of [0, 1];
- model precision = mean of p, the precision that the model itself expects, without any review;
  its error is that minus the true precision.

Only linkers that say that their scores are match probabilities are measured.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.rows import Bin, Measurement, contents_of
from darkfigure.synth.core.arrays import Floats

BINS = 10

CALIBRATION = contents_of(Bin)
_NEEDS = ("judged", "probabilities")
_NAMES = ("brier", "calibration_error", "model_precision", "model_precision_error")


def reliability(judged: ScoredLinks) -> pa.Table:
    """Give mean probability and share of right links in each bin (schema `CALIBRATION`)."""
    place = np.clip((judged.scores * BINS).astype(int), 0, BINS - 1)
    n = np.bincount(place, minlength=BINS)
    divisor = np.maximum(n, 1)
    probability = np.bincount(place, judged.scores, minlength=BINS) / divisor
    share_right = np.bincount(place, judged.correct, minlength=BINS) / divisor
    columns = {
        "low": np.arange(BINS) / BINS,
        "high": np.arange(1, BINS + 1) / BINS,
        "mean_probability": pa.array(probability, mask=n == 0),
        "share_right": pa.array(share_right, mask=n == 0),
        "n": n,
    }
    return pa.table(columns).cast(CALIBRATION)


@metric(
    name="brier",
    label="Brier score",
    meaning="mean squared error of the match probability",
    formula="mean (p - y)^2",
    direction="lower",
    unit="squared probability",
    needs=_NEEDS,
    source="Brier (1950)",
)
@metric(
    name="calibration_error",
    label="Calibration error",
    meaning="how far match probabilities are from the share that is right (ECE)",
    formula=f"sum n_b/n |mean p - mean y| over {BINS} bins",
    direction="lower",
    unit="share",
    needs=_NEEDS,
)
@metric(
    name="model_precision",
    label="Precision by the model",
    meaning="precision as the model expects it, without truth",
    formula="mean p",
    direction="neither",
    unit="share",
    needs=_NEEDS,
)
@metric(
    name="model_precision_error",
    label="Error of the model\u2019s precision",
    meaning="how far that is off",
    formula="mean p - precision",
    direction="neither",
    unit="share",
    needs=_NEEDS,
)
def measure_calibration(judged: ScoredLinks, probabilities: Floats) -> list[Measurement]:
    """Measure links that carry match probabilities; None where there are none.

    Parameters
    ----------
    judged
        Links set against the truth.
    probabilities
        Match probability of each link, shape (links,).
    """
    n = len(probabilities)
    values: dict[str, float | None] = dict.fromkeys(_NAMES)
    if n:
        table = reliability(judged)
        probability = table["mean_probability"].fill_null(0).to_numpy()
        gap = np.abs(probability - table["share_right"].fill_null(0).to_numpy())
        expected = float(probabilities.mean())
        values = {
            "brier": float(np.mean((probabilities - judged.correct) ** 2)),
            "calibration_error": float((gap * table["n"].to_numpy()).sum() / n),
            "model_precision": expected,
            "model_precision_error": expected - float(judged.correct.mean()),
        }
    return [Measurement.overall(name, value, n) for name, value in values.items()]
