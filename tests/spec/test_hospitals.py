"""Where people go: departments, minor injury units and wards, in Wales and across the border.

Shares are read off the tables of draws, for every neighbourhood of a district; no test draws.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from test_health import ask

from darkfigure.synth.core.arrays import Floats
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.schema import ED_SITES, SITES, WELSH_SITES
from darkfigure.synth.setting.geography import outcode_of, wales
from darkfigure.synth.setting.hospitals import departments, hospitals, major_departments
from darkfigure.synth.storage.dataset import Dataset

ED = "'{d}/ed/attendances.parquet'"
PEOPLE = np.arange(4_000)
CODES = list(SITES)


def shares(district: str) -> Floats:
    """Give the share of a district's patients with serious needs who go to each site."""
    lsoa = np.flatnonzero(np.array(outcode_of(np.arange(len(wales().code)))) == district)
    site = major_departments(np.resize(lsoa, len(PEOPLE)), PEOPLE, Stream(3))
    return np.bincount(site, minlength=len(CODES)) / len(PEOPLE)


# The usual department of a district, and how much of its people's serious need it must take at
# least. Of 4,000 draws a share is off by more than .03 less often than once in ten thousand times.
@pytest.mark.parametrize(
    ("district", "site", "least"),
    [
        ("CH5", "RJR05", 0.5),  # Deeside: Countess of Chester
        ("CH8", "7A1A1", 0.7),  # Holywell: Glan Clwyd
        ("LL65", "7A1AU", 0.85),  # Holyhead: Ysbyty Gwynedd
        ("LL53", "7A1AU", 0.75),  # Pwllheli: Ysbyty Gwynedd, not across the bay
        ("SY16", "RXWAS", 0.4),  # Newtown: Shrewsbury
        ("LD3", "7A5B3", 0.6),  # Brecon: Prince Charles
        ("LD8", "RLQ01", 0.5),  # Presteigne: Hereford
        ("CF44", "7A5B3", 0.85),  # Aberdare: Prince Charles
        ("CF42", "7A5B1", 0.65),  # Treorchy: Royal Glamorgan, not over the mountain
        ("CF64", "7A4BV", 0.9),  # Penarth: University Hospital of Wales
        ("NP20", "7A6G9", 0.9),  # Newport: the Grange
        ("SY23", "7A2AJ", 0.95),  # Aberystwyth: Bronglais
        ("SA62", "7A2BL", 0.9),  # Haverfordwest: Withybush
    ],
)
def test_people_go_to_the_department_that_is_near_by_road(district: str, site: str, least: float):
    """Most of a district go where its people are known to go."""
    assert least < shares(district)[CODES.index(site)]


@pytest.mark.parametrize(
    ("district", "site"), [("CH6", "7A1AU"), ("CH5", "7A1AU"), ("CF44", "7A5B1"), ("LD3", "7A2AJ")]
)
def test_people_do_not_pass_a_department_to_go_to_a_far_one(district: str, site: str):
    """Flint and Deeside do not go to Bangor, Aberdare not to Llantrisant, Brecon not to the sea."""
    assert shares(district)[CODES.index(site)] < 0.1


@pytest.mark.parametrize(
    ("code", "name"),
    [("7A2AJ", "Bronglais"), ("7A2AL", "Prince Philip"), ("7A6AV", "Ysbyty Ystrad Fawr")],
)
def test_sites_have_the_codes_of_the_register(code: str, name: str):
    """Codes that were once swapped or invented are the register's."""
    assert name == ED_SITES[code]


def test_codes_of_departments_come_first_and_england_s_last():
    """So an index into the departments of Wales, its hospitals or all sites means one site."""
    assert CODES[: len(ED_SITES)] == list(ED_SITES)
    assert CODES[: len(WELSH_SITES)] == list(WELSH_SITES)
    assert hospitals().welsh.tolist() == [code in WELSH_SITES for code in CODES]


@pytest.mark.parametrize(
    ("when", "open_now"),
    [("2023-05-03T12:00", True), ("2023-05-03T20:00", False), ("2023-05-06T12:00", False)],
)
def test_a_minor_injury_unit_has_hours(when: str, *, open_now: bool):
    """Barry is open on weekdays until four; whoever comes later goes to a department."""
    seconds = np.array([int(dt.datetime.fromisoformat(when + "+00:00").timestamp())])
    barry = np.array([CODES.index("7A4CH")])
    assert [open_now] == hospitals().open_at(barry, seconds).tolist()


def test_only_open_units_and_only_minor_cases():
    """Nobody with a serious need is at a unit, nobody is at one that is shut; the rest may be."""
    lsoa, seconds = PEOPLE % len(wales().code), PEOPLE * 7_919 + 10**9
    minor = PEOPLE % 2 == 0
    site = departments(lsoa, minor, seconds, PEOPLE, Stream(3))
    at_unit = hospitals().minor[site]
    assert not at_unit[~minor].any()
    assert hospitals().open_at(site, seconds).all()
    assert 0.2 < at_unit[minor].mean() < 0.9


def test_no_ambulance_and_no_bed_at_a_minor_unit(village: Dataset):
    """Units admit nobody, and ambulances go to departments."""
    units = ", ".join(f"'{CODES[row]}'" for row in np.flatnonzero(hospitals().minor))
    wrong = f"""select count(*) filter (disposal = 'admitted'),
        count(*) filter (arrival_mode = '01') from {ED} where site_code in ({units})"""
    assert [(0, 0)] == ask(village, wrong)


def test_departments_in_england_keep_their_own_records(village: Dataset):
    """Welsh data name no English site, save that ambulances may go there."""
    english = ", ".join(f"'{code}'" for code in set(SITES) - set(WELSH_SITES))
    for table in ("ed/attendances", "hospital/spells"):
        there = f"select count(*) from '{{d}}/{table}.parquet' where site_code in ({english})"
        assert [(0,)] == ask(village, there)
