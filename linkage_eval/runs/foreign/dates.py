"""Dates as others write them: whether the day or the month comes first is settled once a column."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyarrow as pa

from darkfigure.linkage_eval.records import cleaning
from darkfigure.linkage_eval.records.sql import query

_DAY_FIRST, _MONTH_FIRST = "%d/%m/%Y", "%m/%d/%Y"
_IN_WORDS = ("%d/%b/%Y", "%d/%B/%Y", "%b/%d/%Y", "%B/%d/%Y", "%Y/%b/%d", "%d%b%Y", "%d%B%Y")
_TWO_NUMBERS_AND_YEAR = r"^(\d{1,2})/(\d{1,2})/\d{4}$"
_FIRST_OF_FOUR_DIGITS = 1_000
_ORDERS = """SELECT
    count(*) FILTER (one > 12 AND other <= 12) AS n_day_first,
    count(*) FILTER (one <= 12 AND other > 12) AS n_month_first,
    count(*) FILTER (one <= 12 AND other <= 12 AND one <> other) AS n_open
FROM (SELECT {one} AS one, {other} AS other FROM texts)"""


@dataclass(frozen=True)
class Order:
    """What the values of a column say of whether the day or the month stands first.

    Parameters
    ----------
    n_day_first, n_month_first
        Values with a number over 12 in one of the two places, which settles it.
    n_open
        Values that are another date in the other order.
    """

    n_day_first: int
    n_month_first: int
    n_open: int

    @property
    def day_first(self) -> bool:
        """Whether the column is read day first: by most values, or as in Britain."""
        return self.n_day_first >= self.n_month_first

    @property
    def formats(self) -> tuple[str, ...]:
        """The forms of date that a unified text can have."""
        return ("%Y/%m/%d", _DAY_FIRST if self.day_first else _MONTH_FIRST, *_IN_WORDS)

    def say(self) -> str:
        """Say how the column is read; nothing where every value says so itself."""
        most, fewest = sorted((self.n_day_first, self.n_month_first), reverse=True)
        if not most:
            both_ways = f"dates that can be read both ways: {self.n_open:,}; none settles it"
            return f"day first, as in Britain ({both_ways})" if self.n_open else ""
        settled = f"dates that settle it: {most:,}; against it: {fewest:,}"
        return f"{'day' if self.day_first else 'month'} first ({settled})"


def clean_date(text: str, order: Order) -> str:
    """Clean a date of birth (an SQL expression of text); nobody is born after today."""
    today = f"DATE '{dt.datetime.now(tz=dt.UTC).date()}'"
    return cleaning.date_of_birth(_unify(text), order.formats, today)


def is_date(text: str, order: Order) -> str:
    """Tell (an SQL condition) whether a text is a date at all, its year in four digits."""
    # A year of fewer digits is read as that of antiquity.
    read = cleaning.read_date(_unify(text), order.formats)
    return f"coalesce(year({read}) >= {_FIRST_OF_FOUR_DIGITS}, false)"


def find_order(texts: pa.Table, column: str) -> Order:
    """Count what a column of dates says of its order."""
    one, other = (
        f"TRY_CAST(regexp_extract({_unify(column)}, '{_TWO_NUMBERS_AND_YEAR}', {place}) AS INTEGER)"
        for place in (1, 2)
    )
    return Order(**query(_ORDERS.format(one=one, other=other), texts=texts).to_pylist()[0])


def _unify(text: str) -> str:
    """Part the numbers of a date by strokes, and drop a time of day."""
    date = rf"regexp_replace(trim({text}), '[T ]+\d{{1,2}}:\d\d.*$', '')"
    date = f"regexp_replace({date}, '[-/. ,]+', '/', 'g')"
    # Eight digits; what was a number before may end in ".0".
    date = rf"regexp_replace({date}, '^(\d{{4}})(0[1-9]|1[0-2])(\d\d)(/0)?$', '\1/\2/\3')"
    return rf"regexp_replace({date}, '^(\d\d)(\d\d)((?:19|20)\d\d)(/0)?$', '\1/\2/\3')"
