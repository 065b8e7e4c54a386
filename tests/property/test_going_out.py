"""Going out: chosen places serve their purpose, are near enough, and are met again.

Statistical tests compare shares of 20,000 draws or more with what they should be and allow six
standard errors: each raises a false alarm less than once in a hundred million runs. Distances and
concentration depend on the seed's places; eight other seeds lay well within all bounds.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.coordinates import distance_km, home_coordinates
from darkfigure.synth.setting.geography import communal_kind, wales
from darkfigure.synth.setting.going_out import (
    PURPOSES,
    Outings,
    choose_homes,
    choose_places,
    purpose_pulls,
)
from darkfigure.synth.setting.gravity import Decay, Gravity, away_km
from darkfigure.synth.setting.places import LICENSED, places
from darkfigure.synth.setting.school_choice import Schoolchildren, schools_attended
from darkfigure.synth.setting.schools import school_sites

CHANCE = Stream(5)
LSOAS = len(wales().code)
HABITS = {row["purpose"]: row for row in load("outing_distances").to_pylist()}


def acts(purpose: str, count: int, people: int = 0) -> Outings:
    """Make acts of people who live as Wales does, each act of another person unless few are."""
    act = np.arange(count)
    person = act % people if people else act
    lsoa = Stream(3).pick("home", person, wales().residents)
    age = Stream(3).uniform("age", person) * 16
    none = np.zeros(count, np.int64)
    pupils = Schoolchildren(lsoa, person, person, age, age >= 11, none, none > 0)
    return Outings(np.full(count, PURPOSES.index(purpose)), lsoa, person, act, pupils)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_places_serve_their_purpose(purpose: str):
    """Nobody buys food at a factory; pupils are at schools and patients in hospitals."""
    fixed = {"school": "school", "health": "hospital", "custody": "custody"}
    rows = choose_places(acts(purpose, 2_000), CHANCE)
    every = places(CHANCE)
    if purpose in fixed:
        assert np.isin(rows, every.rows(fixed[purpose])).all()
    else:
        assert (purpose_pulls(purpose)[every.kind[rows]] > 0).all()


@given(st.lists(st.integers(0, 999), min_size=1, max_size=60, unique=True))
@settings(deadline=None, max_examples=30)
def test_choices_do_not_depend_on_each_other(rows: list[int]):
    """A place is chosen for an act, whoever else chooses and in whatever order."""
    every = acts("park", 1_000)
    every = Outings(
        np.arange(1_000) % len(PURPOSES),
        every.home_lsoa,
        every.person_id,
        every.act_id,
        every.pupils,
    )
    chosen = choose_places(every, CHANCE)
    assert chosen[rows].tolist() == choose_places(every.at(np.array(rows)), CHANCE).tolist()


def test_a_person_has_one_workplace():
    """All acts at work of one person happen in one place."""
    working = acts("work", 3_000, people=300)
    rows = choose_places(working, CHANCE)
    assert len({*zip(working.person_id.tolist(), rows.tolist(), strict=True)}) == 300


def test_pupils_are_at_the_school_that_they_attend():
    """The place's code is that of the school of the pupil's record."""
    pupils = acts("school", 2_000)
    attended = schools_attended(pupils.pupils, CHANCE.stage("education"))
    expected = school_sites().code[attended]
    code = places(CHANCE).code[choose_places(pupils, CHANCE)]
    assert expected.tolist() == code.tolist()


def test_custody_is_in_the_force_of_the_home():
    """Nobody is taken across a force's border."""
    held = acts("custody", 2_000)
    lsoa = places(CHANCE).lsoa[choose_places(held, CHANCE)]
    assert np.array_equal(wales().force[held.home_lsoa], wales().force[lsoa])


@pytest.mark.parametrize("purpose", ["night_out", "drink_local", "shopping"])
def test_people_come_back_to_their_regular_places(purpose: str):
    """Two acts of a person share a place as often as habits and chance meetings make them.

    Both go to a regular place with the square of its share, and to the same one in one of so many;
    else they meet as often as two neighbours who do not know each other.
    """
    habit, pairs = HABITS[purpose], acts(purpose, 40_000, people=20_000)
    neighbours = replace(pairs, person_id=np.arange(40_000))
    same, met = (
        np.mean(rows[:20_000] == rows[20_000:])
        for rows in (choose_places(each, CHANCE) for each in (pairs, neighbours))
    )
    returned = habit["regular_share"] ** 2 / habit["regulars"]
    expected = returned + (1 - returned) * met
    assert abs(same - expected) < 6 * np.sqrt(2 * expected / 20_000)


