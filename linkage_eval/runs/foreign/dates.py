"""Dates as others write them; a column is read day first or month first as a whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyarrow as pa

from darkfigure.linkage_eval.records import cleaning
from darkfigure.linkage_eval.records.sql import query

_DAY_FIRST, _MONTH_FIRST = "%d/%m/%Y", "%m/%d/%Y"
_ORDERS_SAID = {"day first": True, "month first": False}
_IN_WORDS = ("%d/%b/%Y", "%d/%B/%Y", "%b/%d/%Y", "%B/%d/%Y", "%Y/%b/%d", "%d%b%Y", "%d%B%Y")
_TWO_NUMBERS_AND_YEAR = r"^(\d{1,2})/(\d{1,2})/\d{4}$"
_YEAR_FIRST = r"^\d{4}/\d{1,2}/\d{1,2}$"
_FIRST_OF_FOUR_DIGITS = 1_000
_ORDERS = """SELECT
    count(*) FILTER (one > 12 AND other <= 12) AS n_day_first,
    count(*) FILTER (one <= 12 AND other > 12) AS n_month_first,
    count(*) FILTER (one <= 12 AND other <= 12 AND one <> other) AS n_open,
    count(*) FILTER (regexp_matches(text, '{year_first}')) AS n_year_first,
    coalesce(min(text) FILTER (one <= 12 AND other <= 12 AND one <> other), '') AS example
FROM (SELECT {text} AS text, {one} AS one, {other} AS other FROM texts)"""


@dataclass(frozen=True)
class Order:
    """The order of day and month in a column, by counts of its values or by the user's word.

    Parameters
    ----------
    n_day_first, n_month_first
        Values with a number over 12 in one of the two places, which settles the order.
    n_open
        Values that are another date in the other order.
    n_year_first
        Values that begin with the year, which are read so whatever the order of the others.
    example
        A value that is another date in the other order; "" if there is none.
    said
        The user's word: "day first", "month first", or a format; "" if there is none.
    """

    n_day_first: int = 0
    n_month_first: int = 0
    n_open: int = 0
    n_year_first: int = 0
    example: str = ""
    said: str = ""

    @property
    def own_format(self) -> str:
        """The one format that the user names; "" if they name none."""
        return "" if self.said in _ORDERS_SAID else self.said

    @property
    def day_first(self) -> bool:
        """Whether the column is read day first: by the user's word, or by most values."""
        return _ORDERS_SAID.get(self.said, self.n_day_first >= self.n_month_first)

    @property
    def formats(self) -> tuple[str, ...]:
        """The date formats that a unified text can have."""
        return ("%Y/%m/%d", _DAY_FIRST if self.day_first else _MONTH_FIRST, *_IN_WORDS)

    def refuse_open(self, column: str) -> None:
        """Make sure that something tells the order of day and month.

        Parameters
        ----------
        column
            Name of the column in its file.

        Raises
        ------
        ValueError
            Values can be read both ways, and neither the others nor the user tell which way is
            right; the message goes on from the name of the file.
        """
        if self.said or self.n_day_first != self.n_month_first:
            return
        say = 'say dates = "day first" or dates = "month first" for this file in the suite'
        if self.n_day_first:
            raise ValueError(
                f"has in column {column} as many dates that must be day first as month first "
                f"({self.n_day_first:,} each); {say}"
            )
        if self.n_open:
            raise ValueError(
                f"has in column {column} {_count(self.n_open)} that can be read day first or month "
                f"first, such as '{self.example}', and none that settles it; {say}"
            )

    def say(self) -> str:
        """Say how the column is read; "" where it holds no dates in figures."""
        if self.said:
            return f"{self.said}, as you say"
        most, fewest = sorted((self.n_day_first, self.n_month_first), reverse=True)
        order = "day" if self.day_first else "month"
        settled = f"{order} first (dates that settle it: {most:,}; against it: {fewest:,})"
        year = f"year first ({_count(self.n_year_first)})"
        return "; ".join(
            word for word, holds in ((year, self.n_year_first), (settled, most)) if holds
        )


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
    if order.own_format:
        read = _read_own(text, order.own_format, today)
        return cleaning.possible_birth(read, today)
    return cleaning.date_of_birth(_unify(text), order.formats, today)


def is_date(text: str, order: Order) -> str:
    """Test whether a text is a date with a year in four digits, or of the user's own format.

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
    if order.own_format:
        return f"{cleaning.read_date(f'trim({text})', (order.own_format,))} IS NOT NULL"
    # A year of fewer digits is read as that of antiquity.
    read = cleaning.read_date(_unify(text), order.formats)
    return f"coalesce(year({read}) >= {_FIRST_OF_FOUR_DIGITS}, false)"


def find_order(texts: pa.Table, column: str, said: str = "") -> Order:
    """Count the values of a column that settle the order of its days and months.

    Parameters
    ----------
    texts
        A table of texts.
    column
        Name of the column of dates.
    said
        The user's word; then nothing is counted.
    """
    if said:
        return Order(said=said)
    text = _unify(column)
    first, second = (
        f"TRY_CAST(regexp_extract({text}, '{_TWO_NUMBERS_AND_YEAR}', {place}) AS INTEGER)"
        for place in (1, 2)
    )
    sql = _ORDERS.format(one=first, other=second, text=text, year_first=_YEAR_FIRST)
    return Order(**query(sql, texts=texts).to_pylist()[0])


def _read_own(text: str, own_format: str, today: str) -> str:
    read = cleaning.read_date(f"trim({text})", (own_format,))
    if "%y" not in own_format:
        return read
    # Two digits of a year: of this century unless the day is still to come.
    return f"CASE WHEN {read} > {today} THEN {read} - INTERVAL 100 YEAR ELSE {read} END::DATE"


def _count(n: int) -> str:
    return "1 date" if n == 1 else f"{n:,} dates"


def _unify(text: str) -> str:
    """Part the numbers of a date by strokes, and drop a time of day."""
    date = rf"regexp_replace(trim({text}), '[T ]+\d{{1,2}}:\d\d.*$', '')"
    date = f"regexp_replace({date}, '[-/. ,]+', '/', 'g')"
    # Eight digits; a column that was once numeric may end in ".0".
    date = rf"regexp_replace({date}, '^(\d{{4}})(0[1-9]|1[0-2])(\d\d)(/0)?$', '\1/\2/\3')"
    return rf"regexp_replace({date}, '^(\d\d)(\d\d)((?:19|20)\d\d)(/0)?$', '\1/\2/\3')"
