"""Dates as texts of a fixed layout, taken apart into years, months and days and put together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.entry.faults.letters import Letters, Points

Numbers = Ints

EARLIEST_YEAR, LATEST_YEAR = 1900, 2029  # years of birth that systems accept; assumed
_WIDTHS = {"%Y": 4, "%m": 2, "%d": 2}
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_FEBRUARY, _DECEMBER = 2, 12
_ZERO = ord("0")
_NINE = 9


@dataclass(frozen=True)
class Dates:
    """Dates taken apart; the three arrays have one shape."""

    year: Numbers
    month: Numbers
    day: Numbers

    @property
    def possible(self) -> Mask:
        """True for days that the calendar has."""
        leap = (self.year % 4 == 0) & ((self.year % 100 != 0) | (self.year % 400 == 0))
        longest = _MONTH_DAYS[np.clip(self.month, 0, _DECEMBER)]
        longest = longest + (leap & (self.month == _FEBRUARY))
        month: Mask = (self.month >= 1) & (self.month <= _DECEMBER)
        possible: Mask = month & (self.day >= 1) & (self.day <= longest) & (self.year >= 1)
        return possible

    def credible_for(self, known: Dates) -> Mask:
        """Tell whether a system would take the date in place of the known one."""
        accepted = (self.year >= EARLIEST_YEAR) & (self.year <= LATEST_YEAR)
        credible: Mask = self.possible & (accepted | (self.year == known.year))
        return credible

    @property
    def days(self) -> Numbers:
        """Days since 1970-01-01."""
        months = (self.year - 1970) * 12 + self.month - 1
        first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        days: Numbers = first + self.day - 1
        return days

    @property
    def parts(self) -> tuple[Numbers, Numbers, Numbers]:
        """Years, months and days."""
        return self.year, self.month, self.day

    def rows(self, rows: Ints | Mask) -> Dates:
        """Give some of the dates."""
        return Dates(*(part[rows] for part in self.parts))


@dataclass(frozen=True)
class DateLayout:
    """The form in which a system writes dates.

    Parameters
    ----------
    pattern
        The text of a date with 0 for each digit.
    begins
        Places in the text of the year, month and day, by `%Y`, `%m` and `%d`.
    """

    pattern: str
    begins: Mapping[str, int]

    def read(self, values: pa.StringArray) -> tuple[Dates, Mask]:
        """Take texts apart.

        Returns
        -------
        The dates, and a mask of the texts that are dates in exactly this layout.
        """
        letters = Letters.read(values)
        points = np.zeros((len(values), len(self.pattern)), np.uint32)
        width = min(points.shape[1], letters.points.shape[1])
        points[:, :width] = letters.points[:, :width]
        digits = points.astype(np.int64) - _ZERO
        model = np.array([ord(character) for character in self.pattern])
        fits = np.where(model == _ZERO, (digits >= 0) & (digits <= _NINE), points == model)
        dates = Dates(*(self._number(digits, part) for part in _WIDTHS))
        readable = (letters.lengths == len(self.pattern)) & fits.all(axis=1) & dates.possible
        return dates, readable

    def write(self, dates: Dates) -> pa.StringArray:
        """Put dates together as texts."""
        points: Points = np.empty((len(dates.year), len(self.pattern)), np.uint32)
        points[:] = [ord(character) for character in self.pattern]
        for part, number in zip(_WIDTHS, dates.parts, strict=True):
            width, begin = _WIDTHS[part], self.begins[part]
            for place in range(width):
                points[:, begin + place] = number // 10 ** (width - 1 - place) % 10 + _ZERO
        return Letters(points, np.full(len(points), len(self.pattern), np.int64)).text()

    def _number(self, digits: Numbers, part: str) -> Numbers:
        width, begin = _WIDTHS[part], self.begins[part]
        weights = 10 ** np.arange(width - 1, -1, -1)
        number: Numbers = digits[:, begin : begin + width] @ weights
        return number


@cache
def layout(date_format: str) -> DateLayout:
    """Read a date format; cached.

    Raises
    ------
    ValueError
        The format lacks the year of four digits, the month or the day of two.
    """
    pattern, begins = "", {}
    for part in re.findall(r"%.|[^%]", date_format):
        begins[part] = len(pattern)
        pattern += "0" * _WIDTHS[part] if part in _WIDTHS else part
    if not _WIDTHS.keys() <= begins.keys():
        raise ValueError(f"date format '{date_format}' needs %Y, %m and %d; write all three")
    return DateLayout(pattern, {part: begins[part] for part in _WIDTHS})
