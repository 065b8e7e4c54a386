"""Free text: wordings put together from what happened, with the place of everything mentioned.

A text is a run of pieces: words of a wording, or the value of a slot, such as a name. Letters are
changed within pieces, and the text is read off at the end. So the span of a mention is exact,
whatever befell the text.
"""

from __future__ import annotations

from darkfigure.synth.text import mention_kinds
from darkfigure.synth.text.composer import Manner, Slot, Told, Trait, compose
from darkfigure.synth.text.passages import Passages
from darkfigure.synth.text.wordings import Wordings, wordings

__all__ = [
    "Manner",
    "Passages",
    "Slot",
    "Told",
    "Trait",
    "Wordings",
    "compose",
    "mention_kinds",
    "wordings",
]
