"""A simulated clerical reviewer: labels some pairs as the same person or not, and may err.

The choice of pairs depends on the records alone, never on the truth. Pairs are candidates of the
default blocking, as evenly as possible over the number of agreeing fields, so that the reviewer
sees clear pairs and doubtful ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pydantic import Field

from darkfigure.linkage_eval.contracts import LABELLED, Pairs
from darkfigure.linkage_eval.linkers.blocking import candidate_pairs
from darkfigure.linkage_eval.linkers.comparing import compare
from darkfigure.linkage_eval.links.truth import Truth
from darkfigure.linkage_eval.records.events import NEAR_IN_TIME, TIME
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Rate, Spec

_FIELDS = ("surname", "forename", "sex", "date_of_birth", "postcode", "nhs_number")
_ID_BITS = 48


class Reviewer(Spec):
    """A clerical reviewer.

    All defaults are assumed; clerical reviewers of linkage studies disagree in some per cent.

    Parameters
    ----------
    labels
        Number of pairs that are reviewed.
    error_rate
        Probability that the reviewer labels a pair wrongly.
    gold
        Pairs of either kind, right and wrong, whose answer is known, put among the others to learn
        how often the reviewer errs; assumed.
    """

    labels: int = Field(default=200, ge=2)
    error_rate: Rate = 0.02
    gold: int = Field(default=100, ge=1)


@dataclass(frozen=True)
class Reviewed:
    """The pairs that a reviewer labelled (schema `LABELLED`), and the number of wrong labels."""

    labelled: pa.Table
    n_wrong: int


def review(
    left: pa.Table, right: pa.Table, truth: Truth, reviewer: Reviewer, *, chance: Stream
) -> Reviewed:
    """Let a reviewer label pairs.

    Parameters
    ----------
    left, right
        Schema `RECORDS`, sorted by id as the truth's sides are.
    truth
        The right labels, before the reviewer's errors.
    reviewer
        Number of labels and error rate.
    chance
        Draws of pairs and of errors, keyed by pair.
    """
    pairs = propose(left, right, reviewer.labels, chance)
    same = truth.left.persons[pairs.left] == truth.right.persons[pairs.right]
    keys = _keys(pairs, right.num_rows)
    wrong = chance.happens("reviewer errs", keys, reviewer.error_rate)
    columns = {
        "left_id": left["record_id"].take(pa.array(pairs.left)),
        "right_id": right["record_id"].take(pa.array(pairs.right)),
        "same": pa.array(same != wrong),
    }
    return Reviewed(pa.table(columns).cast(LABELLED), int(wrong.sum()))


def propose(left: pa.Table, right: pa.Table, n_pairs: int, chance: Stream) -> Pairs:
    """Choose pairs to be reviewed, evenly over the number of fields that agree.

    Parameters
    ----------
    left, right
        Schema `RECORDS`, or `events.EVENTS`: two events are proposed only where their times allow
        that they are one.
    n_pairs
        The most pairs to choose.
    chance
        Draws keyed by pair.
    """
    candidates = _possible(left, right, candidate_pairs(left, right))
    agreeing = " + ".join(f"coalesce(l_{name} = r_{name}, false)::INT" for name in _FIELDS)
    n_agreeing = compare(left, right, candidates, {"n": agreeing})["n"].to_numpy()
    drawn = chance.uniform("reviewed", _keys(candidates, right.num_rows))
    by_agreement = np.lexsort((drawn, n_agreeing))
    turn = _turns(n_agreeing[by_agreement])
    chosen = np.sort(by_agreement[np.argsort(turn, kind="stable")[:n_pairs]])
    return Pairs(candidates.left[chosen], candidates.right[chosen])


def _possible(left: pa.Table, right: pa.Table, pairs: Pairs) -> Pairs:
    possible = np.ones(len(pairs.left), bool)
    if left is right:
        possible = pairs.left != pairs.right
    elif TIME in left.column_names:
        possible = compare(left, right, pairs, {"near": NEAR_IN_TIME})["near"].to_numpy()
    return Pairs(pairs.left[possible], pairs.right[possible])


def _turns(groups: Ints) -> Ints:
    """Count the members of each group from 0; a group stands in consecutive places."""
    starts = np.flatnonzero(np.diff(groups, prepend=groups[:1] - 1))
    sizes = np.diff(np.append(starts, len(groups)))
    return np.arange(len(groups)) - np.repeat(starts, sizes)


def _keys(pairs: Pairs, n_right: int) -> Ints:
    return (pairs.left * n_right + pairs.right) % (1 << _ID_BITS)
