"""The failures of a run, named so that nobody takes the rest for the whole."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.metrics.metric_set import METRIC_FAILED
from darkfigure.linkage_eval.rows import OK, REFUSED, Measure, Shared, Timing, rows_of
from darkfigure.linkage_eval.runs.run import Run
from darkfigure.synth.core.errors import LinkerError

_N_NAMED = 5
_PLACE = ("scenario", "strategy", "task", "linker")
_FAILED = "failed: "  # beginning of the status of a strategy that could not work


def find_failures(run: Run) -> list[str]:
    """List the linkers, sharing strategies and metrics that failed: a line each, where and why."""
    return list(dict.fromkeys([*_linkers(run), *_strategies(run), *_metrics(run)]))


def find_idle(run: Run) -> list[str]:
    """List the linkers that could not work on a task, and those that found nobody: a line each."""
    refused = [
        f"{row.linker} ({_place(row)}) {row.status}"
        for row in rows_of(run.timings, Timing)
        if row.status.startswith(REFUSED)
    ]
    # Precision has no denominator where nothing is linked.
    nothing = pc.field("metric") == "precision"
    nothing &= (pc.field("stratum_kind") == "all") & (pc.field("n") == 0)
    nothing &= pc.field("status") == OK
    found = rows_of(run.measurements.filter(nothing), Measure)
    return [*refused, *(f"{row.linker} ({_place(row)}) links nobody" for row in found)]


def refuse_failures(run: Run) -> None:
    """Make sure that nothing of a run failed.

    Raises
    ------
    LinkerError
        Something failed; the message names it, and the folder of the rest.
    """
    failed = find_failures(run)
    if not failed:
        return
    named = "".join(f"\n  - {line}" for line in failed[:_N_NAMED])
    more = f"\n  and {len(failed) - _N_NAMED} more" if len(failed) > _N_NAMED else ""
    raise LinkerError(
        f"{len(failed)} of the run's answers failed; the others are in {run.path}:{named}{more}\n"
        "With --allow-failures this is no error."
    )


def _linkers(run: Run) -> Iterator[str]:
    for row in rows_of(run.timings, Timing):
        if row.status != OK and not row.status.startswith(REFUSED):
            yield f"{row.linker} ({_place(row)}) {row.status}"


def _place(row: Timing | Measure) -> str:
    return f"{row.scenario}, {row.strategy}, {row.task}, seed {row.seed}"


def _metrics(run: Run) -> Iterator[str]:
    rows: list[Measure | Shared] = [*rows_of(_failed_metrics(run.measurements), Measure)]
    rows += rows_of(_failed_metrics(run.sharing), Shared)
    for row in rows:
        place = [str(getattr(row, name)) for name in _PLACE if hasattr(row, name)]
        yield f"{row.metric} ({', '.join(place)}, seed {row.seed}) {row.status}"


def _failed_metrics(table: pa.Table) -> pa.Table:
    return table.filter(pc.starts_with(table["status"], METRIC_FAILED))


def _strategies(run: Run) -> Iterator[str]:
    for row in rows_of(run.sharing, Shared):
        if row.status.startswith(_FAILED):
            yield f"{row.strategy} ({row.scenario}, seed {row.seed}) {row.status}"
