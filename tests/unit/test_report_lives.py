"""Lives as a page: complete, in order, with a lane for every agency."""

from __future__ import annotations

import re

import pytest
from made_up_lives import KNOWN, UNKNOWN, life

from darkfigure.reports.html.lives import render_lives


@pytest.fixture(scope="module")
def page() -> str:
    """The page of one made-up life."""
    return render_lives([life()])


def marks(page: str, kind: str) -> list[str]:
    """Give what the marks of one kind on the timelines say."""
    return re.findall(rf'<a href="[^"]*" class="{kind}" aria-label="([^"]*)"', page)


def test_every_source_has_a_lane_beneath_the_truth(page: str):
    """The first to know or to write stands first; one without any date is last."""
    lanes = re.findall(r'<text class="(?:truth)?" x="0"[^>]*>([^<]*)<', page)
    assert lanes == ["In truth", "General practice", "Gwent Police", "Emergency department"]


def test_what_each_knew_when_is_marked(page: str):
    """At the day on which it learned of the act, with the day of the act."""
    assert marks(page, "knew") == [
        f"{KNOWN}, Gwent Police came to know of {KNOWN}",
        f"2022-03-17, General practice came to know of {KNOWN}",
    ]
    assert "Known to Gwent Police the same day and General practice after 12 days." in page


def test_an_act_that_nobody_knew_of_is_a_gap(page: str):
    """It is hatched, and the text says so."""
    assert page.count('<rect class="gap"') == 1
    assert [one for one in marks(page, "harmed") if one.startswith(str(UNKNOWN))] == [
        f"{UNKNOWN}, in truth: assault, home; nobody ever knew"
    ]
    assert "Nobody ever knew." in page


def test_mistakes_are_told_from_what_is_out_of_date(page: str):
    """Of all rows of a day the worst gives the mark; the text says what is wrong."""
    assert marks(page, "wrong") == [f"{KNOWN}, Gwent Police: 2 rows, 1 cell wrong"]
    assert marks(page, "stale") == ["2010-05-01, General practice: 1 row"]
    assert "Wrong: town: Newport -&gt; Newpart (misheard)" in page


def test_every_mark_leads_to_a_day_of_the_text(page: str):
    """No link leads nowhere, and words of a dataset are no markup."""
    anchors = set(re.findall(r' id="([^"]*)"', page))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= anchors
    assert "<b>assault</b>" not in page


def test_several_lives_are_a_booklet():
    """With contents, a heading each, and no anchor twice."""
    page = render_lives([life(), life("Rhys Rees", 8)])
    assert "<h1>2 lives: what happened, and who wrote it down</h1>" in page
    assert page.count('<section class="life"') == 2
    anchors = re.findall(r' id="([^"]*)"', page)
    assert len(set(anchors)) == len(anchors)
