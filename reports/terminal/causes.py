"""Causes of missed pairs and of false links in the terminal, linker by linker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table

from darkfigure.linkage_eval.runs.run import Run
from darkfigure.synth.core.errors import UnknownNameError

_MOST_ROWS = 12
_CELL = ("scenario", "strategy", "task", "linker", "seed")


@dataclass(frozen=True)
class ErrorCauses:
    """Causes of a run's missed pairs, and of its false links, as its tables hold them."""

    missed: pa.Table
    false: pa.Table


def explanation_of(run: Run, linker: str | None = None) -> ErrorCauses:
    """Give the causes of a run's errors.

    Parameters
    ----------
    run
        The run.
    linker
        Name of one of its linkers; without, all.

    Raises
    ------
    UnknownNameError
        The run has no such linker.
    """
    tables = run.attribution, run.false_causes
    if linker is None:
        return ErrorCauses(*tables)
    known = run.timings["linker"].unique().to_pylist()
    if linker not in known:
        raise UnknownNameError.of("linker in this run called", linker, known)
    return ErrorCauses(*(table.filter(pc.equal(table["linker"], linker)) for table in tables))


def print_explanation(explanation: ErrorCauses, console: Console) -> None:
    """Print the costliest causes of each linker's missed pairs, and what its false links share.

    Parameters
    ----------
    explanation
        As `explanation_of` gives it.
    console
        Where to print.
    """
    print_attribution(explanation.missed, console)
    for cell, rows in _by_cell(explanation.false):
        n_false = sum(row["n_false"] for row in rows)
        console.print(_false_table(f"{_titled(cell)}: {n_false:,} false links", rows))


def print_attribution(attribution: pa.Table, console: Console) -> None:
    """Print the costliest causes of each linker's missed pairs, and the sum of the others.

    Parameters
    ----------
    attribution
        Missed pairs by cause, of any number of cells.
    console
        Where to print.
    """
    if not attribution.num_rows:
        console.print("Nothing to explain: no pair was missed, or only the truth is known.")
    for cell, rows in _by_cell(attribution):
        rows.sort(key=lambda row: -row["n_missed"])
        total = sum(row["n_missed"] for row in rows)
        console.print(_table(f"{_titled(cell)}: {total:,.0f} pairs missed", rows))


def _by_cell(table: pa.Table) -> Iterator[tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """Split rows by cell, in their order."""
    rows = table.to_pylist()
    for cell in dict.fromkeys(tuple(row[name] for name in _CELL) for row in rows):
        yield cell, [row for row in rows if tuple(row[name] for name in _CELL) == cell]


def _titled(cell: tuple[str, ...]) -> str:
    scenario, strategy, task, linker, seed = cell
    return f"{linker}: {scenario}, {task}, {strategy}, seed {seed}"


def _false_table(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("what made two people look alike", no_wrap=True)
    for name in ("false links", "share (95 %)", "precision without it", "with a fault in it"):
        table.add_column(name, justify="right")
    for row in rows:
        ends = "" if row["low"] is None else f" ({row['low']:.1%} to {row['high']:.1%})"
        share, precision = f"{row['share_of_false']:.1%}{ends}", f"{row['precision_without']:.4f}"
        cells = (row["cause"], f"{row['n_false']:,}", share, precision, f"{row['n_with_fault']:,}")
        table.add_row(*cells)
    return table


def _table(title: str, rows: list[dict[str, float]]) -> Table:
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("cause", no_wrap=True)
    for name in ("missed pairs (95 %)", "share", "recall without it (95 %)", "pairs with it"):
        table.add_column(name, justify="right")
    for row in rows[:_MOST_ROWS]:
        share = row["share_of_missed"]
        table.add_row(
            str(row["cause"]),
            f"{row['n_missed']:,.1f} ({row['low']:,.1f} to {row['high']:,.1f})",
            "" if share is None else f"{share:.1%}",
            _without(row),
            f"{row['n_pairs_with']:,}",
        )
    others = sum(row["n_missed"] for row in rows[_MOST_ROWS:])
    if len(rows) > _MOST_ROWS:
        table.add_row(f"{len(rows) - _MOST_ROWS} others", f"{others:,.1f}", "", "", "")
    return table


def _without(row: dict[str, float]) -> str:
    if row["recall_without"] is None:
        return ""
    ends = f"{row['recall_without_low']:.4f}-{row['recall_without_high']:.4f}"
    return f"{row['recall_without']:.4f} ({ends})"
