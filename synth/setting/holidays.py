"""Holidays: bank holidays of England and Wales, and the days on which schools of Wales teach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache

MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6
# Bank holidays that were proclaimed or moved for one year (well known).
_ADDED = {
    dt.date(2011, 4, 29),
    dt.date(2012, 6, 5),
    dt.date(2022, 6, 3),
    dt.date(2022, 9, 19),
    dt.date(2023, 5, 8),
}
_MOVED = {
    dt.date(2012, 5, 28): dt.date(2012, 6, 4),
    dt.date(2020, 5, 4): dt.date(2020, 5, 8),
    dt.date(2022, 5, 30): dt.date(2022, 6, 2),
}
_DAY = dt.timedelta(days=1)


def easter(year: int) -> dt.date:
    """Give Easter Sunday in the Gregorian calendar.

    References
    ----------
    The anonymous algorithm, as in Meeus, Astronomical Algorithms, chapter 8.
    """
    golden, (century, short) = year % 19, divmod(year, 100)
    leap, rest = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap - shift + 15) % 30
    fours, units = divmod(short, 4)
    weekday = (32 + 2 * rest + 2 * fours - moon - units) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, number: int) -> dt.date:
    """Give a weekday of a month by its number, from 1; -1 is the last.

    Parameters
    ----------
    year, month
        Of the calendar.
    weekday
        Monday is 0.
    number
        1 to 4, or -1.
    """
    if number < 0:
        return on_or_before(dt.date(year + month // 12, month % 12 + 1, 1) - _DAY, weekday)
    return on_or_after(dt.date(year, month, 1), weekday) + 7 * (number - 1) * _DAY


def on_or_before(day: dt.date, weekday: int) -> dt.date:
    """Give the last such weekday up to a day; Monday is 0."""
    return day - (day.weekday() - weekday) % 7 * _DAY


def on_or_after(day: dt.date, weekday: int) -> dt.date:
    """Give the first such weekday from a day on; Monday is 0."""
    return day + (weekday - day.weekday()) % 7 * _DAY


def days_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Give all days from the first to the last."""
    return (first + number * _DAY for number in range((last - first).days + 1))


@cache
def bank_holidays(year: int) -> tuple[dt.date, ...]:
    """Give the bank holidays of England and Wales, substitutes in the place of weekends; cached."""
    moved = [_MOVED.get(day, day) for day in spring_and_summer(year)]
    added = [day for day in _ADDED if day.year == year]
    return tuple(sorted({*_midwinter(year), *moved, *added}))


def spring_and_summer(year: int) -> list[dt.date]:
    """Give the bank holidays that come around with Easter, May and August."""
    return [
        easter(year) - 2 * _DAY,
        easter(year) + _DAY,
        nth_weekday(year, 5, MONDAY, 1),
        nth_weekday(year, 5, MONDAY, -1),
        nth_weekday(year, 8, MONDAY, -1),
    ]


def _midwinter(year: int) -> list[dt.date]:
    """Give New Year's Day, Christmas Day and Boxing Day, or the weekdays that stand for them."""
    new_year, christmas = dt.date(year, 1, 1), dt.date(year, 12, 25)
    if new_year.weekday() >= SATURDAY:
        new_year = on_or_after(new_year, MONDAY)
    if christmas.weekday() == SATURDAY:
        return [new_year, christmas + 2 * _DAY, christmas + 3 * _DAY]
    if christmas.weekday() == SUNDAY:
        return [new_year, christmas + _DAY, christmas + 2 * _DAY]
    boxing = christmas + (3 if christmas.weekday() == FRIDAY else 1) * _DAY
    return [new_year, christmas, boxing]


@cache
def school_terms(year: int) -> tuple[tuple[dt.date, dt.date], ...]:
    """Give the first and last day of each half term of the calendar year; cached.

    Authorities set their own dates, which differ by days; the rule is assumed after those of
    Cardiff and Carmarthenshire, 2021 to 2024.
    """
    sunday = easter(year)
    spring = nth_weekday(year, 2, MONDAY, 3)
    summer = nth_weekday(year, 5, MONDAY, -1)
    autumn = nth_weekday(year, 10, MONDAY, -1)
    return (
        (on_or_after(dt.date(year, 1, 4), MONDAY), spring - 3 * _DAY),
        (spring + 7 * _DAY, sunday - 9 * _DAY),
        (sunday + 8 * _DAY, summer - 3 * _DAY),
        (summer + 7 * _DAY, on_or_before(dt.date(year, 7, 22), FRIDAY)),
        (nth_weekday(year, 9, MONDAY, 1), autumn - 3 * _DAY),
        (autumn + 7 * _DAY, on_or_before(dt.date(year, 12, 23), FRIDAY)),
    )


@cache
def school_days(year: int) -> frozenset[dt.date]:
    """Give the days of the calendar year on which schools teach, were none closed; cached."""
    taught = (day for term in school_terms(year) for day in days_between(*term))
    return frozenset(
        day for day in taught if day.weekday() <= FRIDAY and day not in bank_holidays(year)
    )
