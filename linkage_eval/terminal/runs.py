"""How linkers did, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.table import Table

from linkage_eval.results import Run
from linkage_eval.terminal.screen import output

_ACCURACY = ("precision", "recall", "f1", "f_star")
_CELL = ("scenario", "strategy", "task", "linker", "seed")


def print_leaderboard(run: Run) -> None:
    """Print how each linker did, with 95 % intervals; a failure is a row with its reason."""
    suite = run.manifest["suite"]
    table = Table(title=f"{suite['title']} (95 % intervals)", title_justify="left")
    keys = [key for key in ("scenario", "task", "seed") if len(set(_column(run, key))) > 1]
    for name in (*keys, "linker"):
        table.add_column(name, overflow="fold")  # the ends of names tell worlds apart
    for name in (*(_label(metric) for metric in _ACCURACY), "seconds"):
        table.add_column(name, justify="right")
    found = _accuracy(run.measurements)
    for took in run.timings.to_pylist():
        cells = [str(took[key]) for key in (*keys, "linker")]
        if took["status"] == "ok":
            measured = found[tuple(took[key] for key in _CELL)]
            cells += [interval(measured[metric]) for metric in _ACCURACY]
        else:
            cells += [took["status"], *("" for _ in _ACCURACY[1:])]
        seconds = took["wall_seconds"]
        table.add_row(*cells, "" if seconds is None else f"{seconds:.1f}")
    output().print(table)


def _column(run: Run, name: str) -> list[Any]:
    return list(run.timings[name].to_pylist())


def _accuracy(measurements: pa.Table) -> dict[tuple[Any, ...], dict[str, dict[str, Any]]]:
    """Give the overall accuracy of every cell of the grid."""
    overall = pc.field("stratum_kind") == "all"
    found: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    for row in measurements.filter(overall & pc.field("metric").isin(_ACCURACY)).to_pylist():
        found.setdefault(tuple(row[key] for key in _CELL), {})[row["metric"]] = row
    return found


def interval(row: Mapping[str, Any]) -> str:
    """Write a value with its 95 % interval."""
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
        table.add_column(name, overflow="fold", min_width=len("deprivation_quintile"))
    for name in ("value (95 % interval)", "n"):
        table.add_column(name, justify="right")
    for row in measured.to_pylist():
        group = "all" if row["stratum_kind"] == "all" else f"{row['stratum_kind']} {row['stratum']}"
        table.add_row(group, _label(row["metric"]), interval(row), f"{row['n']:,}")
    output().print(table)
