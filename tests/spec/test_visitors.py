"""Visitors: people who live outside Wales, whom violence brings into its records."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives.visitors import Visitors, invite
from darkfigure.synth.pipeline import World
from darkfigure.synth.population import sample_households
from darkfigure.synth.storage.dataset import Dataset

LISTS = {"gp", "education", "child_health", "social_care"}


@pytest.fixture(scope="module")
def people(village: Dataset) -> pa.Table:
    """Everybody in the truth who lives outside Wales but was met as one of the sample."""
    everybody = village.read("truth/persons")
    return everybody.filter(
        pc.and_(
            pc.equal(everybody["home"].cast(pa.string()), "outside_wales"), everybody["sampled"]
        )
    )


def test_visitors_have_no_neighbourhood(people: pa.Table):
    """They have no place in Wales, and everybody else of the sample has one."""
    assert people.num_rows > 0
    assert people["lsoa_code"].null_count == people.num_rows
    assert people["local_authority"].null_count == people.num_rows


def test_visitors_have_an_address_in_england(people: pa.Table, village: Dataset):
    """Each has one address, with a postcode that is in no neighbourhood."""
    every = village.read("truth/addresses")
    own = every.filter(pc.is_in(every["person_id"], people["person_id"].combine_chunks()))
    assert own.num_rows == people.num_rows
    assert own["lsoa_code"].null_count == own.num_rows
    assert own["postcode"].null_count == own["town"].null_count == 0


def test_no_list_of_wales_holds_visitors(people: pa.Table, village: Dataset):
    """Practices, schools and children's services do not know them."""
    about = village.read("truth/record_persons")
    own = about.filter(pc.is_in(about["person_id"], people["person_id"].combine_chunks()))
    assert not LISTS & set(own["source"].cast(pa.string()).to_pylist())


def test_visitors_are_harmed_in_public_alone(borough: World):
    """Nobody is abused at home who has no home in Wales."""
    incidents = borough.simulated.incidents
    census = borough.simulated.victims.census
    harmed = census.visits[incidents["victim"].to_numpy()]
    places = np.array(incidents["place"].cast(pa.string()).to_pylist())
    assert harmed.any()
    assert "own_home" not in places[harmed]
    first = incidents["event_id"].to_numpy() * 8 == incidents["incident_id"].to_numpy()
    kinds = np.array(incidents["kind"].cast(pa.string()).to_pylist())[harmed & first]
    assert not {"partner", "child", "school"} & set(kinds)


def test_violence_outside_wales_is_by_visitors_and_unknown(borough: World):
    """Of what happens outside Wales no police, ambulance or department of Wales learns."""
    incidents = borough.simulated.incidents
    abroad = incidents.filter(incidents["abroad"])
    first = abroad.filter(pc.equal(pc.multiply(abroad["event_id"], 8), abroad["incident_id"]))
    census = borough.simulated.victims.census
    assert first.num_rows > 0
    assert census.visits[first["offender"].to_numpy()].all()
    for column in ("ed_attended", "ambulance", "admitted"):
        assert not pc.any(abroad[column]).as_py()
    assert set(abroad["police_status"].cast(pa.string()).to_pylist()) == {"never_reported"}


def test_places_outside_wales_are_not_told(village: Dataset):
    """In the truth an event has a place if and only if it happened in Wales."""
    events = village.read("truth/events")
    outside = pc.equal(events["site_kind"].cast(pa.string()), "outside_wales")
    for column in ("lsoa_code", "latitude", "longitude"):
        assert pc.is_null(events[column]).equals(outside)


def test_visitors_change_nobody_else(borough: World):
    """Without visitors everybody else is the same person; samples with them nest."""
    census = borough.life_courses.census
    none = invite(census, Visitors(per_household=0), Stream(1))
    assert (none.person_id == census.person_id).all()
    more = invite(census, Visitors(per_household=0.5), Stream(1))
    assert np.isin(census.person_id, more.person_id).all()
    small, large = (
        set(more.household_id[sample_households(more, persons, Stream(1))].tolist())
        for persons in (500, 2_000)
    )
    assert small < large
