"""Draws of single records, thousands of decisions each, at a tenth of the price of `Stream`.

`Stream` seeds every record once. A decision then takes a number of the record's own SplitMix64
sequence, at the place that the decision's name gives. So a draw still depends on the world, the
record and the decision alone.

References
----------
Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Words

_CHUNK = 16_384  # words that stay in the second-level cache
_SHIFTS = tuple(np.uint64(bits) for bits in (30, 27, 31))
_FACTORS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@cache
def decision(name: str) -> np.uint64:
    """Give a decision its place in every record's sequence."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()))


def thrown(seeds: Words, name: str) -> Words:
    """Draw 64 random bits for each record.

    Parameters
    ----------
    seeds
        Seeds of the records, shape (n,), as `Stream.words` gives them.
    name
        Name of the decision.

    Returns
    -------
    Shape (n,).
    """
    place, out = decision(name), np.empty(len(seeds), np.uint64)
    for start in range(0, len(seeds), _CHUNK):
        part = slice(start, start + _CHUNK)
        _mix(np.add(seeds[part], place, out=out[part]))
    return out


def uniform(seeds: Words, name: str) -> Floats:
    """Draw from [0, 1), 53 bits, for each record.

    Parameters
    ----------
    seeds
        Seeds of the records, shape (n,), as `Stream.words` gives them.
    name
        Name of the decision.

    Returns
    -------
    Shape (n,).
    """
    return (thrown(seeds, name) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mix(words: Words) -> None:
    shifted = np.empty_like(words)
    for bits, factor in zip(_SHIFTS, _FACTORS, strict=False):
        words ^= np.right_shift(words, bits, out=shifted)
        words *= factor
    words ^= np.right_shift(words, _SHIFTS[-1], out=shifted)
