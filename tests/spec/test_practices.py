"""Practices of Wales: how many, how large, and who is on whose list."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from test_health import ask

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.coordinates import coordinates, distance_km
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.practices import boards, practices, practices_chosen
from darkfigure.synth.storage.dataset import Dataset

PEOPLE = np.arange(40_000)
HOME = Stream(3).pick("home", PEOPLE, wales().residents)


def test_there_are_as_many_practices_as_were_counted():
    """In each health board; 371 in all."""
    counted: Counter[str] = Counter()
    for row in load("practice_counts").to_pylist():
        counted[row["health_board"]] += row["practices"]
    found = Counter(np.array(boards())[practices().board].tolist())
    assert counted == found
    assert sum(found.values()) == 371


@pytest.mark.parametrize(
    ("percentile", "patients"), [(5, 3_000), (25, 5_500), (50, 8_000), (75, 11_200), (95, 18_500)]
)
def test_lists_are_of_all_sizes(percentile: int, patients: int):
    """Sizes follow from the counted staff, and are near those an expert would expect (grade C)."""
    found = np.percentile(practices().list_size, percentile)
    assert patients == pytest.approx(found, rel=0.2)


def test_people_are_listed_near_home():
    """Half within two or three miles, and hardly anybody 30 km away."""
    practice = practices_chosen(HOME, PEOPLE, PEOPLE, Stream(3))
    latitude, longitude = coordinates()
    there = practices().lsoa[practice]
    away = distance_km((latitude[HOME], longitude[HOME]), (latitude[there], longitude[there]))
    assert np.median(away) < 4
    assert (away > 30).mean() < 0.02


def test_each_list_has_the_patients_that_it_should():
    """Of 40,000 people each practice gets its share; the correlation is nearly one."""
    practice = practices_chosen(HOME, PEOPLE, PEOPLE, Stream(3))
    found = np.bincount(practice, minlength=len(practices().board))
    assert np.corrcoef(found, practices().list_size)[0, 1] > 0.97


def test_most_households_have_one_practice():
    """Nine in ten of two who live together (of 20,000; below .86 or above .96 is a wonder)."""
    family = PEOPLE // 2
    pairs = practices_chosen(HOME[family], family, PEOPLE, Stream(3)).reshape(-1, 2)
    assert 0.86 < (pairs[:, 0] == pairs[:, 1]).mean() < 0.96


def test_every_registration_is_with_a_listed_practice(village: Dataset):
    """And most of Merthyr's are with practices of its health board."""
    lost = """select count(*) from '{d}/gp/registrations.parquet'
        left join '{d}/gp/practices.parquet' using (practice_code) where list_size is null"""
    assert [(0,)] == ask(village, lost)
    board = """select avg((health_board = 'CT')::int) from '{d}/gp/registrations.parquet'
        join '{d}/gp/practices.parquet' using (practice_code)"""
    assert ask(village, board)[0][0] > 0.75
