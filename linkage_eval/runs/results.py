"""What a run leaves: tidy tables, the links themselves, and a manifest.

::

    RUN/
      measurements.parquet   one row per world, strategy, task, linker, seed, stratum and metric
      fidelity.parquet       published figures beside those of one world (`Suite.judged`)
      sharing.parquet        what each strategy brings and costs, by recipient and stratum
      missed.parquet         why true pairs were missed: pairs with and without each cause
      attribution.parquet    the same, shared out so that it adds up
      examples.parquet       some missed pairs and false links, field by field
      disparities.parquet    differences between groups, with adjusted p-values
      differences.parquet    every two linkers compared, the seeds of a world together
      best.parquet           how probable it is that a linker is the best
      curves.parquet         precision and recall at every threshold
      calibration.parquet    what match probabilities are worth
      links/*.parquet        the scored pairs of each linker; its cell stands in the metadata
      candidates/*.parquet   the pairs that a linker compared, as rows, if it told
      manifest.json          the suite as resolved, versions, content hashes of the datasets
      unfinished/            finished cells of a run that was interrupted (`finished.py`)
      timings.parquet        seconds and megabytes: the only thing that differs between two runs
      datasets/              the worlds, if the run made them
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from darkfigure.linkage_eval.evaluation.evaluate import Findings
from darkfigure.linkage_eval.evaluation.metrics import known_metrics
from darkfigure.linkage_eval.evaluation.metrics.attribution import ATTRIBUTION
from darkfigure.linkage_eval.evaluation.metrics.calibration import CALIBRATION
from darkfigure.linkage_eval.evaluation.metrics.curves import CURVES
from darkfigure.linkage_eval.evaluation.metrics.disparities import DISPARITIES
from darkfigure.linkage_eval.evaluation.metrics.examples import EXAMPLES
from darkfigure.linkage_eval.evaluation.metrics.missed import MISSED
from darkfigure.linkage_eval.evaluation.paired import (
    BEST,
    DIFFERENCES,
    LinkerCounts,
    compare_contenders,
)
from darkfigure.linkage_eval.evaluation.scores import Scores
from darkfigure.linkage_eval.fidelity import compare
from darkfigure.linkage_eval.fidelity.comparison import SCHEMA as COMPARED
from darkfigure.linkage_eval.isolation.parent import OK, Outcome
from darkfigure.linkage_eval.runs.run_manifest import read_run_manifest
from darkfigure.linkage_eval.runs.stored_links import (
    CellKey,
    StoredLinks,
    read_answer,
    write_file,
    write_text,
)
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.errors import DatasetError, UnknownNameError
from darkfigure.synth.core.frames import to_pandas
from darkfigure.synth.core.html_table import html_table
from darkfigure.synth.storage.dataset import Dataset

if TYPE_CHECKING:
    import pandas as pd

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
        pa.field("reference_seconds", _REAL),
        pa.field("peak_mb", _REAL),
        pa.field("status", _TEXT),
        pa.field("machine", _TEXT),
    ]
)
_TASK = pa.schema([_WHICH.field(name) for name in ("scenario", "strategy", "task")])
SHARING = pa.schema(
    [
        *(_WHICH.field(name) for name in ("scenario", "strategy", "seed")),
        pa.field("recipient", _TEXT),
        *MEASURED,
        pa.field("status", _TEXT),
    ]
)
_WORLD = [_WHICH.field(name) for name in ("scenario", "seed")]
TABLES = {
    "measurements": MEASUREMENTS,
    "sharing": SHARING,
    "fidelity": pa.schema([*_WORLD, *COMPARED]),
    "timings": TIMINGS,
    "missed": pa.schema([*_WHICH, *MISSED]),
    "examples": pa.schema([*_WHICH, *EXAMPLES]),
    "attribution": pa.schema([*_WHICH, *ATTRIBUTION]),
    "disparities": pa.schema([*_WHICH, *DISPARITIES]),
    "curves": pa.schema([*_WHICH, *CURVES]),
    "calibration": pa.schema([*_WHICH, *CALIBRATION]),
    "differences": pa.schema([*_TASK, *DIFFERENCES]),
    "best": pa.schema([*_TASK, *BEST]),
}
_COUNTED = ("scenario", "strategy", "task", "linker", "seed")
_ALWAYS = {*_WHICH.names, "status"}  # columns without nulls, where a table has them
# Runs that earlier versions wrote lack these.
_LATER = (
    *("sharing", "fidelity", "attribution", "disparities", "curves", "calibration"),
    *("differences", "best"),
)
_PACKAGES = (
    "darkfigure",
    "dedupe",
    "duckdb",
    "numpy",
    "pyarrow",
    "recordlinkage",
    "scipy",
    "splink",
)


@dataclass(frozen=True)
class Results:
    """What a run has found so far."""

    folder: Path
    rows: dict[str, list[pa.Table]] = field(default_factory=lambda: {name: [] for name in TABLES})
    guards: set[str] = field(default_factory=set)
    counts: dict[CellKey, Ints] = field(default_factory=dict)

    def add_outcome(self, which: CellKey, outcome: Outcome) -> None:
        """Keep what a linker took, and the reason if there are no links."""
        costs = ("wall_seconds", "cpu_seconds", "reference_seconds", "peak_mb")
        took = {name: getattr(outcome, name) for name in costs}
        self._add("timings", which, [{**took, "status": outcome.status, "machine": _machine()}])
        self.guards.add(outcome.guard)
        if outcome.links is None:
            self.add_failure(which, outcome.status)

    def add_failure(self, which: CellKey, status: str) -> None:
        """Keep the reason why there is nothing to measure."""
        failed = [
            {"stratum_kind": "all", "stratum": "all", "metric": metric, "n": 0, "status": status}
            for metric in known_metrics()
        ]
        self._add("measurements", which, failed)

    def add_findings(self, answer: StoredLinks, found: Findings) -> None:
        """Keep what was found out about a linker's links."""
        which = answer.which
        measured = [vars(one) | {"status": OK} for one in found.measured]
        measured += [
            {"stratum_kind": "all", "stratum": "all", "metric": name, "status": OK}
            | {"value": float(value), "n": value}
            for name, value in answer.taught.items()
        ]
        self._add("measurements", which, measured)
        for name, table in found.tables.items():
            self._add(name, which, table.to_pylist())
        self.counts[which] = found.counts

    def add_sharing(
        self, dataset: Dataset, strategy: str, measured: list[dict[str, Any]], status: str
    ) -> None:
        """Keep what a strategy brought and cost; without measures the reason alone."""
        cell = {
            "scenario": dataset.manifest["scenario"]["name"],
            "strategy": strategy,
            "seed": int(dataset.manifest["seed"]),
            "status": status,
        }
        rows = [cell | row for row in measured or [{}]]
        self.rows["sharing"].append(pa.Table.from_pylist(rows, SHARING))

    def add_fidelity(self, dataset: Dataset) -> None:
        """Keep how near a world comes to what is published: the first of those given.

        One that no scenario made is not judged.
        """
        if self.rows["fidelity"] or "truth/population" not in dataset.tables:
            return
        name, seed = dataset.manifest["scenario"]["name"], int(dataset.manifest["seed"])
        found = compare(dataset)
        world = [pa.array([value] * found.num_rows) for value in (name, seed)]
        table = pa.table([*world, *found.columns], schema=TABLES["fidelity"])
        self.rows["fidelity"].append(table)

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
        self.compare()
        self.write_tables(TABLES)
        manifest = {
            "created_by": f"darkfigure {_version('darkfigure')}",
            "suite": dict(suite),
            "datasets": dict(datasets),
            "guards": sorted(self.guards),
            "versions": run_versions(),
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        write_text(self.folder / "manifest.json", text)

    def compare(self) -> None:
        """Compare every two linkers of each task, the seeds of a world together."""
        tasks = dict.fromkeys((one.scenario, one.strategy, one.task) for one in self.counts)
        for task in tasks:
            mine = [one for one in self.counts if (one.scenario, one.strategy, one.task) == task]
            seeds = sorted({one.seed for one in mine})
            contenders = [
                LinkerCounts(name, np.concatenate([self.counts[one] for one in cells]))
                for name in dict.fromkeys(one.linker for one in mine)
                # Who failed on one of the worlds cannot be compared on the same ones.
                if len(cells := [one for one in mine if one.linker == name]) == len(seeds)
            ]
            if len(contenders) > 1:
                for metric in ("f_star", "recall"):
                    found = compare_contenders(contenders, metric=metric)
                    self._add_rows("differences", task, found.differences)
                    self._add_rows("best", task, found.best)

    def write_tables(self, names: Iterable[str]) -> None:
        """Write some of the tables."""
        for name in names:
            schema = TABLES[name]
            table = pa.concat_tables([schema.empty_table(), *self.rows[name]]).combine_chunks()
            write_file(self.folder / f"{name}.parquet", partial(pq.write_table, table))

    def _add_rows(self, name: str, task: tuple[str, ...], table: pa.Table) -> None:
        cell = dict(zip(_TASK.names, task, strict=True))
        rows = [cell | row for row in table.to_pylist()]
        self.rows[name].append(pa.Table.from_pylist(rows, TABLES[name]))

    def _add(self, name: str, which: CellKey, rows: list[dict[str, Any]]) -> None:
        cell = vars(which)
        self.rows[name].append(pa.Table.from_pylist([cell | row for row in rows], TABLES[name]))


@dataclass(frozen=True, repr=False)
class Run:
    """The results of a run as read from disk: its folder, manifest and tables."""

    path: Path
    manifest: dict[str, Any]
    measurements: pa.Table
    sharing: pa.Table
    fidelity: pa.Table
    timings: pa.Table
    missed: pa.Table
    examples: pa.Table
    attribution: pa.Table
    disparities: pa.Table
    curves: pa.Table
    calibration: pa.Table
    differences: pa.Table
    best: pa.Table

    @property
    def scores(self) -> Scores:
        """What was measured of each linker, by stratum."""
        return Scores(to_pandas(self.measurements))

    def pandas(self, name: str) -> pd.DataFrame:
        """Give a table of the run, such as "timings", as a frame.

        Raises
        ------
        UnknownNameError
            A run has no such table.
        """
        if name not in TABLES:
            raise UnknownNameError.of("table of a run", name, TABLES)
        return to_pandas(getattr(self, name))

    def _says(self) -> str:
        counted = [(name, pc.count_distinct(self.timings[name]).as_py()) for name in _COUNTED]
        grid = ", ".join(f"{n} {name}{'' if n == 1 else 's'}" for name, n in counted)
        failed = self.timings.num_rows - pc.sum(pc.equal(self.timings["status"], OK)).as_py()
        return f"suite {self.manifest['suite']['name']}, {grid}, {failed} failed"

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r}: {self._says()})"

    def _repr_html_(self) -> str:
        return html_table((f"{self.path}: {self._says()}",), ()) + self.scores._repr_html_()

    def answers(self) -> Iterator[StoredLinks]:
        """Read the links of each linker, sorted by file."""
        for file in sorted((self.path / "links").glob("*.parquet")):
            yield read_answer(file)


