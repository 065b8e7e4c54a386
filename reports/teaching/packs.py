"""One attendee's pack: data of their own, exercises, a page of practice; the answers apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa

from darkfigure import scenarios
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
from darkfigure.linkage_eval.studies.link import link_dataset
from darkfigure.linkage_eval.studies.trace import trace
from darkfigure.reports.html.lives import write_lives
from darkfigure.reports.practise import Practice, write_practice
from darkfigure.reports.teaching.database import TRUTH, WORLD, write_databases
from darkfigure.reports.teaching.exercises import Exercise, read_exercises
from darkfigure.reports.teaching.notebooks import make_notebook
from darkfigure.reports.teaching.pages import Run, exercises_markdown, write_text
from darkfigure.reports.teaching.sqlite_file import SQLITE, ask_sqlite, write_sqlite
from darkfigure.reports.teaching.workbook import WORKBOOK, write_workbook
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import Dataset

_TASKS = files("darkfigure.reports.teaching") / "spreadsheet.md"
LINKERS = ("exact", "stepwise", "splink")
PRACTICE_PAIRS = 20
PRACTICE = "practise.html"
LIFE = "life.html"
# The sources that the exercises use; other agencies would take most of the time for nothing.
SOURCES = ("police", "ed", "gp", "education")
_LINKED = ("ed", "police")
_LEAD = (
    "Open the notebooks of this folder in Jupyter (they need the Python packages `duckdb` and "
    "`pandas`), or type the queries into a DuckDB shell: `duckdb -readonly ../data/world.duckdb`. "
    "For a spreadsheet, the same data are CSV files in `../data`. Change the queries as you like: "
    "nothing you do can harm the data. Questions marked *core* are enough; the others are for "
    "those who are quicker."
)
_SQLITE_LEAD = (
    "The same questions in the SQL of SQLite. Open `../data/world.sqlite` in DB Browser for "
    "SQLite, in the shell (`sqlite3 -readonly ../data/world.sqlite`), or in whatever you use. "
    "Numbers are those of the [exercises](exercises.html), where there is more to each question."
)
_START = """# Your training pack: {name}

**Synthetic data: nobody here is real.** Every person, name, address and assault was simulated, and
your data are yours alone: others have other people and other numbers.

- [Exercises](exercises/exercises.html) as a page; as notebooks in `exercises/`
- [Practise clerical review](practise.html): are these two records of the same person? Everybody
  judges the same pairs, so that your answers can be set side by side
- `data/world.duckdb`: all your data in one file; `data/` also holds them as CSV
- `data/world.sqlite`: the same for [SQLite](exercises/sqlite.html), every column text
"""
_SPREADSHEET = """- In a spreadsheet, without SQL: `data/world.xlsx`, and the
  [exercises for it](exercises/spreadsheet.html)
