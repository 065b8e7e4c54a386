"""Faults of dates; each gives a date that a system would take."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.entry.faults.calendar_dates import DateLayout, Dates, layout
from darkfigure.synth.entry.faults.cells import StruckCells
from darkfigure.synth.entry.faults.letters import Places, chosen
from darkfigure.synth.schema import Column

# Each digit of a date: the part it belongs to and its value there.
_DIGITS = [(part, worth) for part in ("month", "day") for worth in (10, 1)]
_DIGITS += [("year", worth) for worth in (1000, 100, 10, 1)]
_MIDDLE = 15  # of a month; assumed
_MONTHS, _SURE_DAYS = 12, 28  # of a year; days that every month has; no rate


def day_month_swapped(cells: StruckCells) -> pa.StringArray:
    """Write the day as month and the month as day, if that gives a date."""
    rows, known = _read(cells)
    swapped = Dates(known.year, known.day, known.month)
    able = swapped.possible
    return _written(cells, rows[able], swapped.rows(able))


def first_of_january(cells: StruckCells) -> pa.StringArray:
    """Write 1 January of the year."""
    rows, known = _read(cells)
    ones = np.ones_like(known.year)
    return _written(cells, rows, Dates(known.year, ones, ones))


def day_heaped(cells: StruckCells) -> pa.StringArray:
    """Write the first or the middle of the month."""
    rows, known = _read(cells)
    heaps = np.where(cells.uniform("heap")[rows] < 0.5, 1, _MIDDLE)
    day = np.where(heaps == known.day, 1 + _MIDDLE - heaps, heaps)
    return _written(cells, rows, Dates(known.year, known.month, day))


def age_for_date(cells: StruckCells) -> pa.StringArray:
    """Write the day of the record, as many years earlier as the person is old."""
    days = cells.facts.days if cells.facts else None
    if days is None:
        return cells.values
    rows, known = _read(cells)
    today = _dates(days[rows])
    year = today.year - age_years(known, today)
    leap_day = (today.month == 2) & (today.day == 29)  # not in every year
    born = Dates(year, today.month, np.where(leap_day, 28, today.day))
    credible = born.credible_for(known)
    return _written(cells, rows[credible], born.rows(credible))


def age_years(born: Dates, today: Dates) -> Places:
    """Count completed years.

    Parameters
    ----------
    born, today
        Dates of equal shape.
    """
    early = (today.month < born.month) | ((today.month == born.month) & (today.day < born.day))
    age: Places = today.year - born.year - early
    return age


def days_old(cells: StruckCells, texts: pa.StringArray, column: Column) -> Places:
    """Give the age in days on the day of the record.

    Parameters
    ----------
    cells
        Struck cells, which know the day of their record.
    texts
        Dates of birth as text, shape (k,).
    column
        Column of the date of birth.

    Returns
    -------
    Shape (k,); -1 for an unknown age.
    """
    days = cells.facts.days if cells.facts else None
    age = np.full(len(texts), -1)
    if days is None or column.date_format is None:
        return age
    known, readable = layout(column.date_format).read(pc.fill_null(texts, ""))
    age[readable] = days[readable] - known.rows(readable).days
    return age


def other_day(cells: StruckCells) -> pa.StringArray:
    """Write another month, and any day of it, of the same year."""
    rows, known = _read(cells)
    month = (
        known.month + (cells.uniform("month")[rows] * (_MONTHS - 1)).astype(np.int64)
    ) % _MONTHS + 1
    day = 1 + (cells.uniform("day")[rows] * _SURE_DAYS).astype(np.int64)
    return _written(cells, rows, Dates(known.year, month, day))


def decade_slip(cells: StruckCells) -> pa.StringArray:
    """Write the year ten years early or late."""
    rows, known = _read(cells)
    year = known.year[:, None] + np.array([-10, 10])
    return _one_of(cells, rows, known, options=Dates(year, *_beside(known, year)))


def digit_slip(cells: StruckCells) -> pa.StringArray:
    """Write another digit for one, such that the date stays credible."""
    rows, known = _read(cells)
    parts = {"year": known.year, "month": known.month, "day": known.day}
    changed = {part: np.repeat(number[:, None], 72, axis=1) for part, number in parts.items()}
    for place, (part, worth) in enumerate(_DIGITS):
        digit = (parts[part] // worth % 10)[:, None]
        others = (digit + np.arange(1, 10)) % 10
        changed[part][:, 9 * place : 9 * place + 9] += (others - digit) * worth
    return _one_of(cells, rows, known, options=Dates(**changed))


def _dates(days: Places) -> Dates:
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    month = months.astype(np.int64)
    day = (dates - months).astype(np.int64) + 1
    return Dates(1970 + month // 12, month % 12 + 1, day)


def _layout(cells: StruckCells) -> DateLayout:
    if cells.column.date_format is None:
        raise ValueError(f"column '{cells.column.name}' holds dates; give it a date format")
    return layout(cells.column.date_format)


def _read(cells: StruckCells) -> tuple[Places, Dates]:
    """Give the rows that hold dates in the system's layout, and those dates."""
    dates, readable = _layout(cells).read(cells.values)
    rows = np.flatnonzero(readable)
    return rows, dates.rows(rows)


def _written(cells: StruckCells, rows: Places, dates: Dates) -> pa.StringArray:
    mask = np.zeros(len(cells.values), np.bool_)
    mask[rows] = True
    return pc.replace_with_mask(cells.values, pa.array(mask), _layout(cells).write(dates))


def _beside(known: Dates, year: Places) -> tuple[Places, Places]:
    return (
        np.broadcast_to(known.month[:, None], year.shape),
        np.broadcast_to(known.day[:, None], year.shape),
    )


def _one_of(cells: StruckCells, rows: Places, known: Dates, *, options: Dates) -> pa.StringArray:
    """Write one of the credible options, shape (rows, options), if a date has any."""
    credible = options.credible_for(Dates(*(part[:, None] for part in known.parts)))
    option, able = chosen(credible, cells.uniform("option")[rows])
    cell = (np.flatnonzero(able), option[able])
    return _written(cells, rows[able], Dates(*(part[cell] for part in options.parts)))
