"""A run as read from disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from darkfigure.linkage_eval.evaluation.scores import Scores
from darkfigure.linkage_eval.rows import OK, CellKey, schema_of
from darkfigure.linkage_eval.runs.run_manifest import read_run_manifest
from darkfigure.linkage_eval.runs.stored_links import (
    StoredLinks,
    read_answer,
)
from darkfigure.linkage_eval.runs.tables import TABLES
from darkfigure.synth.core.errors import DatasetError, UnknownNameError
from darkfigure.synth.core.frames import to_pandas
from darkfigure.synth.core.html_table import html_table

if TYPE_CHECKING:
    import pandas as pd

_COUNTED = tuple(schema_of(CellKey).names)
_ALWAYS = {*_COUNTED, "status"}  # columns without nulls, where a table has them
# Tables that runs of earlier versions lack.
_LATER = (
    *("answered", "lists", "false_causes"),
    *("sharing", "fidelity", "laws", "attribution", "disparities", "curves", "calibration"),
    *("differences", "best", "attainable", "attainable_curves"),
)


@dataclass(frozen=True, repr=False)
class Run:
    """The results of a run as read from disk: its folder, manifest and tables."""

    path: Path
    manifest: dict[str, Any]
    measurements: pa.Table
    sharing: pa.Table
    fidelity: pa.Table
    laws: pa.Table
    timings: pa.Table
    answered: pa.Table
    lists: pa.Table
    missed: pa.Table
    examples: pa.Table
    attribution: pa.Table
    false_causes: pa.Table
    disparities: pa.Table
    curves: pa.Table
    calibration: pa.Table
    differences: pa.Table
    best: pa.Table
    attainable: pa.Table
    attainable_curves: pa.Table

    @property
    def scores(self) -> Scores:
        """The measurements of each linker, by stratum."""
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
        The folder holds no results, or a file of them is missing or damaged.
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
    """Read a table of a run, and check that its columns are those of this version."""
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
