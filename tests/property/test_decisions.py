"""From scored pairs to links: assignment and clustering, against brute force on few records."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.linkage_eval.contracts import LINKS, Pairs
from darkfigure.linkage_eval.links.assignment import best_of_either, greedy, many_to_one, optimal
from darkfigure.linkage_eval.links.clustering import components, pairs_of
from darkfigure.linkage_eval.links.decisions import DECISIONS, decide
from darkfigure.linkage_eval.links.positions import Sides
from darkfigure.linkage_eval.links.table import look_up

SOME = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 5)),
    st.sampled_from([0.1, 0.2, 0.5, 0.8, 0.9]),
    max_size=9,
)


def arrays(scored):
    """Make arrays of pairs and their scores."""
    left = np.array([left for left, _ in scored], np.int64)
    right = np.array([right for _, right in scored], np.int64)
    return Pairs(left, right), np.array(list(scored.values()), float)


def kept(choose, scored):
    """Give the pairs that an assignment keeps."""
    flags = choose(*arrays(scored))
    return {pair for pair, flag in zip(scored, flags, strict=True) if flag}


def plain_greedy(scored):
    """Take pair after pair, best first, as the words say."""
    lefts, rights, taken = set(), set(), set()
    for (left, right), _ in sorted(scored.items(), key=lambda item: (-item[1], item[0])):
        if left not in lefts and right not in rights:
            lefts.add(left)
            rights.add(right)
            taken.add((left, right))
    return taken


def one_to_one(pairs):
    """Tell whether no record comes twice."""
    return all(len({pair[side] for pair in pairs}) == len(pairs) for side in (0, 1))


@settings(max_examples=100, deadline=None)
@given(SOME)
def test_greedy_is_what_its_words_say(scored):
    """Rounds of mutual bests take what one pair after the other takes."""
    assert plain_greedy(scored) == kept(greedy, scored)


@settings(max_examples=100, deadline=None)
@given(SOME)
def test_optimal_scores_the_most(scored):
    """No one-to-one choice of the pairs scores more."""
    found = kept(optimal, scored)
    best = max(
        sum(scored[pair] for pair in some)
        for size in range(len(scored) + 1)
        for some in combinations(scored, size)
        if one_to_one(some)
    )
    assert one_to_one(found)
    assert pytest.approx(best) == sum(scored[pair] for pair in found)


def test_greedy_and_optimal_differ():
    """Taking the best pair first can spoil two that are nearly as good."""
    scored = {(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.8}
    assert {(0, 0)} == kept(greedy, scored)
    assert {(0, 1), (1, 0)} == kept(optimal, scored)
    assert {(0, 0), (1, 0)} == kept(many_to_one, scored)
    assert set(scored) == kept(best_of_either, scored)


@settings(max_examples=50, deadline=None)
@given(SOME, st.randoms())
def test_order_changes_no_assignment(scored, random):
    """Pairs in another order are assigned alike."""
    items = list(scored.items())
    random.shuffle(items)
    for choose in (greedy, many_to_one, best_of_either):
        assert kept(choose, scored) == kept(choose, dict(items))


def test_components_join_what_links_chain():
    """0-1-2 is one cluster, 3-4 another, 5 alone; all pairs of them are four."""
    clusters = components(6, Pairs(np.array([0, 1, 3]), np.array([1, 2, 4])))
    assert 3 == len(set(clusters.tolist()))
    closed = pairs_of(clusters)
    assert [(0, 1), (0, 2), (1, 2), (3, 4)] == list(
        zip(closed.left.tolist(), closed.right.tolist(), strict=True)
    )


def test_clusters_too_large_to_list_are_refused():
    """One cluster of 10,000 records has 50 million pairs."""
    with pytest.raises(ValueError, match="links chain strangers together"):
        pairs_of(np.zeros(10_000, np.int64))


LEFT, RIGHT = pa.array(["a", "b", "c"]), pa.array(["x", "y"])


def decided(decision, *, within=False, **scores):
    """Decide on links such as ax=0.9, and give them by their ids."""
    sides = Sides(LEFT, LEFT if within else RIGHT, within)
    return decide(look_up(links(**scores), sides), decision).table()


def links(**scores):
    """Make links such as ax=0.9."""
    columns = [[name[0] for name in scores], [name[1] for name in scores], list(scores.values())]
    return pa.table([pa.array(column) for column in columns], LINKS.names).cast(LINKS)


def test_components_close_across_two_sides():
    """a-x, b-x and b-y chain, so a-y follows; it scores as the weakest link."""
    found = decided("components", ax=0.9, bx=0.6, by=0.8).to_pylist()
    assert [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")] == [
        (row["left_id"], row["right_id"]) for row in found
    ]
    assert {0.6} == {row["score"] for row in found}


def test_best_links_break_weak_chains():
    """b-x is the best of neither b nor x, so nothing follows from it."""
    found = decided("best-links", ax=0.9, bx=0.6, by=0.8).to_pylist()
    assert [("a", "x", 0.9), ("b", "y", 0.8)] == [tuple(row.values()) for row in found]


def test_within_one_table_chains_close_too():
    """Records a, b and c of one table: a-b and b-c make a-c."""
    found = decided("components", within=True, ab=0.9, bc=0.7).to_pylist()
    assert [("a", "b"), ("a", "c"), ("b", "c")] == [
        (row["left_id"], row["right_id"]) for row in found
    ]


@pytest.mark.parametrize("decision", DECISIONS)
def test_nothing_decided_of_nothing(decision):
    """No pairs, no links, whatever is chosen."""
    found = decided(decision)
    assert (0, LINKS) == (found.num_rows, found.schema)


@pytest.mark.parametrize("decision", DECISIONS)
def test_every_decision_gives_links(decision):
    """Schema and ids are those of links."""
    found = decided(decision, ax=0.9, bx=0.6, cy=0.8)
    assert found.schema == LINKS
    assert found.num_rows >= 2
