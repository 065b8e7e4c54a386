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
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from darkfigure.synth.core.errors import DatasetError, OutputError
from darkfigure.synth.core.frames import to_pandas
from darkfigure.synth.core.html_table import html_table
from darkfigure.synth.schema import TABLES, Table
from darkfigure.synth.storage.content import Content
from darkfigure.synth.storage.key_order import in_order
from darkfigure.synth.storage.manifest import check_file, files_of, read_manifest
from darkfigure.synth.storage.parts import content_of
from darkfigure.synth.storage.replacing import put_in_place, refuse_occupied

if TYPE_CHECKING:
    import pandas as pd

_AGAIN = "Generate the dataset again."


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
        """Give the expression that reads a table in DuckDB's SQL; errors as of `files`."""
        files = ", ".join("'" + str(file).replace("'", "''") + "'" for file in self.files(name))
        return f"read_parquet([{files}])"

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
            As of `files`.
        """
        files = self.files(name)
        try:
            if files == [self.file(name)]:
                return pq.read_table(files[0], columns=columns, partitioning=None)
            return self._read_parts(name, columns)
        except (OSError, pa.ArrowException) as error:
            raise _damaged(self.file(name), error) from None

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

    def _read_parts(self, name: str, columns: list[str] | None) -> pa.Table:
        """Read a table that lies in parts, in the row order of a single file."""
        key = TABLES[f"{name}.parquet"].key
        needed = None if columns is None else list(dict.fromkeys([*columns, *key]))
        parts = [
            pq.read_table(file, columns=needed, partitioning=None) for file in self.files(name)
        ]
        table = in_order(pa.concat_tables(parts), key)
        return table if columns is None else table.select(columns)


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
        A file is missing, damaged or altered; the message names every one.
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
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise DatasetError(f"{dataset.path} is not as it was generated:\n{lines}")
    return hashes


def _strangers(dataset: Dataset) -> Iterator[str]:
    """Name files of Parquet in the folder that the manifest does not list."""
    for file in sorted(dataset.path.rglob("*.parquet")):
        part = file.relative_to(dataset.path).as_posix()
        if file.is_file() and part not in dataset.manifest["files"]:
            yield f"{file} is not part of the dataset. Take it away."


def _hash_table(dataset: Dataset, name: str) -> str:
    try:
        contents = [content_of(file) for file in dataset.files(name)]
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
