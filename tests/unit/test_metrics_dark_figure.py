"""How many assaults the police know of, truly and as linked, in a world counted by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_world import TRUE_PAIRS, links, write_world

from darkfigure.linkage_eval.evaluation.metrics.dark_figure import (
    measure_dark_figure,
    read_assaults,
)
from darkfigure.linkage_eval.links.truth import judge_table, read_truth
from darkfigure.synth.core.chance import Stream


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The tiny world."""
    return write_world(tmp_path_factory.mktemp("tiny") / "world")


@pytest.fixture(scope="module")
def known(world):
    """Truth and assaults of the tiny world."""
    truth = read_truth(world, "ed", "police")
    return truth, read_assaults(world, truth)


def measure(known, *pairs):
    """Measure the shares of links in the whole world."""
    truth, assaults = known
    found = measure_dark_figure(judge_table(truth, links(*pairs)), assaults, Stream(1))
    return {one.metric: one for one in found if one.stratum == "all"}


def values(found):
    """Give shares in sixths, the number of assault attendances."""
    return {name: round(one.value * 6, 9) for name, one in found.items()}


def test_true_shares_come_from_the_truth(known):
    """Of six attendances two were never reported and one was not recorded, whatever is linked."""
    found = measure(known)
    assert {6} == {one.n for one in found.values()}
    sixths = values(found)
    assert 2 == sixths["never_reported_share"]
    assert 1 == sixths["not_recorded_share"]
    assert 3 == sixths["true_unknown_share"]
    assert 3 == sixths["recorded_share"]


def test_without_links_everything_looks_unknown(known):
    """No link finds no police record."""
    sixths = values(measure(known))
    assert 6 == sixths["apparent_unknown_share"]
    assert 3 == sixths["recorded_not_linked_share"]


def test_perfect_links_still_find_other_occurrences(known):
    """E2 was never reported, but its person was the victim of O1 six days later."""
    sixths = values(measure(known, *TRUE_PAIRS))
    assert 0 == sixths["recorded_not_linked_share"]
    assert 1 == sixths["unrecorded_but_linked_share"]
    assert 2 == sixths["apparent_unknown_share"]


def test_a_link_to_a_victim_of_another_time_finds_nothing(known):
    """E1 in January is not known because N4 was a victim in July."""
    assert 6 == values(measure(known, ("E1", "N4")))["apparent_unknown_share"]


def test_a_nominal_who_was_no_victim_finds_nothing(known):
    """N2 and N5 stand in no occurrence as victims."""
    assert 6 == values(measure(known, ("E1", "N2"), ("E4", "N5")))["apparent_unknown_share"]


def test_other_tasks_have_no_dark_figure(world):
    """Only attendances linked to the police tell what the police do not know."""
    assert read_assaults(world, read_truth(world, "police", "ed")) is None


ALL_PAIRS = [(f"E{left}", f"N{right}") for left in range(1, 8) for right in range(1, 6)]


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(ALL_PAIRS)))
def test_the_shares_add_up(known, pairs):
    """Apparent = true + recorded but not linked - unrecorded but linked, for any links."""
    share = {name: one.value for name, one in measure(known, *pairs).items()}
    made_up = (
        share["never_reported_share"]
        + share["not_recorded_share"]
        + share["recorded_not_linked_share"]
        - share["unrecorded_but_linked_share"]
    )
    assert pytest.approx(made_up) == share["apparent_unknown_share"]
