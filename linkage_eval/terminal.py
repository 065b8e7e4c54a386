"""What people see in the terminal: tables on standard output, progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from linkage_eval.results import Run
from synth.dataset import Dataset

_WIDTH = 100  # where standard output is no terminal
_ACCURACY = ("precision", "recall", "f1", "f_star")
Advance = Callable[[str, int, int], None]


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)


@contextmanager
def progress(what: str, *, quiet: bool) -> Iterator[Advance]:
    """Show what is going on, on standard error, while it goes on."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    screen = Console(stderr=True)
    with Progress(
        *columns, console=screen, disable=quiet or not screen.is_terminal, transient=True
    ) as bar:
        task = bar.add_task(what, total=None)

        def advance(step: str, done: int, total: int) -> None:
            bar.update(task, description=f"{what}: {step}", completed=done, total=total)

        yield advance


def print_described(known: Mapping[str, str]) -> None:
    """Print names, each with what it is."""
    table = Table.grid(padding=(0, 2))
    for name, meaning in known.items():
        table.add_row(name, meaning)
    _console().print(table)


def print_tables(dataset: Dataset) -> None:
    """Print what a dataset holds."""
    persons = dataset.manifest["persons"]
    table = Table(title=f"{dataset.path}: {persons:,} people, seed {dataset.manifest['seed']}")
    table.add_column("table")
    table.add_column("rows", justify="right")
    table.add_column("content hash")
    for name, said in dataset.tables.items():
        table.add_row(name, f"{said['rows']:,}", said["hash"][:12])
    _console().print(table)


def print_leaderboard(run: Run) -> None:
    """Print how each linker did, with 95 % intervals; a failure is a row with its reason."""
    suite = run.manifest["suite"]
    table = Table(title=f"{suite['title']} (95 % intervals)", title_justify="left")
    keys = [key for key in ("scenario", "task", "seed") if len(set(_column(run, key))) > 1]
    for name in (*keys, "linker"):
        table.add_column(name)
    for name in (*(_label(metric) for metric in _ACCURACY), "seconds"):
        table.add_column(name, justify="right")
    for took in run.timings.to_pylist():
        cells = [str(took[key]) for key in (*keys, "linker")]
        found = _accuracy(run.measurements, took)
        if took["status"] == "ok":
            cells += [_interval(found[metric]) for metric in _ACCURACY]
        else:
            cells += [took["status"], *("" for _ in _ACCURACY[1:])]
        table.add_row(*cells, f"{took['wall_seconds']:.1f}")
    _console().print(table)


def _column(run: Run, name: str) -> list[Any]:
    return list(run.timings[name].to_pylist())


def _accuracy(measurements: pa.Table, took: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    keys = ("scenario", "strategy", "task", "linker", "seed")
    return {
        row["metric"]: row
        for row in measurements.to_pylist()
        if row["stratum_kind"] == "all" and all(row[key] == took[key] for key in keys)
    }


def _interval(row: Mapping[str, Any]) -> str:
    if row["value"] is None:
        return "none"
    if row["low"] is None:
        return f"{row['value']:.3f}"
    return f"{row['value']:.3f} ({row['low']:.3f}-{row['high']:.3f})"


def _label(metric: str) -> str:
    return {"f1": "F1", "f_star": "F*"}.get(metric, metric)


def print_measurements(measured: pa.Table) -> None:
    """Print measurements: overall first, then by group."""
    table = Table()
    for name in ("group", "metric"):
        table.add_column(name)
    for name in ("value (95 % interval)", "n"):
        table.add_column(name, justify="right")
    for row in measured.to_pylist():
        group = "all" if row["stratum_kind"] == "all" else f"{row['stratum_kind']} {row['stratum']}"
        table.add_row(group, _label(row["metric"]), _interval(row), f"{row['n']:,}")
    _console().print(table)
