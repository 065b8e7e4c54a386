"""Everything that is measured of a strategy at work: what it brings, costs and gives away.

Two worlds are compared. In the one nobody stays away; what is visible there is what the strategy
would show. In the other those stay away whom it deters; what is visible there is what is left.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pyarrow.compute as pc

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


def measure_strategy(dataset: Dataset, view: AgencyView, name: str) -> list[dict[str, Any]]:
    """Measure a strategy.

    Parameters
    ----------
    dataset
        With its truth, against which is measured.
    view
        The same without, kept between strategies because it remembers what it has read.
    name
        As `load_strategy` reads it.

    Returns
    -------
    Rows of `results.SHARING` without scenario, strategy, seed and status.
    """
    strategy = load_strategy(name)
    presented = chilling.find_lost(dataset, strategy)
    absent = chilling.lost_attendances(dataset, presented)
    began = time.process_time()
    full = spread_knowledge(view, strategy)
    took = time.process_time() - began
    left = spread_knowledge(view, strategy, absent=absent) if absent else full
    rows = []
    for watcher in WATCHERS:
        rows += _visible(dataset, left, watcher)
        rows += _exchange(dataset, full, watcher, presented)
    found = {
        **effort.measure_effort(full),
        **disclosure.measure_disclosure(dataset, full),
        "duplicate_assessments": effort.count_duplicates(visibility.name_people(dataset, full)),
        "cpu_seconds": took,
    }
    rows += [_row(metric, value, n=full.shared.num_rows) for metric, value in found.items()]
    return rows + _lost(presented)


def _visible(dataset: Dataset, known: Knowledge, watcher: str) -> list[dict[str, Any]]:
    seen = visibility.see_incidents(dataset, known, watcher)
    return [
        _row("visible_share", row["value"], n=row["n"])
        | {"recipient": watcher, "low": row["low"], "high": row["high"]}
        | {"stratum_kind": row["granularity"], "stratum": row["until"]}
        for row in visibility.measure_visibility(seen).to_pylist()
    ]


def _exchange(
    dataset: Dataset, known: Knowledge, watcher: str, presented: chilling.Presentations
) -> list[dict[str, Any]]:
    """Set what becomes visible beyond the watcher's own records against who stays away."""
    rows = []
    own = visibility.see_incidents(dataset, _nothing(known), watcher)
    seen = visibility.see_incidents(dataset, known, watcher)
    n_lost, n_came = int(presented.lost.sum()), int(presented.came.sum())
    for granularity in visibility.GRANULARITIES:
        new = np.asarray(
            pc.and_(pc.is_valid(seen[granularity]), pc.is_null(own[granularity])).to_numpy()
        )
        gained = int((new & presented.came).sum())
        share = gained / (gained + n_came) if n_came else None
        rows += [
            _row("exchange_rate", gained / n_lost if n_lost else None, n=n_lost)
            | {"recipient": watcher, "stratum_kind": granularity},
            _row("break_even_lost_share", share, n=n_came)
            | {"recipient": watcher, "stratum_kind": granularity},
        ]
    return rows


def _nothing(known: Knowledge) -> Knowledge:
    return Knowledge(known.strategy, known.log[:0], ())


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
