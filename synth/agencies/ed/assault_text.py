"""Free-text notes of reception clerks on the place of an assault."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.agencies.framework.scene_names import scene_names
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import PLACE
from darkfigure.synth.setting.calendar import HOUR_S
from darkfigure.synth.setting.geography import addresses
from darkfigure.synth.text import (
    Manner,
    Passages,
    Slot,
    Told,
    Trait,
    compose,
    mention_kinds,
    wordings,
)
from darkfigure.synth.text.pieces import CASES
from darkfigure.synth.text.times_said import times_said

_DWELLINGS = 400  # of a neighbourhood, one of which names a street nearby; assumed
_UPPER_RATE = 0.2  # notes in capitals; assumed
_LATER_S = 2 * HOUR_S + HOUR_S // 2  # of notes that give another time; assumed


@dataclass(frozen=True)
class Noted:
    """Assaults whose place is written down; arrays have one entry per assault."""

    ids: Ints
    place: Ints  # index into schema.PLACE, as the clerk understood it
    lsoa: Ints
    site: Ints  # row of `setting.places.places`, -1 where the note is about another place
    occurred_s: Ints


def place_texts(noted: Noted, named_rate: float, chance: Stream) -> Passages:
    """Write a note on the place of each assault; wordings in `reference/place_wordings.csv`.

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
    Texts, shape (n,), and their mentions.
    """
    own, count = chance.stage("ed").stage("note"), len(noted.ids)
    named = own.happens("named", noted.ids, named_rate)
    upper = own.happens("upper", noted.ids, _UPPER_RATE)
    manner = Manner(
        style=np.zeros(count, np.int64),
        language=np.zeros(count, np.int64),
        case=upper * CASES.index("upper"),
        slips=np.zeros(count),
    )
    traits = {
        "place": Trait(noted.place, tuple(PLACE)),
        "named": Trait(named.astype(np.int64), ("no", "yes")),
    }
    told = Told(noted.ids, traits, _slots(noted, chance), manner)
    return compose(wordings("place_wordings"), told, own)


def _slots(noted: Noted, chance: Stream) -> dict[str, Slot]:
    """Give the names and times of each assault."""
    dwelling = chance.stage("scene_names").below("dwelling", noted.ids, _DWELLINGS)
    near = addresses(noted.lsoa, dwelling, chance.stage("lives").stage("geography"))
    named = scene_names(noted.site, noted.lsoa, near, noted.ids, chance)
    slots = {
        name: Slot(text, mention_kinds.PLACE, noted.site)
        for name, text in zip(("name", "street", "town"), named, strict=True)
    }
    hour = noted.occurred_s // HOUR_S * HOUR_S
    times = {"hour": hour, "later": hour + _LATER_S}
    form = np.zeros(len(hour), np.int64)
    return slots | {
        name: Slot(times_said(second, form), mention_kinds.TIME) for name, second in times.items()
    }
