"""Faults of addresses: parts that get lost, moved or cut short."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.record_draws import thrown
from darkfigure.synth.entry.faults.cells import StruckCells
from darkfigure.synth.entry.faults.letters import Letters
from darkfigure.synth.entry.faults.reading import another_character

# Royal Mail's layout of a postcode: the outward part, then a digit and two letters.
_POSTCODE = r"^([A-Z]{1,2}[0-9][0-9A-Z]?) ?[0-9][A-Z]{2}$"
_NEVER_INWARD = "CIKMOV"
_FLAT = r"^(?i:flat|fflat|apartment|apt|unit|room)\.? *(?:[0-9]+[A-Za-z]?|\b[A-Za-z])[,/ ]+(.+)$"
_FLAT_AND_HOUSE = r"^(?i:flat|fflat|apartment|apt|unit|room)\.? *([0-9]+[A-Za-z]?),? +(.+)$"
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


def inward_missing(cells: StruckCells) -> pa.StringArray:
    """Write the outward half of a postcode alone."""
    return pc.replace_substring_regex(cells.values, pattern=_POSTCODE, replacement=r"\1")


def wrong_character(cells: StruckCells) -> pa.StringArray:
    """Write another letter for one of a postcode, or another digit for one digit.

    Letters that no issued inward half has are kept, so that the result is never a real address.
    """
    letters = Letters.read(cells.values)
    never_issued = np.isin(letters.points, [ord(letter) for letter in _NEVER_INWARD])
    inward = np.arange(letters.points.shape[1]) >= letters.lengths[:, None] - 2
    return another_character(cells, letters, ~(never_issued & inward))


def flat_missing(cells: StruckCells) -> pa.StringArray:
    """Write the house without the flat in it."""
    return pc.replace_substring_regex(cells.values, pattern=_FLAT, replacement=r"\1")


def flat_rewritten(cells: StruckCells) -> pa.StringArray:
    """Write flat and house in another order or layout."""
    forms = (r"\2 Flat \1", r"\1/\2", r"\2/\1", r"Flat \1 \2", r"Apt \1, \2", r"F\1 \2")
    return cells.one_of([_rewritten(cells.values, _FLAT_AND_HOUSE, form) for form in forms])


def house_rewritten(cells: StruckCells) -> pa.StringArray:
    """Write a number with a usual word or mark before or after it."""
    forms = (r"No \1", r"No. \1", r"\1,")
    return cells.one_of([_rewritten(cells.values, r"^([0-9]+[A-Za-z]?)$", form) for form in forms])


def postcode_unspaced(cells: StruckCells) -> pa.StringArray:
    """Write a postcode in one."""
    return pc.replace_substring(cells.values, pattern=" ", replacement="")


def site_postcode(cells: StruckCells) -> pa.StringArray:
    """Write the postcode of the hospital, school or station, invented within the same district."""
    sites = cells.facts.sites if cells.facts else None
    if sites is None:
        return cells.values
    places = thrown(sites.astype(np.uint64), "postcode of a site").astype(np.int64) >> 8
    digit, first, second = places % 10, places // 10 % 6, places // 60 % 6
    letters = np.array(list(_NEVER_INWARD))
    inward = np.char.add(np.char.add(digit.astype("U1"), letters[first]), letters[second])
    outward = _rewritten(cells.values, _POSTCODE, r"\1")
    other = pc.binary_join_element_wise(outward, pa.array(inward, pa.string()), " ")
    return pc.if_else(pc.match_substring_regex(cells.values, _POSTCODE), other, cells.values)


def in_street(
    houses: pa.StringArray, streets: pa.StringArray
) -> tuple[pa.StringArray, pa.StringArray]:
    """Write the house into the street's box, and nothing into its own.

    Parameters
    ----------
    houses, streets
        Known texts of equal shape (k,).

    Returns
    -------
    New texts of both.
    """
    together = pc.binary_join_element_wise(houses, streets, " ")
    return pa.nulls(len(houses), pa.string()), together


def street_kind_missing(cells: StruckCells) -> pa.StringArray:
    """Write the street without the word for its kind."""
    kinds = "|".join((*_ABBREVIATIONS, "Way", "Row", "Hill", "Park"))
    welsh = "Heol|Stryd|Ffordd|Maes|Clos|Rhodfa"
    pattern = rf"^([^ ].*) (?:{kinds})$|^(?:{welsh}) (.+)$"
    return _rewritten(cells.values, pattern, r"\1\2")


def street_abbreviated(cells: StruckCells) -> pa.StringArray:
    """Shorten the word for the kind of street."""
    return cells.each(_abbreviated)


def _abbreviated(streets: pa.StringArray) -> pa.StringArray:
    for word, short in _ABBREVIATIONS.items():
        streets = _rewritten(streets, rf"\b{word}$", short)
    return streets


def _rewritten(values: pa.StringArray, pattern: str, replacement: str) -> pa.StringArray:
    return pc.replace_substring_regex(values, pattern=pattern, replacement=replacement)
