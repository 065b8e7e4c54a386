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

DAYS_A_YEAR = 365.2425
DAY_S = 86_400
WEEK_S = 7 * DAY_S
_HOUR_S = 3_600
_EPOCH = dt.date(1970, 1, 1)


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


def hours_drawn(
    period: Period, profile: NDArray[np.str_], ids: Ints, chance: Stream, decision: str = "when"
) -> Ints:
    """Draw the time of each event in the period, by a profile of the week and the season.

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
        seconds[own] = period.start * DAY_S + (place * _HOUR_S).astype(np.int64)
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


def week_hours_drawn(
    profile: NDArray[np.str_], ids: Ints, chance: Stream, decision: str = "hour_of_week"
) -> Ints:
    """Draw the time of each event within a week, by a profile.

    Parameters
    ----------
    profile
        Name in the table `hour_of_week` for each id, shape (n,).
    ids, chance, decision
        Keys of the draws; `ids` has shape (n,).

    Returns
    -------
    Seconds since the beginning of the week, shape (n,).
    """
    drawn = chance.uniform(decision, ids)
    seconds = np.empty(len(ids), np.int64)
    for name in _profiles():
        own = np.flatnonzero(profile == name)
        edges = np.append(0.0, np.cumsum(_week(name).ravel()))
        place = np.interp(drawn[own] * edges[-1], edges, np.arange(len(edges)))
        seconds[own] = (place * _HOUR_S).astype(np.int64)
    return seconds


@cache
def _hour_edges(period: Period, profile: str) -> Floats:
    """Add up the weights of all hours of the period: hour of the week times month."""
    weights = _week(profile)
    days = np.arange(period.start, period.end)
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    season = load("month_index")["index"].to_numpy()[month]
    # 1970-01-01 was a Thursday: weekday 3 where Monday is 0.
    hours = weights[(days + 3) % 7] * season[:, None]
    return np.append(0.0, np.cumsum(hours.ravel()))


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
