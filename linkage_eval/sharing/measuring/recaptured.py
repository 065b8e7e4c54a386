"""The dark figure as the linking party of a strategy could estimate it, beside the truth.

Its two lists are the attendances and the police records that reach it, or are its own. Here they
are joined without error, so that records that a strategy withholds are told apart from links that
a linker misses; `metrics.linked_estimates` measures the same as linkers join them, and corrected.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.metrics.declaration import metric
from darkfigure.linkage_eval.recapture import TwoLists, chapman
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge
from darkfigure.linkage_eval.sharing.engine.linking import linking_flows
from darkfigure.linkage_eval.sharing.measuring.quantities import Of, quantity
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.storage.dataset import Dataset

_LISTS = ("ed", "police")


class Lists:
    """Incidents with injury in each agency's records; the truth is read once.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def measure(self, knowledge: Knowledge) -> Measurement:
        """Estimate violence with injury from the records that the linking party can join."""
        metric, party = "estimate_to_truth", knowledge.strategy.linkage.party or "nobody"
        lists = [self._held(knowledge, kind) for kind in _LISTS]
        total = len(self._injured)
        estimate = chapman(TwoLists.of(*lists)) if all(listed.any() for listed in lists) else None
        if estimate is None or estimate.value is None:
            why = "no party can join attendances to police records"
            return quantity(metric, None, n=total, of=Of(party), why=why)
        ends = [None if end is None else end / total for end in (estimate.low, estimate.high)]
        return quantity(
            metric, estimate.value / total, n=total, of=Of(party), interval=(ends[0], ends[1])
        )

    def _held(self, knowledge: Knowledge, kind: str) -> Mask:
        """Mark the incidents in the party's records of one kind of agency."""
        records = self._records.filter(pc.equal(self._records["kind"], kind))
        if not _is_own(knowledge.strategy, kind):
            ids = [flow.id for flow in linking_flows(knowledge.strategy, kind)]
            log = knowledge.shared
            log = log.filter(pc.is_in(log["flow"], pa.array(ids, pa.string())))
            records = records.filter(pc.is_in(records["record_id"], log["record"].unique()))
        return np.isin(self._injured, records["incident_id"].to_numpy())

    @cached_property
    def _injured(self) -> Ints:
        incidents = self._dataset.read("truth/incidents", ["incident_id", "injury"])
        injured = pc.not_equal(incidents["injury"].cast(pa.string()), "none")
        return incidents.filter(injured)["incident_id"].to_numpy()

    @cached_property
    def _records(self) -> pa.Table:
        return query(
            """SELECT DISTINCT split_part(source::VARCHAR, '/', 1) AS kind, record_id, incident_id
            FROM given""",
            given=self._dataset.read("truth/record_incidents"),
        )


@metric(
    name="estimate_to_truth",
    label="Estimate to truth, links without error",
    meaning="violence with injury as Chapman estimates it from what reaches the linking party",
    formula="estimate / true incidents with injury, links without error; interval of 95 %",
    direction="neither",
    unit="ratio",
    needs=("remaining", "lists"),
    source="Chapman (1951)",
)
def measure_estimate(remaining: Knowledge, lists: Lists) -> list[Measurement]:
    """Measure the estimate of the linking party."""
    return [lists.measure(remaining)]


def _is_own(strategy: SharingStrategy, kind: str) -> bool:
    return strategy.linkage.party.split(":", maxsplit=1)[0] == kind
