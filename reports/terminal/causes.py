"""Causes of missed pairs in the terminal: the attribution of a run, linker by linker."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table

from darkfigure.linkage_eval.runs.run import Run
from darkfigure.synth.core.errors import UnknownNameError

_MOST_ROWS = 12
_CELL = ("scenario", "strategy", "task", "linker", "seed")


def attribution_of(run: Run, linker: str | None = None) -> pa.Table:
    """Give the attribution of a run.

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
    attribution = run.attribution
    if linker is None:
        return attribution
    known = run.timings["linker"].unique().to_pylist()
    if linker not in known:
        raise UnknownNameError.of("linker in this run called", linker, known)
    return attribution.filter(pc.equal(attribution["linker"], linker))


def print_attribution(attribution: pa.Table, console: Console) -> None:
    """Print the costliest causes of each linker's missed pairs, and the sum of the others.

    Parameters
    ----------
    attribution
        As `attribution_of` gives it.
    console
        Where to print.
    """
    rows = attribution.to_pylist()
    if not rows:
        console.print("Nothing to explain: no pair was missed, or only the truth is known.")
    for cell in dict.fromkeys(tuple(row[name] for name in _CELL) for row in rows):
        rows_of_cell = [row for row in rows if tuple(row[name] for name in _CELL) == cell]
        rows_of_cell.sort(key=lambda row: -row["n_missed"])
        scenario, strategy, task, linker, seed = cell
        total = sum(row["n_missed"] for row in rows_of_cell)
        title = f"{linker}: {scenario}, {task}, {strategy}, seed {seed}: {total:,.0f} pairs missed"
        console.print(_table(title, rows_of_cell))


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
