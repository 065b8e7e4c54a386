"""Faults of coded fields: the wrong entry of a list."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from synth.entry.cells import Cells

# Meanings, in any code list of `synth.schema`, that say nothing of the person.
_SAYS_NOTHING = frozenset({"unknown", "not known", "not specified"})


def miscoded(cells: Cells) -> pa.StringArray:
    """Write another code of the list, one that says something."""
    says, _ = _code_lists(cells)
    place = pc.fill_null(pc.index_in(cells.values, says), -1).to_numpy()
    coded = place >= 0
    if len(says) < 2 or not coded.any():
        return cells.values
    step = 1 + cells.chance.below("code", cells.ids, len(says) - 1)
    other = says.take(pa.array(((place + step) % len(says))[coded]))
    return pc.replace_with_mask(cells.values, pa.array(coded), other)


def unknown_code(cells: Cells) -> pa.StringArray:
    """Write one of the codes that say "not known" instead of one that says something."""
    says, nothing = _code_lists(cells)
    coded = pc.is_in(cells.values, says).to_numpy(zero_copy_only=False)
    if not len(nothing) or not coded.any():
        return cells.values
    drawn = cells.chance.below("code", cells.ids[coded], len(nothing))
    return pc.replace_with_mask(cells.values, pa.array(coded), nothing.take(pa.array(drawn)))


def _code_lists(cells: Cells) -> tuple[pa.StringArray, pa.StringArray]:
    """Give the codes that say something, and those that say nothing."""
    codes = cells.column.codes
    says = [code for code, meaning in codes.items() if meaning not in _SAYS_NOTHING]
    nothing = [code for code in codes if code not in says]
    return pa.array(says, pa.string()), pa.array(nothing, pa.string())
