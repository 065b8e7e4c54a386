"""Wordings of a kind of text: tables of clauses with slots, and when each of them fits.

A table has the columns::

    part       texts have the parts in the order in which the table names them; a part whose name
               begins with "_" is a word that other wordings use
    language   en or cy
    terse, plain, full   how often a writer of that style chooses the wording; 0 is never
    when       facts that must hold, parted by spaces: `place=street|licensed`, `weapon!=none`
    wording    {slot} stands for a value or a word; an empty wording leaves the part out
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.reference import load

STYLES = ("terse", "plain", "full")
LANGUAGES = ("en", "cy")
_SLOT = re.compile(r"\{(\w+)\}")
_CONDITION = re.compile(r"(\w+)(!?=)(\S+)")


@dataclass(frozen=True)
class Condition:
    """A fact that must have one of some values, or none of them."""

    fact: str
    values: tuple[str, ...]
    wanted: bool

    def holds(self, labels: tuple[str, ...]) -> Mask:
        """Tell for each label of the fact, and last for an unknown one, whether it fits."""
        unknown = set(self.values) - set(labels)
        if unknown:
            raise SpecError(f"no wording can ask whether {self.fact} is {min(unknown)}")
        within = np.array([label in self.values for label in labels] + [False])
        return np.asarray(within == self.wanted)


@dataclass(frozen=True)
class Wording:
    """One way to word a part: its pieces, of which every other one is the name of a slot."""

    language: str
    weights: tuple[float, ...]
    conditions: tuple[Condition, ...]
    pieces: tuple[str, ...]

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the slots."""
        return self.pieces[1::2]


@dataclass(frozen=True)
class Wordings:
    """All wordings of a kind of text, by part, in order."""

    parts: Mapping[str, tuple[Wording, ...]]

    @property
    def words(self) -> tuple[str, ...]:
        """Parts that are words which other wordings use."""
        return tuple(name for name in self.parts if name.startswith("_"))

    @property
    def clauses(self) -> tuple[str, ...]:
        """Parts of which a text consists."""
        return tuple(name for name in self.parts if not name.startswith("_"))

    @property
    def slots(self) -> set[str]:
        """Slots that take a value."""
        used = {slot for part in self.parts.values() for one in part for slot in one.slots}
        return used - set(self.words)


@cache
def wordings(name: str) -> Wordings:
    """Read a table of wordings; cached.

    Parameters
    ----------
    name
        Of a table in `synth/reference`.

    Raises
    ------
    SpecError
        A condition cannot be read, or a word holds a slot.
    """
    parts: dict[str, list[Wording]] = {}
    for row in load(name).to_pylist():
        parts.setdefault(row["part"], []).append(_wording(row))
    for part, known in parts.items():
        if part.startswith("_") and any(one.slots for one in known):
            raise SpecError(f"{name}: {part} is a word, and holds a slot")
    return Wordings({part: tuple(known) for part, known in parts.items()})


def _wording(row: Mapping[str, Any]) -> Wording:
    conditions = []
    for words in str(row["when"]).split():
        found = _CONDITION.fullmatch(words)
        if not found:
            raise SpecError(f"{row['part']}: '{words}' is no condition; write fact=value|value")
        fact, sign, values = found.groups()
        conditions.append(Condition(fact, tuple(values.split("|")), sign == "="))
    weights = tuple(float(row[style]) for style in STYLES)
    pieces = tuple(_SLOT.split(str(row["wording"])))
    return Wording(str(row["language"]), weights, tuple(conditions), pieces)
