"""Data sets of the user's own: files of records, and a file that says who is who."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from linkage_eval.clustering import components
from linkage_eval.contracts import Pairs
from linkage_eval.foreign.records import ForeignSet, Keyed, key_anew, to_records
from linkage_eval.suite import Files
from synth.errors import DatasetError
from synth.schema import FIELDS

_PARQUET_MARK = b"PAR1"


def read_files(files: Files) -> ForeignSet:
    """Read records and truth.

    Raises
    ------
    DatasetError
        A file is missing, cannot be read, lacks a column, or names unknown records.
    """
    names = [files.left, files.right] if files.right else [files.left]
    tables = [_read(Path(name), ("record_id",)) for name in names]
    truth = _read(Path(files.truth), ("left_id", "right_id"))
    offsets = [0, tables[0].num_rows if files.right else 0]
    rows = [
        _rows(truth[column], tables[place], files.truth) + offset
        for column, place, offset in zip(("left_id", "right_id"), (0, -1), offsets, strict=True)
    ]
    n_records = sum(table.num_rows for table in tables)
    # True pairs are closed into people: who is the same as the same is the same.
    persons = components(n_records, Pairs(rows[0], rows[1]))
    sides = []
    for table, prefix, offset in zip(tables, ("a", "b"), offsets, strict=False):
        whose = persons[offset : offset + table.num_rows]
        sides.append(_key(table, whose, prefix))
    left, right = sides[0], sides[-1]
    closed = (Path(files.truth).resolve(),)
    within = not files.right
    return ForeignSet(left.records, right.records, left.persons, right.persons, within, closed)


def _key(table: pa.Table, persons: np.ndarray, prefix: str) -> Keyed:
    columns = {field: field for field in FIELDS if field in table.column_names}
    return key_anew(to_records(table, columns, "files"), persons, prefix)


def _read(path: Path, needed: tuple[str, ...]) -> pa.Table:
    try:
        with path.open("rb") as file:
            start = file.read(len(_PARQUET_MARK))
        table = pq.ParquetFile(path).read() if start == _PARQUET_MARK else _read_csv(path)
    except (OSError, pa.ArrowException) as error:
        raise DatasetError(f"{path} cannot be read: {str(error).splitlines()[0]}") from None
    missing = [name for name in needed if name not in table.column_names]
    if missing:
        raise DatasetError(
            f"{path} has no column {', '.join(missing)}; it has {', '.join(table.column_names)}."
        )
    return table


def _read_csv(path: Path) -> pa.Table:
    with path.open(encoding="utf-8") as file:
        names = file.readline().strip().replace('"', "").split(",")
    # All is text: a leading zero belongs to an id.
    convert = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    return pyarrow.csv.read_csv(path, convert_options=convert)


def _rows(ids: pa.ChunkedArray, table: pa.Table, where: str) -> np.ndarray:
    known = table["record_id"].cast(pa.string()).combine_chunks()
    rows = pc.index_in(ids.cast(pa.string()), value_set=known)
    if rows.null_count:
        raise DatasetError(f"{where} names {rows.null_count:,} records that the tables lack.")
    return rows.to_numpy().astype(np.int64)
