"""A stepwise trace by NHS number and demographics, as the health service links its own records.

The order follows published descriptions of tracing: a cross-check of number and date of birth, an
alphanumeric trace of the demographics, then sex, date of birth and postcode as in the hospital
episodes' identifier (HESID). Where both records hold an NHS number, later steps refuse pairs whose
numbers contradict. The algorithmic trace, which scores, is left out: its weights are not published.

References
----------
NHS England, "The Person_ID Handbook" (cross-check, alphanumeric and algorithmic trace); Hagger-
Johnson et al. (2015) on the three steps of HESID. The names that may differ at a step are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from darkfigure.linkage_eval.linkers.agreement import Pass, fields_of, link_by_passes
from darkfigure.linkage_eval.linkers.fields import SECOND_LINE, TWO_OR_NUMBERS, FieldNeeds
from darkfigure.linkage_eval.linkers.weakening import adapted

_NUMBER = ("nhs_number",)
_INITIAL = "left(forename, 1)"

PASSES = (
    Pass("cross-check", ("nhs_number", "date_of_birth")),
    Pass("number and names", ("nhs_number", "surname", "forename")),
    Pass(
        "alphanumeric",
        ("surname", "forename", "sex", "date_of_birth", "postcode"),
        unless=_NUMBER,
    ),
    Pass("without postcode", ("surname", "forename", "sex", "date_of_birth"), unless=_NUMBER),
    Pass("initial", ("surname", _INITIAL, "sex", "date_of_birth", "postcode"), unless=_NUMBER),
    Pass("sex, birth date, postcode", ("sex", "date_of_birth", "postcode"), unless=_NUMBER),
)


@dataclass(frozen=True)
class NhsStepwise:
    """Link by NHS number and demographics in the steps of a health-service trace."""

    name: str = "nhs-stepwise"
    reads: ClassVar[tuple[str, ...]] = fields_of(PASSES)
    needs: ClassVar[FieldNeeds] = TWO_OR_NUMBERS
    may_add: ClassVar[tuple[str, ...]] = SECOND_LINE

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; the score falls with the step, from 1 to 1/6."""
        return link_by_passes(left, right, adapted(PASSES, left, right), len(PASSES))
