"""Birthdays: fewer at weekends and Christmas, and nobody's age changes."""

import numpy as np
import pytest

from darkfigure.synth.setting.birthdays import birth_days, moved_to_birth_days
from darkfigure.synth.setting.calendar import DAYS_A_YEAR

START = int(np.datetime64("2019-04-01").astype(int))
AGES = (np.arange(2_000_000) + 0.5) / 2_000_000 * 40  # born 1979 to 2019


@pytest.fixture(scope="module")
def born():
    """Birthdays of people whose ages are spread evenly."""
    return birth_days(AGES, START)


def _per_day(born, month_day):
    """Births on a day of the year relative to the mean."""
    months = born.astype("datetime64[D]")
    text = np.datetime_as_string(np.unique(months))
    chosen = np.unique(months)[np.char.endswith(text, month_day)]
    return np.isin(months, chosen).sum() / len(chosen) / (len(born) / (40 * DAYS_A_YEAR))


@pytest.mark.parametrize(
    ("month_day", "published"),
    [("09-27", 1.081), ("12-26", 0.726), ("12-25", 0.764), ("01-01", 0.857), ("12-24", 0.930)],
)
def test_extreme_days(born, month_day, published):
    """The days with most and fewest births have about as many as reported."""
    assert _per_day(born, month_day) == pytest.approx(published, abs=0.025)


def test_sundays(born):
    """An eighth fewer children are born on Sundays in this century, and hardly fewer long ago."""
    sunday = (born + 3) % 7 == 6
    assert sunday[AGES < 18].mean() * 7 == pytest.approx(0.875, abs=0.01)
    old = birth_days(80 + AGES / 4, START)
    assert ((old + 3) % 7 == 6).mean() * 7 == pytest.approx(0.97, abs=0.01)


def test_ages_stay(born):
    """Order and age in whole years are those that were given; people of one age share a day."""
    assert (np.diff(born) <= 0).all()
    assert (np.ceil((START - born) / DAYS_A_YEAR) - 1 == np.floor(AGES)).mean() > 0.998
    assert np.abs(START - born - AGES * DAYS_A_YEAR).max() < 12
    twins = birth_days(np.repeat(AGES[::1000], 2), START).reshape(-1, 2)
    assert (twins[:, 0] == twins[:, 1]).all()


def test_births_of_a_study():
    """Days stay within the study and in order, and fewer are on Sundays."""
    moments = np.linspace(START + 1, START + 731, 300_000, endpoint=False)
    moved = moved_to_birth_days(moments, START + 1, START + 731)
    assert moved.min() == START + 1
    assert moved.max() == START + 730
    assert (np.diff(moved) >= 0).all()
    assert ((moved + 3) % 7 == 6).mean() * 7 == pytest.approx(0.875, abs=0.02)
