"""Everything that is measured of one task's links, given the truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from linkage_eval.contracts import Measurement, Metric
from linkage_eval.metrics.accuracy import Accuracy
from linkage_eval.metrics.dark_figure import DarkFigure, read_assaults
from linkage_eval.metrics.examples import choose_examples
from linkage_eval.metrics.missed import find_causes, read_ledger, tabulate_missed
from linkage_eval.standardise import standardise
from linkage_eval.truth import Judged, Truth, judge, read_truth
from synth.chance import Stream
from synth.dataset import Dataset


@dataclass(frozen=True)
class Explained:
    """Why pairs were missed (schema `MISSED`), and examples (schema `EXAMPLES`)."""

    missed: pa.Table
    examples: pa.Table


class Evaluation:
    """One task of one dataset, ready to judge any linker's links.

    Parameters
    ----------
    dataset
        Truth and agencies' tables are read once, when first needed.
    left, right
        The sources that are linked.
    """

    def __init__(self, dataset: Dataset, left: str, right: str) -> None:
        self._dataset = dataset
        self._chance = Stream(int(dataset.manifest["seed"]), ("evaluation",))
        self._sources = (left, right)

    @cached_property
    def truth(self) -> Truth:
        """The truth of the task."""
        return read_truth(self._dataset, *self._sources)

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        """What is measured: the dark figure only where "ed" is linked to the police."""
        assaults = read_assaults(self._dataset, self.truth)
        return (Accuracy(), *((DarkFigure(assaults),) if assaults else ()))

    def judge(self, links: pa.Table) -> Judged:
        """Set links (schema `LINKS`) against the truth; ValueError if they do not fit."""
        return judge(self.truth, links)

    def measure(self, judged: Judged) -> list[Measurement]:
        """Measure every quantity, overall and by stratum."""
        return [one for metric in self.metrics for one in metric.measure(judged, self._chance)]

    def explain(self, judged: Judged) -> Explained:
        """Say why pairs were missed, and show examples."""
        examples = choose_examples(
            judged, self._causes, self._dataset, ledgers=self._ledgers, chance=self._chance
        )
        return Explained(tabulate_missed(judged, self._causes), examples)

    @cached_property
    def _ledgers(self) -> tuple[pa.Table, pa.Table]:
        left, right = self.truth.left, self.truth.right
        return read_ledger(self._dataset, left), read_ledger(self._dataset, right)

    @cached_property
    def _causes(self) -> pa.Table:
        left, right = (standardise(self._dataset, source) for source in self._sources)
        return find_causes(self.truth, (left, right), self._ledgers)
