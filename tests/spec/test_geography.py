"""Places: areas that add up, and addresses that could be and are not."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.lives.vacancies import DWELLINGS, Vacated, settle_arrivals
from darkfigure.synth.population.institutions import CARE_HOME, NO_FIXED_ABODE, PRISON
from darkfigure.synth.reference import load
from darkfigure.synth.setting.coordinates import coordinates
from darkfigure.synth.setting.geography import (
    FIRST_SPARE,
    HOMELESS_POSTCODE,
    addresses,
    communal_kind,
    spare_dwellings,
    wales,
)
from darkfigure.synth.setting.geography.postcodes import INWARD


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
    last = geography.households + FIRST_SPARE + spare_dwellings() - 1
    lsoa = np.repeat(np.arange(len(geography.code)), 3)
    dwelling = np.column_stack([np.zeros_like(last), np.ones_like(last), last]).ravel()
    written = addresses(lsoa, dwelling, Stream(1))
    postcode = np.array(written.postcode.to_pylist()).reshape(-1, 3)
    assert (postcode[:, 0] == postcode[:, 1]).all()
    assert 2 * len(postcode) == len(np.unique(postcode))


def test_no_postcode_is_written_in_two_neighbourhoods():
    """Every postcode of Wales, used or spare, has one neighbourhood."""
    homes = wales().households + FIRST_SPARE
    owner: dict[str, int] = {}
    lsoa = np.repeat(np.arange(len(homes)), homes)
    dwelling = np.arange(len(lsoa)) - np.repeat(np.cumsum(homes) - homes, homes)
    private = communal_kind(lsoa, dwelling) == 0
    written = addresses(lsoa[private], dwelling[private], Stream(1)).postcode
    for where, code in set(zip(lsoa[private].tolist(), written.to_pylist(), strict=True)):
        assert owner.setdefault(code, where) == where


def test_districts_hold_as_many_people_as_published():
    """Districts of over 3,000 people are within 15 % of the published number."""
    table = load("postcode_sectors")
    district, sector = (table[name].to_pylist() for name in ("outcode", "sector"))
    published, written = Counter[str](), Counter[str]()
    for name, people in zip(district, table["residents"].to_pylist(), strict=True):
        published[name] += people
    homes = wales().households
    lsoa = np.repeat(np.arange(len(homes)), homes)
    dwelling = np.arange(len(lsoa)) - np.repeat(np.cumsum(homes) - homes, homes)
    postcodes = addresses(lsoa, dwelling, Stream(1)).postcode
    size = np.bincount(postcodes.indices, (wales().residents / homes)[lsoa])
    for code, people in zip(postcodes.dictionary.to_pylist(), size, strict=False):
        assert code[:-2] in sector
        written[code.split()[0]] += people
    assert set(published) == set(written)
    large = [name for name, people in published.items() if people > 3_000]
    assert {name: published[name] for name in large} == {
        name: pytest.approx(written[name], rel=0.15) for name in large
    }


def test_neighbourhoods_add_up_to_their_authorities():
    """Residents and households of LSOAs sum to the published totals."""
    geography = wales()
    for name, counts in (("population", geography.residents), ("households", geography.households)):
        totals = np.bincount(geography.authority, counts)
        assert geography.authorities[name].to_pylist() == totals.astype(int).tolist()


def test_ages_of_neighbourhoods_are_shares():
    """The bands of every neighbourhood add up to one."""
    bands = ("0_4", "5_10", "11_15", "16_17", "18_24", "25_34", "35_49", "50_64")
    older = ("65_74", "75_89", "90_on")
    assert sum(wales().age_share(band) for band in bands + older) == pytest.approx(1)


@pytest.mark.parametrize(
    ("kind", "house"), [(CARE_HOME, "Care Home"), (PRISON, "HM Prison"), (NO_FIXED_ABODE, "No")]
)
def test_communal_homes_are_called_what_they_are(kind: int, house: str):
    """The dwellings behind a neighbourhood's households are its communal homes."""
    dwelling = wales().households[:5] + kind - 1
    lsoa = np.arange(5)
    assert [kind] * 5 == communal_kind(lsoa, dwelling).tolist()
    assert all(house in name for name in addresses(lsoa, dwelling, Stream(1)).house.to_pylist())


def test_no_fixed_abode_is_written_as_the_nhs_does():
    """It has the postcode of the NHS Data Dictionary and no street."""
    dwelling = wales().households[:2] + NO_FIXED_ABODE - 1
    written = addresses(np.arange(2), dwelling, Stream(1))
    assert [HOMELESS_POSTCODE] * 2 == written.postcode.to_pylist()
    assert [None] * 2 == written.street.to_pylist()


DAYS = st.lists(st.integers(-500, 500), max_size=30)


@given(DAYS, DAYS)
def test_nobody_moves_into_a_home_before_it_is_left(arrive: list[int], leave: list[int]):
    """Each dwelling is taken once at most, later than it was left, and none stands idle."""
    place = 3 * DWELLINGS + np.arange(len(leave))
    taken = np.zeros(len(wales().code), np.int64)
    found = settle_arrivals(
        np.full(len(arrive), 3),
        np.array(arrive, np.int64),
        Vacated(place, np.array(leave, np.int64)),
        first_spare=taken,
    )
    reused = {home: day for home, day in zip(found.tolist(), arrive, strict=True) if home in place}
    assert len(reused) == np.isin(found, place).sum()
    assert all(leave[home - 3 * DWELLINGS] < day for home, day in reused.items())
    assert len(arrive) - len(reused) == taken[3]
    assert len(reused) == _most(sorted(arrive), sorted(leave))


