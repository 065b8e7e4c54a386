"""Violence: who harms whom, how often, and how one act leads to the next."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import build
from darkfigure.synth.pipeline import World
from darkfigure.synth.schema import VIOLENCE, codes_of
from darkfigure.synth.setting.calendar import (
    DAY_S,
    WEEK_S,
    Period,
    hours_drawn,
    week_begin,
)
from darkfigure.synth.violence.acts import Victims, simulate_violence
from darkfigure.synth.violence.company import MOST_VICTIMS
from darkfigure.synth.violence.spec import Violence

CHANCE = Stream(1)


def violence(world: World, **changes: object) -> pa.Table:
    """Simulate the world's incidents under another specification."""
    return simulated_for(world, world.simulated.victims, build(Violence, changes, "test"))


def simulated_for(world: World, victims: Victims, spec: Violence) -> pa.Table:
    """Simulate the incidents of some victims."""
    simulated, period = world.simulated, world.simulated.period
    every = simulate_violence(victims.census, simulated.geography, period, spec, CHANCE)
    return every.suffered_by(victims, period, spec, CHANCE).incidents


def kinds(incidents: pa.Table) -> np.ndarray:
    """Give the kinds of violence as words."""
    return np.array(list(VIOLENCE))[codes_of(incidents["kind"], VIOLENCE)]


def words(incidents: pa.Table, name: str) -> np.ndarray:
    """Give a column of codes as words."""
    return np.array(incidents[name].cast("string").to_pylist())


