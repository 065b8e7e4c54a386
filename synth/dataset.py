"""A dataset on disk: write it, open it, verify it.

::

    DATASET/
      manifest.json        scenario, seed, versions; rows and content hash of each table
      datapackage.json     Frictionless description of every table, with code lists
      police/<force>/*.parquet   ed/   gp/   education/
      truth/*.parquet      never shown to a linker

A table is one file, or a folder of the parts that several machines wrote; both read alike.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from synth.content import Content
from synth.errors import DatasetError, OutputError
from synth.key_order import in_order
from synth.parts import ROW_GROUP, SYNTHETIC
from synth.replacing import MANIFEST, PACKAGE, put_in_place, refuse_occupied
from synth.schema import TABLES, Column, Table

FORMAT = 2


@dataclass(frozen=True)
class Dataset:
    """An opened dataset.

    Parameters
    ----------
    path
        Its folder.
    manifest
        What `manifest.json` says.
    """

    path: Path
    manifest: dict[str, Any]

    @classmethod
    def open(cls, path: str | Path) -> Dataset:
        """Open a dataset.

        Raises
        ------
        DatasetError
            The folder is no dataset, or one that another version wrote.
        """
        folder = Path(path)
        file = folder / MANIFEST
        try:
            manifest = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DatasetError(
                f"{folder} is not a dataset: it has no {MANIFEST}. "
                "Make one with `darkfigure generate SCENARIO --out DIR`."
            ) from None
        except (OSError, ValueError) as error:
            raise DatasetError(f"{file} cannot be read: {error}. Generate it again.") from None
        form = manifest.get("format") if isinstance(manifest, dict) else None
        if isinstance(form, str):
            raise DatasetError(
                f"{folder} was written as {form}, which people and their tools read. "
                "For this command, generate it with --format parquet."
            )
        if form != FORMAT:
            raise DatasetError(f"{file} is not of format {FORMAT}. Generate the dataset again.")
        if manifest["columns"] != columns_hash():
            raise DatasetError(
                f"{folder} was written by another version of Darkfigure, with other columns. "
                "Generate it again, or read it with the version that its manifest names."
            )
        return cls(folder, manifest)

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
        """Give the file of a table, or all of its parts."""
        file = self.file(name)
        return sorted(file.glob("*.parquet")) if file.is_dir() else [file]

    def sql(self, name: str) -> str:
        """Name a table in DuckDB's SQL."""
        files = ", ".join("'" + str(file).replace("'", "''") + "'" for file in self.files(name))
        return f"read_parquet([{files}])"

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Read a table, or some of its columns.

        Raises
        ------
        DatasetError
            The dataset has no such table, or its file is damaged.
        """
        if not self.has(name):
            raise DatasetError(f"{self.path} has no table '{name}'.")
        try:
            if not self.file(name).is_dir():
                return pq.read_table(self.file(name), columns=columns, partitioning=None)
            return self._read_parts(name, columns)
        except (OSError, pa.ArrowException) as error:
            raise _damaged(self.file(name), error) from None

    def _read_parts(self, name: str, columns: list[str] | None) -> pa.Table:
        """Read a table that lies in parts, in the order in which one file would have it."""
        key = TABLES[f"{name}.parquet"].key
        needed = None if columns is None else list(dict.fromkeys([*columns, *key]))
        parts = [
            pq.read_table(file, columns=needed, partitioning=None) for file in self.files(name)
        ]
        table = in_order(pa.concat_tables(parts), key)
        return table if columns is None else table.select(columns)


def _damaged(file: Path, error: Exception) -> DatasetError:
    reason = str(error).splitlines()[0]
    return DatasetError(f"{file} is damaged or missing: {reason}. Generate the dataset again.")


def verify(
    path: str | Path, *, progress: Callable[[str, int, int], None] = lambda *_: None
) -> dict[str, str]:
    """Recompute the content hash of every table.

    Parameters
    ----------
    path
        Folder of a dataset.
    progress
        Told of each table, how many are done and of how many.

    Returns
    -------
    The hash of each table, by path without ending.

    Raises
    ------
    DatasetError
        A file is missing, damaged or altered; the message names every one.
    """
    dataset = Dataset.open(path)
    problems, hashes = [], {}
    for number, (name, said) in enumerate(dataset.tables.items()):
        progress(name, number, len(dataset.tables))
        try:
            hashes[name] = _hash_table(dataset, name)
        except DatasetError as error:
            problems.append(str(error))
            continue
        if hashes[name] != said["hash"]:
            problems.append(f"{dataset.file(name)} has been altered: its content hash differs.")
    if problems:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise DatasetError(f"{dataset.path} is not as it was generated:\n{lines}")
    return hashes


def _hash_table(dataset: Dataset, name: str) -> str:
    content = Content()
    try:
        for file in dataset.files(name):
            opened = pq.ParquetFile(file)
            schema = opened.schema_arrow
            for batch in opened.iter_batches(ROW_GROUP):
                content += Content.of(pa.Table.from_batches([batch]))
    except (OSError, pa.ArrowException) as error:
        raise _damaged(dataset.file(name), error) from None
    return content.hexdigest(schema)


@contextmanager
def fresh_folder(out: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give a folder to write in, which becomes `out` only if all goes well.

    Parameters
    ----------
    out
        Folder to make; a link to a folder stays a link.
    overwrite
        Replace what lies there, if we wrote all of it.

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


def write_manifest(folder: Path, said: Mapping[str, Any], tables: Mapping[str, Any]) -> None:
    """Write manifest and Frictionless package of a dataset whose tables are in place."""
    manifest = {
        "format": FORMAT,
        "columns": columns_hash(),
        "notice": SYNTHETIC,
        **said,
        "tables": dict(tables),
    }
    package = {
        "profile": "tabular-data-package",
        "name": str(said["scenario"]["name"]),
        "description": SYNTHETIC,
        "resources": [_resource(TABLES[f"{name}.parquet"]) for name in tables],
    }
    for name, content in ((MANIFEST, manifest), (PACKAGE, package)):
        text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
        (folder / name).write_text(text + "\n", encoding="utf-8")


def columns_hash() -> str:
    """Hash what every table's columns are called and hold: other columns, another hash."""
    columns = [(path, one.name, str(one.type)) for path in TABLES for one in TABLES[path].columns]
    return hashlib.sha256(repr(sorted(columns)).encode()).hexdigest()


def _resource(shape: Table) -> dict[str, Any]:
    return {
        "name": shape.path.removesuffix(".parquet").replace("/", "-").replace("_", "-"),
        "path": shape.path,
        "description": f"One row is {shape.row}.",
        "format": "parquet",
        "schema": {
            "fields": [_described(column) for column in shape.columns],
            "primaryKey": list(shape.key),
        },
    }


def _described(column: Column) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.name,
        "type": _frictionless(column.type),
        "description": column.meaning,
    }
    if column.codes:
        said["codes"] = dict(column.codes)
    if column.field:
        said["linkageField"] = column.field
    return said


def _frictionless(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_date(kind):
        return "date"
    return "datetime" if pa.types.is_timestamp(kind) else "string"
