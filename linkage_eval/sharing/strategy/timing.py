"""Times of release and use: trigger, lag, queue, cadence and capacity.

All times are days since 1970. A record is entered, then released (the trigger and the lag), then
usable (the queue): never in another order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.sharing.strategy.durations import days_of
from darkfigure.linkage_eval.sharing.strategy.flows import Flow, Lag, Queue
from darkfigure.linkage_eval.sharing.strategy.hesitancy import Ids
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream

MILLISECONDS = 86_400_000
_MONTH = days_of("P1M")


@dataclass(frozen=True)
class Times:
    """Times of release and use.

    Parameters
    ----------
    share, usable
        Time of release, and from which the recipient can use the record, in days since 1970,
        shape (records,).
    period
        Number of the record's batch in a schedule, shape (records,); 0 without a schedule.
    """

    share: Floats
    usable: Floats
    period: Ints


def to_days(column: pa.ChunkedArray | pa.Array) -> Floats:
    """Give dates or times as days since 1970; a missing one is NaN."""
    stamps = pc.cast(column.cast(pa.timestamp("ms")), pa.int64())
    return np.asarray(stamps.to_numpy(zero_copy_only=False), float) / MILLISECONDS


def from_days(days: Floats) -> pa.Array:
    """Give days since 1970 as times to the millisecond; NaN is missing."""
    missing = ~np.isfinite(days)
    whole = np.ceil(np.where(missing, 0.0, days) * MILLISECONDS).astype(np.int64)
    return pa.array(whole, pa.int64(), mask=missing).cast(pa.timestamp("ms"))


def start_of(flow: Flow, strategy: SharingStrategy, study_start: float) -> float:
    """Give the day on which a flow begins: at once, or after assessment and agreement.

    An assessment that is not done yet takes its months, and an agreement its months times the lack
    of trust between the two agencies.

    Parameters
    ----------
    flow
        The flow, with source and recipient.
    strategy
        The strategy, with its governance and trust.
    study_start
        Day on which the study begins, in days since 1970.

    Returns
    -------
    The day, since 1970.
    """
    governance = strategy.governance
    if governance.dpia.done:
        return study_start
    trust = strategy.trust.of(flow.source.kind, flow.recipient.kind)
    months = governance.dpia.months + governance.agreement_months * (1 - trust)
    return study_start + months * _MONTH


def time_release(flow: Flow, entry: Floats, ids: Ids, start: float, chance: Stream) -> Times:
    """Find when each record is released and when it can be used.

    Parameters
    ----------
    flow
        The flow, with its trigger.
    entry
        Time of entry in the source's system, in days since 1970, shape (records,).
    ids
        Keys of the draws, shape (records,).
    start
        Day on which the flow begins, since 1970; a schedule counts from here.
    chance
        Draws of the lags: keyed by record, or by batch where a schedule releases many together.
    """
    trigger = flow.trigger
    period = np.zeros(len(entry), np.int64)
    if trigger.kind == "schedule":
        every = days_of(trigger.every)
        period = np.ceil(np.nan_to_num((entry - start) / every)).astype(np.int64)
        share = start + period * every
        share += _lag(trigger.lag, np.maximum(period, 0).astype(np.uint64), chance)
    else:
        share = entry + _lag(trigger.lag, ids, chance)
    share = np.maximum(share, entry)
    usable = _wait(trigger.queue, share, start) if trigger.queue else share
    return Times(share, usable, period)


def _lag(lag: Lag, ids: Ids, chance: Stream) -> Floats:
    median = days_of(lag.median)
    if lag.dist == "fixed" or not lag.sigma:
        return np.full(len(ids), median)
    return np.asarray(median * np.exp(lag.sigma * chance.normal("lag", ids)))


def _wait(queue: Queue, ready: Floats, start: float) -> Floats:
    """Deal with records first come, first served, at meetings of limited capacity."""
    cadence = days_of(queue.cadence)
    first = np.maximum(np.ceil((ready - start) / cadence), 0)
    if queue.capacity is None:
        return np.asarray(start + first * cadence)
    order = np.argsort(ready, kind="stable")
    turn = np.arange(len(order))
    # Meeting m has the places m c to (m + 1) c - 1; each record takes the first free one.
    place = turn + np.maximum.accumulate(first[order] * queue.capacity - turn)
    usable = np.empty(len(order))
    usable[order] = start + (place // queue.capacity) * cadence
    return usable
