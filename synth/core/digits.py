"""Whole numbers as ASCII digits, in arrays."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Bytes, Ints

Characters = Bytes

ZERO = np.uint8(ord("0"))
_FOUR = 10_000
_QUADS = (np.arange(_FOUR)[:, None] // (1000, 100, 10, 1) % 10 + ZERO).astype(np.uint8)


def zero_padded(values: Ints, width: int) -> Characters:
    """Write whole numbers as ASCII digits with leading zeros.

    Parameters
    ----------
    values
        Shape (n,), each from 0 to 10**width - 1.
    width
        Digits to write.

    Returns
    -------
    Shape (n, width).
    """
    n_quads = -(-width // 4)
    text = np.empty((len(values), n_quads, 4), np.uint8)
    rest = values
    for quad in reversed(range(n_quads)):
        rest, last = np.divmod(rest, _FOUR)
        text[:, quad] = _QUADS[last]
    return text.reshape(len(values), 4 * n_quads)[:, 4 * n_quads - width :]


def strings(text: Characters) -> pa.StringArray:
    """Make n Arrow strings of ASCII characters of shape (n, width), without copying each.

    Raises
    ------
    ValueError
        The characters are too many for one Arrow array.
    """
    n_rows, width = text.shape
    ends = np.arange(n_rows + 1, dtype=np.int64) * width
    if ends[-1] > np.iinfo(np.int32).max:
        raise ValueError(f"{n_rows:,} strings of {width} characters are too many for one array")
    data = pa.py_buffer(np.ascontiguousarray(text))
    return pa.StringArray.from_buffers(n_rows, pa.py_buffer(ends.astype(np.int32)), data)


def beside(*parts: str | Characters) -> pa.StringArray:
    """Put texts and columns of characters side by side, and make strings of each row.

    Parameters
    ----------
    parts
        A text for all rows, or characters of shape (n, width); at least one has a shape.
    """
    n_rows = next(len(part) for part in parts if not isinstance(part, str))
    columns = [repeated(part, n_rows) if isinstance(part, str) else part for part in parts]
    return strings(np.concatenate(columns, axis=1))


def repeated(text: str | NDArray[np.str_], n_rows: int) -> Characters:
    """Write ASCII text as characters, one row each.

    Parameters
    ----------
    text
        One for all rows, or shape (n_rows,) of equal length.
    n_rows
        Number of rows.

    Returns
    -------
    Shape (n_rows, width).

    Raises
    ------
    ValueError
        The texts are not of one length.
    """
    if isinstance(text, str):
        letters = np.frombuffer(text.encode("ascii"), np.uint8)
        return np.broadcast_to(letters, (n_rows, len(letters)))
    encoded = np.ascontiguousarray(text, np.bytes_)
    letters = encoded.view(np.uint8).reshape(n_rows, encoded.itemsize)
    if not letters.all():
        raise ValueError("prefixes in one array must be of one length")
    return letters