@pytest.mark.parametrize("purpose", [name for name in HABITS if name != "home"])
def test_towns_people_go_as_far_as_published(purpose: str):
    """Median and mean of the distance from home lie within a fifth of the table's."""
    going = acts(purpose, 40_000)
    town = np.flatnonzero(~wales().rural[going.home_lsoa])
    chosen = places(CHANCE).at(choose_places(going, CHANCE)[town])
    home = home_coordinates(going.home_lsoa[town], np.arange(len(town)) % 400)
    away = distance_km(home, (chosen.latitude, chosen.longitude))
    assert np.median(away) == pytest.approx(HABITS[purpose]["median_km"], rel=0.2)
    assert np.mean(away) == pytest.approx(HABITS[purpose]["mean_km"], rel=0.2)


def test_homes_of_others_are_private_and_near():
    """The other's home is a household's, at the table's median distance within a fifth."""
    home = acts("other", 40_000).home_lsoa
    home = home[~wales().rural[home]]
    ids = np.arange(len(home))
    lsoa, dwelling = choose_homes(home, ids, CHANCE)
    assert (communal_kind(lsoa, dwelling) == 0).all()
    assert (dwelling < wales().households[lsoa]).all()
    away = distance_km(home_coordinates(home, ids % 400), home_coordinates(lsoa, dwelling))
    assert np.median(away) == pytest.approx(HABITS["home"]["median_km"], rel=0.2)


def _holders(count: Ints, share: float) -> float:
    """Give the share of units that hold a share of the whole."""
    held = np.cumsum(np.sort(count)[::-1]) / count.sum()
    return float((np.searchsorted(held, share) + 1) / len(count))


def test_few_neighbourhoods_hold_half_of_the_night():
    """Half of acts in public at night lies in 3 to 8 % of neighbourhoods, as assumed for Wales."""
    rows = [choose_places(acts("night_out", 65_000), CHANCE)]
    rows.append(choose_places(acts("street_night", 35_000), CHANCE))
    lsoa = places(CHANCE).lsoa[np.concatenate(rows)]
    assert 0.03 < _holders(np.bincount(lsoa, minlength=LSOAS), 0.5) < 0.08


def test_few_premises_hold_half_of_nights_out():
    """Half of acts in licensed premises lies in 3 to 8 % of them, as assumed for Wales."""
    rows = choose_places(acts("night_out", 100_000), CHANCE)
    count = np.bincount(rows, minlength=len(places(CHANCE)))
    count = count[np.isin(places(CHANCE).kind, LICENSED)]
    assert 0.03 < _holders(count, 0.5) < 0.08


def test_gravity_draws_in_proportion():
    """What is drawn from a neighbourhood follows attraction times decay."""
    attraction, decay = np.arange(LSOAS) % 7 * 1.0, Decay(3.0, 2.0)
    gravity, origin = Gravity.of(attraction, decay), 900
    drawn = gravity.drawn(np.full(50_000, origin), Stream(1).uniform("u", np.arange(50_000)))
    away = away_km(np.array([origin]), np.arange(LSOAS))[0]
    rural = wales().rural[origin].astype(float)
    expected = attraction * decay.at(away, rural)
    expected /= expected.sum()
    count = np.bincount(drawn, minlength=LSOAS)
    assert (count[attraction == 0] == 0).all()
    assert (np.abs(count - 50_000 * expected) < 6 * np.sqrt(50_000 * expected) + 6).all()


@cache
def even_gravity() -> Gravity:
    """Reckon gravity where every neighbourhood attracts alike."""
    return Gravity.of(np.ones(LSOAS), Decay(2.0, 3.0))


@given(st.floats(0, 1, exclude_max=True), st.integers(0, LSOAS - 1))
@settings(deadline=None)
def test_gravity_reaches_every_share(chance: float, origin: int):
    """The destination is the first whose added shares pass the number."""
    gravity = even_gravity()
    drawn = gravity.drawn(np.array([origin]), np.array([chance]))
    row = gravity.shares[origin]
    expected = min(np.searchsorted(row, np.float32(chance), side="right"), LSOAS - 1)
    assert [expected] == drawn.tolist()


def test_gravity_tables_fit_in_memory():
    """All purposes together take less than 150 MB, though each has a row per neighbourhood."""
    purposes = [purpose for purpose in HABITS if purpose != "home"]
    every = places(CHANCE)
    widths = [
        len(np.unique(every.lsoa[purpose_pulls(purpose)[every.kind] > 0])) for purpose in purposes
    ]
    assert (sum(widths) + LSOAS) * LSOAS * np.dtype(np.float32).itemsize < 150e6
