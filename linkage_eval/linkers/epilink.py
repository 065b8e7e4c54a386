"""EpiLink's weights: the information of each field, by error rate and frequency of values.

The score of a pair is

    sum_i w_i s_i / sum_i w_i,    w_i = log2((1 - e_i) / f_i),

over the fields that both records hold, with s_i the similarity in [0, 1], e_i the error rate and
f_i the mean frequency of a value, here 1 / (number of distinct values in the two tables). Names
are compared both ways round and the better sum counts. Error rate and threshold are defaults that
used no truth.

References
----------
Contiero et al. (2005), "The EpiLink record linkage software", Methods of Information in Medicine
44(1). The error rate 0.01, comparison of names in both orders and the threshold 0.9 follow the
sample configuration of Mainzelliste (grade B: well known, not read there).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.linkers.blocking import RULES, candidate_pairs, widened
from darkfigure.linkage_eval.linkers.comparing import compare, linked_pairs
from darkfigure.linkage_eval.linkers.fields import (
    SECOND_LINE,
    TWO_OR_NUMBERS,
    FieldNeeds,
    held,
    stand_ins,
)
from darkfigure.linkage_eval.linkers.weights import weights_of

_FIELDS = ("surname", "forename", "sex", "date_of_birth", "postcode", "nhs_number")
_NAMES = ("surname", "forename")
_ERROR_RATE = 0.01
_DIGITS = 9


@dataclass(frozen=True)
class EpiLink:
    """Link with EpiLink's weighted similarity of fields.

    Parameters
    ----------
    threshold
        Links that score less are not returned.
    """

    threshold: float = 0.9
    name: str = "epilink"
    reads: ClassVar[tuple[str, ...]] = (*_FIELDS, "upn")
    needs: ClassVar[FieldNeeds] = TWO_OR_NUMBERS
    may_add: ClassVar[tuple[str, ...]] = SECOND_LINE

    def block(self, left: pa.Table, right: pa.Table) -> Pairs:
        """Give the pairs of the default blocking rules, and of those for fields that step in."""
        return candidate_pairs(left, right, widened(left, right, RULES, stand_ins(left, right)))

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; the score is EpiLink's."""
        pairs = self.block(left, right)
        weights = _weights(left, right)
        scores = compare(left, right, pairs, {"score": _score(weights)})["score"].to_numpy()
        scores = np.round(scores, _DIGITS)
        linked = scores >= self.threshold
        return linked_pairs(
            left, right, Pairs(pairs.left[linked], pairs.right[linked]), scores[linked]
        )

    def weigh(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Give the weight of each field (schema `WEIGHTS`): what its agreement adds at most."""
        weights, there = _weights(left, right), held(left, right)
        return weights_of(
            {"field": name, "level": "agrees", "weight": weight}
            for name, weight in weights.items()
            if name in there
        )


def _weights(left: pa.Table, right: pa.Table) -> dict[str, float]:
    fields = (*_FIELDS, *stand_ins(left, right))
    return {field: _weight(left[field], right[field]) for field in fields}


def _weight(left: pa.ChunkedArray, right: pa.ChunkedArray) -> float:
    n_values = len(pc.unique(pa.chunked_array([*left.chunks, *right.chunks]).drop_null()))
    return float(np.log2((1 - _ERROR_RATE) * max(2, n_values)))


def _score(weights: dict[str, float]) -> str:
    straight = _sums(weights, {name: name for name in _NAMES})
    swapped = _sums(weights, dict(zip(_NAMES, reversed(_NAMES), strict=True)))
    return f"greatest({straight}, {swapped})"


def _sums(weights: dict[str, float], partner: dict[str, str]) -> str:
    above, below = [], []
    for field, weight in weights.items():
        left_field, right_field = f"l_{field}", f"r_{partner.get(field, field)}"
        alike = (
            f"jaro_winkler_similarity({left_field}, {right_field})"
            if field in _NAMES
            else f"({left_field} = {right_field})::DOUBLE"
        )
        above.append(f"coalesce({weight} * {alike}, 0)")
        below.append(
            f"CASE WHEN {left_field} IS NULL OR {right_field} IS NULL THEN 0 ELSE {weight} END"
        )
    return f"coalesce(({' + '.join(above)}) / nullif({' + '.join(below)}, 0), 0)"
