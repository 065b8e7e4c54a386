"""The page of a board: a finding as headline, five answers, plain words, maps."""

from __future__ import annotations

import re

import pytest
from made_up_sharing import seen_rows, shared, write_shared_run

from darkfigure.linkage_eval.rows import Shared
from darkfigure.reports.html.board import board_scenarios, render_board
from darkfigure.reports.html.hotspot_map import draw_hotspots
from darkfigure.reports.html.report import write_report
from darkfigure.reports.html.run import ReportedRun
from darkfigure.synth.setting.geography import wales

# What no board should have to read.
CODES = ("vpu:wales", "police:*", "dpv:", "P1M", "attendance_group", "social_care", "ed:*")


def run(rows: list[dict]) -> ReportedRun:
    """Make a run of what was measured of sharing."""
    return ReportedRun({}, (), (), (), (), shared=tuple(Shared(**row) for row in rows))


@pytest.fixture(scope="module")
def page() -> str:
    """The page of a made-up run."""
    return render_board(run(seen_rows()), "s")


def texts(page: str) -> str:
    """Give the text of a page without scripts, styles and tags."""
    bare = re.sub(r"<(script|style)>.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", bare))


def test_the_headline_is_a_finding_with_figures_and_intervals(page: str):
    """Of strategies that name nobody, the best that frightens nobody away, against today."""
    (heading,) = re.findall("<h1>(.*?)</h1>", page)
    assert heading == (
        "\u201cEach assault, without names (ISTV)\u201d would let the police hear of 75\u00a0% "
        "(73\u201377) of the violence that hospitals treat, and names nobody; today they hear of "
        "28\u00a0% (26\u201330)"
    )


def test_each_strategy_answers_five_questions(page: str):
    """In the same order; two are shown from the first."""
    articles = re.findall(r'<article data-strategy="([^"]*)"[^>]*?( hidden)?>(.*?)</article>', page,
                          flags=re.DOTALL)  # fmt: skip
    assert {name for name, *_ in articles} == {
        "none", "patchwork", "cardiff-model", "istv-minimum", "clk", "single-system"
    }  # fmt: skip
    assert {name for name, hidden, _ in articles if not hidden} == {"patchwork", "istv-minimum"}
    assert {len(re.findall("<h4>", body)) for *_, body in articles} == {5}


def test_a_lever_that_matters_is_named(page: str):
    """The range over the levers, and where it is lowest."""
    assert "is between 60 and 75 %; it is lowest where this holds: a scandal" in texts(page)


def test_nobody_has_to_read_codes(page: str):
    """Neither in the text nor in the drawings."""
    assert not [code for code in CODES if code in texts(page)]


def test_small_counts_are_a_caveat_of_counts_alone(page: str):
    """The Cardiff model loses small counts; a strategy that shares rows does not."""
    articles = r'<article class="detail" data-strategy="([^"]*)"(.*?)</article>'
    detail = dict(re.findall(articles, page, re.DOTALL))
    assert "too small to be shown" in detail["cardiff-model"]
    assert "too small to be shown" not in detail["istv-minimum"]


def test_the_map_tells_seen_from_missed():
    """Three of thirty can be looked after: one rightly, two where there is little."""
    codes = wales().code[:30].tolist()
    known = {code: (0.0, place) for place, code in enumerate(codes)}
    known |= {codes[29]: (9.0, 29), codes[0]: (8.0, 0), codes[1]: (7.0, 1)}
    drawn = draw_hotspots(known, "the unit")
    assert drawn.counted == {"seen": 1, "missed": 2, "wrong": 2, "other": 25}
    assert drawn.said.startswith("Of the 3 neighbourhoods with the most violence (30 in all)")
    assert drawn.svg.count("<circle") == 30


def test_whoever_is_told_nothing_misses_all():
    """No neighbourhood is chosen at random."""
    codes = wales().code[:30].tolist()
    drawn = draw_hotspots({code: (0.0, place) for place, code in enumerate(codes)}, "the unit")
    assert drawn.counted["missed"] == 3
    assert drawn.said.startswith("the unit is told of no neighbourhood")


def test_a_run_of_an_earlier_version_has_no_page_for_a_board():
    """It did not measure treated violence."""
    old = run([shared("none", "visible_share", 0.2), shared("marac", "visible_share", 0.3)])
    assert board_scenarios(old) == ()


def test_the_page_stands_beside_the_report(tmp_path):
    """Each leads to the other; a report elsewhere, or of another run, brings none."""
    folder = write_shared_run(tmp_path / "run", seen_rows())
    report = write_report(folder)
    board = folder / "board.html"
    assert 'href="board.html"' in report.read_text(encoding="utf-8")
    assert 'href="report.html"' in board.read_text(encoding="utf-8")
    board.unlink()
    elsewhere = write_report(folder, tmp_path / "elsewhere" / "page.html")
    assert not board.exists()
    assert 'href="board.html"' not in elsewhere.read_text(encoding="utf-8")
