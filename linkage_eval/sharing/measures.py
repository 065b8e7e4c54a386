"""Everything that is measured of a strategy at work: what it brings, costs and gives away.

Two worlds are compared. In the one nobody stays away; what is visible there is what the strategy
would show. In the other those stay away whom it deters; what is visible there is what is left.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from linkage_eval.contracts import Definition
from linkage_eval.metrics import chilling, disclosure, effort, visibility
from linkage_eval.strategies.blind import AgencyView
from linkage_eval.strategies.engine import Knowledge, spread_knowledge
from linkage_eval.strategies.library import load_strategy
from synth.dataset import Dataset

# Whose sight is measured: the police, and the violence prevention unit.
WATCHERS = ("police:*", "vpu:wales")
ALL = "all"
DEFINITIONS: tuple[Definition, ...] = (
    *visibility.DEFINITIONS,
    *disclosure.DEFINITIONS,
    *effort.DEFINITIONS,
    *chilling.DEFINITIONS,
    Definition("cpu_seconds", "processor time that the strategy took to run", "seconds"),
)


class Yardstick:
    """Measures strategies on one dataset, whose truth and agencies' tables are read once.

    Parameters
    ----------
    dataset
        With its truth, against which is measured; strategies see it without.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset, self._view = dataset, AgencyView.of(dataset)
        self._sight = visibility.Sight(dataset)
        self._attendance = chilling.Attendance(dataset)

    def measure(self, name: str) -> list[dict[str, Any]]:
        """Measure a strategy.

        Parameters
        ----------
        name
            As `load_strategy` reads it.

        Returns
        -------
        Rows of `results.SHARING` without scenario, strategy, seed and status.
        """
        strategy = load_strategy(name)
        presented = self._attendance.under(strategy)
        began = time.process_time()
        full = spread_knowledge(self._view, strategy)
        took = time.process_time() - began
        left = full
        if presented.lost.any():
            absent = chilling.lost_attendances(self._dataset, presented)
            left = spread_knowledge(self._view, strategy, absent=absent)
        named = self._sight.name_people(full.log)
        found = {
            **effort.measure_effort(full),
            **disclosure.measure_disclosure(self._dataset, full),
            "duplicate_assessments": effort.count_duplicates(named),
            "cpu_seconds": took,
        }
        rows = [_row(metric, value, n=full.shared.num_rows) for metric, value in found.items()]
        for watcher in WATCHERS:
            rows += self._look(watcher, full, left, presented)
        return rows + _lost(presented)

    def _look(
        self, watcher: str, full: Knowledge, left: Knowledge, presented: chilling.Presentations
    ) -> list[dict[str, Any]]:
        """Measure what an agency sees, and what of it is new against who stays away."""
        own = self._sight.see(full.log[:0], watcher)
        shown = self._sight.see(full.log, watcher)
        kept = shown if left is full else self._sight.see(left.log, watcher)
        rows = [
            _row("visible_share", row["value"], n=row["n"])
            | {"low": row["low"], "high": row["high"]}
            | {"stratum_kind": row["granularity"], "stratum": row["until"]}
            for row in visibility.measure_visibility(kept).to_pylist()
        ]
        for granularity in visibility.GRANULARITIES:
            new = pc.and_(pc.is_valid(shown[granularity]), pc.is_null(own[granularity]))
            rows += _exchange(granularity, new.to_numpy(), presented)
        return [row | {"recipient": watcher} for row in rows]


def _exchange(
    granularity: str, new: NDArray[np.bool_], presented: chilling.Presentations
) -> list[dict[str, Any]]:
    """Set attended incidents that become visible against presentations that are lost."""
    n_lost, n_came = int(presented.lost.sum()), int(presented.came.sum())
    gained = int((new & presented.came).sum())
    share = gained / (gained + n_came) if n_came else None
    rows = [
        _row("exchange_rate", gained / n_lost if n_lost else None, n=n_lost),
        _row("break_even_lost_share", share, n=n_came),
    ]
    return [row | {"stratum_kind": granularity} for row in rows]


def _lost(presented: chilling.Presentations) -> list[dict[str, Any]]:
    rows = []
    for group, (lost, came) in presented.by_group().items():
        where = {"stratum_kind": "group" if group != ALL else ALL, "stratum": group}
        share = lost / came if came else None
        rows += [
            _row("presentations_lost", float(lost), n=came) | where,
            _row("presentations_lost_share", share, n=came) | where,
        ]
    return rows


def _row(metric: str, value: float | None, *, n: int) -> dict[str, Any]:
    base = {"recipient": ALL, "stratum_kind": ALL, "stratum": ALL, "low": None, "high": None}
    return {**base, "metric": metric, "value": value, "n": n}
