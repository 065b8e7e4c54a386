"""Faults of names that are made of parts: prefixes, double names, titles."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.entry.faults.cells import StruckCells

# Prefixes of names, and the ways in which people write them; the ways are common knowledge.
PREFIX = r"^(?:O['\x{2019} ]|Ma?c|[AEU]l[- ]|Ab[du][- ]|(?i:d[eiou]|l[ae]|v[ao]n|a[pb]|st)[a-z ]+ )"
_PREFIXES = (
    (r"^O['\x{2019} ]([A-Z])", (r"O'\1", r"O\1", r"O \1", r"\1")),
    (r"^Ma?c ?([A-Z])", (r"Mc\1", r"Mac\1", r"Mc \1", r"Mac \1")),
    (r"^(Al|El|Ul|Abd|Abu)[- ]([A-Z])", (r"\1-\2", r"\1 \2", r"\1\2", r"\2")),
    (
        r"^((?i:dela|de la|de|da|dos|di|du|le|la|van der|van|von|ap|ab|st)) ([A-Z])",
        (r"\1-\2", r"\1\2", r"\2"),
    ),
)
_OPENINGS = "Ann|Anne|Anna|Mary|Mari|Marie|Rose|Sara|Sarah|Gwen|Jo|Lou|Lee|Billy|Bobby|John|Jean"
_SPLIT = rf"^(?P<first>{_OPENINGS})(?P<second>[a-z]{{3,}})$"
_TITLES = {"male": ("Mr", "Dr", "Master"), "female": ("Mrs", "Miss", "Ms", "Dr")}


def prefix_rewritten(cells: StruckCells) -> pa.StringArray:
    """Write O', Mc, Al- and their like in another way, or leave them out."""
    written = cells.values
    for pattern, ways in _PREFIXES:
        fits = pc.match_substring_regex(cells.values, pattern=pattern)
        if pc.any(fits).as_py():
            options = [_replaced(cells.values, pattern, way) for way in ways]
            written = pc.if_else(fits, cells.one_of(options), written)
    return written


def name_split(cells: StruckCells) -> pa.StringArray:
    """Write one name as two."""
    halves = pc.extract_regex(cells.values, pattern=_SPLIT)
    first, second = (pc.struct_field(halves, name) for name in ("first", "second"))
    return cells.instead(pc.binary_join_element_wise(first, pc.utf8_capitalize(second), " "))


def space_dropped(cells: StruckCells) -> pa.StringArray:
    """Write two names as one, the second in small letters or not."""
    joined = pc.replace_substring(cells.values, pattern=" ", replacement="")
    small = pc.if_else(
        pc.equal(joined, cells.values), joined, pc.utf8_capitalize(pc.utf8_lower(joined))
    )
    return cells.one_of([joined, small])


def half_dropped(cells: StruckCells) -> pa.StringArray:
    """Write one half of a double name."""
    pattern = r"^([^ -]{2,})[- ]([^ -]{2,})$"
    return cells.one_of([_replaced(cells.values, pattern, half) for half in (r"\1", r"\2")])


def title_added(cells: StruckCells) -> pa.StringArray:
    """Write a title before the name."""
    sexes = cells.facts.meaning("sex") if cells.facts else None
    if sexes is None:
        return cells.values
    written = cells.values
    for sex, titles in _TITLES.items():
        drawn = cells.below("title", len(titles))
        title = pa.array(titles).take(pa.array(drawn))
        named = pc.binary_join_element_wise(title, cells.values, " ")
        mask: Mask = pc.fill_null(pc.equal(sexes, sex), False)
        written = pc.if_else(mask, named, written)
    return written


def _replaced(values: pa.StringArray, pattern: str, replacement: str) -> pa.StringArray:
    return pc.replace_substring_regex(values, pattern=pattern, replacement=replacement)
