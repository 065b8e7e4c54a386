"""Generalisation: coarsening a field before it is released."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.schema import BRITISH_DATE

# Some systems keep dates as typed text.
_WRITTEN = f"""coalesce(try_cast(x AS TIMESTAMP),
    try_strptime(trim(x), ['{BRITISH_DATE}', '%d-%m-%Y', '%d.%m.%Y']))"""
_TRUNCATED = ("hour", "day", "week", "month", "quarter", "year")


def generalise(column: pa.ChunkedArray, level: str) -> pa.ChunkedArray:
    """Coarsen a column.

    Parameters
    ----------
    column
        Times, dates or texts.
    level
        A part of a time, from "hour" to "year"; "district" of a postcode; or "named_place":
        letters as names are compared (`letters.py`).

    Returns
    -------
    Texts; null where the value is missing or no time.
    """
    if level in _TRUNCATED:
        time = _WRITTEN if pa.types.is_string(column.type) else "x::TIMESTAMP"
        form = "%Y-%m-%d %H:00" if level == "hour" else "%Y-%m-%d"
        sql = f"strftime(date_trunc('{level}', {time}), '{form}')"
    elif level == "district":
        sql = "nullif(regexp_extract(upper(trim(x)), '^[A-Z]{1,2}[0-9][A-Z0-9]?', 0), '')"
    else:
        sql = "nullif(fold(x), '')"
    coarse = query(f"SELECT {sql} AS x FROM given", given=pa.table({"x": column}))  # noqa: S608
    return pc.cast(coarse["x"], pa.string())
