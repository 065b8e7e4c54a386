"""Strategies at work: what is known by whom, when, and in which form."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.linkage_eval.sharing.engine.at_work import SHARED, Knowledge, spread_knowledge
from darkfigure.linkage_eval.sharing.forms.counted import publish, publish_primary
from darkfigure.linkage_eval.sharing.forms.noisy import geometric_noise
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.hesitancy import hold_back_rate
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.names import strategy_names
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.linkage_eval.sharing.strategy.timing import start_of, time_release
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset

# The synthetic release has a test of its own, for it needs SDV.
QUICK = sorted(set(strategy_names()) - {"synthetic-release"})
COUNTS = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def view(village: Dataset) -> AgencyView:
    """The village as its agencies see it, each table read once."""
    return AgencyView.of(village)


@pytest.fixture(scope="module")
def known(view: AgencyView) -> dict[str, Knowledge]:
    """What everybody knows under each strategy."""
    return {name: spread_knowledge(view, load_strategy(name)) for name in QUICK}


def changed(name: str, **of_flow: object) -> SharingStrategy:
    """Load a strategy with something of every flow changed."""
    data = load_strategy(name).model_dump(mode="json")
    data["flow"] = [flow | of_flow for flow in data["flow"]]
    return build(SharingStrategy, data, name)


def shared(knowledge: Knowledge) -> set[tuple[str, ...]]:
    """Give what arrived: flow, recipient and record."""
    names = ("flow", "recipient", "source", "record", "subject")
    return set(zip(*(knowledge.shared[name].to_pylist() for name in names), strict=True))


def test_strategies_work_without_the_truth(village: Dataset, tmp_path: Path):
    """A dataset whose truth is deleted gives the same knowledge."""
    bare = tmp_path / "bare"
    shutil.copytree(village.path, bare, ignore=shutil.ignore_patterns("truth"))
    strategy = load_strategy("mash")
    expected = spread_knowledge(village, strategy).log
    assert spread_knowledge(Dataset.open(bare), strategy).log.equals(expected)


def test_the_truth_cannot_be_read_through_a_view(view: AgencyView):
    """The view neither lists nor opens it."""
    assert not view.has("truth/incidents")
    with pytest.raises(DatasetError, match="no strategy sees"):
        view.read("truth/incidents")


@pytest.mark.parametrize("name", QUICK)
def test_usable_is_not_before_share_nor_share_before_entry(known: dict[str, Knowledge], name: str):
    """Times come in one order, whatever queues and schedules do."""
    log = known[name].shared
    assert pc.all(pc.greater_equal(log["share_at"], log["entry_at"])).as_py() is not False
    assert pc.all(pc.greater_equal(log["usable_at"], log["share_at"])).as_py() is not False


@pytest.mark.parametrize("name", QUICK)
def test_nobody_holds_a_field_that_their_flows_do_not_carry(known: dict[str, Knowledge], name: str):
    """What a recipient holds is what the flow carries, and what its form adds."""
    flows = {flow.id: flow for flow in known[name].strategy.flow}
    for held in known[name].held:
        flow = flows[held.flow]
        added = {"pseudonym", "linkage_key", "clk", "alf", "period", "records", "about", "hit"}
        if held.recipient == flow.format.ttp:
            added |= {"reference", *flow.carried_identity}
        assert set(held.table.column_names) <= {*flow.fields, *added}


@pytest.mark.parametrize("name", QUICK)
def test_hidden_forms_show_no_identity(known: dict[str, Knowledge], name: str):
    """No value of a surname, a birth date or a number stands in what a hidden form releases."""
    for flow in known[name].strategy.flow:
        if flow.reads_persons or not flow.carried_identity:
            continue
        for held in known[name].held:
            if held.flow == flow.id and held.recipient != flow.format.ttp:
                assert not set(held.table.column_names) & set(flow.carried_identity.values())


@pytest.mark.parametrize("name", ["mash", "cardiff-model", "clk", "marac"])
def test_whoever_always_holds_back_shares_nothing(view: AgencyView, name: str):
    """Hesitancy of 1 equals the strategy `none`."""
    knowledge = spread_knowledge(view, changed(name, hesitancy={"base": 1.0}))
    assert shared(knowledge) == shared(spread_knowledge(view, load_strategy("none"))) == set()


def test_more_hesitancy_only_takes_away(view: AgencyView):
    """Common random numbers: what is shared at .6 is shared at .3, and that at 0."""
    levels = [
        shared(spread_knowledge(view, changed("mash", hesitancy={"base": base})))
        for base in (0.6, 0.3, 0.0)
    ]
    assert levels[0] < levels[1] < levels[2]


def test_clarity_and_backing_only_add(view: AgencyView):
    """The levers that the interviews ask for never take a record away."""
    plain = shared(spread_knowledge(view, load_strategy("patchwork")))
    assert plain < shared(spread_knowledge(view, load_strategy("patchwork+clear-framework")))


@pytest.mark.parametrize("name", QUICK)
def test_the_single_system_bounds_what_every_strategy_shows(known: dict[str, Knowledge], name: str):
    """Of each source's records, none is told of that the single system does not tell, earlier."""

    def first(log: pa.Table) -> dict[tuple[str, str], object]:
        seen = log.filter(log["event"]).group_by(["source", "record"])
        rows = seen.aggregate([("usable_at", "min")]).to_pylist()
        return {(row["source"], row["record"]): row["usable_at_min"] for row in rows}

    most, some = first(known["single-system"].shared), first(known[name].shared)
    assert set(some) <= set(most)
    assert all(most[key] <= usable for key, usable in some.items())


