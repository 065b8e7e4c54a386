"""Code lists kept as calibration tables: each code with its meaning and how often it is used."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load


def meanings(table: str, *, of: str | None = None) -> dict[str, str]:
    """Give the codes of a list with their meanings, in the order of the table.

    Parameters
    ----------
    table
        Calibration table with a column `meaning`, the column before which holds the codes.
    of
        Which list, where the first column names several; None takes all.
    """
    rows = _rows(table, of)
    code = rows.column_names[rows.column_names.index("meaning") - 1]
    codes = (str(value) for value in rows[code].to_pylist())
    return dict(zip(codes, rows["meaning"].to_pylist(), strict=True))


def shares(table: str, column: str, *, of: str | None = None) -> Floats:
    """Give how often each code of a list is used, in the order of `meanings`."""
    return np.asarray(_rows(table, of)[column].to_numpy(), float)


def draw_codes(
    decision: str, ids: Ints, table: str, column: str, *, of: str | None, chance: Stream
) -> pa.DictionaryArray:
    """Draw a code of a list for each id, by how often it is used."""
    drawn = chance.pick(decision, ids, shares(table, column, of=of))
    codes = pa.array(list(meanings(table, of=of)), pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(drawn, pa.int32()), codes)


def _rows(table: str, of: str | None) -> pa.Table:
    rows = load(table)
    return rows if of is None else rows.filter(pc.equal(rows[rows.column_names[0]], of))
