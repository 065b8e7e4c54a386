"""Special days: holidays fall on their dates, and violence on the nights that draw it.

Most tests reckon weights and draw nothing. Those that draw 20,000 times allow six standard errors:
each raises a false alarm less than once in a hundred million runs.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.synth.core.arrays import Floats
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.calendar import (
    DAY_S,
    WEEK_S,
    Period,
    hours_drawn,
    times_within_week,
    week_begin,
)
from darkfigure.synth.setting.holidays import bank_holidays, easter, school_days, school_terms
from darkfigure.synth.setting.special_days import days_called, hours_of_days, special_dates

EPOCH = dt.date(1970, 1, 1)
PROFILES = sorted(set(load("hour_of_week")["profile"].to_pylist()))
# As proclaimed for England and Wales.
BANK_HOLIDAYS = {
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2029: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2030: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
}
EASTER = {1961: "04-02", 1981: "04-19", 2000: "04-23", 2008: "03-23", 2011: "04-24", 2038: "04-25"}


def number(text: str) -> int:
    """Give a day as days since 1970-01-01."""
    return (dt.date.fromisoformat(text) - EPOCH).days


def week_of(profile: str) -> Floats:
    """Read the profile of a week."""
    week = np.zeros((7, 24))
    for row in load("hour_of_week").to_pylist():
        if row["profile"] == profile:
            week[row["weekday"], row["hour"]] = row["weight"]
    return week


def hours(profile: str, first: str, end: str) -> Floats:
    """Weight the hours of some days."""
    return hours_of_days(profile, week_of(profile), number(first), number(end))


def night(profile: str, evening: str) -> float:
    """Add up the weights from six in the evening to six in the morning."""
    day = number(evening)
    two = hours_of_days(profile, week_of(profile), day, day + 2)
    return float(two[0, 18:].sum() + two[1, :6].sum())


def ordinary_saturday(profile: str) -> float:
    """Add up the weights of a Saturday night that is nothing special."""
    week = week_of(profile)
    return float(week[5, 18:].sum() + week[6, :6].sum())


@pytest.mark.parametrize("year", BANK_HOLIDAYS)
def test_bank_holidays_are_those_proclaimed(year: int):
    """Jubilee, state funeral and coronation among them, and substitutes for weekends."""
    expected = [dt.date.fromisoformat(f"{year}-{day}") for day in BANK_HOLIDAYS[year].split()]
    assert expected == list(bank_holidays(year))


@pytest.mark.parametrize("year", EASTER)
def test_easter_falls_on_its_day(year: int):
    """Early and late ones, and those of the algorithm's exceptions."""
    assert dt.date.fromisoformat(f"{year}-{EASTER[year]}") == easter(year)


@given(st.integers(1900, 2200))
def test_easter_is_a_sunday_in_spring(year: int):
    """It lies between 22 March and 25 April."""
    assert easter(year).weekday() == 6
    assert dt.date(year, 3, 22) <= easter(year) <= dt.date(year, 4, 25)


@given(st.integers(1990, 2060))
def test_schools_teach_about_190_days(year: int):
    """On weekdays of terms that follow each other, and never in August or at Christmas."""
    terms = [day for term in school_terms(year) for day in term]
    assert sorted(terms) == terms
    assert 180 <= len(school_days(year)) <= 200
    assert all(day.weekday() < 5 and day.month != 8 for day in school_days(year))
    assert not school_days(year) & set(bank_holidays(year))
    assert dt.date(year, 12, 24) not in school_days(year)


def test_every_named_day_comes_in_ten_years():
    """No factor of the table waits for a day that nobody knows; and none is known in vain."""
    named = set(load("day_factors")["day"].to_pylist())
    known = {name for year in range(2017, 2027) for name in special_dates(year)}
    assert named == known
    for name in sorted(named):
        assert len(days_called(name, number("2017-01-01"), number("2027-01-01"))), name


@pytest.mark.parametrize("year", range(2022, 2030))
@pytest.mark.parametrize("profile", ["public_nte", "sexual"])
def test_new_years_night_carries_several_saturdays(profile: str, year: int):
    """More than two ordinary Saturday nights, whatever weekday it is."""
    assert 2 < night(profile, f"{year}-12-31") / ordinary_saturday(profile) < 4


def test_new_years_day_is_as_violent_as_published():
    """At home 2.18 times the mean day, published for domestic assault; within a tenth."""
    mean = hours("domestic", "2022-04-01", "2025-04-01").sum(axis=1).mean()
    day = hours("domestic", "2024-01-01", "2024-01-02").sum()
    assert day / mean == pytest.approx(2.18, rel=0.1)


@pytest.mark.parametrize(
    ("profile", "evening", "least", "most"),
    [
        ("public_nte", "2022-12-23", 1.3, 3),  # the Friday before Christmas
        ("public_nte", "2023-05-28", 1.3, 2),  # Sunday before a bank holiday
        ("public_nte", "2022-04-14", 1.2, 2),  # Thursday before Good Friday
        ("public_nte", "2023-10-31", 1.1, 2),  # Halloween
        ("public_nte", "2022-03-19", 1.1, 2),  # Wales at home
        ("public_nte", "2021-01-16", 0, 0.4),  # pubs are closed
        ("public_nte", "2022-01-15", 0.4, 0.7),  # tables of six
        ("domestic", "2023-12-25", 1.2, 2),
        ("public_nte", "2023-12-25", 0.5, 0.95),
        ("public_nte", "2023-02-21", 0.99, 1.01),  # a Tuesday
    ],
)
def test_nights_differ_from_their_weekday(profile: str, evening: str, least: float, most: float):
    """A special night is more or less violent than usual for its weekday."""
    week, weekday = week_of(profile), dt.date.fromisoformat(evening).weekday()
    usual = week[weekday, 18:].sum() + week[(weekday + 1) % 7, :6].sum()
    assert least <= night(profile, evening) / usual <= most


