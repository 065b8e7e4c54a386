"""Free-text notes of reception clerks on the place of an assault."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.scene_names import scene_names
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import PLACE
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.setting.geography import addresses

# {name} is premises, {street} and {town} belong to the assault. All wording is invented.
_NAMED = {
    "licensed": ("{name}", "outside {name}", "{name}, {street}", "in {name} {town}", "{name} pub"),
    "street": ("{street}", "{street}, {town}", "near {street}", "corner of {street}", "{street} "),
}
_VAGUE = {
    "street": ("walking home", "in town", "street", "by the shops", "stryd", "car park"),
    "licensed": ("pub", "nightclub", "club in {town}", "tafarn", "outside a bar"),
    "own_home": ("home", "at home address", "own home", "gartref", "home addr"),
    "other_home": ("friends house", "house party", "someone elses flat", "relatives address"),
    "school": ("school", "school yard", "ysgol"),
    "other": ("work", "bus station", "park", "not stated", "taxi", "did not want to say"),
}
# Ends of notes: they repeat the method or the time, or give another time. Assumed.
_TAILS = ("", " - punched", " - assaulted", " approx {hour}:00", " ?{later}:30")
_TAIL_SHARES = (0.78, 0.07, 0.06, 0.05, 0.04)
_DWELLINGS = 400  # of a neighbourhood, one of which names a street nearby; assumed
_UPPER_RATE = 0.2  # notes in capitals; assumed


@dataclass(frozen=True)
class Noted:
    """Assaults whose place is written down; arrays have one entry per assault."""

    ids: Ints
    place: Ints  # index into schema.PLACE, as the clerk understood it
    lsoa: Ints
    site: Ints  # row of `setting.places.places`, -1 where the note is about another place
    occurred_s: Ints


def place_texts(noted: Noted, named_rate: float, chance: Stream) -> pa.StringArray:
    """Write a note on the place of each assault.

    Parameters
    ----------
    noted
        The assaults.
    named_rate
        Share of notes on licensed premises and streets that name one.
    chance
        The world's stream; draws are keyed by record, names by place.

    Returns
    -------
    Shape (n,).
    """
    own = chance.stage("ed").stage("note")
    named = own.happens("named", noted.ids, named_rate)
    label = np.array(list(PLACE))[noted.place]
    pattern = np.empty(len(label), object)
    for name, vague in _VAGUE.items():
        here = label == name
        forms = [(here & ~named, vague), (here & named, _NAMED.get(name, vague))]
        for chosen, choices in forms:
            picked = own.below("form", noted.ids[chosen], len(choices))
            pattern[chosen] = np.array(choices, object)[picked]
    tail = np.array(_TAILS, object)[own.pick("tail", noted.ids, _TAIL_SHARES)]
    text = _filled(pa.array(pattern + tail, pa.string()), noted, chance)
    upper = pa.array(own.happens("upper", noted.ids, _UPPER_RATE))
    return pc.utf8_trim_whitespace(pc.if_else(upper, pc.utf8_upper(text), text))


def _filled(text: pa.StringArray, noted: Noted, chance: Stream) -> pa.StringArray:
    """Put the names and times of each assault in the place of their marks."""
    dwelling = chance.stage("scene_names").below("dwelling", noted.ids, _DWELLINGS)
    near = addresses(noted.lsoa, dwelling, chance.stage("lives").stage("geography"))
    premises, street, town = scene_names(noted.site, noted.lsoa, near, noted.ids, chance)
    hour = noted.occurred_s % DAY_S // 3_600
    values = {
        "{name}": premises,
        "{street}": street,
        "{town}": town,
        "{hour}": pa.array(np.char.mod("%02d", hour), pa.string()),
        "{later}": pa.array(np.char.mod("%02d", (hour + 2) % 24), pa.string()),
    }
    for mark, value in values.items():
        text = _replace(text, mark, value)
    return text


def _replace(text: pa.StringArray, mark: str, value: pa.StringArray) -> pa.StringArray:
    """Replace the one mark in each text by that text's own value."""
    at = pc.find_substring(text, mark)
    rows = np.flatnonzero(at.to_numpy() >= 0)
    if not len(rows):
        return text
    picked = pa.array(rows)
    halves = pc.split_pattern(text.take(picked), mark, max_splits=1)
    parts = (pc.list_element(halves, 0), value.take(picked), pc.list_element(halves, 1))
    has_mark = np.zeros(len(text), bool)
    has_mark[rows] = True
    return pc.replace_with_mask(text, pa.array(has_mark), pc.binary_join_element_wise(*parts, ""))
