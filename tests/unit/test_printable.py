"""Text of strangers is made harmless to show, by one function wherever it is shown."""

from __future__ import annotations

import json
import unicodedata

import pytest

from darkfigure.synth.core.printable import printable, printable_json, steering

STEERS = (
    "\x1b",
    "\x07",
    "\r",
    "\x7f",
    "\x9b",
    "\xad",
    "\u200e",
    "\u202e",
    "\u2066",
    "\u2028",
    "\ud800",
)
HARMLESS = ("Siân", "Łukasz", "line\nand\ttab", "क्\u200dष", "👩\u200d👧", "a\xa0b", "")


@pytest.mark.parametrize("letter", STEERS, ids=lambda letter: f"U+{ord(letter):04X}")
def test_what_steers_is_written_as_its_number(letter: str):
    """As Python writes it; nothing of its kind is left, and specifications are told which it is."""
    shown = printable(f"a{letter}b")
    assert ascii(f"a{letter}b")[1:-1].replace("\\r", "\\x0d") == shown
    assert [("title", f"U+{ord(letter):04X}")] == list(steering({"title": f"a{letter}b"}))


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays(text: str):
    """Letters of any script, joiners within words, line breaks and tabs."""
    assert text == printable(text)
    assert [] == list(steering([text]))


def test_no_letter_of_unicode_steers_after_it():
    """Of all there are, only breaks, tabs and joiners are left of the steering kinds."""
    shown = printable("".join(map(chr, range(0x110000))))
    left = {
        one for one in set(shown) if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }
    assert {"\t", "\n", "\u200c", "\u200d"} == left


def test_what_is_too_long_is_cut_and_counted():
    """The message says how long it was."""
    assert "xxx ... (30,000,000 characters)" == printable("x" * 30_000_000, 3)
    assert "xxx" == printable("xxx", 3)


@pytest.mark.parametrize("letter", [*STEERS, "\n", "\t", "\xa0", "\u200d", "\ufdd0"])
def test_a_line_is_one_line_of_bounded_length(letter: str):
    """Though each letter became several."""
    shown = printable(letter * 1_000, 300, line=True)
    assert shown.isprintable()
    assert 300 == len(shown)
    assert "a b" == printable("a\nb", 3, line=True)


@pytest.mark.parametrize("letter", [*STEERS, "\U000e0001"])
def test_json_says_the_same_in_its_own_codes(letter: str):
    """A program that reads it has the text as it was; a terminal sees none of it."""
    data = {"name": [f"a{letter}b", "Siân\n"]}
    shown = printable_json(data)
    assert data == json.loads(shown)
    assert letter not in shown
    assert "Siân" in shown
