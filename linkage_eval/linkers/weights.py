"""Match weights: how much each outcome of a field's comparison speaks for the same person."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

# `m` and `u` are the shares of the outcome among matches and among others; `weight` is
# log2(m / u). Engines that score without them give the weight alone.
WEIGHTS = pa.schema(
    [
        pa.field("field", pa.string()),
        pa.field("level", pa.string()),
        pa.field("m", pa.float64()),
        pa.field("u", pa.float64()),
        pa.field("weight", pa.float64()),
    ]
)


def weights_of(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Make a table of weights (schema `WEIGHTS`).

    Parameters
    ----------
    rows
        `field`, `level`, and `m` and `u` (None where they were not learnt) or `weight`.
    """
    weighed = [{"weight": _weight(row.get("m"), row.get("u")), **row} for row in rows]
    return pa.Table.from_pylist(weighed, schema=WEIGHTS)


def _weight(m: float | None, u: float | None) -> float | None:
    return math.log2(m / u) if m and u else None
