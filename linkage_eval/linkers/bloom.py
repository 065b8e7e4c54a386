"""Bloom filters: each party encodes its records into bits, and bits are compared.

A cryptographic long-term key (CLK) holds all fields of a record in one Bloom filter: each field
is cut into bigrams, and each bigram sets k bits, at places (h1 + i h2) mod l for i = 0 ... k - 1,
where h1 and h2 are keyed hashes (HMAC-SHA1 and HMAC-MD5) of the bigram. Two filters a and b are
compared by Dice's coefficient 2 |a & b| / (|a| + |b|).

Hardening makes frequent bit patterns harder to recognise, and costs accuracy:

- "salt": the year of birth is part of every key, so equal names differ between years;
- "balance": each filter is followed by its complement and shuffled, so all have the same weight;
- "flip": each bit is replaced by a random one with a probability (BLIP). The flips are keyed by
  the filter itself, so that the same record is always encoded alike.

Nothing here is safe: published attacks recover names from each of these encodings to some extent.
Pairs are compared only where keyed hashes of some fields agree (see `blocking.RULES`, without
those over parts in the clear), which tells the comparing party which records share a value.

References
----------
Schnell, Bachteler and Reiher (2009), "Privacy-preserving record linkage using Bloom filters", and
(2011), "A novel error-tolerant anonymous linking code"; Kirsch and Mitzenmacher (2006) on double
hashing; Schnell and Borgs (2016) on balancing and flipping, Niedermeyer et al. (2014) on salting.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.linkers.blocking import RULES, candidate_pairs, widened
from darkfigure.linkage_eval.linkers.comparing import linked_pairs
from darkfigure.linkage_eval.linkers.fields import SECOND_LINE, TWO_TO_TELL, FieldNeeds, stand_ins
from darkfigure.synth.core.arrays import Bytes, Floats, Ints, Mask, Words
from darkfigure.synth.core.chance import Stream

LENGTH = 1_024
HASHES = 10  # bits that a bigram sets, which fill about a third of the filter; assumed
KEYS = (b"darkfigure-1", b"darkfigure-2")  # stand-ins: real ones are secret
FIELDS = ("surname", "forename", "sex", "date_of_birth", "postcode")
_WORD = 64
_PAIRS_AT_ONCE = 1 << 18
_ROWS_AT_ONCE = 1 << 11
_LEAST_FILL = 1e-9
Hardening = Literal["none", "salt", "balance", "flip"]


@dataclass(frozen=True)
class Bloom:
    """Link Bloom-filter encodings by their Dice similarity.

    Parameters
    ----------
    threshold
        Links that score less are not returned. The default is a round number, assumed before any
        result was seen, and the same for all data: among more records chance makes more strangers
        alike, and precision falls. Choosing among the links (`decisions` of a suite) helps.
    hardening
        "none", "salt", "balance" or "flip".
    flip_rate
        Share of bits that "flip" replaces; assumed.
    """

    threshold: float = 0.8
    hardening: Hardening = "none"
    flip_rate: float = 0.05
    name: str = "bloom"
    reads: ClassVar[tuple[str, ...]] = (*FIELDS, "nhs_number", "upn")
    needs: ClassVar[FieldNeeds] = TWO_TO_TELL
    may_add: ClassVar[tuple[str, ...]] = SECOND_LINE

    def block(self, left: pa.Table, right: pa.Table) -> Pairs:
        """Give the pairs of the blocking rules, which a keyed hash does not change."""
        return candidate_pairs(left, right, widened(left, right, RULES, stand_ins(left, right)))

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; the score is Dice's coefficient of the two filters."""
        fields, salted = (*FIELDS, *stand_ins(left, right)), self.hardening == "salt"
        plain = [encode_plain(side, salted=salted, fields=fields) for side in (left, right)]
        pairs = self.block(left, right)
        scores = dice(self.harden(plain[0]), self.harden(plain[1]), pairs)
        if self.hardening == "balance":
            # Balanced filters also share the bits that neither sets; the mean weight, which the
            # parties may tell each other, brings the score back to Dice's scale.
            scores = 1 - (1 - scores) / (2 * max(_fill(plain), _LEAST_FILL))
        linked = scores >= self.threshold
        return linked_pairs(
            left, right, Pairs(pairs.left[linked], pairs.right[linked]), scores[linked]
        )

    def harden(self, filters: Words) -> Words:
        """Balance filters or flip their bits, or leave them; shape (records, words)."""
        if self.hardening == "balance":
            return _balance(filters)
        return _flip(filters, self.flip_rate) if self.hardening == "flip" else filters


