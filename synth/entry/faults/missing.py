"""Faults that leave a cell empty, or fill it with a word for "not known"."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.entry.faults.cells import StruckCells


def missing(cells: StruckCells) -> pa.StringArray:
    """Leave the cell empty."""
    return pa.nulls(len(cells.values), pa.string())


def blank(cells: StruckCells) -> pa.StringArray:
    """Write a text without letters."""
    return pa.repeat(pa.scalar("", pa.string()), len(cells.values))


def placeholder(cells: StruckCells) -> pa.StringArray:
    """Write one of the system's words for "not known"."""
    words = pa.array(cells.words, pa.string())
    drawn = (
        cells.below("word", len(words)) if len(words) > 1 else np.zeros(len(cells.values), np.int64)
    )
    return words.take(pa.array(drawn))
