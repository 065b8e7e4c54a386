"""Find record ids among all ids of a side.

Ids of one length take few letters at each place, so each makes a whole number, and numbers are
found several times as fast as texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Bytes, Ints
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.storage.key_order import letters_of

_ROOM = 1 << 63  # numbers there are
_CHUNK = 1 << 18  # ids worked at once, so that they stay in the cache


def find_rows(ids: pa.ChunkedArray, known: pa.Array) -> Ints:
    """Find the row of each id, -1 where it is unknown.

    Parameters
    ----------
    ids
        Text, shape (n,).
    known
        Text, shape (m,), each once, in any order.
    """
    alphabet = _Alphabet.of(known)
    if alphabet is None:
        return np.asarray(pc.index_in(ids, value_set=known).fill_null(-1).to_numpy(), np.int64)
    numbers = alphabet.numbers(known)
    order = None
    if (numbers[1:] < numbers[:-1]).any():
        order = np.argsort(numbers)
        numbers = numbers[order]
    found = np.empty(len(ids), np.int64)
    start = 0
    for chunk in ids.chunks:
        for part in _parts(chunk):
            found[start : start + len(part)] = _find(alphabet.numbers(part), numbers)
            start += len(part)
    return found if order is None else np.where(found >= 0, order[found], -1)


@dataclass(frozen=True)
class _Alphabet:
    """The letters that texts of one length have at each place.

    Parameters
    ----------
    low
        Shape (length,); the least.
    span
        Shape (length,); how many there can be.
    """

    low: Bytes
    span: Ints

    @classmethod
    def of(cls, texts: pa.Array) -> _Alphabet | None:
        """Read it off texts; None if they differ in length or are too many to be numbered."""
        lengths = pc.min_max(pc.binary_length(texts)).as_py()
        if texts.null_count or not lengths["max"] or lengths["min"] != lengths["max"]:
            return None
        parts = [letters_of(part) for part in _parts(texts)]
        low = np.min([part.min(axis=0) for part in parts], axis=0)
        span = np.max([part.max(axis=0) for part in parts], axis=0).astype(np.int64) - low + 1
        return cls(low, span) if prod(span.tolist()) <= _ROOM else None

    def numbers(self, texts: pa.Array) -> Ints:
        """Give each text its number, in their order; -1 where these letters cannot spell it."""
        return np.concatenate(
            [np.empty(0, np.int64), *(self._number(part) for part in _parts(texts))]
        )

    def _number(self, texts: pa.Array) -> Ints:
        letters, number = letters_of(texts), np.zeros(len(texts), np.int64)
        length = pc.binary_length(texts).fill_null(0).to_numpy(zero_copy_only=False)
        strange = length != len(self.low)
        if letters.shape[1] < len(self.low):
            return np.full(len(texts), -1)
        for place, (low, span) in enumerate(zip(self.low, self.span.tolist(), strict=True)):
            digit = letters[:, place] - low  # what is below wraps round and is too large
            strange |= digit >= span
            number *= span
            number += digit
        number[strange] = -1
        return number


def _find(wanted: Ints, numbers: Ints) -> Ints:
    # In order, so that searching walks through memory instead of jumping about.
    order = np.argsort(wanted)
    found = np.empty(len(wanted), np.int64)
    found[order] = places(wanted[order], numbers)
    return found


def _parts(texts: pa.Array) -> list[pa.Array]:
    return [texts.slice(start, _CHUNK) for start in range(0, len(texts), _CHUNK)]
