"""Training packs: everything in them runs, the answers are true, and nothing gives them away."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import nbformat
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbclient import NotebookClient
from test_cli import darkfigure, refused

from linkage_eval.contracts import to_links
from linkage_eval.scoring import score
from reports.teaching import Course, write_course
from reports.teaching.exercises import parse, read_exercises
from reports.teaching.packs import Pack
from reports.teaching.pages import table_markdown, to_html
from scenarios import load_scenario
from synth.dataset import Dataset
from synth.errors import OutputError, SpecError
from synth.pipeline import generate

COURSE = Course(attendees=2, persons=2_500)
NAMES = [exercise.name for exercise in read_exercises()]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course for two people."""
    out = tmp_path_factory.mktemp("course") / "course"
    write_course(COURSE, out, workers=2)
    return out


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The dataset of the first attendee, made again from its seed."""
    scenario = load_scenario("merthyr", persons=COURSE.persons, seed=COURSE.seeds()[0])
    return generate(scenario, tmp_path_factory.mktemp("again") / "world")


def answers(course: Path) -> dict[str, str]:
    """Read the first attendee's line of the trainer's overview."""
    lines = (course / "trainer/answers.md").read_text(encoding="utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in lines if line.startswith("|")]  # fmt: skip
    return dict(zip(table[0], table[2], strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_every_notebook_of_an_attendee_runs(course, name):
    """In Jupyter, from where it lies, without an error; each query shows a table."""
    executed = execute(course / "attendee-01/exercises" / f"{name}.ipynb")
    assert results(executed) >= 1


@pytest.mark.parametrize("name", NAMES)
def test_every_solution_runs(course, name):
    """With the truth attached, and more results than the exercise shows."""
    shown = execute(course / "trainer/attendee-02/solutions" / f"{name}.ipynb")
    asked = nbformat.read(course / "attendee-02/exercises" / f"{name}.ipynb", as_version=4)
    queries = [cell for cell in asked.cells if cell.source.startswith("show(")]
    assert results(shown) > len(queries)


def execute(file: Path) -> nbformat.NotebookNode:
    """Check a notebook's format and run it."""
    notebook = nbformat.read(file, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    client = NotebookClient(notebook, timeout=60, resources={"metadata": {"path": file.parent}})
    return client.execute()


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


def test_the_answers_are_true(course, made):
    """Counted again from the dataset that the attendee's seed gives."""
    said = answers(course)
    about = made.read("truth/record_persons").to_pandas()
    ed = about[about["source"] == "ed"]
    police = about[about["source"].str.startswith("police/") & (about["table"] == "nominals")]
    assert len(ed) == int(said["attendances"])
    assert ed["person_id"].nunique() == int(said["people attending"])
    assert len(ed.merge(police, on="person_id")) == int(said["true pairs"])
    assert made.tables["truth/incidents"]["rows"] == int(said["incidents"])
    told = made.read("truth/record_incidents").to_pandas()
    attended = told.loc[told["source"] == "ed", "incident_id"].nunique()
    # The target is met to the nearest incident; the answer is printed to three decimals.
    assert float(said["unknown share"]) == pytest.approx(0.75, abs=0.5 / attended + 0.0005)


def test_links_in_the_pack_are_the_linkers_own(course, made):
    """Scored, they have the precision and recall that the solutions print."""
    with duckdb.connect(course / "attendee-01/data/world.duckdb", read_only=True) as world:
        links = to_links(world.sql("FROM links_exact").to_arrow_table())
    measured = {row["metric"]: row["value"]
                for row in score(made, links, left="ed", right="police").to_pylist()
                if row["stratum_kind"] == "all"}  # fmt: skip
    text = (course / "trainer/attendee-01/solutions/solutions.md").read_text(encoding="utf-8")
    line = next(
        line for line in text.splitlines() if re.match(r"\| exact \|.*\|.*\|.*\|.*\|", line)
    )
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert [links.num_rows, round(measured["precision"], 3), round(measured["recall"], 3)] == [
        int(cells[1]),
        float(cells[3]),
        float(cells[4]),
    ]


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
    assert len(pages) == 2 + 2 * 5
    for page in pages:
        html = page.read_text(encoding="utf-8")
        assert "default-src 'none'" in html
        assert "nobody here is real" in html
        assert not re.search(r"(src|href)=\"?(https?:)?//|@import|url\(", html)


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

    monkeypatch.setattr("reports.teaching.course.write_pack", fail)
    with pytest.raises(OutputError, match="full"):
        write_course(COURSE, tmp_path / "course")
    assert [] == list(tmp_path.iterdir())


def test_the_command_refuses_a_folder_with_other_things(tmp_path):
    """And says what to do."""
    (tmp_path / "mine.txt").write_text("mine")
    refused(darkfigure("teach", "--attendees", 1, "--out", tmp_path), 6, "other things")
