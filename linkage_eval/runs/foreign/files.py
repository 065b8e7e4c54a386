"""Data sets of the user's own: files of records, and a file of true pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.links.clustering import components
from darkfigure.linkage_eval.records.file_tables import read_table, text_of
from darkfigure.linkage_eval.runs.foreign.intake import Intake, take_in
from darkfigure.linkage_eval.runs.foreign.records import ForeignSet, key_anew, to_records
from darkfigure.linkage_eval.runs.suite import Files
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.schema import FIELDS

_KEY = "record_id"
_ENDS = ("left_id", "right_id")
_N_EXAMPLES = 3


@dataclass(frozen=True)
class _Side:
    """The records of a file, in its order, with their ids in it."""

    file: str
    ids: pa.Array
    records: pa.Table
    intake: Intake


def read_files(files: Files) -> ForeignSet:
    """Read records and truth.

    Raises
    ------
    DatasetError
        A file is missing or unreadable, lacks a column, has a column without one readable value,
        has a blank or repeated id, or names unknown records.
    """
    within = not files.right
    sides = [_read_side(name) for name in ([files.left] if within else [files.left, files.right])]
    persons = _read_persons(files.truth, sides)
    keyed = [
        key_anew(side.records, whose, prefix)
        for side, whose, prefix in zip(sides, persons, ("a", "b"), strict=False)
    ]
    left, right = keyed[0], keyed[-1]
    return ForeignSet(
        left.records,
        right.records,
        left.persons,
        right.persons,
        within,
        (Path(files.truth).resolve(),),
        tuple(side.intake for side in sides),
    )


def _read_side(file: str) -> _Side:
    try:
        table = read_table(Path(file))
        _check_columns(table, (_KEY,))
        fields = _find_fields(table)
        texts = pa.table({name: text_of(table, name) for name in fields})
        records = to_records(texts, {name: name for name in fields}, "files")
        unread = [name for name in table.column_names if name not in {_KEY, *fields}]
        return _Side(file, _read_keys(table), records, take_in(file, texts, records, unread))
    except ValueError as error:
        raise DatasetError(f"{file} {error}.") from None


def _read_keys(table: pa.Table) -> pa.Array:
    ids = _read_ids(table, _KEY)
    counts = pc.value_counts(ids)
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if len(twice):
        raise ValueError(
            f"gives a record_id more than once: {_some(twice)}; give each record an id of its own"
        )
    return ids


def _read_persons(file: str, sides: Sequence[_Side]) -> list[Ints]:
    """Give the person of each record of each side."""
    try:
        truth = read_table(Path(file))
        _check_columns(truth, _ENDS)
        left, right = (
            _find(_read_ids(truth, name), side)
            for name, side in zip(_ENDS, (sides[0], sides[-1]), strict=True)
        )
    except ValueError as error:
        raise DatasetError(f"{file} {error}.") from None
    sizes = [len(side.ids) for side in sides]
    offset = sizes[0] if len(sides) > 1 else 0
    # True pairs are closed into people: with (a, b) and (b, c), (a, c) is a true pair too.
    persons = components(sum(sizes), Pairs(left, right + offset))
    return np.split(persons, np.cumsum(sizes)[:-1])


def _read_ids(table: pa.Table, column: str) -> pa.Array:
    ids = text_of(table, column).combine_chunks()
    blank = pc.equal(ids.fill_null(""), "")
    if blank.true_count:
        rows = ", ".join(f"{row + 1:,}" for row in np.flatnonzero(blank)[:_N_EXAMPLES])
        raise ValueError(f"has a blank {column} in {blank.true_count:,} of its rows: {rows}")
    return ids


def _find(ids: pa.Array, side: _Side) -> Ints:
    rows = pc.index_in(ids, value_set=side.ids)
    unknown = pc.unique(ids.filter(pc.is_null(rows)))
    if len(unknown):
        records = "a record" if len(unknown) == 1 else f"{len(unknown):,} records"
        raise ValueError(f"names {records} that {side.file} lacks, such as {_some(unknown)}")
    return np.asarray(rows.to_numpy(), np.int64)


def _check_columns(table: pa.Table, needed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in table.column_names]
    if missing:
        raise ValueError(f"has no column {', '.join(missing)}; it has {_names(table)}")


def _find_fields(table: pa.Table) -> list[str]:
    fields = [name for name in FIELDS if name in table.column_names]
    if not fields:
        raise ValueError(
            f"has no column that linkers know; it has {_names(table)}. "
            f"Call its columns by the names of the linkage fields: {', '.join(FIELDS)}"
        )
    return fields


def _names(table: pa.Table) -> str:
    return ", ".join(table.column_names) or "none"


def _some(values: pa.Array) -> str:
    return ", ".join(repr(value) for value in values[:_N_EXAMPLES].to_pylist())
