"""Code lists kept as calibration tables: each code with its meaning and its share of use."""

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
        Calibration table with a column `meaning`; the column before it holds the codes.
    of
        Name of the list in the first column, where a table holds several; None takes all.
    """
    rows = _rows(table, of)
    code = rows.column_names[rows.column_names.index("meaning") - 1]
    codes = (str(value) for value in rows[code].to_pylist())
    return dict(zip(codes, rows["meaning"].to_pylist(), strict=True))


def shares(table: str, column: str, *, of: str | None = None) -> Floats:
    """Give the share of use of each code of a list, in the order of `meanings`.

    Parameters
    ----------
    table
        Calibration table.
    column
        Column that holds the shares.
    of
        Name of the list in the first column, where a table holds several; None takes all.

    Returns
    -------
    Shape (codes,); they need not sum to 1.
    """
    return np.asarray(_rows(table, of)[column].to_numpy(), float)


def draw_codes(
    decision: str, ids: Ints, table: str, column: str, *, of: str | None, chance: Stream
) -> pa.DictionaryArray:
    """Draw a code of a list for each id, by its share of use.

    Parameters
    ----------
    decision, ids, chance
        Keys of the draws; `ids` has shape (n,).
    table, column, of
        See `shares`.

    Returns
    -------
    Shape (n,).
    """
    drawn = chance.pick(decision, ids, shares(table, column, of=of))
    codes = pa.array(list(meanings(table, of=of)), pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(drawn, pa.int32()), codes)


def _rows(table: str, of: str | None) -> pa.Table:
    rows = load(table)
    return rows if of is None else rows.filter(pc.equal(rows[rows.column_names[0]], of))
