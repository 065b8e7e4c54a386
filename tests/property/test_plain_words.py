"""A strategy in plain words: whatever it shares, no code of a specification is left over."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.linkage_eval.sharing.outputs import words
from darkfigure.linkage_eval.sharing.outputs.agreement import write_agreement
from darkfigure.linkage_eval.sharing.outputs.flow_map import draw_flows
from darkfigure.linkage_eval.sharing.strategy.durations import days_of
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.names import strategy_names

UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day"}
DURATION = re.compile(r"\bPT?\d+[YMWDH]\b")


@given(st.integers(1, 400), st.sampled_from(list(UNITS)))
def test_a_duration_in_words_is_as_long(number: int, unit: str):
    """Within a twentieth: two months are said of sixty days."""
    duration = f"P{number}{unit}"
    count, word = words.span(duration).replace(",", "").split(" ")
    code = word.removesuffix("s")[0].upper()
    again = float(count) * (1 / 24 if code == "H" else days_of(f"P1{code}"))
    assert again == pytest.approx(days_of(duration), rel=0.05)
    assert word.endswith("s") == (float(count) != 1)


@pytest.mark.parametrize(
    ("duration", "said"),
    [("P1M", "1 month"), ("P60D", "2 months"), ("P28D", "4 weeks"), ("P10D", "10 days"),
     ("PT6H", "6 hours"), ("PT0H", "0 days")],
)  # fmt: skip
def test_durations_are_said_as_people_say_them(duration: str, said: str):
    """In the longest unit that fits."""
    assert words.span(duration) == said


@pytest.mark.parametrize("name", strategy_names())
def test_the_drawing_of_a_strategy_holds_no_codes(name: str):
    """Names of agencies, forms and times are words."""
    text = re.sub(r"<[^>]*>", " ", draw_flows(load_strategy(name)))
    assert not re.findall(r"[a-z]+:[a-z*]+|[a-z]+_[a-z]+", text)
    assert not DURATION.search(text)


@pytest.mark.parametrize("name", strategy_names())
def test_the_agreement_says_parties_and_times_in_words(name: str):
    """Fields keep their names: an agreement lists them."""
    agreement = write_agreement(load_strategy(name))
    assert "dpv:" not in agreement
    assert not DURATION.search(agreement)
    assert not re.findall(r"^\| (?:From|To|On to) \|.*:[a-z*]", agreement, flags=re.MULTILINE)
