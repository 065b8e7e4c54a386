"""What is measured of links: how right they are, what they hide, and why links were missed."""

from __future__ import annotations

from linkage_eval.contracts import Definition
from linkage_eval.metrics.accuracy import Accuracy
from linkage_eval.metrics.dark_figure import DarkFigure


def known_metrics() -> dict[str, Definition]:
    """Give the definition of every measured quantity by name."""
    return {one.name: one for one in (*Accuracy.definitions, *DarkFigure.definitions)}
