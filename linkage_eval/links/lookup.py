"""Lookup of record ids among all ids of a side.

Ids of one length have few different letters at each place, so each makes a whole number, and
numbers are looked up several times as fast as texts.
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

_ROOM = 1 << 63  # numbers that an int64 can hold
_CHUNK = 1 << 18  # ids handled at once, so that they stay in the cache


def find_rows(ids: pa.ChunkedArray, known: pa.Array) -> Ints:
    """Find the row of each id.

    Parameters
    ----------
    ids
        Text, shape (n,).
    known
        Text, shape (m,), each once, in any order.

    Returns
    -------
    Row in `known`, shape (n,); -1 where the id is unknown.
    """
    alphabet = _Alphabet.of(known)
    if alphabet is None:
        return np.asarray(pc.index_in(ids, value_set=known).fill_null(-1).to_numpy(), np.int64)
    numbers = alphabet.numbers(known)
    order = None
    if (numbers[1:] < numbers[:-1]).any():
        order = np.argsort(numbers)
        numbers = numbers[order]
    rows = np.empty(len(ids), np.int64)
    start = 0
    for chunk in ids.chunks:
        for part in _parts(chunk):
            rows[start : start + len(part)] = _find(alphabet.numbers(part), numbers)
            start += len(part)
    return rows if order is None else np.where(rows >= 0, order[rows], -1)


@dataclass(frozen=True)
class _Alphabet:
    """The letters that texts of one length have at each place.

    Parameters
    ----------
    low
        The least letter, shape (length,).
    span
        Distance from the least letter to the greatest, plus 1, shape (length,).
    """

    low: Bytes
    span: Ints

    @classmethod
    def of(cls, texts: pa.Array) -> _Alphabet | None:
        """Find the letters of texts; None if these differ in length or numbers would not do."""
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
            digit = letters[:, place] - low  # a letter below wraps round and is too large
            strange |= digit >= span
            number *= span
            number += digit
        number[strange] = -1
        return number


def _find(ids: Ints, numbers: Ints) -> Ints:
    # In order, so that searching walks through memory instead of jumping about.
    order = np.argsort(ids)
    rows = np.empty(len(ids), np.int64)
    rows[order] = places(ids[order], numbers)
    return rows


def _parts(texts: pa.Array) -> list[pa.Array]:
    return [texts.slice(start, _CHUNK) for start in range(0, len(texts), _CHUNK)]
