"""Data sets of the user's own: files of records, and a file of true pairs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.links.clustering import components
from darkfigure.linkage_eval.links.clusters import cluster_column, is_clusters, pairs_of_clusters
from darkfigure.linkage_eval.records.file_tables import read_file, read_table, text_of
from darkfigure.linkage_eval.runs.foreign.columns import find_columns
from darkfigure.linkage_eval.runs.foreign.further import read_further
from darkfigure.linkage_eval.runs.foreign.intake import Intake, take_in
from darkfigure.linkage_eval.runs.foreign.records import ForeignSet, keep_ids, to_records
from darkfigure.linkage_eval.runs.own_files import KEY, Files, RecordsFile
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.core.printable import listed

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
    """Read records and truth; the records keep the user's ids.

    Raises
    ------
    DatasetError
        A file is missing or unreadable, lacks a column, has a column without one readable value,
        dates that can be read two ways, a blank or repeated id, or names unknown records.
    """
    sides = [_read_side(said, files.truth) for said in (files.left, files.right) if said]
    persons = _read_persons(files.truth, sides) if files.truth else _strangers(sides)
    kept = [
        keep_ids(side.records, side.ids, whose) for side, whose in zip(sides, persons, strict=True)
    ]
    left, right = kept[0], kept[-1]
    return ForeignSet(
        left.records,
        right.records,
        left.persons,
        right.persons,
        len(sides) == 1,
        (Path(os.path.realpath(files.truth)),) if files.truth else (),
        tuple(side.intake for side in sides),
    )


def _strangers(sides: Sequence[_Side]) -> list[Ints]:
    """Give each record a person of its own: nobody said who is who."""
    sizes = [len(side.ids) for side in sides]
    return np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])


def _read_side(said: RecordsFile, truth: str) -> _Side:
    try:
        found = read_file(Path(said.file), said.encoding)
        if truth and os.path.realpath(truth) == os.path.realpath(said.file):
            found = replace(found, table=_without_clusters(found.table))
        columns = find_columns(found.table.column_names, said.columns)
        fields = [field for field in columns if field != KEY]
        texts = pa.table({field: text_of(found.table, columns[field]) for field in fields})
        further = read_further(found.table, set(columns.values()))
        records = to_records(texts, {name: name for name in fields}, "files", dates=said.dates)
        intake = take_in(said, columns, texts, records)
        intake = replace(
            intake,
            manner=found.manner,
            passed_on=tuple(further.table.column_names),
            left_out=further.left_out,
        )
        ids = _read_keys(found.table, columns[KEY])
        return _Side(said.file, ids, further.add_to(records, texts), intake)
    except ValueError as error:
        raise DatasetError(f"{said.file} {error}.") from None


def _without_clusters(table: pa.Table) -> pa.Table:
    """Take the truth out of a file of records that holds it."""
    name = cluster_column(table)
    return table.drop_columns([name]) if name else table


def _read_keys(table: pa.Table, column: str) -> pa.Array:
    ids = _read_ids(table, column)
    counts = pc.value_counts(ids)
    twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    if len(twice):
        raise ValueError(
            f"gives a {column} more than once: {_some(twice)}; give each record an id of its own"
        )
    return ids


def _read_persons(file: str, sides: Sequence[_Side]) -> list[Ints]:
    """Give the person of each record of each side."""
    try:
        truth = read_table(Path(file))
        if len(sides) == 1 and is_clusters(truth):
            truth = pairs_of_clusters(truth)
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
        raise ValueError(f"has no column {', '.join(missing)}; it has {listed(table.column_names)}")


def _some(values: pa.Array) -> str:
    return ", ".join(repr(value) for value in values[:_N_EXAMPLES].to_pylist())
