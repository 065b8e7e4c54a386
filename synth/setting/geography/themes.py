"""Names of estates: neighbouring streets called after trees, birds, poets and the like."""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load

if TYPE_CHECKING:
    from darkfigure.synth.setting.geography.street_names import Nameless

THEMES = ("tree", "bird", "flower", "poet", "castle", "water", "music", "regiment")
_KINDS = {
    False: ("Close", "Drive", "Way", "Crescent", "Grove", "Avenue", "Court", "Rise", "Gardens"),
    True: ("Clos", "Heol", "Ffordd", "Llys", "Rhodfa", "Maes", "Cilgant", "Lôn"),
}
_RUN = 6  # streets of an estate; assumed
_RATE = 0.12  # estates among runs of so many streets; assumed
_LONGEST = 72  # plots of a street in an estate; assumed


def theme_names(streets: Nameless, chance: Stream) -> tuple[NDArray[np.object_], Mask]:
    """Name the streets of estates.

    Parameters
    ----------
    streets
        All streets, in the order of their neighbourhoods.
    chance
        Stream of the geography; draws are keyed by estate.

    Returns
    -------
    Names, null for streets of no estate, and which are of an estate; each of shape (streets,).
    """
    turn = np.arange(len(streets.lsoa)) - np.searchsorted(streets.lsoa, streets.lsoa)
    estate = streets.lsoa << 6 | np.minimum(turn // _RUN, 63)
    in_estate = chance.happens("estate", estate, _RATE) & ~streets.country
    in_estate &= streets.size <= _LONGEST
    theme = chance.below("estate_theme", estate, len(THEMES))
    welsh = chance.happens("estate_language", estate, _share_of(streets.welsh, streets.lsoa))
    names = np.full(len(turn), None, object)
    for number, (name, in_welsh) in enumerate(product(THEMES, (False, True))):
        known = _combined(name, welsh=in_welsh)
        rows = np.flatnonzero(in_estate & (theme == number // len(_KINDS)) & (welsh == in_welsh))
        turn_in_town = _turns(streets.town[rows])
        rows, turn_in_town = (part[turn_in_town < len(known)] for part in (rows, turn_in_town))
        begin = chance.below("estate_words", streets.town[rows], len(known))
        names[rows] = known[(begin + turn_in_town) % len(known)]
    return names, np.array([name is not None for name in names])


def _share_of(mask: Mask, group: Ints) -> Floats:
    size = np.bincount(group)
    return np.asarray((np.bincount(group, mask) / np.maximum(size, 1))[group])


def _turns(group: Ints) -> Ints:
    """Count the rows of each group from 0."""
    order = np.argsort(group, kind="stable")
    turn = np.empty(len(group), np.int64)
    turn[order] = np.arange(len(group)) - np.searchsorted(group[order], group[order])
    return turn


@cache
def _combined(theme: str, *, welsh: bool) -> NDArray[np.object_]:
    """Combine a theme's words with kinds of streets, so that words change first."""
    table = load("street_elements")
    language, group = (table[name].to_numpy() for name in ("language", "group"))
    words = table["element"].to_numpy()[(language == ("cy" if welsh else "en")) & (group == theme)]
    kinds = _KINDS[welsh]
    pairs = [
        (words[number], kinds[(number * 5 + number // 3 + turn) % len(kinds)])
        for turn in range(len(kinds))
        for number in range(len(words))
    ]
    names = [f"{kind} {word}" if welsh else f"{word} {kind}" for word, kind in pairs]
    common = set(load("street_names")["name"].to_pylist())
    return np.array([name for name in names if name not in common], object)
