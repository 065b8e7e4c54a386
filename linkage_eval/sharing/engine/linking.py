"""The linking party of a strategy: the records that it can link, and the methods it can use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import RECORDS
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.records.events import EVENTS, read_events
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.sharing.engine.at_work import Knowledge, spread_knowledge
from darkfigure.linkage_eval.sharing.engine.linking_events import (
    event_flows,
    first_of_each,
    read_released_events,
    same_agency,
)
from darkfigure.linkage_eval.sharing.forms import Batch
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.synth.storage.dataset import Dataset


@dataclass(frozen=True)
class Party:
    """The party that links under a strategy: its own records are clear to it, others' as shared.

    Parameters
    ----------
    name
        The strategy's name in suites and results, overlays included.
    spec
        The strategy.
    """

    name: str
    spec: SharingStrategy

    def share(self, dataset: Dataset, source: str) -> pa.Table:
        """Give the records of a source (schema `RECORDS`) as they reach the linking party.

        Each comes by the most telling flow that shared it, since nothing tells the party that two
        flows are about one record. Fields that this flow does not carry are null; without a flow
        there are no rows.
        """
        view = AgencyView.of(dataset)
        records = standardise(view, source)
        if self._owns(source):
            return records
        batches = [self._arrived(flow, dataset).identity for flow in self._flows(source)]
        received = first_of_each(batches, RECORDS)
        rows = pc.index_in(received["record_id"], records["record_id"])
        named = received.set_column(1, RECORDS.field("source"), records["source"].take(rows))
        return named.filter(pc.is_valid(rows))

    def share_events(self, dataset: Dataset, side: str) -> pa.Table:
        """Give the events of a side (schema `EVENTS`) as they reach the linking party.

        Times are as coarse as they are released, and fields that no flow carries are null.
        """
        view = AgencyView.of(dataset)
        if self._owns(side):
            return read_events(view, side, standardise(view, side))
        flows = event_flows(self.spec, side)
        return first_of_each(
            [read_released_events(self._arrived(flow, dataset)) for flow in flows], EVENTS
        )

    def allows(
        self, linker: str, options: Mapping[str, Any], sources: Iterable[str], kind: str
    ) -> bool:
        """Tell whether a linker can work with the forms in which records are shared.

        A method that encodes by itself is given identities to encode, as each party encodes its
        own before anything leaves it. Parameters are those of `contracts.Strategy.allows`.
        """
        others = [source for source in sources if not self._owns(source)]
        dated = all(event_flows(self.spec, source) for source in others)
        if kind == "events" and (not dated or not registry.suits(linker, "persons")):
            return dated
        shared = [self._flows(source) for source in others]
        return all(
            flows and all(_lets(flow, linker, options) for flow in flows) for flows in shared
        )

    def _owns(self, source: str) -> bool:
        kind, _, unit = self.spec.linkage.party.partition(":")
        own = kind if unit in {"", "*"} else f"{kind}/{unit}"
        return source == own or source.startswith(f"{own}/")

    def _arrived(self, flow: Flow, dataset: Dataset) -> Batch:
        """Give the records that arrived by a flow."""
        knowledge = self._knowledge(dataset)
        batch, log = knowledge.released[flow.id], knowledge.shared
        arrived = log.filter(pc.equal(log["flow"], flow.id))["record"]
        rows = batch.rows
        return replace(batch, rows=rows.filter(pc.is_in(rows[flow.source.holding.key], arrived)))

    def _flows(self, source: str) -> list[Flow]:
        return linking_flows(self.spec, source.split("/", maxsplit=1)[0])

    def _knowledge(self, dataset: Dataset) -> Knowledge:
        key = str(dataset.path)
        if key not in self._known:
            self._known[key] = spread_knowledge(dataset, self.spec)
        return self._known[key]

    @cached_property
    def _known(self) -> dict[str, Knowledge]:
        return {}


def linking_flows(strategy: SharingStrategy, kind: str) -> list[Flow]:
    """Find the flows whose identities reach the linking party, the most telling first.

    Parameters
    ----------
    strategy
        The strategy, with its linking party.
    kind
        Kind of agency of the source, such as "ed".
    """
    flows = [
        flow
        for flow in strategy.flow
        if flow.source.kind == kind
        and same_agency(strategy.linkage.party, _linker_of(flow))
        and flow.carried_identity
    ]
    return sorted(flows, key=lambda flow: -len(flow.carried_identity))


def _linker_of(flow: Flow) -> str:
    """Give the agency that links: for a split file the third party, not the content's recipient."""
    return flow.format.what.linked_by(flow.format, flow.recipient.agency)


def _lets(flow: Flow, linker: str, options: Mapping[str, Any]) -> bool:
    return flow.reads_persons or flow.format.what.gives_to(flow.format, linker, options)
