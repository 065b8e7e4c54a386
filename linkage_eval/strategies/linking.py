"""What the linking party of a strategy can link, and with which methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from linkage_eval import registry
from linkage_eval.contracts import RECORDS
from linkage_eval.events import EVENTS, read_events
from linkage_eval.standardise import standardise
from linkage_eval.strategies.blind import AgencyView
from linkage_eval.strategies.engine import Knowledge, spread_knowledge
from linkage_eval.strategies.flows import Flow
from linkage_eval.strategies.linking_events import event_flows, read_shared_events
from linkage_eval.strategies.spec import SharingStrategy
from synth.dataset import Dataset


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

        Fields that no flow carries are null; without a flow there are no rows.
        """
        records = standardise(AgencyView.of(dataset), source)
        if self._owns(source):
            return records
        flows = self._flows(source)
        knowledge = self._knowledge(dataset)
        mine = {flow.id for flow in flows}
        log = knowledge.shared
        log = log.filter(pc.is_in(log["flow"], pa.array(sorted(mine), pa.string())))
        kept = pc.is_in(records["record_id"], log["subject"].unique())
        return _only(records.filter(kept), {f for flow in flows for f in flow.carried_identity})

    def share_events(self, dataset: Dataset, side: str) -> pa.Table:
        """Give the events of a side (schema `EVENTS`) as the linking party is told of them.

        Times are as coarse as they are released, and what no flow carries is null.
        """
        view = AgencyView.of(dataset)
        if self._owns(side):
            return read_events(view, side, standardise(view, side))
        flows = event_flows(self.spec, side)
        if not flows:
            return EVENTS.empty_table()
        carried = self._knowledge(dataset).carried
        return read_shared_events(flows, carried, self.share(dataset, side), side)

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
        return self.spec.linkage.party.split(":", maxsplit=1)[0] == source.split("/", maxsplit=1)[0]

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
    """Find the flows from a kind of agency whose identities reach the linking party."""
    return [
        flow
        for flow in strategy.flow
        if flow.source.kind == kind
        and strategy.linkage.party in {flow.recipient.agency, _linker_of(flow)}
        and flow.carried_identity
    ]


def _linker_of(flow: Flow) -> str:
    """Whoever links a split file is the third party, not who receives the content."""
    return flow.format.ttp if flow.format.kind == "split_file_ttp" else ""


def _lets(flow: Flow, linker: str, options: Mapping[str, Any]) -> bool:
    if flow.format.kind == "keyed_hash":
        return linker == {"slk581": "slk581", "nhs_number": "hashed-nhs"}[flow.format.key]
    if flow.format.kind == "clk":
        return linker == "bloom" and options.get("hardening", "none") == flow.format.hardening
    return flow.reads_persons or flow.format.kind == "split_file_ttp"


def _only(records: pa.Table, fields: set[str]) -> pa.Table:
    """Keep the carried fields of records; the others become null."""
    kept = {"record_id", "source", *fields}
    columns = [
        records[one.name] if one.name in kept else pa.nulls(records.num_rows, one.type)
        for one in RECORDS
    ]
    return pa.table(columns, RECORDS)
