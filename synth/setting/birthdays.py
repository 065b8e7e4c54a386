"""Birthdays as hospitals have them: few at weekends and Christmas, most in late September."""

from __future__ import annotations

from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.reference import load
from darkfigure.synth.setting.calendar import DAYS_A_YEAR, whole_years
from darkfigure.synth.setting.holidays import bank_holidays

_YEARS = (1890, 2071)  # years of birth that are told apart
_FROM = int((np.datetime64(f"{_YEARS[0]}-01-01") - np.datetime64("1970-01-01")).astype(int))
_MONDAY = 3  # 1970-01-01 was a Thursday
_SEASON_TURNS = (1955, 1985)  # from a peak in spring to one in autumn, year by year; assumed
_HOSPITAL_YEARS = (1950, 1975)  # from births at home to births by appointment; assumed
_IN_HOSPITAL = (0.3, 1.0)  # how much of the weekday's effect there was before and after; assumed
_BANK_HOLIDAYS_FROM = 1978


def moved_to_birth_days(moment: Floats, first: int, end: int) -> Ints:
    """Move moments that are spread evenly over a time to days on which births are.

    Parameters
    ----------
    moment
        Days since 1970-01-01, with their fractions, in [first, end), shape (n,).
    first, end
        First day of the time, and the day after its last.

    Returns
    -------
    Days in [first, end) in the same order, shape (n,).
    """
    place = (moment - first) / max(end - first, 1)
    ends = np.full(len(moment), end)
    return births_shared_out(np.full(len(moment), first), ends, place)


def births_shared_out(first: Ints, end: Ints, place: Floats) -> Ints:
    """Give the day by which a share of the births of a time has come.

    Parameters
    ----------
    first, end
        First day of each time, and the day after its last, in days since 1970-01-01, shape (n,).
    place
        Shares of its births, 0 to 1, shape (n,).

    Returns
    -------
    Days in [first, end), shape (n,).

    References
    ----------
    Tables birth_seasons, birth_holidays and birth_weekdays.
    """
    births = _births_before()
    low, high = births[first - _FROM], births[end - _FROM]
    day = np.searchsorted(births, low + place * (high - low), side="left") - 1 + _FROM
    return np.clip(day, first, end - 1)


def birth_days(age_years: Floats, start: int) -> Ints:
    """Give the birthdays of people by their ages on the day the study begins.

    Within each year of age, people in order of age share out its days as births do; nobody's age
    in whole years changes.

    Parameters
    ----------
    age_years
        Shape (n,).
    start
        First day of the study, in days since 1970-01-01.

    Returns
    -------
    Days since 1970-01-01, shape (n,).
    """
    first, end = days_of_age(age_years, start)
    return births_shared_out(first, end, 1 - (age_years - np.floor(age_years)))


def ages_on(day: Ints, age_years: Floats, start: int) -> Ints:
    """Give the ages in whole years of people on some days, as their birthdays count them.

    Parameters
    ----------
    day
        Since 1970-01-01, shape (n,).
    age_years
        Ages on the day the study begins, shape (n,).
    start
        First day of the study, since 1970-01-01.

    Returns
    -------
    Shape (n,); below 0 for those who are not born yet.
    """
    return whole_years(birth_days(age_years, start), day)


def days_of_age(age_years: Floats, start: int) -> tuple[Ints, Ints]:
    """Give the days on which people of an age in whole years can have been born.

    Parameters
    ----------
    age_years
        Shape (n,).
    start
        Day on which they are of that age, since 1970-01-01.

    Returns
    -------
    First day, and the day after the last, each of shape (n,).
    """
    year = np.floor(age_years)
    first, end = (start - np.floor((year + more) * DAYS_A_YEAR).astype(np.int64) for more in (1, 0))
    return first, end


def age_of_birthday(age_years: Floats, day: Ints, start: int) -> Floats:
    """Give the age, of the same whole years, from which `births_shared_out` gives a birthday.

    Parameters
    ----------
    age_years
        Shape (n,).
    day
        Birthdays among the days of these ages, shape (n,).
    start
        Day on which they are of that age, since 1970-01-01.
    """
    births = _births_before()
    low, high = (births[edge - _FROM] for edge in days_of_age(age_years, start))
    middle = (births[day - _FROM] + births[day - _FROM + 1]) / 2
    return np.asarray(np.floor(age_years) + 1 - (middle - low) / (high - low))


@cache
def _births_before() -> Floats:
    """Sum up births before each day, in mean births a day; shape (days + 1,)."""
    return np.append(0.0, np.cumsum(_births_a_day()))


def _births_a_day() -> Floats:
    """Give births relative to the mean of their time, shape (days,)."""
    last = np.datetime64(f"{_YEARS[1]}-01-01")
    date = np.arange(np.datetime64(f"{_YEARS[0]}-01-01"), last)
    year = date.astype("datetime64[Y]").astype(int) + 1970
    births = _season(date, year) * _by_weekday(date, year)
    in_hospital = np.interp(year, _HOSPITAL_YEARS, _IN_HOSPITAL)
    return np.asarray(births * (1 - in_hospital * (1 - _by_holiday(date, year))))


def _season(date: np.ndarray, year: Ints) -> Floats:
    table = load("birth_seasons")
    day = _day_of_year(np.array([f"2001-{text}" for text in table["month_day"].to_pylist()]))
    now, before = (
        np.interp(_day_of_year(date), day, table[name].to_numpy(), period=DAYS_A_YEAR)
        for name in ("ratio", "ratio_before")
    )
    turned = np.interp(year, _SEASON_TURNS, (0, 1))
    return np.asarray(turned * now + (1 - turned) * before)


def _by_weekday(date: np.ndarray, year: Ints) -> Floats:
    table = load("birth_weekdays")
    weekday = (date.astype(int) + _MONDAY) % 7
    decades = table["decade"].to_numpy() + 5
    return np.asarray(
        np.select(
            [weekday == place for place in range(7)],
            [np.interp(year, decades, column.to_numpy()) for column in table.columns[1:]],
        )
    )


def _by_holiday(date: np.ndarray, year: Ints) -> Floats:
    table = load("birth_holidays")
    ratio = dict(zip(table["month_day"].to_pylist(), table["ratio"].to_pylist(), strict=True))
    month = date.astype("datetime64[M]")
    month_day = (
        (month.astype(int) % 12 + 1) * 100 + (date - month.astype("datetime64[D]")).astype(int) + 1
    )
    births = np.where(_floating(date, year), ratio.pop("floating"), 1.0)
    for text, value in ratio.items():
        births[month_day == int(text.replace("-", ""))] = value
    return births


def _floating(date: np.ndarray, year: Ints) -> Mask:
    """Tell which days are bank holidays; those of Christmas and New Year stand for themselves."""
    years = range(max(_BANK_HOLIDAYS_FROM, int(year[0])), int(year[-1]) + 1)
    days = [np.datetime64(day) for number in years for day in bank_holidays(number)]
    return np.isin(date, np.array(days, "datetime64[D]"))


def _day_of_year(date: np.ndarray) -> Ints:
    date = date.astype("datetime64[D]")
    return (date - date.astype("datetime64[Y]").astype("datetime64[D]")).astype(int)