def test_knowledge_does_not_depend_on_the_order_of_rows(view: AgencyView):
    """Draws are keyed by record, so hold-back rates and draws follow a permuted table."""
    strategy = load_strategy("mash")
    flow = strategy.flow[0]
    rows = view.held(flow.source.holding)
    order = np.arange(rows.num_rows)[::-1]
    chance = Stream(7)
    rates = hold_back_rate(flow, strategy, rows, chance)
    turned = hold_back_rate(flow, strategy, rows.take(pa.array(order)), chance)
    assert rates[order].tolist() == turned.tolist()


def test_an_incomplete_record_is_rejected_where_the_minimum_dataset_is_demanded(
    view: AgencyView,
):
    """With `reject` what lacks a field stays, and nothing else changes."""
    plain = spread_knowledge(view, load_strategy("istv-minimum"))
    strict = spread_knowledge(view, load_strategy("istv-minimum+minimum-dataset"))
    left = strict.log.filter(pc.equal(strict.log["status"], "incomplete"))["record"].to_pylist()
    assert left
    assert shared(strict) == {row for row in shared(plain) if row[3] not in set(left)}


def test_onward_recipients_of_a_map_see_no_names(known: dict[str, Knowledge]):
    """What goes on as a map is later, and names nobody."""
    log = known["istv-minimum"].shared
    on = log.filter(pc.equal(log["recipient"], "police:*"))
    first = log.filter(pc.equal(log["recipient"], "vpu:wales"))
    assert on.num_rows == first.num_rows > 0
    assert not pc.any(on["person"]).as_py()
    assert pc.all(pc.greater(on["usable_at"], first["usable_at"])).as_py()


def test_a_queue_takes_no_more_than_its_capacity():
    """First come, first served: ten ready at once, three a week."""
    flow = build(
        Flow,
        {
            "id": "f",
            "source": {"agency": "marac:*", "dataset": "cases"},
            "recipient": {"agency": "police:*"},
            "fields": ["referred_on"],
            "trigger": {"kind": "event", "queue": {"cadence": "P7D", "capacity": 3}},
        },
        "flow",
    )
    entry = np.array([1.0] * 10 + [30.0])
    times = time_release(flow, entry, np.arange(11, dtype=np.uint64), 0.0, Stream(1))
    assert times.usable.tolist() == [7.0] * 3 + [14.0] * 3 + [21.0] * 3 + [28.0, 35.0]


def test_a_flow_waits_for_assessment_and_agreement():
    """Four months of assessment and, at half the trust, half of six months of agreement."""
    data = load_strategy("marac").model_dump(mode="json")
    data["governance"]["dpia"] = {"done": False, "months": 4}
    data["governance"]["agreement_months"] = 6
    data["trust"] = {"usual": 0.5}
    waits = build(SharingStrategy, data, "waits")
    assert start_of(waits.flow[0], waits, 100.0) == pytest.approx(100 + 7 * 365.25 / 12)
    assert start_of(waits.flow[0], load_strategy("marac"), 100.0) == 100.0


