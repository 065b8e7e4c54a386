"""What a run leaves: tidy tables, the links themselves, and a manifest.

::

    RUN/
      measurements.parquet   one row per world, strategy, task, linker, seed, stratum and metric
      missed.parquet         why true pairs were missed
      examples.parquet       some missed pairs and false links, field by field
      links/*.parquet        the scored pairs of each linker
      manifest.json          the suite as resolved, versions, content hashes of the datasets
      timings.parquet        seconds and megabytes: the only thing that differs between two runs
      datasets/              the worlds, if the run made them
"""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from linkage_eval.contracts import Measurement
from linkage_eval.evaluation import Explained
from linkage_eval.isolation import OK, Outcome
from linkage_eval.metrics import known_metrics
from linkage_eval.metrics.examples import EXAMPLES
from linkage_eval.metrics.missed import MISSED
from synth.errors import DatasetError, OutputError

_TEXT, _REAL = pa.string(), pa.float64()
_WHICH = pa.schema(
    [
        pa.field("scenario", _TEXT),
        pa.field("strategy", _TEXT),
        pa.field("task", _TEXT),
        pa.field("linker", _TEXT),
        pa.field("seed", pa.int64()),
    ]
)
MEASURED = pa.schema(
    [
        pa.field("stratum_kind", _TEXT),
        pa.field("stratum", _TEXT),
        pa.field("metric", _TEXT),
        pa.field("value", _REAL),
        pa.field("low", _REAL),
        pa.field("high", _REAL),
        pa.field("n", pa.int64()),
    ]
)
MEASUREMENTS = pa.schema([*_WHICH, *MEASURED, pa.field("status", _TEXT)])
TIMINGS = pa.schema(
    [
        *_WHICH,
        pa.field("wall_seconds", _REAL),
        pa.field("cpu_seconds", _REAL),
        pa.field("peak_mb", _REAL),
        pa.field("status", _TEXT),
        pa.field("machine", _TEXT),
    ]
)
TABLES = {
    "measurements": MEASUREMENTS,
    "timings": TIMINGS,
    "missed": pa.schema([*_WHICH, *MISSED]),
    "examples": pa.schema([*_WHICH, *EXAMPLES]),
}
_PACKAGES = ("darkfigure", "duckdb", "numpy", "pyarrow", "scipy", "splink")


@dataclass(frozen=True)
class Which:
    """Which cell of the grid a result belongs to."""

    scenario: str
    strategy: str
    task: str
    linker: str
    seed: int

    @property
    def file(self) -> str:
        """A file name for the cell's links."""
        words = (self.scenario, self.strategy, self.task, self.linker, str(self.seed))
        return "-".join(re.sub(r"[^A-Za-z0-9_.=]+", "_", word) for word in words) + ".parquet"


@dataclass(frozen=True)
class Results:
    """What a run has found so far."""

    folder: Path
    rows: dict[str, list[pa.Table]] = field(default_factory=lambda: {name: [] for name in TABLES})
    guards: set[str] = field(default_factory=set)

    def add_outcome(self, which: Which, outcome: Outcome) -> None:
        """Keep what a linker took, and its links or the reason why there are none."""
        took = {name: getattr(outcome, name) for name in ("wall_seconds", "cpu_seconds", "peak_mb")}
        self._add("timings", which, [{**took, "status": outcome.status, "machine": _machine()}])
        self.guards.add(outcome.guard)
        if outcome.links is None:
            failed = [
                {"stratum_kind": "all", "stratum": "all", "metric": metric, "n": 0}
                for metric in known_metrics()
            ]
            self._add("measurements", which, [row | {"status": outcome.status} for row in failed])
            return
        links = outcome.links.sort_by([("left_id", "ascending"), ("right_id", "ascending")])
        write_file(self.folder / "links" / which.file, partial(pq.write_table, links))

    def add_measured(self, which: Which, measured: list[Measurement], explained: Explained) -> None:
        """Keep what was measured of a linker's links."""
        self._add("measurements", which, [vars(one) | {"status": OK} for one in measured])
        self._add("missed", which, explained.missed.to_pylist())
        self._add("examples", which, explained.examples.to_pylist())

    def write(self, suite: Mapping[str, Any], datasets: Mapping[str, Any]) -> None:
        """Write tables and manifest.

        Parameters
        ----------
        suite
            As resolved.
        datasets
            By name: scenario, persons, seed, and content hash of each table.

        Raises
        ------
        OutputError
            The folder cannot be written.
        """
        for name, schema in TABLES.items():
            table = pa.concat_tables([schema.empty_table(), *self.rows[name]]).combine_chunks()
            write_file(self.folder / f"{name}.parquet", partial(pq.write_table, table))
        manifest = {
            "created_by": f"darkfigure {_version('darkfigure')}",
            "suite": dict(suite),
            "datasets": dict(datasets),
            "guards": sorted(self.guards),
            "versions": {"python": platform.python_version()}
            | {package: _version(package) for package in _PACKAGES},
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        write_file(self.folder / "manifest.json", lambda path: path.write_text(text, "utf-8"))

    def _add(self, name: str, which: Which, rows: list[dict[str, Any]]) -> None:
        cell = vars(which)
        self.rows[name].append(pa.Table.from_pylist([cell | row for row in rows], TABLES[name]))


@dataclass(frozen=True)
class Run:
    """The results of a run as read from disk: its folder, manifest and tables."""

    path: Path
    manifest: dict[str, Any]
    measurements: pa.Table
    timings: pa.Table
    missed: pa.Table
    examples: pa.Table


def read_run(path: str | Path) -> Run:
    """Read the results of a run.

    Raises
    ------
    DatasetError
        The folder holds none, or a file of them is damaged.
    """
    folder = Path(path)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        tables = {name: pq.ParquetFile(folder / f"{name}.parquet").read() for name in TABLES}
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise DatasetError(
            f"{folder} does not hold the results of a run: {reason}. "
            "Make them with `darkfigure run SUITE --out DIR`."
        ) from None
    return Run(folder, manifest, **tables)


def write_file(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, then move it there.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(beside)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        reason = error.strerror or str(error)
        raise OutputError(f"{path} cannot be written: {reason}.") from None


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
