"""The attendee's data as one SQLite file, for people whose SQL is not DuckDB's."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa

from darkfigure.reports.teaching.text_tables import text_tables

SQLITE = "world.sqlite"


def write_sqlite(world: Path, out: Path, linkers: Sequence[str]) -> None:
    """Write the tables of an attendee's database into a SQLite file, every column text.

    Parameters
    ----------
    world
        The database, as `database.write_databases` makes it.
    out
        The file.
    linkers
        Linkers whose links are tables of the database.
    """
    with closing(sqlite3.connect(out)) as database, database, text_tables(world, linkers) as tables:
        for table in tables:
            columns = ", ".join(f'"{name}" TEXT' for name in table.columns)
            database.execute(f'CREATE TABLE "{table.name}" ({columns})')
            marks = ", ".join("?" * len(table.columns))
            insert = f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608, our own name
            database.executemany(insert, table.rows)


def ask_sqlite(file: Path, query: str) -> pa.Table:
    """Ask a SQLite file, which is left as it is.

    Parameters
    ----------
    file
        The file.
    query
        One query in SQLite's SQL.

    Returns
    -------
    Its result; a column without values is one of nulls.
    """
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
        asked = database.execute(query)
        names = [column[0] for column in asked.description]
        rows = asked.fetchall()
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})
