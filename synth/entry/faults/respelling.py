"""Rules that write one group of letters for another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.entry.faults.cells import StruckCells
from darkfigure.synth.entry.faults.letters import (
    LOWER,
    UPPER,
    Letters,
    Places,
    bases,
    capitals,
    chosen,
    kinds,
)


@dataclass(frozen=True)
class Respelling:
    """One group of letters written for another, without regard to case or diacritics.

    Parameters
    ----------
    group
        The letters to replace; `^` before or `$` after ties them to the text's begin or end.
    written
        The letters to write instead.
    """

    group: str
    written: str

    @property
    def letters(self) -> str:
        """The letters to replace, without the marks of begin and end."""
        return self.group.strip("^$")

    def sites(self, page: Folded) -> Sites:
        """Find the texts that hold the group, and its places in them."""
        begins, last = self.group.startswith("^"), page.shape[1] - len(self.letters) + 1
        last = 1 if begins and last > 0 else max(0, last)
        rows = page.beginning(self.letters) if begins and last else page.holding(self.letters)
        where = page.where(self.letters[0])[rows, :last]
        for step, letter in enumerate(self.letters[1:], 1):
            where &= page.where(letter)[rows, step : last + step]
        if len(self.letters) == 1:
            where &= ~page.doubled[rows, :last]
        if self.group.endswith("$"):
            where &= page.places[:last] == (page.lengths[rows] - len(self.letters))[:, None]
        return Sites(rows, where)


class Sites(NamedTuple):
    """Texts that may hold a group, and its places: shapes (m,) and (m, places)."""

    rows: Places
    where: Mask

    def of(self, rows: Places) -> Mask:
        """Tell where the group stands in some of these texts."""
        places: Mask = self.where[np.searchsorted(self.rows, rows)]
        return places


class Folded:
    """Texts in small letters without diacritics, and the places of each letter in them."""

    def __init__(self, letters: Letters) -> None:
        self._points = bases(letters.points)
        self.shape = self._points.shape
        self.lengths = letters.lengths
        self.places = np.arange(self.shape[1])
        self._where: dict[str, Mask] = {}
        self._holders: dict[str, Mask] = {}

    def holding(self, letters: str) -> Places:
        """Give the texts that have all of some letters, in any place."""
        holders = np.ones(self.shape[0], np.bool_)
        for letter in letters:
            if letter not in self._holders:
                self._holders[letter] = np.logical_or.reduce(self.where(letter), axis=1)
            holders &= self._holders[letter]
        return np.flatnonzero(holders)

    def beginning(self, letters: str) -> Places:
        """Give the texts that begin with some letters, at most as many as the widest text has."""
        begun = np.ones(self.shape[0], np.bool_)
        for step, letter in enumerate(letters):
            begun &= self.where(letter)[:, step]
        return np.flatnonzero(begun)

    def where(self, letter: str) -> Mask:
        """Mark the places of a letter, shape (n, width)."""
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


def rules(text: str) -> tuple[Respelling, ...]:
    """Read rules `group>written`, separated by spaces."""
    return tuple(Respelling(*rule.split(">")) for rule in text.split())


def respell(cells: StruckCells, table: tuple[Respelling, ...]) -> pa.StringArray:
    """Apply to each text one of the rules that fit it, at one of the places where it fits.

    Parameters
    ----------
    cells
        The struck cells.
    table
        The rules, all equally likely.
    """
    letters = Letters.read(cells.values)
    folded = Folded(letters)
    sites = [rule.sites(folded) for rule in table]
    fits = np.zeros((len(cells.values), len(table)), np.bool_)
    for number, site in enumerate(sites):
        fits[site.rows, number] = site.where.any(axis=1)
    choice, able = chosen(fits, cells.uniform("rule"))
    draws = cells.uniform("place")
    places = np.zeros(len(choice), np.int64)
    for number in np.unique(choice[able]):
        rows = np.flatnonzero(able & (choice == number))
        places[rows], _ = chosen(sites[number].of(rows), draws[rows])
    return _write(letters, table, choice, places=places, able=able).text()


def _write(
    letters: Letters, table: tuple[Respelling, ...], choice: Places, *, places: Places, able: Mask
) -> Letters:
    longest = max(len(rule.written) for rule in table)
    spelt = np.array([[ord(c) for c in rule.written.ljust(longest)] for rule in table], np.uint32)
    cut = np.array([len(rule.letters) for rule in table])[choice] * able
    pasted = np.array([len(rule.written) for rule in table])[choice] * able
    kind = kinds(letters.points)
    shouted = ~(kind == LOWER).any(axis=1) & ((kind == UPPER).sum(axis=1) > 1)
    raised = np.repeat(shouted[:, None], longest, axis=1)
    raised[:, 0] |= kind[np.arange(len(places)), places] == UPPER
    paste = np.where(raised, capitals(spelt[choice]), spelt[choice])
    return letters.splice(places, cut, paste=paste, pasted=pasted)
