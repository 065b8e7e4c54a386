"""A gate for changes to linkers: tests whether a candidate is worse than a baseline."""

from darkfigure.linkage_eval.gate.checks import Check
from darkfigure.linkage_eval.gate.comparing import Gate, compare_runs
from darkfigure.linkage_eval.gate.flips import Flip, Tally
from darkfigure.linkage_eval.gate.sides import GateSide, read_side, side_of, write_baseline
from darkfigure.linkage_eval.gate.tolerances import Tolerances, load_tolerances
from darkfigure.linkage_eval.gate.writing import to_junit, to_markdown

__all__ = [
    "Check",
    "Flip",
    "Gate",
    "GateSide",
    "Tally",
    "Tolerances",
    "compare_runs",
    "load_tolerances",
    "read_side",
    "side_of",
    "to_junit",
    "to_markdown",
    "write_baseline",
]
