"""First versions of corrected records: no measure takes them for events of their own."""

from __future__ import annotations

import pyarrow as pa
import pytest

from darkfigure.linkage_eval.evaluation.assaults import read_assaults
from darkfigure.linkage_eval.evaluation.metrics.dark_figure import measure_dark_figure
from darkfigure.linkage_eval.fidelity.comparison import compare
from darkfigure.linkage_eval.links.truth import judge_table, read_truth
from darkfigure.linkage_eval.records import events
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.records.standing import standing
from darkfigure.linkage_eval.sharing.engine.at_work import LOG
from darkfigure.linkage_eval.sharing.metrics.visibility import Sight, measure_visibility
from darkfigure.linkage_eval.sharing.strategy.holdings import HOLDINGS
from darkfigure.scenarios import load_scenario
from darkfigure.synth.pipeline import generate
from darkfigure.synth.schema import FIRST_VERSION
from darkfigure.synth.storage.dataset import Dataset


def _world(folder: pytest.TempPathFactory, rate: float) -> Dataset:
    """Make a world in which each record of departments and forces is corrected, or none."""
    scenario = load_scenario("merthyr", persons=5_000)
    systems = {}
    for name in ("ed", "ed/older", "police"):
        profile = scenario.systems[name]
        rule = profile.row_faults.amended.model_copy(update={"rate": rate, "keeps_versions": True})
        rows = profile.row_faults.model_copy(update={"amended": rule})
        systems[name] = profile.model_copy(update={"row_faults": rows})
    changed = {"systems": {**scenario.systems, **systems}, "agencies": ("police", "ed")}
    return generate(scenario.model_copy(update=changed), folder.mktemp("versions") / "world")


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, Dataset]:
    """The same lives, all records corrected once and none."""
    return _world(tmp_path_factory, 1.0), _world(tmp_path_factory, 0.0)


def test_a_first_version_is_left_out():
    """A record's number tells it; whatever has no number stays."""
    keys = ["ED1", f"ED1{FIRST_VERSION}", None]
    assert standing(pa.table({"attendance_no": keys}))["attendance_no"].to_pylist() == ["ED1", None]


def test_first_versions_are_there(worlds):
    """The world in which all is corrected holds nearly twice the records."""
    corrected, plain = (one.tables["ed/attendances"]["rows"] for one in worlds)
    assert corrected > 1.9 * plain


def test_the_dark_figure_counts_an_attendance_once(worlds):
    """As many attendances and reasons, whatever is linked: one link finds for both versions."""
    found = []
    for world in worlds:
        truth = read_truth(world, "ed", "police")
        assaults = read_assaults(world, truth)
        ids = truth.left.ids.to_pylist(), truth.right.ids.to_pylist()
        last = {ids[0][left].removesuffix(FIRST_VERSION): left for left in truth.pairs_left}
        pairs = [
            (ids[0][left], ids[1][right])
            for left, right in zip(truth.pairs_left, truth.pairs_right, strict=True)
            if last[ids[0][left].removesuffix(FIRST_VERSION)] == left
        ]
        links = pa.table(
            {
                "left_id": [left for left, _ in pairs],
                "right_id": [right for _, right in pairs],
                "score": [1.0] * len(pairs),
            }
        )
        measured = measure_dark_figure(judge_table(truth, links), assaults)
        found.append({one.metric: (one.value, one.n) for one in measured if one.stratum == "all"})
    assert found[0] == found[1]
    assert found[0]["recorded_share"][1] > 20


def test_an_attendance_is_one_event(worlds):
    """Events of both sides are as many, and so is what agencies share."""
    for side in ("ed", "police"):
        counts = {len(events.read_events(one, side, standardise(one, side))) for one in worlds}
        assert len(counts) == 1
    for name in ("ed/attendances", "police/occurrences", "police/nominals"):
        counts = {HOLDINGS[name].read(one).num_rows for one in worlds}
        assert len(counts) == 1


def test_sight_of_violence_is_the_same(worlds):
    """What police and departments see by themselves does not grow by being written twice."""
    for recipient in ("police:*", "ed:*"):
        seen = [measure_visibility(Sight(one).see(LOG.empty_table(), recipient)) for one in worlds]
        assert seen[0] == seen[1]


def test_figures_of_health_and_police_count_records_once(worlds):
    """Every figure that the world can tell rests on as many records, people or years."""
    rows = [compare(one).to_pylist() for one in worlds]
    sections = ("ed", "violence", "under-reporting", "police")
    counted = [
        {(r["key"], r["area"]): (r["simulated"], r["n"]) for r in all_ if r["section"] in sections}
        for all_ in rows
    ]
    assert counted[0] == counted[1]
    assert sum(n is not None for _, n in counted[0].values()) > 20
