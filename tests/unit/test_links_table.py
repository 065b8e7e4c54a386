"""Links are taken as they should be, and refused with a reason where they are not."""

import math

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_world import links

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.links.lookup import find_rows
from darkfigure.linkage_eval.links.positions import Sides
from darkfigure.linkage_eval.links.table import look_up, to_links

LEFT = pa.array(["a", "b"])
RIGHT = pa.array(["x", "y"])
SIDES = Sides(LEFT, RIGHT)


def test_positions_are_rows_of_either_side():
    """A link becomes the row numbers of its two records, and links are in the order of these."""
    found = look_up(links(("b", "x"), ("a", "y")), SIDES)
    assert [0, 1] == found.left.tolist()
    assert [1, 0] == found.right.tolist()


def test_no_links_are_links():
    """Nothing linked is an answer, not an error."""
    found = look_up(links(), SIDES)
    assert 0 == len(found)
    assert "" == found.left_out


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text("AB019é", min_size=0, max_size=4), unique=True, max_size=30),
    st.lists(st.one_of(st.none(), st.text("AB0129é", max_size=5)), max_size=30),
    st.sampled_from([0, 3]),
)
def test_ids_are_found_as_arrow_finds_them(known: list[str], more: list[str | None], length: int):
    """Sorted or not, of one length or of several, known or unknown or missing."""
    if length:
        known = [one for one in known if len(one.encode()) == length]
    ids = pa.chunked_array([pa.array([*more, *known], pa.string()), pa.array(known, pa.string())])
    values = pa.array(known, pa.string())
    expected = pc.index_in(ids, value_set=values).fill_null(-1).to_numpy()
    assert expected.tolist() == find_rows(ids, values).tolist()


def test_a_missing_score_counts_as_one():
    """Tools that only say which pairs match need not invent a score."""
    table = to_links(pa.table({"right_id": ["x"], "left_id": ["a"]}))
    assert LINKS == table.schema
    assert [1.0] == table["score"].to_pylist()


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (links(("c", "x")), "1 left_id is not among the 2 records of that side, such as 'c'"),
        (links(("a", "z"), ("b", "z")), "2 right_ids are not among .* such as 'z'"),
        (links(("a", "x"), score=math.nan), "1 score is missing, NaN or infinite"),
        (links(("a", "x"), score=-math.inf), "1 score is missing, NaN or infinite"),
        (links(("a", None)), "1 right_id is not among"),
    ],
)
def test_nonsense_is_refused_with_its_reason(table, reason):
    """Each kind of improper link says what is wrong with it."""
    with pytest.raises(ValueError, match=reason):
        look_up(table, SIDES)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"id_l": ["a"], "right_id": ["x"]}, "no column left_id; .* found: id_l, right_id"),
        ({"left_id": ["a"], "right_id": ["x"], "score": ["high"]}, "of the wrong type"),
    ],
)
def test_wrong_columns_are_refused_with_their_reason(columns, reason):
    """A table without the needed columns says which, and what it has instead."""
    with pytest.raises(ValueError, match=reason):
        to_links(pa.table(columns))
