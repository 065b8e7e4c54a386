"""The candidate pairs of a task: all that can be seen of them, and the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.attainable.learnt_rule import LabelledPairs
from darkfigure.linkage_eval.attainable.pair_features import pair_features
from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.linkers.blocking import BY_SOUND, RULES, Rule, candidate_pairs
from darkfigure.linkage_eval.links.positions import Links, Sides
from darkfigure.linkage_eval.links.truth import ScoredLinks, Truth, judge
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.runs.prepared_task import PreparedTask
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.core.fields import FIELDS

# Pairs that share any of these are judged; assumed, as generous as a model with labels can bear.
_RULES: tuple[Rule, ...] = (
    *RULES,
    *BY_SOUND,
    ("telephone",),
    ("surname_sound", "postcode"),
    ("forename_sound", "postcode"),
    ("house", "street", "sex"),
    ("date_of_birth", "town"),
)
# Of people on both sides, and of false pairs: with fewer, some half would have none to learn from.
# Assumed.
_LEAST = 50
_SEEN = ["source", *FIELDS]


@dataclass(frozen=True)
class JudgedCandidates:
    """The candidate pairs of a task.

    Parameters
    ----------
    judged
        All of them as links, set against the truth.
    labelled
        What a model learns from, in the same order.
    alike
        A number for each pair; pairs with the same recorded values have the same, shape (pairs,).
    """

    judged: ScoredLinks
    labelled: LabelledPairs
    alike: Ints

    @property
    def truth(self) -> Truth:
        """The truth of the task."""
        return self.judged.truth

    def link(self, chosen: Mask, scores: Floats | None = None) -> ScoredLinks:
        """Link the pairs that a mask marks, and no other; with scores, shape (pairs,), if given."""
        whole = self.judged
        return replace(
            whole,
            left=whole.left[chosen],
            right=whole.right[chosen],
            scores=(whole.scores if scores is None else scores)[chosen],
            correct=whole.correct[chosen],
        )

    def count_alike(self) -> tuple[Ints, Ints]:
        """Count the true and the false pairs of each number in `alike`."""
        n_kinds = int(self.alike.max(initial=-1)) + 1
        true = np.bincount(self.alike[self.judged.correct], minlength=n_kinds)
        return true, np.bincount(self.alike, minlength=n_kinds) - true


def find_candidates(prepared: PreparedTask) -> JudgedCandidates:
    """Find the candidate pairs of a task of persons whose records are in the clear."""
    left, right, truth = prepared.left, prepared.right, prepared.evaluation.truth
    pairs = candidate_pairs(left, right, _RULES, within=prepared.within)
    sides = Sides.of(left, right, within=prepared.within)
    judged = judge(truth, Links.fold(sides, pairs, np.ones(len(pairs.left))))
    people = truth.left.persons[judged.left], truth.right.persons[judged.right]
    features = pair_features(left, right, pairs)
    alike = _alike(left, right, pairs, within=prepared.within)
    return JudgedCandidates(judged, LabelledPairs(features, judged.correct, *people), alike)


def refuse_few(prepared: PreparedTask, candidates: JudgedCandidates) -> None:
    """Make sure that a rule can learn from the candidate pairs of a task.

    Raises
    ------
    DatasetError
        They are too few, of either kind.
    """
    pairs = candidates.labelled
    n_people, n_false = len(np.unique(pairs.left[pairs.same])), int((~pairs.same).sum())
    if min(n_people, n_false) < _LEAST:
        raise DatasetError(
            f"{prepared.title}: {n_people:,} people with true pairs and {n_false:,} false "
            f"candidate pairs; a rule needs {_LEAST} of each to learn from. Generate more people, "
            "or train on a larger dataset of another seed."
        )


def _alike(left: pa.Table, right: pa.Table, pairs: Pairs, *, within: bool) -> Ints:
    """Give pairs numbers, the same to those with the same recorded values."""
    values = _number_values(pa.concat_tables([table.select(_SEEN) for table in (left, right)]))
    first, second = values[pairs.left], values[left.num_rows :][pairs.right]
    if within:
        first, second = np.minimum(first, second), np.maximum(first, second)
    return np.unique(first * (int(values.max(initial=0)) + 1) + second, return_inverse=True)[1]


def _number_values(records: pa.Table) -> Ints:
    """Give records numbers, the same to those alike in all that a linker sees but ids."""
    seen = ", ".join(_SEEN)
    numbered = query(
        f"SELECT dense_rank() OVER (ORDER BY {seen}) AS number FROM records ORDER BY row",  # noqa: S608, our names
        records=records.append_column("row", pa.array(np.arange(records.num_rows))),
    )
    return numbered["number"].to_numpy()
