"""Tables of a dataset: columns, types, key and code lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Ints

TEXT = pa.string()
CODE = pa.dictionary(pa.int32(), pa.string())
NUMBER = pa.int64()
SMALL = pa.int16()
FLAG = pa.bool_()
DATE = pa.date32()
TIME = pa.timestamp("ms")  # Parquet keeps no whole seconds

ISO_DATE = "%Y-%m-%d"
BRITISH_DATE = "%d/%m/%Y"

# Suffix of a record's number in a system that keeps versions: the record as it was first entered,
# once it is corrected.
FIRST_VERSION = "-V1"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Name in the file.
    type
        Arrow type.
    meaning
        Description in the data dictionary.
    codes
        Code list: each code with its meaning.
    field
        Linkage field that the column holds, one of `FIELDS`.
    date_format
        `strptime` format of a date that is written as text.
    filled
        Whether it is never empty, as the columns of the key are.
    prose
        Whether it is free text, whose mentions of people, places and times the truth lists.
    """

    name: str
    type: pa.DataType
    meaning: str
    codes: Mapping[str, str] = field(default_factory=dict)
    field: str | None = None
    date_format: str | None = None
    filled: bool = False
    prose: bool = False


@dataclass(frozen=True)
class Table:
    """One table of a dataset.

    Parameters
    ----------
    source
        First folders of the path, such as "ed" or "police/gwent".
    name
        Name of the table.
    row
        Noun phrase for one row, such as "a pupil".
    key
        Names of the columns that identify a row.
    columns
        Columns in the order of the file.
    """

    source: str
    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def path(self) -> str:
        """Path of the table below the dataset's folder."""
        return f"{self.source}/{self.name}.parquet"

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema, in column order."""
        return pa.schema([pa.field(column.name, column.type) for column in self.columns])

    @property
    def fields(self) -> dict[str, Column]:
        """The identity columns by linkage field."""
        return {column.field: column for column in self.columns if column.field}

    def cast(self, table: pa.Table) -> pa.Table:
        """Put a table's columns in this order and type; a missing column is an error of Arrow."""
        return table.select([column.name for column in self.columns]).cast(self.arrow)

    def empty(self) -> pa.Table:
        """Give the table without rows."""
        return self.arrow.empty_table()


def coded(codes: Ints, code_list: Iterable[str]) -> pa.DictionaryArray:
    """Turn indices into the labels of a code list.

    Parameters
    ----------
    codes
        Indices into the list, shape (n,); -1 gives null.
    code_list
        Labels.

    Returns
    -------
    Shape (n,).
    """
    missing = np.asarray(codes) < 0
    indices = pa.array(np.asarray(codes, np.int32), mask=missing if missing.any() else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(code_list), pa.string()))


def codes_of(column: pa.Array | pa.ChunkedArray, code_list: Iterable[str]) -> Ints:
    """Turn labels into their indices in a code list.

    Parameters
    ----------
    column
        Text or dictionary-encoded text, shape (n,).
    code_list
        Labels.

    Returns
    -------
    Indices, shape (n,); -1 for null and for a label that is not in the list.
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    text = column.cast(pa.string())
    index = pc.index_in(text, pa.array(list(code_list), pa.string()))
    return np.asarray(index.fill_null(-1).to_numpy(), np.int64)
