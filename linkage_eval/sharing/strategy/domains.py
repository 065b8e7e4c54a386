"""The values that a field may have, known before anybody looks at the data.

Counts under differential privacy have a cell for every combination of these, empty or not: a cell
that is there only if somebody is in it would tell of that person.
"""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.generalise import generalise
from darkfigure.synth.schema import Column
from darkfigure.synth.setting.geography import wales

MISSING, OTHER = "not known", "other"
_LSOA = "lsoa_code"
_DAY = dt.timedelta(days=1)
# Levels of a time whose values over a study are few enough to be cells.
_LEVELS = ("week", "month", "quarter", "year")


def has_domain(column: Column, level: str | None) -> bool:
    """Tell whether the values of a column are known beforehand.

    Parameters
    ----------
    column
        A column of a holding.
    level
        The level to which it is coarsened; None if it is not.
    """
    if pa.types.is_temporal(column.type):
        return level in _LEVELS
    return level is None and (
        bool(column.codes) or column.name == _LSOA or pa.types.is_boolean(column.type)
    )


def domain_of(column: Column, level: str | None, view: AgencyView) -> pa.Array:
    """List the values of a column.

    Parameters
    ----------
    column, level
        As of `has_domain`, of which they hold.
    view
        The dataset, of which only the scenario is read: its study period and its areas.

    Returns
    -------
    Texts; last `OTHER`, for whatever is not among them, and `MISSING`.
    """
    if level:
        values = _periods(level, view)
    elif column.name == _LSOA:
        geography = wales()
        areas = tuple(view.manifest["scenario"].get("areas", ()))
        values = geography.code[geography.select(areas)].tolist()
    else:
        values = list(column.codes) or ["false", "true"]
    return pa.array([*(value for value in values if value != MISSING), OTHER, MISSING], pa.string())


def _periods(level: str, view: AgencyView) -> list[str]:
    """List the beginnings of the periods of a study."""
    first = dt.date(1970, 1, 1) + dt.timedelta(days=int(view.study_start))
    days = [first + n * _DAY for n in range(int(view.study_end - view.study_start) + 1)]
    coarse = generalise(pa.chunked_array([pa.array(days)]), level)
    return list(dict.fromkeys(coarse.to_pylist()))


def places_in(values: pa.ChunkedArray, domain: pa.Array) -> pa.Array:
    """Give the place of each value in its domain; of one that is not there, that of `OTHER`."""
    place = pc.index_in(pc.fill_null(values.cast(pa.string()), MISSING), domain)
    return pc.fill_null(place, len(domain) - 2)
