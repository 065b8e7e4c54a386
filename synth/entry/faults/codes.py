"""Faults of coded fields: the wrong entry of a list."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.entry.faults.cells import StruckCells

# Meanings, in any code list of `synth.schema`, that tell nothing about the person.
_SAYS_NOTHING = frozenset({"unknown", "not known", "not specified"})
# Codes of other systems and earlier versions for a meaning: NHS Data Dictionary (person gender,
# ethnic category), police self-defined ethnicity 16+1 and officer-defined IC codes.
_ELSEWHERE = {
    "male": ("M", "1", "Male", "m"),
    "female": ("F", "2", "Female", "f"),
    "unknown": ("U", "0", "X", "I"),
    "not known": ("U", "0", "X", "I"),
    "not specified": ("9", "I", "X"),
    "White": ("W1", "A", "IC1", "White British"),
    "Asian, Asian British or Asian Welsh": ("A9", "L", "IC4", "Asian - Other"),
    "Black, Black British, Black Welsh, Caribbean or African": ("B9", "P", "IC3", "Black - Other"),
    "Mixed or multiple ethnic groups": ("M9", "G", "Mixed - Other"),
    "Other ethnic group": ("O9", "S", "IC6", "Any other"),
}


def miscoded(cells: StruckCells) -> pa.StringArray:
    """Write another code of the list, but none for "not known"."""
    meaningful, _ = _code_lists(cells)
    place = pc.fill_null(pc.index_in(cells.values, meaningful), -1).to_numpy()
    coded = place >= 0
    if len(meaningful) < 2 or not coded.any():
        return cells.values
    step = 1 + cells.below("code", len(meaningful) - 1)
    other = meaningful.take(pa.array(((place + step) % len(meaningful))[coded]))
    return pc.replace_with_mask(cells.values, pa.array(coded), other)


def unknown_code(cells: StruckCells) -> pa.StringArray:
    """Write one of the codes for "not known"."""
    meaningful, unknown = _code_lists(cells)
    coded = pc.is_in(cells.values, meaningful).to_numpy(zero_copy_only=False)
    if not len(unknown) or not coded.any():
        return cells.values
    drawn = cells.below("code", len(unknown))[coded]
    return pc.replace_with_mask(cells.values, pa.array(coded), unknown.take(pa.array(drawn)))


def other_scheme(cells: StruckCells) -> pa.StringArray:
    """Write the code that another system, or an earlier version, has for the same meaning."""
    meanings = cells.column.codes
    most = max(map(len, _ELSEWHERE.values()))
    codes = pa.array(list(meanings), pa.string())
    place = pc.index_in(cells.values, codes)
    others = [_ELSEWHERE.get(meaning, ()) for meaning in meanings.values()]
    options = [
        pa.array(
            [
                codes_elsewhere[n] if n < len(codes_elsewhere) else code
                for code, codes_elsewhere in zip(meanings, others, strict=True)
            ]
        )
        for n in range(most)
    ]
    return cells.one_of([cells.instead(option.take(place)) for option in options])


def first_listed(cells: StruckCells) -> pa.StringArray:
    """Write the code at which the list opens."""
    first = next(iter(cells.column.codes), None)
    return cells.instead(pa.repeat(pa.scalar(first, pa.string()), len(cells.values)))


def _code_lists(cells: StruckCells) -> tuple[pa.StringArray, pa.StringArray]:
    """Give the codes with a meaning, and the codes for "not known"."""
    codes = cells.column.codes
    meaningful = [code for code, meaning in codes.items() if meaning not in _SAYS_NOTHING]
    unknown = [code for code in codes if code not in meaningful]
    return pa.array(meaningful, pa.string()), pa.array(unknown, pa.string())
