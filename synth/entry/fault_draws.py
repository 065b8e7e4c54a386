"""Draws of the records that a fault strikes.

Most draws only say "no", so eight faults share the 64 bits of one draw, a lane each, and the few
that may say "yes" are drawn to full precision. The outcome equals that of a draw for each fault: a
fault strikes if its number in [0, 1) is below its rate, so that a higher rate only adds records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Bytes, Floats, Ints, Words
from darkfigure.synth.core.record_draws import thrown, uniform

Rows = Ints
Lanes = Bytes

_LANES = 8
_CHUNK = 16_384  # words that stay in the second-level cache
_STEPS = 256  # values of one lane
_MARGIN = 1 + 1e-6  # more than single precision can round away; no rate
_COOL = 3.0  # times the mean intensity: the few records above are looked at apart; no rate
_FEW = (
    16  # steps of a lane: rates that reach no further at such an intensity are looked for at once
)
_TOPS = np.uint64(0x8080808080808080)


@dataclass(frozen=True)
class Odds:
    """Multipliers on the records' fault rates.

    Parameters
    ----------
    intensity
        Shape (n,).
    scaled
        The intensity in steps of a lane, rounded up, shape (n,).
    cool
        An intensity that few records exceed; it only affects the time.
    """

    intensity: Floats
    scaled: NDArray[np.float32]
    cool: float

    @classmethod
    def of(cls, intensity: Floats) -> Odds:
        """Prepare the intensities of n records."""
        scaled = (intensity * (_STEPS * _MARGIN)).astype(np.float32)
        return cls(intensity, scaled, _COOL * float(intensity.mean()) if len(intensity) else 0.0)


@dataclass(frozen=True)
class _Drawn:
    """Eight lanes of n records, and the lanes of records in which a rare fault may strike."""

    lanes: Lanes  # (n, 8)
    rows: Rows
    near: Lanes  # (8, rows)
    scaled: NDArray[np.float32]  # of the rows


class FaultDraws:
    """Draws of all faults of one field.

    Parameters
    ----------
    place
        Name of the field.
    seeds
        Seeds of the records, shape (n,).
    odds
        Multipliers of the records.
    rates
        Rate of each fault at intensity 1, by its number within the field.
    """

    def __init__(self, place: str, seeds: Words, odds: Odds, rates: Mapping[int, float]) -> None:
        self._place = place
        self._seeds = seeds
        self._odds = odds
        self._rates = rates
        self._drawn: dict[int, _Drawn] = {}

    def rows(self, slot: int, *, mirrored: bool = False, odds: Odds | None = None) -> Rows:
        """Give the rows that a fault strikes, each with probability rate times intensity.

        Parameters
        ----------
        slot
            The fault's number within the field.
        mirrored
            Read the slot's draw from its upper end. A record struck from there is not struck from
            the lower end, as long as both probabilities add up to 1 or less.
        odds
            Multipliers of this fault; None takes those of all.
        """
        rate, at = self._rates[slot], odds or self._odds
        near, lane = self._near(slot, mirrored=mirrored, odds=odds)
        rest = uniform(self._seeds[near], f"{self._place} {slot}")
        drawn = (lane + (1 - rest if mirrored else rest)) / _STEPS
        return near[drawn < at.intensity[near] * rate]

    def _near(self, slot: int, *, mirrored: bool, odds: Odds | None) -> tuple[Rows, Lanes]:
        """Give the rows that the first eight bits do not rule out, and those bits."""
        draw, number = divmod(slot, _LANES)
        if draw not in self._drawn:
            self._drawn[draw] = self._draw(draw)
        drawn, rate = self._drawn[draw], np.float32(self._rates[slot] * _MARGIN)
        if self._limit(self._rates[slot]) and not mirrored and odds is None:
            lane = drawn.near[number]
            maybe = np.flatnonzero(lane <= drawn.scaled * rate)
            return drawn.rows[maybe], lane[maybe]
        lane = drawn.lanes[:, number]
        if mirrored:
            lane = np.uint8(_STEPS - 1) - lane
        rows = np.flatnonzero(lane <= (odds or self._odds).scaled * rate)
        return rows, lane[rows]

    def _draw(self, draw: int) -> _Drawn:
        own = [self._rates.get(draw * _LANES + lane, 0.0) for lane in range(_LANES)]
        limits = [self._limit(rate) for rate in own]
        limit = np.uint64(int.from_bytes(bytes(limits), "little"))
        words, rows = np.empty(len(self._seeds), "<u8"), [np.empty(0, np.int64)]
        for start in range(0, len(words), _CHUNK):
            part = slice(start, start + _CHUNK)
            # The byte order is fixed, so that every machine reads the same lanes.
            drawn = words[part] = thrown(self._seeds[part], f"{self._place} lanes {draw}")
            # Subtracting its limit carries into the top bit of a lane that lies below it.
            rare = ((drawn - limit) & ~drawn & _TOPS) != 0
            rows.append(
                start + np.flatnonzero(rare | (self._odds.intensity[part] > self._odds.cool))
            )
        near, lanes = np.concatenate(rows), words.view(np.uint8).reshape(-1, _LANES)
        columns = np.ascontiguousarray(lanes[near].T)
        return _Drawn(lanes, near, columns, self._odds.scaled[near])

    def _limit(self, rate: float) -> int:
        """Give the step below which all strikes of cool records lie, or 0 if that is too high."""
        limit = int(self._odds.cool * _STEPS * rate * _MARGIN**2) + 1
        return limit if rate and limit <= _FEW else 0
