"""The plainest strategy: the linking party sees every identity field in the clear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from darkfigure.linkage_eval.records.events import read_events
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.synth.storage.dataset import Dataset


@dataclass(frozen=True)
class Clear:
    """Release every field of the standardised records."""

    name: str = "clear"

    def share(self, dataset: Dataset, source: str) -> pa.Table:
        """Give the standardised records of a source."""
        return standardise(dataset, source)

    def share_events(self, dataset: Dataset, side: str) -> pa.Table:
        """Give the events of a side as the agency wrote them."""
        return read_events(dataset, side, standardise(dataset, side))

    def allows(
        self,
        linker: str,  # noqa: ARG002
        options: Mapping[str, Any],  # noqa: ARG002
        sources: Iterable[str],  # noqa: ARG002
        kind: str,  # noqa: ARG002
    ) -> bool:
        """Allow every linker."""
        return True
