"""The same dataset in other forms: CSV for spreadsheets, one DuckDB or SQLite file for SQL.

::

    parquet   as `synth.storage.dataset` writes it: the only form that the other commands read
    csv       police/<force>/*.csv  ed/*.csv ...; truth/*.csv
    duckdb    world.duckdb with tables such as ed_attendances; truth.duckdb with persons ...
    sqlite    world.sqlite; truth.sqlite

Truth is always apart, so that a trainer can hand out the rest; or it is left out altogether.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from darkfigure.synth.core.choices import Engine, FileFormat
from darkfigure.synth.pipeline import Progress, generate
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.schema import TABLES, Table
from darkfigure.synth.storage.dataset import Dataset, fresh_folder
from darkfigure.synth.storage.manifest import (
    MANIFEST,
    PACKAGE,
    columns_hash,
    files_of,
    sealed,
    write_json,
)
from darkfigure.synth.storage.parts import SYNTHETIC
from darkfigure.synth.storage.replacing import refuse_occupied

WORLD, TRUTH = "world", "truth"
_BATCH = 50_000
_README = "README.txt"
# Spreadsheets take a file for UTF-8 only if it begins with this mark.
_MARK = "\ufeff".encode()

Write = Callable[[Dataset, list[str], Path], None]


@dataclass(frozen=True)
class Writing:
    """Choices for writing a dataset.

    Parameters
    ----------
    form
        File format of the tables.
    truth
        Whether to write the tables of the truth.
    engine
        Kind of the workers.
    """

    form: FileFormat = FileFormat.parquet
    truth: bool = True
    engine: Engine = Engine.local


def generate_as(
    scenario: Scenario,
    out: Path,
    writing: Writing,
    *,
    workers: int | None = 1,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Dataset:
    """Simulate a scenario and write its dataset in a form.

    Parameters
    ----------
    scenario
        The world to simulate.
    out
        Folder to make; nothing is left in it unless all goes well.
    writing
        File format, truth or no truth, and engine.
    workers, overwrite, progress
        As `pipeline.generate` takes them.

    Returns
    -------
    Path and manifest of the written dataset; `Dataset` reads tables of Parquet only.

    Raises
    ------
    DarkfigureError
        As `pipeline.generate` raises them.
    """
    if writing.form is FileFormat.parquet and writing.truth:
        return generate(
            scenario,
            out,
            workers=workers,
            engine=writing.engine,
            overwrite=overwrite,
            progress=progress,
        )
    refuse_occupied(out, overwrite=overwrite)
    # A place that the next call finds again, should this one be interrupted.
    beside = out.parent / f".{out.name}.tables"
    dataset = generate(
        scenario,
        beside,
        workers=workers,
        engine=writing.engine,
        overwrite=True,
        progress=progress,
    )
    try:
        with fresh_folder(out, overwrite=overwrite) as folder:
            manifest = write_form(dataset, folder, writing)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Dataset(out, manifest)


def write_form(dataset: Dataset, folder: Path, writing: Writing) -> dict[str, Any]:
    """Write a dataset into an existing folder in a form; give its manifest there.

    Parameters
    ----------
    dataset
        The dataset, in Parquet.
    folder
        Folder to write in; files of the same names are replaced.
    writing
        File format, and truth or no truth.
    """
    form = writing.form
    names = [name for name in dataset.tables if writing.truth or not _is_truth(name)]
    _WRITE[form](dataset, names, folder)
    tables = {name: dataset.tables[name] for name in names}
    manifest = {**dataset.manifest, "tables": tables, "columns": columns_hash(tables)}
    if form is FileFormat.parquet:
        parts = [part for name in names for part in files_of(manifest, name)]
        manifest["files"] = {part: dataset.manifest["files"][part] for part in parts}
    else:
        manifest["format"] = str(form)
        manifest["files"] = [_README] if form is FileFormat.csv else []
    manifest = sealed(manifest)
    write_json(folder / MANIFEST, manifest)
    package = json.loads((dataset.path / PACKAGE).read_text(encoding="utf-8"))
    write_json(folder / PACKAGE, _repackaged(package, names, form))
    return manifest


def sql_name(table: str) -> str:
    """Name a table in a database: "police/gwent/nominals" is police_gwent_nominals.

    The tables of the truth have a file of their own and keep their plain names.
    """
    return table.removeprefix("truth/").replace("/", "_")


def _is_truth(name: str) -> bool:
    return name.startswith("truth/")


def _repackaged(package: dict[str, Any], names: list[str], form: FileFormat) -> dict[str, Any]:
    """Describe the written files instead of those of Parquet."""
    paths = {f"{name}.parquet": name for name in names}
    resources = []
    for resource in package["resources"]:
        name = paths.get(resource["path"])
        if name is None:
            continue
        entry = {**resource, "path": _file(name, form), "format": str(form)}
        if form in {FileFormat.duckdb, FileFormat.sqlite}:
            entry["dialect"] = {"table": sql_name(name)}
        resources.append(entry)
    return {**package, "resources": resources}


def _file(name: str, form: FileFormat) -> str:
    if form in {FileFormat.parquet, FileFormat.csv}:
        return f"{name}.{form}"
    return f"{TRUTH if _is_truth(name) else WORLD}.{form}"


def _plain(table: pa.Table) -> pa.Table:
    """Turn codes into text, for formats without dictionaries."""
    fields = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _write_parquet(dataset: Dataset, names: list[str], folder: Path) -> None:
    for name in names:
        file = folder / f"{name}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if dataset.file(name).is_dir() else shutil.copyfile
        copy(dataset.file(name), file)


def _write_csv(dataset: Dataset, names: list[str], folder: Path) -> None:
    (folder / _README).write_text(f"{SYNTHETIC}\n", encoding="utf-8")
    for name in names:
        file = folder / f"{name}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            out.write(_MARK)
            csv.write_csv(_dated(_plain(dataset.read(name))), out)


def _dated(table: pa.Table) -> pa.Table:
    """Write times as text to the second, as spreadsheets and SQLite read them."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            seconds = table[field.name].cast(pa.timestamp("s"))
            text = pc.strftime(seconds, "%Y-%m-%d %H:%M:%S")
            table = table.set_column(place, field.name, text)
    return table


