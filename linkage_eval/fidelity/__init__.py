"""Fidelity of a dataset: its figures beside those published of Wales, and its assumptions."""

from __future__ import annotations

from darkfigure.linkage_eval.fidelity.assumptions import assumptions, assumptions_of
from darkfigure.linkage_eval.fidelity.comparison import compare
from darkfigure.linkage_eval.fidelity.laws import any_broken, keep_laws, laws_in_short
from darkfigure.linkage_eval.fidelity.likeness import compare_table, read_theirs
from darkfigure.linkage_eval.fidelity.linkage import linkage_accuracy
from darkfigure.linkage_eval.fidelity.sdv import quality, sdv_metadata, write_sdv_metadata
from darkfigure.linkage_eval.fidelity.summary import any_outside, by_grade, in_short, quantity

__all__ = [
    "any_broken",
    "any_outside",
    "assumptions",
    "assumptions_of",
    "by_grade",
    "compare",
    "compare_table",
    "in_short",
    "keep_laws",
    "laws_in_short",
    "linkage_accuracy",
    "quality",
    "quantity",
    "read_theirs",
    "sdv_metadata",
    "write_sdv_metadata",
]
