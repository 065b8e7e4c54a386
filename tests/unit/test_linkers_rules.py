"""The deterministic linkers: which agreements link, and how sure each is."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_world import records

from darkfigure.linkage_eval.contracts import LINKS, Linker
from darkfigure.linkage_eval.linkers.exact import Exact
from darkfigure.linkage_eval.linkers.fields import UnableError
from darkfigure.linkage_eval.linkers.soundex import soundex
from darkfigure.linkage_eval.linkers.stepwise import PASSES, Stepwise

SIAN = {
    "record_id": "a",
    "surname": "JONES",
    "forename": "SIAN",
    "sex": "F",
    "date_of_birth": dt.date(1990, 2, 1),
    "house": "4",
    "postcode": "CF47 8AA",
    "nhs_number": "9990000018",
    "upn": "K680999018001",
}
OTHER = {
    **{name: f"{value}X" for name, value in SIAN.items()},
    "record_id": "o",
    "date_of_birth": dt.date(1940, 11, 30),
}


def link(linker, right, left=SIAN):
    """Link one record to one, among a stranger's, so that no field is wholly missing."""
    lefts, rights = (records(*side) for side in ((left, OTHER), ({**SIAN, **right}, OTHER)))
    found = linker.link(lefts, rights, seed=1)
    assert LINKS == found.schema
    scores = {row["left_id"]: row["score"] for row in found.to_pylist()}
    assert 1.0 == scores.pop("o")
    return scores.get("a")


@pytest.mark.parametrize("linker", [Exact(), Stepwise()])
def test_a_linker_is_a_linker(linker):
    """What the library holds fulfils the contract it sets others."""
    assert isinstance(linker, Linker)


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ({}, 1.0),
        ({"postcode": "SA1 1AA", "nhs_number": None}, 1.0),
        ({"surname": "JONS"}, None),
        ({"sex": None}, None),
        ({"date_of_birth": None}, None),
    ],
)
def test_exact_needs_names_birth_date_and_sex(right, expected):
    """One difference or one missing value among the four, and there is no link."""
    assert expected == link(Exact(), right)


DIFFERENT_NUMBER = {"nhs_number": None, "upn": None}


@pytest.mark.parametrize(
    ("right", "step"),
    [
        ({"surname": "X", "forename": "Y", "postcode": None}, 1),
        ({"surname": "X", "forename": "Y", "postcode": None, "nhs_number": None}, 2),
        (DIFFERENT_NUMBER, 3),
        (DIFFERENT_NUMBER | {"postcode": None}, 4),
        (DIFFERENT_NUMBER | {"surname": "PRICE"}, 5),
        (DIFFERENT_NUMBER | {"forename": "SI", "postcode": None}, 6),
        (DIFFERENT_NUMBER | {"surname": "JONAS", "forename": "SI", "postcode": None}, 7),
        (DIFFERENT_NUMBER | {"surname": "SIAN", "forename": "JONES"}, 8),
        (DIFFERENT_NUMBER | {"date_of_birth": dt.date(1990, 1, 2), "house": None}, 9),
        (DIFFERENT_NUMBER | {"date_of_birth": dt.date(1990, 2, 3), "house": None}, 10),
        (DIFFERENT_NUMBER | {"date_of_birth": dt.date(1990, 6, 1), "house": None}, 11),
        (DIFFERENT_NUMBER | {"date_of_birth": dt.date(1909, 2, 1), "house": None}, 12),
        (DIFFERENT_NUMBER | {"date_of_birth": None}, 13),
        (DIFFERENT_NUMBER | {"date_of_birth": None, "postcode": None}, None),
    ],
)
def test_stepwise_links_at_the_first_pass_that_agrees(right, step):
    """Each pass forgives one thing more, and scores less."""
    expected = None if step is None else pytest.approx(1 - (step - 1) / len(PASSES))
    assert expected == link(Stepwise(), right)


def test_a_record_may_have_several_links():
    """Two nominals of one person are both linked."""
    right = records({**SIAN, "record_id": "x"}, {**SIAN, "record_id": "y", "postcode": None})
    found = Stepwise().link(records(SIAN), right, seed=1)
    assert ["x", "y"] == found["right_id"].to_pylist()


FEW_VALUES = st.fixed_dictionaries(
    {
        "surname": st.sampled_from(["JONES", "JONAS", "EVANS", None]),
        "forename": st.sampled_from(["SIAN", "SI", None]),
        "sex": st.sampled_from(["F", None]),
        "date_of_birth": st.sampled_from([dt.date(1990, 2, 1), dt.date(1990, 1, 2), None]),
        "postcode": st.sampled_from(["CF47 8AA", None]),
        "house": st.sampled_from(["4", None]),
    }
)


@settings(max_examples=30, deadline=None)
@given(st.lists(FEW_VALUES, max_size=6), st.lists(FEW_VALUES, max_size=6), st.randoms())
def test_names_and_order_of_records_change_no_link(left, right, random):
    """Records under other ids in another order have the same links."""

    def link_as(ids):
        named = [
            [{**row, "record_id": ids(number)} for number, row in enumerate(rows)]
            for rows in (left, right)
        ]
        for rows in named:
            random.shuffle(rows)
        try:
            return Stepwise().link(*(records(*rows) for rows in named), seed=1).to_pylist()
        except UnableError:
            return []

    plain, other = link_as(lambda number: f"{number}"), link_as(lambda number: f"id{9 - number}")
    for row in other:
        row |= {side: str(9 - int(row[side][2:])) for side in ("left_id", "right_id")}
    assert plain == sorted(other, key=lambda row: (row["left_id"], row["right_id"]))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ROBERT", "R163"),
        ("RUPERT", "R163"),
        ("ASHCRAFT", "A261"),
        ("TYMCZAK", "T522"),
        ("PFISTER", "P236"),
        ("HONEYMAN", "H555"),
        ("WILLIAMS", "W452"),
        ("AP RHYS", "A162"),
        ("", ""),
        ("王小明", "王小明"),
        ("ИВАНОВ", "ИВАНОВ"),
    ],
)
def test_soundex_codes(name, code):
    """Codes as the United States National Archives publish them."""
    assert code == soundex(name)
