"""Durations of specifications: ISO 8601, such as "P10D", "P1M" or "PT6H"."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

_FORM = re.compile(
    r"P(?:(?P<Y>\d+(?:\.\d+)?)Y)?(?:(?P<M>\d+(?:\.\d+)?)M)?(?:(?P<W>\d+(?:\.\d+)?)W)?"
    r"(?:(?P<D>\d+(?:\.\d+)?)D)?(?:T(?:(?P<h>\d+(?:\.\d+)?)H)?(?:(?P<m>\d+(?:\.\d+)?)M)?)?"
)
# A year is 365.25 days and a month its twelfth.
_MOST_DAYS = 365_250.0
_DAYS = {"Y": 365.25, "M": 365.25 / 12, "W": 7.0, "D": 1.0, "h": 1 / 24, "m": 1 / 1440}


def days_of(text: str) -> float:
    """Give the length of a duration in days.

    Raises
    ------
    ValueError
        The text is no duration.
    """
    match = _FORM.fullmatch(text)
    parts = {} if match is None else {key: part for key, part in match.groupdict().items() if part}
    if not parts:
        raise ValueError('must be a duration such as "P10D", "P1M" or "PT6H"')
    return sum(float(part) * _DAYS[key] for key, part in parts.items())


def _checked(text: str) -> str:
    if days_of(text) > _MOST_DAYS:
        raise ValueError(f"must be at most a thousand years, and '{text}' is longer")
    return text


def _lasting(text: str) -> str:
    if not days_of(text):
        raise ValueError(f"must last, and '{text}' is no time at all")
    return text


Duration = Annotated[str, AfterValidator(_checked)]
Lasting = Annotated[Duration, AfterValidator(_lasting)]
"""A duration above 0, such as the time between meetings."""
