"""Hashes of a table's content that outlive Parquet versions, machines and block sizes."""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_NULL_LENGTH = -1


class ContentHash:
    """A running hash over a table's rows in key order, fed in pieces of any size.

    Each column has two digests: of its bytes, and of its lengths (text) or validity (all else), so
    that neither the cuts between pieces nor the encoding of a dictionary shows.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._names = [f"{field.name}:{_plain(field.type)}" for field in schema]
        self._digests = [(hashlib.sha256(), hashlib.sha256()) for _ in schema]

    def update(self, piece: pa.Table) -> None:
        """Add the next rows."""
        for column, (values, shape) in zip(piece.columns, self._digests, strict=True):
            for chunk in column.chunks:
                plain = chunk.cast(_plain(chunk.type))
                add = _add_text if pa.types.is_string(plain.type) else _add_fixed
                body, form = add(plain)
                values.update(body)
                shape.update(form)

    def hexdigest(self) -> str:
        """Give the hash of all rows so far: 64 hexadecimal digits."""
        total = hashlib.sha256()
        for name, (values, shape) in zip(self._names, self._digests, strict=True):
            total.update(name.encode() + values.digest() + shape.digest())
        return total.hexdigest()


def content_hash(table: pa.Table) -> str:
    """Hash a whole table whose rows are in key order."""
    running = ContentHash(table.schema)
    running.update(table)
    return running.hexdigest()


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _add_text(column: pa.Array) -> tuple[bytes, bytes]:
    lengths = pc.binary_length(column).fill_null(_NULL_LENGTH).to_numpy(zero_copy_only=False)
    text = pc.binary_join(pa.LargeListArray.from_arrays([0, len(column)], column.fill_null("")), "")
    return text[0].as_py().encode(), np.ascontiguousarray(lengths, "<i4").tobytes()


def _add_fixed(column: pa.Array) -> tuple[bytes, bytes]:
    valid = column.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_temporal(column.type):
        column = column.cast(pa.int32() if pa.types.is_date32(column.type) else pa.int64())
    numbers = column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return np.ascontiguousarray(numbers, "<i8").tobytes(), valid.astype(np.uint8).tobytes()
