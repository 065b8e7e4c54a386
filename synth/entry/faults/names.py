"""Faults of names: other forms of them, and marks that keyboards and systems lose."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.entry.faults.cells import StruckCells
from darkfigure.synth.entry.faults.encoding import bare


def short_form(cells: StruckCells) -> pa.StringArray:
    """Write the short form or nickname that the person goes by."""
    return cells.variants.short.other(cells.values, cells.uniform("form"))


def other_language(cells: StruckCells) -> pa.StringArray:
    """Write the English equivalent of a Welsh name, or the reverse."""
    place = cells.column.field == "town"
    forms = cells.variants.places if place else cells.variants.equivalent
    return forms.other(cells.values, cells.uniform("form"))


def misspelt(cells: StruckCells) -> pa.StringArray:
    """Write a name as other people often spell it."""
    return cells.variants.misspelt.other(cells.values, cells.uniform("form"))


def diacritics_dropped(cells: StruckCells) -> pa.StringArray:
    """Write every letter without its circumflex, accent or diaeresis."""
    return cells.each(bare)


def hyphen_dropped(cells: StruckCells) -> pa.StringArray:
    """Leave out hyphens and apostrophes; a hyphen leaves a space behind or nothing."""
    hyphen, apostrophe = "-", "['’]"  # noqa: RUF001, both kinds of apostrophe occur
    spoken = pc.replace_substring_regex(cells.values, pattern=apostrophe, replacement="")
    joined = pc.replace_substring(spoken, pattern=hyphen, replacement="")
    apart = pc.replace_substring(spoken, pattern=hyphen, replacement=" ")
    return pc.if_else(cells.uniform("space") < 0.5, apart, joined)


def initial_only(cells: StruckCells) -> pa.StringArray:
    """Write the first letter of a name of several letters."""
    return cells.each(_first_letter)


def swapped(first: pa.StringArray, second: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    """Write each name in the other's box.

    Parameters
    ----------
    first, second
        Known texts of equal shape (k,).
    """
    return second, first


def joined(
    forenames: pa.StringArray, middle: pa.StringArray
) -> tuple[pa.StringArray, pa.StringArray]:
    """Write both given names in the first box, and nothing in the second.

    Parameters
    ----------
    forenames, middle
        Known texts of equal shape (k,).

    Returns
    -------
    New texts of both.
    """
    together = pc.binary_join_element_wise(forenames, middle, " ")
    return together, pa.nulls(len(middle), pa.string())


def _first_letter(texts: pa.StringArray) -> pa.StringArray:
    initial = pc.utf8_upper(pc.utf8_slice_codeunits(texts, 0, 1))
    return pc.if_else(pc.greater(pc.utf8_length(texts), 1), initial, texts)
