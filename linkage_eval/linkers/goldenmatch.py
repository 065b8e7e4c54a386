"""goldenmatch: Fellegi and Sunter's model with blocking and threshold that it chooses itself.

Its own automatic configuration profiles the records of both tables together and writes a
probabilistic setting; the model is trained without labels. Nothing of it is tuned here. All pairs
that it scores at its own threshold are links; it looks for pairs within a table as well, which are
dropped.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.linkers.engines import Engines, engine
from darkfigure.linkage_eval.linkers.fields import (
    SECOND_LINE,
    TWO_OR_NUMBERS,
    FieldNeeds,
    further_columns,
    held,
    stand_ins,
)

_FIELDS = ("surname", "forename", "sex", "date_of_birth", "postcode", "nhs_number")
# It would remember its settings of one data set for the next; a linker keeps nothing.
_MEMORY = "GOLDENMATCH_AUTOCONFIG_MEMORY"


@dataclass(frozen=True)
class GoldenMatch:
    """Link with goldenmatch, which chooses fields, blocking and threshold itself."""

    name: str = "goldenmatch"
    engines: ClassVar[Engines] = (("goldenmatch", "goldenmatch"),)
    reads: ClassVar[tuple[str, ...]] = _FIELDS
    needs: ClassVar[FieldNeeds] = TWO_OR_NUMBERS
    may_add: ClassVar[tuple[str, ...]] = SECOND_LINE
    further: ClassVar[bool] = True

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; the score is the engine's, from 0 to 1."""
        os.environ[_MEMORY] = "0"
        goldenmatch = engine("goldenmatch", "goldenmatch")
        shared = _shared(left, right)
        within = left is right or left["record_id"].equals(right["record_id"])
        sides = [left] if within else [left, right]
        both = pa.concat_tables([_texts(side, shared) for side in sides])
        config = goldenmatch.auto_configure_probabilistic_df(both)
        found = goldenmatch.dedupe_df(both, config=config)
        n_left, start = left.num_rows, 0 if within else left.num_rows
        pairs = [(*sorted((one, other)), score) for one, other, score in found.scored_pairs]
        kept = [pair for pair in pairs if within or pair[0] < n_left <= pair[1]]
        columns = (
            left["record_id"].take(pa.array([one for one, _, _ in kept], pa.int64())),
            right["record_id"].take(pa.array([other - start for _, other, _ in kept], pa.int64())),
            pa.array([score for _, _, score in kept], pa.float64()),
        )
        return pa.table(list(columns), LINKS.names).cast(LINKS)


def _shared(left: pa.Table, right: pa.Table) -> list[str]:
    there = held(left, right)
    usual = (name for name in _FIELDS if name in there)
    return [*usual, *stand_ins(left, right), *further_columns(left, right)]


def _texts(records: pa.Table, shared: list[str]) -> pa.Table:
    return pa.table({name: records[name].cast(pa.string()) for name in shared})
