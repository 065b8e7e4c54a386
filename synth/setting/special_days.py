"""Special days: on which of them violence of each kind is commoner or rarer, and by how much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.reference import load
from darkfigure.synth.setting.holidays import (
    FRIDAY,
    SATURDAY,
    SUNDAY,
    bank_holidays,
    days_between,
    easter,
    nth_weekday,
    on_or_before,
    school_days,
    school_terms,
)

# Which factors of the table `day_factors` the times of each profile follow; others follow none.
_FACTORS = {
    "public_nte": "public",
    "stranger": "public",
    "street": "public",
    "robbery": "public",
    "sexual": "public",
    "domestic": "domestic",
    "work": "work",
    "child_school_peer": "peer",
    "evening": "public",
    "shop": "work",
    "office": "work",
    **dict.fromkeys(("illness", "injury", "drink"), "patients"),
}
_AT_SCHOOL = "school"  # the profile of what happens in schools, and nowhere and never else
_LIKE = {"sat": SATURDAY, "sun": SUNDAY}
_EPOCH = dt.date(1970, 1, 1)
_DAY = dt.timedelta(days=1)


def hours_of_days(profile: str, week: Floats, first: int, end: int) -> Floats:
    """Weight the hours of days by what day of the week it is and whether it is a special one.

    Parameters
    ----------
    profile
        Name in the table `hour_of_week`.
    week
        Weight of each hour of that profile, shape (7, 24), Monday first.
    first, end
        First day and the day after the last, in days since 1970-01-01.

    Returns
    -------
    Shape (days, 24). A night belongs to the evening on which it begins.

    References
    ----------
    day_factors.csv, closures.csv, internationals.csv.
    """
    days = np.arange(first - 1, end + 1)  # a night reaches into the next day
    # 1970-01-01 was a Thursday: weekday 3 where Monday is 0.
    hours = week[(days + 3) % 7].ravel()
    if profile == _AT_SCHOOL:
        open_days = np.isin(days, days_taught(first - 1, end + 1))
        return (hours.reshape(-1, 24) * open_days[:, None])[1:-1]
    factors = load("day_factors").to_pylist() if profile in _FACTORS else []
    for row in factors:
        if row["like"] in _LIKE:
            inside = _hours(row, days)
            hours[inside] = np.resize(week[_LIKE[row["like"]]], len(hours))[inside]
    for row in factors:
        hours[_hours(row, days)] *= row[_FACTORS[profile]]
    return hours.reshape(-1, 24)[1:-1]


def days_called(name: str, first: int, end: int) -> Ints:
    """Give the days of a name, in days since 1970-01-01, ascending.

    Parameters
    ----------
    name
        A `day` of the table `day_factors`.
    first, end
        First day and the day after the last.
    """
    years = range(_date(first).year, _date(end).year + 1)
    numbers = {(day - _EPOCH).days for year in years for day in special_dates(year).get(name, ())}
    return np.array(sorted(day for day in numbers if first <= day < end), np.int64)


@cache
def special_dates(year: int) -> dict[str, tuple[dt.date, ...]]:
    """Give the dates of all special days in a calendar year, by name; cached."""
    dates = {name: tuple(days) for name, days in _ruled(year).items()}
    for row in load("closures").to_pylist():
        span = days_between(row["first_day"], row["last_day"])
        dates[row["what"]] = (*dates.get(row["what"], ()), *(d for d in span if d.year == year))
    return dates | _matches(year)


def _ruled(year: int) -> dict[str, Iterable[dt.date]]:
    """Give the days that come around every year."""
    christmas, sunday = dt.date(year, 12, 25), easter(year)
    banks = [day for day in bank_holidays(year) if (day.month, day.day) > (1, 3) and day.month < 12]
    pay = [nth_weekday(year, month, FRIDAY, -1) for month in range(1, 13)]  # assumed
    holidays = _school_holidays(year)
    return {
        "new_years_eve": [dt.date(year, 12, 31)],
        "new_years_day": [dt.date(year, 1, 1)],
        "christmas_eve": [christmas - _DAY],
        "christmas_day": [christmas],
        "boxing_day": [christmas + _DAY],
        "after_christmas": days_between(christmas + 2 * _DAY, christmas + 5 * _DAY),
        "friday_before_christmas": [on_or_before(christmas - 2 * _DAY, FRIDAY)],
        "bank_holiday": banks,
        "bank_holiday_eve": [day - _DAY for day in banks if day.weekday() != FRIDAY],
        "maundy_thursday": [sunday - 3 * _DAY],
        "st_patricks_day": [dt.date(year, 3, 17)],
        "halloween": [dt.date(year, 10, 31)],
        "bonfire_night": [dt.date(year, 11, 5)],
        "pay_weekend": [day + late * _DAY for day in pay for late in (0, 1)],
        "weekend_after_pay": [day + late * _DAY for day in _after(pay, year) for late in (0, 1)],
        "freshers": days_between(dt.date(year, 9, 15), dt.date(year, 9, 28)),
        "valentines_day": [dt.date(year, 2, 14)],
        "mothering_sunday": [sunday - 21 * _DAY],
        "fathers_day": [nth_weekday(year, 6, SUNDAY, 3)],
        "clocks_back": [nth_weekday(year, 10, SUNDAY, -1)],
        "clocks_forward": [nth_weekday(year, 3, SUNDAY, -1)],
        "summer_weekend": [
            day
            for day in days_between(dt.date(year, 7, 1), dt.date(year, 8, 31))
            if day.weekday() >= SATURDAY
        ],
        "school_holiday": holidays,
        "last_day_of_term": [last for _, last in school_terms(year)],
    }


def _after(pay: list[dt.date], year: int) -> list[dt.date]:
    """Give the Fridays a week after pay days; December's of the year before falls in January."""
    last = nth_weekday(year - 1, 12, FRIDAY, -1)
    return [day + 7 * _DAY for day in (last, *pay)]


