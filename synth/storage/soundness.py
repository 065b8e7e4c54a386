"""Whether what a table holds can be, so that nothing that reads a dataset need ask.

Checksums tell whether a dataset is as it was written. Whoever changed one and sealed it anew can
have written anything of the right type: rows without a key, or two with the same; codes that are in
no list; days in the year 9000; texts that steer a terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.chance import ID_BITS
from darkfigure.synth.core.printable import printable
from darkfigure.synth.schema import Column, Table
from darkfigure.synth.storage.key_order import rises

_MOST_BYTES = 4_000  # of a text; ours have some hundred; assumed, as the next
_FIRST_DAY, _LAST_DAY = -43_829, 84_006  # 1850 and 2200, in days since 1970
_DAY_MS = 86_400_000
_MOST = 2**ID_BITS - 1  # whatever is counted or numbered
_FIRST_PLAIN, _LAST_PLAIN = ord(" "), ord("~")
_QUOTED = 60


def find_fault(shape: Table, pieces: Iterable[pa.Table]) -> str:
    """Say what a table holds that none of its kind does; "" if there is nothing.

    Parameters
    ----------
    shape
        What table it is.
    pieces
        Its rows, in the order in which they stand, whole or piece by piece; of columns its key and
        any others, each of its type.
    """
    last = None
    for piece in pieces:
        for fault in _faults(shape, piece):
            return fault
        keys = piece.select(shape.key)
        if not rises(keys if last is None else pa.concat_tables([last, keys])):
            return f"two rows share {' and '.join(shape.key)}, or are not in the order of it"
        last = keys.slice(len(keys) - 1) if len(keys) else last
    return ""


def _faults(shape: Table, piece: pa.Table) -> Iterator[str]:
    for column in shape.columns:
        if column.name not in piece.column_names:
            continue
        values = piece[column.name]
        if (column.filled or column.name in shape.key) and values.null_count:
            yield f"{column.name} is empty in {values.null_count:,} rows"
        for reason in _reasons(column, values):
            yield f"{column.name} {reason}"


def _reasons(column: Column, values: pa.ChunkedArray) -> Iterator[str]:
    if pa.types.is_dictionary(column.type):
        for chunk in values.chunks:
            yield from _of_codes(column, chunk.dictionary)
    elif pa.types.is_string(column.type):
        for chunk in values.chunks:
            yield from _of_texts(chunk)
    elif pa.types.is_integer(column.type):
        yield from _outside(values, 0, _MOST)
    # As numbers: Python has no days so far away.
    elif pa.types.is_date32(column.type):
        yield from _outside(values.cast(pa.int32()), _FIRST_DAY, _LAST_DAY, "days since 1970")
    elif pa.types.is_timestamp(column.type):
        first, last = _FIRST_DAY * _DAY_MS, _LAST_DAY * _DAY_MS
        yield from _outside(values.cast(pa.int64()), first, last, "milliseconds since 1970")


def _of_codes(column: Column, used: pa.StringArray) -> Iterator[str]:
    if used.null_count:
        yield "has an empty code"
    yield from _of_texts(used)
    unknown = pc.invert(pc.is_in(used, pa.array(list(column.codes), pa.string())))
    if column.codes and pc.any(unknown).as_py():
        yield f"holds {_quoted(used.filter(unknown)[0].as_py())}, which is no code of it"


def _of_texts(texts: pa.StringArray) -> Iterator[str]:
    """Look at the bytes of all texts at once, then at those texts that hold more than ASCII."""
    if not len(texts) or texts.buffers()[2] is None:
        return
    ends = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    longest = int(np.diff(ends).max())
    if longest > _MOST_BYTES:
        yield f"holds a text of {longest:,} bytes; the most is {_MOST_BYTES:,}"
    held = np.frombuffer(texts.buffers()[2], np.uint8)[ends[0] : ends[-1]]
    # What is below a blank wraps round.
    odd = np.flatnonzero(held - np.uint8(_FIRST_PLAIN) > _LAST_PLAIN - _FIRST_PLAIN) + ends[0]
    if len(odd):
        rows = np.unique(np.searchsorted(ends, odd, side="right") - 1)
        yield from _of_letters(texts.take(pa.array(rows)))


def _of_letters(texts: pa.StringArray) -> Iterator[str]:
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        yield "holds a text that is no UTF-8"
        return
    for text in texts.unique().to_pylist():
        if text is not None and ("\n" in text or "\t" in text or printable(text) != text):
            yield f"holds a control character: {_quoted(text)}"
            return


def _outside(values: pa.ChunkedArray, least: int, most: int, unit: str = "") -> Iterator[str]:
    """Name a value that is outside what can be."""
    found = pc.min_max(values).as_py()
    for value in (found["min"], found["max"]):
        if value is not None and not least <= value <= most:
            counted = f" {unit}" if unit else ""
            yield f"holds {value:,}{counted}; it lies between {least:,} and {most:,}"


def _quoted(text: str) -> str:
    return repr(printable(text, _QUOTED, line=True))
