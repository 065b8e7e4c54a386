"""A dataset on disk: write it, open it, verify it.

::

    DATASET/
      manifest.json        scenario, seed, versions; rows and content hash of each table
      datapackage.json     Frictionless description of every table, with code lists
      police/<force>/*.parquet   ed/   gp/   education/
      truth/*.parquet      never shown to a linker
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from synth.content import ContentHash
from synth.errors import DatasetError, OutputError
from synth.schema import TABLES, Column, Table

MANIFEST = "manifest.json"
PACKAGE = "datapackage.json"
SYNTHETIC = "Synthetic data made by Darkfigure. Nobody here is a real person."
FORMAT = 1
_ROW_GROUP = 131_072


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
        return cls(folder, manifest)

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Rows and content hash of each table, by path without ending."""
        return dict(self.manifest["tables"])

    def has(self, name: str) -> bool:
        """Tell whether the dataset has a table, such as "ed/attendances"."""
        return name in self.manifest["tables"]

    def file(self, name: str) -> Path:
        """Give the file of a table, such as "ed/attendances"."""
        return self.path / f"{name}.parquet"

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
            return pq.read_table(self.file(name), columns=columns, partitioning=None)
        except (OSError, pa.ArrowException) as error:
            raise _damaged(self.file(name), error) from None


def _damaged(file: Path, error: Exception) -> DatasetError:
    reason = str(error).splitlines()[0]
    return DatasetError(f"{file} is damaged or missing: {reason}. Generate the dataset again.")


def verify(path: str | Path) -> dict[str, str]:
    """Recompute the content hash of every table.

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
    for name, said in dataset.tables.items():
        try:
            hashes[name] = _hash_file(dataset.file(name))
        except DatasetError as error:
            problems.append(str(error))
            continue
        if hashes[name] != said["hash"]:
            problems.append(f"{dataset.file(name)} has been altered: its content hash differs.")
    if problems:
        lines = "\n".join(f"  - {problem}" for problem in problems)
        raise DatasetError(f"{dataset.path} is not as it was generated:\n{lines}")
    return hashes


def _hash_file(file: Path) -> str:
    try:
        opened = pq.ParquetFile(file)
        running = ContentHash(opened.schema_arrow)
        for batch in opened.iter_batches(_ROW_GROUP):
            running.update(pa.Table.from_batches([batch]))
    except (OSError, pa.ArrowException) as error:
        raise _damaged(file, error) from None
    return running.hexdigest()


@contextmanager
def fresh_folder(out: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Give a folder to write in, which becomes `out` only if all goes well.

    Raises
    ------
    OutputError
        `out` holds something already, or cannot be written.
    """
    _refuse_occupied(out, overwrite=overwrite)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise _unwritable(out, error) from None
    try:
        yield beside
        beside.chmod(0o755)
        if out.exists():
            shutil.rmtree(out)
        beside.rename(out)
    except OSError as error:
        raise _unwritable(out, error) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(
        f"{out} cannot be written: {reason}. Nothing was left behind; choose another --out."
    )


def _refuse_occupied(out: Path, *, overwrite: bool) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"{out} is a file; choose a folder.")
    if not any(out.iterdir()):
        return
    if not (out / MANIFEST).is_file():
        raise OutputError(f"{out} holds other things; choose an empty or a new folder.")
    if not overwrite:
        raise OutputError(f"{out} exists already; choose another folder or add --overwrite.")


def _rank(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """Give something that sorts as the column does; Arrow cannot sort by dictionaries."""
    if not pa.types.is_dictionary(column.type):
        return column
    values = column.combine_chunks()
    return pc.rank(values.dictionary).take(values.indices)


def write_table(folder: Path, shape: Table, table: pa.Table) -> dict[str, Any]:
    """Write one table in key order; give its rows and content hash for the manifest."""
    whole = shape.cast(table).unify_dictionaries().combine_chunks()
    keys = {name: _rank(whole[name]) for name in shape.key}
    order = pc.sort_indices(pa.table(keys), [(name, "ascending") for name in keys])
    ordered = whole.take(order).combine_chunks()
    running = ContentHash(ordered.schema)
    running.update(ordered)
    file = folder / shape.path
    file.parent.mkdir(parents=True, exist_ok=True)
    marked = ordered.replace_schema_metadata({"description": SYNTHETIC})
    pq.write_table(marked, file, row_group_size=_ROW_GROUP, compression="zstd", compression_level=1)
    return {"rows": ordered.num_rows, "hash": running.hexdigest()}


def write_manifest(folder: Path, said: Mapping[str, Any], tables: Mapping[str, Any]) -> None:
    """Write manifest and Frictionless package of a dataset whose tables are in place."""
    manifest = {"format": FORMAT, "notice": SYNTHETIC, **said, "tables": dict(tables)}
    package = {
        "profile": "tabular-data-package",
        "name": str(said["scenario"]["name"]),
        "description": SYNTHETIC,
        "resources": [_resource(TABLES[f"{name}.parquet"]) for name in tables],
    }
    for name, content in ((MANIFEST, manifest), (PACKAGE, package)):
        text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
        (folder / name).write_text(text + "\n", encoding="utf-8")


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