"""
_SOLUTIONS = "Every query with its result on this attendee\u2019s data, and what is true."


@dataclass(frozen=True)
class Pack:
    """One attendee's pack.

    Parameters
    ----------
    number, name
        The attendee's number from 1, and the name of their folder.
    scenario, persons, seed
        Scenario, size and seed of their dataset.
    out
        Folder of the course.
    spreadsheet
        Whether the data are a workbook besides, with exercises that need no SQL.
    """

    number: int
    name: str
    scenario: str
    persons: int
    seed: int
    out: Path
    spreadsheet: bool = False

    @property
    def folder(self) -> Path:
        """Folder that the attendee gets."""
        return self.out / self.name

    @property
    def trainer(self) -> Path:
        """Folder of the answers, which the attendee does not get."""
        return self.out / "trainer" / self.name


def write_pack(pack: Pack, exercises: Sequence[Exercise]) -> dict[str, pa.Table]:
    """Write a pack and its answers.

    Parameters
    ----------
    pack
        The pack.
    exercises
        All exercises, in order.

    Returns
    -------
    What the queries give that the answers name, for the trainer's overview and the debrief.
    """
    with TemporaryDirectory(prefix=".pack-", dir=pack.out) as folder:
        whole = scenarios.load_scenario(pack.scenario, persons=pack.persons, seed=pack.seed)
        scenario = whole.model_copy(update={"agencies": SOURCES})
        dataset = generate(scenario, Path(folder) / "made")
        links = _link(dataset, pack.seed)
        beside = Path(folder) / "beside"
        beside.mkdir()
        pack.folder.mkdir(parents=True)
        write_databases(dataset, links, beside, pack.folder, pack.trainer)
        if pack.number == 1:
            _write_practice(pack, dataset, links)
            write_lives([trace(dataset)], pack.out / "trainer" / LIFE)
    world = pack.folder / "data" / WORLD
    write_sqlite(world, pack.folder / "data" / SQLITE, LINKERS)
    start = _START.format(name=pack.name)
    if pack.spreadsheet:
        write_workbook(world, pack.folder / "data" / WORKBOOK, LINKERS)
        start += _SPREADSHEET
    write_text(pack.folder / "README", start)
    _write_exercises(pack, exercises)
    return _write_solutions(pack, exercises)


def _write_practice(pack: Pack, dataset: Dataset, links: dict[str, pa.Table]) -> None:
    """Write the page of practice of the whole course, from the people of one pack."""
    write_practice(
        dataset,
        pack.out / PRACTICE,
        # The page tells its seed, which must not be that of the data.
        Practice(pairs=PRACTICE_PAIRS, seed=pack.number, linkers=LINKERS),
        key=pack.trainer.parent / "practise-key.html",
        links=links,
    )


def _link(dataset: Dataset, seed: int) -> dict[str, pa.Table]:
    task = Task(left=_LINKED[0], right=_LINKED[1])
    return {
        name: link_dataset(dataset, LinkerEntry(name=name), task, seed=seed) for name in LINKERS
    }


def _write_exercises(pack: Pack, exercises: Sequence[Exercise]) -> None:
    folder = pack.folder / "exercises"
    folder.mkdir()
    for exercise in exercises:
        notebook = make_notebook(exercise, exercise.asked(), world=f"../data/{WORLD}")
        (folder / f"{exercise.name}.ipynb").write_text(notebook, encoding="utf-8")
    text = exercises_markdown(exercises, title="Exercises", lead=_LEAD)
    write_text(folder / "exercises", text)
    alike = read_exercises("sqlite")
    text = exercises_markdown(alike, title="Exercises in SQLite", lead=_SQLITE_LEAD)
    write_text(folder / "sqlite", text)
    if pack.spreadsheet:
        write_text(folder / "spreadsheet", _TASKS.read_text(encoding="utf-8"))


def _write_solutions(pack: Pack, exercises: Sequence[Exercise]) -> dict[str, pa.Table]:
    folder = pack.trainer / "solutions"
    folder.mkdir()
    world = f"../../../{pack.name}/data/{WORLD}"
    for exercise in exercises:
        notebook = make_notebook(exercise, exercise.steps, world=world, truth=f"../{TRUTH}")
        (folder / f"{exercise.name}.ipynb").write_text(notebook, encoding="utf-8")
    with duckdb.connect(pack.folder / "data" / WORLD, read_only=True) as database:
        run = _runner(database, pack.trainer / TRUTH)
        title = f"Solutions for {pack.name}"
        text = exercises_markdown(exercises, title=title, lead=_SOLUTIONS, run=run)
        write_text(folder / "solutions", text)
        _write_sqlite_solutions(pack, folder)
        return {
            step.figure: run(step.query)
            for exercise in exercises
            for step in exercise.steps
            if step.figure
        }


def _write_sqlite_solutions(pack: Pack, folder: Path) -> None:
    text = exercises_markdown(
        read_exercises("sqlite"),
        title=f"Solutions in SQLite for {pack.name}",
        lead="The figures are those of the [solutions](solutions.html), where the truth is.",
        run=partial(ask_sqlite, pack.folder / "data" / SQLITE),
    )
    write_text(folder / "sqlite", text)


def _runner(database: duckdb.DuckDBPyConnection, truth: Path) -> Run:
    place = str(truth).replace("'", "''")
    database.execute(f"ATTACH '{place}' AS truth (READ_ONLY)")
    return lambda query: database.sql(query).to_arrow_table()
