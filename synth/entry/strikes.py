"""Which records a fault strikes.

Most draws only say "no", so eight faults share the 64 bits of one draw, and the few that may say
"yes" are drawn to full precision. The outcome is what a draw for each fault would give: a fault
strikes where its number in [0, 1) is below its rate, so that a higher rate only adds records.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from synth.chance import Floats, Stream

_LANES = 8
_STEPS = 256  # values of one lane
_MARGIN = 1 + 1e-6  # more than single precision can round away


class Strikes:
    """Draws of all faults that may befall one field.

    Parameters
    ----------
    chance
        Stream of the field.
    ids
        Shape (n,); the records.
    intensity
        Shape (n,); by what the rates are multiplied for each record.
    """

    def __init__(self, chance: Stream, ids: NDArray[np.int64], intensity: Floats) -> None:
        self._chance = chance
        self._ids = ids
        self._intensity = intensity
        self._scaled = (intensity * (_STEPS * _MARGIN)).astype(np.float32)
        self._drawn: dict[int, NDArray[np.uint8]] = {}

    def rows(self, slot: int, rate: float, *, mirrored: bool = False) -> NDArray[np.int64]:
        """Give the rows that a fault strikes.

        Parameters
        ----------
        slot
            The fault's number within the field.
        rate
            Chance of a strike at intensity 1; times the intensity it may exceed 1.
        mirrored
            Read the slot's draw from its upper end, so that what strikes there strikes no
            record that is struck from the lower end, as long as both chances add up to 1 or less.
        """
        lane = self._lane(slot)
        if mirrored:
            lane = np.uint8(_STEPS - 1) - lane
        near = np.flatnonzero(lane <= self._scaled * np.float32(rate))
        rest = self._chance.uniform(f"slot {slot}", self._ids[near])
        drawn = (lane[near] + (1 - rest if mirrored else rest)) / _STEPS
        return near[drawn < self._intensity[near] * rate]

    def _lane(self, slot: int) -> NDArray[np.uint8]:
        draw, lane = divmod(slot, _LANES)
        if draw not in self._drawn:
            words = self._chance.words("strike", self._ids, draw=draw)
            # The byte order is fixed, so that every machine reads the same lanes.
            self._drawn[draw] = words.astype("<u8").view(np.uint8).reshape(-1, _LANES)
        return self._drawn[draw][:, lane]
