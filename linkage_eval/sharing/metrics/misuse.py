"""Misuse: people looked up without need, and the share of it that review finds.

::

    P(a record is misused) = 1 - exp(-rate (1 - deterred review) years kept)

for each record in which a recipient can read the person, kept from when it can be used until its
retention or the study ends, and again where another flow brings it anew. Review finds a misuse
with the share of uses that it looks at again, and none that is not logged. All rates are assumed.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge
from darkfigure.linkage_eval.sharing.measuring.quantities import quantities
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.durations import days_of
from darkfigure.linkage_eval.sharing.strategy.hesitancy import ids_of
from darkfigure.linkage_eval.sharing.strategy.timing import from_days, to_days
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import add_up_in_runs
from darkfigure.synth.core.orders import distinct, order_of

MISUSES = pa.schema(
    [
        pa.field("recipient", pa.string()),
        pa.field("source", pa.string()),
        pa.field("record", pa.string()),
        pa.field("subject", pa.string()),
        pa.field("at", pa.timestamp("ms")),
        pa.field("found", pa.bool_()),  # by review of the log
    ]
)
_WHAT = MISUSES.names[:4]  # who can read which record, and of whom it is
_NEEDS = ("view", "knowledge")
_YEAR = 365.25
_FOR_GOOD = 100 * _YEAR
_DAY_SECONDS, _SECOND = 86_400, 1_000  # milliseconds in a second


def find_misuses(view: AgencyView, knowledge: Knowledge) -> pa.Table:
    """Draw the misuses of records that recipients can read.

    Parameters
    ----------
    view
        The dataset without its truth. Draws are keyed by recipient and record, whatever the
        strategy.
    knowledge
        The knowledge of every recipient, with review and retention of each flow.

    Returns
    -------
    Schema `MISUSES`: at most one misuse a record and recipient, the first.
    """
    readable = _readable(knowledge)
    chance = Stream(int(view.manifest["seed"]), ("sharing", "misuse"))
    keys = [readable[name] for name in _WHAT]
    ids = ids_of(pc.binary_join_element_wise(*keys, "\x1f", null_handling="replace"))
    review = readable["review"].to_numpy()
    since = to_days(readable["since"])
    days_held = np.maximum(np.minimum(to_days(readable["until"]), view.study_end) - since, 0)
    # The wait runs only while the record is held: earlier spans have used up part of it.
    waited = _days_until(knowledge, review, chance.exponential("when", ids))
    waited = waited - (add_up_in_runs(ids, days_held) - days_held)
    rows = np.flatnonzero((waited >= 0) & (waited < days_held))
    at = since + waited
    reviewed = chance.happens("found", ids, review)
    columns = [column.take(pa.array(rows)) for column in keys]
    return pa.table([*columns, from_days(at[rows]), pa.array(reviewed[rows])], MISUSES)


@metric(
    name="misuses",
    label="Looked up without need",
    meaning="records whose person somebody looked up without need by the end of the study",
    formula="count, of records readable by recipient; rate assumed",
    direction="lower",
    unit="records",
    needs=_NEEDS,
)
@metric(
    name="misuses_found_share",
    label="Misuse found",
    meaning="share of the misuses that review of the log brings to light",
    formula="found / misuses",
    direction="higher",
    unit="share",
    needs=_NEEDS,
)
def measure_misuse(view: AgencyView, knowledge: Knowledge) -> list[Measurement]:
    """Measure the misuses of what a strategy shares."""
    return quantities(count_misuses(find_misuses(view, knowledge)), knowledge.shared.num_rows)


def count_misuses(misuses: pa.Table) -> dict[str, float | None]:
    """Count misuses (schema `MISUSES`), and the share that is found, by metric."""
    total, n_found = misuses.num_rows, int(pc.sum(misuses["found"]).as_py() or 0)
    return {"misuses": float(total), "misuses_found_share": n_found / total if total else None}


def _readable(knowledge: Knowledge) -> pa.Table:
    """Find the spans in which a recipient holds a record, by all flows: spans that touch are one.

    The review is that of the least reviewed flow, since somebody who means harm takes that one.

    Returns
    -------
    Columns `recipient`, `source`, `record`, `subject`, `review`, `since` and `until`, in order of
    the first four and of time.
    """
    log = knowledge.shared.filter(knowledge.shared["person"]).combine_chunks()
    if not len(log):
        return _spans(log, np.empty(0), log["usable_at"], log["usable_at"])
    flows = _flows(knowledge)
    flow = pc.index_in(log["flow"], flows["flow"]).to_numpy()
    since = log["usable_at"].cast(pa.timestamp("ms")).cast(pa.int64()).to_numpy()
    until = since + flows["kept_seconds"].to_numpy()[flow] * _SECOND
    places = [_rank(log[name]) for name in _WHAT]
    order = order_of(*places, since, until)
    first = np.ones(len(order), bool)  # of a record and a recipient
    first[1:] = np.any([np.diff(place[order]) != 0 for place in places], axis=0)
    since, until, held = since[order], until[order], np.cumsum(first) - 1
    anew = first.copy()
    anew[1:] |= since[1:] > _last_so_far(until, held)[:-1]
    starts = np.flatnonzero(anew)
    review = np.minimum.reduceat(flows["review"].to_numpy()[flow[order]], np.flatnonzero(first))
    return _spans(
        log.take(pa.array(order[starts])),
        review[held[starts]],
        pa.array(since[starts]).cast(pa.timestamp("ms")),
        pa.array(np.maximum.reduceat(until, starts)).cast(pa.timestamp("ms")),
    )


def _spans(rows: pa.Table, review: Floats, since: pa.Array, until: pa.Array) -> pa.Table:
    spans = rows.select(_WHAT).append_column("review", pa.array(review))
    return spans.append_column("since", since).append_column("until", until)


def _rank(texts: pa.ChunkedArray) -> Ints:
    """Give each text its place among the distinct ones; the missing come last."""
    coded = texts.combine_chunks().dictionary_encode()
    rank = pc.rank(coded.dictionary).to_numpy()
    return np.append(rank, len(rank) + 1)[coded.indices.fill_null(len(rank)).to_numpy()]


def _last_so_far(until: Ints, held: Ints) -> Ints:
    """Give the latest of the ends so far of each row's group; `held` numbers groups in order."""
    ends = distinct(until)
    place = held * len(ends) + np.searchsorted(ends, until)
    return ends[np.maximum.accumulate(place) % len(ends)]


def _days_until(knowledge: Knowledge, review: Floats, drawn: Floats) -> Floats:
    """Give the days until each record is first misused, from exponential draws of mean 1."""
    misuse = knowledge.strategy.governance.misuse
    yearly = misuse.rate * (1 - misuse.deterred * review)
    with np.errstate(divide="ignore"):
        return np.asarray(drawn / yearly * _YEAR)


def _flows(knowledge: Knowledge) -> pa.Table:
    flows = knowledge.strategy.flow
    retention_days = [days_of(flow.retention) if flow.retention else _FOR_GOOD for flow in flows]
    seconds = [round(days * _DAY_SECONDS) for days in retention_days]
    review = [flow.audit.sample_review if flow.audit.log else 0.0 for flow in flows]
    return pa.table(
        {
            "flow": pa.array([flow.id for flow in flows], pa.string()),
            "kept_seconds": pa.array(seconds, pa.int64()),
            "review": pa.array(review, pa.float64()),
        }
    )
