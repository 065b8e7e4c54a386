"""Tables from files that users bring: CSV or Parquet, told by content, not by name."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

_PARQUET_MARK = b"PAR1"
_WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",  # begins like UTF-16, so it comes first
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_OTHER_SEPARATORS = ";\t|"
_SAVE = "save it as UTF-8"


def read_table(path: Path) -> pa.Table:
    """Read a file; blanks round the names of columns are dropped.

    Returns
    -------
    The table. Columns of a CSV file are text, for a leading zero belongs to an id; those of a
    Parquet file are of their own types. An empty file is a table without columns.

    Raises
    ------
    ValueError
        The file is missing or cannot be read, or a column comes twice; the message says how to
        mend it, and goes on from the name of the file.
    """
    try:
        with path.open("rb") as file:
            start = file.read(len(_PARQUET_MARK))
        return _from_parquet(path) if start == _PARQUET_MARK else _from_csv(path)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror or error}") from None
    except (pa.ArrowException, csv.Error) as error:
        raise ValueError(f"cannot be read: {str(error).splitlines()[0]}") from None


def text_of(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Give a column as text without blanks round it; dates and times as year-month-day.

    Parameters
    ----------
    table
        A user's table.
    name
        Name of one of its columns.

    Raises
    ------
    ValueError
        The column holds lists or other values that are no text; the message goes on from the name
        of the file.
    """
    column = table[name]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        # A time with a zone is of the day that it is there.
        return pc.strftime(column, format="%Y-%m-%d")
    try:
        return pc.utf8_trim_whitespace(column.cast(pa.string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise ValueError(
            f"has in column {name} {column.type}, which is no text; write one value a cell"
        ) from None


def _from_parquet(path: Path) -> pa.Table:
    table = pq.ParquetFile(path).read()
    return table.rename_columns(_clear(table.column_names))


def _from_csv(path: Path) -> pa.Table:
    with pa.input_stream(str(path)) as stream:
        data = _to_utf8(stream.read()).lstrip(b"\r\n")
    if not data:
        return pa.table({})
    with io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="") as text:
        names = _clear(next(csv.reader(text)))
    return pyarrow.csv.read_csv(
        io.BytesIO(data),
        read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows_after_names=1),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )


def _to_utf8(data: bytes) -> bytes:
    for mark, encoding in _WIDE.items():
        if data.startswith(mark):
            return _from_wide(data, encoding)
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data:
        raise ValueError(f"cannot be read: it holds NUL bytes, as UTF-16 does; {_SAVE}")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise ValueError(
            f"cannot be read: {_where(data[: error.start])} is no text in UTF-8, but perhaps in "
            f"Latin-1 or Windows-1252; {_SAVE}"
        ) from None
    return data


def _from_wide(data: bytes, encoding: str) -> bytes:
    try:
        return data.decode(encoding).encode()
    except UnicodeDecodeError:
        raise ValueError(
            f"cannot be read: it begins as {encoding.upper()} does, but goes on otherwise; {_SAVE}"
        ) from None


def _where(before: bytes) -> str:
    """Name the line and the column at the end of some bytes."""
    lines = before.decode("latin-1").split("\n")
    header = next(csv.reader(lines[:1]), [])
    place = lines[-1].count(",")
    column = f", column {header[place].strip()}," if len(lines) > 1 and place < len(header) else ""
    return f"line {len(lines)}{column}"


def _clear(names: Sequence[str]) -> list[str]:
    """Strip names, and refuse a repeated one, which would hide a column."""
    stripped = [name.strip() for name in names]
    twice = sorted({name for name in stripped if name and stripped.count(name) > 1})
    if twice:
        raise ValueError(
            f"has more than one column {', '.join(twice)}; give each a name of its own"
        )
    if len(stripped) == 1 and (separators := set(stripped[0]) & set(_OTHER_SEPARATORS)):
        separator = "tabs" if "\t" in separators else min(separators)
        raise ValueError(f"parts its columns by {separator}; write commas")
    return stripped
