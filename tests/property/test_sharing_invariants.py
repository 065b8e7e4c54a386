"""What holds of every sharing strategy whatever the data; docs/checklist.md lists it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge, spread_knowledge
from darkfigure.linkage_eval.sharing.measuring.quantities import WATCHERS
from darkfigure.linkage_eval.sharing.metrics.deterrence import DeterredAttendance, lost_attendances
from darkfigure.linkage_eval.sharing.metrics.visibility import Sight, measure_visibility
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.hesitancy import hold_back_rate, holds_back
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.names import strategy_names
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset

# The synthetic release shows nothing of any event, and needs SDV.
NAMES = sorted(set(strategy_names()) - {"synthetic-release"})
CEILING = "single-system+hesitancy-off"


class World:
    """The village, and what strategies do in it; each is let work once."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset, self.view = dataset, AgencyView.of(dataset)
        self.attendance, self._sight = DeterredAttendance(dataset), Sight(dataset)
        self.shares = cache(self._shares)

    def _shares(self, name: str, *, deterred: bool) -> Mapping[tuple[str, str], float]:
        """Give visible shares by watcher and granularity, with those gone who stay away."""
        strategy = load_strategy(name)
        absent = lost_attendances(self.dataset, self.attendance.under(strategy)) if deterred else []
        log = spread_knowledge(self.view, strategy, absent=absent).log
        return {
            (watcher, row["granularity"]): row["value"]
            for watcher in WATCHERS
            for row in measure_visibility(self._sight.see(log, watcher)).to_pylist()
            if row["until"] == "all"
        }


@pytest.fixture(scope="module")
def world(village: Dataset) -> World:
    """The village."""
    return World(village)


def changed(name: str, change: Mapping[str, Any], **of_format: object) -> SharingStrategy:
    """Load a strategy with something of every flow, or of its form, changed."""
    data = load_strategy(name).model_dump(mode="json")
    data["flow"] = [
        {**flow, **change, "format": {**flow["format"], **of_format}} for flow in data["flow"]
    ]
    return build(SharingStrategy, data, name)


@pytest.mark.parametrize("name", NAMES)
def test_total_hesitancy_equals_no_sharing(world: World, name: str):
    """With hesitancy 1 nothing arrives, and nobody holds a row, a count or a hit.

    Noisy counts have noise in every cell of their domain, whoever is counted: also where nobody is.
    """
    known = spread_knowledge(world.view, changed(name, {"hesitancy": {"base": 1.0}}))
    assert known.shared.num_rows == 0
    noisy = {flow.id for flow in known.strategy.flow if flow.format.what.draws_noise}
    exact = [held for held in known.held if held.flow not in noisy]
    assert sum(pc.sum(_records(held.table)).as_py() or 0 for held in exact) == 0


def _records(table: pa.Table) -> pa.ChunkedArray | pa.Array:
    """Count what a table tells of: counts by their size, answers by hits, rows by one.

    A question that is answered "no hit" is the asker's own.
    """
    for name in ("records", "hit"):
        if name in table.column_names:
            return table[name].cast(pa.int64())
    return pa.array([1] * table.num_rows)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("overlay", ["", "+scandal"])
def test_without_deterrence_no_presentation_is_lost(world: World, name: str, overlay: str):
    """Delta 0 keeps nobody away, though everybody is aware and nobody trusts."""
    data = load_strategy(name + overlay).model_dump(mode="json")
    data["deterrence"] |= {"awareness": 1.0, "delta": dict.fromkeys(data["deterrence"]["delta"], 0)}
    data["trust"]["public"] = 0.0
    assert not world.attendance.under(build(SharingStrategy, data, name)).lost.any()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("overlay", ["", "+hesitancy-off", "+scandal"])
def test_nothing_shows_more_than_one_system_without_hesitancy_or_deterrence(
    world: World, name: str, overlay: str
):
    """At every granularity to every watcher, whether those who stay away are gone or not."""
    most = world.shares(CEILING, deterred=False)
    for deterred in (False, True):
        some = world.shares(name + overlay, deterred=deterred)
        assert all(some[key] <= most[key] for key in most)


