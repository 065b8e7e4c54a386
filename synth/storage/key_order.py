"""Tables in the order of their keys.

Arrow compares texts one by one. Few letters occur at each place of a key, so most keys make one
whole number each, and numbers are sorted several times as fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Bytes, Ints, Mask
from darkfigure.synth.core.orders import order_of

_ROOM = 1 << 63  # numbers there are


def in_order(table: pa.Table, key: Sequence[str]) -> pa.Table:
    """Put rows in the order of some columns, each column in one chunk.

    Parameters
    ----------
    table
        Any table.
    key
        Names of columns, the most significant first; ascending.
    """
    whole = table.unify_dictionaries().combine_chunks()
    if not len(whole):
        return whole
    columns = [_column(whole[name]) for name in key]
    order = _by_numbers(columns)
    if order is None:
        ranks = pa.table(columns, list(key))
        order = pc.sort_indices(ranks, [(name, "ascending") for name in key])
    return whole.take(order).combine_chunks()


def rises(keys: pa.Table) -> bool:
    """Tell whether each row of a key comes after the one before it; no cell may be empty."""
    whole = keys.unify_dictionaries().combine_chunks()
    if len(whole) < 2:
        return True
    same = np.ones(len(whole) - 1, bool)  # as far as the columns so far tell
    for name in whole.column_names:
        values = _column(whole[name])
        before, after = values[:-1], values[1:]
        if (same & _flags(pc.greater(before, after))).any():
            return False
        same &= _flags(pc.equal(before, after))
        if not same.any():
            return True
    return False


def _flags(flags: pa.BooleanArray) -> Mask:
    return np.asarray(flags.to_numpy(zero_copy_only=False), bool)


def _column(column: pa.ChunkedArray) -> pa.Array:
    """Give values that sort as the column does; Arrow cannot sort by dictionaries."""
    values = column.chunk(0)
    if pa.types.is_dictionary(values.type):
        return pc.rank(values.dictionary).take(values.indices).cast(pa.int64())
    return values


def _by_numbers(columns: Sequence[pa.Array]) -> pa.Array | None:
    """Sort by a whole number for each row; None where a key makes none."""
    if any(column.null_count for column in columns):
        return None
    # Texts of different sources differ in length, so the columns before them are sorted first.
    n_before = next((n for n, part in enumerate(columns) if pa.types.is_string(part.type)), 0)
    before = _number(columns[:n_before], len(columns[0]))
    if before is None:
        return None
    order = order_of(before)
    edges = np.flatnonzero(np.diff(before[order], prepend=-1, append=-1))
    rest = [column.take(pa.array(order)) if n_before else column for column in columns[n_before:]]
    for start, end in pairwise(edges):
        number = _number([column[start:end] for column in rest], int(end - start))
        if number is None:
            return None
        order[start:end] = order[start:end][order_of(number)]
    return pa.array(order)


def _number(columns: Sequence[pa.Array], n_rows: int) -> Ints | None:
    """Make one whole number of each row, in the order of the rows; None where there is no room."""
    number, room = np.zeros(n_rows, np.int64), 1
    for part in (part for column in columns for part in _parts(column)):
        low = int(part.min())
        span = int(part.max()) - low + 1
        room *= span
        if room > _ROOM:
            return None
        if span > 1:
            number *= span
            number += part
            number -= low
    return number


def _parts(column: pa.Array) -> Iterator[NDArray[np.integer]]:
    """Give numbers by which a column sorts: its own, or those of its letters."""
    if pa.types.is_string(column.type):
        yield from letters_of(column).T
        return
    if pa.types.is_temporal(column.type):
        column = column.cast(pa.int32() if pa.types.is_date32(column.type) else pa.int64())
    yield column.to_numpy(zero_copy_only=False)


def letters_of(texts: pa.StringArray) -> Bytes:
    """Give the bytes of n texts, shape (n, longest), padded with 0."""
    _, ends, letters = texts.buffers()
    bounds = np.frombuffer(ends, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    starts, lengths = bounds[:-1], np.diff(bounds)
    width = int(lengths.max())
    content = np.frombuffer(letters or b"", np.uint8)[bounds[0] : bounds[-1]]
    if (lengths == width).all():
        return content.reshape(len(texts), width)
    padded = np.concatenate([content, np.zeros(width, np.uint8)])
    apart = np.lib.stride_tricks.sliding_window_view(padded, width)[starts - bounds[0]]
    return np.where(np.arange(width) < lengths[:, None], apart, np.uint8(0))
