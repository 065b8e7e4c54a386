"""Days and times of day as people write them."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.setting.calendar import DAY_S, MINUTE_S
from darkfigure.synth.text.wordings import LANGUAGES

DAY_SHARES = (0.4, 0.25, 0.15, 0.2)  # of forms of a day, in the order of `days_said`; assumed
TIME_SHARES = (0.45, 0.3, 0.1, 0.15)  # of forms of a time, likewise; assumed
_MINUTES_A_DAY = DAY_S // MINUTE_S
_MINUTES_AN_HOUR, _NOON = 60, 12  # no rate
_QUARTER = 15  # minutes, to which people round; assumed
_MONTHS = {
    0: "January February March April May June July August September October November December",
    1: "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
}
_WEEKDAYS = {
    0: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    # As after "ar", on.
    1: "ddydd_Llun ddydd_Mawrth ddydd_Mercher ddydd_Iau ddydd_Gwener ddydd_Sadwrn ddydd_Sul",
}
_FIRST_WEEKDAY, _DAYS_A_WEEK = 3, 7  # 1970-01-01 was a Thursday


def days_said(day: Ints, drawn: Ints, language: Ints) -> pa.StringArray:
    """Write days.

    Parameters
    ----------
    day
        Days since 1970-01-01, shape (n,).
    drawn
        Form of each, index into the forms: 31/12/2022, 31/12/22, 31 December 2022, and with the
        weekday, shape (n,).
    language
        Index into `wordings.LANGUAGES`, shape (n,).
    """
    first, forms = int(day.min(initial=0)), len(DAY_SHARES)
    key = ((day - first) * forms + drawn) * len(LANGUAGES) + language
    distinct, place = np.unique(key, return_inverse=True)
    form, spoken = np.divmod(distinct, len(LANGUAGES))
    parts = (first + form // forms, form % forms, spoken)
    texts = [_day(*map(int, row)) for row in zip(*parts, strict=True)]
    return pa.array(texts, pa.string()).take(pa.array(place))


def times_said(second: Ints, drawn: Ints) -> pa.StringArray:
    """Write times of day.

    Parameters
    ----------
    second
        Seconds since 1970-01-01, shape (n,).
    drawn
        Form of each: 21:40, 2140hrs, 9.40pm, 2140, shape (n,).
    """
    minute = second // MINUTE_S % _MINUTES_A_DAY
    return _times().take(pa.array(minute * len(TIME_SHARES) + drawn))


@cache
def _times() -> pa.StringArray:
    """Write every minute of a day in every form."""
    forms = range(len(TIME_SHARES))
    texts = [_time(minute, form) for minute in range(_MINUTES_A_DAY) for form in forms]
    return pa.array(texts, pa.string())


def rounded(second: Ints) -> Ints:
    """Round seconds to a quarter of an hour."""
    step = _QUARTER * MINUTE_S
    return np.asarray((second + step // 2) // step * step)


def _day(day: int, form: int, language: int) -> str:
    date = np.datetime64(day, "D").item()
    if form <= 1:
        return str(date.strftime("%d/%m/%Y" if form == 0 else "%d/%m/%y"))
    text = f"{date.day} {_MONTHS[language].split()[date.month - 1]}"
    if form == len(DAY_SHARES) - 1:
        weekday = _WEEKDAYS[language].split()[(day + _FIRST_WEEKDAY) % _DAYS_A_WEEK]
        return f"{weekday.replace('_', ' ')} {text}"
    return f"{text} {date.year}"


def _time(minute: int, form: int) -> str:
    hour, rest = divmod(minute, _MINUTES_AN_HOUR)
    if form == len(TIME_SHARES) - 2:
        return f"{(hour + 11) % 12 + 1}.{rest:02}{'am' if hour < _NOON else 'pm'}"
    between, after = {0: (":", ""), 1: ("", "hrs")}.get(form, ("", ""))
    return f"{hour:02}{between}{rest:02}{after}"
