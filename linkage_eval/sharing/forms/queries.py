"""Questions instead of copies: counts that are computed where the data lie, and searches.

A search asks about the people of the asker's own holding, by surname, first letter of the
forename and date of birth; the answer is "hit" or "no hit", or the fields that the flow carries.
It misses people whose names are written otherwise, as the Police National Database does.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.records.standardise import standardise_table
from darkfigure.linkage_eval.sharing.forms.counted import release_counts
from darkfigure.linkage_eval.sharing.forms.release import Batch, Release
from darkfigure.linkage_eval.sharing.strategy.holdings import HOLDINGS
from darkfigure.linkage_eval.sharing.strategy.timing import Times, to_days
from darkfigure.synth.core.arrays import Floats, Ints

_HITS = """
SELECT a.row AS asker, h.row AS held FROM asked AS a JOIN held AS h
ON a.surname = h.surname AND a.date_of_birth = h.date_of_birth
    AND left(a.forename, 1) = left(h.forename, 1)
WHERE a.holder IS DISTINCT FROM h.holder ORDER BY asker, held
"""


def answer(batch: Batch) -> Release:
    """Answer with counts, or each question about a person with hit, no hit, or in full."""
    if batch.flow.format.mode == "count":
        return release_counts(batch)
    asker = HOLDINGS[batch.flow.format.asker]
    asking = batch.dataset.held(asker)
    asked = _keyed(standardise_table(asking, asker.shape), asking)
    hits = query(_HITS, asked=asked, held=_keyed(batch.identity, batch.rows))
    askers, held = hits["asker"].to_numpy(), hits["held"].to_numpy()
    asked_at = to_days(asking[asker.entry])
    revealed = np.zeros(batch.rows.num_rows, bool)
    revealed[held] = True
    table = _answers(batch, asking[asker.subject], askers, held)
    return Release(
        {batch.flow.recipient.agency: table}, revealed, _later(batch, held, asked_at[askers])
    )


def _answers(batch: Batch, asked: pa.ChunkedArray, askers: Ints, held: Ints) -> pa.Table:
    if batch.flow.format.mode == "full":
        rows = batch.carried.take(pa.array(held))
        return rows.append_column("about", asked.take(pa.array(askers)))
    n_hits = np.bincount(askers, minlength=len(asked))
    return pa.table({"about": asked, "hit": n_hits > 0})


def _later(batch: Batch, held: Ints, asked_at: Floats) -> Times:
    """Release a hit when somebody asks, at the earliest when its record exists."""
    first = np.full(batch.rows.num_rows, np.inf)
    np.minimum.at(first, held, asked_at)
    delay = batch.times.usable - batch.times.share
    share = np.maximum(batch.times.share, first)
    return Times(share, share + delay, batch.times.period)


def _keyed(records: pa.Table, rows: pa.Table) -> pa.Table:
    """Add to records their row number and the force that holds each; null where it is unknown."""
    names = [name for name in ("force", "owning_force") if name in rows.column_names]
    holder = rows[names[0]].cast(pa.string()) if names else pa.nulls(rows.num_rows, pa.string())
    identity = records.select(["surname", "forename", "date_of_birth"])
    return identity.append_column("row", pa.array(np.arange(rows.num_rows))).append_column(
        "holder", holder
    )
