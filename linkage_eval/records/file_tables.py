"""Tables from files that users bring: CSV or Parquet, told by content, not by name.

A CSV file parts its columns by commas, semicolons, tabs or bars, whichever its header has most of.
It is UTF-8, or UTF-16 or UTF-32, which NUL bytes and byte order marks give away; what is none of
these is read as Windows-1252, which holds Latin-1, and that is told.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from darkfigure.synth.core.printable import listed, printable

_PARQUET_MARK = b"PAR1"
_WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",  # begins like UTF-16, so it comes first
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_WESTERN = "windows-1252"
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAVE = "save it as UTF-8"
_N_BYTES = 4_000  # that tell UTF-16 by its NUL bytes
_N_EXAMPLES = 3
_LONGEST = 300  # letters of a reason in a message. No rate
_WORD = re.compile(r"[^\s,;|]+")


@dataclass(frozen=True)
class FileTable:
    """A table, and how its file was read.

    Parameters
    ----------
    table
        The table. Columns of a CSV file are text, for a leading zero belongs to an id; those of a
        Parquet file are of their own types. An empty file is a table without columns.
    manner
        What was not as in a plain CSV file of UTF-8 with commas; "" if all was.
    """

    table: pa.Table
    manner: str = ""


def read_table(path: Path) -> pa.Table:
    """Read a file as `read_file` does, whatever its manner."""
    return read_file(path).table


def read_file(path: Path, encoding: str = "") -> FileTable:
    """Read a file; blanks round the names of columns are dropped.

    Parameters
    ----------
    path
        The file.
    encoding
        Of a CSV file, such as "iso-8859-2"; without, the file tells.

    Raises
    ------
    ValueError
        The file is missing or cannot be read, or a column comes twice; the message says how to
        mend it, and goes on from the name of the file.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise ValueError("is a pipe or a device, which may never end; save what it gives as a file")
    try:
        with path.open("rb") as file:
            start = file.read(len(_PARQUET_MARK))
        if start == _PARQUET_MARK:
            return _from_parquet(path)
        return _from_csv(path, encoding)
    except OSError as error:
        reason = error.strerror or error
        raise ValueError(
            f"cannot be read: {reason} (paths begin in the folder where the command starts)"
        ) from None
    except (pa.ArrowException, csv.Error) as error:
        reason = printable(str(error).splitlines()[0].rstrip("."), _LONGEST)
        raise ValueError(
            f"cannot be read: {reason}; save it again as CSV or Parquet, whole"
        ) from None


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


def _from_parquet(path: Path) -> FileTable:
    table = pq.ParquetFile(path).read()
    return FileTable(table.rename_columns(_clear(table.column_names)))


def _from_csv(path: Path, encoding: str) -> FileTable:
    with pa.input_stream(str(path)) as stream:
        text, read_as = _decode(stream.read(), encoding)
    text = text.lstrip("\r\n")
    if not text:
        return FileTable(pa.table({}))
    if "\n" not in text and "\r" not in text:
        text += "\n"  # Arrow takes a header that no line ends for half of a line
    header = len(text.partition("\n")[0])
    if header > csv.field_size_limit():
        raise ValueError(f"cannot be read: its first line, of {header:,} characters, is no header")
    separator = _find_separator(text)
    names = _clear(next(csv.reader(io.StringIO(text, newline=""), delimiter=separator)))
    table = pyarrow.csv.read_csv(
        io.BytesIO(text.encode()),
        read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows_after_names=1),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, delimiter=separator),
        convert_options=pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )
    parted = "" if separator == "," else f"columns parted by {_SEPARATORS[separator]}"
    return FileTable(table, "; ".join(filter(None, (read_as, parted))))


def _find_separator(text: str) -> str:
    """Give the separator that parts the header into most columns, commas first."""
    header = io.StringIO(text, newline="")

    def n_columns(separator: str) -> int:
        header.seek(0)
        return len(next(csv.reader(header, delimiter=separator)))

    return max(_SEPARATORS, key=n_columns)


def _decode(data: bytes, encoding: str) -> tuple[str, str]:
    """Give the text of a file, and what to tell of its encoding."""
    if encoding:
        return _as_said(data, encoding), f"read as {encoding}, as you say"
    wide = next((name for mark, name in _WIDE.items() if data.startswith(mark)), "")
    if not wide and b"\0" in data:
        wide = _wide_by_nuls(data)
    if wide:
        return _from_wide(data, wide), f"read as {wide.upper()}"
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(), ""
    except UnicodeDecodeError:
        return _from_western(data)


def _as_said(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except LookupError:
        raise ValueError(
            f"cannot be read: there is no encoding '{encoding}'; "
            "say one such as utf-8, windows-1252 or iso-8859-2"
        ) from None
    except UnicodeDecodeError as error:
        raise ValueError(
            f"cannot be read: {_where(data[: error.start])} is no text in {encoding}; "
            "say another encoding, or none"
        ) from None


def _wide_by_nuls(data: bytes) -> str:
    """Tell UTF-16 without a mark by the places of its NUL bytes."""
    start = data[:_N_BYTES]
    odd, even = start[1::2].count(0), start[0::2].count(0)
    if min(odd, even) or not len(data) % 2 == 0:
        raise ValueError(f"cannot be read: it holds NUL bytes and is no UTF-16; {_SAVE}")
    return "utf-16-le" if odd else "utf-16-be"


def _from_wide(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError(
            f"cannot be read: it begins as {encoding.upper()} does, but goes on otherwise; {_SAVE}"
        ) from None


def _from_western(data: bytes) -> tuple[str, str]:
    try:
        text = data.decode(_WESTERN)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"cannot be read: {_where(data[: error.start])} is no text in UTF-8, nor in "
            f"Windows-1252; {_SAVE}, or say its encoding"
        ) from None
    others = dict.fromkeys(word for word in _WORD.findall(text) if not word.isascii())
    some = ", ".join(repr(word) for word in list(others)[:_N_EXAMPLES])
    return text, f"no UTF-8, so read as Windows-1252 (Latin-1), such as {some}"


def _where(before: bytes) -> str:
    """Name the line and the column at the end of some bytes."""
    lines = before.decode("latin-1").split("\n")
    separator = _find_separator(lines[0] or " ")
    header = next(csv.reader(lines[:1], delimiter=separator), [])
    place = lines[-1].count(separator)
    column = f", column {header[place].strip()}," if len(lines) > 1 and place < len(header) else ""
    return f"line {len(lines)}{column}"


def _clear(names: Sequence[str]) -> list[str]:
    """Strip names, and refuse a repeated one, which would hide a column."""
    stripped = [name.strip() for name in names]
    twice = sorted({name for name in stripped if name and stripped.count(name) > 1})
    if twice:
        raise ValueError(f"has more than one column {listed(twice)}; give each a name of its own")
    return stripped
