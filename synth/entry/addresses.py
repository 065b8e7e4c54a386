"""Faults of addresses: parts that get lost or cut short."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synth.entry.cells import Cells
from synth.entry.letters import Letters
from synth.entry.reading import another_character

# Royal Mail's layout of a postcode: the outward part, then a digit and two letters.
_POSTCODE = r"^([A-Z]{1,2}[0-9][0-9A-Z]?) ?[0-9][A-Z]{2}$"
_NEVER_INWARD = "CIKMOV"
_FLAT = r"^(?i:flat|fflat|apartment|apt|unit|room)\.? *(?:[0-9]+[A-Za-z]?|\b[A-Za-z])[,/ ]+(.+)$"
_ABBREVIATIONS = {
    "Street": "St",
    "Road": "Rd",
    "Avenue": "Ave",
    "Close": "Cl",
    "Crescent": "Cres",
    "Drive": "Dr",
    "Gardens": "Gdns",
    "Lane": "Ln",
    "Place": "Pl",
    "Square": "Sq",
    "Terrace": "Terr",
}


def inward_missing(cells: Cells) -> pa.StringArray:
    """Write the outward half of a postcode alone."""
    return pc.replace_substring_regex(cells.values, pattern=_POSTCODE, replacement=r"\1")


def wrong_character(cells: Cells) -> pa.StringArray:
    """Write another letter for one of a postcode, or another digit for one digit.

    The letters that no issued inward half has stay, so that no address that exists comes out.
    """
    letters = Letters.read(cells.values)
    never_issued = np.isin(letters.points, [ord(letter) for letter in _NEVER_INWARD])
    inward = np.arange(letters.points.shape[1]) >= letters.lengths[:, None] - 2
    return another_character(cells, letters, ~(never_issued & inward))


def flat_missing(cells: Cells) -> pa.StringArray:
    """Write the house without the flat in it."""
    return pc.replace_substring_regex(cells.values, pattern=_FLAT, replacement=r"\1")


def street_abbreviated(cells: Cells) -> pa.StringArray:
    """Shorten the word for the kind of street."""
    return cells.each(_abbreviated)


def _abbreviated(streets: pa.StringArray) -> pa.StringArray:
    for word, short in _ABBREVIATIONS.items():
        pattern = rf"\b{word}$"
        streets = pc.replace_substring_regex(streets, pattern=pattern, replacement=short)
    return streets
