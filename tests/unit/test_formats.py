"""The same dataset as CSV, DuckDB and SQLite: every cell is there, and the truth is apart."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from command import darkfigure, refused
from pyarrow import csv

from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.choices import FileFormat
from darkfigure.synth.core.errors import OutputError
from darkfigure.synth.formats import Writing, generate_as, sql_name, write_form
from darkfigure.synth.schema import TABLES
from darkfigure.synth.storage.dataset import Dataset, verify

SMALL = 300


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A dataset of 300 people as Parquet."""
    out = tmp_path_factory.mktemp("hamlet") / "parquet"
    return generate_as(load_scenario("merthyr", persons=SMALL), out, Writing())


@pytest.fixture(scope="module")
def written(hamlet: Dataset, tmp_path_factory: pytest.TempPathFactory):
    """The same dataset in a form, each written once."""
    folders: dict[FileFormat, Path] = {}

    def give(form: FileFormat) -> Path:
        if form not in folders:
            folders[form] = tmp_path_factory.mktemp(form)
            write_form(hamlet, folders[form], Writing(form))
        return folders[form]

    return give


def plain(table: pa.Table) -> pa.Table:
    """Write every cell as text, however its form stores it."""
    fields = [
        pa.field(field.name, pa.int64() if pa.types.is_boolean(field.type) else field.type)
        for field in table.schema
    ]
    shown = [
        table[field.name].cast(field.type).cast(pa.timestamp("s")).cast(pa.string())
        if pa.types.is_timestamp(field.type)
        else table[field.name].cast(field.type).cast(pa.string())
        for field in fields
    ]
    return pa.table(dict(zip(table.column_names, shown, strict=True)))


def from_csv(folder: Path, name: str) -> pa.Table:
    """Read a table of the CSV folder."""
    shape = TABLES[f"{name}.parquet"].arrow
    types = {
        field.name: pa.string() if pa.types.is_dictionary(field.type) else field.type
        for field in shape
    }
    asked = csv.ConvertOptions(column_types=types, strings_can_be_null=True,
                               quoted_strings_can_be_null=False, null_values=[""])  # fmt: skip
    return csv.read_csv(folder / f"{name}.csv", convert_options=asked)


def from_duckdb(folder: Path, name: str) -> pa.Table:
    """Read a table of a DuckDB file."""
    file = folder / ("truth.duckdb" if name.startswith("truth/") else "world.duckdb")
    with duckdb.connect(file, read_only=True) as database:
        return database.sql(f'FROM "{sql_name(name)}"').to_arrow_table()


def from_sqlite(folder: Path, name: str) -> pa.Table:
    """Read a table of a SQLite file."""
    file = folder / ("truth.sqlite" if name.startswith("truth/") else "world.sqlite")
    with closing(sqlite3.connect(file)) as database:
        found = database.execute(f'SELECT * FROM "{sql_name(name)}"')
        columns = [column[0] for column in found.description]
        rows = found.fetchall()
    cells = zip(*rows, strict=True) if rows else ([] for _ in columns)
    text = [pa.array([None if cell is None else str(cell) for cell in one], pa.string())
            for one in cells]  # fmt: skip
    return pa.table(dict(zip(columns, text, strict=True)))


@pytest.mark.parametrize(
    ("form", "read"),
    [
        (FileFormat.csv, from_csv),
        (FileFormat.duckdb, from_duckdb),
        (FileFormat.sqlite, from_sqlite),
    ],
)
def test_every_cell_of_every_table_is_there(hamlet, written, form, read):
    """Read back and written as text, each form holds what the Parquet files hold, in order."""
    folder = written(form)
    for name in hamlet.tables:
        assert plain(hamlet.read(name)) == plain(read(folder, name)), name


@pytest.mark.parametrize("form", ["csv", "duckdb", "sqlite"])
def test_the_package_names_files_that_are_there(written, form):
    """The description beside the data points to it, and bears the synthetic mark."""
    folder = written(FileFormat(form))
    package = json.loads((folder / "datapackage.json").read_text())
    assert {form} == {one["format"] for one in package["resources"]}
    assert all((folder / one["path"]).is_file() for one in package["resources"])
    assert "Synthetic" in package["description"]


def test_a_database_says_what_it_is_and_means(written):
    """SQL learners find the notice and the codes without leaving the file."""
    with duckdb.connect(written(FileFormat.duckdb) / "world.duckdb", read_only=True) as database:
        assert "Synthetic" in database.sql("SELECT notice FROM about").fetchall()[0][0]
        codes = (
            "SELECT codes FROM codebook WHERE \"table\" = 'ed_attendances' AND \"column\" = 'sex'"
        )
        assert "1 = male" in database.sql(codes).fetchall()[0][0]


def test_the_agencies_file_holds_no_truth(written):
    """What is handed out names no true person, in either kind of database."""
    with closing(sqlite3.connect(written(FileFormat.sqlite) / "world.sqlite")) as database:
        columns = database.execute(
            "SELECT p.name FROM sqlite_master AS m, pragma_table_info(m.name) AS p"
        ).fetchall()
    assert len(columns) > 50
    assert not {"person_id", "incident_id"} & {name for (name,) in columns}


@pytest.mark.parametrize("form", list(FileFormat))
def test_truth_can_be_left_out(hamlet, tmp_path, form):
    """Then neither a file nor the manifest knows of it."""
    said = write_form(hamlet, tmp_path, Writing(form, truth=False))
    assert not [file for file in tmp_path.rglob("*") if "truth" in file.name]
    assert not [name for name in said["tables"] if name.startswith("truth/")]
    assert "truth" not in (tmp_path / "datapackage.json").read_text().replace("true", "")


def test_parquet_without_truth_is_a_dataset(hamlet, tmp_path):
    """It opens and verifies as any other."""
    write_form(hamlet, tmp_path, Writing(truth=False))
    assert len(hamlet.tables) > len(verify(tmp_path)) > 5


def test_spreadsheets_read_welsh_letters(hamlet, tmp_path):
    """Each CSV file begins with the mark that says UTF-8."""
    write_form(hamlet, tmp_path, Writing(FileFormat.csv))
    files = list(tmp_path.rglob("*.csv"))
    assert len(hamlet.tables) == len(files)
    assert {b"\xef\xbb\xbf"} == {file.read_bytes()[:3] for file in files}


def test_the_command_writes_one_file_and_its_truth(tmp_path):
    """`--format` and `--no-truth`, and the message of a verb that wants Parquet."""
    out = tmp_path / "world"
    words = ("generate", "merthyr", "--persons", SMALL, "--out", out, "--quiet")
    done = darkfigure(*words, "--format", "sqlite", "--no-truth")
    assert 0 == done.returncode, done.stderr
    assert {"datapackage.json", "manifest.json", "world.sqlite"} == {p.name for p in out.iterdir()}
    refused(darkfigure("verify", out), 5, "sqlite", "--format parquet")
    assert 0 == darkfigure(*words, "--format", "duckdb", "--overwrite").returncode
    assert (out / "truth.duckdb").is_file()


def test_nothing_is_left_of_a_refused_order(tmp_path):
    """A folder with other things in it stays as it was."""
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="other things"):
        generate_as(load_scenario("merthyr", persons=SMALL), tmp_path, Writing(FileFormat.csv))
    assert ["mine.txt"] == [file.name for file in tmp_path.iterdir()]
