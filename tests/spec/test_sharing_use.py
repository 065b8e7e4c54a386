"""What can be done with what a strategy shares, and what strangers could read out of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache

import pytest

from darkfigure.linkage_eval.recapture import TwoLists, chapman
from darkfigure.linkage_eval.rows import OK, Measurement
from darkfigure.linkage_eval.sharing.measuring.attacks import Attacker
from darkfigure.linkage_eval.sharing.measuring.measures import Yardstick
from darkfigure.linkage_eval.sharing.measuring.quantities import UNDEFINED
from darkfigure.linkage_eval.sharing.measuring.side_by_side import measure_strategies
from darkfigure.linkage_eval.sharing.metrics.deterrence import DeterredAttendance
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset

NAMES = ("none", "cardiff-model", "clk", "federated-counts", "single-system")
SYNTHETIC = pytest.param("synthetic-release", marks=pytest.mark.needs("sdv"))
Rows = list[Measurement]
Measured = Callable[[str], Rows]


@pytest.fixture(scope="module")
def measured(village: Dataset) -> Measured:
    """Everything that is measured of a strategy, by its name; each is measured once."""
    return cache(Yardstick(village).measure)


def value(rows: Rows, metric: str, recipient: str = "all", stratum: str = "all") -> float | None:
    """Give one quantity; it must be there, defined or not."""
    (found,) = [
        row.value
        for row in rows
        if (row.metric, row.recipient, row.stratum) == (metric, recipient, stratum)
    ]
    return found


@pytest.mark.parametrize("name", [*NAMES, SYNTHETIC])
def test_what_is_not_defined_has_its_reason(measured: Measured, name: str):
    """A value or a reason, never both and never neither."""
    for row in measured(name):
        reason = row.status.removeprefix(UNDEFINED)
        assert (row.status == OK) == (row.value is not None), row
        assert reason, row


def test_the_estimate_is_that_of_the_lists_that_reach_the_party(
    village: Dataset, measured: Measured
):
    """Where everything is shared it is Chapman's of police records and those who still attend."""
    strategy = load_strategy("single-system")
    presented = DeterredAttendance(village).under(strategy)
    away = set(presented.marks.ids[presented.lost].tolist())
    incidents = village.read("truth/incidents").to_pylist()
    injured = {row["incident_id"] for row in incidents if row["injury"] != "none"}
    held: dict[str, set[int]] = {"ed": set(), "police": set()}
    for row in village.read("truth/record_incidents").to_pylist():
        held.setdefault(row["source"].split("/")[0], set()).add(row["incident_id"])
    first, second = (held["ed"] - away) & injured, held["police"] & injured
    expected = chapman(TwoLists(len(first), len(second), len(first & second))).value
    found = value(measured("single-system"), "estimate_to_truth", "police:*")
    assert found == pytest.approx(expected / len(injured))


def test_nobody_estimates_who_cannot_join_two_lists(measured: Measured):
    """Counts of one source, and nothing at all, give no estimate."""
    assert value(measured("cardiff-model"), "estimate_to_truth", "vpu:wales") is None
    assert value(measured("none"), "estimate_to_truth", "nobody") is None


def test_who_is_told_no_neighbourhood_has_no_hotspots(measured: Measured):
    """The prevention unit gets kinds of place; the police always have their own records."""
    assert value(measured("cardiff-model"), "hotspot_precision", "vpu:wales") is None
    police = value(measured("none"), "hotspot_pei", "police:*")
    assert 0 < police <= 1
    assert 0 < value(measured("federated-counts"), "hotspot_pei", "analyst:federation") <= 1


def test_shares_by_deprivation_add_up(measured: Measured):
    """Each neighbourhood chosen, and each incident, is of one fifth."""
    for metric in ("hotspot_chosen_share", "hotspot_true_share"):
        shares = [
            row.value
            for row in measured("none")
            if row.metric == metric and row.recipient == "police:*"
        ]
        assert sum(shares) == pytest.approx(1)


@pytest.mark.parametrize("rule", ["repeat_domestic", "child"])
def test_who_sees_everything_finds_more_and_sooner(measured: Measured, rule: str):
    """Against what the police know of themselves, by both rules."""
    found, unfound = (
        [value(measured(name), f"at_risk_{one}", "police:*", rule) for name in ("none", NAMES[4])]
        for one in ("found_share", "unfound_days")
    )
    assert 0 <= found[0] <= found[1] <= 1
    assert unfound[1] <= unfound[0] <= 365


