"""Kinds of mentions, as indices into `schema.MENTION`."""

from __future__ import annotations

from darkfigure.synth.schema.codes import MENTION

NO_MENTION = -1
PERSON, PLACE, ADDRESS, DATE, TIME, TELEPHONE, IDENTIFIER = range(len(MENTION))
