"""What sharing brings and costs, against the truth; and the verb `share`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.metrics.registry import gather
from darkfigure.linkage_eval.runs.prepared_task import prepare_task
from darkfigure.linkage_eval.runs.suite import Task, load_suite
from darkfigure.linkage_eval.sharing.engine import find_strategy
from darkfigure.linkage_eval.sharing.engine.at_work import SHARED, spread_knowledge
from darkfigure.linkage_eval.sharing.measuring.measures import Yardstick
from darkfigure.linkage_eval.sharing.metrics.deterrence import (
    DeterredAttendance,
    Presentations,
    lost_attendances,
    public_trust,
)
from darkfigure.linkage_eval.sharing.metrics.disclosure import disclosed_people, disclosures_of
from darkfigure.linkage_eval.sharing.metrics.effort import count_duplicates, tabulate_flows
from darkfigure.linkage_eval.sharing.metrics.visibility import Sight, measure_visibility
from darkfigure.linkage_eval.sharing.outputs import share
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy, Trust
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import OutputError
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset


@pytest.fixture(scope="module")
def view(village: Dataset) -> AgencyView:
    """The village as its agencies see it, each table read once."""
    return AgencyView.of(village)


def with_delta(name: str, delta: float) -> SharingStrategy:
    """Load a strategy under which every kind of sharing deters alike."""
    data = load_strategy(name).model_dump(mode="json")
    data["deterrence"]["delta"] = dict.fromkeys(data["deterrence"]["delta"], delta)
    data["deterrence"]["awareness"] = 1.0
    return build(SharingStrategy, data, name)


def lost(village: Dataset, strategy: SharingStrategy) -> Presentations:
    """Find the presentations that a strategy costs."""
    return DeterredAttendance(village).under(strategy)


def shares(village: Dataset, view: AgencyView, name: str, watcher: str) -> dict[str, float]:
    """Give the final visible share by granularity."""
    seen = Sight(village).see(spread_knowledge(view, load_strategy(name)).log, watcher)
    rows = measure_visibility(seen).to_pylist()
    return {row["granularity"]: row["value"] for row in rows if row["until"] == "all"}


def test_without_deterrence_nobody_stays_away(village: Dataset):
    """Delta 0 loses no presentation, whoever is told; nor does a strategy without the ED."""
    assert not lost(village, with_delta("single-system", 0.0)).lost.any()
    assert not lost(village, with_delta("one-niche", 5.0)).lost.any()


def test_more_deterrence_only_keeps_more_away(village: Dataset):
    """Whoever stays away at .5 stays away at 2; nobody who never came is lost."""
    little, much = (lost(village, with_delta("marac", delta)) for delta in (0.5, 2.0))
    assert not np.any(little.lost & ~much.lost)
    assert 0 < little.lost.sum() < much.lost.sum() < much.came.sum()
    assert not np.any(much.lost & ~much.came)


def test_the_draw_is_the_one_by_which_people_came(village: Dataset):
    """Under a deterrence so small that it moves nothing, exactly the simulated ones come."""
    found = lost(village, with_delta("marac", 1e-9))
    assert not found.lost.any()
    rates = lost(village, with_delta("marac", 50.0))
    assert rates.lost.sum() > 0.9 * rates.came.sum()
    again = Stream(int(village.manifest["seed"]), ("contacts",)).uniform("ed", found.marks.ids)
    assert again[found.came].max() < again.max()


def test_a_scandal_keeps_away_whom_trust_would_have_let_come(village: Dataset):
    """The scandal adds to the lost, and takes none back."""
    plain, after = (lost(village, load_strategy(name)) for name in ("mash", "mash+scandal"))
    assert not np.any(plain.lost & ~after.lost)


def test_trust_falls_at_the_scandal_and_comes_back():
    """A third of the drop is left when recovery is over, at half the time after consultation."""
    scandal = {"at": "P100D", "drop": 0.6, "recovery": "P300D"}
    trust = build(Trust, {"public": 0.9, "scandal": scandal}, "trust")
    found = public_trust(trust, np.array([99.0, 100.0, 400.0]))
    assert found.tolist() == pytest.approx([0.9, 0.3, 0.7])
    asked = build(Trust, {"public": 0.9, "scandal": {**scandal, "consultation": True}}, "trust")
    assert public_trust(asked, np.array([250.0])).tolist() == pytest.approx([0.7])


def test_lost_presentations_are_attendances_that_no_flow_carries(
    village: Dataset, view: AgencyView
):
    """Whoever stays away is in no log of an emergency department."""
    strategy = with_delta("single-system", 2.0)
    absent = lost_attendances(village, lost(village, strategy))
    assert absent
    log = spread_knowledge(view, strategy, absent=absent).log
    of_ed = log.filter(pc.equal(log["source"], "ed"))
    assert not set(absent) & set(of_ed["record"].to_pylist())


def test_without_sharing_the_police_see_what_they_wrote_down(village: Dataset, view: AgencyView):
    """The floor is the share of incidents of which the police have a record."""
    status = village.read("truth/incidents")["police_status"].to_pylist()
    expected = status.count("recorded") / len(status)
    assert shares(village, view, "none", "police:*")["event"] == pytest.approx(expected)
    assert set(shares(village, view, "none", "vpu:wales").values()) == {0.0}


@pytest.mark.parametrize("watcher", ["police:*", "vpu:wales"])
@pytest.mark.parametrize("name", ["istv-minimum", "marac", "patchwork", "clk"])
def test_nothing_shows_more_than_the_single_system(
    village: Dataset, view: AgencyView, name: str, watcher: str
):
    """The ceiling holds at every granularity, and finer is never more."""
    some = shares(village, view, name, watcher)
    most = shares(village, view, "single-system", watcher)
    assert all(some[key] <= most[key] for key in some)
    assert max(some["place"], some["person"]) <= some["event"]


def test_istv_shows_places_and_nobody(village: Dataset, view: AgencyView):
    """The violence-prevention unit sees events and some places, no person."""
    found = shares(village, view, "istv-minimum", "vpu:wales")
    assert 0 == found["person"] < found["place"] <= found["event"]


def test_visible_shares_come_by_quarter(village: Dataset, view: AgencyView):
    """The share until a day is of the incidents until then; the last is of all of them."""
    seen = Sight(village).see(spread_knowledge(view, load_strategy("istv-minimum")).log, "police:*")
    rows = [row for row in measure_visibility(seen).to_pylist() if row["granularity"] == "event"]
    by_day = [row["n"] for row in rows if row["until"] != "all"]
    assert by_day == sorted(by_day)
    assert by_day[-1] == rows[0]["n"] == seen.num_rows


def test_nobody_is_disclosed_where_nobody_can_be_named(village: Dataset, view: AgencyView):
    """Hidden and nameless forms disclose no person; what they carry still counts as fields."""
    found = disclosures_of(village, spread_knowledge(view, load_strategy("clk")))
    assert (found["person_disclosures"], found["collateral_share"]) == (0, None)
    assert found["field_disclosures"] > 0


def test_collateral_is_whoever_had_no_part_in_violence(village: Dataset, view: AgencyView):
    """Nobody counted as collateral is a victim, offender or witness of anything."""
    pairs = disclosed_people(village, spread_knowledge(view, load_strategy("single-system")))
    incidents = village.read("truth/incidents")
    part = set(incidents["victim_id"].to_pylist()) | set(incidents["offender_id"].to_pylist())
    collateral = set(pairs.filter(pairs["collateral"])["person_id"].to_pylist())
    assert collateral
    assert not collateral & part


def test_each_agency_beyond_the_first_duplicates_effort():
    """Three agencies on one incident and one on another make two duplicates."""
    named = pa.table({"incident_id": [1, 1, 1, 2], "recipient": ["a", "b", "c", "a"]})
    assert count_duplicates(named) == 2.0


def test_what_became_of_every_record_is_told(view: AgencyView):
    """The table of flows adds up to the log."""
    known = spread_knowledge(view, load_strategy("patchwork"))
    flows = tabulate_flows(known)
    assert pc.sum(flows["asked_for"]).as_py() == known.log.num_rows
    assert pc.sum(flows["shared"]).as_py() == known.log["status"].to_pylist().count(SHARED)


@pytest.mark.parametrize("name", ["none", "marac"])
def test_everything_measured_is_defined(village: Dataset, name: str):
    """Every metric has a definition, and every definition is measured."""
    rows = Yardstick(village).measure(name)
    assert {row.metric for row in rows} == set(gather(()).names("sharing"))


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("clear", ["exact", "stepwise", "macral", "slk581", "bloom", "bloom(hardening=salt)"]),
        ("none", []),
        ("cardiff-model", []),
        ("keyed-hash", ["slk581"]),
        ("clk", ["bloom"]),
        ("clk-hardened", ["bloom(hardening=salt)"]),
        ("sail", ["exact", "stepwise", "macral", "slk581", "bloom", "bloom(hardening=salt)"]),
    ],
)
def test_a_form_allows_only_its_own_methods(strategy: str, expected: list[str]):
    """What is hashed can be compared by hash, and what is not shared by nothing."""
    task = Task(left="ed", right="police")
    allowed = load_suite("sharing").allowed(find_strategy(strategy), task)
    assert [one.title for one in allowed] == expected


def test_the_linking_party_sees_only_what_reached_it(village: Dataset, view: AgencyView):
    """Of the departments' records those shared, with the carried fields; of its own all."""
    party = find_strategy("keyed-hash")
    theirs, own = party.share(village, "ed"), party.share(village, "police")
    shared = spread_knowledge(view, load_strategy("keyed-hash")).shared
    assert sorted(theirs["record_id"].to_pylist()) == sorted(shared["subject"].to_pylist())
    assert theirs["postcode"].null_count == theirs["nhs_number"].null_count == theirs.num_rows
    assert own.equals(find_strategy("clear").share(village, "police"))


