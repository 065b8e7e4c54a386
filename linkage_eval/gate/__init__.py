"""A gate for changes to linkers: say whether a candidate is worse than a baseline, for certain."""

from linkage_eval.gate.checks import Check
from linkage_eval.gate.comparing import Gate, compare_runs
from linkage_eval.gate.flips import Flip, Tally
from linkage_eval.gate.sides import Side, read_side, side_of, write_baseline
from linkage_eval.gate.tolerances import Tolerances, load_tolerances
from linkage_eval.gate.writing import to_junit, to_markdown

__all__ = [
    "Check",
    "Flip",
    "Gate",
    "Side",
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
