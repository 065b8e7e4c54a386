"""The people of the census: as many as published, of the right ages, living together plausibly.

The census is made by quota, so most of these hold exactly; where a rate is drawn, the test allows
six standard errors (a false alarm in 5e8 runs with fresh seeds).
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.pipeline import World
from darkfigure.synth.population import Census, Population, sample_households, take_census
from darkfigure.synth.population.backgrounds import background_counts
from darkfigure.synth.population.families import CHILD, ELDER, GROWN_CHILD, PARTNER
from darkfigure.synth.population.institutions import (
    CARE_HOME,
    NO_FIXED_ABODE,
    PRISON,
    PRISONERS,
    STUDENT_HALL,
    communal_residents,
)
from darkfigure.synth.reference import load
from darkfigure.synth.schema import ETHNIC_BACKGROUND, GROUP_OF_BACKGROUND
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.violence.acts import Victims

MERTHYR = "W06000024"


@pytest.fixture(scope="module")
def merthyr(borough: World) -> Census:
    """Everybody in Merthyr Tydfil on the day the study begins."""
    geography, scenario = wales(), borough.scenario
    chance = Stream(scenario.seed).stage("population")
    return take_census(geography, geography.select(scenario.areas), scenario.population, chance)


@pytest.fixture(scope="module")
def everybody() -> Census:
    """Everybody in Wales."""
    geography, chance = wales(), Stream(1).stage("population")
    return take_census(geography, np.arange(len(geography.code)), Population(), chance)


def _anchor(census: Census, person: np.ndarray) -> np.ndarray:
    return census.household_first[census.household[person]]


def test_merthyr_has_its_published_residents_and_households(merthyr: Census):
    """Census 2021: 58,839 usual residents in 25,783 households."""
    assert len(merthyr.person_id) == 58_839
    assert (merthyr.household_home == 0).sum() == 25_783


def test_every_neighbourhood_has_its_residents_and_households(everybody: Census):
    """Residents and households of each of the 1,917 neighbourhoods are those published."""
    geography = wales()
    private = everybody.household_home == 0
    assert (np.bincount(everybody.lsoa) == geography.residents).all()
    assert (np.bincount(everybody.household_lsoa[private]) == geography.households).all()


def test_everybody_has_an_id_of_their_own(merthyr: Census):
    """Ids ascend through households and neighbourhoods."""
    assert (np.diff(merthyr.person_id) > 0).all()
    assert (np.diff(merthyr.household_id) > 0).all()


def test_types_of_household_are_those_published(everybody: Census):
    """Each of the twelve published types has its share of households, within 1 %."""
    private = everybody.household_home == 0
    young = np.bincount(everybody.household, everybody.role == CHILD)[private]
    size = everybody.household_size[private]
    adults = size - young
    for row in load("household_types").to_pylist():
        lone, few = row["adults"] == 1, row["adults"] + row["children"] < 5
        least = 4 if few else 5
        if row["open_ended"]:
            kind = (size == least) if few else (size >= least)
            kind &= (young > 0) == (row["children"] > 0)
            kind &= (adults == 1) if lone else (adults > 1)
        else:
            kind = (adults == row["adults"]) & (young == row["children"])
        assert kind.mean() == pytest.approx(row["share"], rel=0.01), row


def test_sexes_are_those_published(merthyr: Census):
    """Of Merthyr's residents 30,083 are female, to the nearest person of each authority."""
    assert 30_083 == int((merthyr.sex == 0).sum())


def test_ages_are_those_published(merthyr: Census):
    """Each five-year band holds its published share of the authority, to a handful of people."""
    bands = [row for row in load("ages").to_pylist() if row["la_code"] == MERTHYR]
    edges = [row["age_from"] for row in bands] + [105]
    seen = np.histogram(merthyr.age_years, edges)[0]
    total = sum(row["persons"] for row in bands)
    wanted = np.array([row["persons"] for row in bands]) * seen.sum() / total
    assert np.abs(seen - wanted).max() <= 5


def test_ethnic_groups_are_those_published(everybody: Census):
    """Each neighbourhood has its published number of people of each group, to one person."""
    geography = wales()
    counts = np.zeros(geography.ethnic.shape)
    np.add.at(counts, (everybody.lsoa, everybody.ethnic), 1)
    assert np.abs(counts - geography.ethnic * geography.residents[:, None]).max() < 1.001


def test_backgrounds_are_those_published(everybody: Census):
    """Within each of the five groups, authorities have their published shares, to a household."""
    authority, group = wales().authority[everybody.lsoa], np.array(GROUP_OF_BACKGROUND)
    counts = np.zeros((22, len(ETHNIC_BACKGROUND)))
    np.add.at(counts, (authority, everybody.background), 1)
    assert (group[everybody.background] == everybody.ethnic).all()
    same = group[:, None] == group
    published = background_counts()
    wanted = published / (published @ same) * (counts @ same)
    plain = group != 3  # those of mixed group follow from their parents
    assert np.abs(counts - wanted)[:, plain].max() <= 6
    mixed = counts.sum(axis=0)[~plain] / wanted.sum(axis=0)[~plain]
    assert mixed == pytest.approx(1, rel=0.03)


