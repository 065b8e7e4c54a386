"""Days and hours: the study period, and draws of times within it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.special_days import hours_of_days

DAYS_A_YEAR = 365.2425  # no rate
DAY_S = 86_400  # no rate
WEEK_S = 7 * DAY_S
MINUTE_S, HOUR_S = 60, 3_600  # no rate
_EPOCH = dt.date(1970, 1, 1)
_YEAR_DAYS = 365
_MONTHS_A_YEAR = 12  # no rate
_ERA_WEEKS = 256  # weeks whose hours are reckoned at a time; no rate
_LONGEST_BREAK_WEEKS = 26  # no school is shut for longer; assumed


@dataclass(frozen=True)
class Period:
    """The period of the study, in days since 1970-01-01.

    Parameters
    ----------
    start
        The first day.
    end
        The day after the last.
    """

    start: int
    end: int

    @classmethod
    def of(cls, start: dt.date, years: int) -> Period:
        """Make the period that begins on a day and lasts whole years."""
        begin = (start - _EPOCH).days
        return cls(begin, begin + round(years * DAYS_A_YEAR))

    @property
    def start_s(self) -> int:
        """Its beginning in seconds since 1970-01-01."""
        return self.start * DAY_S

    @property
    def end_s(self) -> int:
        """Its end in seconds since 1970-01-01."""
        return self.end * DAY_S

    @property
    def years(self) -> float:
        """Length in years."""
        return (self.end - self.start) / DAYS_A_YEAR


def whole_years(born: Ints, day: Ints) -> Ints:
    """Give ages in whole years, as birthdays count them.

    Parameters
    ----------
    born, day
        Birthdays, and the days on which to be so old, since 1970-01-01, shape (n,).

    Returns
    -------
    Shape (n,); below 0 for those who are not born yet.
    """
    months = [days.astype("datetime64[D]").astype("datetime64[M]") for days in (born, day)]
    into_month = [
        days - month.astype("datetime64[D]").astype(np.int64)
        for days, month in zip((born, day), months, strict=True)
    ]
    between = (months[1] - months[0]).astype(np.int64) - (into_month[1] < into_month[0])
    return np.asarray(between // _MONTHS_A_YEAR)


def hours_drawn(
    period: Period, profile: NDArray[np.str_], ids: Ints, chance: Stream, decision: str = "when"
) -> Ints:
    """Draw the time of each event in the period, by a profile, the season and special days.

    Parameters
    ----------
    period
        Of the study.
    profile
        Name in the table `hour_of_week` for each id, shape (n,).
    ids, chance, decision
        Keys of the draws; `ids` has shape (n,).

    Returns
    -------
    Seconds since 1970-01-01, shape (n,).
    """
    drawn = chance.uniform(decision, ids)
    seconds = np.empty(len(ids), np.int64)
    for name in _profiles():
        own = np.flatnonzero(profile == name)
        edges = _hour_edges(period, name)
        place = np.interp(drawn[own] * edges[-1], edges, np.arange(len(edges)))
        seconds[own] = period.start * DAY_S + (place * HOUR_S).astype(np.int64)
    return seconds


def week_begin(seconds: Ints) -> Ints:
    """Give the beginning of the week of each time: Monday at midnight.

    Parameters
    ----------
    seconds
        Since 1970-01-01, shape (n,).

    Returns
    -------
    Seconds since 1970-01-01, shape (n,).
    """
    # 1970-01-01 was a Thursday: three days into its week.
    return np.asarray(seconds - (seconds + 3 * DAY_S) % WEEK_S)


def times_within_week(
    week_s: Ints, profile: NDArray[np.str_], ids: Ints, chance: Stream, decision: str = "in_week"
) -> Ints:
    """Draw the time of each event within a certain week, by a profile and its special days.

    Where a profile has no hours in the week, as schools have none in August, the next week that has
    some takes its place.

    Parameters
    ----------
    week_s
        Beginning of each event's week, as `week_begin` gives it, shape (n,).
    profile
        Name in the table `hour_of_week` for each id, shape (n,).
    ids, chance, decision
        Keys of the draws; `ids` has shape (n,).

    Returns
    -------
    Seconds since 1970-01-01, shape (n,).
    """
    drawn = chance.uniform(decision, ids)
    seconds = np.empty(len(ids), np.int64)
    number = (week_s // DAY_S + 3) // 7
    for name in _profiles():
        own = np.flatnonzero(profile == name)
        for era in np.unique(number[own] // _ERA_WEEKS):
            rows = own[number[own] // _ERA_WEEKS == era]
            edges, week = _week_edges(int(era), name)
            week = week[number[rows] - era * _ERA_WEEKS]
            # Each week's edges run from its number to the next.
            place = np.interp(drawn[rows] + week, edges, np.arange(len(edges)))
            seconds[rows] = (place * HOUR_S).astype(np.int64) + _era_begin(int(era)) * DAY_S
    return seconds


def _era_begin(era: int) -> int:
    return era * _ERA_WEEKS * 7 - 3


@cache
def _week_edges(era: int, profile: str) -> tuple[Floats, Ints]:
    """Add up the weights of an era's hours so that each week with any has 1; give each its own."""
    begin, n_weeks = _era_begin(era), _ERA_WEEKS + _LONGEST_BREAK_WEEKS
    hours = hours_of_days(profile, _week(profile), begin, begin + WEEK_S // DAY_S * n_weeks)
    weights = hours.reshape(n_weeks, -1)
    total = weights.sum(axis=1, keepdims=True)
    within = np.cumsum(weights, axis=1) / np.where(total, total, 1)
    within[:, -1] = 1
    edges = np.append(0.0, (within + np.arange(n_weeks)[:, None]).ravel())
    numbers = np.where(total[:, 0] > 0, np.arange(n_weeks), n_weeks)
    following = np.minimum.accumulate(numbers[::-1])[::-1]
    return edges, following[:_ERA_WEEKS]


@cache
def _hour_edges(period: Period, profile: str) -> Floats:
    """Add up the weights of all hours of the period: hour of the week, special day and month.

    Each year, counted back from the end, keeps the sum that it has without special days: they move
    violence within the year, and rates alone say how much there is.
    """
    days = np.arange(period.start, period.end)
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    season = load("month_index")[_season(profile)].to_numpy()[month]
    # 1970-01-01 was a Thursday: weekday 3 where Monday is 0.
    usual = _week(profile).sum(axis=1)[(days + 3) % 7] * season
    hours = hours_of_days(profile, _week(profile), period.start, period.end) * season[:, None]
    year = (period.end - 1 - days) // _YEAR_DAYS
    special = np.bincount(year, hours.sum(axis=1))
    level = np.bincount(year, usual) / np.where(special, special, 1)
    return np.append(0.0, np.cumsum(hours * level[year][:, None]))


def _season(profile: str) -> str:
    """Name the column of `month_index` for a profile: patients have other seasons than violence."""
    return "patients" if profile in ("illness", "injury", "drink") else "index"


@cache
def _profiles() -> tuple[str, ...]:
    return tuple(sorted(set(load("hour_of_week")["profile"].to_pylist())))


@cache
def _week(profile: str) -> Floats:
    """Give the weight of each hour of the week, shape (7, 24), Monday first."""
    week = load("hour_of_week")
    weights = np.zeros((7, 24))
    own = np.asarray(week["profile"]) == profile
    weekday, hour, weight = (np.asarray(week[name])[own] for name in ("weekday", "hour", "weight"))
    weights[weekday, hour] = weight
    return weights
