"""Working days: on which offices, practices and theatres are open, and on which schools teach."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.setting.calendar import Period
from darkfigure.synth.setting.holidays import SATURDAY, SUNDAY, bank_holidays
from darkfigure.synth.setting.special_days import days_taught

_EPOCH = dt.date(1970, 1, 1)
_CHRISTMAS = (12, 25)  # month and day; no rate
_FIRST, _END = (
    int(np.datetime64(day).astype(int)) for day in ("1990-01-01", "2150-01-01")
)  # no rate


def working_day(day: Ints) -> Ints:
    """Move days to the next working day: Monday to Friday, no bank holiday.

    Parameters
    ----------
    day
        Days since 1970-01-01 from 1990 on, shape (n,).

    Returns
    -------
    Shape (n,).
    """
    return _next(_working_days(), day)


def remand_court_day(day: Ints) -> Ints:
    """Move days to the next on which courts see people kept in custody: also Saturdays.

    Parameters
    ----------
    day
        Days since 1970-01-01 from 1990 on, shape (n,).

    Returns
    -------
    Shape (n,).
    """
    return _next(_remand_court_days(), day)


def school_day(day: Ints) -> Ints:
    """Move days to the next on which schools teach.

    Parameters
    ----------
    day
        Days since 1970-01-01 from 1990 on, shape (n,).

    Returns
    -------
    Shape (n,).
    """
    return _next(_taught(), day)


def school_days_drawn(period: Period, drawn: Floats) -> Ints:
    """Place draws on the days of a period on which schools teach.

    Parameters
    ----------
    period
        Of the study.
    drawn
        Uniform draws, shape (n,).

    Returns
    -------
    Days since 1970-01-01, shape (n,).
    """
    first, end = np.searchsorted(_taught(), (period.start, period.end))
    return np.asarray(_taught()[first + (drawn * (end - first)).astype(np.int64)])


def working_days_drawn(
    period: Period, drawn: Floats, weekdays: tuple[float, ...] = (1, 1, 1, 1, 1)
) -> Ints:
    """Place draws on the working days of a period.

    Parameters
    ----------
    period
        Of the study.
    drawn
        Uniform draws, shape (n,).
    weekdays
        How busy each weekday is, Monday first.

    Returns
    -------
    Days since 1970-01-01, shape (n,).
    """
    days = _working_days()
    days = days[(days >= period.start) & (days < period.end)]
    edges = np.cumsum(np.array(weekdays)[(days + 3) % 7])
    return np.asarray(days[np.searchsorted(edges, drawn * edges[-1], side="right")])


def _next(days: Ints, day: Ints) -> Ints:
    """Give the first of some ascending days from each day on."""
    return np.asarray(days[np.searchsorted(days, day)])


@cache
def _working_days() -> Ints:
    days = _no_bank_holidays()
    # 1970-01-01 was a Thursday: weekday 3 where Monday is 0.
    return days[(days + 3) % 7 < SATURDAY]


@cache
def _remand_court_days() -> Ints:
    days = _no_bank_holidays()
    years = range(_year(_FIRST), _year(_END) + 1)
    # A substitute leaves Christmas Day itself free of courts too, whatever weekday it is.
    christmas = [(dt.date(year, _CHRISTMAS[0], _CHRISTMAS[1]) - _EPOCH).days for year in years]
    return days[((days + 3) % 7 < SUNDAY) & ~np.isin(days, christmas)]


def _no_bank_holidays() -> Ints:
    days = np.arange(_FIRST, _END)
    years = range(_year(_FIRST), _year(_END) + 1)
    shut = [(day - _EPOCH).days for year in years for day in bank_holidays(year)]
    return days[~np.isin(days, shut)]


@cache
def _taught() -> Ints:
    return days_taught(_FIRST, _END)


def _year(day: int) -> int:
    return (_EPOCH + dt.timedelta(days=day)).year
