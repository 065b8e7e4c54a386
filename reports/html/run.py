"""A run as rows for the report: the one module that knows the columns of its tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from darkfigure.linkage_eval.runs import run as stored

OK = "ok"
EVERYBODY = ("all", "all")
FALSE_LINK = "false link"

# Shares of the assault attendances, as linkage_eval names them.
NEVER_REPORTED = "never_reported_share"
NOT_RECORDED = "not_recorded_share"
RECORDED_NOT_LINKED = "recorded_not_linked_share"
FALSELY_KNOWN = "unrecorded_but_linked_share"
TRULY_UNKNOWN = "true_unknown_share"
SEEMS_UNKNOWN = "apparent_unknown_share"


@dataclass(frozen=True)
class _Which:
    """The cell of a row: scenario, strategy, task, linker and seed."""

    scenario: str
    strategy: str
    task: str
    linker: str
    seed: int


@dataclass(frozen=True)
class Measure(_Which):
    """One measured value with its 95 % interval; a status other than "ok" names the failure."""

    stratum_kind: str
    stratum: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    status: str


@dataclass(frozen=True)
class Timing(_Which):
    """The cost of one linker on one dataset: seconds, and megabytes at the peak."""

    wall_seconds: float | None
    cpu_seconds: float | None
    peak_mb: float | None
    status: str
    machine: str | None


@dataclass(frozen=True)
class Cause(_Which):
    """The rates at which true pairs with a cause between them were missed, and other pairs."""

    cause: str
    n_missed_with: int
    n_pairs_with: int
    missed_rate_with: float | None
    missed_rate_without: float | None


@dataclass(frozen=True)
class Attributed(_Which):
    """Missed pairs attributed to a cause, which sum to all missed pairs; recall without it."""

    cause: str
    n_missed: float
    low: float
    high: float
    share_of_missed: float | None
    recall_without: float | None
    recall_without_low: float | None
    recall_without_high: float | None


@dataclass(frozen=True)
class Point(_Which):
    """Precision and recall of the links with at least a score."""

    threshold: float
    precision: float
    recall: float
    f1: float
    n_links: int


@dataclass(frozen=True)
class Bin(_Which):
    """Links with a match probability between two bounds, and the share of them that is right."""

    low: float
    high: float
    mean_probability: float | None
    share_right: float | None
    n: int


@dataclass(frozen=True)
class Difference:
    """Two linkers compared on the same people; the verdict is "first", "second" or "tie"."""

    scenario: str
    strategy: str
    task: str
    first: str
    second: str
    metric: str
    difference: float | None
    low: float | None
    high: float | None
    verdict: str


@dataclass(frozen=True)
class Example(_Which):
    """One field of one example pair: written and true values of both sources."""

    kind: str
    example: int
    score: float | None
    causes: str | None
    field: str
    left_written: str | None
    left_true: str | None
    right_written: str | None
    right_true: str | None


@dataclass(frozen=True)
class Shared:
    """One measured gain or cost of a sharing strategy."""

    scenario: str
    strategy: str
    seed: int
    recipient: str | None
    stratum_kind: str | None
    stratum: str | None
    metric: str | None
    value: float | None
    low: float | None
    high: float | None
    status: str


@dataclass(frozen=True)
class ReportedRun:
    """The whole run, as rows."""

    manifest: Mapping[str, Any]
    measures: tuple[Measure, ...]
    timings: tuple[Timing, ...]
    causes: tuple[Cause, ...]
    examples: tuple[Example, ...]
    attributed: tuple[Attributed, ...] = ()
    curves: tuple[Point, ...] = ()
    bins: tuple[Bin, ...] = ()
    differences: tuple[Difference, ...] = ()
    shared: tuple[Shared, ...] = ()
    fidelity: pa.Table | None = None  # as linkage_eval.fidelity compares, with scenario and seed


Row = TypeVar("Row", Measure, Timing, Cause, Example, Attributed, Point, Bin, Difference, Shared)


def read_run(folder: Path) -> ReportedRun:
    """Read a run folder.

    Raises
    ------
    DatasetError
        The folder or a file of it is missing or damaged, or is no run.
    """
    stored_run = stored.read_run(folder)
    return ReportedRun(
        stored_run.manifest,
        _rows(stored_run.measurements, Measure),
        _rows(stored_run.timings, Timing),
        _rows(stored_run.missed, Cause),
        _rows(stored_run.examples, Example),
        _rows(stored_run.attribution, Attributed),
        _rows(stored_run.curves, Point),
        _rows(stored_run.calibration, Bin),
        _rows(stored_run.differences, Difference),
        _rows(stored_run.sharing, Shared),
        stored_run.fidelity if stored_run.fidelity.num_rows else None,
    )


def _rows(table: pa.Table, model: type[Row]) -> tuple[Row, ...]:
    """Take the model's columns of a table as plain values, with null for not-a-number."""
    rows = table.select([column.name for column in fields(model)]).to_pylist()
    return tuple(model(**{key: _known(value) for key, value in row.items()}) for row in rows)


def _known(value: Any) -> Any:  # noqa: ANN401, a cell holds anything
    return None if isinstance(value, float) and not math.isfinite(value) else value
