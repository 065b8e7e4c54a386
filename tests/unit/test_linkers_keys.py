"""Linkage keys, EpiLink's weights and the search screen, by examples worked by hand."""

import datetime as dt

import pytest
from tiny_world import records

from darkfigure.linkage_eval.linkers.epilink import EpiLink
from darkfigure.linkage_eval.linkers.keys import _SLK581, HashedNhsNumber, Slk581
from darkfigure.linkage_eval.linkers.pnd_search import QUERIES, PndSearch
from darkfigure.linkage_eval.linkers.time_place import TimePlace
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.errors import LinkerError

SIAN = {
    "record_id": "a",
    "surname": "JONES",
    "forename": "SIAN",
    "sex": "F",
    "date_of_birth": dt.date(1990, 2, 1),
    "town": "MERTHYR",
    "postcode": "CF47 8AA",
    "nhs_number": "9990000018",
}


def link(linker, *rights):
    """Link Siân to some records; give scores by id."""
    right = [{**SIAN, "record_id": f"r{place}", **row} for place, row in enumerate(rights)]
    found = linker.link(records(SIAN), records(*right), seed=1)
    return dict(zip(found["right_id"].to_pylist(), found["score"].to_pylist(), strict=True))


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, "ONSIA010219902"),
        ({"surname": "O BRIEN", "forename": "JO"}, "BREO2010219902"),
        ({"surname": "LI", "sex": "M"}, "I22IA010219901"),
        ({"sex": None}, "ONSIA010219909"),
    ],
)
def test_slk_581_keys(changes, key):
    """Letters 2, 3 and 5 of the surname, 2 and 3 of the forename, birth date, sex."""
    people = records({**SIAN, **changes})
    assert [key] == query(f"SELECT {_SLK581} AS k FROM people", people=people)["k"].to_pylist()


def test_slk_581_forgives_what_its_letters_do_not_hold():
    """Jones and Jonas differ in letter 4, Simon and Sian in letter 3."""
    assert {"r0": 1.0} == link(Slk581(), {"surname": "JONAS"}, {"forename": "SIMON"})
    assert {} == link(Slk581(), {"date_of_birth": None}, {"sex": "M"})


def test_a_hashed_number_needs_both_numbers():
    """Names do not matter, a missing number links nobody."""
    assert {"r0": 1.0} == link(HashedNhsNumber(), {"surname": "X"}, {"nhs_number": None})


def test_epilink_scores():
    """All agree: 1. Swapped names agree too. Another postcode costs its weight."""
    found = link(
        EpiLink(threshold=0.5),
        {},
        {"surname": "SIAN", "forename": "JONES"},
        {"postcode": "CF1 1AA"},
        {"nhs_number": None, "postcode": None},
    )
    assert (1.0, 1.0, 1.0) == (found["r0"], found["r1"], found["r3"])
    # Of each field there are two values or fewer but of names and postcodes: weights log2(.99 n).
    assert 0.8 < found["r2"] < 0.9
    assert "r2" not in link(EpiLink(), {}, {}, {"postcode": "CF1 1AA"})


def test_the_search_stops_at_the_first_useful_page():
    """Somebody with the whole identity is found at once; who is like them is not looked at."""
    assert {"r0": 1.0} == link(PndSearch(), {}, {"forename": "SUE"})
    fuller = {"r0": pytest.approx(1 - 1 / len(QUERIES)), "r1": pytest.approx(1 - 1 / len(QUERIES))}
    assert fuller == link(PndSearch(), {"forename": "SUE"}, {"forename": "SAM"})


def test_a_page_too_long_is_no_use():
    """Eleven who fit are too many; then less is asked, and more found: nobody is read."""
    assert {} == link(PndSearch(), *[{}] * 11)
    assert 11 == len(link(PndSearch(page=11), *[{}] * 11))


def test_persons_have_no_time():
    """Linking persons by time is refused with a word on what to do."""
    with pytest.raises(LinkerError, match='kind "events"'):
        TimePlace().link(records(SIAN), records(SIAN), seed=1)
