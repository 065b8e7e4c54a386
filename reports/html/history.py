"""The history of measures: what each linker reached, commit by commit, as one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from markupsafe import Markup

from darkfigure.linkage_eval.rows import ALL, OK, Measure, Timing, rows_of
from darkfigure.linkage_eval.runs.run_manifest import read_run_manifest
from darkfigure.linkage_eval.runs.tables import TABLES
from darkfigure.reports.html import labels
from darkfigure.reports.html.formats import DASH, capital, percent
from darkfigure.reports.html.tables import PageTable, TableCell, table
from darkfigure.reports.html.templating import asset, environment
from darkfigure.reports.html.written_page import write_page
from darkfigure.synth.core.errors import DatasetError

SHOWN = ("precision", "recall", "f1")
CPU = "cpu_seconds"
_WIDTH, _HEIGHT, _EDGE = 220, 44, 5  # of a drawing, in units of its own; no rate
_KEPT = ("manifest.json", "measurements.parquet", "timings.parquet")
_HOW = (
    "Keep manifest.json, measurements.parquet and timings.parquet of each run in a folder of its "
    "own, named so that names sort by time."
)

Series = Mapping[tuple[str, str, str], float]


@dataclass(frozen=True)
class KeptRun:
    """What is kept of a run: its name, the hashes of its worlds, and its values.

    Values are means over seeds, by setting, linker and measure.
    """

    name: str
    worlds: Mapping[str, Any]
    values: Series


@dataclass(frozen=True)
class HistoryRow:
    """A measure of a linker over time: its drawing, and its values as cells."""

    drawing: Markup
    cells: tuple[TableCell, ...]


def read_history(folder: Path) -> list[KeptRun]:
    """Read what was kept of runs, in the order of the names.

    Parameters
    ----------
    folder
        With a folder for each run that holds its manifest, measurements and timings.

    Raises
    ------
    DatasetError
        There are none, or what was kept of one cannot be read.
    """
    found = sorted(one.parent for one in folder.glob("*/manifest.json"))
    if not found:
        lack = "holds no runs" if folder.is_dir() else "is no folder"
        raise DatasetError(f"{folder} {lack}. {_HOW}")
    return [_read(one) for one in found]


def _read(folder: Path) -> KeptRun:
    try:
        manifest = read_run_manifest(folder / "manifest.json")
        measures = rows_of(_table(folder, "measurements"), Measure)
        timings = rows_of(_table(folder, "timings"), Timing)
    except (OSError, ValueError, KeyError, pa.ArrowException):
        lacking = [name for name in _KEPT if not (folder / name).exists()]
        what = (
            f"lacks {', '.join(lacking)}" if lacking else "cannot be read, or is of another version"
        )
        raise DatasetError(f"{folder} {what}. {_HOW}") from None
    worlds = {name: one["hashes"] for name, one in manifest["datasets"].items()}
    return KeptRun(folder.name, worlds, dict(_values(measures, timings)))


def _table(folder: Path, name: str) -> pa.Table:
    table = pq.ParquetFile(folder / f"{name}.parquet").read().select(TABLES[name].names)
    return table.cast(TABLES[name])


def _values(
    measures: Sequence[Measure], timings: Sequence[Timing]
) -> Iterator[tuple[tuple[str, str, str], float]]:
    found: dict[tuple[str, str, str], list[float]] = {}
    for row in measures:
        whole = (row.stratum_kind, row.stratum) == (ALL, ALL)
        if whole and row.metric in SHOWN and row.value is not None:
            found.setdefault((_setting(row), row.linker, row.metric), []).append(row.value)
    for cost in timings:
        if cost.status == OK and cost.cpu_seconds is not None:
            found.setdefault((_setting(cost), cost.linker, CPU), []).append(cost.cpu_seconds)
    return ((key, mean(values)) for key, values in found.items())


def _setting(row: Measure | Timing) -> str:
    return f"{row.scenario}, {row.strategy}, {row.task}"


def write_history(folder: Path, out: Path) -> Path:
    """Write the page of a history.

    Parameters
    ----------
    folder
        As `read_history` takes it.
    out
        The page, in HTML.

    Returns
    -------
    The page.

    Raises
    ------
    DatasetError
        There are no runs, or one cannot be read.
    OutputError
        The page cannot be written.
    """
    write_page(out, render_history(read_history(folder)))
    return out


def render_history(runs: Sequence[KeptRun]) -> str:
    """Write the page; the same runs always give the same page."""
    settings = dict.fromkeys(key[0] for run in runs for key in run.values)
    return (
        environment()
        .get_template("history.html")
        .render(
            heading=headline(runs),
            runs=runs,
            renewed=renewed(runs),
            settings=[(name, _rows(runs, name)) for name in settings],
            values=[_numbers(runs, place, name) for place, name in enumerate(settings)],
            style=Markup("{}\n{}").format(asset("style.css"), asset("history.css")),
            script=asset("page.js"),
        )
    )


def headline(runs: Sequence[KeptRun]) -> str:
    """Say what changed most with the last run, of the shares that are measured."""
    if len(runs) < 2:
        return f"One run is kept: {runs[0].name}"
    if runs[-2].worlds != runs[-1].worlds:
        return f"{runs[-1].name} has other worlds than before, so nothing can be compared with it"
    before, after = runs[-2].values, runs[-1].values
    moved = {key: after[key] - before[key] for key in after.keys() & before if key[2] != CPU}
    key = max(sorted(moved), key=lambda one: abs(moved[one]), default=None)
    if key is None or round(abs(moved[key]), 4) == 0:
        return f"Nothing moved with {runs[-1].name}"
    way = "rose" if moved[key] > 0 else "fell"
    points = f"{100 * abs(moved[key]):.2f} points"
    what = labels.metric(key[2]).lower() if key[2] != "f1" else "F1"
    return f"With {runs[-1].name} {what} of {labels.linker(key[1])} {way} by {points}"


def renewed(runs: Sequence[KeptRun]) -> list[int]:
    """Give the places of runs whose worlds are not those of the run before."""
    return [k for k in range(1, len(runs)) if runs[k].worlds != runs[k - 1].worlds]


def _rows(runs: Sequence[KeptRun], setting: str) -> list[HistoryRow]:
    linkers = dict.fromkeys(key[1] for run in runs for key in run.values if key[0] == setting)
    return [
        _row(runs, (setting, linker, measure)) for linker in linkers for measure in (*SHOWN, CPU)
    ]


def _row(runs: Sequence[KeptRun], key: tuple[str, str, str]) -> HistoryRow:
    values = [run.values.get(key) for run in runs]
    known = [value for value in values if value is not None]
    last = values[-1]
    # Values before the last change of worlds cannot be compared with those after it.
    comparable = values[max(renewed(runs), default=0) : -1]
    before = next((value for value in reversed(comparable) if value is not None), None)
    moved = None if last is None or before is None else last - before
    cells = (
        TableCell(capital(labels.linker(key[1])), key[1]),
        TableCell(_named(key[2]), key[2]),
        *(_cell(value, key[2]) for value in (known[0] if known else None, before, last)),
        _change(moved, key[2]),
    )
    return HistoryRow(_draw(values, renewed(runs)), cells)


def _named(measure: str) -> str:
    return "CPU seconds" if measure == CPU else labels.metric(measure)


def _cell(value: float | None, measure: str) -> TableCell:
    if value is None:
        return TableCell(DASH)
    return TableCell(f"{value:.1f}" if measure == CPU else percent(value, 2), value)


def _change(moved: float | None, measure: str) -> TableCell:
    if moved is None:
        return TableCell(DASH)
    text = f"{moved:+.1f}" if measure == CPU else f"{100 * moved:+.2f}"
    return TableCell(text.replace("-", "\u2212"), moved)


def _draw(values: Sequence[float | None], breaks: Sequence[int]) -> Markup:
    """Draw values over runs as a line; upright lines stand where the worlds are others."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    span = (high - low) or 1.0
    step = (_WIDTH - 2 * _EDGE) / max(len(values) - 1, 1)
    points = [
        (_EDGE + k * step, _HEIGHT - _EDGE - (value - low) / span * (_HEIGHT - 2 * _EDGE))
        for k, value in enumerate(values)
        if value is not None
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    upright = "".join(
        f'<path d="M{_EDGE + (place - 0.5) * step:.1f} 0v{_HEIGHT}"/>' for place in breaks
    )
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in points)
    return Markup(  # noqa: S704, numbers alone
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">{upright}'
        f'<polyline points="{line}"/>{dots}</svg>'
    )


def _numbers(runs: Sequence[KeptRun], place: int, setting: str) -> PageTable:
    """Give every value of a setting, a run a row."""
    keys = dict.fromkeys(key for run in runs for key in run.values if key[0] == setting)
    heads = [f"{capital(labels.linker(linker))}, {_named(what)}" for _, linker, what in keys]
    rows = [
        (
            TableCell(run.name, run.name),
            *(_cell(run.values.get(key), key[2]) for key in keys),
        )
        for run in runs
    ]
    return table(f"history-{place}", f"Every value: {setting}", ("Run", *heads), rows, folded=True)