@pytest.mark.parametrize("name", ["single-system", "patchwork", "marac"])
def test_who_stays_away_is_seen_no_better(world: World, name: str):
    """Deterrence takes from what is visible and adds nothing."""
    full, left = (world.shares(name, deterred=one) for one in (False, True))
    assert all(left[key] <= full[key] for key in full)


def test_a_higher_threshold_publishes_no_further_cell(world: World):
    """Cells of counts at 2, 5 and 10: each set holds the next, the first some more."""
    published = [
        _published(spread_knowledge(world.view, changed("federated-counts", {}, **form)))
        for form in ({"min_cell": least, "secondary": False} for least in (2, 5, 10))
    ]
    assert published[0] >= published[1] >= published[2]
    assert published[0] > published[2]


def _published(known: Knowledge) -> set[tuple[Any, ...]]:
    cells = set()
    for held in known.held:
        names = [name for name in held.table.column_names if name != "records"]
        full = held.table.filter(pc.is_valid(held.table["records"]))
        for row in full.to_pylist():
            cells.add((held.recipient, *(str(row[name]) for name in names)))
    return cells


def test_counts_of_a_strategy_are_exact_as_epsilon_grows(world: World):
    """Without noise and without a limit per person each cell is what plain counts have.

    Places beyond the scenario's areas are one cell of noisy counts.
    """
    noisy, plain = (
        spread_knowledge(world.view, changed("federated-dp", {}, **form))
        for form in (
            {"kind": "dp", "epsilon": 1e6, "contributions": 1_000},
            {"kind": "aggregate", "min_cell": 1, "secondary": False},
        )
    )
    for with_noise, without in zip(noisy.held, plain.held, strict=True):
        counts = [_by_cell(held.table) for held in (with_noise, without)]
        assert sum(counts[0].values()) == sum(counts[1].values()) > 0
        inside = {cell: n for cell, n in counts[0].items() if "other" not in cell}
        assert inside == {cell: n for cell, n in counts[1].items() if cell in inside}
        assert inside


def _by_cell(table: pa.Table) -> dict[tuple[str, ...], int]:
    return {tuple(row.values())[:-1]: row["records"] for row in table.to_pylist()}


def test_renaming_agencies_renames_what_they_know_and_no_more(world: World):
    """Every recipient under another name: the same log, but for the name."""
    text = load_strategy("istv-minimum").model_dump_json()
    other = SharingStrategy.model_validate_json(text.replace("vpu:wales", "vpu:elsewhere"))
    logs = [spread_knowledge(world.view, one).log for one in (load_strategy("istv-minimum"), other)]
    names = pc.replace_substring(logs[0]["recipient"], "vpu:wales", "vpu:elsewhere")
    place = logs[0].schema.get_field_index("recipient")
    assert logs[0].set_column(place, logs[0].schema.field(place), names).equals(logs[1])


def test_relabelling_records_changes_no_distribution(world: World):
    """Rates are the same record by record; held back are as many within 5 standard errors (6e-7).

    The draws of the two labels are independent, each a coin of the record's rate.
    """
    strategy = load_strategy("mash")
    flow = strategy.flow[0]
    holding, rows = flow.source.holding, world.view.held(flow.source.holding)
    place = rows.column_names.index(holding.key)
    renamed = pc.binary_join_element_wise("x", rows[holding.key].cast(pa.string()), "-")
    other = rows.set_column(place, holding.key, renamed)
    rates = [hold_back_rate(flow, strategy, one, Stream(2)) for one in (rows, other)]
    assert rates[0].tolist() == rates[1].tolist()
    held = [holds_back(flow, strategy, one, Stream(2)).sum() for one in (rows, other)]
    spread = np.sqrt(2 * (rates[0] * (1 - rates[0])).sum())
    assert abs(int(held[0]) - int(held[1])) < 5 * spread
