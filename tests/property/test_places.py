"""Public places: where they stand, how they differ, and what they are called.

No test here draws samples to compare with rates, so none raises a false alarm by chance, except the
one that says so.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import WELSH_SITES
from darkfigure.synth.setting.calendar import DAY_S
from darkfigure.synth.setting.coordinates import (
    coordinates,
    distance_km,
    home_coordinates,
    radius_km,
)
from darkfigure.synth.setting.geography import FIRST_SPARE, spare_dwellings, wales
from darkfigure.synth.setting.places import KINDS, LICENSED, Places, places
from darkfigure.synth.setting.premises import PREMISES, premises_names
from darkfigure.synth.setting.schools import school_sites
from darkfigure.synth.setting.town_centres import town_centres

CHANCE = Stream(5)
SLACK_KM = 0.01  # a flat map is true to a thousandth


@pytest.fixture(scope="module")
def every() -> Places:
    """Make all places once."""
    return places(CHANCE)


def test_there_are_places_of_every_kind(every: Places):
    """The kinds of the table, each somewhere; and rows come in order of kind and neighbourhood."""
    assert set(range(len(KINDS))) == set(every.kind.tolist())
    order = every.kind * len(wales().code) + every.lsoa
    assert (np.diff(order) >= 0).all()


def test_keys_of_places_are_unique(every: Places):
    """No two places share their draws."""
    assert len(every) == len(np.unique(every.key))


def test_places_stand_in_their_neighbourhood(every: Places):
    """None is further from the middle than the neighbourhood's radius."""
    middle = coordinates()[0][every.lsoa], coordinates()[1][every.lsoa]
    away = distance_km((every.latitude, every.longitude), middle)
    assert (away <= radius_km()[every.lsoa] + SLACK_KM).all()


def test_the_same_world_has_the_same_places():
    """Another seed puts them elsewhere; the same seed anew makes the same."""
    first, second = places(Stream(5)), places.__wrapped__(Stream(5))
    assert np.array_equal(first.crowd, second.crowd)
    assert np.array_equal(first.lsoa, second.lsoa)
    other = places(Stream(6))
    assert not np.array_equal(first.lsoa[: len(other)], other.lsoa[: len(first)])


def test_landmarks_do_not_depend_on_the_seed(every: Places):
    """Hospitals, stations and schools stand in the same neighbourhoods in every world."""
    fixed = "hospital", "station", "bus_station", "custody", "school"
    other = places(Stream(6))
    assert np.array_equal(every.lsoa[every.rows(*fixed)], other.lsoa[other.rows(*fixed)])


def test_hospitals_and_schools_keep_their_codes(every: Places):
    """Codes of hospitals index the schema's sites; those of schools are the schools'."""
    hospital = every.rows("hospital")
    assert list(range(len(WELSH_SITES))) == sorted(every.code[hospital].tolist())
    named = dict(zip(every.code[hospital].tolist(), every.names(hospital).to_pylist(), strict=True))
    assert list(WELSH_SITES.values()) == [named[code] for code in range(len(WELSH_SITES))]
    listed = school_sites()
    assert sorted(listed.code.tolist()) == sorted(every.code[every.rows("school")].tolist())


def test_licensed_premises_are_named_as_notes_name_them(every: Places):
    """The first of a neighbourhood have the names that emergency departments write."""
    rows = np.flatnonzero(np.isin(every.kind, LICENSED) & (every.number < PREMISES))
    expected = premises_names(every.lsoa[rows], every.number[rows], CHANCE)
    assert expected.to_pylist() == every.names(rows).to_pylist()


def test_licensed_premises_are_numbered_together(every: Places):
    """No two of a neighbourhood, be they pubs, bars or nightclubs, have the same number."""
    rows = np.flatnonzero(np.isin(every.kind, LICENSED))
    pairs = every.lsoa[rows] * 10_000 + every.number[rows]
    assert len(rows) == len(np.unique(pairs))
    count = np.bincount(every.lsoa[rows])
    last = np.zeros(len(count), np.int64)
    np.maximum.at(last, every.lsoa[rows], every.number[rows] + 1)
    assert count.tolist() == last.tolist()


