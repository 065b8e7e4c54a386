"""The data dictionary: nothing in a dataset is undocumented, and what is said can be read."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from darkfigure.reports.cli import app
from darkfigure.synth.schema import CODE, SUBJECTS, TABLES, TEXT, Column, Table
from darkfigure.synth.storage.dictionary import dictionary

# Codes without a list: numbers and names that are defined elsewhere, or grow with the data.
OPEN = re.compile(
    r"(lsoa|authority|area|source|table|column|fault|force|house|street|town|postcode|surname"
    r"|forename|middle_name|telephone)"
)
COLUMNS = [(table, column) for table in TABLES.values() for column in table.columns]


def rows(text: str) -> set[str]:
    """Give the first cell of each row of all Markdown tables."""
    return set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))


def test_every_table_and_column_is_in_it():
    """Each table has its heading and each of its columns a row below it."""
    parts = re.split(r"^### ", dictionary(), flags=re.MULTILINE)
    by_heading = {part.splitlines()[0]: part for part in parts}
    for table in TABLES.values():
        part = by_heading[f"{table.source}/{table.name}"]
        assert {column.name for column in table.columns} == rows(part)


def test_every_code_is_in_it():
    """Each code of each list has a row with its meaning."""
    text = dictionary()
    for _, column in COLUMNS:
        for code, meaning in column.codes.items():
            assert f"| `{code}` | {meaning} |" in text


def test_every_column_says_what_it_means():
    """A column has a meaning, and a coded one a list of codes unless its codes are open."""
    silent = [column.name for _, column in COLUMNS if not column.meaning.strip()]
    unlisted = [
        f"{table.path}:{column.name}"
        for table, column in COLUMNS
        if column.type == CODE and not column.codes and not OPEN.search(column.name)
    ]
    empty = [column.name for _, column in COLUMNS if not all(map(str.strip, column.codes.values()))]
    assert ([], [], []) == (silent, unlisted, empty)


def test_every_link_leads_somewhere():
    """A column's code list stands under the heading that the column links to."""
    text = dictionary()
    targets = set(re.findall(r"\]\(#([^)]+)\)", text))
    headings = re.findall(r"^### (.+)$", text, re.MULTILINE)
    anchors = [re.sub(r"[./]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert targets <= set(anchors)
    assert all(anchors.count(target) == 1 for target in targets)


def test_each_list_stands_once():
    """Two columns with the same codes share a list."""
    codes = {"1": "one", "2": "two"}
    columns = tuple(Column(name, CODE, "what", codes) for name in ("first", "second"))
    text = dictionary([Table("x", "y", "a row", ("first",), columns)])
    assert 1 == text.count("| `1` | one |")
    assert 2 == text.count("[first](#first)")


def test_a_bar_does_not_break_a_row():
    """A meaning with a bar in it stays in its cell."""
    column = Column("either", TEXT, "one|the other")
    assert "one\\|the other" in dictionary([Table("x", "y", "a row", ("either",), (column,))])


def test_the_tables_that_name_people_say_so():
    """Exactly one table of each source is marked as saying who its people are."""
    text = dictionary()
    assert len(SUBJECTS) == text.count("It says who the source's people are.")


def test_the_verb_prints_it_or_writes_it(tmp_path: Path):
    """`darkfigure dictionary` prints to standard output, or to the file of --out."""
    runner = CliRunner()
    assert dictionary() == runner.invoke(app, ["dictionary"]).stdout
    file = tmp_path / "notes" / "dictionary.md"
    assert 0 == runner.invoke(app, ["dictionary", "--out", str(file)]).exit_code
    assert dictionary() == file.read_text(encoding="utf-8")
