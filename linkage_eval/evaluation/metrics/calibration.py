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

from darkfigure.linkage_eval.contracts import Definition, Measurement
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.synth.core.chance import Stream

BINS = 10

CALIBRATION = pa.schema(
    [
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
        pa.field("mean_probability", pa.float64()),
        pa.field("share_right", pa.float64()),
        pa.field("n", pa.int64()),
    ]
)
_DEFINITIONS = (
    Definition("brier", "mean squared error of the match probability", "mean (p - y)^2"),
    Definition(
        "calibration_error",
        "how far match probabilities are from the share that is right (ECE)",
        f"sum n_b/n |mean p - mean y| over {BINS} bins",
    ),
    Definition("model_precision", "precision as the model expects it, without truth", "mean p"),
    Definition("model_precision_error", "how far that is off", "mean p - precision"),
)


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


class Calibration:
    """Brier score, expected calibration error, and precision as the model expects it."""

    definitions: tuple[Definition, ...] = _DEFINITIONS

    def measure(self, judged: ScoredLinks, chance: Stream) -> list[Measurement]:  # noqa: ARG002
        """Measure links that carry match probabilities; None where there are none."""
        n = len(judged.scores)
        values: tuple[float | None, ...] = (None,) * len(_DEFINITIONS)
        if n:
            table = reliability(judged)
            probability = table["mean_probability"].fill_null(0).to_numpy()
            gap = np.abs(probability - table["share_right"].fill_null(0).to_numpy())
            brier = float(np.mean((judged.scores - judged.correct) ** 2))
            expected = float(judged.scores.mean())
            error = float((gap * table["n"].to_numpy()).sum() / n)
            values = (brier, error, expected, expected - float(judged.correct.mean()))
        return [
            Measurement("all", "all", definition.name, value, None, None, n)
            for definition, value in zip(_DEFINITIONS, values, strict=True)
        ]
