"""Which attendance is which occurrence, to a party that is told no more than a strategy shares."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.linkers.time_place import TimePlace
from darkfigure.linkage_eval.links.positions import Sides
from darkfigure.linkage_eval.links.table import look_up
from darkfigure.linkage_eval.records.events import EVENTS
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask, prepare_task
from darkfigure.linkage_eval.runs.suite import Task, load_suite
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.linkage_eval.sharing.engine.at_work import spread_knowledge
from darkfigure.linkage_eval.sharing.engine.linking import Party
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset

EVENT = Task(left="ed", right="police", kind="events")
IDENTITY = ("surname", "forename", "date_of_birth", "postcode", "nhs_number", "sex")


@pytest.fixture(scope="module")
def clear(village: Dataset) -> PreparedTask:
    """All events of the village."""
    return prepare_task(village, find_strategy("clear"), EVENT)


@pytest.fixture(scope="module")
def istv(village: Dataset) -> PreparedTask:
    """Its events as the police are told of those of the departments."""
    return prepare_task(village, find_strategy("istv-minimum"), EVENT)


def by_id(events: pa.Table) -> dict[str, dict[str, object]]:
    """Give events by their id."""
    return {row["record_id"]: row for row in events.to_pylist()}


def test_the_police_are_told_of_events_and_not_of_people(istv: PreparedTask, clear: PreparedTask):
    """Of the departments nobody's identity arrives; their own records the police have whole."""
    assert istv.left.schema == istv.right.schema == EVENTS
    assert all(istv.left[name].null_count == istv.left.num_rows for name in IDENTITY)
    assert istv.right.equals(clear.right)


def test_only_what_is_shared_is_told(village: Dataset, istv: PreparedTask, clear: PreparedTask):
    """Those are the records of the log, fewer than there are."""
    shared = spread_knowledge(AgencyView.of(village), load_strategy("istv-minimum")).shared
    told = set(istv.left["record_id"].to_pylist())
    assert told == set(shared["record"].to_pylist())
    assert 0 < len(told) < clear.left.num_rows


def test_times_are_told_as_coarsely_as_they_are_released(istv: PreparedTask, clear: PreparedTask):
    """To the hour, taken at its middle; of a day alone, at noon; the kind of place as it is."""
    exact = by_id(clear.left)
    for key, row in by_id(istv.left).items():
        simulated, told = exact[key]["happened_at"], row["happened_at"]
        assert isinstance(simulated, dt.datetime)
        hour = simulated.replace(minute=30, second=0, microsecond=0)
        assert told in {hour, hour.replace(hour=12, minute=0)}
        assert row["place"] == exact[key]["place"]


def test_most_times_are_told_to_the_hour(istv: PreparedTask):
    """Departments ask of six in ten when it happened; some 30 records: false alarm below 1e-3."""
    minutes = pc.minute(istv.left["happened_at"]).to_numpy()
    assert 0.28 < (minutes == 30).mean() < 1


def test_what_was_not_shared_counts_as_missed(istv: PreparedTask, clear: PreparedTask):
    """The truth is that of all events, so that recall can be set beside that of any strategy."""
    whole, part = clear.evaluation.truth, istv.evaluation.truth
    assert len(part.pairs_left) == len(whole.pairs_left)
    reached = []
    for problem in (clear, istv):
        measured = problem.evaluation.measure(problem.evaluation.judge_table(LINKS.empty_table()))
        reached += [one.value for one in measured if one.metric == "pairs_shared_share"]
    told = set(istv.left["record_id"].to_pylist())
    ids = whole.left.ids.to_pylist()
    expected = sum(ids[row] in told for row in whole.pairs_left) / len(whole.pairs_left)
    assert reached == [1.0, pytest.approx(expected)]


def test_time_and_place_can_be_linked_under_it(istv: PreparedTask):
    """Links are judged as any others; none is of an event that was not told."""
    sides = Sides.of(istv.left, istv.right)
    found = istv.narrow(look_up(TimePlace().link(istv.left, istv.right, seed=1), sides))
    assert len(istv.evaluation.judge(found).scores) == len(found)
    assert set(found.table()["left_id"].to_pylist()) <= set(istv.left["record_id"].to_pylist())


def test_all_visits_may_be_linked_where_none_is_told_apart(village: Dataset, clear: PreparedTask):
    """Assaults that departments took for something else are among them, and are true pairs too."""
    data = load_strategy("istv-minimum").model_dump(mode="json")
    data["flow"][0] |= {"rows": "", "hesitancy": {"base": 0.0}}
    party = Party("all-visits", build(SharingStrategy, data, "all-visits"))
    problem = prepare_task(village, party, EVENT)
    assert problem.left.num_rows > clear.left.num_rows
    judged = problem.evaluation.judge_table(TimePlace().link(problem.left, problem.right, seed=1))
    assert len(judged.truth.pairs_left) >= len(clear.evaluation.truth.pairs_left)


def party_of(*flows: dict[str, Any], party: str = "police:*") -> Party:
    """Make a strategy whose flows tell the police of visits, nobody holding back."""
    base = load_strategy("single-system").model_dump(mode="json")
    (ed, *_) = [one for one in base["flow"] if one["source"]["agency"].startswith("ed")]
    to = {"agency": "police:*", "role": "analyst"}
    base["flow"] = [
        {**ed, "id": f"f{n}", "recipient": to, "hesitancy": {"base": 0.0}, **flow}
        for n, flow in enumerate(flows)
    ]
    base["linkage"] = {"party": party}
    return Party("made", build(SharingStrategy, base, "made"))


