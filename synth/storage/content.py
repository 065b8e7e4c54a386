"""The content of a table as a hash that adds up over its rows.

Each row is hashed on its own and the hashes are added. So the hash is the same for any order of
rows, any division into pieces, any Parquet version and any machine; hashes of pieces are added
afterwards. It shows accidents and changes, and guards no secret.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints, Words

_CHUNK = 16_384  # rows whose words stay in the second-level cache
_WORD = 8  # bytes
_NULL = np.uint64(0x9E3779B97F4A7C15)
# Masks for a text's last word, by how many of its bytes belong to the text.
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(_WORD + 1)], np.uint64)


@dataclass(frozen=True)
class Content:
    """The number of rows of a table, and the sum of their hashes modulo 2**64."""

    rows: int = 0
    total: int = 0

    @classmethod
    def of(cls, table: pa.Table) -> Content:
        """Hash every row of a piece."""
        words = np.zeros(len(table), np.uint64)
        for field, column in zip(table.schema, table.columns, strict=True):
            salt, start = _salt(field), 0
            for chunk in column.chunks:
                cells = _cells(chunk) ^ salt
                words[start : start + len(chunk)] += _mix(cells)
                start += len(chunk)
        return cls(len(table), int(_mix(words).sum(dtype=np.uint64)))

    def __add__(self, other: Content) -> Content:
        return Content(self.rows + other.rows, (self.total + other.total) % 2**64)

    def hexdigest(self, schema: pa.Schema) -> str:
        """Give the hash of a table with these columns and this content: 64 hexadecimal digits."""
        names = ",".join(f"{field.name}:{_plain(field.type)}" for field in schema)
        return hashlib.sha256(f"{names} {self.rows} {self.total}".encode()).hexdigest()


def content_hash(table: pa.Table) -> str:
    """Hash a whole table."""
    return Content.of(table).hexdigest(table.schema)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _salt(field: pa.Field) -> np.uint64:
    """Make the same value count differently in each column."""
    named = f"{field.name}:{_plain(field.type)}".encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(named, digest_size=_WORD).digest(), "little"))


def _cells(column: pa.Array) -> Words:
    """Give a word for each value: the same for the same value, however it is encoded."""
    if pa.types.is_dictionary(column.type):
        values = np.append(_cells(column.dictionary), _NULL)
        return values[column.indices.fill_null(len(column.dictionary)).to_numpy()]
    words = _texts(column) if pa.types.is_string(column.type) else _numbers(column)
    if column.null_count:
        words[~column.is_valid().to_numpy(zero_copy_only=False)] = _NULL
    return words


def _numbers(column: pa.Array) -> Words:
    if pa.types.is_temporal(column.type):
        column = column.cast(pa.int32() if pa.types.is_date32(column.type) else pa.int64())
    numbers = column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return _mix(numbers.astype(np.uint64))


def _texts(column: pa.StringArray) -> Words:
    """Hash texts eight bytes at a time."""
    _, ends, letters = column.buffers()
    if not len(column) or letters is None:
        return _mix(np.zeros(len(column), np.uint64))
    bounds = np.frombuffer(ends, np.int32)[column.offset : column.offset + len(column) + 1]
    content = np.frombuffer(letters, np.uint8)[bounds[0] : bounds[-1]]
    padded = np.concatenate([content, np.zeros(_WORD, np.uint8)])
    # A word may begin at any byte, so neighbouring words overlap in memory.
    words_at = np.ndarray((len(content) + 1,), "<u8", padded, strides=(1,))
    starts = (bounds[:-1] - bounds[0]).astype(np.int64)
    lengths = np.diff(bounds).astype(np.int64)
    parts = range(0, len(column), _CHUNK)
    return np.concatenate(
        [_hashed(words_at, starts[i : i + _CHUNK], lengths[i : i + _CHUNK]) for i in parts]
    )


def _hashed(words_at: Words, starts: Ints, lengths: Ints) -> Words:
    hashed = _mix(lengths.astype(np.uint64))
    for offset in range(0, int(lengths.max()), _WORD):
        rows = np.flatnonzero(lengths > offset)
        mask = _MASKS[np.minimum(lengths[rows] - offset, _WORD)]
        hashed[rows] = _mix(hashed[rows] ^ (words_at[starts[rows] + offset] & mask))
    return hashed


def _mix(words: Words) -> Words:
    """Spread every bit over the whole word: the finaliser of SplitMix64 (Steele and others 2014).

    A different word for each word, since every step can be undone.
    """
    out = words + np.uint64(0x9E3779B97F4A7C15)
    for start in range(0, len(out), _CHUNK):
        part = out[start : start + _CHUNK]
        part ^= part >> np.uint64(30)
        part *= np.uint64(0xBF58476D1CE4E5B9)
        part ^= part >> np.uint64(27)
        part *= np.uint64(0x94D049BB133111EB)
        part ^= part >> np.uint64(31)
    return out
