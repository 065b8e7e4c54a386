"""A run as rows for the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from darkfigure.linkage_eval.rows import (
    ALL,
    Answer,
    Attained,
    Attributed,
    Bin,
    Cause,
    Difference,
    Example,
    FalseCause,
    Listed,
    Measure,
    Point,
    Shared,
    Timing,
    rows_of,
)
from darkfigure.linkage_eval.runs import run as stored
from darkfigure.linkage_eval.studies.validity import Validity, find_validity

EVERYBODY = (ALL, ALL)
FALSE_LINK = "false link"

# Shares of the assault attendances, as linkage_eval names them.
NEVER_REPORTED = "never_reported_share"
NOT_RECORDED = "not_recorded_share"
RECORDED_NOT_FOUND = "recorded_not_found_share"
RECORDED = "recorded_share"
TRULY_UNKNOWN = "true_unknown_share"
SEEMS_UNKNOWN = "apparent_unknown_share"


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
    answered: tuple[Answer, ...] = ()
    attained: tuple[Attained, ...] = ()
    attainable_curves: tuple[Point, ...] = ()
    listed: tuple[Listed, ...] = ()
    false_causes: tuple[FalseCause, ...] = ()
    fidelity: pa.Table | None = None  # as linkage_eval.fidelity compares, with scenario and seed
    laws: pa.Table | None = None  # as it counts violations, likewise
    validity: Validity | None = None


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
        rows_of(stored_run.measurements, Measure),
        rows_of(stored_run.timings, Timing),
        rows_of(stored_run.missed, Cause),
        rows_of(stored_run.examples, Example),
        rows_of(stored_run.attribution, Attributed),
        rows_of(stored_run.curves, Point),
        rows_of(stored_run.calibration, Bin),
        rows_of(stored_run.differences, Difference),
        rows_of(stored_run.sharing, Shared),
        rows_of(stored_run.answered, Answer),
        rows_of(stored_run.attainable, Attained),
        rows_of(stored_run.attainable_curves, Point),
        rows_of(stored_run.lists, Listed),
        rows_of(stored_run.false_causes, FalseCause),
        stored_run.fidelity if stored_run.fidelity.num_rows else None,
        stored_run.laws if stored_run.laws.num_rows else None,
        find_validity(stored_run),
    )