def encode_plain(
    records: pa.Table, *, salted: bool = False, fields: tuple[str, ...] = FIELDS
) -> Words:
    """Encode records without hardening, or with salted keys.

    Parameters
    ----------
    records
        Schema `RECORDS`.
    salted
        Whether the year of birth is part of every key.
    fields
        Fields that are put into one filter.

    Returns
    -------
    Bloom filters, shape (records, words of 64 bits).
    """
    dates = records["date_of_birth"].cast(pa.string())
    filters = np.zeros((records.num_rows, LENGTH // _WORD), np.uint64)
    for field in fields:
        values = records[field].cast(pa.string())
        set_bits(filters, values, field, salts=dates.to_pylist() if salted else None)
    return filters


def set_bits(
    filters: Words, values: pa.ChunkedArray, field: str, *, salts: list[str | None] | None = None
) -> None:
    """Set the bits of one field's values in every record's filter, each distinct value once.

    Parameters
    ----------
    filters
        Shape (records, words); changed in place.
    values
        Value of each record; a missing one sets no bit.
    field
        Name of the field, part of every key, so that a name in two fields sets different bits.
    salts
        Date of each record as text, of which the year is part of the key too.
    """
    texts = values.to_pylist()
    years = [(salt or "")[:4] for salt in salts] if salts else [""] * len(texts)
    distinct: dict[tuple[str, str], int] = {}
    rows, of_row = [], []
    for row, (text, year) in enumerate(zip(texts, years, strict=True)):
        if text is not None:
            rows.append(row)
            of_row.append(distinct.setdefault((text, year), len(distinct)))
    if distinct:
        encoded = np.stack([_encode(text, f"{field}{year}") for text, year in distinct])
        filters[rows] |= encoded[of_row]


def bit_places(bigram: str, keys: tuple[bytes, bytes], n_bits: int, length: int) -> Ints:
    """Give the places that a bigram sets: (h1 + i h2) mod length for i below `n_bits`.

    Parameters
    ----------
    bigram
        Two characters.
    keys
        Secret keys of the two hashes.
    n_bits
        Number of places; some may be the same.
    length
        Bits of the filter.
    """
    first, second = (
        int.from_bytes(hmac.digest(key, bigram.encode(), kind), "big") % length
        for key, kind in zip(keys, ("sha1", "md5"), strict=True)
    )
    return np.array([(first + turn * second) % length for turn in range(n_bits)])


def bigrams(text: str) -> list[str]:
    """Cut a text into bigrams, with a blank before and after it."""
    padded = f" {text} "
    return [padded[place : place + 2] for place in range(len(padded) - 1)]


def _encode(text: str, salt: str) -> Words:
    bits = np.zeros(LENGTH, np.uint8)
    for bigram in bigrams(text):
        bits[_places(bigram, salt)] = 1
    return np.packbits(bits, bitorder="little").view(np.uint64)


@lru_cache(maxsize=1 << 17)
def _places(bigram: str, salt: str) -> Ints:
    return bit_places(bigram, (KEYS[0] + salt.encode(), KEYS[1] + salt.encode()), HASHES, LENGTH)


def dice(left: Words, right: Words, pairs: Pairs) -> Floats:
    """Compare filters: 2 |a & b| / (|a| + |b|) of each pair; 0 where both are empty.

    Parameters
    ----------
    left, right
        Bloom filters, shape (records, words).
    pairs
        Rows of both.

    Returns
    -------
    Scores from 0 to 1, shape (pairs,).
    """
    weights = [np.bitwise_count(filters).sum(axis=1, dtype=np.int64) for filters in (left, right)]
    scores = np.zeros(len(pairs.left))
    for start in range(0, len(scores), _PAIRS_AT_ONCE):
        chunk = slice(start, start + _PAIRS_AT_ONCE)
        lefts, rights = pairs.left[chunk], pairs.right[chunk]
        both = np.bitwise_count(left[lefts] & right[rights]).sum(axis=1, dtype=np.int64)
        total = weights[0][lefts] + weights[1][rights]
        scores[chunk] = 2 * both / np.maximum(total, 1)
    return scores


def _fill(filters: list[Words]) -> float:
    n_set = sum(int(np.bitwise_count(side).sum(dtype=np.int64)) for side in filters)
    return n_set / (LENGTH * max(1, sum(len(side) for side in filters)))


def unpack(filters: Words) -> Bytes:
    """Give filters as 0 and 1: shape (records, bits)."""
    return np.unpackbits(filters.view(np.uint8), axis=1, bitorder="little")


def _balance(filters: Words) -> Words:
    bits = unpack(filters)
    both = np.concatenate([bits, 1 - bits], axis=1)
    order = Stream(0, ("bloom",)).permute("balance", np.arange(both.shape[1]), both.shape[1])
    return _pack(both[:, order])


def _flip(filters: Words, rate: float) -> Words:
    """Replace bits by random ones, keyed by the filter, so that one record is encoded alike."""
    flipped = np.empty_like(filters)
    for start in range(0, len(filters), _ROWS_AT_ONCE):
        chunk = filters[start : start + _ROWS_AT_ONCE]
        keys = (hashlib.blake2b(row.tobytes(), digest_size=4).digest() for row in chunk)
        ids = np.array([int.from_bytes(key, "little") for key in keys], np.uint64)
        places = (ids[:, None] << np.uint64(10)) + np.arange(LENGTH, dtype=np.uint64)
        drawn = Stream(0, ("bloom",)).uniform("flip", places.ravel()).reshape(places.shape)
        # One draw decides whether a bit is replaced, and by 0 or 1.
        bits = np.where(drawn < rate, drawn < rate / 2, unpack(chunk))
        flipped[start : start + _ROWS_AT_ONCE] = _pack(bits)
    return flipped


def _pack(bits: Mask | Bytes) -> Words:
    return np.ascontiguousarray(np.packbits(bits, axis=1, bitorder="little")).view(np.uint64)