def read_run(path: str | Path) -> Run:
    """Read the results of a run.

    Raises
    ------
    DatasetError
        The folder holds none, or a file of them is damaged.
    """
    folder = Path(path)
    file = folder / "manifest.json"
    try:
        manifest = read_run_manifest(file)
        tables = {}
        for name in TABLES:
            file = folder / f"{name}.parquet"
            tables[name] = _read_table(file, name)
    except (OSError, ValueError, pa.ArrowException) as error:
        missing = isinstance(error, (FileNotFoundError, NotADirectoryError))
        reason = f"{file.name} is {'missing' if missing else 'damaged'}"
        raise _no_run(folder, reason) from None
    if not tables["timings"].num_rows:
        raise _no_run(folder, "it holds no results")
    return Run(folder, manifest, **tables)


def _no_run(folder: Path, reason: str) -> DatasetError:
    return DatasetError(
        f"{folder} does not hold the results of a run: {reason}. "
        "Make them with `darkfigure run SUITE --out DIR`."
    )


def _read_table(file: Path, name: str) -> pa.Table:
    """Read a table of a run, whose columns are those of this version."""
    schema = TABLES[name]
    if name in _LATER and not file.exists():
        return schema.empty_table()
    table = pq.ParquetFile(file).read()
    lacking = [column for column in schema.names if table.column_names.count(column) != 1]
    if lacking:
        raise DatasetError(f"{file} lacks the columns {', '.join(lacking)}. Run the suite again.")
    try:
        table.validate(full=True)
        whole = table.select(schema.names).cast(schema)
    except pa.ArrowException as error:
        reason = str(error).splitlines()[0]
        raise DatasetError(
            f"{file} has a column of another type: {reason}. Run the suite again."
        ) from None
    for column in _ALWAYS.intersection(schema.names):
        if whole[column].null_count:
            raise DatasetError(f"{file} has gaps in the column {column}. Run the suite again.")
    return whole


def run_versions() -> dict[str, str]:
    """Give the versions of Python and of the packages that a run's results depend on."""
    found = {package: _version(package) for package in _PACKAGES}
    return {"python": platform.python_version()} | found


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
