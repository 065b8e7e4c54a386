"""The metrics of links: how right they are, what they hide, and why pairs were missed."""

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

# The labels that supervised linkers learnt from; rows of measurements like any other.
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
    definitions = (definition for family in _FAMILIES for definition in family.definitions)
    return {
        definition.name: definition for definition in (*definitions, *blocks.DEFINITIONS, *LABELS)
    }
