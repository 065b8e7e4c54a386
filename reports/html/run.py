"""A run as the report reads it: the one module that knows the columns of its tables."""

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
    """The scenario, strategy, task, linker and seed that a row is about."""

    scenario: str
    strategy: str
    task: str
    linker: str
    seed: int


@dataclass(frozen=True)
class Measure(_Which):
    """One measured value with its 95 % interval; a status other than "ok" says what failed."""

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
    """What one linker cost on one dataset: seconds, and megabytes at the peak."""

    wall_seconds: float | None
    cpu_seconds: float | None
    peak_mb: float | None
    status: str
    machine: str | None


@dataclass(frozen=True)
class Cause(_Which):
    """How often true pairs with a fault between the two records were missed, and others."""

    cause: str
    n_missed_with: int
    n_pairs_with: int
    missed_rate_with: float | None
    missed_rate_without: float | None


@dataclass(frozen=True)
class Attributed(_Which):
    """Missed pairs that a cause answers for, shared out so that they add up; recall without it."""

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
    """Precision and recall if only links with at least a score were taken."""

    threshold: float
    precision: float
    recall: float
    f1: float
    n_links: int


@dataclass(frozen=True)
class Bin(_Which):
    """Links whose match probability lies between two bounds, and the share that is right."""

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
    """One field of one example pair: what the two sources wrote, and what was true."""

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
    """One measured value of what a sharing strategy brings or costs."""

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
    """Everything that a report tells of."""

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
        The folder or a file of it is missing, damaged, or holds something else.
    """
    read = stored.read_run(folder)
    return ReportedRun(
        read.manifest,
        _rows(read.measurements, Measure),
        _rows(read.timings, Timing),
        _rows(read.missed, Cause),
        _rows(read.examples, Example),
        _rows(read.attribution, Attributed),
        _rows(read.curves, Point),
        _rows(read.calibration, Bin),
        _rows(read.differences, Difference),
        _rows(read.sharing, Shared),
        read.fidelity if read.fidelity.num_rows else None,
    )


def _rows(table: pa.Table, model: type[Row]) -> tuple[Row, ...]:
    """Take the model's columns of a table as plain values, with null for not-a-number."""
    rows = table.select([column.name for column in fields(model)]).to_pylist()
    return tuple(model(**{key: _known(value) for key, value in row.items()}) for row in rows)


def _known(value: Any) -> Any:  # noqa: ANN401, a cell holds anything
    return None if isinstance(value, float) and not math.isfinite(value) else value
