"""A foreign data set in our columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.records import cleaning
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.runs.foreign.dates import clean_date, find_order
from darkfigure.linkage_eval.runs.foreign.intake import Intake
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.fields import FIELDS


@dataclass(frozen=True)
class ForeignSet:
    """Records of one or two tables, and the person of each.

    Parameters
    ----------
    left, right
        Schema `RECORDS`, sorted by id; the same if `within`.
    left_persons, right_persons
        Person of each record, shape (records,).
    within
        Whether the records of one table are linked to each other.
    closed
        Paths of the truth on disk, to be shut to linkers.
    intake
        Fields read and values lost of each file of a user's own.
    """

    left: pa.Table
    right: pa.Table
    left_persons: Ints
    right_persons: Ints
    within: bool = False
    closed: tuple[Path, ...] = ()
    intake: tuple[Intake, ...] = ()


@dataclass(frozen=True)
class Keyed:
    """Records sorted by their ids, old or new.

    Parameters
    ----------
    records
        Schema `RECORDS`, perhaps with further columns, sorted by id.
    persons
        Person of each record, shape (records,).
    order
        Former row of each record, shape (records,).
    """

    records: pa.Table
    persons: Ints
    order: Ints


def to_records(
    table: pa.Table,
    columns: Mapping[str, str],
    source: str,
    *,
    as_words: Collection[str] = (),
    dates: str = "",
) -> pa.Table:
    """Bring a table into the columns of `RECORDS`, cleaned as those of our own systems.

    Parameters
    ----------
    table
        Columns of text.
    columns
        The table's column for each linkage field that it holds.
    source
        Value of the column `source`.
    as_words
        Fields with values of another country, such as a number without our check digit; they are
        cleaned as words.
    dates
        The user's word on the order of day and month; without, the dates tell.

    Returns
    -------
    Schema `RECORDS`, in the order of `table`; record ids are "".
    """
    texts = pa.table({field: table[column].cast(pa.string()) for field, column in columns.items()})
    expressions = ["'' AS record_id", f"'{source}' AS source"]
    expressions += [f"{_expression(texts, field, as_words, dates)} AS {field}" for field in FIELDS]
    return query(f"SELECT {', '.join(expressions)} FROM texts", texts=texts).cast(RECORDS)  # noqa: S608


def _expression(texts: pa.Table, field: str, as_words: Collection[str], dates: str) -> str:
    is_date = field == "date_of_birth"
    if field not in texts.column_names:
        return "NULL::DATE" if is_date else "NULL::VARCHAR"
    if is_date:
        return clean_date(field, find_order(texts, field, dates))
    return cleaning.words(field) if field in as_words else cleaning.clean(field, field)


def key_anew(records: pa.Table, persons: Ints, prefix: str) -> Keyed:
    """Give records new ids that tell nothing, and sort by them.

    Parameters
    ----------
    records
        Schema `RECORDS`.
    persons
        Person of each record, shape (records,).
    prefix
        Beginning of the new ids; it also keys the draw of their order.
    """
    n = records.num_rows
    place = Stream(1, ("foreign",)).permute(prefix, np.arange(n), n) if n else np.zeros(0, int)
    order = np.argsort(place)
    ids = pa.array([f"{prefix}{number:07}" for number in range(n)], pa.string())
    moved = records.take(pa.array(order)).set_column(0, "record_id", ids)
    return Keyed(moved.cast(RECORDS).combine_chunks(), persons[order], order)


def keep_ids(records: pa.Table, ids: pa.Array, persons: Ints) -> Keyed:
    """Put the user's own ids on records, and sort by them.

    Linkers never get these ids (`isolation/disguise.py`), so they may tell what they like.

    Parameters
    ----------
    records
        Schema `RECORDS`, perhaps with further columns.
    ids
        Id of each record, shape (records,).
    persons
        Person of each record, shape (records,).
    """
    order = pc.sort_indices(ids)
    moved = records.set_column(0, RECORDS.field("record_id"), ids).take(order)
    rows = order.to_numpy().astype(np.int64)
    return Keyed(moved.combine_chunks(), persons[rows], rows)


def number_persons(*names: pa.ChunkedArray | pa.Array) -> list[Ints]:
    """Give people numbers by name, the same name the same number in every column.

    Parameters
    ----------
    names
        The maker's name of the person of each record, a column per table.
    """
    all_names = pa.chunked_array([chunk for column in names for chunk in _chunks(column)])
    values = pc.unique(all_names)
    return [pc.index_in(column, value_set=values).to_numpy().astype(np.int64) for column in names]


def _chunks(array: pa.ChunkedArray | pa.Array) -> list[pa.Array]:
    return list(array.chunks) if isinstance(array, pa.ChunkedArray) else [array]
