"""The evaluation of one task: every measurement of its links against the truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.evaluation.answers import answer
from darkfigure.linkage_eval.evaluation.assaults import Assaults, read_assaults
from darkfigure.linkage_eval.evaluation.metrics.accuracy import count_pairs
from darkfigure.linkage_eval.evaluation.metrics.attribution import ATTRIBUTION, attribute_missed
from darkfigure.linkage_eval.evaluation.metrics.calibration import CALIBRATION, reliability
from darkfigure.linkage_eval.evaluation.metrics.clusters import clusters_of
from darkfigure.linkage_eval.evaluation.metrics.curves import thin_curve, trace_curve
from darkfigure.linkage_eval.evaluation.metrics.disparities import find_disparities
from darkfigure.linkage_eval.evaluation.metrics.examples import EXAMPLES, choose_examples
from darkfigure.linkage_eval.evaluation.metrics.false_causes import (
    FALSE_CAUSES,
    read_ties,
    tabulate_false,
)
from darkfigure.linkage_eval.evaluation.metrics.missed import (
    MISSED,
    find_causes,
    gather_causes,
    read_ledger,
    tabulate_missed,
)
from darkfigure.linkage_eval.evaluation.shared_lists import SharedLists, count_lists
from darkfigure.linkage_eval.links.positions import Links
from darkfigure.linkage_eval.links.truth import ScoredLinks, Truth, judge, judge_table, read_truth
from darkfigure.linkage_eval.metrics.metric_set import MetricSet
from darkfigure.linkage_eval.metrics.registry import gather
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.storage.dataset import Dataset


@dataclass(frozen=True)
class Explained:
    """Why links err: the tables of one linker.

    Parameters
    ----------
    missed, attribution
        Causes of missed pairs (schemas `MISSED`, `ATTRIBUTION`).
    examples
        Missed pairs and false links (schema `EXAMPLES`).
    false_causes
        Causes of false links (schema `FALSE_CAUSES`).
    """

    missed: pa.Table
    examples: pa.Table
    attribution: pa.Table
    false_causes: pa.Table


@dataclass(frozen=True)
class LinkerClaims:
    """All that comes with a linker's links: its claims, and the labels that it learnt from.

    Parameters
    ----------
    gives_probability
        Whether its scores are match probabilities.
    candidates
        The pairs that it compared; None if it did not tell.
    taught
        Numbers of labels that it learnt from, by metric; empty if it did not learn.
    reads
        The fields that it reads, so that nothing else can be why it misses a pair; None if that
        is not known.
    """

    gives_probability: bool = False
    candidates: Pairs | None = None
    taught: Mapping[str, int] = field(default_factory=dict)
    reads: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Findings:
    """The findings of one evaluation of links.

    Parameters
    ----------
    measured
        One per quantity and stratum.
    counts
        Shape (people, 4), as `accuracy.count_pairs` gives them, for comparing linkers.
    tables
        "answered", "lists", "missed", "examples", "attribution", "false_causes", "curves",
        "calibration", "disparities".
    """

    measured: list[Measurement]
    counts: Ints
    tables: dict[str, pa.Table] = field(default_factory=dict)


class Evaluation:
    """One task, ready to judge any linker's links.

    Parameters
    ----------
    dataset
        Truth and agencies' tables are read once, when first needed.
    left, right
        The sources that are linked; without `right`, records of `left` to each other.
    shared
        Ids of the left and the right records that linkers are given; without, all.
    """

    def __init__(
        self,
        dataset: Dataset,
        left: str,
        right: str = "",
        *,
        shared: tuple[pa.ChunkedArray, pa.ChunkedArray] | None = None,
    ) -> None:
        self._dataset: Dataset | None = dataset
        self._shared = shared
        self._chance = Stream(int(dataset.manifest["seed"]), ("evaluation",))
        self._sources = (left, right or left)

    @classmethod
    def of_truth(
        cls,
        truth: Truth,
        seed: int,
        *,
        shared: tuple[pa.ChunkedArray, pa.ChunkedArray] | None = None,
    ) -> Evaluation:
        """Make the evaluation of a task of which nothing is known but the truth.

        Parameters
        ----------
        truth
            The truth of the task.
        seed
            Seed of resampled intervals and of samples.
        shared
            Ids of the left and the right records that linkers are given; without, all.
        """
        evaluation = cls.__new__(cls)
        vars(evaluation).update(
            _dataset=None,
            _shared=shared,
            _chance=Stream(seed, ("evaluation",)),
            _sources=(),
            truth=truth,
        )
        return evaluation

    @cached_property
    def truth(self) -> Truth:
        """The truth of the task."""
        return read_truth(self._known, *self._sources)

    def judge(self, links: Links) -> ScoredLinks:
        """Set links against the truth; ValueError if they do not fit."""
        return judge(self.truth, links)

    def judge_table(self, links: pa.Table) -> ScoredLinks:
        """Set a table of links (schema `LINKS`) against the truth; ValueError as of `judge`."""
        return judge_table(self.truth, links)

    def measure(
        self,
        judged: ScoredLinks,
        claims: LinkerClaims = LinkerClaims(),
        metrics: MetricSet | None = None,
    ) -> list[Measurement]:
        """Measure every quantity whose needs are there, overall and by stratum.

        Parameters
        ----------
        judged
            Links set against the truth.
        claims
            The linker's claims beside its links.
        metrics
            The metrics; without, those of the library.
        """
        return (metrics or gather(())).measure("links", self._given(judged, claims))

    def _given(self, judged: ScoredLinks, claims: LinkerClaims) -> dict[str, Any]:
        """Give the inputs of metrics by name, those that there are."""
        inputs = {
            "judged": judged,
            "truth": self.truth,
            "chance": self._chance,
            "probabilities": judged.scores if claims.gives_probability else None,
            "compared": claims.candidates,
            "labels": claims.taught or None,
            # Across two sources nobody looks for the records of one person within one.
            "clusters": clusters_of(judged) if self.truth.within else None,
            "shared": self._shared,
            "dataset": self._dataset,
            "assaults": self._assaults,
        }
        return {name: value for name, value in inputs.items() if value is not None}

    def explain(self, judged: ScoredLinks, reads: tuple[str, ...] | None = None) -> Explained:
        """Give causes of missed pairs and false links, and examples; empty with the truth alone.

        Parameters
        ----------
        judged
            Links set against the truth.
        reads
            The fields that the linker reads, in which causes count; without, all.
        """
        if self._dataset is None:
            schemas = (MISSED, EXAMPLES, ATTRIBUTION, FALSE_CAUSES)
            return Explained(*(schema.empty_table() for schema in schemas))
        examples = choose_examples(
            judged, self._causes, self._dataset, ledgers=self._ledgers, chance=self._chance
        )
        read = self._causes_in(reads)
        attribution = attribute_missed(judged, gather_causes(read), self._chance)
        alike = tabulate_false(judged, self._records, self._ledgers, self._ties, reads or FIELDS)
        return Explained(tabulate_missed(judged, read), examples, attribution, alike)

    def find(
        self, judged: ScoredLinks, claims: LinkerClaims, metrics: MetricSet | None = None
    ) -> Findings:
        """Find out everything: measurements, curves, calibration, disparities, causes.

        Parameters
        ----------
        judged
            Links set against the truth.
        claims
            The linker's claims beside its links; calibration needs match probabilities, and
            blocking the compared pairs.
        metrics
            The metrics; without, those of the library.
        """
        measured = self.measure(judged, claims, metrics)
        calibrated = claims.gives_probability
        tables = {
            **vars(self.explain(judged, claims.reads)),
            "answered": answer(judged, self._assaults),
            "lists": count_lists(judged, self._listed),
            "curves": thin_curve(trace_curve(judged)),
            "calibration": reliability(judged) if calibrated else CALIBRATION.empty_table(),
            "disparities": find_disparities(measured),
        }
        return Findings(measured, count_pairs(judged), tables)

    def causes(self) -> pa.Table:
        """Give the causes that stand between the records of each true pair.

        Returns
        -------
        `pair` (place among the true pairs) and `cause`; empty where only the truth is known.
        """
        if self._dataset is None:
            return pa.table({"pair": pa.array([], pa.int64()), "cause": pa.array([], pa.string())})
        return self._causes

    @property
    def _known(self) -> Dataset:
        assert self._dataset is not None  # noqa: S101, with the truth alone nothing reads this
        return self._dataset

    @cached_property
    def _assaults(self) -> Assaults | None:
        """The attendances after assaults, of a task that links "ed" to the police."""
        return read_assaults(self._dataset, self.truth) if self._dataset else None

    @cached_property
    def _listed(self) -> SharedLists | None:
        """The lists of violence with injury, of a task whose shared records are known."""
        if self._assaults is None or self._shared is None or self._dataset is None:
            return None
        return SharedLists(self._dataset, self._assaults, *self._shared)

    @cached_property
    def _ledgers(self) -> tuple[pa.Table, pa.Table]:
        left, right = self.truth.left, self.truth.right
        return read_ledger(self._known, left), read_ledger(self._known, right)

    @cached_property
    def _ties(self) -> pa.Table:
        return read_ties(self._known)

    @cached_property
    def _causes(self) -> pa.Table:
        return self._causes_in(None)

    def _causes_in(self, reads: tuple[str, ...] | None) -> pa.Table:
        """Find the causes in some fields; once for all linkers that read them."""
        if reads not in self._found_causes:
            self._found_causes[reads] = find_causes(
                self.truth, self._records, self._ledgers, reads or FIELDS
            )
        return self._found_causes[reads]

    @cached_property
    def _found_causes(self) -> dict[tuple[str, ...] | None, pa.Table]:
        return {}

    @cached_property
    def _records(self) -> tuple[pa.Table, pa.Table]:
        left, right = (standardise(self._known, source) for source in self._sources)
        return left, right
