"""The attendee's database: tables of the agencies, with all police forces in one, and links."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pyarrow as pa

from darkfigure.linkage_eval.records.forces import common_tables, read_alike
from darkfigure.synth.core.choices import FileFormat
from darkfigure.synth.formats import Writing, sql_name, write_form
from darkfigure.synth.schema import Column
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.storage.manifest import MANIFEST

WORLD, TRUTH = "world.duckdb", "truth.duckdb"


def write_databases(
    dataset: Dataset, links: Mapping[str, pa.Table], beside: Path, pack: Path, trainer: Path
) -> None:
    """Write `data/` of a pack, and the truth of it for the trainer.

    Parameters
    ----------
    dataset
        The attendee's own dataset.
    links
        Links of each linker (schema `LINKS`); they become tables such as `links_exact`.
    beside
        A folder for files in between.
    pack, trainer
        Folders of the attendee and of their answers.
    """
    data = pack / "data"
    data.mkdir(parents=True)
    write_form(dataset, data, Writing(FileFormat.csv, truth=False))
    # It tells the seed, from which anybody could make the truth.
    (data / MANIFEST).unlink()
    write_form(dataset, beside, Writing(FileFormat.duckdb))
    with duckdb.connect(beside / WORLD) as world:
        _join_forces(world, dataset)
        for name, table in links.items():
            _create(world, f"links_{name}", table)
    trainer.mkdir(parents=True, exist_ok=True)
    shutil.move(beside / WORLD, data / WORLD)
    shutil.move(beside / TRUTH, trainer / TRUTH)


def _join_forces(world: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Put the tables of all forces into one each; identities get the names of `FIELDS`."""
    for name in dataset.tables:
        if name.startswith("police/") and name.count("/") == 2:
            world.execute(f'DROP TABLE "{sql_name(name)}"')
            world.execute('DELETE FROM codebook WHERE "table" = ?', [sql_name(name)])
    for shape in common_tables("police"):
        alike = read_alike(dataset, "police", shape.name)
        names = {column.name: column.field or column.name for column in shape.columns}
        renamed = alike.rename_columns([names.get(name, name) for name in alike.column_names])
        _create(world, f"police_{shape.name}", renamed)
        rows = [_described(f"police_{shape.name}", column) for column in shape.columns]
        world.executemany("INSERT INTO codebook VALUES (?, ?, ?, ?)", rows)


def _create(world: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    world.register("given", table)
    world.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')  # noqa: S608, our own names
    world.unregister("given")


def _described(table: str, column: Column) -> tuple[str, str, str, str]:
    codes = "; ".join(f"{code} = {meaning}" for code, meaning in column.codes.items())
    return table, column.field or column.name, column.meaning, codes
