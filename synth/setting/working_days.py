"""Working days: on which offices, practices and theatres are open."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.setting.calendar import Period
from darkfigure.synth.setting.holidays import SATURDAY, bank_holidays

_EPOCH = dt.date(1970, 1, 1)
_FIRST, _END = (
    int(np.datetime64(day).astype(int)) for day in ("1990-01-01", "2050-01-01")
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
    open_days = _working_days()
    return np.asarray(open_days[np.searchsorted(open_days, day)])


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


@cache
def _working_days() -> Ints:
    days = np.arange(_FIRST, _END)
    years = range(_year(_FIRST), _year(_END) + 1)
    shut = [(day - _EPOCH).days for year in years for day in bank_holidays(year)]
    # 1970-01-01 was a Thursday: weekday 3 where Monday is 0.
    return days[((days + 3) % 7 < SATURDAY) & ~np.isin(days, shut)]


def _year(day: int) -> int:
    return (_EPOCH + dt.timedelta(days=day)).year
