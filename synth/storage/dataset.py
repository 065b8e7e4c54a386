"""A dataset on disk: open it, read it, verify it.

::

    DATASET/
      manifest.json        its origin and the hashes of its tables (`manifest.py`)
      datapackage.json     Frictionless description of every table, with code lists
      police/<force>/*.parquet   ed/   gp/   education/
      truth/*.parquet      never shown to a linker

A table is one file, or a folder of parts that several machines wrote; both read alike.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from darkfigure.synth.core.errors import DatasetError, OutputError
from darkfigure.synth.core.frames import to_pandas
from darkfigure.synth.core.html_table import html_table
from darkfigure.synth.schema import TABLES, Table
from darkfigure.synth.storage.content import Content
from darkfigure.synth.storage.key_order import in_order, rises
from darkfigure.synth.storage.manifest import check_file, files_of, read_manifest
from darkfigure.synth.storage.parts import ROW_GROUP, content_of
from darkfigure.synth.storage.replacing import put_in_place, refuse_occupied
from darkfigure.synth.storage.soundness import find_fault

if TYPE_CHECKING:
    import pandas as pd

_AGAIN = "Generate the dataset again."
_LISTED = 50  # damaged files of one message; no rate


@dataclass(frozen=True, repr=False)
class Dataset:
    """An opened dataset.

    Parameters
    ----------
    path
        Its folder.
    manifest
        Content of `manifest.json`.
    """

    path: Path
    manifest: dict[str, Any]

    @classmethod
    def open(cls, path: str | Path) -> Dataset:
        """Open a dataset.

        Raises
        ------
        DatasetError
            The folder is no dataset, another version wrote it, or its manifest is damaged.
        """
        folder = Path(path)
        return cls(folder, read_manifest(folder))

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Rows and content hash of each table, by path without ending."""
        return dict(self.manifest["tables"])

    def has(self, name: str) -> bool:
        """Tell whether the dataset has a table, such as "ed/attendances"."""
        return name in self.manifest["tables"]

    def file(self, name: str) -> Path:
        """Give the file of a table, such as "ed/attendances", or the folder of its parts."""
        return self.path / f"{name}.parquet"

    def files(self, name: str) -> list[Path]:
        """Check the files of a table and list them: one, or all of its parts.

        Parameters
        ----------
        name
            Path of the table without ending, such as "ed/attendances".

        Raises
        ------
        DatasetError
            The dataset has no such table, or a file of it is missing, damaged or altered.
        """
        if not self.has(name):
            raise DatasetError(
                f"{self.path} has no table '{name}'; its manifest.json lists those it has."
            )
        parts, shape = files_of(self.manifest, name), TABLES[f"{name}.parquet"]
        for part in parts:
            check_file(self.path, self.manifest, part)
        files = [self.path / part for part in parts]
        n_rows = sum(_rows_of(file, shape) for file in files)
        if n_rows != self.manifest["tables"][name]["rows"]:
            rows = self.manifest["tables"][name]["rows"]
            raise DatasetError(
                f"{self.file(name)} has {n_rows:,} rows instead of {rows:,}. {_AGAIN}"
            )
        return files

    def sql(self, name: str) -> str:
        """Give the expression that reads a table in DuckDB's SQL; errors as of `read`."""
        files = self.looked_through(name)
        listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        return f"read_parquet([{listed}])"

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Read a table, or some of its columns.

        Parameters
        ----------
        name
            Path of the table without ending, such as "ed/attendances".
        columns
            Names of columns, in the order wanted; None takes all.

        Raises
        ------
        DatasetError
            As of `files`, or it holds what no table of its kind does (`soundness.py`).
        """
        files, shape = self.files(name), TABLES[f"{name}.parquet"]
        needed = None if columns is None else list(dict.fromkeys([*columns, *shape.key]))
        try:
            parts = [pq.read_table(file, columns=needed, partitioning=None) for file in files]
            for file, part in zip(files, parts, strict=True):
                _refuse_fault(file, find_fault(shape, [part]))
            table = parts[0] if len(parts) == 1 else _together(shape, parts, self.file(name))
        except (OSError, pa.ArrowException) as error:
            raise _damaged(self.file(name), error) from None
        return table if columns is None else table.select(columns)

    def pandas(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read a table as a frame; parameters and errors as of `read`."""
        return to_pandas(self.read(name, columns))

    def _summary(self) -> str:
        facts = self.manifest
        scenario = facts["scenario"].get("name", "")
        persons = f", {facts['persons']:,} persons" if "persons" in facts else ""
        return f"{scenario}{persons}, seed {facts['seed']}, {len(self.tables)} tables"

    def __repr__(self) -> str:
        return f"Dataset({str(self.path)!r}: {self._summary()})"

    def _repr_html_(self) -> str:
        rows = [(name, f"{table['rows']:,}") for name, table in sorted(self.tables.items())]
        return html_table(("table", "rows"), rows, f"{self.path}: {self._summary()}")

    def looked_through(self, name: str) -> list[Path]:
        """Give the files of a table once nothing is wrong with what they hold."""
        shape, files = TABLES[f"{name}.parquet"], self.files(name)
        for file in files:
            state = file.stat()
            _refuse_fault(file, _fault_in(shape.path, file, state.st_ino, state.st_mtime_ns))
        return files


