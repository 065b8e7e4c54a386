"""The two sides of a comparison: links and costs of each linker, and the data behind them.

A side is read from the folder of a run, or from a baseline: one file with a run's links, small
enough to be kept beside the code that it guards.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.isolation.parent import TRUSTED
from darkfigure.linkage_eval.rows import OK, CellKey, Timing, rows_of
from darkfigure.linkage_eval.runs.run import Run, read_run
from darkfigure.linkage_eval.runs.stored_links import write_file
from darkfigure.synth.core.errors import DatasetError

_METADATA = b"darkfigure-baseline"
_COSTS = ("cpu_seconds", "reference_seconds", "peak_mb")
_N_NAMED = 3
_FORMAT = 1  # number of the format of baseline files
_MAKE = "Make one with `darkfigure baseline RUN --out FILE`."


@dataclass(frozen=True)
class GateCell:
    """A linker's answer in one cell of the grid.

    Parameters
    ----------
    status
        "ok", or the reason why there are no links.
    links
        Schema `LINKS`; empty if the linker failed.
    cpu_seconds, peak_mb
        CPU time and peak memory of the linker; None if unknown.
    reference_seconds
        CPU time of the reference kernel beside it; None if unknown.
    """

    status: str
    links: pa.Table
    cpu_seconds: float | None = None
    reference_seconds: float | None = None
    peak_mb: float | None = None


@dataclass(frozen=True)
class GateSide:
    """One side of a comparison.

    Parameters
    ----------
    name
        Path from which it was read.
    data
        Content hashes of each dataset's tables, by dataset and table.
    cells
        The linkers' answers by cell.
    run
        The run, if the side is one: it may hold the worlds.
    guards
        The guards that closed the truth to its linkers, as in a run's manifest.
    """

    name: str
    data: Mapping[str, Mapping[str, str]]
    cells: Mapping[CellKey, GateCell]
    run: Run | None = None
    guards: tuple[str, ...] = ()

    @property
    def trusted(self) -> bool:
        """Whether nothing kept its linkers from reading the truth."""
        return TRUSTED in self.guards


def read_side(path: str | Path) -> GateSide:
    """Read the folder of a run, or a baseline file.

    Raises
    ------
    DatasetError
        The path is neither.
    """
    place = Path(path)
    return _read_baseline(place) if place.is_file() else side_of(read_run(place))


def side_of(run: Run) -> GateSide:
    """Take the links and costs of a run.

    Raises
    ------
    DatasetError
        Links of a linker that ran are missing.
    """
    links = {answer.which: answer.links.select(LINKS.names) for answer in run.answers()}
    cells = {}
    for row in rows_of(run.timings, Timing):
        which = row.which
        if row.status == OK and which not in links:
            raise DatasetError(
                f"{run.path / 'links' / which.file} is missing. Run the suite again."
            )
        costs = {name: getattr(row, name) for name in _COSTS}
        cells[which] = GateCell(row.status, links.get(which, LINKS.empty_table()), **costs)
    data = {name: dict(dataset["hashes"]) for name, dataset in run.manifest["datasets"].items()}
    return GateSide(str(run.path), data, cells, run, tuple(run.manifest.get("guards", [])))


def write_baseline(run: str | Path | Run, out: Path) -> None:
    """Write the links and costs of a run as one file, as baseline of later runs.

    Parameters
    ----------
    run
        The run, or its folder.
    out
        The file to write; one that is there is replaced.

    Raises
    ------
    DatasetError
        The folder holds no run.
    OutputError
        The file cannot be written.
    """
    side = side_of(run if isinstance(run, Run) else read_run(run))
    parts, cells = [], []
    for number, (which, cell) in enumerate(side.cells.items()):
        costs = {name: getattr(cell, name) for name in _COSTS}
        cells.append({"which": vars(which), "status": cell.status, **costs})
        numbers = pa.repeat(pa.scalar(number, pa.int32()), cell.links.num_rows)
        parts.append(cell.links.replace_schema_metadata(None).append_column("cell", numbers))
    empty = LINKS.append(pa.field("cell", pa.int32())).empty_table()
    header = {"format": _FORMAT, "data": side.data, "guards": side.guards, "cells": cells}
    metadata = {_METADATA: json.dumps(header)}
    table = pa.concat_tables([empty, *parts]).replace_schema_metadata(metadata)
    write_file(out, partial(pq.write_table, table, compression="zstd"))


def _read_baseline(file: Path) -> GateSide:
    try:
        table = pq.ParquetFile(file).read()
        metadata = json.loads((table.schema.metadata or {})[_METADATA])
        _check_format(file, metadata.get("format"))
        cells = dict(_read_cell(table, *numbered) for numbered in enumerate(metadata["cells"]))
        return GateSide(str(file), metadata["data"], cells, guards=_guards(metadata))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise DatasetError(f"{file} is neither a run nor a baseline. {_MAKE}") from None


def _guards(metadata: dict[str, Any]) -> tuple[str, ...]:
    # Baselines of before do not say it.
    return tuple(str(guard) for guard in metadata.get("guards", ()))


def _check_format(file: Path, format_number: object) -> None:
    if format_number != _FORMAT:
        named = "an earlier format" if format_number is None else f"format {format_number}"
        raise DatasetError(
            f"{file} is a baseline of {named}, and this version of Darkfigure reads "
            f"format {_FORMAT}. {_MAKE}"
        )


def _read_cell(table: pa.Table, number: int, cell: dict[str, Any]) -> tuple[CellKey, GateCell]:
    links = table.filter(pc.equal(table["cell"], number)).select(LINKS.names)
    costs = {name: cell[name] for name in _COSTS}
    return CellKey(**cell["which"]), GateCell(cell["status"], links, **costs)


def refuse_other_data(baseline: GateSide, candidate: GateSide) -> None:
    """Make sure that both sides linked the same data.

    Parameters
    ----------
    baseline, candidate
        The two sides; the candidate may have further datasets.

    Raises
    ------
    DatasetError
        The data differ; the message names the tables.
    """
    absent = sorted(baseline.data.keys() - candidate.data.keys())
    if absent:
        raise DatasetError(
            f"{candidate.name} holds no links of {_named(absent)}, which {baseline.name} is about. "
            "Run the same suite for both."
        )
    differ = [
        f"{name}/{table}"
        for name, tables in baseline.data.items()
        for table in sorted({*tables, *candidate.data[name]})
        if tables.get(table) != candidate.data[name].get(table)
    ]
    if differ:
        raise DatasetError(
            f"{baseline.name} and {candidate.name} are not of the same data: {_named(differ)} "
            "differ. If the simulation was changed on purpose, make a new baseline with it."
        )


def _named(names: list[str]) -> str:
    more = len(names) - _N_NAMED
    return ", ".join(names[:_N_NAMED]) + (f" and {more} more" if more > 0 else "")
