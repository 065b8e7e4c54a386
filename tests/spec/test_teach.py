"""Training packs: everything in them runs, the answers are true, and nothing gives them away."""

from __future__ import annotations

import importlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import duckdb
import nbformat
import pyarrow as pa
import pytest
from command import darkfigure, refused
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jupyter_client import KernelManager
from nbclient import NotebookClient
from recount import Recount, spoken, violent

from darkfigure.linkage_eval.links.table import to_links
from darkfigure.linkage_eval.studies.score import score
from darkfigure.reports.teaching import Course, write_course
from darkfigure.reports.teaching.exercises import parse, read_exercises
from darkfigure.reports.teaching.packs import LINKERS, SOURCES, Pack
from darkfigure.reports.teaching.pages import table_markdown, to_html
from darkfigure.reports.teaching.plan import read_plan
from darkfigure.reports.teaching.sqlite_file import ask_sqlite
from darkfigure.reports.teaching.text_tables import LINKED
from darkfigure.reports.teaching.workbook import write_workbook
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.errors import MissingExtraError, OutputError, SpecError
from darkfigure.synth.pipeline import generate
from darkfigure.synth.reference import load
from darkfigure.synth.storage.dataset import Dataset

COURSE = Course(attendees=2, persons=8_000)
ATTENDEES = (1, 2)
OFFENCES = set(load("offence_codes")["code"].to_pylist())
READ_CODES = set(load("read_codes")["read_code"].to_pylist())
NAMES = [exercise.name for exercise in read_exercises()]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course for two people."""
    out = tmp_path_factory.mktemp("course") / "course"
    write_course(COURSE, out, workers=2)
    return out


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Dataset]:
    """The dataset of each attendee, made again from its seed."""
    scenarios = [load_scenario("merthyr", persons=COURSE.persons, seed=n) for n in COURSE.seeds()]
    agencies = [scenario.model_copy(update={"agencies": SOURCES}) for scenario in scenarios]
    folder = tmp_path_factory.mktemp("again")
    return [generate(one, folder / f"{one.seed}") for one in agencies]


@pytest.fixture(scope="module")
def counted(course: Path, made: list[Dataset]) -> list[Recount]:
    """The answers of each attendee, counted again."""
    return [
        Recount(dataset, links_of(course, n)) for n, dataset in zip(ATTENDEES, made, strict=True)
    ]


def links_of(course: Path, attendee: int) -> dict[str, list[tuple[str, str, float]]]:
    """Read an attendee's links."""
    with duckdb.connect(
        course / f"attendee-0{attendee}/data/world.duckdb", read_only=True
    ) as world:
        return {name: world.sql(f"FROM links_{name}").fetchall() for name in LINKERS}


def printed(course: Path, attendee: int, exercise: int) -> list[list[dict[str, str]]]:
    """Read the tables that an exercise's solutions show."""
    text = (course / f"trainer/attendee-0{attendee}/solutions/solutions.md").read_text("utf-8")
    part = re.split(r"^## \d\. ", text, flags=re.MULTILINE)[exercise]
    tables = re.findall(r"(?:^\|.*\|\n)+", part, flags=re.MULTILINE)
    return [list(rows_of(table.splitlines())) for table in tables]


def rows_of(lines: list[str]) -> Iterator[dict[str, str]]:
    """Read a table in Markdown."""
    cells = [[re.sub(r"\\(.)", r"\1", one) for one in line[2:-2].split(" | ")] for line in lines]
    for row in cells[2:]:
        yield dict(zip(cells[0], row, strict=True))


