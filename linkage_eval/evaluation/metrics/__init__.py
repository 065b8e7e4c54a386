"""What is measured of links: how right they are, what they hide, and why links were missed."""

from __future__ import annotations

from darkfigure.linkage_eval.contracts import Definition
from darkfigure.linkage_eval.evaluation.metrics import blocks
from darkfigure.linkage_eval.evaluation.metrics.accuracy import Accuracy
from darkfigure.linkage_eval.evaluation.metrics.calibration import Calibration
from darkfigure.linkage_eval.evaluation.metrics.clerical import ClericalSample
from darkfigure.linkage_eval.evaluation.metrics.clusters import Clusters
from darkfigure.linkage_eval.evaluation.metrics.coverage_of_shared_pairs import Reached
from darkfigure.linkage_eval.evaluation.metrics.curves import Thresholds
from darkfigure.linkage_eval.evaluation.metrics.dark_figure import DarkFigure
from darkfigure.linkage_eval.evaluation.metrics.estimates import LinkageBias
from darkfigure.linkage_eval.evaluation.metrics.linked_estimates import SharedSizes

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
    LinkageBias,
    Reached,
    SharedSizes,
)


def known_metrics() -> dict[str, Definition]:
    """Give the definition of every measured quantity by name."""
    families = (one for family in _FAMILIES for one in family.definitions)
    return {one.name: one for one in (*families, *blocks.DEFINITIONS, *LABELS)}
