"""What agencies and their staff do that sharing was not meant for: bettered figures, misuse.

Properties of the catalogue's strategies; where chance has a part, false alarms are below 1e-6.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, poisson

from darkfigure.linkage_eval.sharing.engine.at_work import SHARED, Knowledge, spread_knowledge
from darkfigure.linkage_eval.sharing.metrics.effort import effort_of
from darkfigure.linkage_eval.sharing.metrics.misuse import MISUSES, count_misuses, find_misuses
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.performance_pressure import fill_in
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.linkage_eval.sharing.strategy.timing import to_days
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset

RARE = 1e-6
KEY = ("recipient", "source", "record", "subject")


@pytest.fixture(scope="module")
def view(village: Dataset) -> AgencyView:
    """The village as its agencies see it."""
    return AgencyView.of(village)


def governed(name: str, levers: dict[str, Any], **of_flow: Any) -> SharingStrategy:
    """Load a strategy with levers of its governance, and something of every flow, changed."""
    data = load_strategy(name).model_dump(mode="json")
    data["governance"] |= levers
    data["flow"] = [flow | of_flow for flow in data["flow"]]
    return build(SharingStrategy, data, name)


def judged(view: AgencyView, name: str = "istv-minimum", **rates: Any) -> Knowledge:
    """Let a strategy work whose departments and police are judged from the first day."""
    levers = {"judged": {"agencies": ["ed", "police"], "since": "P0D", **rates}}
    return spread_knowledge(view, governed(name, levers))


def keyed(rows: pa.Table) -> list[tuple[str, ...]]:
    """Give of each row whose record it is, and who has it."""
    return list(zip(*(rows[name].to_pylist() for name in KEY), strict=True))


def rows_of(knowledge: Knowledge) -> set[tuple[str, ...]]:
    """Give what arrived."""
    return set(keyed(knowledge.shared))


def misused(view: AgencyView, rate: float, *, retention: str = "P5Y", **audit: Any) -> pa.Table:
    """Find who misuses what the one system for everybody lets be read."""
    spec = governed("single-system", {"misuse": {"rate": rate}}, audit=audit, retention=retention)
    return find_misuses(view, spread_knowledge(view, spec))


def keys_of(misuses: pa.Table) -> set[tuple[str, ...]]:
    """Give what was misused."""
    return set(keyed(misuses))


def test_who_is_judged_by_nothing_records_as_before(view: AgencyView):
    """Rates of 0 leave the log as it is, however many are judged."""
    assert judged(view).log.equals(spread_knowledge(view, load_strategy("istv-minimum")).log)


def test_agencies_under_judgement_record_otherwise(view: AgencyView):
    """The more they do, the less arrives; what they spare is what arrived before."""
    before, some, all_ = (rows_of(judged(view, downgraded=rate)) for rate in (0.0, 0.3, 1.0))
    assert some < before
    assert not all_
    gone = len(before - some)
    assert binomtest(gone, len(before), 0.3).pvalue > RARE


def test_what_was_entered_before_is_spared(view: AgencyView):
    """A record is written down otherwise only if it is entered once figures are published."""
    levers = {"judged": {"agencies": ["ed"], "since": "P1Y", "downgraded": 1.0}}
    log = spread_knowledge(view, governed("istv-minimum", levers)).log
    days = to_days(log["entry_at"])
    otherwise = pc.equal(log["status"], "recorded_otherwise").to_numpy()
    assert (otherwise == (days >= view.study_start + 365.25)).all()
    assert 0 < otherwise.sum() < len(days)


def test_only_those_judged_record_otherwise(view: AgencyView):
    """Departments go on as before where the police are judged."""
    levers = {"judged": {"agencies": ["police"], "since": "P0D", "downgraded": 1.0}}
    found = spread_knowledge(view, governed("istv-minimum", levers))
    assert found.log.equals(spread_knowledge(view, load_strategy("istv-minimum")).log)


def test_whoever_asks_for_everything_is_told_everything(view: AgencyView):
    """Written down as something else, a record still is one."""
    assert rows_of(judged(view, "single-system", downgraded=1.0)) == rows_of(
        judged(view, "single-system")
    )


def test_nothing_passes_where_there_is_nothing_to_fill_in(view: AgencyView):
    """Where nobody has a value there is no commonest one, and the record stays incomplete."""
    levers = {
        "minimum_dataset": True,
        "mds_action": "reject",
        "judged": {"agencies": ["ed"], "since": "P0D", "filled": 1.0},
    }
    data = governed("single-system", levers).model_dump(mode="json")
    data["flow"] = [
        flow | {"rows": "nhs_number is None", "required": ["nhs_number"]}
        for flow in data["flow"]
        if flow["source"]["agency"] == "ed:*"
    ]
    log = spread_knowledge(view, build(SharingStrategy, data, "lacking")).log
    assert set(log["status"].to_pylist()) == {"incomplete"}
    assert not pc.any(log["filled"]).as_py()


def test_a_demanded_dataset_is_filled_with_whatever_passes(view: AgencyView):
    """All that was sent back as incomplete arrives, none of it where or when it was."""
    demanded = "minimum-dataset-national"
    honest = spread_knowledge(view, load_strategy(demanded))
    made_up = judged(view, demanded, filled=1.0)
    assert "incomplete" in honest.log["status"].to_pylist()
    assert "incomplete" not in made_up.log["status"].to_pylist()
    new = made_up.shared.filter(made_up.shared["filled"])
    assert set(keyed(new)) == rows_of(made_up) - rows_of(honest)
    assert effort_of(honest)["made_up_share"] == 0
    share = new.num_rows / made_up.shared.num_rows
    assert effort_of(made_up)["made_up_share"] == pytest.approx(share)


def test_what_was_made_up_shows_no_place(view: AgencyView):
    """A recipient is told a kind of place that is not known, and is not taken to see one."""
    name = "minimum-dataset-national"
    honest = spread_knowledge(view, governed(name, {"minimum_dataset": False}))
    made_up = judged(view, name, filled=1.0)

    def placed(known: Knowledge) -> set[str]:
        return set(known.shared.filter(known.shared["place"])["record"].to_pylist())

    assert rows_of(made_up) == rows_of(honest)
    assert placed(made_up) == placed(honest)


def test_nothing_is_made_up_where_nothing_is_demanded(view: AgencyView):
    """Without a minimum dataset there is no check to pass."""
    assert not pc.any(judged(view, filled=1.0).log["filled"]).as_py()


@given(there=st.lists(st.sampled_from(["street", "pub", "", None]), min_size=1, max_size=12))
@settings(deadline=None)
def test_filling_in_touches_only_what_is_missing(there: list[str | None]):
    """What stood there stays; what is missing gets the commonest value, if there is one."""
    flow = _flow(required=["assault_location_type"])
    rows = pa.table(
        {
            "assault_location_type": pa.array(there, pa.string()),
            "arrived_at": pa.array([0] * len(there), pa.timestamp("us")),
        }
    )
    found = fill_in(rows, flow, np.ones(len(there), bool))["assault_location_type"].to_pylist()
    known = [one for one in there if one]
    commonest = {one for one in known if known.count(one) == max(map(known.count, known))}
    for before, after in zip(there, found, strict=True):
        assert after == before if before else after in (commonest or {before})


def _flow(**of_flow: Any) -> Flow:
    data = load_strategy("istv-minimum").flow[0].model_dump(mode="json")
    return Flow.model_validate(data | of_flow)


def test_agencies_that_do_not_exist_cannot_be_judged():
    """The error names those there are."""
    with pytest.raises(SpecError, match=r"polise.*police"):
        governed("istv-minimum", {"judged": {"agencies": ["polise"]}})


@pytest.mark.parametrize("name", ["istv-minimum", "clk", "sail", "none", "federated-counts"])
def test_who_reads_nobody_misuses_nobody(view: AgencyView, name: str):
    """Where no person can be read there is nothing to look up, at any rate."""
    spec = governed(name, {"misuse": {"rate": 1e6}})
    known = spread_knowledge(view, spec)
    unread = known.log.filter(pc.invert(known.log["person"]))
    assert not keys_of(find_misuses(view, known)) & set(keyed(unread))
    if not pc.any(known.shared["person"]).as_py():
        assert count_misuses(find_misuses(view, known))["misuses"] == 0


def test_misuse_grows_with_its_rate_and_its_time(view: AgencyView):
    """A higher rate and a longer retention keep every misuse there was."""
    few, more, brief = misused(view, 0.05), misused(view, 0.2), misused(view, 0.2, retention="P1M")
    assert keys_of(few) < keys_of(more)
    assert keys_of(brief) < keys_of(more)
    assert not misused(view, 0.0).num_rows


def test_misuse_comes_at_its_rate(view: AgencyView):
    """As many as years of readable records and the rate let expect."""
    known = spread_knowledge(view, governed("single-system", {"misuse": {"rate": 0.01}}))
    read = known.shared.filter(known.shared["person"])
    first = read.group_by(list(KEY)).aggregate([("usable_at", "min")])
    years = np.clip(view.study_end - to_days(first["usable_at_min"]), 0, None) / 365.25
    expected = float((1 - np.exp(-0.01 * years)).sum())
    assert expected > 20  # else the test says nothing
    n = find_misuses(view, known).num_rows
    assert min(poisson.cdf(n, expected), poisson.sf(n - 1, expected)) > RARE


def test_misuse_is_never_before_it_can_be_nor_after_the_end(view: AgencyView):
    """Somebody looks only at what is there, until it is deleted."""
    spec = governed("single-system", {"misuse": {"rate": 5.0}}, retention="P30D")
    known = spread_knowledge(view, spec)
    misuses = find_misuses(view, known)
    first: dict[tuple[str, ...], float] = {}
    for key, at in zip(keyed(known.shared), to_days(known.shared["usable_at"]), strict=True):
        first[key] = min(at, first.get(key, np.inf))
    since = np.array([first[key] for key in keyed(misuses)])
    at = to_days(misuses["at"])
    assert misuses.num_rows
    assert (at >= since).all()
    assert (at <= view.study_end + 1).all()


def test_what_is_deleted_is_not_misused_until_it_comes_again(view: AgencyView):
    """A second flow a year later brings back what the first lost: in between nobody looks."""
    data = load_strategy("single-system").model_dump(mode="json")
    (ed, *_) = [one for one in data["flow"] if one["source"]["agency"].startswith("ed")]
    late = {"median": "P1Y", "dist": "fixed"}
    data["flow"] = [
        ed | {"id": "first", "retention": "PT12H"},
        ed | {"id": "again", "retention": "P1D", "trigger": ed["trigger"] | {"lag": late}},
    ]
    data["governance"]["misuse"] = {"rate": 500.0}
    known = spread_knowledge(view, build(SharingStrategy, data, "twice"))
    spans: dict[tuple[str, ...], list[tuple[float, float]]] = {}
    kept = {"first": 0.5, "again": 1.0}
    flows = known.shared["flow"].to_pylist()
    usable = to_days(known.shared["usable_at"])
    for key, flow, since in zip(keyed(known.shared), flows, usable, strict=True):
        spans.setdefault(key, []).append((since, since + kept[flow]))
    misuses = find_misuses(view, known)
    assert misuses.num_rows > 100
    for key, at in zip(keyed(misuses), to_days(misuses["at"]), strict=True):
        assert any(since <= at <= until + 1e-6 for since, until in spans[key])
    firsts = sum(
        at < min(spans[key])[1] + 1e-6
        for key, at in zip(keyed(misuses), to_days(misuses["at"]), strict=True)
    )
    assert 0 < firsts < misuses.num_rows


def test_review_finds_and_deters_misuse(view: AgencyView):
    """The more is reviewed the less is misused, and the more of it is found; unlogged, nothing."""
    none, half, all_ = (misused(view, 0.5, sample_review=share) for share in (0.0, 0.5, 1.0))
    assert keys_of(all_) < keys_of(half) < keys_of(none)
    found = [count_misuses(one)["misuses_found_share"] for one in (none, half, all_)]
    assert (found[0], found[2]) == (0.0, 1.0)
    assert binomtest(int(pc.sum(half["found"]).as_py()), half.num_rows, 0.5).pvalue > RARE
    unlogged = misused(view, 0.5, sample_review=1.0, log=False)
    assert keys_of(unlogged) == keys_of(none)
    assert count_misuses(unlogged)["misuses_found_share"] == 0


def test_without_misuse_no_share_of_it_is_found():
    """The share is undefined, not 0."""
    found = count_misuses(MISUSES.empty_table())
    assert found == {"misuses": 0.0, "misuses_found_share": None}


def test_overlays_judge_and_audit_any_strategy(view: AgencyView):
    """Both lie over whatever strategy, and change what they are called after."""
    plain, audited = (
        spread_knowledge(view, load_strategy(name)) for name in ("marac", "marac+audited")
    )
    assert audited.log.equals(plain.log)
    assert all(flow.audit.sample_review == 0.1 for flow in audited.strategy.flow)
    strict = spread_knowledge(view, load_strategy("istv-minimum+judged"))
    statuses = pc.value_counts(strict.log["status"]).to_pylist()
    assert {one["values"] for one in statuses} >= {SHARED, "recorded_otherwise"}
