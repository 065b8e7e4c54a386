"""The rows of a run: one class a table, from which columns follow, for writing and reading."""

from __future__ import annotations

import math
from dataclasses import fields

import pyarrow as pa
import pytest

from darkfigure.linkage_eval.rows import (
    CellKey,
    Measure,
    Measurement,
    Point,
    contents_of,
    rows_of,
    schema_of,
    table_of,
)
from darkfigure.linkage_eval.runs.tables import ROWS, TABLES

CELL = CellKey("merthyr", "clear", "ed-police", "exact", 1)
POINT = Point(**vars(CELL), threshold=0.5, precision=1.0, recall=0.25, f1=0.4, n_links=3)


@pytest.mark.parametrize("name", list(ROWS))
def test_a_table_has_a_column_a_field(name: str):
    """In the order of the fields, the cell's first."""
    assert TABLES[name].names == [column.name for column in fields(ROWS[name])]
    assert TABLES[name].names[0] == "scenario"


def test_columns_have_the_types_of_fields():
    """Words, whole numbers and numbers; a number that may be missing is a number."""
    schema = schema_of(Measure)
    assert schema.field("linker").type == pa.string()
    assert schema.field("n").type == pa.int64()
    assert schema.field("value").type == pa.float64()


def test_contents_are_what_follows_the_cell():
    """A measuring function does not know the cell, and gives the rest."""
    assert schema_of(Point).names == [*schema_of(CellKey).names, *contents_of(Point).names]
    assert contents_of(Point).names[0] == "threshold"


def test_rows_come_back_as_they_were_written():
    """By way of a table; not-a-number, which would be no JSON, comes back as None."""
    assert rows_of(table_of(Point, [POINT]), Point) == (POINT,)
    measured = Measurement.overall("recall", math.nan, 3)
    (row,) = rows_of(table_of(type(measured), [measured]), Measurement)
    assert (row.value, row.n, row.status) == (None, 3, "ok")


def test_a_row_names_its_cell():
    """As a plain key, equal to any other of the cell."""
    assert POINT.which == CELL
    assert POINT.file == CELL.file
