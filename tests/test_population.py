"""The people of the census: as many as published, of the right ages, living together plausibly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.chance import Stream
from synth.errors import UnknownNameError
from synth.geography import INWARD, addresses, wales
from synth.pipeline import World
from synth.population import ANCHOR, CHILD, PARTNER, sample_households
from synth.reference import load
from synth.violence import Victims


def test_merthyr_has_its_published_residents_and_households(borough: World):
    """Census 2021: 58,839 usual residents in 25,783 households."""
    census = borough.happened.victims.census
    communal = np.unique(census.household[census.role > 4])
    assert len(census.person_id) == 58_839
    assert len(census.household_size) - len(communal) == 25_783


def test_everybody_has_an_id_of_their_own(borough: World):
    """Ids ascend through households and neighbourhoods."""
    assert (np.diff(borough.happened.victims.census.person_id) > 0).all()
    assert (np.diff(borough.happened.victims.census.household_id) > 0).all()


def test_sexes_are_those_published(borough: World):
    """Of Merthyr's residents 30,083 are female, to the nearest person of each authority."""
    assert 30_083 == int((borough.happened.victims.census.sex == 0).sum())


def test_ages_are_those_published(borough: World):
    """Each five-year band holds its published share of the authority, to a handful of people."""
    table = load("ages").to_pylist()
    bands = [row for row in table if row["la_code"] == "W06000024"]
    edges = [row["age_from"] for row in bands] + [105]
    seen = np.histogram(borough.happened.victims.census.age_years, edges)[0]
    total = sum(row["persons"] for row in bands)
    wanted = np.array([row["persons"] for row in bands]) * seen.sum() / total
    assert np.abs(seen - wanted).max() <= 3


def test_children_live_with_adults_old_enough_to_be_their_parents(borough: World):
    """A dependent child is at least 14 years younger than the household's anchor."""
    census = borough.happened.victims.census
    child = np.flatnonzero(census.role == CHILD)
    anchor = census.household_first[census.household[child]]
    gap = census.age_years[anchor] - census.age_years[child]
    assert (census.role[anchor] == ANCHOR).all()
    assert gap.min() > 14


def test_partners_are_of_similar_age(borough: World):
    """Nine in ten couples are less than ten years apart; none has a child for a partner."""
    census = borough.happened.victims.census
    partner = np.flatnonzero(census.role == PARTNER)
    anchor = census.household_first[census.household[partner]]
    apart = np.abs(census.age_years[anchor] - census.age_years[partner])
    assert (apart < 10).mean() > 0.9
    assert census.age_years[partner].min() > 15


@settings(max_examples=12, deadline=None)
@given(st.tuples(st.integers(1, 58_839), st.integers(1, 58_839)).map(sorted))
def test_samples_nest_and_have_the_size_asked_for(borough: World, sizes: list[int]):
    """A larger sample holds every household of a smaller one, and both their size but for one."""
    chance = Stream(1).stage("sample")
    small, large = (
        sample_households(borough.happened.victims.census, size, chance) for size in sizes
    )
    assert not np.setdiff1d(small, large).size
    for size, households in zip(sizes, (small, large), strict=True):
        people = borough.happened.victims.census.household_size[households]
        assert people.sum() >= size > people.sum() - people.max()


def test_a_sample_is_spread_over_the_neighbourhoods(borough: World):
    """A tenth of the people take about a tenth of every neighbourhood."""
    census = borough.happened.victims.census
    chosen = Victims.of(census, sample_households(census, 5_884, Stream(1).stage("sample")))
    lsoa = census.lsoa
    shares = np.bincount(lsoa[chosen.person], minlength=lsoa.max() + 1) / np.maximum(
        np.bincount(lsoa), 1
    )
    assert shares[np.unique(lsoa)].min() > 0.05
    assert shares.max() < 0.16


def test_an_unknown_area_is_refused_with_the_nearest_name():
    """A misspelt local authority is answered by the right one."""
    with pytest.raises(UnknownNameError, match="Did you mean 'Merthyr Tydfil'"):
        wales().select(("Merthyr Tidfil",))


def test_no_inward_code_can_be_issued():
    """Every inward code has a letter that real ones never have."""
    assert all(set(code[1:]) & set("CIKMOV") for code in INWARD)


def test_postcodes_belong_to_one_neighbourhood_each():
    """No two neighbourhoods share a postcode, and neighbours on a street do."""
    geography = wales()
    lsoa = np.repeat(np.arange(len(geography.code)), 4)
    dwelling = np.tile([0, 1, 300, 301], len(geography.code))
    written = addresses(lsoa, dwelling, Stream(1))
    postcode = np.array(written.postcode.to_pylist()).reshape(-1, 4)
    assert (postcode[:, 0] == postcode[:, 1]).all()
    assert 2 * len(postcode) == len(np.unique(postcode))


def test_neighbourhoods_add_up_to_their_authorities():
    """Residents and households of LSOAs sum to the published totals."""
    geography = wales()
    for name, counts in (("population", geography.residents), ("households", geography.households)):
        totals = np.bincount(geography.authority, counts)
        assert geography.authorities[name].to_pylist() == totals.astype(int).tolist()
