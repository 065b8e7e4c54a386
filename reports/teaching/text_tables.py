"""The tables of an attendee's database as text, for workbooks and SQLite files.

Every value is text, so that no program makes numbers of telephones or dates of house numbers. One
table brings together what takes several joins: each link with the occurrences of the person it
leads to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

LINKED = "linked_occurrences"
_BATCH = 5_000
_LINKED_QUERY = """
    WITH links AS ({links})
    SELECT method, ed.attendance_no, ed.attendance_group, ed.arrived_at, occurrence_no, role.role,
        occurrence.offence_code, occurrence.occurred_at, occurrence.reported_at,
        date_diff('day', ed.arrived_at::DATE, occurrence.reported_at::DATE) AS days_later,
        CASE WHEN occurrence.reported_at BETWEEN ed.arrived_at - INTERVAL 1 DAY
            AND ed.arrived_at + INTERVAL 30 DAY THEN 'yes' ELSE 'no' END AS in_time
    FROM links JOIN ed_attendances AS ed ON ed.attendance_no = links.left_id
    JOIN police_occurrence_nominals AS role ON role.nominal_ref = links.right_id
    JOIN police_occurrences AS occurrence USING (occurrence_no)
    ORDER BY ALL
"""
TextRow = tuple[str | None, ...]


@dataclass(frozen=True)
class TextTable:
    """A table of text: its name, its columns, and its rows, which can be read once."""

    name: str
    columns: list[str]
    rows: Iterator[TextRow]


@contextmanager
def text_tables(world: Path, linkers: Sequence[str]) -> Iterator[Iterator[TextTable]]:
    """Open an attendee's database and give its tables: the codebook, the links joined, all others.

    Parameters
    ----------
    world
        The database, as `database.write_databases` makes it.
    linkers
        Linkers whose links are tables of the database.

    Yields
    ------
    The tables one after the other, each to be read before the next.
    """
    with duckdb.connect(world, read_only=True) as database:
        yield (_read(database, name, query) for name, query in _queries(database, linkers))


def _queries(
    database: duckdb.DuckDBPyConnection, linkers: Sequence[str]
) -> Iterator[tuple[str, str]]:
    names = database.sql("SELECT table_name FROM duckdb_tables() ORDER BY table_name").fetchall()
    yield "codebook", 'SELECT * FROM codebook ORDER BY "table", "column"'
    links = " UNION ALL ".join(
        f"SELECT '{name}' AS method, left_id, right_id FROM links_{name}"  # noqa: S608, our own names
        for name in linkers
    )
    yield LINKED, _LINKED_QUERY.format(links=links)
    for (name,) in names:
        if name != "codebook":
            yield name, f'SELECT * FROM "{name}"'  # noqa: S608, our own names


def _read(database: duckdb.DuckDBPyConnection, name: str, query: str) -> TextTable:
    text = f"SELECT COLUMNS(*)::VARCHAR FROM ({query})"  # noqa: S608, our own
    table = database.sql(text).to_arrow_table()
    rows = (
        row
        for batch in table.to_batches(_BATCH)
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    )
    return TextTable(name, table.column_names, rows)
