"""Company and severity: who else is in an act of violence, and what the weapon does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.pipeline import World
from darkfigure.synth.population import Census
from darkfigure.synth.schema import SEVERITY
from darkfigure.synth.violence.acts import Victims, simulate_violence
from darkfigure.synth.violence.company import HIT_BACK, MOST_VICTIMS, Peers
from darkfigure.synth.violence.spec import Violence


@pytest.fixture(scope="module")
def events(borough: World) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Incidents of everybody in a borough, and the roles in their events."""
    simulated = borough.simulated
    everybody = Victims(simulated.victims.census, np.arange(len(simulated.victims.census.role)))
    period, spec, chance = simulated.period, Violence(), simulated.chance
    every = simulate_violence(everybody.census, simulated.geography, period, spec, chance)
    found = every.suffered_by(everybody, period, spec, chance)
    return found.incidents.to_pandas(), found.roles.to_pandas()


@pytest.fixture(scope="module")
def census(borough: World) -> Census:
    """Everybody of the borough."""
    return borough.simulated.victims.census


def test_some_events_harm_several_people(events):
    """A fifth to a third of assaults at night harm more than one; threats never do."""
    incidents, _ = events
    sizes = incidents.groupby("event_id").agg(kind=("kind", "first"), harmed=("victim", "size"))
    assert 0.3 < (sizes.harmed[sizes.kind == "night"] > 1).mean() < 0.6
    assert (sizes.harmed[sizes.kind == "harassment"] == 1).all()


def test_people_harmed_together_share_time_and_place(events):
    """One event has one time and one neighbourhood; one victim's home is another's friend's."""
    incidents, _ = events
    incidents = incidents.assign(
        place=incidents.place.astype(str).replace("other_home", "own_home")
    )
    shared = incidents.groupby("event_id")[["occurred_s", "place", "lsoa"]].nunique()
    assert (shared == 1).all(axis=None)


def test_whoever_hits_back_harms_the_offender(events):
    """The one who is hit is the offender of the first victim, who hits without a weapon."""
    incidents, _ = events
    back = incidents[incidents.incident_id % MOST_VICTIMS == HIT_BACK]
    first = incidents[incidents.incident_id % MOST_VICTIMS == 0].set_index("event_id")
    assert len(back) > 50
    assert (first.loc[back.event_id, "offender"].to_numpy() == back.victim.to_numpy()).all()
    assert (first.loc[back.event_id, "victim"].to_numpy() == back.offender.to_numpy()).all()
    assert set(back.weapon) == {"none"}


def test_every_event_has_its_offender_among_its_roles(events):
    """Each first offender, and nobody twice in a role."""
    incidents, roles = events
    offenders = roles[roles.role == "offender"]
    named = set(zip(offenders.event_id, offenders.person, strict=True))
    first = incidents[incidents.incident_id % MOST_VICTIMS == 0]
    assert set(zip(first.event_id, first.offender, strict=True)) <= named
    assert not roles.duplicated().any()


def test_the_young_offend_together(events, census):
    """Under 18 in a third of public assaults and more; from 40 in less than they do.

    Some hundred acts each, shares about .5 and .2: false alarm below 1e-3.
    """
    incidents, roles = events
    first = incidents[incidents.incident_id % MOST_VICTIMS == 0].set_index("event_id")
    public = first[first.kind.isin(["night", "stranger", "acquaintance", "school"])]
    count = roles[roles.role == "offender"].groupby("event_id").size()
    together = count.reindex(public.index) > 1
    age = census.age_years[public.offender.to_numpy()]
    assert together[age < 18].mean() > 0.33
    assert together[age < 18].mean() > together[age >= 40].mean()


def test_the_same_people_offend_together_again(events):
    """Of pairs that offend together, more do so again than if companions were drawn anew."""
    _, roles = events
    offenders = roles[roles.role == "offender"]
    pairs = offenders.merge(offenders, on="event_id")
    pairs = pairs[pairs.person_x < pairs.person_y]
    again = pairs.groupby(["person_x", "person_y"]).size()
    assert (again > 1).mean() > 0.05


def test_nobody_under_ten_offends(events, census):
    """Ten is the age of criminal responsibility."""
    incidents, roles = events
    offenders = roles.person[roles.role == "offender"]
    assert census.age_years[offenders].min() >= 10
    assert census.age_years[incidents.offender].min() >= 10


def test_peers_are_of_like_age_and_near(census):
    """Companions differ by some years at most, and a person has at most seven."""
    peers = Peers.of(census, Stream(1))
    person = np.flatnonzero((census.age_years > 15) & (census.age_years < 30))
    for turn in (1, 4):
        other = peers.companion(person, np.full(len(person), turn))
        known = other >= 0
        apart = census.age_years[person[known]] - census.age_years[other[known]]
        assert np.quantile(np.abs(apart), 0.9) < 6
        assert (other[known] != person[known]).all()
    assert (peers.companion(person, np.full(len(person), 8)) == -1).all()


def test_knives_wound_more_gravely_than_fists(events):
    """Of the injured, a larger share is seriously hurt or worse; hundreds of acts each."""
    incidents, _ = events
    level = incidents.severity.map(list(SEVERITY).index).astype(int)
    hurt = incidents[level > 0].assign(grave=level[level > 0] >= list(SEVERITY).index("serious"))
    grave = hurt.groupby("weapon", observed=True).grave.mean()
    assert grave["sharp"] > 2 * grave["none"]


def test_kinds_keep_their_mix_of_injuries(events):
    """Weapons move injuries about within a kind, not its shares: night assaults .47, .23, .30.

    About a thousand acts: standard error .016, bounds at five of these.
    """
    incidents, _ = events
    first = incidents[incidents.incident_id % MOST_VICTIMS == 0]
    shares = first[first.kind == "night"].injury.value_counts(normalize=True)
    for name, share in (("none", 0.47), ("minor", 0.23), ("wounding", 0.30)):
        assert shares[name] == pytest.approx(share, abs=0.08)
