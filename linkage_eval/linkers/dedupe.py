"""dedupe: blocking and classifier both learnt from labelled pairs.

dedupe learns its blocking from every pair of a sample of several thousand records, and at its
defaults took more than 20 GB on FEBRL4. Here it is shown `sample` records of each side, and the
labelled ones, when it learns; it links all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.linkers.engines import Engines, check_labels, engine
from darkfigure.linkage_eval.linkers.fields import (
    SECOND_LINE,
    TWO_OR_NUMBERS,
    FieldNeeds,
    further_columns,
    held,
    stand_ins,
)
from darkfigure.synth.core.chance import Stream

_FIELDS = ("surname", "forename", "sex", "date_of_birth", "postcode", "nhs_number")
_EXACT = ("sex", "nhs_number")

Records = dict[str, dict[str, str | None]]


@dataclass
class Dedupe:
    """Link with dedupe, which learns blocking and weights from labelled pairs.

    Parameters
    ----------
    threshold
        Links below this match probability are not returned.
    sample
        Records of each side that it sees when it learns; assumed, for memory.
    """

    threshold: float = 0.5
    sample: int = 400
    name: str = "dedupe"
    gives_probability: bool = True
    engines: ClassVar[Engines] = (("dedupe", "linkers"),)
    reads: ClassVar[tuple[str, ...]] = _FIELDS
    needs: ClassVar[FieldNeeds] = TWO_OR_NUMBERS
    may_add: ClassVar[tuple[str, ...]] = SECOND_LINE
    further: ClassVar[bool] = True
    _engine: Any = field(default=None, repr=False)

    def fit(self, left: pa.Table, right: pa.Table, labelled: pa.Table) -> None:
        """Learn blocking and weights from labelled pairs."""
        check_labels(labelled)
        dedupe = engine("dedupe")
        engine("random").seed(0)  # dedupe draws from it
        shared = _shared(left, right)
        records = [
            _to_records(self._choose(side, labelled[column]), shared)
            for side, column in ((left, "left_id"), (right, "right_id"))
        ]
        self._engine = dedupe.RecordLink(_variables(dedupe, left, right, shared), num_cores=1)
        self._engine.prepare_training(*records, sample_size=self.sample * 2)
        self._engine.mark_pairs(_training(labelled, *records))
        self._engine.train()

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; the score is the match probability."""
        shared = _shared(left, right)
        records = [_to_records(side, shared) for side in (left, right)]
        scored_pairs = self._engine.join(
            *records, threshold=self.threshold, constraint="many-to-many"
        )
        pairs = [(*ids, float(score)) for ids, score in scored_pairs]
        columns = zip(*pairs, strict=True) if pairs else ((), (), ())
        return pa.table([list(column) for column in columns], LINKS.names).cast(LINKS)

    def _choose(self, records: pa.Table, labelled: pa.ChunkedArray) -> pa.Table:
        """Take the labelled records, and a sample of the others."""
        drawn = Stream(1, ("dedupe",)).uniform("sample", np.arange(records.num_rows))
        sampled = np.argsort(np.argsort(drawn)) < self.sample
        is_labelled = pc.is_in(records["record_id"], labelled.combine_chunks())
        return records.filter(pc.or_(is_labelled, pa.array(sampled)))


def _shared(left: pa.Table, right: pa.Table) -> list[str]:
    there = held(left, right)
    usual = (name for name in _FIELDS if name in there)
    return [*usual, *stand_ins(left, right), *further_columns(left, right)]


def _to_records(records: pa.Table, shared: list[str]) -> Records:
    columns = [records[name].cast(pa.string()).to_pylist() for name in shared]
    rows = zip(*columns, strict=True)
    return {
        key: dict(zip(shared, row, strict=True))
        for key, row in zip(records["record_id"].to_pylist(), rows, strict=True)
    }


def _variables(dedupe: Any, left: pa.Table, right: pa.Table, shared: list[str]) -> list[Any]:  # noqa: ANN401
    kinds = dedupe.variables
    return [
        (kinds.Exact if name in _EXACT else kinds.String)(
            name, has_missing=bool(left[name].null_count or right[name].null_count)
        )
        for name in shared
    ]


def _training(labelled: pa.Table, lefts: Records, rights: Records) -> dict[str, list[Any]]:
    marked: dict[str, list[Any]] = {"match": [], "distinct": []}
    for row in labelled.to_pylist():
        pair = (lefts[row["left_id"]], rights[row["right_id"]])
        marked["match" if row["same"] else "distinct"].append(pair)
    return marked
