"""Arrays with gaps: values that only some rows have."""

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
