"""Names of public places and the streets in which they stand; every name is invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography import addresses, wales
from darkfigure.synth.setting.premises import name_words, premises_names
from darkfigure.synth.setting.school_names import school_names
from darkfigure.synth.setting.schools import school_rows
from darkfigure.synth.setting.siting import landmarks

_WELSH_RATE = 0.6  # Welsh names, times the share of Welsh speakers; assumed, as of pubs
_OWN_NAMES = {
    "station": "{name} railway station",
    "bus_station": "{name} bus station",
    "hospital": "{name}",
    "custody": "{name} custody suite",
}


@dataclass(frozen=True)
class Named:
    """Places that are to be named; arrays have one entry per place."""

    kind: Ints
    lsoa: Ints
    number: Ints
    key: Ints
    code: Ints

    def at(self, rows: Ints) -> Named:
        """Select some of them."""
        parts = (self.kind, self.lsoa, self.number, self.key, self.code)
        return Named(*(part[rows] for part in parts))


def place_names(named: Named, kinds: Sequence[str], chance: Stream) -> pa.StringArray:
    """Name places.

    Parameters
    ----------
    named
        The places.
    kinds
        What their kinds are called.
    chance
        The world's stream; draws are keyed by place.

    Returns
    -------
    Shape (n,); null for streets.
    """
    names = np.full(len(named.kind), None, object)
    for number, kind in enumerate(kinds):
        rows = np.flatnonzero(named.kind == number)
        if len(rows):
            names[rows] = _of_kind(named.at(rows), kind, chance)
    return pa.array(names, pa.string())


def place_streets(named: Named, chance: Stream) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    """Give the street and post town of places, as addresses of the neighbourhood have them.

    Parameters
    ----------
    named
        The places.
    chance
        The world's stream; draws are keyed by place.
    """
    dwelling = chance.stage("places").below("street", named.key, wales().households[named.lsoa])
    there = addresses(named.lsoa, dwelling, chance.stage("lives").stage("geography"))
    return there.street, there.town


def _of_kind(named: Named, kind: str, chance: Stream) -> object:
    if kind in {"pub", "bar", "nightclub"}:
        return premises_names(named.lsoa, named.number, chance).to_pylist()
    if kind == "school":
        return school_names().take(pa.array(school_rows(named.code))).to_pylist()
    if kind in _OWN_NAMES:
        named_after = landmarks()["name"].to_pylist()
        # The lowest bits of a landmark's key are its row.
        rows = named.key & (1 << 16) - 1
        return [_OWN_NAMES[kind].format(name=named_after[row]) for row in rows.tolist()]
    return _invented(named, kind, chance)


def _invented(named: Named, kind: str, chance: Stream) -> list[str | None]:
    """Make names from the patterns of a kind, in Welsh more often where more speak it."""
    own = chance.stage("places").stage("names")
    names = np.full(len(named.key), None, object)
    welsh = own.happens("welsh", named.key, _WELSH_RATE * wales().welsh_speaker_rate[named.lsoa])
    for language, here in (("en", ~welsh), ("cy", welsh)):
        names[here] = _in_language(named.key[here], kind, language, own)
    return names.tolist()


def _in_language(key: Ints, kind: str, language: str, chance: Stream) -> list[str | None]:
    table = load("place_titles")
    own = pc.and_(pc.equal(table["kind"], kind), pc.equal(table["language"], language))
    patterns = table.filter(own)["pattern"].to_pylist()
    if not patterns:
        return [None] * len(key)
    which = chance.below(f"{language}_pattern", key, len(patterns)).tolist()
    first, second = (words.to_pylist() for words in name_words(key, language, chance))
    return [
        patterns[chosen].format(first=one, second=other)
        for chosen, one, other in zip(which, first, second, strict=True)
    ]
