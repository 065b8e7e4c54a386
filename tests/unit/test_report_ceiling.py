"""What is attainable stands on the page beside the methods, and is none of them."""

import re

from made_up_run import SETTING, attained, write_rows, write_run

from darkfigure.reports.html.comparison import compare
from darkfigure.reports.html.report import write_report
from darkfigure.reports.html.run import read_run


def page_of(folder, rows):
    """Write a run with rows on what is attainable, and its report."""
    write_run(folder)
    write_rows(folder / "attainable.parquet", rows)
    return write_report(folder).read_text(encoding="utf-8")


def section(page, key):
    """Give a section's text without marks."""
    (found,) = re.findall(rf'<section id="{key}".*?</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found)).replace("\u00a0", " ")


def test_the_page_says_what_is_attainable_and_how_far_each_method_is_from_it(tmp_path):
    """In a section of its own, in a column of the leaderboard, and as a tick in the charts."""
    page = page_of(tmp_path / "run", list(attained({**SETTING, "seed": 1})))
    said = section(page, "attainable")
    assert "is attainable; Splink is 4.4 percentage points below" in said
    assert "the truth of seed 7" in said
    assert "It is no competitor" in said
    board = section(page, "leaderboard")
    assert "Points of F1 below attainable" in board
    assert "4.35 (3.35 to 5.35)" in board
    assert "attainable with labels (no method)" in section(page, "groups")
    assert "How many labels it takes" in said


def test_it_is_no_competitor(tmp_path):
    """It has no place among the methods, whatever it attains."""
    folder = write_run(tmp_path / "run")
    write_rows(folder / "attainable.parquet", list(attained({**SETTING, "seed": 1})))
    (comparison,) = compare(read_run(folder))
    assert not [name for name in comparison.linkers if "attainable" in name]
    assert not [name for name, _ in comparison.ranked("f1") if "attainable" in name]


def test_what_hindered_it_is_said(tmp_path):
    """A row without a value has its reason."""
    why = {**SETTING, "seed": 1, "linker": "attainable", "learnt_from": "", "metric": "f1"}
    row = {**why, "stratum_kind": "all", "stratum": "all", "n": 0, "status": "too few people"}
    assert "could not be found out: too few people" in section(
        page_of(tmp_path / "run", [row]), "attainable"
    )


def test_nothing_is_said_where_nobody_asked(tmp_path):
    """A run without it has neither section nor column."""
    page = page_of(tmp_path / "run", [])
    assert 'id="attainable"' not in page
    assert "below attainable" not in page
