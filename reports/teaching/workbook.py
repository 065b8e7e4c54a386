"""The attendee's data as one workbook, for people who know spreadsheets and no SQL.

Every cell is text, so that no program makes numbers of telephones or dates of house numbers. A
sheet brings together what takes a join: each link with the occurrences of the person it leads to.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb

from darkfigure.synth.core.errors import MissingExtraError

WORKBOOK = "world.xlsx"
LINKED = "linked_occurrences"
_MOST_ROWS = 1_048_576  # of a sheet; no rate
_MOST_LETTERS = 31  # of a sheet's name; no rate
_BATCH = 5_000
_LINKED_QUERY = """
    WITH links AS ({links})
    SELECT method, ed.attendance_no, ed.attendance_group, ed.arrived_at, occurrence_no, role.role,
        occurrence.offence_code, occurrence.reported_at,
        date_diff('day', ed.arrived_at::DATE, occurrence.reported_at::DATE) AS days_later,
        CASE WHEN occurrence.reported_at BETWEEN ed.arrived_at - INTERVAL 1 DAY
            AND ed.arrived_at + INTERVAL 30 DAY THEN 'yes' ELSE 'no' END AS in_time
    FROM links JOIN ed_attendances AS ed ON ed.attendance_no = links.left_id
    JOIN police_occurrence_nominals AS role ON role.nominal_ref = links.right_id
    JOIN police_occurrences AS occurrence USING (occurrence_no)
    ORDER BY ALL
"""


def write_workbook(world: Path, out: Path, linkers: Sequence[str]) -> None:
    """Write the tables of an attendee's database as sheets of a workbook.

    Parameters
    ----------
    world
        The database, as `database.write_databases` makes it.
    out
        The workbook.
    linkers
        Linkers whose links are tables of the database.

    Raises
    ------
    MissingExtraError
        `openpyxl` is not installed.
    """
    openpyxl = need_openpyxl()
    book = openpyxl.Workbook(write_only=True)
    with duckdb.connect(world, read_only=True) as database:
        for name, query in _sheets(database, linkers):
            sheet = book.create_sheet(name)
            sheet.freeze_panes = "A2"
            for row in _rows(database, query):
                sheet.append(_plain(openpyxl, sheet, row))
    book.save(out)


def need_openpyxl() -> ModuleType:
    """Import the package that writes workbooks.

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        return importlib.import_module("openpyxl")
    except ModuleNotFoundError:
        raise MissingExtraError(
            "Workbooks need openpyxl, of the extra `spreadsheet`: "
            "pip install 'darkfigure[spreadsheet]'."
        ) from None


def _sheets(
    database: duckdb.DuckDBPyConnection, linkers: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Give name and query of each sheet: the codebook, what takes a join, then all tables."""
    tables = [
        row[0]
        for row in database.sql(
            "SELECT table_name FROM duckdb_tables() ORDER BY table_name"
        ).fetchall()
    ]
    yield "codebook", 'SELECT * FROM codebook ORDER BY "table", "column"'
    links = " UNION ALL ".join(
        f"SELECT '{name}' AS method, left_id, right_id FROM links_{name}"  # noqa: S608, our own names
        for name in linkers
    )
    yield LINKED, _LINKED_QUERY.format(links=links)
    for name in tables:
        if name != "codebook":
            yield name[:_MOST_LETTERS], f'SELECT * FROM "{name}"'  # noqa: S608, our own names


def _rows(database: duckdb.DuckDBPyConnection, query: str) -> Iterator[Sequence[Any]]:
    """Give the head of a table and its rows as text, as many as a sheet holds."""
    text = f"SELECT COLUMNS(*)::VARCHAR FROM ({query}) LIMIT {_MOST_ROWS - 1}"  # noqa: S608, our own
    table = database.sql(text).to_arrow_table()
    yield table.column_names
    for batch in table.to_batches(_BATCH):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _plain(openpyxl: ModuleType, sheet: Any, row: Iterable[Any]) -> list[Any]:  # noqa: ANN401, openpyxl's own
    """Keep text as text: what begins like a formula is none, and no control letters go in."""
    cells = importlib.import_module("openpyxl.cell.cell")
    plain: list[Any] = []
    for value in row:
        if isinstance(value, str):
            text = cells.ILLEGAL_CHARACTERS_RE.sub("", value)
            if text.startswith("="):
                cell = openpyxl.cell.WriteOnlyCell(sheet, text)
                cell.data_type = "s"
                plain.append(cell)
                continue
            plain.append(text)
        else:
            plain.append(value)
    return plain