def test_most_households_are_of_one_ethnic_group(everybody: Census):
    """One in fifty couples is of two groups, and few other households are."""
    first = everybody.household_first
    two = np.minimum.reduceat(everybody.ethnic, first) != np.maximum.reduceat(
        everybody.ethnic, first
    )
    assert 0.008 < two.mean() < 0.02


def test_parents_are_old_enough(merthyr: Census):
    """A mother was between 14 and 50 at a birth, and a father at least 14."""
    child = np.flatnonzero(np.isin(merthyr.role, (CHILD, GROWN_CHILD)))
    anchor = _anchor(merthyr, child)
    gap = merthyr.age_years[anchor] - merthyr.age_years[child]
    assert gap.min() > 14
    assert gap[merthyr.sex[anchor] == 0].max() < 50
    coupled = merthyr.role[anchor + 1] == PARTNER
    assert (merthyr.age_years[anchor + 1] - merthyr.age_years[child])[coupled].min() > 14


def test_three_generations_live_together(merthyr: Census):
    """Some households hold an elder, at least 14 years older than the anchor."""
    elder = np.flatnonzero(merthyr.role == ELDER)
    assert len(elder) > 100
    assert (merthyr.age_years[elder] - merthyr.age_years[_anchor(merthyr, elder)]).min() > 14


def test_partners_are_of_similar_age(merthyr: Census):
    """Nine in ten couples are less than ten years apart; none has a child for a partner."""
    partner = np.flatnonzero(merthyr.role == PARTNER)
    apart = np.abs(merthyr.age_years[partner - 1] - merthyr.age_years[partner])
    assert (apart < 10).mean() > 0.9
    assert merthyr.age_years[partner].min() >= 18


def test_brothers_and_sisters_are_twins_or_a_pregnancy_apart(everybody: Census):
    """Twins share their birthday; all others are at least nine months apart."""
    child = everybody.role == CHILD
    pair = np.flatnonzero(child[1:] & child[:-1] & (np.diff(everybody.household) == 0)) + 1
    apart = everybody.age_years[pair - 1] - everybody.age_years[pair]
    twin = everybody.twin[pair]
    assert (apart[twin] == 0).all()
    assert apart[~twin].min() > 0.75


def test_multiple_births_are_as_many_as_published(everybody: Census):
    """Of 1,000 maternities 13.5 to 15.5 are multiple."""
    maternities = (everybody.role == CHILD) & ~everybody.twin
    # A triplet's second twin would count one maternity twice.
    multiple = everybody.twin & (everybody.role == CHILD)
    multiple[1:] &= ~everybody.twin[:-1]
    assert 13.5 < 1_000 * multiple.sum() / maternities.sum() < 15.5


def test_institutions_stand_where_they_belong(everybody: Census):
    """Care homes hold the old, halls students, prisons men; some have no abode."""
    age, home = everybody.age_years, everybody.home
    assert np.median(age[home == CARE_HOME]) > 84
    assert age[home == STUDENT_HALL].max() < 24
    assert everybody.sex[home == PRISON].min() == 1
    assert (home == NO_FIXED_ABODE).sum() > 1_000
    assert 0.014 < (home > 0).mean() < 0.02
    residents = communal_residents(Stream(1).stage("population").stage("institutions")).residents
    assert residents[:, PRISON].sum() == sum(PRISONERS.values())


@settings(max_examples=12, deadline=None)
@given(st.tuples(st.integers(1, 58_839), st.integers(1, 58_839)).map(sorted))
def test_samples_nest_and_have_the_size_asked_for(borough: World, sizes: list[int]):
    """A larger sample holds every household of a smaller one, and both their size but for one."""
    chance, census = Stream(1).stage("sample"), borough.life_courses.census
    small, large = (sample_households(census, size, chance) for size in sizes)
    assert not np.setdiff1d(small, large).size
    for size, households in zip(sizes, (small, large), strict=True):
        people = (census.household_size * census.household_resident)[households]
        assert people.sum() >= size > people.sum() - people.max()


def test_a_sample_is_spread_over_the_neighbourhoods(merthyr: Census):
    """A tenth of the people take about a tenth of every neighbourhood."""
    chosen = Victims.of(merthyr, sample_households(merthyr, 5_884, Stream(1).stage("sample")))
    lsoa = merthyr.lsoa
    shares = np.bincount(lsoa[chosen.person], minlength=lsoa.max() + 1) / np.maximum(
        np.bincount(lsoa), 1
    )
    assert shares[np.unique(lsoa)].min() > 0.05
    assert shares.max() < 0.16
