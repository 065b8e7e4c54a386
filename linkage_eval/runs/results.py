"""The results of a run: tidy tables, the links themselves, and a manifest.

::

    RUN/
      measurements.parquet   one row per world, strategy, task, linker, seed, stratum and metric
      fidelity.parquet       published figures beside those of one world (`Suite.judged`)
      laws.parquet           how often each law is broken in it
      sharing.parquet        gains and costs of each strategy, by recipient and stratum
      answered.parquet       what links make of assault attendances, outcome by outcome
      lists.parquet          incidents on two lists and on both, by links and without error
      missed.parquet         causes of missed pairs: pairs with and without each
      attribution.parquet    missed pairs shared out among causes, so that the shares add up
      false_causes.parquet   false links by what made two people look alike
      examples.parquet       some missed pairs and false links, field by field
      disparities.parquet    differences between groups, with adjusted p-values
      differences.parquet    every two linkers compared, the seeds of a world together
      best.parquet           probability that a linker is the best
      curves.parquet         precision and recall at every threshold
      attainable.parquet     what a rule with labels attains, and how far linkers are from it
      attainable_curves.parquet  its precision and recall at every threshold
      calibration.parquet    match probabilities against the share of right links
      links/*.parquet        the scored pairs of each linker; its cell stands in the metadata
      candidates/*.parquet   the pairs that a linker compared, as rows, if it told
      manifest.json          the suite as resolved, versions, content hashes of the datasets
      unfinished/            finished cells of a run that was interrupted (`checkpoint.py`)
      timings.parquet        seconds and megabytes: the only thing that differs between two runs
      datasets/              the worlds, if the run made them
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from darkfigure.linkage_eval.evaluation.evaluate import Findings
from darkfigure.linkage_eval.evaluation.paired import (
    LinkerCounts,
    compare_contenders,
)
from darkfigure.linkage_eval.fidelity.comparison import compare
from darkfigure.linkage_eval.fidelity.laws import keep_laws
from darkfigure.linkage_eval.isolation.parent import Outcome
from darkfigure.linkage_eval.metrics.metric_set import MetricSet
from darkfigure.linkage_eval.metrics.registry import gather
from darkfigure.linkage_eval.rows import (
    ALL,
    OK,
    Attained,
    CellKey,
    Measure,
    Measured,
    Measurement,
    Shared,
    TaskKey,
    Timing,
    rows_of,
    table_of,
)
from darkfigure.linkage_eval.runs.stored_links import write_file, write_text
from darkfigure.linkage_eval.runs.tables import ROWS, TABLES
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.storage.dataset import Dataset

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

# The row of a strategy that failed.
_NOTHING: dict[str, Any] = dict.fromkeys(
    ("recipient", *(column.name for column in fields(Measured)))
)


@dataclass(frozen=True)
class Results:
    """The results of a run so far.

    Parameters
    ----------
    folder
        Folder of the run.
    rows
        Parts of each table, by name of the table.
    guards
        The ways in which the truth was closed to linkers.
    counts
        Each cell's counts by person, shape (people, 4), for comparing linkers.
    metrics
        The metrics of the run.
    """

    folder: Path
    rows: dict[str, list[pa.Table]] = field(default_factory=lambda: {name: [] for name in TABLES})
    guards: set[str] = field(default_factory=set)
    counts: dict[CellKey, Ints] = field(default_factory=dict)
    metrics: MetricSet = field(default_factory=partial(gather, ()))

    def add_outcome(self, which: CellKey, outcome: Outcome) -> None:
        """Add a linker's times and memory, and the reason if there are no links.

        Parameters
        ----------
        which
            The cell.
        outcome
            Status and costs of the linker.
        """
        costs = ("wall_seconds", "cpu_seconds", "reference_seconds", "peak_mb")
        took = {name: getattr(outcome, name) for name in costs}
        timing = Timing(**vars(which), **took, status=outcome.status, machine=_machine())
        self._add("timings", [timing])
        self.guards.add(outcome.guard)
        if outcome.links is None:
            self.add_failure(which, outcome.status)

    def add_failure(self, which: CellKey, status: str) -> None:
        """Add the reason why a cell has no links to measure."""
        names = self.metrics.names("links")
        lost = [replace(Measurement.overall(name, None, 0), status=status) for name in names]
        self._add_measurements(which, lost)

    def add_findings(self, which: CellKey, findings: Findings) -> None:
        """Add the findings about a linker's links.

        Parameters
        ----------
        which
            The cell.
        findings
            Measurements, counts and tables.
        """
        self._add_measurements(which, findings.measured)
        for name, table in findings.tables.items():
            self._add_contents(name, which, table)
        self.counts[which] = findings.counts

    def add_sharing(
        self, dataset: Dataset, strategy: str, measured: list[Measurement], status: str
    ) -> None:
        """Add the gains and costs of a sharing strategy.

        Parameters
        ----------
        dataset
            The world.
        strategy
            Name of the strategy, with its overlay.
        measured
            By recipient, stratum and metric; empty if the strategy failed.
        status
            "ok", or the reason of the failure.
        """
        at_work: dict[str, Any] = {
            "scenario": dataset.manifest["scenario"]["name"],
            "strategy": strategy,
            "seed": int(dataset.manifest["seed"]),
        }
        rows = [Shared(**at_work, **vars(measurement)) for measurement in measured]
        self._add("sharing", rows or [Shared(**at_work, **_NOTHING, status=status)])

    def add_attained(
        self, which: CellKey, rows: Iterable[Attained], curve: pa.Table | None
    ) -> None:
        """Add what is attainable on a task.

        Parameters
        ----------
        which
            The cell of the attainable rule, which is no linker.
        rows
            What it attains, and the distance of linkers to it.
        curve
            Precision and recall at each of its thresholds (schema `CURVES`), if it learnt.
        """
        self._add("attainable", rows)
        if curve is not None:
            self._add_contents("attainable_curves", which, curve)

    def counts_beside(self, which: CellKey) -> dict[str, Ints]:
        """Give the counts by person of all linkers on the task and world of a cell."""
        return {
            cell.linker: counts
            for cell, counts in self.counts.items()
            if replace(cell, linker=which.linker) == which
        }

    def add_fidelity(self, dataset: Dataset) -> None:
        """Add how a world fits published figures and laws; only the first world counts.

        A dataset that no scenario made is not compared.
        """
        if self.rows["fidelity"] or "truth/population" not in dataset.tables:
            return
        name, seed = dataset.manifest["scenario"]["name"], int(dataset.manifest["seed"])
        for key, found in (("fidelity", compare(dataset)), ("laws", keep_laws(dataset))):
            world = [pa.array([value] * found.num_rows) for value in (name, seed)]
            self.rows[key].append(pa.table([*world, *found.columns], schema=TABLES[key]))

    def overall(self, metric: str) -> list[Measure]:
        """Give a metric of everybody, of each cell that has it."""
        everybody = (pc.field("metric") == metric) & (pc.field("stratum_kind") == ALL)
        found = pa.concat_tables([TABLES["measurements"].empty_table(), *self.rows["measurements"]])
        return [row for row in rows_of(found.filter(everybody), Measure) if row.status == OK]

    def write(
        self,
        suite: Mapping[str, Any],
        datasets: Mapping[str, Any],
        held_out: Sequence[str] = (),
    ) -> None:
        """Write tables and manifest.

        Parameters
        ----------
        suite
            The suite as resolved.
        datasets
            Identity of each dataset by name: scenario, persons, seed, and content hash of each
            table.
        held_out
            Doubts about linkers that may have been tuned on what is reported.

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
            "metrics": self.metrics.described(),
            "guards": sorted(self.guards),
            "held_out": list(held_out),
            "versions": run_versions(),
        }
        write_manifest(self.folder, manifest)

    def compare(self) -> None:
        """Compare every two linkers of each task, the seeds of a world together."""
        for task in dict.fromkeys(map(_task_of, self.counts)):
            cells = [cell for cell in self.counts if _task_of(cell) == task]
            seeds = sorted({cell.seed for cell in cells})
            contenders = [
                LinkerCounts(name, np.concatenate([self.counts[cell] for cell in of_linker]))
                for name in dict.fromkeys(cell.linker for cell in cells)
                # A linker that failed on one of the worlds cannot be compared on the same ones.
                if len(of_linker := [cell for cell in cells if cell.linker == name]) == len(seeds)
            ]
            if len(contenders) > 1:
                for metric in ("f_star", "recall"):
                    comparison = compare_contenders(contenders, metric=metric)
                    self._add_contents("differences", task, comparison.differences)
                    self._add_contents("best", task, comparison.best)

    def write_tables(self, names: Iterable[str]) -> None:
        """Write some of the tables."""
        for name in names:
            schema = TABLES[name]
            table = pa.concat_tables([schema.empty_table(), *self.rows[name]]).combine_chunks()
            write_file(self.folder / f"{name}.parquet", partial(pq.write_table, table))

    def _add_measurements(self, which: CellKey, measured: Iterable[Measurement]) -> None:
        rows = (
            {column.name: getattr(measurement, column.name) for column in fields(Measured)}
            | {"status": measurement.status}
            for measurement in measured
        )
        self._add("measurements", [Measure(**vars(which), **row) for row in rows])

    def _add_contents(self, name: str, key: TaskKey, contents: pa.Table) -> None:
        """Add rows that lack the cell or the task."""
        row = ROWS[name]
        self._add(name, [row(**vars(key), **content) for content in contents.to_pylist()])

    def _add(self, name: str, rows: Iterable[object]) -> None:
        self.rows[name].append(table_of(ROWS[name], rows))


def _task_of(cell: CellKey) -> TaskKey:
    return TaskKey(cell.scenario, cell.strategy, cell.task)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest of a run; errors are those of `write_file`."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    write_text(folder / "manifest.json", text)


def run_versions() -> dict[str, str]:
    """Give the versions of Python and of the packages that a run's results depend on."""
    versions = {package: _version(package) for package in _PACKAGES}
    return {"python": platform.python_version()} | versions


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