def test_whose_default_is_to_share_holds_back_less(view: AgencyView):
    """The default moves every rate down, and nothing else does."""
    data = load_strategy("mash").model_dump(mode="json")
    rates = []
    for default in ("withhold", "share"):
        data["strategy"]["controller_default"] = default
        strategy = build(SharingStrategy, data, default)
        rows = view.held(strategy.flow[0].source.holding)
        rates.append(hold_back_rate(strategy.flow[0], strategy, rows, Stream(1)))
    assert np.all(rates[1] < rates[0])


@settings(deadline=None)
@given(COUNTS, st.integers(1, 10))
def test_a_higher_threshold_never_publishes_more(cells: list[list[int]], least: int):
    """Raising `min_cell` never raises the number of cells that are published at first."""
    count = np.array(cells)
    assert not np.any(publish_primary(count, least + 1) & ~publish_primary(count, least))
    shown = publish(count, least, secondary=True)
    assert not np.any(shown & ~publish_primary(count, least))


@settings(deadline=None)
@given(COUNTS, st.integers(1, 10))
def test_no_suppressed_cell_can_be_taken_from_its_lines_total(cells: list[list[int]], least: int):
    """A line with one suppressed cell has nothing else that could be suppressed."""
    count = np.array(cells)
    shown = publish(count, least, secondary=True)
    for axis in (0, 1):
        alone = (~shown).sum(axis=axis) == 1
        others = (shown & (count > 0)).any(axis=axis)
        assert not np.any(alone & others)


def test_counts_are_exact_as_epsilon_grows():
    """At epsilon 50 no noise is left; at 1 its variance is the mechanism's."""
    drawn = Stream(5).uniform("noise", np.arange(200_000))
    assert not geometric_noise(drawn, 50.0).any()
    ratio = np.exp(-1.0)
    variance = 2 * ratio / (1 - ratio) ** 2
    noise = geometric_noise(drawn, 1.0)
    # Six standard errors of a mean and of a variance: false alarm below 1e-8.
    assert abs(noise.mean()) < 6 * np.sqrt(variance / len(drawn))
    fourth = ((noise - noise.mean()) ** 4).mean()
    assert abs(noise.var() - variance) < 6 * np.sqrt(fourth / len(drawn))


@pytest.mark.needs("opendp")
def test_opendp_gives_the_mechanism_the_same_epsilon():
    """OpenDP's own geometric mechanism of that scale spends just that much."""
    import opendp.prelude as dp

    dp.enable_features("contrib")
    space = dp.atom_domain(T=int), dp.absolute_distance(T=int)
    for epsilon in (0.1, 1.0, 3.0):
        spent = dp.m.make_geometric(*space, scale=1 / epsilon).map(1)
        assert spent == pytest.approx(epsilon)


def test_a_split_file_parts_names_from_content(known: dict[str, Knowledge]):
    """The third party holds names and no content; researchers content, ALFs and no name."""
    tables = {(held.flow, held.recipient): held.table for held in known["sail"].held}
    names, content = tables["police", "ttp:dhcw"], tables["police", "research:sail"]
    assert set(names.column_names) == {
        "surname",
        "forename",
        "sex",
        "date_of_birth",
        "postcode",
        "reference",
    }
    assert {"alf", "offence_code"} <= set(content.column_names)
    linked = content["alf"].null_count / content.num_rows
    assert 0 < linked < 0.5


def test_unlawful_flows_share_nothing(view: AgencyView):
    """What the lint calls unlawful is logged as such and stays."""
    basis = {"art6": "6(1)(e)", "power": "PCSC2022-s16"}
    data = load_strategy("mash").model_dump(mode="json")
    data["flow"] = [data["flow"][1] | {"basis": basis}]
    log = spread_knowledge(view, build(SharingStrategy, data, "x")).log
    assert SHARED not in log["status"].to_pylist()
    assert "unlawful" in log["status"].to_pylist()


@pytest.mark.needs("sdv")
def test_a_synthetic_release_makes_the_asked_number_of_rows(view: AgencyView):
    """SDV's rows have the carried columns, and no record is told of."""
    made = spread_knowledge(view, load_strategy("synthetic-release"))
    assert made.held[0].table.num_rows == 1_000
    assert not pc.any(made.log["event"]).as_py()