def _school_holidays(year: int) -> list[dt.date]:
    """Give the weekdays without school; bank holidays count by themselves."""
    return [
        day
        for day in days_between(dt.date(year, 1, 1), dt.date(year, 12, 31))
        if day.weekday() <= FRIDAY
        and day not in school_days(year)
        and day not in bank_holidays(year)
    ]


def _matches(year: int) -> dict[str, tuple[dt.date, ...]]:
    """Give the days of internationals: those that are known, and others by rule; assumed."""
    known: dict[str, set[dt.date]] = {}
    for row in load("internationals").to_pylist():
        if row["day"].year == year:
            known.setdefault(row["what"], set()).add(row["day"])
    ruled = {"rugby_in_cardiff": set(_rugby(year))}
    if "football_in_cardiff" not in known:
        ruled["football_in_cardiff"] = {
            nth_weekday(year, 3, FRIDAY, -1),
            nth_weekday(year, 6, SATURDAY, 2),
            nth_weekday(year, 9, FRIDAY, 1),
            nth_weekday(year, 11, SATURDAY, 3),
        }
    names = known.keys() | ruled.keys()
    return {name: tuple(sorted(known.get(name, set()) | ruled.get(name, set()))) for name in names}


def _rugby(year: int) -> list[dt.date]:
    """Give the Saturdays of home matches: the Six Nations in turn, and four in the autumn."""
    home = [(2, 2), (3, 2), (3, 3)] if year % 2 == 0 else [(2, 1), (2, -1)]
    spring = [nth_weekday(year, month, SATURDAY, number) for month, number in home]
    # There is no autumn series in the year of a World Cup.
    begin = on_or_before(dt.date(year, 11, 5), SATURDAY)
    autumn = [begin + 7 * turn * _DAY for turn in range(4)] if year % 4 != 3 else []
    return spring + autumn


def days_taught(first: int, end: int) -> Ints:
    """Give the days on which schools taught, in days since 1970-01-01.

    Parameters
    ----------
    first, end
        The first day and the day after the last.
    """
    years = range(_date(first).year, _date(end).year + 1)
    days = {day for year in years for day in school_days(year)}
    shut = {day for year in years for day in special_dates(year).get("schools_closed", ())}
    return np.array(sorted((day - _EPOCH).days for day in days - shut), np.int64)


def _hours(row: dict[str, int], days: Ints) -> Ints:
    """Give the hours, counted from the first of some days, to which a factor applies."""
    called = days_called(str(row["day"]), int(days[0]), int(days[-1]) + 1) - days[0]
    hours = (called[:, None] * 24 + np.arange(row["first_hour"], row["end_hour"])).ravel()
    # A day that two weekends or holidays share counts once.
    return np.unique(hours[hours < len(days) * 24])


def _date(day: int) -> dt.date:
    return _EPOCH + dt.timedelta(days=int(day))