@pytest.mark.parametrize("profile", PROFILES)
def test_hours_do_not_depend_on_the_first_day_reckoned(profile: str):
    """A day has the same weights in any period, and a night those of the evening it follows."""
    whole = hours(profile, "2021-12-01", "2022-02-01")
    part = hours(profile, "2022-01-01", "2022-01-02")
    assert whole[31].tolist() == part[0].tolist()


@given(
    st.sampled_from(PROFILES), st.dates(dt.date(2005, 1, 1), dt.date(2040, 1, 1)), st.integers(1, 3)
)
@settings(max_examples=30, deadline=None)
def test_edges_are_monotone(profile: str, start: dt.date, years: int):
    """Weights are never negative and never all zero, so a later draw is never an earlier time."""
    period = Period.of(start, years)
    weights = hours_of_days(profile, week_of(profile), period.start, period.end)
    assert (period.end - period.start, 24) == weights.shape
    assert (weights >= 0).all()
    assert weights.sum() > 0


@given(st.dates(dt.date(2018, 1, 1), dt.date(2028, 1, 1)), st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_nothing_happens_at_school_outside_school(start: dt.date, seed: int):
    """No act is at night, at a weekend, in holidays, or while schools were closed."""
    ids, period = np.arange(500), Period.of(start, 1)
    profile = np.full(500, "school")
    times = hours_drawn(period, profile, ids, Stream(seed))
    weeks = week_begin(period.start_s + ids * (period.end_s - period.start_s) // 500)
    _assert_in_school(np.concatenate([times, times_within_week(weeks, profile, ids, Stream(seed))]))


def _assert_in_school(times: np.ndarray) -> None:
    hour = times % DAY_S // 3_600
    assert hour.min() >= 8
    assert hour.max() <= 16
    days = {EPOCH + dt.timedelta(days=day) for day in (times // DAY_S).tolist()}
    assert all(day in school_days(day.year) for day in days)
    assert not any(day in special_dates(day.year).get("schools_closed", ()) for day in days)


@pytest.mark.parametrize("profile", [name for name in PROFILES if name != "school"])
def test_times_within_a_week_stay_in_it(profile: str):
    """Each lies in the week it was asked for, whichever others are drawn with it."""
    ids = np.arange(2_000)
    weeks = week_begin(number("2019-01-01") * DAY_S + ids * 7 * DAY_S // 4)
    profiles = np.full(len(ids), profile)
    times = times_within_week(weeks, profiles, ids, Stream(1))
    assert (times >= weeks).all()
    assert (times < weeks + WEEK_S).all()
    some = ids[::7]
    alone = times_within_week(weeks[some], profiles[some], some, Stream(1))
    assert times[some].tolist() == alone.tolist()


@pytest.mark.parametrize("profile", ["public_nte", "domestic", "school"])
def test_special_days_leave_each_year_its_share(profile: str):
    """Though pubs and schools were shut in the first year, a third of times falls in each."""
    ids, period = np.arange(20_000), Period.of(dt.date(2020, 4, 1), 3)
    times = hours_drawn(period, np.full(len(ids), profile), ids, Stream(4))
    year = np.minimum((period.end - 1 - times // DAY_S) // 365, 2)
    share = np.bincount(year) / len(ids)
    assert (np.abs(share - 1 / 3) < 6 * np.sqrt(2 / 9 / len(ids))).all()


def test_times_follow_special_days():
    """New Year's night has its share of the times drawn, in the study and in its week."""
    ids, period = np.arange(20_000), Period.of(dt.date(2023, 7, 1), 1)
    profile = np.full(len(ids), "public_nte")
    begin = (number("2023-12-31") * 24 + 18) * 3_600
    weights = hours("public_nte", "2023-12-25", "2024-01-08")
    week_share = weights.ravel()[24 * 6 + 18 : 24 * 7].sum() / weights[:7].sum()
    weeks = np.full(len(ids), number("2023-12-25") * DAY_S)
    times = times_within_week(weeks, profile, ids, Stream(2))
    share = np.mean((times >= begin) & (times < begin + 6 * 3_600))
    assert abs(share - week_share) < 6 * np.sqrt(week_share / len(ids))
    times = hours_drawn(period, profile, ids, Stream(2))
    share = np.mean((times >= begin) & (times < begin + 12 * 3_600))
    assert share > 2 * ordinary_saturday("public_nte") / 52


def test_saturday_and_sunday_have_what_admissions_need():
    """Night life has more, and homes less, than 22.3 and 20.4 % of assaults admitted."""
    for weekday, share in ((5, 0.223), (6, 0.204)):
        at_home, out = (week_of(name)[weekday].sum() for name in ("domestic", "public_nte"))
        assert at_home < share < out
