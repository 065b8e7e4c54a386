"""Faults of the fingers at a keyboard."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.entry.faults.cells import StruckCells, StruckTexts
from darkfigure.synth.entry.faults.letters import (
    ASCII,
    LOWER,
    OTHER,
    UPPER,
    Letters,
    Substitutes,
    chosen,
    kinds,
)

# Rows of a British keyboard, each with its indent in widths of a key. Source: well known
_ROWS = (("1234567890", 0.0), ("qwertyuiop", 0.5), ("asdfghjkl", 0.75), ("zxcvbnm", 1.25))
_REACH = 1.2  # from the middle of a key to the middle of a key that touches it; assumed


def _neighbours() -> str:
    keys = {
        key: complex(place + indent, height)
        for height, (row, indent) in enumerate(_ROWS)
        for place, key in enumerate(row)
    }
    # A digit among letters is seen at once, so that such slips do not survive.
    near = {
        key: [other for other, there in keys.items() if 0 < abs(there - here) < _REACH]
        for key, here in keys.items()
    }
    return " ".join(
        f"{key}>{''.join(other for other in others if other.isdigit() == key.isdigit())}"
        for key, others in near.items()
    )


_NEIGHBOURS = Substitutes.of(_neighbours())


def keyboard_slip(cells: StruckTexts) -> pa.StringArray:
    """Write a neighbouring key in place of one letter or digit, in the same case."""
    return substitute(cells, _NEIGHBOURS)


def substitute(cells: StruckTexts, table: Substitutes) -> pa.StringArray:
    """Replace one letter of each text by a letter that a table gives for it.

    Parameters
    ----------
    cells
        The struck cells.
    table
        Substitutes of each letter.
    """
    letters = Letters.read(cells.values)
    counts = np.where(letters.points < ASCII, table.counts[letters.points % ASCII], 0)
    places, able = chosen(counts > 0, cells.uniform("place"))
    old = letters.at(places) % ASCII
    drawn = cells.below("letter", np.maximum(1, table.counts[old]))
    paste = table.options[old, drawn][:, None]
    once = able.astype(np.int64)
    return letters.splice(places, once, paste=paste, pasted=once).text()


def dropped_letter(cells: StruckTexts) -> pa.StringArray:
    """Leave out one letter or digit, but not a capital that opens a word."""
    letters = Letters.read(cells.values)
    sites = _easily_missed(letters) & (letters.lengths > 1)[:, None]
    places, able = chosen(sites, cells.uniform("place"))
    nothing = np.zeros_like(places)
    empty = np.zeros((len(places), 1), np.uint32)
    return letters.splice(places, able.astype(np.int64), paste=empty, pasted=nothing).text()


def doubled_letter(cells: StruckTexts) -> pa.StringArray:
    """Write one letter or digit twice, but not a capital that opens a word."""
    letters = Letters.read(cells.values)
    places, able = chosen(_easily_missed(letters), cells.uniform("place"))
    paste = letters.at(places)[:, None]
    nothing = np.zeros_like(places)
    return letters.splice(places, nothing, paste=paste, pasted=able.astype(np.int64)).text()


def swapped_letters(cells: StruckTexts) -> pa.StringArray:
    """Write two neighbouring letters of one case, or two digits, in the wrong order."""
    letters = Letters.read(cells.values)
    kind = kinds(letters.points)
    alike = (kind[:, :-1] == kind[:, 1:]) & (kind[:, 1:] != OTHER)
    sites = np.zeros_like(letters.inside)
    sites[:, :-1] = alike & (letters.points[:, :-1] != letters.points[:, 1:])
    places, able = chosen(sites, cells.uniform("place"))
    following = letters.at(np.minimum(places + 1, sites.shape[1] - 1))
    paste = np.stack([following, letters.at(places)], axis=1)
    both = 2 * able.astype(np.int64)
    return letters.splice(places, both, paste=paste, pasted=both).text()


def upper_case(cells: StruckCells) -> pa.StringArray:
    """Write the whole text in capitals."""
    return cells.each(pc.utf8_upper)


def _easily_missed(letters: Letters) -> Mask:
    kind = kinds(letters.points)
    following = np.zeros_like(kind)
    following[:, :-1] = kind[:, 1:]
    opens_word = (kind == UPPER) & (following == LOWER)
    missed: Mask = (kind != OTHER) & ~opens_word
    return missed
