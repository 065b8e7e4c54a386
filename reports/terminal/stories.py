"""Descriptions and traces in the terminal: tables within 100 columns."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from darkfigure.linkage_eval.studies.describe import Description
from darkfigure.linkage_eval.studies.told import say_content, say_flaw, say_outdated
from darkfigure.linkage_eval.studies.trace import Entry, Trace
from darkfigure.reports.terminal.screen import styled

_LETTERS = {"NHS number": "N", "UPN": "U", "PNC id": "P", "CRO number": "C"}
_SHOWN = ("forename", "surname", "date_of_birth", "postcode")


def print_description(described: Description, console: Console) -> None:
    """Print the sources of a dataset, then the matrix of people and keys that they share.

    Parameters
    ----------
    described
        The description of a dataset.
    console
        Where to print.
    """
    table = Table(title=described.path, title_justify="left", box=None, padding=(0, 1, 0, 0))
    for name, justify in _COLUMNS:
        table.add_column(name, justify=justify, no_wrap=name == "source")
    for source in described.sources:
        keys = ", ".join(f"{key} {share:.0%}" for key, share in source.keys.items())
        counts = (
            f"{source.rows:,}",
            f"{source.people:,}",
            str(source.tables),
            f"{source.all_rows:,}",
        )
        table.add_row(source.name, *counts, keys or "nothing")
    console.print(table)
    console.print()
    console.print(_matrix(described))
    letters = ", ".join(f"{letter} {key}" for key, letter in _LETTERS.items())
    console.print(
        "Percent of the people of the row whom the column has too; the letter says which key both "
        f"hold ({letters}, * another); no letter: nothing but names, dates and addresses."
    )


_COLUMNS: tuple[tuple[str, Literal["left", "right"]], ...] = (
    ("source", "left"),
    ("records of people", "right"),
    ("people", "right"),
    ("tables", "right"),
    ("rows in all", "right"),
    ("keys, and share of rows that hold one", "left"),
)


def _matrix(described: Description) -> Table:
    overlaps = {(overlap.left, overlap.right): overlap for overlap in described.overlaps}
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("people in both", no_wrap=True)
    for number in range(1, len(described.groups) + 1):
        table.add_column(str(number), justify="right", no_wrap=True)
    for number, left in enumerate(described.groups, 1):
        cells = []
        for right in described.groups:
            overlap = overlaps.get((left, right))
            if overlap is None:
                cells.append("-")
                continue
            letters = "".join(_LETTERS.get(key, "*") for key in overlap.shared_keys)
            cells.append(f"{100 * overlap.of_left:.0f}{letters}")
        table.add_row(f"{number} {left}", *cells)
    return table


def print_trace(traced: Trace, console: Console) -> None:
    """Print a life and, beside it, the rows that agencies wrote on each day.

    Parameters
    ----------
    traced
        The trace of a person.
    console
        Where to print.
    """
    life = traced.life
    outside = "" if life.sampled else ", outside the sample"
    console.print(
        f"Person {traced.person}: {life.name}, {life.sex}, born {life.birth_date}"
        f"{f', {life.area}' if life.area else ''}{outside}"
    )
    if life.family:
        console.print(f"Family: {'; '.join(life.family)}")
    table = Table(show_lines=False, padding=(0, 1, 0, 0), box=None)
    table.add_column("day", no_wrap=True)
    table.add_column("what happened", ratio=4)
    table.add_column("what was written", ratio=6)
    for day, happened, written in _lines(traced):
        table.add_row(str(day or "no date"), happened, written)
    console.print(table)
    wrong = sum(len(entry.flaws) for entry in traced.entries)
    outdated = sum(len(part.columns) for entry in traced.entries for part in entry.outdated)
    console.print(
        f"{len(traced.entries)} rows in {len({entry.source for entry in traced.entries})} sources; "
        f"{wrong} cells are wrong (! known -> written), {outdated} more were right when written "
        "and are out of date now (~)"
    )


def _lines(traced: Trace) -> list[tuple[dt.date | None, str, Group | str]]:
    """Bring events and written rows into one order of days."""
    far = dt.date.max
    days = {event.day for event in traced.life.events} | {entry.day for entry in traced.entries}
    lines: list[tuple[dt.date | None, str, Group | str]] = []
    for day in sorted(days, key=lambda day: day or far):
        happened = "\n".join(event.text for event in traced.life.events if event.day == day)
        texts = [_written(entry) for entry in traced.entries if entry.day == day]
        lines.append((day, happened, Group(*texts) if texts else ""))
    return lines


def _written(entry: Entry) -> Text:
    parts = [(f"{entry.source} {entry.table}", "bold"), (f" {entry.record}", "")]
    if entry.identity:
        shown = [entry.identity[field] or "-" for field in _SHOWN if field in entry.identity]
        parts.append((f"\n  {' | '.join(shown)}", ""))
    if not entry.identity and (content := say_content(entry.content)):
        parts.append((f"\n  {content}", ""))
    parts += [(f"\n  ! {say_flaw(flaw)}", "red") for flaw in entry.flaws]
    parts += [(f"\n  ~ {say_outdated(outdated)}", "yellow") for outdated in entry.outdated]
    return styled(*parts)
