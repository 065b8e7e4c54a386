"""How many assaults the police know of, truly and as linked, in a world counted by hand."""

import datetime as dt
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_world import TRUE_PAIRS, links, write_world

from darkfigure.linkage_eval.evaluation.answers import BY_LINKER, BY_PERFECT_LINKS, answer
from darkfigure.linkage_eval.evaluation.assaults import outcomes, read_assaults
from darkfigure.linkage_eval.evaluation.metrics.assault_pairs import measure_assault_pairs
from darkfigure.linkage_eval.evaluation.metrics.dark_figure import measure_dark_figure
from darkfigure.linkage_eval.links.truth import judge_table, read_truth


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
    found = measure_dark_figure(judge_table(truth, links(*pairs)), assaults)
    return {one.metric: one for one in found if one.stratum == "all"}


def values(found):
    """Give shares of all six assault attendances in sixths."""
    return {name: round(one.value * 6, 9) for name, one in found.items() if one.n == 6}


def counts(known, *pairs):
    """Count the attendances of each outcome that has any."""
    truth, assaults = known
    masks = outcomes(judge_table(truth, links(*pairs)), assaults)
    return {name: int(mask.sum()) for name, mask in masks.items() if mask.any()}


IN_TRUTH = {"assault": 6, "coded": 6, "never_reported": 2, "not_recorded": 1, "recorded": 3}


def test_true_shares_come_from_the_truth(known):
    """Of six attendances two were never reported and one was not recorded, whatever is linked."""
    sixths = values(measure(known))
    assert 2 == sixths["never_reported_share"]
    assert 1 == sixths["not_recorded_share"]
    assert 3 == sixths["true_unknown_share"]
    assert 3 == sixths["recorded_share"]


def test_without_links_everything_looks_unknown(known):
    """No link finds no police record, and nothing that is found can be right or wrong."""
    found = measure(known)
    assert 6 == values(found)["apparent_unknown_share"]
    assert 3 == values(found)["recorded_not_found_share"]
    assert 0 == found["event_recall"].value
    assert found["event_precision"].value is None
    assert {**IN_TRUTH, "missed_person": 3} == counts(known)


def test_perfect_links_still_find_other_occurrences(known):
    """E2 was never reported, but its person was the victim of O1 six days later."""
    said = {**IN_TRUTH, "found": 4, "right": 3, "other_occurrence": 1}
    assert said == counts(known, *TRUE_PAIRS)
    found = measure(known, *TRUE_PAIRS)
    assert 2 == values(found)["apparent_unknown_share"]
    assert 1 == found["event_recall"].value
    assert 3 / 4 == found["event_precision"].value


def test_perfect_links_answer_beside_every_linker(known):
    """The second answer is that of all true pairs, whatever the linker finds."""
    truth, assaults = known
    rows = answer(judge_table(truth, links()), assaults).to_pylist()
    said = {(row["links"], row["outcome"]): row["n"] for row in rows}
    assert (0, 3) == (said[BY_LINKER, "right"], said[BY_PERFECT_LINKS, "right"])
    assert (0, 1) == tuple(said[by, "other_occurrence"] for by in (BY_LINKER, BY_PERFECT_LINKS))


def test_a_link_to_a_victim_of_another_time_finds_nothing(known):
    """E1 in January is not known because N4 was a victim in July."""
    assert 6 == values(measure(known, ("E1", "N4")))["apparent_unknown_share"]


def test_a_nominal_who_was_no_victim_finds_nothing(known):
    """N2 and N5 stand in no occurrence as victims."""
    assert 6 == values(measure(known, ("E1", "N2"), ("E4", "N5")))["apparent_unknown_share"]


def test_a_link_to_somebody_else_finds_by_a_wrong_person(known):
    """Of E7, never reported, nothing is known; N3 is another, and too early besides."""
    assert "wrong_person" not in counts(known, ("E7", "N3"))
    truth, assaults = known
    arrived = assaults.attendances["arrived_at"].to_pylist()
    reports = assaults.reports.set_column(
        2, "reported_at", pa.array([arrived[-1]] * len(assaults.reports), pa.timestamp("us"))
    )
    known_then = (truth, replace(assaults, reports=reports))
    said = {**IN_TRUTH, "found": 1, "wrong_person": 1, "missed_person": 3}
    assert said == counts(known_then, ("E7", "N3"))


