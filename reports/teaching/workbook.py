"""The attendee's data as one workbook, for people who know spreadsheets and no SQL."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from darkfigure.reports.teaching.text_tables import text_tables
from darkfigure.synth.core.errors import MissingExtraError

WORKBOOK = "world.xlsx"
_MOST_ROWS = 1_048_576  # of a sheet; no rate
_MOST_LETTERS = 31  # of a sheet's name; no rate


def write_workbook(world: Path, out: Path, linkers: Sequence[str]) -> None:
    """Write the tables of an attendee's database as sheets of a workbook, every cell text.

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
    with text_tables(world, linkers) as tables:
        for table in tables:
            sheet = book.create_sheet(table.name[:_MOST_LETTERS])
            sheet.freeze_panes = "A2"
            sheet.append(table.columns)
            for row in islice(table.rows, _MOST_ROWS - 1):
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
