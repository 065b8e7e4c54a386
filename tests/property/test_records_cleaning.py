"""One clean form for each field, whatever letters and signs it is written in."""

import sys
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.linkage_eval.records import cleaning
from darkfigure.linkage_eval.records.letters import APOSTROPHES, fold
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.schema import ISO_DATE


def clean(field, *texts):
    """Clean some texts of a field."""
    written = pa.table({"text": pa.array(texts, pa.string())})
    return query(f"SELECT {cleaning.clean(field, 'text')} AS x FROM written", written=written)[
        "x"
    ].to_pylist()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Łukasz", "LUKASZ"),
        ("Øystein", "OYSTEIN"),
        ("Straße", "STRASSE"),
        ("STRAẞE", "STRASSE"),
        ("Æthelred", "AETHELRED"),
        ("Đorđe", "DORDE"),
        ("Þór", "THOR"),
        ("Guðrún", "GUDRUN"),
        ("Œuvrard", "OEUVRARD"),
        ("Iş\u0131l", "ISIL"),
        ("Ħamrun", "HAMRUN"),
        ("Ɗanjuma", "DANJUMA"),
        ("Əliyev", "ELIYEV"),
        ("Nguyễn", "NGUYEN"),
        ("\uff21\uff4e\uff4e", "ANN"),
        ("ﬁona", "FIONA"),
        ("Ka\u02bbahumanu", "KAAHUMANU"),
        ("O\u00b4Brien", "OBRIEN"),
        ("Mac\u200bDonald", "MACDONALD"),
    ],
)
def test_letters_of_the_latin_script_come_from_a_to_z(written, expected):
    """No letter vanishes because it is none with an accent."""
    assert [expected] == clean("surname", written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Дмитро", "ДМИТРО"),
        ("Андрій", "АНДРІИ"),
        ("Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ"),
        ("王小明", "王小明"),
        ("محمد", "محمد"),
        ("राम-कुमार", "राम कुमार"),
        ("한국", "한국"),
        ("José 何塞", "JOSE 何塞"),
    ],
)
def test_letters_of_other_scripts_stay(written, expected):
    """They are not transliterated, and a sign that is a vowel is no accent."""
    assert [expected] == clean("forename", written)


def test_every_letter_of_unicode_stands_for_something():
    """None but those that people type for an apostrophe folds to nothing."""
    letters = (chr(code) for code in range(sys.maxunicode + 1) if chr(code).isalpha())
    assert [] == [one for one in letters if not fold(one) and one not in APOSTROPHES]


def test_every_accented_latin_letter_is_ascii():
    """All that Unicode makes of A to Z and marks."""
    letters = (chr(code) for code in range(0xC0, 0x1EFF) if chr(code).isalpha())
    accented = [one for one in letters if unicodedata.normalize("NFD", one)[0] in "AEIOUWYNaeiouwy"]
    assert 300 < len(accented)
    assert [] == [one for one in accented if not fold(one).isascii()]


@settings(deadline=None)  # the first list reads the words for missing
@given(st.lists(st.text()))
def test_a_name_with_a_letter_is_never_missing(names):
    """Unless it is one of the words for missing."""
    kept = dict(zip(names, clean("surname", *names), strict=True))
    lettered = [
        name
        for name in kept
        if any(char.isalpha() and char not in APOSTROPHES for char in name)
        and fold(name) not in cleaning.MISSING
    ]
    assert [] == [name for name in lettered if not kept[name]]


@given(st.text())
def test_composed_and_parted_letters_are_the_same(name):
    """Letters with marks of their own, or followed by them."""
    assert fold(unicodedata.normalize("NFC", name)) == fold(unicodedata.normalize("NFD", name))


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_needs_no_folding(name):
    """The short way for ASCII and the long way for all letters agree."""
    (short,) = clean("surname", name)
    assert (None if fold(name) in cleaning.MISSING else fold(name)) == short


@pytest.mark.parametrize(
    ("field", "written", "expected"),
    [
        ("nhs_number", "943 476 5919", "9434765919"),
        ("nhs_number", "943-476-5919", "9434765919"),
        ("nhs_number", "9434765918", None),
        ("nhs_number", "0000000000", None),
        ("nhs_number", "9999999999", None),
        ("postcode", "CF478AA", "CF47 8AA"),
        ("postcode", "cf47-8aa", "CF47 8AA"),
        ("postcode", "ZZ99 3VZ", None),
        ("postcode", "zz993wz", None),
        ("postcode", "UNKNOWN", None),
        ("postcode", "NK", None),
        ("postcode", "Not known", None),
        ("telephone", "+44 7700 900123", "07700900123"),
        ("telephone", "0044 (0)7700-900123", "07700900123"),
        ("sex", "F", "F"),
        ("sex", "Woman", "F"),
        ("sex", " female ", "F"),
        ("sex", "2", "F"),
        ("sex", "1", "M"),
        ("sex", "Gwryw", "M"),
        ("sex", "Mx", None),
        ("sex", "Fluid", None),
        ("sex", "Mother", None),
    ],
)
def test_each_field_has_one_form(field, written, expected):
    """However it is spaced, punctuated or coded."""
    assert [expected] == clean(field, written)


@pytest.mark.parametrize(
    ("field", "written", "expected"),
    [
        ("surname", "n/k", True),
        ("surname", "-", True),
        ("surname", "Łukasz", False),
        ("postcode", "ZZ99 3VZ", True),
        ("postcode", "CF47 8AA", False),
        ("sex", "U", True),
        ("sex", "Mx", False),
        ("nhs_number", "0000000000", True),
        ("nhs_number", "123", False),
        ("nhs_number", "unknown", True),
    ],
)
def test_missing_by_its_own_word_differs_from_unreadable(field, written, expected):
    """What says that nothing is known is not what nobody can read."""
    table = pa.table({"text": [written]})
    said = query(f"SELECT {cleaning.says_missing(field, 'text')} AS x FROM t", t=table)["x"]
    assert [expected] == said.to_pylist()


@pytest.mark.parametrize("field", FIELDS)
def test_cleaning_keeps_the_order_of_rows(field):
    """DuckDB joins nothing for it: a join of a large table gives its rows in any order."""
    made = cleaning.date_of_birth("text", [ISO_DATE], "DATE '2020-01-01'")
    cleaned = made if field == "date_of_birth" else cleaning.clean(field, "text")
    sql = f"EXPLAIN SELECT {cleaned}, {cleaning.says_missing(field, 'text')} FROM written"
    plan = query(sql, written=pa.table({"text": ["A"]})).to_pylist()[0]["explain_value"]
    assert "SCAN" in plan
    assert "join" not in plan.lower()
