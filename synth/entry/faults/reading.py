"""Faults of the eye: a letter is misread in handwriting, a scan or on a bad screen."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Mask
from darkfigure.synth.entry.faults.cells import StruckCells
from darkfigure.synth.entry.faults.letters import (
    ASCII,
    DIGIT,
    OTHER,
    Letters,
    Points,
    Substitutes,
    chosen,
    kinds,
)
from darkfigure.synth.entry.faults.typing import substitute

# Shapes that are close in English handwriting; the list is assumed, and all are equally likely.
_HANDWRITING = Substitutes.of(
    "a>ou o>a e>ci c>e i>lj l>it t>fl f>t n>mur m>nw u>vna v>ur r>vn h>nbk b>h g>qy y>g q>g w>m "
    "k>h j>i s>z z>s 0>6 1>7 7>1 3>8 8>3 5>6 6>05 4>9 9>4 2>7"
)
_LETTER_OR_DIGIT = Substitutes.of("0>O 1>I 5>S 8>B 2>Z 6>G 7>T o>0 i>1 s>5 b>8 z>2 g>6 t>7")


def misread(cells: StruckCells) -> pa.StringArray:
    """Write a letter or digit of like shape for one letter or digit."""
    return substitute(cells, _HANDWRITING)


def letter_for_digit(cells: StruckCells) -> pa.StringArray:
    """Write a letter for one digit of like shape, or a digit for one letter."""
    return substitute(cells, _LETTER_OR_DIGIT)


def wrong_character(cells: StruckCells) -> pa.StringArray:
    """Write another letter for one of A to Z, or another digit for one digit."""
    letters = Letters.read(cells.values)
    return another_character(cells, letters, letters.inside)


def another_character(cells: StruckCells, letters: Letters, sites: Mask) -> pa.StringArray:
    """Write another character of its kind for one plain letter or digit.

    Parameters
    ----------
    cells
        The struck cells.
    letters
        Their texts.
    sites
        Places that may be changed, shape (n, width).
    """
    plain = (kinds(letters.points) != OTHER) & (letters.points < ASCII)
    places, able = chosen(sites & plain, cells.uniform("place"))
    old = letters.at(places)
    paste = _another(old, cells.uniform("character"))[:, None]
    once = able.astype(np.int64)
    return letters.splice(places, once, paste=paste, pasted=once).text()


def _another(old: Points, draws: Floats) -> Points:
    digit = kinds(old) == DIGIT
    first = np.where(digit, ord("0"), np.where(old < ord("a"), ord("A"), ord("a")))
    size = np.where(digit, 10, 26)
    step = 1 + (draws * (size - 1)).astype(np.int64)
    other: Points = (first + (old - first + step) % size).astype(np.uint32)
    return other
