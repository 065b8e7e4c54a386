"""Performance pressure: how records change once their agency is judged by its figures.

Agencies under pressure are known to do two things: they record unwelcome events as something else,
so that nobody asks for them any more, and they fill a demanded field that is not known with any
value that passes the check. Both begin when figures are first published, and spare earlier
records.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.sharing.strategy.durations import days_of
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.hesitancy import Ids
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.arrays import Floats, Mask
from darkfigure.synth.core.chance import Stream


def is_judged(flow: Flow, strategy: SharingStrategy, entry: Floats, study_start: float) -> Mask:
    """Mark the records that an agency enters while it is judged by its figures.

    Parameters
    ----------
    flow
        The flow, whose source is the agency.
    strategy
        The strategy, with the judged agencies and the day on which that begins.
    entry
        Time of entry of each record, in days since 1970, shape (records,).
    study_start
        Day on which the study begins, in days since 1970.
    """
    judged = strategy.governance.judged
    if flow.source.kind not in judged.agencies:
        return np.zeros(len(entry), bool)
    return np.asarray(entry >= study_start + days_of(judged.since))


def records_otherwise(
    flow: Flow, ids: Ids, under_pressure: Mask, strategy: SharingStrategy, chance: Stream
) -> Mask:
    """Draw the records that are recorded as something that the flow does not ask for.

    Parameters
    ----------
    flow
        The flow; one that asks for every row gets these records all the same.
    ids
        Keys of the draws, shape (records,): a higher rate takes all that a lower one did, and more.
    under_pressure
        As `is_judged` gives it, shape (records,).
    strategy
        The strategy, with the rate.
    chance
        Draws of the holding.
    """
    if not flow.rows:
        return np.zeros(len(ids), bool)
    return under_pressure & chance.happens("downgraded", ids, strategy.governance.judged.downgraded)


def fills_in(
    ids: Ids, under_pressure: Mask, complete: Mask, strategy: SharingStrategy, chance: Stream
) -> Mask:
    """Draw the incomplete records that are filled in only to pass the check.

    Without a check, none are.

    Parameters
    ----------
    ids
        Keys of the draws, shape (records,).
    under_pressure
        As `is_judged` gives it, shape (records,).
    complete
        True where every demanded field is filled, shape (records,).
    strategy
        The strategy, with the check and the rate.
    chance
        Draws of the holding.
    """
    governance = strategy.governance
    if not governance.minimum_dataset or governance.mds_action == "off":
        return np.zeros(len(ids), bool)
    return under_pressure & ~complete & chance.happens("filled", ids, governance.judged.filled)


def fill_in(rows: pa.Table, flow: Flow, filled: Mask) -> pa.Table:
    """Fill the empty demanded fields of some records with values that pass the check.

    Parameters
    ----------
    rows
        The records of the source.
    flow
        The flow, with its required fields.
    filled
        True for the records to be filled in, shape (rows,).

    Returns
    -------
    The rows: a missing time becomes that of the event, any other value the commonest one.
    """
    if not filled.any():
        return rows
    for name in flow.required:
        column = rows[name]
        passing = _passing(rows, flow, name)
        lacks = pc.and_(pa.array(filled), pc.invert(is_filled(column)))
        place = rows.column_names.index(name)
        rows = rows.set_column(place, rows.schema.field(name), pc.if_else(lacks, passing, column))
    return rows


def is_filled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Mark the values that are neither missing nor blank."""
    filled = pc.is_valid(column)
    if pa.types.is_string(column.type):
        filled = pc.and_(filled, pc.not_equal(pc.utf8_trim_whitespace(column), ""))
    return pc.fill_null(filled, False)


def _passing(rows: pa.Table, flow: Flow, name: str) -> pa.ChunkedArray | pa.Scalar:
    column, event = rows[name], rows[flow.source.holding.event]
    if pa.types.is_temporal(column.type):
        return event.cast(column.type)
    counted = pc.value_counts(column.filter(is_filled(column)).combine_chunks())
    if not len(counted):
        return column
    commonest = int(np.argmax(counted.field("counts").to_numpy()))
    return counted.field("values")[commonest]
