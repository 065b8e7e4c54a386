"""Languages as agencies hold them: of those whom they asked, and English where nobody did."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Rate, Spec
from darkfigure.synth.lives.languages import ENGLISH
from darkfigure.synth.schema import LANGUAGE, coded


class LanguageAsked(Spec):
    """How often an agency asks for people's language; assumed."""

    asked_rate: Rate = 0.5
    """People who are asked which language they would use."""
    asked_in_need_rate: Rate = 0.85
    """The same of people who cannot be spoken with otherwise."""
    defaulted_rate: Rate = 0.3
    """Of those whom nobody asks, people for whom English is entered all the same."""


def languages_asked(
    context: RecordingContext, row: Ints, ids: Ints, spec: LanguageAsked, chance: Stream
) -> dict[str, pa.Array]:
    """Write the columns `schema.LANGUAGE_COLUMNS` of some records.

    Parameters
    ----------
    context
        Recording context of the block.
    row
        Row in the block of the person of each record, shape (n,).
    ids
        Ids of the records, shape (n,).
    spec
        How often the agency asks.
    chance
        Stream of the agency; draws are keyed by record.
    """
    spoken = context.people.spoken
    needs = spoken.interpreter[row]
    rate = np.where(needs, spec.asked_in_need_rate, spec.asked_rate)
    asked = chance.happens("language_asked", ids, rate)
    defaulted = chance.happens("language_defaulted", ids, spec.defaulted_rate)
    known = np.where(asked, spoken.preferred[row], np.where(defaulted, ENGLISH, -1))
    return {
        "preferred_language": coded(known, LANGUAGE),
        "interpreter_needed": pa.array(needs, mask=~asked),
    }
