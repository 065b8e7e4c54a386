"""What becomes of records once their agency is judged by its figures.

Two ways out are known of agencies under pressure: what counts against them is written down as
something else, so that nobody asks for it any more, and a demanded field that is not known gets
whatever passes the check. Both begin when figures are first published, and spare what was entered
before.
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
    """Tell which records their agency enters while it is judged by its figures.

    Parameters
    ----------
    flow, strategy
        The flow's source, and who is judged since when.
    entry
        Days since 1970 on which records are entered.
    study_start
        Likewise.
    """
    judged = strategy.governance.judged
    if flow.source.kind not in judged.agencies:
        return np.zeros(len(entry), bool)
    return np.asarray(entry >= study_start + days_of(judged.since))


def records_otherwise(
    flow: Flow, ids: Ids, under: Mask, strategy: SharingStrategy, chance: Stream
) -> Mask:
    """Decide which records are written down as something that is not asked for.

    Parameters
    ----------
    flow
        What it asks for; of who asks for everything nothing can be kept so.
    ids
        Keys of the draws: a higher rate takes all that a lower one did, and more.
    under
        Which are entered under judgement.
    strategy
        The rate.
    chance
        Of the holding.
    """
    if not flow.rows:
        return np.zeros(len(ids), bool)
    return under & chance.happens("downgraded", ids, strategy.governance.judged.downgraded)


def fills_in(
    ids: Ids, under: Mask, complete: Mask, strategy: SharingStrategy, chance: Stream
) -> Mask:
    """Decide which incomplete records get whatever passes the check; none unless it is made."""
    governance = strategy.governance
    if not governance.minimum_dataset or governance.mds_action == "off":
        return np.zeros(len(ids), bool)
    return under & ~complete & chance.happens("filled", ids, governance.judged.filled)


def fill_in(rows: pa.Table, flow: Flow, filled: Mask) -> pa.Table:
    """Put what passes the check into the empty demanded fields of some records.

    Parameters
    ----------
    rows
        What the source holds.
    flow
        What is demanded.
    filled
        Of which records.

    Returns
    -------
    The rows: a missing time is that of the event, anything else the commonest value.
    """
    if not filled.any():
        return rows
    for name in flow.required:
        column = rows[name]
        given = _passing(rows, flow, name)
        lacks = pc.and_(pa.array(filled), pc.invert(is_filled(column)))
        place = rows.column_names.index(name)
        rows = rows.set_column(place, rows.schema.field(name), pc.if_else(lacks, given, column))
    return rows


def is_filled(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Tell which values are there: neither missing nor blank."""
    there = pc.is_valid(column)
    if pa.types.is_string(column.type):
        there = pc.and_(there, pc.not_equal(pc.utf8_trim_whitespace(column), ""))
    return pc.fill_null(there, False)


def _passing(rows: pa.Table, flow: Flow, name: str) -> pa.ChunkedArray | pa.Scalar:
    column, event = rows[name], rows[flow.source.holding.event]
    if pa.types.is_temporal(column.type):
        return event.cast(column.type)
    counted = pc.value_counts(column.filter(is_filled(column)).combine_chunks())
    if not len(counted):
        return column
    commonest = int(np.argmax(counted.field("counts").to_numpy()))
    return counted.field("values")[commonest]