def _most(arrive: list[int], leave: list[int]) -> int:
    """Count who finds an empty dwelling, one by one."""
    found = 0
    for day in arrive:
        found += sum(left < day for left in leave) > found
    return found


def test_neighbourhoods_lie_where_their_district_does():
    """Every neighbourhood is in Wales or near it, apart from all others, close to its district."""
    latitude, longitude = coordinates()
    assert len(set(zip(latitude.tolist(), longitude.tolist(), strict=True))) == 1_917
    assert (51.3 < latitude.min(), latitude.max() < 53.5) == (True, True)
    assert (-5.4 < longitude.min(), longitude.max() < -2.5) == (True, True)
    cardiff = wales().select(("Cardiff",))
    off = np.hypot((latitude - 51.48)[cardiff] * 111, (longitude + 3.18)[cardiff] * 69)
    assert np.median(off) < 6


def test_named_houses_are_welsh_where_welsh_is_spoken():
    """In Gwynedd most named houses bear Welsh names, in Blaenau Gwent few.

    Of some 3,000 named houses each the shares stray by less than 0.05 but once in a million times.
    """
    table = load("house_names").to_pylist()
    welsh = {row["name"] for row in table if row["language"] == "cy"}
    every = {row["name"] for row in table}
    shares = []
    for area in ("Gwynedd", "Blaenau Gwent"):
        lsoa = np.repeat(wales().select((area,)), 500)
        dwelling = np.arange(len(lsoa)) % 500
        houses = addresses(lsoa, dwelling, Stream(3)).house.to_pylist()
        named = [house for house in houses if house in every]
        shares.append(sum(house in welsh for house in named) / len(named))
    assert shares == pytest.approx([0.1 + 0.7 * 0.644, 0.1 + 0.7 * 0.062], abs=0.05)


def _every_household() -> tuple[np.ndarray, np.ndarray]:
    """Give neighbourhood and number of every household's dwelling."""
    homes = wales().households
    lsoa = np.repeat(np.arange(len(homes)), homes)
    return lsoa, np.arange(len(lsoa)) - np.repeat(np.cumsum(homes) - homes, homes)


@pytest.fixture(scope="module")
def wales_written() -> list[tuple[str, str, str, str]]:
    """House, street, post town and postcode of every household of Wales."""
    written = addresses(*_every_household(), Stream(1))
    parts = ("house", "street", "town", "postcode")
    return list(zip(*(getattr(written, part).to_pylist() for part in parts), strict=True))


def test_hardly_two_homes_have_one_address(wales_written: list[tuple[str, ...]]):
    """Named houses of one postcode may be called alike, and few others."""
    assert len(set(wales_written)) > 0.998 * len(wales_written)


def test_streets_have_the_names_of_their_town(wales_written: list[tuple[str, ...]]):
    """Thousands of names are in one town alone, High Street in a third to two thirds of towns."""
    towns: dict[str, set[str]] = {}
    for _, street, town, _ in wales_written:
        towns.setdefault(street, set()).add(town)
    every = set.union(*towns.values())
    assert len(every) / 3 < len(towns["High Street"]) < len(every) * 2 / 3
    assert sum(len(where) == 1 for where in towns.values()) > 10_000
    assert 3_000 < sum("Cardiff" in where for where in towns.values()) < 7_000
    assert "Cardiff" not in towns["Cardiff Road"]
    assert not any("Beach" in street for street, where in towns.items() if "Brecon" in where)


def test_houses_are_numbered_as_streets_are(wales_written: list[tuple[str, ...]]):
    """Low numbers are commonest, 13 is rarer than its neighbours, and few are above 200."""
    count = Counter(int(house) for house, *_ in wales_written if house.isdigit())
    assert count[13] < 0.8 * min(count[11], count[15])
    assert count[1] > count[10] > count[30] > count[90] > 0
    assert 0 < sum(n for number, n in count.items() if number > 200) < 0.03 * count.total()


def test_named_houses_are_in_the_country(wales_written: list[tuple[str, ...]]):
    """One in seven of all homes has a name for a number (assumed), few in towns."""
    names = {row["name"] for row in load("house_names").to_pylist()}
    named = np.array([house in names for house, *_ in wales_written])
    rural = wales().rural[_every_household()[0]]
    assert named.mean() == pytest.approx(0.14, abs=0.03)
    assert named[~rural].mean() == pytest.approx(0.02, abs=0.005)


@given(st.integers(0, 1_916), st.lists(st.integers(0, 2_000), min_size=1, max_size=20))
def test_an_address_is_the_same_whoever_asks(lsoa: int, dwelling: list[int]):
    """A dwelling asked for alone is called as it is among others, and in any order."""
    several = addresses(np.full(len(dwelling), lsoa), np.array(dwelling), Stream(1))
    alone = addresses(np.array([lsoa]), np.array(dwelling[-1:]), Stream(1))
    for part in ("house", "street", "town", "postcode"):
        assert getattr(several, part)[-1].as_py() == getattr(alone, part)[0].as_py()
