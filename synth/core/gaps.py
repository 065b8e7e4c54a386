"""Arrays of two sources: values that only some rows have, in place of gaps or of other values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints


def with_gaps(values: pa.Array, rows: Ints, count: int) -> pa.Array:
    """Put values into their rows; the other rows are null.

    Parameters
    ----------
    values
        Shape (n,).
    rows
        The row of each value, each once, shape (n,).
    count
        Number of rows.

    Returns
    -------
    Shape (count,).
    """
    place = np.full(count, -1)
    place[rows] = np.arange(len(rows))
    return values.take(pa.array(place, mask=place < 0))


def with_others(column: pa.DictionaryArray, rows: Ints, values: pa.DictionaryArray) -> pa.Array:
    """Put other values into some rows.

    Parameters
    ----------
    column
        Shape (n,).
    rows
        The row of each value, each once, shape (m,).
    values
        Shape (m,).

    Returns
    -------
    Shape (n,), dictionary-encoded.
    """
    if not len(rows):
        return column
    place = np.arange(len(column))
    place[rows] = len(column) + np.arange(len(rows))
    both = pa.chunked_array([column, values.cast(column.type)]).unify_dictionaries()
    return pa.concat_arrays(both.chunks).take(pa.array(place))
