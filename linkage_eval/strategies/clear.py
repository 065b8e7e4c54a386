"""The plainest strategy: the linking party sees every identity field in the clear."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from linkage_eval.standardise import standardise
from synth.dataset import Dataset


@dataclass(frozen=True)
class Clear:
    """Release all that the standardised records hold."""

    name: str = "clear"

    def share(self, dataset: Dataset, source: str) -> pa.Table:
        """Give the standardised records of a source."""
        return standardise(dataset, source)