def test_children_hurt_elsewhere_raise_false_alarms(village: Dataset, measured: Measured):
    """Whom the police know to be hurt, a child and never at home, is what their alarm is wrong of.

    Nothing is shared, so that what they know is what they wrote down of victims.
    """
    born = {
        row["person_id"]: row["birth_date"] for row in village.read("truth/persons").to_pylist()
    }
    incidents = {row["incident_id"]: row for row in village.read("truth/incidents").to_pylist()}
    seen = [(row["incident_id"], row["person_id"]) for row in _witnesses(village)]
    seen += [(key, row["victim_id"]) for key, row in incidents.items()]
    home, hurt = set(), set()
    told = {
        row["incident_id"]
        for row in village.read("truth/contacts").to_pylist()
        if row["source"].startswith("police/")
    }
    for key, person in seen:
        incident = incidents[key]
        if person in born and _is_child(born[person], incident["occurred_at"]):
            home |= {person} if incident["kind"] in {"partner", "family", "child"} else set()
            hurt |= {person} if key in told and person == incident["victim_id"] else set()
    found = value(measured("none"), "at_risk_false_alarms", "police:*", "child")
    assert found == pytest.approx(len(hurt - home) / len(hurt & home))
    assert found > 0


def _witnesses(village: Dataset) -> Rows:
    return village.read("truth/incident_witnesses").to_pylist()


def _is_child(born: dt.date, when: dt.datetime) -> bool:
    return when < dt.datetime(born.year + 18, born.month, min(born.day, 28))  # noqa: DTZ001


def test_no_published_cell_is_smaller_than_the_least(measured: Measured):
    """The Cardiff model releases from five on, whole identities look like nobody else."""
    cells = value(measured("cardiff-model"), "smallest_class")
    assert cells is None or cells >= 5
    assert value(measured("single-system"), "smallest_class") == 1
    assert value(measured("single-system"), "prosecutor_risk") > 0.9


@pytest.mark.needs("sdv")
def test_nobody_is_singled_out_of_made_up_rows(measured: Measured):
    """No row of a synthetic release is somebody's, so no prosecutor finds one."""
    assert value(measured("synthetic-release"), "prosecutor_risk") is None


def attacked(village: Dataset, name: str, **form: object) -> float | None:
    """Attack a strategy whose forms are changed."""
    data = load_strategy(name).model_dump(mode="json")
    for flow in data["flow"]:
        flow["format"] |= form
    return Attacker(village).measure(build(SharingStrategy, data, name))[0].value


def test_noise_stops_differencing_and_its_absence_does_not(village: Dataset):
    """Exact counts tell everybody's secret.

    With epsilon = .1 noise has a standard deviation of 14, and answers are a coin's: the median of
    ten draws of 150 people is above .7 with probability below 1e-9.
    """
    assert attacked(village, "federated-counts") == 1.0
    assert attacked(village, "federated-dp", epsilon=0.1) < 0.7


def test_who_holds_the_key_reads_keys(village: Dataset):
    """Most people whom the key holder knows too are named, whatever the key hides from others."""
    assert attacked(village, "keyed-hash") > 0.5


def test_processes_change_nothing_that_is_measured(village: Dataset):
    """Two processes give what one gives, in the order asked for; only processor time differs."""
    names = ("single-system", "none")
    found = [
        [
            [row for row in one.rows if row.metric not in {"cpu_seconds", "bytes_shared"}]
            for one in measure_strategies(village, names, workers=workers)
        ]
        for workers in (1, 2)
    ]
    assert found[0] == found[1]
    assert [value(rows, "people_disclosed") for rows in found[0]][1:] == [0.0]


def test_without_departments_nothing_of_theirs_is_attacked(village: Dataset):
    """A world that lacks a source has a reason for its missing success, and no error."""
    kept = {name: said for name, said in village.tables.items() if not name.startswith("ed/")}
    bare = Dataset(village.path, {**village.manifest, "tables": kept})
    row, _ = Attacker(bare).measure(load_strategy("clk"))
    assert row.value is None
    assert "too few people are in both sources" in row.status
