"""Dates as others write them; a column is read day first or month first as a whole."""

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
    """The order of day and month in a column, by counts of its values.

    Parameters
    ----------
    n_day_first, n_month_first
        Values with a number over 12 in one of the two places, which settles the order.
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
        """The date formats that a unified text can have."""
        return ("%Y/%m/%d", _DAY_FIRST if self.day_first else _MONTH_FIRST, *_IN_WORDS)

    def say(self) -> str:
        """Say in which order the column is read; "" where no value can be read both ways."""
        most, fewest = sorted((self.n_day_first, self.n_month_first), reverse=True)
        if not most:
            both_ways = f"dates that can be read both ways: {self.n_open:,}; none settles it"
            return f"day first, as in Britain ({both_ways})" if self.n_open else ""
        settled = f"dates that settle it: {most:,}; against it: {fewest:,}"
        return f"{'day' if self.day_first else 'month'} first ({settled})"


def clean_date(text: str, order: Order) -> str:
    """Clean a date of birth; nobody is born after today.

    Parameters
    ----------
    text
        An SQL expression of text.
    order
        Order of day and month in the column.

    Returns
    -------
    An SQL expression of a date, null where the text is none.
    """
    today = f"DATE '{dt.datetime.now(tz=dt.UTC).date()}'"
    return cleaning.date_of_birth(_unify(text), order.formats, today)


def is_date(text: str, order: Order) -> str:
    """Test whether a text is a date with a year in four digits.

    Parameters
    ----------
    text
        An SQL expression of text.
    order
        Order of day and month in the column.

    Returns
    -------
    An SQL condition.
    """
    # A year of fewer digits is read as that of antiquity.
    read = cleaning.read_date(_unify(text), order.formats)
    return f"coalesce(year({read}) >= {_FIRST_OF_FOUR_DIGITS}, false)"


def find_order(texts: pa.Table, column: str) -> Order:
    """Count the values of a column that settle the order of its days and months.

    Parameters
    ----------
    texts
        A table of texts.
    column
        Name of the column of dates.
    """
    first, second = (
        f"TRY_CAST(regexp_extract({_unify(column)}, '{_TWO_NUMBERS_AND_YEAR}', {place}) AS INTEGER)"
        for place in (1, 2)
    )
    return Order(**query(_ORDERS.format(one=first, other=second), texts=texts).to_pylist()[0])


def _unify(text: str) -> str:
    """Part the numbers of a date by strokes, and drop a time of day."""
    date = rf"regexp_replace(trim({text}), '[T ]+\d{{1,2}}:\d\d.*$', '')"
    date = f"regexp_replace({date}, '[-/. ,]+', '/', 'g')"
    # Eight digits; a column that was once numeric may end in ".0".
    date = rf"regexp_replace({date}, '^(\d{{4}})(0[1-9]|1[0-2])(\d\d)(/0)?$', '\1/\2/\3')"
    return rf"regexp_replace({date}, '^(\d\d)(\d\d)((?:19|20)\d\d)(/0)?$', '\1/\2/\3')"
