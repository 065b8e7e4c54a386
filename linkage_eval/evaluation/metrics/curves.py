"""Precision and recall at every threshold, from the surest link to the last."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.rows import Measurement, Point, contents_of
from darkfigure.synth.core.arrays import Floats

MOST_POINTS = 200

CURVES = contents_of(Point)


def trace_curve(judged: ScoredLinks) -> pa.Table:
    """Give precision, recall and F1 at every distinct score (schema `CURVES`), highest first.

    Recall's denominator is all true pairs, so the curve ends where the links end.
    """
    order = np.argsort(-judged.scores, kind="stable")
    scores, right = judged.scores[order], np.cumsum(judged.correct[order])
    last = np.flatnonzero(np.diff(scores, append=-np.inf))
    n_links, n_right, n_true = last + 1, right[last], len(judged.truth.pairs_left)
    columns = {
        "threshold": scores[last],
        "precision": n_right / n_links,
        "recall": n_right / max(1, n_true),
        "f1": 2 * n_right / (n_links + n_true),
        "n_links": n_links,
    }
    return pa.table(columns).cast(CURVES)


def thin_curve(curve: pa.Table) -> pa.Table:
    """Keep at most `MOST_POINTS` points of a curve (schema `CURVES`), evenly spaced in links.

    The first and the last point are kept.
    """
    if curve.num_rows <= MOST_POINTS:
        return curve
    n_links = curve["n_links"].to_numpy()
    targets = np.linspace(n_links[0], n_links[-1], MOST_POINTS)
    return curve.take(pa.array(np.unique(np.searchsorted(n_links, targets))))


@metric(
    name="average_precision",
    label="Average precision",
    meaning="area under precision over recall, as far as the links go",
    formula="sum over thresholds of precision (recall - recall before)",
    direction="higher",
    unit="share",
    needs=("judged",),
    source="as scikit-learn's average_precision_score, for a list that holds all pairs",
)
@metric(
    name="best_f1",
    label="F1 at the best threshold",
    meaning="F1 at the threshold that the truth would choose; nobody has it",
    formula="max over thresholds of F1",
    direction="higher",
    unit="share",
    needs=("judged",),
)
def measure_thresholds(judged: ScoredLinks) -> list[Measurement]:
    """Measure the area under the curve and its best point.

    Both are None without true pairs, and the best point without links.
    """
    curve = trace_curve(judged)
    n_true = len(judged.truth.pairs_left)
    area = _area(curve["precision"].to_numpy(), curve["recall"].to_numpy()) if n_true else None
    best = float(curve["f1"].to_numpy().max()) if curve.num_rows and n_true else None
    return [
        Measurement.overall("average_precision", area, n_true),
        Measurement.overall("best_f1", best, n_true),
    ]


def _area(precision: Floats, recall: Floats) -> float:
    return float((precision * np.diff(recall, prepend=0.0)).sum())
