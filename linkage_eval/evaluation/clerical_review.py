"""A clerical reviewer, simulated: looks at some pairs, says who is the same person, and may err.

Which pairs are shown depends on the records alone, never on the truth: candidates of the default
blocking, as many with each number of agreeing fields as there are, so that clear and doubtful
pairs both come.
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
    """How many pairs are reviewed, and the share of them that the reviewer gets wrong.

    Both defaults are assumed; clerical reviewers of linkage studies disagree in some per cent.
    """

    labels: int = Field(default=200, ge=2)
    error_rate: Rate = 0.02


@dataclass(frozen=True)
class Reviewed:
    """What a reviewer said (schema `LABELLED`), and of how many pairs wrongly."""

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
        What the reviewer finds out, but for their errors.
    chance
        Pairs and errors are keyed by pair.
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

    Events (schema `events.EVENTS`) are shown only where their times allow that they are one.
    """
    candidates = _possible(left, right, candidate_pairs(left, right))
    agreeing = " + ".join(f"coalesce(l_{name} = r_{name}, false)::INT" for name in _FIELDS)
    n_agreeing = compare(left, right, candidates, {"n": agreeing})["n"].to_numpy()
    drawn = chance.uniform("reviewed", _keys(candidates, right.num_rows))
    place = np.lexsort((drawn, n_agreeing))
    turn = _turns(n_agreeing[place])
    chosen = np.sort(place[np.argsort(turn, kind="stable")[:n_pairs]])
    return Pairs(candidates.left[chosen], candidates.right[chosen])


def _possible(left: pa.Table, right: pa.Table, pairs: Pairs) -> Pairs:
    possible = np.ones(len(pairs.left), bool)
    if left is right:
        possible = pairs.left != pairs.right
    elif TIME in left.column_names:
        possible = compare(left, right, pairs, {"near": NEAR_IN_TIME})["near"].to_numpy()
    return Pairs(pairs.left[possible], pairs.right[possible])


def _turns(groups: Ints) -> Ints:
    """Give each member of a group, which stand together, its turn from 0."""
    starts = np.flatnonzero(np.diff(groups, prepend=groups[:1] - 1))
    sizes = np.diff(np.append(starts, len(groups)))
    return np.arange(len(groups)) - np.repeat(starts, sizes)


def _keys(pairs: Pairs, n_right: int) -> Ints:
    return (pairs.left * n_right + pairs.right) % (1 << _ID_BITS)