def test_a_report_outside_the_window_is_lost_to_it(known):
    """E5's victim is linked, but an occurrence that is reported a year later does not count."""
    truth, assaults = known
    late = pc.add(assaults.reports["reported_at"], pa.scalar(dt.timedelta(days=365)))
    reports = assaults.reports.set_column(2, "reported_at", late)
    said = counts((truth, replace(assaults, reports=reports)), ("E5", "N4"))
    assert {**IN_TRUTH, "time_window": 1, "missed_person": 2} == said


def test_an_assault_coded_as_something_else_is_lost_to_coding(known):
    """Nobody asks about it; and an accident that is coded as an assault is found wrongly."""
    truth, assaults = known
    column = assaults.attendances.column_names.index
    rows = assaults.attendances.to_pylist()
    coded = pa.array([row["police_status"] != "recorded" for row in rows])
    only_others = assaults.attendances.set_column(column("coded"), "coded", coded)
    said = counts((truth, replace(assaults, attendances=only_others)), *TRUE_PAIRS)
    assert {**IN_TRUTH, "coded": 3, "coding": 3, "found": 1, "other_occurrence": 1} == said

    none = pa.nulls(len(rows), pa.string())
    accidents = assaults.attendances.set_column(column("police_status"), "police_status", none)
    about_nothing = replace(assaults, attendances=accidents, own=assaults.own.slice(0, 0))
    said = counts((truth, about_nothing), ("E3", "N3"))
    assert {"coded": 6, "found": 1, "no_assault": 1} == said


def test_pairs_of_assaults_leave_out_other_visits(known):
    """Of seven true pairs six are of assaults: E6 came for something else."""
    truth, assaults = known
    judged = judge_table(truth, links(("E1", "N1"), ("E3", "N3"), ("E4", "N5"), ("E6", "N4")))
    found = {
        one.metric: (one.value, one.n)
        for one in measure_assault_pairs(judged, assaults)
        if one.stratum == "all"
    }
    assert (2 / 3, 3) == found["assault_precision"]
    assert (2 / 6, 6) == found["assault_recall"]


def test_a_share_met_to_the_record_has_no_interval(known):
    """Where the world was made to have the share, chance has no part in it."""
    truth, assaults = known
    judged = judge_table(truth, links(*TRUE_PAIRS))
    made = replace(assaults, unknown_share=0.5)
    by_chance, fixed = (
        {one.metric: one for one in measure_dark_figure(judged, each) if one.n == 6}
        for each in (assaults, made)
    )
    for name in ("true_unknown_share", "recorded_share"):
        assert by_chance[name].low < by_chance[name].value
        assert (None, None) == (fixed[name].low, fixed[name].high)
    assert fixed["never_reported_share"].low is not None


def test_other_tasks_have_no_dark_figure(world):
    """Only attendances linked to the police tell what the police do not know."""
    assert read_assaults(world, read_truth(world, "police", "ed")) is None


ALL_PAIRS = [(f"E{left}", f"N{right}") for left in range(1, 8) for right in range(1, 6)]
LOST = ("missed_person", "time_window", "coding")
GAINED = ("wrong_person", "other_occurrence", "no_assault")


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(ALL_PAIRS)))
def test_the_outcomes_add_up(known, pairs):
    """Recorded attendances are right or lost, found ones right or wrong, for any links."""
    n = dict.fromkeys((*LOST, *GAINED, "right", "found"), 0) | counts(known, *pairs)
    assert n["recorded"] == n["right"] + sum(n[name] for name in LOST)
    assert n["found"] == n["right"] + sum(n[name] for name in GAINED)
    assert n["assault"] == n["never_reported"] + n["not_recorded"] + n["recorded"]
