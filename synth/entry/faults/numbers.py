"""Faults of numbers that identify a person, and of telephone numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.digits import ZERO, beside, strings, zero_padded
from darkfigure.synth.core.identifiers import UPN_LETTERS, UPN_SCHOOLS, UPN_WEIGHTS
from darkfigure.synth.entry.faults.cells import StruckCells
from darkfigure.synth.entry.faults.letters import Letters
from darkfigure.synth.entry.faults.reading import another_character

_PERMANENT_UPN = "^[A-Z][0-9]{12}$"
_TEMPORARY_DIGITS, _SERIAL_DIGITS = 9, 2  # of the forms below
_TEMPORARY_LETTERS = np.frombuffer(b"ABCDEFGH", np.uint8)
_NATIONAL = "^0([0-9]{4})([0-9]{3})([0-9]{3})$"
_FORMS = (
    r"0\1 \2\3",
    r"0\1 \2 \3",
    r"(0\1) \2\3",
    r"+44 \1 \2\3",
    r"0044\1\2\3",
    r"+44 (0)\1 \2\3",
)


def relative_number(cells: StruckCells) -> pa.StringArray:
    """Write the number of the mother, a brother or a sister."""
    other = f"relative_{cells.column.field}"
    return cells.instead(cells.facts.confusable_value(other) if cells.facts else None)


def wrong_check_digit(cells: StruckCells) -> pa.StringArray:
    """Write another digit for the last, so that the number cannot be right."""
    letters = Letters.read(cells.values)
    last = np.arange(letters.points.shape[1]) == letters.lengths[:, None] - 1
    return another_character(cells, letters, last)


def temporary_number(cells: StruckCells) -> pa.StringArray:
    """Write a number of the department's own, as for a patient whose number is not found."""
    serial = strings(zero_padded(cells.below("serial", 10**_TEMPORARY_DIGITS), _TEMPORARY_DIGITS))
    return pc.binary_join_element_wise(pa.scalar("T"), serial, "")


def temporary_pupil_number(cells: StruckCells) -> pa.StringArray:
    """Write a number that a school makes while the number of the previous school is not found.

    It has the form of a permanent one with a letter at its end (Department for Education, Unique
    pupil numbers guide).
    """
    able = pc.match_substring_regex(cells.values, _PERMANENT_UPN)
    permanent = pc.if_else(able, cells.values, pa.scalar("A" + "0" * 12)).to_numpy(
        zero_copy_only=False
    )
    known = permanent.astype("S13").view(np.uint8).reshape(-1, 13) - ZERO
    number = known[:, 1:].copy()
    first, last = UPN_SCHOOLS
    number[:, 3:7] = zero_padded(first + cells.below("school", last - first + 1), 4) - ZERO
    number[:, 9:11] = zero_padded(cells.below("serial", 10**_SERIAL_DIGITS), _SERIAL_DIGITS) - ZERO
    number[:, 11] = cells.below("letter", len(_TEMPORARY_LETTERS))
    check = UPN_LETTERS[number.astype(np.int64) @ UPN_WEIGHTS % len(UPN_LETTERS)]
    text = number + ZERO
    text[:, 11] = _TEMPORARY_LETTERS[number[:, 11]]
    return pc.if_else(able, beside(check[:, None], text), cells.values)


def telephone_rewritten(cells: StruckCells) -> pa.StringArray:
    """Group the digits otherwise, in brackets, or with the country's code."""
    rewritten = [
        pc.replace_substring_regex(cells.values, pattern=_NATIONAL, replacement=form)
        for form in _FORMS
    ]
    return cells.one_of(rewritten)
