"""The labels that a supervised linker learnt from: measurements like any other."""

from __future__ import annotations

from collections.abc import Mapping

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.rows import Measurement

N_LABELS, N_WRONG = "labels", "labels_wrong"


@metric(
    name=N_LABELS,
    label="Labels",
    meaning="labelled pairs that the linker learnt from",
    formula="count",
    direction="neither",
    unit="pairs",
    needs=("labels",),
)
@metric(
    name=N_WRONG,
    label="Wrong labels",
    meaning="labelled pairs that the reviewer got wrong",
    formula="count",
    direction="neither",
    unit="pairs",
    needs=("labels",),
)
def measure_labels(labels: Mapping[str, int]) -> list[Measurement]:
    """Give the numbers of labels, by metric."""
    return [Measurement.overall(name, float(n), n) for name, n in labels.items()]
