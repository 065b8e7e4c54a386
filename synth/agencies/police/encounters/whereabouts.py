"""Where people are met: near home, or where people of their authority go out."""

from __future__ import annotations

import numpy as np

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.town_centres import town_centres

# A neighbourhood draws people by its night life, beside those who live there: as much as so many
# residents per point of draw; assumed.
_PEOPLE_A_POINT = 2_000.0


def met_at(home: Ints, ids: Ints, near_rate: float, chance: Stream) -> Ints:
    """Draw the neighbourhood in which people are met.

    Parameters
    ----------
    home
        Neighbourhood of each home, shape (n,).
    ids
        Keys of the draws, shape (n,).
    near_rate
        Share met in the neighbourhood of their home; the others are elsewhere in the authority.
    chance
        Stream of the encounters.
    """
    geography = wales()
    weight = geography.residents + _PEOPLE_A_POINT * town_centres().draw
    edges = np.append(0.0, np.cumsum(weight))
    authority = geography.authority[home]
    first = np.searchsorted(geography.authority, authority, side="left")
    last = np.searchsorted(geography.authority, authority, side="right")
    place = edges[first] + chance.uniform("met_at", ids) * (edges[last] - edges[first])
    away = np.clip(np.searchsorted(edges, place, side="right") - 1, first, last - 1)
    return np.where(chance.happens("near_home", ids, near_rate), home, away)
