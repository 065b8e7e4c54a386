"""What is not written at all."""

from __future__ import annotations

import pyarrow as pa

from synth.entry.cells import Cells


def missing(cells: Cells) -> pa.StringArray:
    """Leave the cell empty."""
    return pa.nulls(len(cells.values), pa.string())


def placeholder(cells: Cells) -> pa.StringArray:
    """Write the system's word for "not known"."""
    return pa.repeat(pa.scalar(cells.placeholder, pa.string()), len(cells.values))
