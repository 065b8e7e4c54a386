"""What the linking party of a strategy can link, and with which methods."""

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
    read_told,
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
        What suites and results call the strategy, overlays included.
    spec
        What it says.
    """

    name: str
    spec: SharingStrategy

    def share(self, dataset: Dataset, source: str) -> pa.Table:
        """Give the records of a source (schema `RECORDS`) as they reach the linking party.

        Each comes by the most telling flow that shared it, since nothing tells the party that two
        flows speak of one record. Fields that this does not carry are null; without a flow there
        are no rows.
        """
        view = AgencyView.of(dataset)
        records = standardise(view, source)
        if self._owns(source):
            return records
        told = [self._told(flow, dataset).identity for flow in self._flows(source)]
        reached = first_of_each(told, RECORDS)
        place = pc.index_in(reached["record_id"], records["record_id"])
        known = reached.set_column(1, RECORDS.field("source"), records["source"].take(place))
        return known.filter(pc.is_valid(place))

    def share_events(self, dataset: Dataset, side: str) -> pa.Table:
        """Give the events of a side (schema `EVENTS`) as the linking party is told of them.

        Times are as coarse as they are released, and what no flow carries is null.
        """
        view = AgencyView.of(dataset)
        if self._owns(side):
            return read_events(view, side, standardise(view, side))
        flows = event_flows(self.spec, side)
        return first_of_each([read_told(self._told(flow, dataset)) for flow in flows], EVENTS)

    def allows(
        self, linker: str, options: Mapping[str, Any], sources: Iterable[str], kind: str
    ) -> bool:
        """Tell whether the forms of what is shared of some sources let a linker work.

        A method that encodes by itself is given identities to encode, as each party encodes its
        own before anything leaves it.
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

    def _told(self, flow: Flow, dataset: Dataset) -> Batch:
        """Give what a flow released of the records that arrived."""
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
    """Find the flows whose identities reach the linking party, the most telling first."""
    found = [
        flow
        for flow in strategy.flow
        if flow.source.kind == kind
        and same_agency(strategy.linkage.party, _linker_of(flow))
        and flow.carried_identity
    ]
    return sorted(found, key=lambda flow: -len(flow.carried_identity))


def _linker_of(flow: Flow) -> str:
    """Whoever links a split file is the third party, not who receives the content."""
    split = flow.format.kind == "split_file_ttp"
    return flow.format.ttp if split else flow.recipient.agency


def _lets(flow: Flow, linker: str, options: Mapping[str, Any]) -> bool:
    if flow.format.kind == "keyed_hash":
        return linker == {"slk581": "slk581", "nhs_number": "hashed-nhs"}[flow.format.key]
    if flow.format.kind == "clk":
        return linker == "bloom" and options.get("hardening", "none") == flow.format.hardening
    return flow.reads_persons or flow.format.kind == "split_file_ttp"
