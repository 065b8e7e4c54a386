"""The ceiling of one task: learnt from other worlds or other people, with many labels or few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.attainable.candidates import JudgedCandidates
from darkfigure.linkage_eval.attainable.ceiling import (
    ATTAINABLE,
    find_distances,
    measure_ceiling,
    take_accuracy,
)
from darkfigure.linkage_eval.attainable.learnt_rule import (
    LabelledPairs,
    LearntRule,
    margins_across_folds,
)
from darkfigure.linkage_eval.evaluation.metrics.accuracy import count_pairs
from darkfigure.linkage_eval.evaluation.metrics.curves import thin_curve, trace_curve
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.rows import ALL, Attained, CellKey, Measurement
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream

ACROSS_FOLDS = "other people of the same dataset"
# Of labelled pairs, of which the median is shown; in folds ten rules draw theirs anyway. Assumed.
_N_DRAWS, _N_IN_FOLDS = 5, 1


@dataclass(frozen=True)
class Teaching:
    """What the attainable rule of a task learns from.

    Parameters
    ----------
    others
        Candidates of the same task in worlds of other seeds; without any, the rule learns from
        other people of the world that is judged, in folds.
    said
        The same in words.
    seed
        Of the draws of folds, halves and labelled pairs.
    """

    others: tuple[JudgedCandidates, ...]
    said: str
    seed: int

    @classmethod
    def by(cls, others: Mapping[int, JudgedCandidates], seed: int) -> Teaching:
        """Say who teaches: candidates of other worlds, by the seed of each."""
        said = ", ".join(f"seed {other}" for other in others) or ACROSS_FOLDS
        return cls(tuple(others.values()), said, seed)

    @property
    def chance(self) -> Stream:
        """The draws."""
        return Stream(self.seed, ("ceiling",))

    def pairs(self, judged: JudgedCandidates) -> LabelledPairs:
        """Give all pairs that may be labelled."""
        if not self.others:
            return judged.labelled
        return LabelledPairs.joined([other.labelled for other in self.others])

    def margins(self, judged: JudgedCandidates) -> Floats:
        """Judge pairs with all labels there are; as `LearntRule.margins`."""
        if not self.others:
            return margins_across_folds(judged.labelled, self.chance)
        return LearntRule.learn(self.pairs(judged), self.chance).margins(judged.labelled.features)

    def margins_by(self, judged: JudgedCandidates, labels: int, draw: int) -> Floats:
        """Judge pairs with some labels, of one of several draws."""
        chance = self.chance.stage(f"draw {draw}")
        if not self.others:
            return margins_across_folds(judged.labelled, chance, labels=labels)
        learnt = self.pairs(judged).draw(labels, chance)
        return LearntRule.learn(learnt, chance).margins(judged.labelled.features)


@dataclass(frozen=True)
class TaskCeiling:
    """What is attainable on a task.

    Parameters
    ----------
    links
        What the rule links, scored by its margins.
    measured
        As of `measure_ceiling`.
    by_labels
        Precision, recall and F1 by the number of labels.
    learnt_from
        The people from whom the rule learnt.
    """

    links: ScoredLinks
    measured: tuple[Measurement, ...]
    by_labels: Mapping[int, tuple[Measurement, ...]]
    learnt_from: str

    def rows(self, cell: CellKey) -> Iterator[Attained]:
        """Give the rows of a task; of the cell the linker does not matter."""
        for one in self.measured:
            yield self._row(cell, ATTAINABLE, one)
        for labels, measured in self.by_labels.items():
            for one in measured:
                yield self._row(cell, f"{ATTAINABLE} by {labels:,} labels", one, labels)

    def distances(self, cell: CellKey, linkers: Mapping[str, Ints]) -> Iterator[Attained]:
        """Give the distance of linkers' F1 to the attained one.

        Parameters
        ----------
        cell
            Where the task belongs; its linker does not matter.
        linkers
            Counts of the same people, shape (people, 4), as `accuracy.count_pairs` gives them.
        """
        found = find_distances(count_pairs(self.links), linkers, cell.seed)
        for name, one in found.items():
            yield self._row(cell, name, one)

    def curve(self) -> pa.Table:
        """Give precision and recall at every threshold of the rule (schema `CURVES`)."""
        return thin_curve(trace_curve(self.links))

    def _row(
        self, cell: CellKey, linker: str, one: Measurement, labels: int | None = None
    ) -> Attained:
        return Attained.of(replace(cell, linker=linker), one, self.learnt_from, labels)


def find_task_ceiling(
    judged: JudgedCandidates, teaching: Teaching, labels: Sequence[int] = ()
) -> TaskCeiling:
    """Find what is attainable on a task.

    Parameters
    ----------
    judged
        The candidate pairs of the task.
    teaching
        What the rule learns from.
    labels
        Numbers of labelled pairs, for a learning curve.

    Raises
    ------
    MissingExtraError
        scikit-learn is not installed.
    """
    margins = teaching.margins(judged)
    linked = margins >= 0
    by_labels = {number: tuple(_with_labels(judged, teaching, number)) for number in labels}
    return TaskCeiling(
        judged.link(linked, margins),
        tuple(measure_ceiling(judged, linked)),
        by_labels,
        teaching.said,
    )


def _with_labels(
    judged: JudgedCandidates, teaching: Teaching, labels: int
) -> Iterator[Measurement]:
    """Measure the rule with few labels: the median of several draws, the least and the most."""
    n_pairs = len(teaching.pairs(judged).same)
    if labels > n_pairs:
        reason = f"there are only {n_pairs:,} pairs to label"
        yield Measurement(ALL, ALL, "f1", None, None, None, 0, status=reason)
        return
    drawn = [
        take_accuracy(judged.link(teaching.margins_by(judged, labels, draw) >= 0))
        for draw in range(_N_DRAWS if teaching.others else _N_IN_FOLDS)
    ]
    for same in zip(*drawn, strict=True):
        values = [one.value for one in same if one.value is not None] or [np.nan]
        if same[0].stratum_kind == ALL:
            found = (float(number(values)) for number in (np.median, np.min, np.max))
            value, low, high = (None if np.isnan(one) else one for one in found)
            if len(values) == 1:  # of one draw nothing tells how far draws differ
                low = high = None
            n = max(one.n for one in same)
            yield Measurement.overall(same[0].metric, value, n, low, high)
