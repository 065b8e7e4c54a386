"""Under-reporting is controlled to the record, and its reasons stay apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from synth.chance import Stream
from synth.contacts import Contacts, tell_police
from synth.errors import TargetError
from synth.pipeline import World
from synth.spec import build

CHANCE = Stream(1).stage("contacts")


def told(world: World, **changes: object) -> pa.Table:
    """Let the world's incidents reach the police under another specification."""
    spec = build(Contacts, changes, "test")
    undecided = world.happened.incidents.drop_columns(["police_status"])
    return tell_police(
        undecided, world.happened.victims.census, world.happened.geography, spec, CHANCE
    )


def unknown(incidents: pa.Table) -> tuple[int, int]:
    """Count the attendances without a police record, and all."""
    attended = incidents.filter(incidents["ed_attended"])
    statuses = attended["police_status"].to_pylist()
    return sum(status != "recorded" for status in statuses), len(statuses)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1))
def test_any_target_is_met_to_the_nearest_record(borough: World, target: float):
    """The share of attendances without a police record is the target, to half a record."""
    without, all_ = unknown(told(borough, unknown_share=target))
    assert abs(without - target * all_) <= 0.5


@pytest.mark.parametrize("target", [0.0, 0.25, 0.59, 0.75, 0.9, 1.0])
def test_the_targets_people_ask_for_are_met(borough: World, target: float):
    """The named targets are met, the extremes included."""
    without, all_ = unknown(told(borough, unknown_share=target))
    assert abs(without - target * all_) <= 0.5


def test_a_higher_target_only_takes_records_away(borough: World):
    """Whoever has a record at 90 % unknown has one at 75 % and at 59 %."""
    recorded = [
        set(kept["incident_id"].to_pylist())
        for target in (0.9, 0.75, 0.59)
        for one in [told(borough, unknown_share=target)]
        for kept in [one.filter(pa.compute.equal(one["police_status"].cast("string"), "recorded"))]
    ]
    assert recorded[0] <= recorded[1] <= recorded[2]


def test_the_three_reasons_are_kept_apart(borough: World):
    """An incident is never reported, reported but not recorded, or recorded; each occurs."""
    seen = set(borough.happened.incidents["police_status"].to_pylist())
    assert seen == {"never_reported", "not_recorded", "recorded"}


def test_an_impossible_target_is_refused_with_the_range(borough: World):
    """With binding recording rates of a half, no more than about half can be known."""
    halves = dict.fromkeys(("north_wales", "gwent", "south_wales", "dyfed_powys"), 0.5)
    with pytest.raises(TargetError, match=r"lies between 0\.[45]\d+ and 1"):
        told(borough, unknown_share=0.25, recording={**halves, "binding": True})


def test_without_exactness_the_share_scatters_as_a_binomial(borough: World):
    """The share is within its 1 - 1e-6 binomial interval, and need not be the nearest record."""
    without, all_ = unknown(told(borough, unknown_share=0.75, exact=False))
    low, high = stats.binom(all_, 0.75).ppf([5e-7, 1 - 5e-7])
    assert low <= without <= high


def test_recording_rates_are_kept_where_there_is_no_target(borough: World):
    """Of reported incidents without an attendance 0.88 are recorded (alpha = 1e-6)."""
    table = borough.happened.incidents.filter(
        pa.compute.invert(borough.happened.incidents["ed_attended"])
    )
    statuses = np.array(table["police_status"].to_pylist())
    reported = int((statuses != "never_reported").sum())
    recorded = int((statuses == "recorded").sum())
    assert stats.binomtest(recorded, reported, 0.88).pvalue > 1e-6


def test_covariates_make_a_difference(borough: World):
    """With an odds ratio of 20, men's attendances are recorded far more often than women's."""
    table = told(borough, odds_ratios={"male": 20.0})
    attended = table.filter(table["ed_attended"])
    male = borough.happened.victims.census.sex[attended["victim"].to_numpy()] == 1
    known = np.array(attended["police_status"].to_pylist()) == "recorded"
    assert known[male].mean() > 2 * known[~male].mean()