def answers(course: Path, attendee: int) -> dict[str, str]:
    """Read an attendee's line of the trainer's overview."""
    lines = (course / "trainer/answers.md").read_text(encoding="utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in lines if line.startswith("|")]  # fmt: skip
    return dict(zip(table[0], table[attendee + 1], strict=True))


@pytest.fixture(scope="module")
def jupyter() -> Iterator[KernelManager]:
    """A kernel, emptied for each notebook: to start one takes longer than most notebooks."""
    manager = KernelManager()
    manager.start_kernel()
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("name", NAMES)
def test_every_notebook_of_an_attendee_runs(course, jupyter, name):
    """In Jupyter, from where it lies, without an error; each query shows a table."""
    executed = execute(course / "attendee-01/exercises" / f"{name}.ipynb", jupyter)
    assert results(executed) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_every_solution_runs(course, jupyter, name):
    """With the truth attached, and more results than the exercise shows."""
    shown = execute(course / "trainer/attendee-02/solutions" / f"{name}.ipynb", jupyter)
    asked = nbformat.read(course / "attendee-02/exercises" / f"{name}.ipynb", as_version=4)
    queries = [cell for cell in asked.cells if cell.source.startswith("show(")]
    assert results(shown) > len(queries)


def execute(file: Path, jupyter: KernelManager) -> nbformat.NotebookNode:
    """Check a notebook's format and run it in a kernel that knows nothing, from where it lies."""
    notebook = nbformat.read(file, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    emptied = f"%reset -f\nimport os; os.chdir({str(file.parent)!r}); del os"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(emptied))
    client = NotebookClient(notebook, km=jupyter, timeout=60)
    executed = client.execute()
    client.kc.stop_channels()  # the kernel stays for the next notebook
    return executed


def results(notebook: nbformat.NotebookNode) -> int:
    """Count the tables that a notebook shows."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum("text/html" in output.get("data", {}) for output in outputs)


def test_attendees_have_people_of_their_own(course):
    """No two packs hold the same data, and no seed lies in a pack."""
    files = [course / f"attendee-0{n}/data/ed/attendances.csv" for n in (1, 2)]
    assert files[0].read_bytes() != files[1].read_bytes()
    seeds = re.compile("|".join(map(str, COURSE.seeds())))
    readable = [file for file in (course / "attendee-01").rglob("*")
                if file.suffix in {".md", ".html", ".ipynb", ".json", ".txt"}]  # fmt: skip
    assert len(readable) > 10
    assert not [file for file in readable if seeds.search(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", NAMES)
def test_every_question_has_room_for_an_answer(course, name):
    """In an attendee's notebook, after the question and its query; a solution has none."""
    asked, solved = (
        [cell.source for cell in nbformat.read(course / place / f"{name}.ipynb", 4).cells]
        for place in ("attendee-01/exercises", "trainer/attendee-01/solutions")
    )
    questions = [source for source in asked if source.startswith("**Question")]
    assert len(questions) == asked.count("*Your answer:*") >= 2
    assert asked[-2:] == ["*Your answer:*", '# show("""SELECT ...""")']
    assert "*Your answer:*" not in solved


@pytest.mark.parametrize("attendee", ATTENDEES)
def test_sqlite_alone_gives_the_same_answers(course, attendee):
    """Every figure of its exercises is that of the same name in DuckDB's, to the last digit."""
    pack, truth = course / f"attendee-0{attendee}", course / f"trainer/attendee-0{attendee}"
    with duckdb.connect(pack / "data/world.duckdb", read_only=True) as world:
        world.execute(f"ATTACH '{truth / 'truth.duckdb'}' AS truth (READ_ONLY)")
        known = {name: world.sql(query).fetchall() for name, query in figures_of("exercises")}
    told = {
        name: ask_sqlite(pack / "data/world.sqlite", query) for name, query in figures_of("sqlite")
    }
    assert len(told) >= 11
    for name, table in told.items():
        assert known[name] == [tuple(row.values()) for row in table.to_pylist()], name


def figures_of(way: str) -> list[tuple[str, str]]:
    """Give each figure that exercises name, with its query."""
    steps = [step for exercise in read_exercises(way) for step in exercise.steps]
    return [(step.figure, step.query) for step in steps if step.figure]


def test_a_sqlite_file_is_text_with_codebook_and_links(course):
    """Telephones keep their first 0; every table has its columns explained."""
    file = course / "attendee-01/data/world.sqlite"
    kept = "SELECT count(*) AS n FROM ed_attendances WHERE telephone LIKE '0%'"
    assert ask_sqlite(file, kept)["n"][0].as_py() > 0
    kinds = """SELECT DISTINCT inside.type AS type
        FROM sqlite_schema AS one, pragma_table_info(one.name) AS inside"""
    assert [{"type": "TEXT"}] == ask_sqlite(file, kinds).to_pylist()
    unsaid = """SELECT name FROM sqlite_schema WHERE name NOT IN (SELECT "table" FROM codebook)"""
    assert {"about", "codebook", LINKED, *(f"links_{name}" for name in LINKERS)} == {
        row["name"] for row in ask_sqlite(file, unsaid).to_pylist()
    }


@pytest.mark.slow
@pytest.mark.needs("openpyxl")
def test_the_workbook_alone_gives_the_same_answers(course, counted, tmp_path):
    """As a person would find them with a filter and a pivot table; every cell is text."""
    world, again = course / "attendee-01/data/world.duckdb", counted[0]
    write_workbook(world, tmp_path / "world.xlsx", LINKERS)
    book = importlib.import_module("openpyxl").load_workbook(
        tmp_path / "world.xlsx", read_only=True
    )
    attendances, linked, codebook = (
        sheet_rows(book[name]) for name in ("ed_attendances", "linked_occurrences", "codebook")
    )
    assert {type(value) for row in attendances for value in row.values()} <= {str, type(None)}
    assaults = [row for row in attendances if row["attendance_group"] == "11"]
    assert (len(attendances), len(assaults)) == (len(again.ed), len(again.assaults))
    wanted = {"attendance_group": "11", "role": "victim", "in_time": "yes"}
    kept = [row for row in linked if all(row[name] == value for name, value in wanted.items())]
    for shown in printed(course, 1, 5)[3]:
        known = {row["attendance_no"] for row in kept if row["method"] == shown["method"]}
        assert len(known) == int(shown["known"])
    told = answers(course, 1)
    patients = {row["nhs_number"].replace(" ", "") for row in attendances if row["nhs_number"]}
    assert len(patients) == int(told["nhs numbers"])
    found = same_names(attendances, sheet_rows(book["police_nominals"]))
    assert found == int(told["links with dates"])
    assert {"ed_attendances", "police_nominals"} <= {row["table"] for row in codebook}


def same_names(attendances: list[dict], nominals: list[dict]) -> int:
    """Link by surname, forename and date of birth, as the formulas of exercise 3 do."""
    known = Counter(filter(None, map(name_and_date, nominals)))
    return sum(known[name_and_date(row)] for row in attendances)


def name_and_date(row: dict) -> tuple[str, str, str] | None:
    """Give surname, forename and the date as the department writes it, if all are there."""
    date = row["date_of_birth"] or ""
    if re.fullmatch(r"\d\d/\d\d/\d{4}", date):
        date = f"{date[6:]}-{date[3:5]}-{date[:2]}"
    whole = row["surname"] and row["forename"] and re.fullmatch(r"\d{4}-\d\d-\d\d", date)
    return (row["surname"], row["forename"], date) if whole else None


def sheet_rows(sheet) -> list[dict[str, str | None]]:
    """Read a sheet whose first row holds the names of the columns."""
    head, *rows = sheet.iter_rows(values_only=True)
    # Empty cells at the end of a row are not stored.
    return [dict(zip_longest(head, row)) for row in rows]


def test_a_spreadsheet_course_asks_for_its_package(tmp_path, monkeypatch):
    """Before anything is written, with the extra that brings it."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"darkfigure\[spreadsheet\]"):
        write_course(Course(attendees=1, persons=100, spreadsheet=True), tmp_path / "course")
    assert [] == list(tmp_path.iterdir())


def test_the_plan_is_two_hours_and_asks_what_the_exercises_call_core():
    """Each question named core is marked so, in DuckDB's exercises and in SQLite's; no other is."""
    plan = read_plan()
    assert sum(step.minutes for step in plan) == 120
    named = {
        pair for step in plan for pair in re.findall(r"exercise (\d), question (\d)", step.core)
    }
    for way in ("exercises", "sqlite"):
        marked = {
            (str(exercise.number), number)
            for exercise in read_exercises(way)
            for step in exercise.steps
            for number in re.findall(r"\*\*Question (\d)\.\*\* \*Core\.\*", step.text)
        }
        assert named == marked
    assert len(named) == 4


def test_the_slides_tell_what_the_packs_hold(course):
    """The errors that they add up are those of the solutions, both packs together."""
    html = (course / "trainer/debrief.html").read_text("utf-8")
    rows = [row for n in ATTENDEES for row in printed(course, n, 5)[4] if row["method"] == "splink"]
    lost, added = (
        sum(int(row[one]) + int(row[other]) for row in rows)
        for one, other in (
            ("missed_person", "time_window"),
            ("other_occurrence", "wrong_person"),
        )
    )
    assert f"{lost} are lost, and {added} counted are something else" in html
    shares = sorted(float(row["unknown"]) for row in rows)
    assert f"{100 * shares[0]:.0f}\u00a0% to {100 * shares[1]:.0f}\u00a0% are unknown" in html
    assert html.count('class="dot"') == 2 * 2 * 3  # drawn for wide screens, and for narrow ones


def test_everybody_judges_the_same_pairs(course):
    """So that a class can look at its answers together."""
    pages = {(course / f"attendee-0{n}/practise.html").read_bytes() for n in ATTENDEES}
    assert len(pages) == 1


def test_seeds_stay_when_more_people_come():
    """The first packs of a larger course are those of the smaller."""
    many = Course(attendees=50).seeds()
    assert Course(attendees=20).seeds() == many[:20]
    assert len(many) == len(set(many))


def test_no_answer_is_handed_out(course):
    """An attendee's folder has no truth, no solution and no key."""
    folder = course / "attendee-01"
    names = {file.name for file in folder.rglob("*")}
    assert not [name for name in names if re.search("truth|solution|answer|key|manifest", name)]
    for file in folder.glob("exercises/*"):
        text = file.read_text(encoding="utf-8")
        assert "Answer" not in text
        assert "truth." not in text
    with duckdb.connect(folder / "data/world.duckdb", read_only=True) as world:
        columns = {row[0] for row in world.sql(
            "SELECT column_name FROM duckdb_columns()").fetchall()}  # fmt: skip
    assert "nhs_number" in columns
    assert not columns & {"person_id", "incident_id"}


@pytest.mark.parametrize("attendee", ATTENDEES)
@pytest.mark.parametrize(
    ("number", "answers_of"),
    [
        (1, Recount.explore),
        (2, Recount.count),
        (3, Recount.link),
        (4, Recount.estimate),
        (5, Recount.compare),
        (6, Recount.share),
        (7, Recount.wrong),
    ],
)
def test_every_printed_answer_is_true(course, counted, attendee, number, answers_of):
    """Counted again without SQL from the dataset that the attendee's seed gives."""
    tables, expected = printed(course, attendee, number), answers_of(counted[attendee - 1])
    assert len(expected) == len(tables)
    for place, (rows, table) in enumerate(zip(expected, tables, strict=True)):
        if rows is not None:
            shown = [list(row.values()) for row in table]
            assert min(len(rows), 50) == len(shown), place
            for row, cells in zip(rows, shown, strict=False):
                assert all(map(agrees, cells, row)), (place, row, cells)


def agrees(shown: str, value: object) -> bool:
    """Tell whether a cell shows a value: shares to three decimals, rates to one."""
    if isinstance(value, float):
        return float(shown) == pytest.approx(value, abs=0.0006 if value <= 1 else 0.06)
    return shown == ("*nothing*" if value is None else str(value))


@pytest.mark.parametrize("attendee", ATTENDEES)
def test_the_overview_gives_the_answers_of_the_solutions(course, counted, attendee):
    """The trainer's line of an attendee says what that attendee finds."""
    told, again = answers(course, attendee), counted[attendee - 1]
    assert len(again.ed) == int(told["attendances"])
    assert len(set(again.patient.values())) == int(told["people attending"])
    assert len(again.pairs) == int(told["true pairs"])
    assert len(again.incidents) == int(told["incidents"])
    attended = len(set(again.incident.values()))
    # The target is met to the nearest incident; the answer is printed to three decimals.
    assert float(told["unknown share"]) == pytest.approx(0.75, abs=0.5 / attended + 0.0005)


@pytest.mark.parametrize("attendee", ATTENDEES)
def test_patients_are_counted_once_whatever_they_are_called(course, attendee):
    """Those alone are patients, and patients have an NHS number each."""
    reduced, coarse, _ = printed(course, attendee, 6)
    numbers = int(answers(course, attendee)["nhs numbers"])
    for ((row,),) in ((reduced,), (coarse,)):
        assert 0 < int(row["alone"]) <= int(row["patients"]) <= numbers
    # The less is shared, the fewer are alone.
    assert int(coarse[0]["alone"]) < int(reduced[0]["alone"])


@pytest.mark.parametrize("attendee", ATTENDEES)
def test_errors_add_up_from_the_truth_to_what_a_method_says(course, attendee):
    """Of the same attendances, for every method and both ways of counting."""
    estimate, compare = printed(course, attendee, 4), printed(course, attendee, 5)
    same = sum(int(row["attendances"]) for row in estimate[2])
    recorded = next(row["attendances"] for row in estimate[2] if row["police_status"] == "recorded")
    for counted, parts in (compare[3:5], compare[5:7]):
        for method, row in zip(counted, parts, strict=True):
            assert (same, recorded) == (int(row["assaults"]), row["recorded"])
            missed = int(row["missed_person"]) + int(row["time_window"])
            added = int(row["other_occurrence"]) + int(row["wrong_person"])
            assert int(row["known"]) == int(recorded) - missed + added
            assert (method["known"], method["unknown"]) == (row["known"], row["unknown"])


def test_a_pack_holds_enough_to_compare_methods(counted):
    """As many as these hold, a pack of the usual size has some fifty recorded assaults or more."""
    recorded = [
        sum(again.status(row["attendance_no"]) == "recorded" for row in again.assaults)
        for again in counted
    ]
    assert sum(recorded) / len(recorded) / COURSE.persons * Course().persons > 50


@pytest.mark.parametrize(
    ("figure", "table", "column", "codes", "violence"),
    [
        ("police_violence", "police_occurrences", "offence_code", OFFENCES, violent()),
        ("gp_violence", "gp_events", "read_code", READ_CODES, spoken()),
    ],
)
def test_no_code_of_violence_is_left_out(figure, table, column, codes, violence):
    """Of all codes there are, each once, an answer counts those that speak of violence."""
    steps = [step for exercise in read_exercises() for step in exercise.steps]
    (query,) = (step.query for step in steps if step.figure == figure)
    with duckdb.connect() as world:
        world.execute(f"CREATE TABLE {table} AS SELECT unnest(?) AS {column}", [sorted(codes)])
        assert world.sql(query).fetchall() == [(len(violence),)]
        # None of the others is taken for one in exchange.
        world.execute(
            f"DELETE FROM {table} WHERE {column} IN (SELECT unnest(?))", [sorted(violence)]
        )
        assert world.sql(query).fetchall() == [(0,)]


@pytest.mark.parametrize("attendee", ATTENDEES)
def test_years_are_compared_by_the_days_they_hold(course, made, attendee):
    """The study begins in April: its first and last calendar years are part-years, and say so."""
    rows = printed(course, attendee, 2)[5]
    scenario = made[attendee - 1].manifest["scenario"]
    assert ("2021-04-01", 3) == (scenario["start"], scenario["years"])
    days = [int(row["days"]) for row in rows]
    # An emergency department with a dozen attendances a day may miss a day at either end.
    assert days == pytest.approx([275, 365, 365, 91], abs=1)
    assert ["True", "False", "False", "True"] == [row["part_year"] for row in rows]
    for row, year in zip(rows, (365, 365, 365, 366), strict=True):
        rate = int(row["assaults"]) * year / int(row["days"])
        assert float(row["per_full_year"]) == pytest.approx(rate, abs=0.05)


def test_links_in_the_pack_are_the_linkers_own(course, made):
    """Scored, they have the precision and recall that the solutions print."""
    with duckdb.connect(course / "attendee-01/data/world.duckdb", read_only=True) as world:
        links = to_links(world.sql("FROM links_exact").to_arrow_table())
    measured = {row["metric"]: row["value"]
                for row in score(made[0], links, left="ed", right="police").to_pylist()
                if row["stratum_kind"] == "all"}  # fmt: skip
    exact = printed(course, 1, 5)[-1][0]
    assert ["exact", str(links.num_rows)] == [exact["method"], exact["links"]]
    for metric in ("precision", "recall"):
        assert round(measured[metric], 3) == float(exact[metric])


def test_forces_are_joined_under_common_names(course):
    """`police_nominals` has the linkage fields by name, and the codebook speaks of them."""
    with duckdb.connect(course / "attendee-01/data/world.duckdb", read_only=True) as world:
        tables = {row[0] for row in world.sql("SELECT table_name FROM duckdb_tables()").fetchall()}
        meant = world.sql(
            """SELECT "column" FROM codebook WHERE "table" = 'police_nominals'"""
        ).fetchall()
    assert {"police_nominals", "police_occurrences", "police_occurrence_nominals"} <= tables
    assert not [name for name in tables if name.startswith("police_south")]
    assert {("surname",), ("date_of_birth",)} <= set(meant)


def test_every_link_between_pages_leads_somewhere(course):
    """In Markdown and in HTML."""
    for file in [*course.rglob("*.md"), *course.rglob("*.html")]:
        text = file.read_text(encoding="utf-8")
        pattern = r"\]\(([^)#]+)\)" if file.suffix == ".md" else r'href="([^"#:]+)"'
        for target in re.findall(pattern, text):
            assert (file.parent / target).exists(), (file.name, target)


def test_pages_stand_alone(course):
    """No page asks for anything, and each says that nobody is real."""
    pages = list(course.rglob("*.html"))
    # Start, overview, plan, slides, key, life; of each attendee start, practice, twice two ways.
    assert len(pages) == 6 + 2 * 6
    for page in pages:
        html = page.read_text(encoding="utf-8")
        assert "default-src 'none'" in html
        assert "nobody here is real" in html
        assert not re.search(r"(src|href)=\"?(https?:)?//|@import|url\((?!#)", html)


@pytest.mark.slow  # `made` makes each world again, and all answers are counted in it
def test_the_same_seed_gives_the_same_texts(course, tmp_path):
    """Exercises, solutions and practice, for the first attendee of a course of one."""
    again = tmp_path / "again"
    write_course(Course(attendees=1, persons=COURSE.persons), again)
    mine = [*again.glob("attendee-01/**/*"), *again.glob("trainer/attendee-01/**/*")]
    texts = [file.relative_to(again) for file in mine if file.suffix in {".html", ".md", ".ipynb"}]
    assert len(texts) > 20
    for text in texts:
        assert (course / text).read_text("utf-8") == (again / text).read_text("utf-8"), text


def test_answers_stand_apart_from_questions():
    """What is between the marks is an answer; a figure has the name that its query bears."""
    asked = "# Title\nAsk.\n```sql\nSELECT 1\n```\n"
    told = "<!-- answer -->\nTell.\n```sql two\nSELECT 2\n```\n<!-- end -->\n"
    exercise = parse("3-link", f"{asked}{told}More.\n")
    assert (3, "Title") == (exercise.number, exercise.title)
    assert ["Ask.", "SELECT 1", "More."] == [step.text or step.query for step in exercise.asked()]
    assert ["", "", "", "two", ""] == [step.figure for step in exercise.steps]


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
@example("_0_")
@example("__a__ _b")
def test_data_are_shown_as_data(value):
    """Whatever stands in a cell, it makes no element, no link and no second cell."""
    html = to_html(table_markdown(pa.table({"a": [value], "b": ["end"]})), title=value)
    body = html[html.index("<main") :]
    assert 2 == body.count("<td>")
    assert not re.search(r"<(script|b|i|em|strong|a|img|code)[ >]", body)


def test_a_scenario_without_schools_is_refused(tmp_path):
    """The exercises ask for all four sources."""
    file = tmp_path / "few.toml"
    file.write_text('extends = "merthyr"\nname = "few"\nagencies = ["ed", "police"]\n')
    with pytest.raises(SpecError, match="lacks education, gp"):
        write_course(Course(1, str(file)), tmp_path / "course")


def test_nothing_is_left_of_a_course_that_failed(tmp_path, monkeypatch):
    """An error in one pack takes all of them away."""

    def fail(pack: Pack, _: object) -> dict[str, object]:
        pack.folder.mkdir()
        raise OutputError("full")

    monkeypatch.setattr("darkfigure.reports.teaching.course.write_pack", fail)
    with pytest.raises(OutputError, match="full"):
        write_course(COURSE, tmp_path / "course")
    assert [] == list(tmp_path.iterdir())


def test_the_command_refuses_a_folder_with_other_things(tmp_path):
    """And says what to do."""
    (tmp_path / "mine.txt").write_text("mine")
    refused(darkfigure("teach", "--attendees", 1, "--out", tmp_path), 6, "other things")
