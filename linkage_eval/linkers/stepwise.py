"""Deterministic linkage in passes from strict to loose, as health services trace records.

The passes are assumed: they follow the usual order of stepwise tracing (numbers, full agreement,
then one field at a time that may differ) and were not tuned on any truth. A linked record can be
linked again, since police hold the same person more than once. Tables that lack a field are linked
at the passes that do without it (`weakening.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from darkfigure.linkage_eval.linkers.agreement import Pass, fields_of, link_by_passes
from darkfigure.linkage_eval.linkers.fields import SECOND_LINE, TWO_OR_NUMBERS, FieldNeeds
from darkfigure.linkage_eval.linkers.weakening import adapted

_DAY, _MONTH, _YEAR = (f"{part}(date_of_birth)" for part in ("day", "month", "year"))
_INITIAL = "left(forename, 1)"

PASSES = (
    Pass("NHS number, birth date", ("nhs_number", "date_of_birth")),
    Pass("pupil number, birth date", ("upn", "date_of_birth")),
    Pass("all", ("surname", "forename", "date_of_birth", "sex", "postcode")),
    Pass("names, birth date", ("surname", "forename", "date_of_birth")),
    Pass("surname may differ", ("forename", "date_of_birth", "postcode")),
    Pass("short forename", ("surname", _INITIAL, "date_of_birth", "sex")),
    Pass("surname by sound", ("surname_sound", _INITIAL, "date_of_birth", "sex")),
    Pass(
        "names swapped",
        ("surname", "forename", "date_of_birth"),
        ("forename", "surname", "date_of_birth"),
    ),
    Pass(
        "day and month swapped",
        ("surname", "forename", _DAY, _MONTH, _YEAR),
        ("surname", "forename", _MONTH, _DAY, _YEAR),
    ),
    Pass("day may differ", ("surname", "forename", _MONTH, _YEAR, "postcode")),
    Pass("month may differ", ("surname", "forename", _DAY, _YEAR, "postcode")),
    Pass("year may differ", ("surname", "forename", _DAY, _MONTH, "postcode")),
    Pass("no birth date", ("surname", "forename", "sex", "postcode", "house")),
)


@dataclass(frozen=True)
class Stepwise:
    """Link records that agree at one of `PASSES`."""

    name: str = "stepwise"
    reads: ClassVar[tuple[str, ...]] = fields_of(PASSES)
    needs: ClassVar[FieldNeeds] = TWO_OR_NUMBERS
    may_add: ClassVar[tuple[str, ...]] = SECOND_LINE

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; the score falls with the pass, from 1 to 1/13."""
        return link_by_passes(left, right, adapted(PASSES, left, right), len(PASSES))