def test_all_but_streets_have_names(every: Places):
    """Streets are called by their street text, which every place has."""
    rows = np.arange(len(every))
    named = np.array([name is not None for name in every.names(rows).to_pylist()])
    streets = np.isin(rows, every.rows("street", "night_street", "shopping_street"))
    assert np.array_equal(~streets, named)
    street, town = every.streets(rows[::50])
    assert street.null_count == town.null_count == 0


def test_authorities_have_the_places_that_were_counted(every: Places):
    """Pubs and bars, supermarkets and shopping streets add up to the table's counts."""
    table = load("facilities")
    authority = wales().authority[every.lsoa]
    for column, kinds in (("pubs_and_bars", ("pub", "bar")), ("supermarkets", ("supermarket",))):
        counted = np.bincount(authority[every.rows(*kinds)], minlength=22)
        assert table[column].to_pylist() == counted.tolist()


def test_night_streets_lie_in_town_centres(every: Places):
    """None is elsewhere, and Cardiff has more than any other town."""
    rows = every.rows("night_street")
    assert (town_centres().draw[every.lsoa[rows]] > 0).all()
    count = np.bincount(wales().authority[every.lsoa[rows]], minlength=22)
    assert wales().authorities["name"].to_pylist()[int(count.argmax())] == "Cardiff"


def test_few_premises_hold_most_visitors(every: Places):
    """The busiest 5 % of licensed premises have between 40 and 80 % of their visitors.

    Half of what happens in them is published for 5 %; who goes where is drawn elsewhere. With 3,600
    premises the share moves by less than 0.05 between seeds.
    """
    crowd = np.sort(every.crowd[np.isin(every.kind, LICENSED)])[::-1]
    share = crowd[: len(crowd) // 20].sum() / crowd.sum()
    assert 0.4 < share < 0.8


def test_a_third_of_neighbourhoods_have_no_licensed_premises(every: Places):
    """As assumed for Wales, 0.3; a false alarm, at 5 standard deviations, once in a million."""
    rows = np.isin(every.kind, LICENSED)
    none = 1 - len(np.unique(every.lsoa[rows])) / len(wales().code)
    assert none == pytest.approx(0.3, abs=0.05)


def test_places_open_when_their_kind_does(every: Places):
    """A nightclub is open on Saturday at two and shut at noon; a street never shuts."""
    saturday = 2 * DAY_S  # 1970-01-03
    for kind, hour, expected in (
        ("nightclub", 2, True),
        ("nightclub", 12, False),
        ("street", 4, True),
        ("school", 10, False),
        ("office", 10, False),
        ("takeaway", 3, True),
    ):
        row = every.rows(kind)[:1]
        assert [expected] == every.open_at(row, np.array([saturday + hour * 3_600])).tolist()


@given(st.integers(0, 1916), st.floats(0, 1, exclude_max=True))
@settings(deadline=None)
def test_homes_stand_in_their_neighbourhood(lsoa: int, share: float):
    """Every dwelling of a neighbourhood has a point within its radius."""
    dwellings = wales().households[lsoa] + FIRST_SPARE + spare_dwellings()[lsoa]
    point = home_coordinates(np.array([lsoa]), np.array([int(share * dwellings)]))
    middle = coordinates()[0][[lsoa]], coordinates()[1][[lsoa]]
    assert distance_km(point, middle)[0] <= radius_km()[lsoa] + SLACK_KM


def test_homes_are_spread_out():
    """A neighbourhood's homes share few points, and fill it: half lie beyond half of the radius."""
    lsoa = np.full(600, 700)
    point = home_coordinates(lsoa, np.arange(600))
    assert len(np.unique(np.round(point, 6), axis=1).T) > 590
    middle = coordinates()[0][lsoa], coordinates()[1][lsoa]
    within = distance_km(point, middle) / radius_km()[lsoa]
    assert 0.5 < np.median(within) < 0.9
