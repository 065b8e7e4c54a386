"""A data set that others made, in our columns."""

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
from darkfigure.synth.schema import FIELDS


@dataclass(frozen=True)
class ForeignSet:
    """Records of one or two tables, and who each is about.

    Parameters
    ----------
    left, right
        Schema `RECORDS`, sorted by id; the same if `within`.
    left_persons, right_persons
        Person of each record.
    within
        Whether the records of one table are linked to each other.
    closed
        Where the truth lies on disk, to be shut to linkers.
    intake
        What was read of each file of a user's own, and what was lost.
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
    """Records under new ids, and who each is about; `order` is where each stood before."""

    records: pa.Table
    persons: Ints
    order: Ints


def to_records(
    table: pa.Table, columns: Mapping[str, str], source: str, *, as_words: Collection[str] = ()
) -> pa.Table:
    """Bring a table into the columns of `RECORDS`, cleaned as those of our own systems.

    Parameters
    ----------
    table
        Columns of text.
    columns
        The table's column for each linkage field that it holds.
    source
        What the records are said to be from.
    as_words
        Fields in which something of another country stands, such as a number without our check
        digit; they are cleaned as words.

    Returns
    -------
    Rows as they come; record ids are empty.
    """
    texts = pa.table({field: table[column].cast(pa.string()) for field, column in columns.items()})
    wanted = ["'' AS record_id", f"'{source}' AS source"]
    wanted += [f"{_expression(texts, field, as_words)} AS {field}" for field in FIELDS]
    return query(f"SELECT {', '.join(wanted)} FROM texts", texts=texts).cast(RECORDS)  # noqa: S608


def _expression(texts: pa.Table, field: str, as_words: Collection[str]) -> str:
    is_date = field == "date_of_birth"
    if field not in texts.column_names:
        return "NULL::DATE" if is_date else "NULL::VARCHAR"
    if is_date:
        return clean_date(field, find_order(texts, field))
    return cleaning.words(field) if field in as_words else cleaning.clean(field, field)


def key_anew(records: pa.Table, persons: Ints, prefix: str) -> Keyed:
    """Give records ids that say nothing, and sort by them."""
    n = records.num_rows
    place = Stream(1, ("foreign",)).permute(prefix, np.arange(n), n) if n else np.zeros(0, int)
    order = np.argsort(place)
    ids = pa.array([f"{prefix}{number:07}" for number in range(n)], pa.string())
    moved = records.take(pa.array(order)).set_column(0, "record_id", ids)
    return Keyed(moved.cast(RECORDS).combine_chunks(), persons[order], order)


def number_persons(*names: pa.ChunkedArray | pa.Array) -> list[Ints]:
    """Give people numbers by name, the same name the same number in every column."""
    known = pa.chunked_array([chunk for one in names for chunk in _chunks(one)])
    values = pc.unique(known)
    return [pc.index_in(one, value_set=values).to_numpy().astype(np.int64) for one in names]


def _chunks(array: pa.ChunkedArray | pa.Array) -> list[pa.Array]:
    return list(array.chunks) if isinstance(array, pa.ChunkedArray) else [array]
