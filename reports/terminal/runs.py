"""Results of linkers in the terminal, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.table import Table

from darkfigure.linkage_eval.isolation.parent import TRUSTED
from darkfigure.linkage_eval.metrics.registry import known_metrics
from darkfigure.linkage_eval.runs.run import Run
from darkfigure.reports.terminal.screen import output

_ACCURACY = ("precision", "recall", "f1", "f_star")
_WIDEST = "(0.000-0.000)"
_CELL = ("scenario", "strategy", "task", "linker", "seed")


def print_leaderboard(run: Run) -> None:
    """Print the accuracy of each linker with 95 % intervals; a failure is a row with its reason.

    Where the screen is too narrow for all, F* is left out: it ranks linkers as F1 does.
    """
    suite, screen = run.manifest["suite"], output()
    trusted = "; LINKERS TRUSTED, NOT CLOSED" if TRUSTED in run.manifest.get("guards", []) else ""
    table = Table(title=f"{suite['title']} (95 % intervals{trusted})", title_justify="left")
    keys = [key for key in _CELL if key == "linker" or len(set(_column(run, key))) > 1]
    metrics = _fitting(run, keys, screen.width)
    for name in keys:
        table.add_column(name, overflow="fold")  # the ends of names tell worlds apart
    for metric in metrics:
        table.add_column(_label(metric), justify="right", min_width=len(_WIDEST))
    table.add_column("seconds", justify="right")
    by_cell = _accuracy(run.measurements)
    for timing in run.timings.to_pylist():
        cells = [str(timing[key]) for key in keys]
        if timing["status"] == "ok":
            measured = by_cell[tuple(timing[key] for key in _CELL)]
            cells += [interval(measured[metric], "\n") for metric in metrics]
        else:
            cells += [timing["status"], *("" for _ in metrics[1:])]
        seconds = timing["wall_seconds"]
        table.add_row(*cells, "" if seconds is None else f"{seconds:.1f}")
    screen.print(table)


def _fitting(run: Run, keys: Sequence[str], width: int) -> tuple[str, ...]:
    """Give the metrics for which a screen has room beside the names."""
    names = sum(
        max(len(key), *(len(str(value)) for value in _column(run, key))) + 3 for key in keys
    )
    room = width - 1 - names - len("seconds   ")
    return _ACCURACY if room >= len(_ACCURACY) * (len(_WIDEST) + 3) else _ACCURACY[:-1]


def _column(run: Run, name: str) -> list[Any]:
    return list(run.timings[name].to_pylist())


def _accuracy(measurements: pa.Table) -> dict[tuple[Any, ...], dict[str, dict[str, Any]]]:
    """Give the overall accuracy of every cell of the grid."""
    overall = pc.field("stratum_kind") == "all"
    by_cell: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    for row in measurements.filter(overall & pc.field("metric").isin(_ACCURACY)).to_pylist():
        by_cell.setdefault(tuple(row[key] for key in _CELL), {})[row["metric"]] = row
    return by_cell


def interval(row: Mapping[str, Any], between: str = " ") -> str:
    """Write a value with its 95 % interval.

    Parameters
    ----------
    row
        `value`, `low` and `high`, each of which may be None.
    between
        Text between the value and the interval.
    """
    if row["value"] is None:
        return "none"
    if row["low"] is None:
        return f"{row['value']:.3f}"
    return f"{row['value']:.3f}{between}({row['low']:.3f}-{row['high']:.3f})"


def _label(metric: str) -> str:
    known = known_metrics()
    return known[metric].phrase if metric in known else metric


def print_weights(weights: pa.Table) -> None:
    """Print match weights (schema `WEIGHTS`): what each outcome of a comparison speaks for."""
    table = Table(title="Match weights: log2(m / u)", title_justify="left")
    table.add_column("field", overflow="fold")
    table.add_column("outcome", overflow="fold")
    for name in ("m", "u", "weight"):
        table.add_column(name, justify="right")
    for row in weights.to_pylist():
        numbers = (_number(row[name], form) for name, form in (("m", ".4f"), ("u", ".2g")))
        table.add_row(row["field"], row["level"], *numbers, _number(row["weight"], "+.2f"))
    output().print(table)


def _number(value: float | None, form: str) -> str:
    return "none" if value is None else f"{value:{form}}"


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