def named(table: pa.Table) -> int:
    """Count the rows that say who it is."""
    return table.num_rows - table["surname"].null_count


WHO = ["surname", "forename", "date_of_birth"]


def test_two_flows_without_a_common_key_are_not_joined(village: Dataset):
    """Times by one and names by the other name no event."""
    apart = party_of({"fields": ["arrived_at"]}, {"fields": WHO})
    together = party_of({"fields": ["arrived_at", *WHO]})
    assert named(apart.share_events(village, "ed")) == 0
    assert named(together.share_events(village, "ed")) > 0
    assert not apart.allows("exact", {}, ["ed"], "events") or named(apart.share(village, "ed")) > 0


def test_the_finer_of_two_times_is_taken(village: Dataset):
    """A flow that tells the year beside one that tells the hour takes nothing away."""
    fine = {"fields": ["arrived_at"]}
    coarse = {"fields": ["arrived_at"], "generalise": {"arrived_at": "year"}}
    alone, both = party_of(fine), party_of(coarse, fine)
    assert both.share_events(village, "ed").equals(alone.share_events(village, "ed"))


def test_a_coarsened_code_is_no_code(village: Dataset):
    """A kind of place in other letters could be compared with nothing."""
    told = party_of(
        {
            "fields": ["arrived_at", "assault_location_type"],
            "generalise": {"assault_location_type": "named_place"},
        }
    ).share_events(village, "ed")
    assert told["place"].null_count == told.num_rows > 0


@pytest.mark.parametrize("kind", ["pseudonym", "split_file_ttp"])
def test_a_hidden_identity_comes_with_no_event(village: Dataset, kind: str):
    """Whoever is given a pseudonym, or content without names, is given no names."""
    told = party_of({"fields": ["arrived_at", *WHO], "format": {"kind": kind}})
    events = told.share_events(village, "ed")
    assert events.num_rows > 0
    assert named(events) == 0
    assert not told.allows("exact", {}, ["ed"], "persons")


def test_identities_are_as_coarse_as_they_are_released(village: Dataset):
    """A linker is given the year and the district, as the recipient is."""
    coarse = {"date_of_birth": "year", "postcode": "district"}
    told = party_of({"fields": ["arrived_at", *WHO, "postcode"], "generalise": coarse})
    for table in (told.share(village, "ed"), told.share_events(village, "ed")):
        born = table["date_of_birth"].drop_null()
        assert len(born) > 0
        assert pc.all(pc.equal(pc.day(born), 1)).as_py()
        assert pc.all(pc.equal(pc.month(born), 1)).as_py()
        assert pc.max(pc.utf8_length(table["postcode"])).as_py() <= 4


def test_each_record_has_only_the_fields_of_its_flow(village: Dataset):
    """What is told of some is not known of the others."""
    told = party_of(
        {"fields": ["surname"], "rows": "sex == '1'"},
        {"fields": ["nhs_number"], "rows": "sex == '2'"},
    ).share(village, "ed")
    both = pc.and_(pc.is_valid(told["surname"]), pc.is_valid(told["nhs_number"]))
    assert not pc.any(both).as_py()
    assert 0 < named(told) < told.num_rows


def test_one_force_does_not_own_what_others_hold(village: Dataset):
    """A party is given its own unit's records as they are, and of others what flows to it."""
    gwent = party_of({"fields": ["arrived_at"]}, party="police:gwent")
    assert gwent.share(village, "police").num_rows == 0
    everybody = party_of({"fields": ["arrived_at"]}, party="police")
    assert everybody.share(village, "police").num_rows > 0
    assert everybody.share_events(village, "ed").num_rows > 0


def test_assaults_are_told_apart_where_the_group_is_shared(village: Dataset, clear: PreparedTask):
    """The one system for everybody holds every visit, and says which are assaults."""
    problem = prepare_task(village, find_strategy("single-system"), EVENT)
    assert set(problem.left["record_id"].to_pylist()) <= set(clear.left["record_id"].to_pylist())


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("none", []),
        ("cardiff-model", []),  # counts tell of no single event
        ("sail", []),  # the third party is told no times
        ("istv-minimum", ["time-place"]),
        ("minimum-dataset-national", ["time-place"]),
    ],
)
def test_what_is_told_says_which_methods_can_work(strategy: str, expected: list[str]):
    """Without names only time and place are left; without times nothing is."""
    allowed = load_suite("sharing").allowed(find_strategy(strategy), EVENT)
    assert [one.title for one in allowed] == expected


def test_whoever_is_told_everything_links_in_any_way():
    """Names, times and places reach the one system for everybody."""
    suite = load_suite("sharing")
    allowed = suite.allowed(find_strategy("single-system"), EVENT)
    assert {one.title for one in allowed} == {one.title for one in suite.linkers}


def test_names_stand_with_events_as_far_as_they_are_shared(village: Dataset):
    """The same identities as in a task of persons, each with the time of its event."""
    party = find_strategy("single-system")
    people = {row["record_id"]: row for row in party.share(village, "ed").to_pylist()}
    told = by_id(party.share_events(village, "ed"))
    assert told
    for key, row in told.items():
        assert {name: row[name] for name in IDENTITY} == {n: people[key][n] for n in IDENTITY}


def test_all_victims_of_the_one_system_have_their_events(village: Dataset, clear: PreparedTask):
    """Nobody holds back there, so that events are those that are written down."""
    told = by_id(find_strategy("single-system").share_events(village, "police"))
    known = by_id(clear.right)
    assert 0 < len(told)
    assert set(told) <= set(known)
    for key, row in told.items():
        assert (row["happened_at"], row["place"]) == (
            known[key]["happened_at"],
            known[key]["place"],
        )