@pytest.mark.parametrize(("strategy", "all_reach"), [("clear", True), ("clk", False)])
def test_pairs_that_reach_the_party_are_counted(
    village: Dataset, strategy: str, *, all_reach: bool
):
    """Against a count person by person of the records that its linkers are given."""
    problem = prepare_task(village, find_strategy(strategy), Task(left="ed", right="police"))
    truth = problem.evaluation.truth
    given = [set(side["record_id"].to_pylist()) for side in (problem.left, problem.right)]
    counts = [
        np.bincount(
            side.persons, [one in ids for one in side.ids.to_pylist()], truth.people.max() + 1
        )
        for side, ids in zip((truth.left, truth.right), given, strict=True)
    ]
    measured = problem.evaluation.measure(problem.evaluation.judge_table(LINKS.empty_table()))
    (found,) = [one for one in measured if one.metric == "pairs_shared_share"]
    size = min(len(one) for one in counts)
    expected = float((counts[0][:size] * counts[1][:size]).sum()) / len(truth.pairs_left)
    assert found.value == pytest.approx(expected)
    assert (found.value == 1) == all_reach


def test_share_writes_what_each_recipient_holds(village: Dataset, tmp_path: Path):
    """Tables, log, agreement, map and policy; a second time only over an earlier one."""
    out = tmp_path / "shared"
    known = share(village, "istv-minimum", out)
    assert pq.read_table(out / "log.parquet").equals(known.log)
    held = pq.read_table(out / "held" / "vpu-wales" / "ed-to-csp.parquet")
    assert "surname" not in held.column_names
    assert "PCSC" not in (out / "agreement.md").read_text("utf-8")
    assert "Courts Act 2022 s.16" in (out / "agreement.md").read_text("utf-8")
    policy = json.loads((out / "policy.jsonld").read_text("utf-8"))
    assert "nhs_number" in policy["prohibition"][0]["dpv:hasPersonalData"]
    assert (out / "flows.svg").read_text("utf-8").startswith("<svg")
    with pytest.raises(OutputError, match="exists already"):
        share(village, "istv-minimum", out)
    share(village, "none", out, overwrite=True)
    assert not (out / "held").exists()