def _rows_of(file: Path, shape: Table) -> int:
    """Count the rows of a file; refuse columns other than its table's."""
    try:
        with pq.ParquetFile(file) as opened:
            columns, n_rows = opened.schema_arrow, int(opened.metadata.num_rows)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(file, error) from None
    if not columns.remove_metadata().equals(shape.arrow):
        raise DatasetError(f"{file} does not have the columns of its table. {_AGAIN}")
    return n_rows


@lru_cache(maxsize=65_536)
def _fault_in(path: str, file: Path, *_: int) -> str:
    """Look through a file piece by piece, once as long as it stays as it is."""
    try:
        with pq.ParquetFile(file) as opened:
            pieces = (pa.Table.from_batches([one]) for one in opened.iter_batches(ROW_GROUP))
            return find_fault(TABLES[path], pieces)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(file, error) from None


def _together(shape: Table, parts: list[pa.Table], file: Path) -> pa.Table:
    """Put parts in the order in which one file would have them."""
    table = in_order(pa.concat_tables(parts), shape.key)
    if not rises(table.select(shape.key)):
        _refuse_fault(file, f"two parts share {' and '.join(shape.key)}")
    return table


def _refuse_fault(file: Path, fault: str) -> None:
    if fault:
        raise DatasetError(f"{file} holds what no table of its kind does: {fault}. {_AGAIN}")


def _damaged(file: Path, error: Exception) -> DatasetError:
    reason = str(error).splitlines()[0]
    return DatasetError(f"{file} is damaged or missing: {reason}. {_AGAIN}")


def verify(
    path: str | Path, *, progress: Callable[[str, int, int], None] = lambda *_: None
) -> dict[str, str]:
    """Recompute the content hash of every table.

    Parameters
    ----------
    path
        Folder of a dataset.
    progress
        Called with the table, tables done, and tables in all.

    Returns
    -------
    The hash of each table, by path without ending.

    Raises
    ------
    DatasetError
        A file is missing, damaged or altered; the message names up to fifty and counts the others.
    """
    dataset = Dataset.open(path)
    problems, hashes = [*_strangers(dataset)], {}
    for number, (name, table) in enumerate(dataset.tables.items()):
        progress(name, number, len(dataset.tables))
        try:
            hashes[name] = _hash_table(dataset, name)
        except DatasetError as error:
            problems.append(str(error))
            continue
        if hashes[name] != table["hash"]:
            problems.append(f"{dataset.file(name)} has been altered: its content hash differs.")
    if problems:
        lines = [f"  - {problem}" for problem in problems[:_LISTED]]
        if len(problems) > _LISTED:
            lines.append(f"  - and {len(problems) - _LISTED} more files.")
        listed = "\n".join(lines)
        raise DatasetError(f"{dataset.path} is not as it was generated:\n{listed}")
    return hashes


def _strangers(dataset: Dataset) -> Iterator[str]:
    """Name files of Parquet in the folder that the manifest does not list."""
    for file in sorted(dataset.path.rglob("*.parquet")):
        part = file.relative_to(dataset.path).as_posix()
        if file.is_file() and part not in dataset.manifest["files"]:
            yield f"{file} is not part of the dataset. Take it away."


def _hash_table(dataset: Dataset, name: str) -> str:
    try:
        contents = [content_of(file) for file in dataset.looked_through(name)]
    except (OSError, pa.ArrowException) as error:
        raise _damaged(dataset.file(name), error) from None
    return sum(contents, Content()).hexdigest(TABLES[f"{name}.parquet"].arrow)


@contextmanager
def fresh_folder(out: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give a folder to write in; it becomes `out` only if all goes well.

    Parameters
    ----------
    out
        Folder to make; a link to a folder stays a link.
    overwrite
        Replace a dataset that lies there, if we wrote all of it.

    Raises
    ------
    OutputError
        `out` holds something already, or cannot be written.
    """
    out = Path(os.path.realpath(out))
    refuse_occupied(out, overwrite=overwrite)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise _unwritable(out, error) from None
    try:
        yield beside
        beside.chmod(0o755)
        put_in_place(beside, out, overwrite=overwrite)
    except OSError as error:
        raise _unwritable(out, error) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(
        f"{out} cannot be written: {reason}. Nothing was left behind; choose another --out."
    )
