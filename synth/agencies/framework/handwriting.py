"""How the staff of an agency write free text: style, case, language and typing errors."""

from __future__ import annotations

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.text import Manner
from darkfigure.synth.text.pieces import CASES

_AS_WRITTEN, _UPPER, _LOWER = range(len(CASES))
_MOST_SLIPS = 0.05  # typing errors per letter; assumed


class Handwriting(Spec):
    """Habits of the staff; all assumed."""

    slip_rate: Rate = 0.0015
    """Typing errors per letter, mean."""
    slip_sd_log: Amount = 0.9
    """Of the log of that rate, over staff."""
    upper_rate: Rate = 0.15
    """Staff who write in capitals."""
    lower_rate: Rate = 0.06
    """Staff who write without capitals."""
    welsh_staff_rate: Rate = 0.5
    """Staff who write Welsh at work, of the neighbourhood's share of speakers."""
    welsh_rate: Rate = 0.6
    """Texts that these write in Welsh, of the neighbourhood's share of speakers."""


def written_by(
    hand: Handwriting, writer: Ints, style: Ints, speakers: Floats, ids: Ints, chance: Stream
) -> Manner:
    """Give the manner of each text.

    Parameters
    ----------
    hand
        Habits of the staff.
    writer
        Number of the member of staff, shape (n,).
    style
        Index into `wordings.STYLES`, shape (n,).
    speakers
        Share of Welsh speakers where the text is written, shape (n,).
    ids
        Of the texts, shape (n,).
    chance
        Stream of the agency's texts.
    """
    spread = np.exp(hand.slip_sd_log * chance.normal("slips", writer) - hand.slip_sd_log**2 / 2)
    habit = chance.uniform("case", writer)
    case = np.where(habit < hand.upper_rate, _UPPER, _AS_WRITTEN)
    case = np.where(habit > 1 - hand.lower_rate, _LOWER, case)
    bilingual = chance.happens("writes Welsh", writer, hand.welsh_staff_rate * speakers)
    welsh = bilingual & chance.happens("in Welsh", ids, hand.welsh_rate * speakers)
    return Manner(
        style=style,
        language=welsh.astype(np.int64),
        case=case,
        slips=np.minimum(hand.slip_rate * spread, _MOST_SLIPS),
    )
