"""Numbers of attendances, and of the ambulance incidents that departments note."""

from __future__ import annotations

import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled


def ambulance_numbers(ids: Ints, chance: Stream) -> pa.StringArray:
    """Give the ambulance service's incidents the numbers that departments note.

    Parameters
    ----------
    ids
        Ids of the attendances, or of incidents that came to no department, shape (n,).
    chance
        The world's stream.
    """
    return scrambled("ambulance", ids, prefix="A", digits=12, chance=chance.stage("ed"))


def attendance_numbers(ids: Ints, chance: Stream) -> pa.StringArray:
    """Give attendances the departments' numbers; parameters as of `ambulance_numbers`."""
    return scrambled("attendance", ids, prefix="ED", digits=12, chance=chance.stage("ed"))
