"""Faults of numbers that identify a person."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synth.digits import strings, zero_padded
from synth.entry.cells import Cells
from synth.entry.letters import Letters
from synth.entry.reading import another_character


def relative_number(cells: Cells) -> pa.StringArray:
    """Write the number of the mother, a brother or a sister."""
    return cells.instead(cells.beside.aside("relative_nhs_number") if cells.beside else None)


def wrong_check_digit(cells: Cells) -> pa.StringArray:
    """Write another digit for the last, so that the number cannot be right."""
    letters = Letters.read(cells.values)
    last = np.arange(letters.points.shape[1]) == letters.lengths[:, None] - 1
    return another_character(cells, letters, last)


def temporary_number(cells: Cells) -> pa.StringArray:
    """Write a number of the department's own, as for somebody whose number is not found."""
    serial = strings(zero_padded(cells.below("serial", 10**9), 9))
    return pc.binary_join_element_wise(pa.scalar("T"), serial, "")
