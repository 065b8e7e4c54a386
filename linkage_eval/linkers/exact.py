"""Exact matching, the plainest method: agreement on all fields that both sides surely hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from darkfigure.linkage_eval.linkers.agreement import Pass, link_by_passes
from darkfigure.linkage_eval.linkers.fields import (
    SECOND_LINE,
    TWO_TO_TELL,
    FieldNeeds,
    held,
    stand_ins,
)
from darkfigure.linkage_eval.linkers.weakening import is_rare

_FIELDS = ("surname", "forename", "date_of_birth", "sex")


@dataclass(frozen=True)
class Exact:
    """Link records that agree on surname, forename, date of birth and sex.

    Where one of these is not in both tables, they agree on the others; and, until chance alone
    would link few, on postcode, the place that steps in for it, middle name and telephone.
    """

    name: str = "exact"
    reads: ClassVar[tuple[str, ...]] = _FIELDS
    needs: ClassVar[FieldNeeds] = TWO_TO_TELL
    may_add: ClassVar[tuple[str, ...]] = SECOND_LINE

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; every link scores 1."""
        agreed = _choose(left, right)
        return link_by_passes(left, right, [(0, Pass("all agree", agreed))] if agreed else [], 1)


def _choose(left: pa.Table, right: pa.Table) -> tuple[str, ...]:
    there = held(left, right)
    chosen = tuple(field for field in _FIELDS if field in there)
    if len(chosen) == len(_FIELDS):
        return chosen
    for field in ("postcode", *stand_ins(left, right)):
        if field in there and not is_rare(chosen, left, right):
            chosen += (field,)
    return chosen