def test_incidents_are_numbered_by_victim(borough: World):
    """Ids ascend, are unique, and tell the event and its first victim."""
    incidents = borough.simulated.incidents
    ids, victim = incidents["incident_id"].to_numpy(), incidents["victim"].to_numpy()
    assert (np.diff(ids) > 0).all()
    assert (ids // MOST_VICTIMS == incidents["event_id"].to_numpy()).all()
    first, slots = ids % MOST_VICTIMS == 0, len(VIOLENCE) * 8 * 16 * MOST_VICTIMS
    person_id = borough.simulated.victims.census.person_id[victim]
    assert (ids[first] // slots == person_id[first]).all()


def test_a_sample_holds_the_same_violence(borough: World):
    """Half of the households suffer what they suffer in the whole, by the same offenders."""
    simulated = borough.simulated
    whole = violence(borough)
    half = Victims.of(simulated.victims.census, borough.households[::2])
    part = simulated_for(borough, half, Violence())
    same = whole.filter(pa.array(np.isin(whole["victim"].to_numpy(), half.person)))
    assert same.combine_chunks().equals(part.combine_chunks())


def test_a_higher_rate_only_adds_acts(borough: World):
    """Twice the robberies leave everything else as it is, and every earlier robbery."""
    once, twice = violence(borough), violence(borough, scale={"robbery": 2.0})
    ids, more = (set(table["incident_id"].to_pylist()) for table in (once, twice))
    assert ids < more
    added = twice.filter(pa.array(~np.isin(twice["incident_id"], once["incident_id"])))
    assert set(kinds(added)) == {"robbery"}


def test_a_kind_can_be_switched_off(borough: World):
    """With scale 0 no course of a kind begins."""
    assert "night" not in kinds(violence(borough, scale={"night": 0.0}))


def test_places_can_be_spared(borough: World):
    """A gradient of 0 spares all but the most deprived fifth, at home and outside."""
    table = violence(borough, deprivation=(1.0, 0.0, 0.0, 0.0, 0.0))
    first = of_first_victims(table)
    home = borough.simulated.victims.census.lsoa[first["victim"].to_numpy()]
    assert set(borough.simulated.geography.quintile[home]) == {1}


def test_harassment_is_no_assault(borough: World):
    """Threats and control leave no injury, use no weapon and lead to no attendance."""
    table = borough.simulated.incidents
    threats = table.filter(pa.array(kinds(table) == "harassment"))
    assert set(words(threats, "injury")) == set(words(threats, "weapon")) == {"none"}
    assert not threats["ed_attended"].to_numpy(zero_copy_only=False).any()


def test_nobody_harms_themselves(borough: World):
    """The offender is somebody else, a resident of the simulated area."""
    table = borough.simulated.incidents
    victim, offender = table["victim"].to_numpy(), table["offender"].to_numpy()
    assert (victim != offender).all()
    assert offender.min() >= 0
    assert offender.max() < len(borough.simulated.victims.census.person_id)


def test_a_series_is_by_one_offender_in_order(borough: World):
    """Within a series victim, offender and relationship stay and time goes on with each turn.

    Only a child who comes of age is no child any more, but still kin.
    """
    table = borough.simulated.incidents
    series, turn = table["series_id"].to_numpy(), table["series_turn"].to_numpy()
    again = np.flatnonzero(series[1:] == series[:-1]) + 1
    assert len(again) > 0
    for name in ("victim", "offender"):
        values = table[name].to_numpy()
        assert (values[again] == values[again - 1]).all()
    relationship = words(table, "relationship")
    other = again[relationship[again] != relationship[again - 1]]
    assert (relationship[other - 1] == "parent").all()
    assert (relationship[other] == "family").all()
    occurred = table["occurred_s"].to_numpy()
    assert (occurred[again] > occurred[again - 1]).all()
    assert (turn[again] == turn[again - 1] + 1).all()


def test_some_series_began_before_the_study(borough: World):
    """The first act seen of some series is not its first."""
    table = borough.simulated.incidents
    _, first = np.unique(table["series_id"].to_numpy(), return_index=True)
    assert table["series_turn"].to_numpy()[first].max() > 1


def test_partner_violence_escalates(borough: World):
    """Assaults are a larger share of the fifth and later acts than of the first.

    The expected shares are about 0.13 and 0.18, thousands of acts each: false alarm below 1e-4.
    """
    table = borough.simulated.incidents
    partner = np.isin(words(table, "relationship"), ("partner", "ex_partner"))
    assault, turn = kinds(table) != "harassment", table["series_turn"].to_numpy()
    assert assault[partner & (turn >= 5)].mean() > assault[partner & (turn == 1)].mean()


def public_assaults(table: pa.Table) -> pa.Table:
    """Take the assaults that a household survey hears of."""
    inside = np.isin(words(table, "relationship"), ("partner", "ex_partner", "family"))
    return table.filter(pa.array((kinds(table) != "harassment") & ~inside))


def victims_by_times(world: World, table: pa.Table) -> np.ndarray:
    """Give the shares of victims with 1, 2, and 3 or more assaults in the first year."""
    period = world.simulated.period
    year = table["occurred_s"].to_numpy() < period.start_s + 365 * DAY_S
    victim = public_assaults(table.filter(pa.array(year)))["victim"].to_numpy()
    times = np.minimum(np.unique(victim, return_counts=True)[1], 3)
    return np.bincount(times, minlength=4)[1:] / len(times)


def test_few_victims_suffer_many_acts(borough: World):
    """Victims of 1, 2, 3 or more acts a year are about .76, .13 and .11.

    About a thousand victims: a distance of .06 is over four standard errors (alpha about 1e-5).
    """
    shares = victims_by_times(borough, borough.simulated.incidents)
    assert np.abs(shares - [0.76, 0.13, 0.11]).max() < 0.06


def test_frailty_makes_repeat_victims(borough: World):
    """Where all are alike, fewer victims suffer a second act within the year."""
    alike = victims_by_times(borough, violence(borough, frailty_sd=0.0))
    assert alike[0] > victims_by_times(borough, violence(borough, frailty_sd=1.5))[0]


def overlap(world: World, table: pa.Table) -> float:
    """Give the odds ratio of having harmed and having been harmed, among adults."""
    adult = world.simulated.victims.census.age_years >= 16
    assaults = table.filter(pa.array(kinds(table) != "harassment"))
    harmed, harms = (
        np.bincount(assaults[name].to_numpy(), minlength=len(adult))[adult] > 0
        for name in ("victim", "offender")
    )
    both, neither = (harmed & harms).sum(), (~harmed & ~harms).sum()
    return float(both * neither / ((harmed & ~harms).sum() * (~harmed & harms).sum()))


def test_victims_and_offenders_overlap(borough: World):
    """The odds ratio is about 3, and lower where offending does not depend on proneness.

    Of first victims: who hits back is both. Some 3,000 victims and as many offenders: the standard
    error of its log is about 0.06, so the bounds are over four standard errors away.
    """
    assert 2.2 < overlap(borough, of_first_victims(violence(borough))) < 4.2
    alike = of_first_victims(violence(borough, offending_by_proneness=0.0))
    assert overlap(borough, alike) < 2.2
    assert overlap(borough, violence(borough)) > 4.2


def of_first_victims(table: pa.Table) -> pa.Table:
    """Leave out companions, and offenders who are hit."""
    return table.filter(pa.array(table["incident_id"].to_numpy() % MOST_VICTIMS == 0))


def test_witnesses_are_children_of_the_house(borough: World):
    """Whoever witnesses is a minor of the victim's household, and neither victim nor offender."""
    simulated = borough.simulated
    census, table = simulated.victims.census, simulated.incidents
    seen, witness = simulated.witnesses, simulated.witnesses["witness"].to_numpy()
    row = np.searchsorted(table["incident_id"].to_numpy(), seen["incident_id"].to_numpy())
    victim, offender = (table[name].to_numpy()[row] for name in ("victim", "offender"))
    assert (census.household[witness] == census.household[victim]).all()
    assert (census.age_years[witness] < 18).all()
    assert not ((witness == victim) | (witness == offender)).any()
    assert set(words(table, "place")[row]) == {"own_home"}


@given(st.integers(0, 2**33))
def test_weeks_begin_on_monday(seconds: int):
    """The beginning of a week is a Monday at midnight, less than a week before."""
    begin = int(week_begin(np.array([seconds]))[0])
    first_day = dt.date(1970, 1, 1) + dt.timedelta(days=begin // DAY_S)
    assert first_day.weekday() == 0
    assert begin % DAY_S == 0
    assert 0 <= seconds - begin < WEEK_S


@pytest.mark.parametrize("profile", ["public_nte", "domestic", "street", "work", "school"])
def test_times_stay_in_their_period(profile: str):
    """Times drawn lie in the period."""
    ids, profiles = np.arange(5_000), np.full(5_000, profile)
    period = Period.of(dt.date(2021, 4, 1), 1)
    times = hours_drawn(period, profiles, ids, CHANCE)
    assert period.start_s <= times.min() <= times.max() < period.end_s
