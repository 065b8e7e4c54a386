"""Rows that are wrong as a whole: repeated, late, amended, of a stand-in, or of two people."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.schema import ROW_FAULT, ROW_FAULTS, Table, coded

# Faults of cells (`synth.entry.table`) that make a row stand for nobody known.
_STAND_INS = ("unknown_patient", "baby_name")


def stand_ins(faults: pa.Table) -> pa.Table:
    """List the rows that were opened under the system's own name for an unknown person.

    Parameters
    ----------
    faults
        Rows of `schema.ENTRY_FAULTS`.
    """
    own = faults.filter(pc.is_in(faults["fault"].cast(pa.string()), pa.array(_STAND_INS)))
    if not len(own):
        return ROW_FAULTS.empty()
    named = own.select(["source", "table", "record_id", "fault"])
    rows = pa.table({name: named[name].cast(pa.string()) for name in named.column_names})
    distinct = rows.group_by(rows.column_names, use_threads=False).aggregate([])
    return _ledger(distinct, pa.nulls(len(distinct), pa.int64()))


def repeats(shape: Table, key: pa.Array, original: pa.Array) -> pa.Table:
    """List the rows that repeat another row of the same person.

    Parameters
    ----------
    shape
        Table of the rows.
    key
        Keys of all rows, shape (n,).
    original
        Key of the repeated row, null for none, shape (n,).
    """
    has_original = pc.is_valid(original)
    rows = _rows(shape, key.filter(has_original), "duplicate")
    return _ledger(rows, pa.nulls(len(rows), pa.int64()), original.filter(has_original))


def merged(shape: Table, key: pa.Array, other_person: Ints) -> pa.Table:
    """List the rows that are about another person as well.

    Parameters
    ----------
    shape
        Table of the rows.
    key
        Keys of these rows, shape (n,).
    other_person
        Id of the other person, shape (n,).
    """
    return _ledger(_rows(shape, key, "merged"), pa.array(other_person))


def copied(shape: Table, key: pa.Array, person: Ints) -> pa.Table:
    """List the rows that were put on the record of somebody whom they are not about.

    Parameters
    ----------
    shape
        Table of the rows.
    key
        Keys of these rows, shape (n,).
    person
        Id of the person whom each is about, shape (n,).
    """
    return _ledger(_rows(shape, key, "copied"), pa.array(person))


def late(shape: Table, key: pa.Array) -> pa.Table:
    """List the rows that were entered days after their event; `key` holds their keys."""
    return _ledger(_rows(shape, key, "late"), pa.nulls(len(key), pa.int64()))


def amended(shape: Table, key: pa.Array, first: pa.Array) -> pa.Table:
    """List the rows that were corrected.

    Parameters
    ----------
    shape
        Table of the rows.
    key
        Keys of these rows, shape (n,).
    first
        Key of the first version, null if it is not kept, shape (n,).
    """
    return _ledger(_rows(shape, key, "amended"), pa.nulls(len(key), pa.int64()), first)


def _rows(shape: Table, key: pa.Array, fault: str) -> pa.Table:
    constant = {"source": shape.source, "table": shape.name, "fault": fault}
    columns = {name: pa.repeat(pa.scalar(value), len(key)) for name, value in constant.items()}
    return pa.table({"record_id": key, **columns})


def _ledger(rows: pa.Table, person: pa.Array, record: pa.Array | None = None) -> pa.Table:
    number = pc.index_in(rows["fault"], pa.array(list(ROW_FAULT))).to_numpy()
    columns = {name: rows[name] for name in ("source", "table", "record_id")}
    columns["fault"] = coded(number, ROW_FAULT)
    columns["other_person_id"] = person
    columns["other_record_id"] = pa.nulls(len(rows), pa.string()) if record is None else record
    return ROW_FAULTS.cast(pa.table(columns))
