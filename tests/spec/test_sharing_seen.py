"""What a board asks of a strategy: seen of treated violence, where, and what became of records."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.measuring.gazetteer import named_places
from darkfigure.linkage_eval.sharing.measuring.measures import Yardstick
from darkfigure.synth.storage.dataset import Dataset

POLICE, UNIT = "police:*", "vpu:wales"
Measured = Callable[[str], dict[tuple[str, str, str], Measurement]]


@pytest.fixture(scope="module")
def measured(village: Dataset) -> Measured:
    """Everything that is measured of a strategy, by metric, recipient and stratum."""
    yardstick = Yardstick(village)
    return cache(
        lambda name: {
            (row.metric, row.recipient, row.stratum): row for row in yardstick.measure(name)
        }
    )


def test_without_sharing_the_police_see_the_treated_violence_they_recorded(
    village: Dataset, measured: Measured
):
    """Counted person by person: treated, and in a record of theirs; the unit sees nothing."""
    incidents = village.read("truth/incidents", ["incident_id", "ed_attended"]).to_pylist()
    treated = {row["incident_id"] for row in incidents if row["ed_attended"]}
    contacts = village.read("truth/contacts").to_pylist()
    known = {row["incident_id"] for row in contacts if row["source"].startswith("police")}
    found = measured("none")["treated_seen_share", POLICE, "all"]
    assert found.n == len(treated)
    assert found.value == pytest.approx(len(treated & known) / len(treated))
    assert found.low < found.value < found.high
    assert measured("none")["treated_seen_share", UNIT, "all"].value == 0
    assert measured("none")["treated_seen_days", UNIT, "all"].value is None


def test_rows_without_names_show_treated_violence_later(measured: Measured):
    """The unit hears of each record that is shared, after weeks; the police hear of more too."""
    before, after = measured("none"), measured("istv-minimum")
    for watcher in (POLICE, UNIT):
        key = ("treated_seen_share", watcher, "all")
        assert after[key].value > before[key].value
    key = ("treated_seen_days", POLICE, "all")
    assert before[key].value < 1
    assert after[key].value > 14


@pytest.mark.parametrize("name", ["istv-minimum", "cardiff-model", "mash"])
def test_every_record_that_is_asked_for_has_one_outcome(measured: Measured, name: str):
    """Shared, held back, withheld as a small count ...: the shares add up to all."""
    shares = [row.value for key, row in measured(name).items() if key[0] == "outcome_share"]
    assert sum(shares) == pytest.approx(1)


def test_in_a_village_monthly_counts_are_all_too_small(measured: Measured):
    """The Cardiff model shows the unit nothing there, and the outcome says why."""
    found = measured("cardiff-model")
    assert found["treated_seen_share", UNIT, "all"].value == 0
    assert found["outcome_share", "all", "suppressed"].value > 0.8


def test_a_note_that_names_a_street_puts_violence_on_the_map(village: Dataset, measured: Measured):
    """Only where the note is shared: rows without names carry it, counts do not."""
    placed = {
        name: sum(
            row.value
            for (metric, who, _), row in measured(name).items()
            if (metric, who) == ("neighbourhood_records", UNIT)
        )
        for name in ("none", "cardiff-model", "istv-minimum")
    }
    assert placed["none"] == placed["cardiff-model"] == 0 < placed["istv-minimum"]
    names = named_places(village)["name"].to_pylist()
    assert len(set(names)) == len(names)
    assert all(name == name.upper() for name in names)


def test_the_map_holds_all_violence_of_the_areas(village: Dataset, measured: Measured):
    """Each neighbourhood's true number, whatever is known there."""
    every = village.read("truth/neighbourhoods").to_pylist()
    inside = {row["lsoa_code"] for row in every if row["inside"]}
    codes = village.read("truth/incidents", ["lsoa_code"])["lsoa_code"].to_pylist()
    found = measured("none").items()
    true = [row.n for key, row in found if key[:2] == ("neighbourhood_records", POLICE)]
    assert sum(true) == sum(code in inside for code in codes)
