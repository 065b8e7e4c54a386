"""Rules that write one group of letters for another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from synth.entry.cells import Cells
from synth.entry.letters import (
    LOWER,
    UPPER,
    Letters,
    Mask,
    Places,
    bases,
    capitals,
    chosen,
    kinds,
)


@dataclass(frozen=True)
class Rule:
    """One group of letters written for another, without regard to case or diacritics.

    Parameters
    ----------
    group
        The letters looked for; `^` before or `$` after ties them to the text's begin or end.
    written
        What is written instead.
    """

    group: str
    written: str

    @property
    def letters(self) -> str:
        """The letters looked for, without the marks of begin and end."""
        return self.group.strip("^$")

    def sites(self, page: Folded) -> Mask:
        """Say where the group stands, shape (n, width)."""
        sites = np.zeros(page.shape, np.bool_)
        last = page.shape[1] - len(self.letters) + 1
        if last <= 0:
            return sites
        if self.group.startswith("^"):
            last = 1
        found = sites[:, :last]
        found[:] = page.where(self.letters[0])[:, :last]
        for step, letter in enumerate(self.letters[1:], 1):
            found &= page.where(letter)[:, step : last + step]
        if len(self.letters) == 1:
            sites &= ~page.doubled
        if self.group.endswith("$"):
            sites &= page.places == (page.lengths - len(self.letters))[:, None]
        return sites


class Folded:
    """Texts in small letters without diacritics, and where each letter stands in them."""

    def __init__(self, letters: Letters) -> None:
        self._points = bases(letters.points)
        self.shape = self._points.shape
        self.lengths = letters.lengths
        self.places = np.arange(self.shape[1])
        self._where: dict[str, Mask] = {}

    def where(self, letter: str) -> Mask:
        """Mark a letter, shape (n, width)."""
        if letter not in self._where:
            self._where[letter] = self._points == ord(letter)
        return self._where[letter]

    @cached_property
    def doubled(self) -> Mask:
        """Mark the letters of a pair, such as ff and ll: they stand for another sound."""
        alike = self._points[:, 1:] == self._points[:, :-1]
        doubled = np.zeros(self.shape, np.bool_)
        doubled[:, 1:] |= alike
        doubled[:, :-1] |= alike
        return doubled


def rules(text: str) -> tuple[Rule, ...]:
    """Read rules written `group>written`, apart by spaces."""
    return tuple(Rule(*rule.split(">")) for rule in text.split())


def respell(cells: Cells, table: tuple[Rule, ...]) -> pa.StringArray:
    """Apply to each text one of the rules that fit it, at one of the places where it fits."""
    letters = Letters.read(cells.values)
    folded = Folded(letters)
    sites = [rule.sites(folded) for rule in table]
    fits = np.stack([site.any(axis=1) for site in sites], axis=1)
    which, able = chosen(fits, cells.uniform("rule"))
    draws = cells.uniform("place")
    places = np.zeros(len(which), np.int64)
    for number in np.unique(which[able]):
        rows = np.flatnonzero(able & (which == number))
        places[rows], _ = chosen(sites[number][rows], draws[rows])
    return _write(letters, table, which, places=places, able=able).text()


def _write(
    letters: Letters, table: tuple[Rule, ...], which: Places, *, places: Places, able: Mask
) -> Letters:
    longest = max(len(rule.written) for rule in table)
    spelt = np.array([[ord(c) for c in rule.written.ljust(longest)] for rule in table], np.uint32)
    cut = np.array([len(rule.letters) for rule in table])[which] * able
    pasted = np.array([len(rule.written) for rule in table])[which] * able
    kind = kinds(letters.points)
    shouted = ~(kind == LOWER).any(axis=1) & ((kind == UPPER).sum(axis=1) > 1)
    raised = np.repeat(shouted[:, None], longest, axis=1)
    raised[:, 0] |= kind[np.arange(len(places)), places] == UPPER
    paste = np.where(raised, capitals(spelt[which]), spelt[which])
    return letters.splice(places, cut, paste=paste, pasted=pasted)
