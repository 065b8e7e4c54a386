"""Differing characters are found, marked on the right side, and put into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.linkage_eval.rows import Example
from darkfigure.reports.html.pairs import compare, describe, example_pairs, mark

VALUES = st.text(max_size=12)


def marked(parts):
    """Write marked stretches in square brackets."""
    return "".join(f"[{part.text}]" if part.differs else part.text for part in parts)


@pytest.mark.parametrize(
    ("left", "right", "marked_left", "marked_right", "said"),
    [
        ("Jones", "Jones", "Jones", "Jones", "same"),
        ("Llewellyn", "Llewelyn", "Llewel[l]yn", "Llewelyn",
         "\u2018l\u2019 left out at character 7"),
        ("Davis", "Davies", "Davis", "Davi[e]s", "\u2018e\u2019 added after character 4"),
        ("Evans", "Bevans", "Evans", "[B]evans", "\u2018B\u2019 in front"),
        ("Rees", "Rhes", "R[e]es", "R[h]es", "\u2018h\u2019 for \u2018e\u2019 at character 2"),
        ("CF47 3QZ", "CF473QZ", "CF47[ ]3QZ", "CF473QZ", "a space left out at character 5"),
        ("Price", "", "[Price]", "", "missing in the right record"),
        ("", "Price", "", "[Price]", "missing in the left record"),
        ("", "", "", "", "missing on both sides"),
        ("High Street", "Brecon Road", "[High Street]", "[Brecon Road]", "different"),
    ],
)  # fmt: skip
def test_differences_are_marked_and_said(left, right, marked_left, marked_right, said):
    """Each kind of edit, as marks and as words."""
    shown = tuple(marked(parts) for parts in mark(left, right))
    assert (marked_left, marked_right, said) == (*shown, describe(left, right))


@pytest.mark.parametrize(
    ("field", "left", "right", "marked_left", "marked_right", "said"),
    [
        ("date_of_birth", "1991-04-07", "07/04/1991", "1991-04-07", "07/04/1991",
         "same, written differently"),
        ("date_of_birth", "1991-04-07", "04/07/1991", "1991-[04]-[07]", "[04]/[07]/1991",
         "day and month swapped"),
        ("date_of_birth", "1991-04-07", "07/04/1919", "[1991]-04-07", "07/04/[1919]",
         "year 1919 for 1991"),
        ("surname", "JONES", "Jones", "JONES", "Jones", "same but for large letters"),
        ("surname", "DAVIES", "Davis", "DAVI[E]S", "Davis",
         "\u2018E\u2019 left out at character 5"),
        ("sex", "2", "F", "2", "F", "same, coded differently"),
        ("sex", "1", "F", "[1]", "[F]", "different"),
    ],
)  # fmt: skip
def test_what_means_the_same_is_not_marked(field, left, right, marked_left, marked_right, said):
    """Date formats, codes and large letters are the systems' ways, not differences."""
    shown_left, shown_right, found = compare(field, left, right)
    assert (marked_left, marked_right, said) == (marked(shown_left), marked(shown_right), found)


@given(VALUES, VALUES)
def test_marking_loses_no_character(left, right):
    """The stretches put together are the values as written."""
    shown = tuple("".join(part.text for part in parts) for parts in mark(left, right))
    assert (left, right) == shown


@given(VALUES, VALUES)
def test_something_is_marked_just_where_values_differ(left, right):
    """Values alike but for large letters have no marks; all others have one at least."""
    differs = any(part.differs for parts in mark(left, right) for part in parts)
    assert (left.lower() != right.lower()) == differs


def example(kind, number, field="surname", left="Rees"):
    """Make one field of one example pair."""
    which = ("merthyr", "clear", "ed-police", "splink", 1)
    causes = "stale postcode; misread" if kind == "missed" else ""
    pair = kind, number, None, "E1", "N1", causes
    groups = "sex=F; age_band=0-15"
    return Example(*which, *pair, field, left, "Rees", "Rhys", "Rhys", groups)


def test_pairs_come_missed_first_and_no_more_than_asked():
    """Rows are gathered by pair, whatever their order."""
    rows = [example(kind, n) for n in (3, 1, 2) for kind in ("false link", "missed")]
    found = [pair.title for pair in example_pairs(rows, 2)]
    assert ["Missed pair 1", "Missed pair 2", "False link 1", "False link 2"] == found


def test_causes_and_truth_are_kept():
    """The causes are split, and the truth is told where a side wrote otherwise."""
    (pair,) = example_pairs([example("missed", 1, left="Reece")], 2)
    (field,) = pair.fields
    assert ("stale postcode", "misread") == pair.causes
    assert (("sex", "F"), ("age_band", "0-15")) == pair.groups
    assert ("Rees", "") == (field.left_truth, field.right_truth)


def test_a_field_that_neither_side_filled_is_left_out():
    """An empty row would tell nothing."""
    empty = Example("merthyr", "clear", "ed-police", "splink", 1, "missed", 1, None, "E1",
                    "N1", "", "house", None, None, None, None)  # fmt: skip
    (pair,) = example_pairs([example("missed", 1), empty], 2)
    assert ["surname"] == [field.field for field in pair.fields]
