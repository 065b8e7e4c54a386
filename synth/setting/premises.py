"""Licensed premises of the simulation; every name is invented."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography import wales

PREMISES = 3  # licensed premises a neighbourhood that notes name; assumed
_WELSH_RATE = 0.6  # Welsh names, times the share of Welsh speakers; assumed


def premises_names(lsoa: Ints, number: Ints, chance: Stream) -> pa.StringArray:
    """Name licensed premises.

    Parameters
    ----------
    lsoa
        Number of the neighbourhood, shape (n,).
    number
        Of the premises in it, from 0, shape (n,).
    chance
        The world's stream; draws are keyed by premises.
    """
    # The first `PREMISES` of all neighbourhoods have the lowest keys, then come the next of each.
    turn, within = np.divmod(number, PREMISES)
    key = (turn * len(wales().code) + lsoa) * PREMISES + within
    chance = chance.stage("premises")
    welsh = chance.happens("welsh", key, _WELSH_RATE * wales().welsh_speaker_rate[lsoa])
    english = pc.binary_join_element_wise("The", *name_words(key, "en", chance), " ")
    cymraeg = pc.binary_join_element_wise(*name_words(key, "cy", chance), " ")
    return pc.if_else(pa.array(welsh), cymraeg, english)


def name_words(key: Ints, language: str, chance: Stream) -> list[pa.StringArray]:
    """Draw the two words of invented names in one language.

    Parameters
    ----------
    key
        Of the draws, shape (n,).
    language
        "en" or "cy".
    chance
        Stream of the draws.

    Returns
    -------
    First and second words, each of shape (n,).
    """
    table = load("licensed_names")
    table = table.filter(pc.equal(table["language"], language))
    drawn = []
    for part in ("first", "second"):
        words = table.filter(pc.equal(table["part"], part))["word"].combine_chunks()
        chosen = chance.below(f"{language}_{part}", key, len(words))
        drawn.append(words.take(pa.array(chosen)))
    return drawn
