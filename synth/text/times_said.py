"""Days and times of day as people write them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.setting.calendar import DAY_S, MINUTE_S

_DAY_SHARES = (0.4, 0.25, 0.15, 0.2)  # of forms of a day, in the order of `_DAYS`; assumed
_TIME_SHARES = (0.45, 0.3, 0.1, 0.15)  # of forms of a time, likewise; assumed
_MINUTES_A_DAY = DAY_S // MINUTE_S
_QUARTER = 15  # minutes, to which people round; assumed
_MONTHS = {
    0: "January February March April May June July August September October November December",
    1: "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
}
_WEEKDAYS = {
    0: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    1: ("dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau")
    + ("dydd Gwener", "dydd Sadwrn", "dydd Sul"),
}
_FIRST_WEEKDAY = 3  # 1970-01-01 was a Thursday


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
    return _each((day, drawn, language), _day)


def times_said(second: Ints, drawn: Ints) -> pa.StringArray:
    """Write times of day.

    Parameters
    ----------
    second
        Seconds since 1970-01-01, shape (n,).
    drawn
        Form of each: 21:40, 2140hrs, 9.40pm, 2140, shape (n,).
    """
    return _each((second // MINUTE_S % _MINUTES_A_DAY, drawn), _time)


def rounded(second: Ints) -> Ints:
    """Round seconds to a quarter of an hour."""
    step = _QUARTER * MINUTE_S
    return np.asarray((second + step // 2) // step * step)


def _each(parts: tuple[Ints, ...], write: Callable[..., str]) -> pa.StringArray:
    """Write each distinct combination once."""
    low = [int(part.min(initial=0)) for part in parts]
    sizes = [int(part.max(initial=0)) - least + 1 for part, least in zip(parts, low, strict=True)]
    key = np.ravel_multi_index(
        [part - least for part, least in zip(parts, low, strict=True)], sizes
    )
    distinct, place = np.unique(key, return_inverse=True)
    values = np.unravel_index(distinct, sizes)
    texts = [
        write(*(int(value) + least for value, least in zip(row, low, strict=True)))
        for row in zip(*values, strict=True)
    ]
    return pa.array(texts, pa.string()).take(pa.array(place))


def _day(day: int, form: int, language: int) -> str:
    date = np.datetime64(day, "D").item()
    if form <= 1:
        return str(date.strftime("%d/%m/%Y" if form == 0 else "%d/%m/%y"))
    text = f"{date.day} {_MONTHS[language].split()[date.month - 1]}"
    if form == len(_DAY_SHARES) - 1:
        return f"{_WEEKDAYS[language][(day + _FIRST_WEEKDAY) % 7]} {text}"
    return f"{text} {date.year}"


def _time(minute: int, form: int) -> str:
    hour, rest = divmod(minute, 60)
    if form == len(_TIME_SHARES) - 2:
        return f"{(hour + 11) % 12 + 1}.{rest:02}{'am' if hour < 12 else 'pm'}"
    return (f"{hour:02}:{rest:02}", f"{hour:02}{rest:02}hrs", "", f"{hour:02}{rest:02}")[form]


DAY_SHARES, TIME_SHARES = _DAY_SHARES, _TIME_SHARES
