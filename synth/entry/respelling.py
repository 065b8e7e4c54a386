"""Rules that write one group of letters for another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from synth.entry.cells import Cells
from synth.entry.letters import (
    LOWER,
    UPPER,
    Letters,
    Mask,
    Places,
    Points,
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

    def sites(self, folded: Points, lengths: Places) -> Mask:
        """Say where the group stands; `folded` holds base letters, shape (n, width)."""
        n_letters = len(self.letters)
        sites = np.zeros(folded.shape, np.bool_)
        last = folded.shape[1] - n_letters + 1
        if last <= 0:
            return sites
        sites[:, :last] = True
        for step, letter in enumerate(self.letters):
            sites[:, :last] &= folded[:, step : last + step] == ord(letter)
        if n_letters == 1:
            sites &= ~_doubled(folded)
        if self.group.startswith("^"):
            sites[:, 1:] = False
        if self.group.endswith("$"):
            sites &= np.arange(folded.shape[1]) == (lengths - n_letters)[:, None]
        return sites


def _doubled(folded: Points) -> Mask:
    """Mark the letters of a pair, such as ff and ll: they stand for another sound."""
    alike = folded[:, 1:] == folded[:, :-1]
    doubled = np.zeros(folded.shape, np.bool_)
    doubled[:, 1:] |= alike
    doubled[:, :-1] |= alike
    return doubled


def rules(text: str) -> tuple[Rule, ...]:
    """Read rules written `group>written`, apart by spaces."""
    return tuple(Rule(*rule.split(">")) for rule in text.split())


def respell(cells: Cells, table: tuple[Rule, ...]) -> pa.StringArray:
    """Apply to each text one of the rules that fit it, at one of the places where it fits."""
    letters = Letters.read(cells.values)
    folded = bases(letters.points)
    fits = np.stack([rule.sites(folded, letters.lengths).any(axis=1) for rule in table], axis=1)
    which, able = chosen(fits, cells.chance.uniform("rule", cells.ids))
    draws = cells.chance.uniform("place", cells.ids)
    places = np.zeros(len(which), np.int64)
    for number in np.unique(which[able]):
        rows = np.flatnonzero(able & (which == number))
        sites = table[number].sites(folded[rows], letters.lengths[rows])
        places[rows], _ = chosen(sites, draws[rows])
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
