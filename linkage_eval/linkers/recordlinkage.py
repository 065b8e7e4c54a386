"""The recordlinkage toolkit: expectation conditional maximisation, or a classifier with labels.

Fields agree or not, as in its guide: names where their Jaro-Winkler similarity is at least 0.85,
others where they are equal. Where a field is not there others step in, and further columns of a
user's own are compared (`fields.py`). The blocking rules that ECM leaves out were chosen after its
accuracy on two sets with truth had been seen: see "What the defaults were settled on" in the
documentation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.linkers.blocking import (
    RULES,
    candidate_pairs,
    selective_rules,
    widened,
)
from darkfigure.linkage_eval.linkers.comparing import linked_pairs
from darkfigure.linkage_eval.linkers.engines import Engines, check_labels, engine
from darkfigure.linkage_eval.linkers.fields import (
    SECOND_LINE,
    TWO_OR_NUMBERS,
    FieldNeeds,
    UnableError,
    as_texts,
    further_columns,
    held,
    stand_ins,
)
from darkfigure.linkage_eval.linkers.weights import weights_of
from darkfigure.synth.core.arrays import Floats

_FIELDS = ("surname", "forename", "sex", "date_of_birth", "postcode", "nhs_number")
_NAMES = ("surname", "forename", "middle_name", "street", "town")
_ALIKE = 0.85  # the guide's threshold
_DIGITS = 9


@dataclass(frozen=True)
class RecordlinkageEcm:
    """Link with recordlinkage's unsupervised classifier (ECM).

    Parameters
    ----------
    threshold
        Links below this match probability are not returned.
    """

    threshold: float = 0.5
    name: str = "recordlinkage-ecm"
    gives_probability: bool = True
    engines: ClassVar[Engines] = (("recordlinkage", "linkers"),)
    reads: ClassVar[tuple[str, ...]] = (*_FIELDS, "upn")
    needs: ClassVar[FieldNeeds] = TWO_OR_NUMBERS
    may_add: ClassVar[tuple[str, ...]] = SECOND_LINE
    further: ClassVar[bool] = True

    def block(self, left: pa.Table, right: pa.Table) -> Pairs:
        """Give the pairs of the default blocking rules that give few.

        Without labels the model tells any two classes of candidates apart; among mostly strangers
        matches are a rarity that it does not see. The choice uses no truth, but it exists because
        the model was seen to fail on a set with truth.
        """
        rules = widened(left, right, RULES, _more(left, right))
        return candidate_pairs(left, right, selective_rules(left, right, rules))

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; the score is the match probability.

        Raises
        ------
        UnableError
            No two records agree on a blocking rule, or the compared pairs agree all alike.
        """
        pairs, features, model = self._fit(left, right)
        return _links(left, right, pairs, _probability(model, features), self.threshold)

    def weigh(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Give the match weights that it learns (schema `WEIGHTS`)."""
        _, features, model = self._fit(left, right)
        rows = [
            {"field": name, "level": level, "m": float(m[value]), "u": float(u[value])}
            for name, m, u in (
                (name, model.m_probs[name], model.u_probs[name]) for name in features.columns
            )
            for level, value in (("agrees", 1), ("differs", 0))
        ]
        return weights_of(rows)

    def _fit(self, left: pa.Table, right: pa.Table) -> tuple[Pairs, pd.DataFrame, Any]:
        toolkit = engine("recordlinkage")
        pairs = self.block(left, right)
        if not len(pairs.left):
            raise UnableError(
                "it compares nothing: no two records agree on any two of the fields that tell "
                "people apart"
            )
        features = compare_fields(left, right, pairs).astype(int)
        # A comparison that never differs tells nothing, and breaks the estimate.
        features = features.loc[:, features.nunique() > 1]
        if not len(features.columns):
            raise UnableError(
                f"it learns nothing: the {len(features):,} pairs that it compares agree all alike"
            )
        model = toolkit.ECMClassifier(binarize=None)
        model.fit(features)
        return pairs, features, model


@dataclass
class RecordlinkageSupervised:
    """Link with recordlinkage's logistic regression, which learns from labelled pairs.

    Parameters
    ----------
    threshold
        Links below this match probability are not returned.
    """

    threshold: float = 0.5
    name: str = "recordlinkage-logistic"
    gives_probability: bool = True
    engines: ClassVar[Engines] = (("recordlinkage", "linkers"),)
    reads: ClassVar[tuple[str, ...]] = (*_FIELDS, "upn")
    needs: ClassVar[FieldNeeds] = TWO_OR_NUMBERS
    may_add: ClassVar[tuple[str, ...]] = SECOND_LINE
    further: ClassVar[bool] = True
    _model: Any = field(default=None, repr=False)

    def fit(self, left: pa.Table, right: pa.Table, labelled: pa.Table) -> None:
        """Learn from labelled pairs."""
        check_labels(labelled)
        toolkit = engine("recordlinkage")
        pairs = _rows(left, right, labelled)
        features = compare_fields(left, right, pairs)
        same = labelled["same"].to_numpy().astype(bool)
        self._model = toolkit.LogisticRegressionClassifier()
        self._model.fit(features, features.index[same])

    def block(self, left: pa.Table, right: pa.Table) -> Pairs:
        """Give the pairs of the default blocking rules, and of those for further fields."""
        return candidate_pairs(left, right, widened(left, right, RULES, _more(left, right)))

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; the score is the match probability."""
        pairs = self.block(left, right)
        features = compare_fields(left, right, pairs)
        return _links(left, right, pairs, _probability(self._model, features), self.threshold)


def compare_fields(left: pa.Table, right: pa.Table, pairs: Pairs) -> pd.DataFrame:
    """Compare pairs with recordlinkage.

    Parameters
    ----------
    left, right
        Schema `RECORDS`.
    pairs
        Rows of both.

    Returns
    -------
    One row a pair; one column of 0 and 1 a field that both tables hold.
    """
    toolkit = engine("recordlinkage")
    there, more = held(left, right), _more(left, right)
    shared = [*(name for name in _FIELDS if name in there), *more]
    left, right = (as_texts(side, further_columns(left, right)) for side in (left, right))
    comparison = toolkit.Compare()
    for name in shared:
        if name in _NAMES:
            comparison.string(name, name, method="jarowinkler", threshold=_ALIKE, label=name)
        else:
            comparison.exact(name, name, label=name)
    index = pd.MultiIndex.from_arrays([pairs.left, pairs.right])
    frames = [side.select(shared).to_pandas() for side in (left, right)]
    return comparison.compute(index, *frames)


def _more(left: pa.Table, right: pa.Table) -> tuple[str, ...]:
    return (*stand_ins(left, right), *further_columns(left, right))


def _rows(left: pa.Table, right: pa.Table, labelled: pa.Table) -> Pairs:
    places = []
    for side, column in ((left, "left_id"), (right, "right_id")):
        index = pd.Index(side["record_id"].to_pandas())
        places.append(index.get_indexer(labelled[column].to_pandas()).astype(np.int64))
    return Pairs(*places)


def _probability(model: Any, features: pd.DataFrame) -> Floats:  # noqa: ANN401, the engine's
    return np.round(np.asarray(model.prob(features), float), _DIGITS)


def _links(
    left: pa.Table,
    right: pa.Table,
    pairs: Pairs,
    probability: Floats,
    threshold: float,
) -> pa.Table:
    linked = probability >= threshold
    chosen = Pairs(pairs.left[linked], pairs.right[linked])
    return linked_pairs(left, right, chosen, probability[linked])
