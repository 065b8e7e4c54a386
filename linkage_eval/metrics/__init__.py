"""What is measured of links: how right they are, what they hide, and why links were missed."""

from __future__ import annotations

from linkage_eval.contracts import Definition
from linkage_eval.metrics import blocks
from linkage_eval.metrics.accuracy import Accuracy
from linkage_eval.metrics.calibration import Calibration
from linkage_eval.metrics.clerical import ClericalSample
from linkage_eval.metrics.clusters import Clusters
from linkage_eval.metrics.curves import Thresholds
from linkage_eval.metrics.dark_figure import DarkFigure
from linkage_eval.metrics.estimates import Estimates
from linkage_eval.metrics.reached import Reached
from linkage_eval.metrics.sizes import SharedSizes

# What supervised linkers were told; rows of measurements like any other.
LABELS = (
    Definition("labels", "labelled pairs that the linker learnt from", "count"),
    Definition("labels_wrong", "labelled pairs that the reviewer got wrong", "count"),
)
_FAMILIES = (
    Accuracy,
    DarkFigure,
    Thresholds,
    Clusters,
    Calibration,
    ClericalSample,
    Estimates,
    Reached,
    SharedSizes,
)


def known_metrics() -> dict[str, Definition]:
    """Give the definition of every measured quantity by name."""
    families = (one for family in _FAMILIES for one in family.definitions)
    return {one.name: one for one in (*families, *blocks.DEFINITIONS, *LABELS)}