def sizes(village: Dataset, strategy: str, linker: str) -> dict[str, float | None]:
    """Estimate from what a linker joins under a strategy: with all true pairs, or with none."""
    problem = prepare_task(village, find_strategy(strategy), Task(left="ed", right="police"))
    truth = problem.evaluation.truth
    links = LINKS.empty_table()
    if linker == "perfect":
        left, right = (
            side.ids.take(pa.array(rows))
            for side, rows in ((truth.left, truth.pairs_left), (truth.right, truth.pairs_right))
        )
        links = pa.table({"left_id": left, "right_id": right, "score": np.ones(len(left))})
    found = problem.evaluation.measure(problem.evaluation.judge_table(links.cast(LINKS)))
    return {one.metric: one.value for one in found if one.stratum == "all"}


def test_estimates_under_a_strategy_are_those_of_the_records_that_it_shares(village: Dataset):
    """All in clear: Chapman's by hand; nobody shares: none; no links: far too many."""
    incidents = village.read("truth/incidents").to_pylist()
    injured = {row["incident_id"] for row in incidents if row["injury"] != "none"}
    listed: dict[str, set[int]] = {"ed": set(), "police": set()}
    for row in village.read("truth/record_incidents").to_pylist():
        listed.setdefault(row["source"].split("/")[0], set()).add(row["incident_id"])
    first, second = (listed[kind] & injured for kind in ("ed", "police"))
    nothing = sizes(village, "clear", "no links")
    expected = (len(first) + 1) * (len(second) + 1) - 1
    assert nothing["linked_estimate_to_truth"] == pytest.approx(expected / len(injured))
    assert nothing["corrected_estimate_to_truth"] is None
    assert sizes(village, "none", "perfect")["linked_estimate_to_truth"] is None


def test_an_audit_brings_the_estimate_back_to_that_of_perfect_links(village: Dataset):
    """True pairs alone still miss and mistake incidents; with the audit they nearly do not."""
    found = sizes(village, "clear", "perfect")
    (perfect,) = [
        row.value
        for row in Yardstick(village).measure("single-system")
        if row.metric == "estimate_to_truth"
    ]
    linked, corrected = found["linked_estimate_to_truth"], found["corrected_estimate_to_truth"]
    assert abs(corrected - perfect) < abs(linked - perfect) or linked == pytest.approx(perfect)