def _write_duckdb(dataset: Dataset, names: list[str], folder: Path) -> None:
    for file, tables in _files(names):
        path = folder / f"{file}.duckdb"
        path.unlink(missing_ok=True)
        with duckdb.connect(path) as database:
            for name in tables:
                _create(database, sql_name(name), _plain(dataset.read(name)))
            for name, table in _descriptions(tables).items():
                _create(database, name, table)


def _create(database: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    database.register("arrow_table", table)
    statement = f'CREATE TABLE "{name}" AS SELECT * FROM arrow_table'  # noqa: S608, our own name
    database.execute(statement)
    database.unregister("arrow_table")


def _write_sqlite(dataset: Dataset, names: list[str], folder: Path) -> None:
    for file, tables in _files(names):
        path = folder / f"{file}.sqlite"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database, database:
            for name in tables:
                _insert(database, sql_name(name), dataset.read(name))
            for name, table in _descriptions(tables).items():
                _insert(database, name, table)


def _insert(database: sqlite3.Connection, name: str, table: pa.Table) -> None:
    """Create and fill a table; SQLite has no dates and no Booleans: they are ISO text, 0 and 1."""
    columns = ", ".join(f'"{field.name}" {_affinity(field.type)}' for field in table.schema)
    database.execute(f'CREATE TABLE "{name}" ({columns})')
    marks = ", ".join("?" for _ in table.schema)
    insert = f'INSERT INTO "{name}" VALUES ({marks})'  # noqa: S608, our own name
    for batch in _undated(_dated(_plain(table))).to_batches(_BATCH):
        values = (column.to_pylist() for column in batch.columns)
        database.executemany(insert, zip(*values, strict=True))


def _undated(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        if pa.types.is_date(field.type):
            table = table.set_column(place, field.name, table[field.name].cast(pa.string()))
    return table


def _affinity(kind: pa.DataType) -> str:
    return "INTEGER" if pa.types.is_integer(kind) or pa.types.is_boolean(kind) else "TEXT"


def _files(names: list[str]) -> list[tuple[str, list[str]]]:
    """Divide the tables between the two files of a database."""
    divided = (
        (WORLD, [name for name in names if not _is_truth(name)]),
        (TRUTH, [name for name in names if _is_truth(name)]),
    )
    return [(file, tables) for file, tables in divided if tables]


def _descriptions(names: list[str]) -> dict[str, pa.Table]:
    """Make the tables, inside the file, of its notice and of the meaning of its columns."""
    rows = [row for name in names for row in _described(name, TABLES[f"{name}.parquet"])]
    return {
        "about": pa.table({"notice": [SYNTHETIC]}),
        "codebook": pa.Table.from_pylist(rows),
    }


def _described(name: str, shape: Table) -> list[dict[str, str]]:
    return [
        {
            "table": sql_name(name),
            "column": column.name,
            "meaning": column.meaning,
            "codes": "; ".join(f"{code} = {meaning}" for code, meaning in column.codes.items()),
        }
        for column in shape.columns
    ]


_WRITE: dict[FileFormat, Write] = {
    FileFormat.parquet: _write_parquet,
    FileFormat.csv: _write_csv,
    FileFormat.duckdb: _write_duckdb,
    FileFormat.sqlite: _write_sqlite,
}
