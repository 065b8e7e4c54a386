"""Links as positions: rows of the two sides, looked up once, and passed on to whatever counts them.

Texts are compared where links come in, and written where links are stored or read by people.
Between the two, links are numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import LINKS, STATUS, Pairs
from darkfigure.linkage_eval.links.lookup import find_rows
from darkfigure.synth.core.arrays import Floats, Ints, Mask

_N_EXAMPLES = 3


@dataclass(frozen=True)
class Sides:
    """The records between which links run.

    Parameters
    ----------
    left, right
        Record ids, shape (records,), each once.
    within
        Whether both are the same records, linked to each other.
    """

    left: pa.Array
    right: pa.Array
    within: bool = False

    @classmethod
    def of(cls, left: pa.Table, right: pa.Table, *, within: bool = False) -> Sides:
        """Take the ids of two tables of records (schema `RECORDS`)."""
        first = ids_of(left)
        return cls(first, first if within else ids_of(right), within)

    def same(self, other: Sides) -> bool:
        """Tell whether the records are the same, in the same order."""
        return _same(self.left, other.left) and _same(self.right, other.right)


def ids_of(records: pa.Table) -> pa.Array:
    """Give the ids of a table of records as one array."""
    return pa.concat_arrays(records["record_id"].chunks or [pa.array([], pa.string())])


def _same(ids: pa.Array, others: pa.Array) -> bool:
    return ids is others or ids.equals(others)


@dataclass(frozen=True, eq=False)
class Links:
    """Links that count: each pair of different records once, with its best score.

    Parameters
    ----------
    sides
        The records.
    left, right
        Rows of the two sides, shape (links,); within one table the smaller row left.
    scores
        Score of each link, finite, shape (links,).
    statuses
        How each link came about, as the linker says, shape (links,); None if it does not.
    left_out
        A sentence on the links that do not count; "" if all do.
    """

    sides: Sides
    left: Ints
    right: Ints
    scores: Floats
    statuses: pa.Array | None = None
    left_out: str = ""

    @classmethod
    def fold(
        cls, sides: Sides, pairs: Pairs, scores: Floats, statuses: pa.Array | None = None
    ) -> Links:
        """Make links of pairs that may repeat themselves.

        A repeated pair counts once, with its best score. Within one table (a, b) and (b, a) are
        the same pair, and a link of a record to itself is left out. Links are in the order of
        their rows, left before right.

        Parameters
        ----------
        sides
            The records.
        pairs
            Rows of the two sides.
        scores
            Score of each pair, finite, shape (pairs,).
        statuses
            Status of each pair, shape (pairs,), or None.
        """
        folded, places = fold_pairs(pairs, scores, within=sides.within)
        n_self = int((pairs.left == pairs.right).sum()) if sides.within else 0
        left_out = _count_left_out(n_self, len(scores) - n_self - len(places))
        kept = None if statuses is None else statuses.take(pa.array(places))
        return cls(sides, folded.left, folded.right, scores[places], kept, left_out)

    @classmethod
    def none(cls, sides: Sides) -> Links:
        """Make no links."""
        return cls(sides, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))

    def __len__(self) -> int:
        return len(self.scores)

    @property
    def pairs(self) -> Pairs:
        """The pairs of rows."""
        return Pairs(self.left, self.right)

    def keep(self, chosen: Mask | Ints) -> Links:
        """Keep some of the links: those that a mask marks, or those at places, in that order."""
        kept = None if self.statuses is None else self.statuses.take(_places(chosen))
        return replace(
            self,
            left=self.left[chosen],
            right=self.right[chosen],
            scores=self.scores[chosen],
            statuses=kept,
        )

    def on(self, sides: Sides) -> Links:
        """Give the same links as rows of other sides, which hold all linked records.

        Parameters
        ----------
        sides
            Other sides, such as all records where some were given to a linker.

        Raises
        ------
        ValueError
            A linked record is not on its side.
        """
        if self.sides.same(sides):
            return replace(self, sides=sides)
        left = _moved(self.left, self.sides.left, sides.left, "left_id")
        right = _moved(self.right, self.sides.right, sides.right, "right_id")
        if sides.within:
            left, right = np.minimum(left, right), np.maximum(left, right)
        return replace(self, sides=sides, left=left, right=right)

    def sorted(self) -> Links:
        """Give the links in the order of their ids, left before right."""
        ranks = _rank(self.sides.left)[self.left], _rank(self.sides.right)[self.right]
        return self.keep(np.lexsort(ranks[::-1]))

    def table(self) -> pa.Table:
        """Write the ids: schema `LINKS`, and `status` if the linker gave any."""
        columns = {
            "left_id": self.sides.left.take(pa.array(self.left)),
            "right_id": self.sides.right.take(pa.array(self.right)),
            "score": pa.array(self.scores),
        }
        links = pa.table(columns).cast(LINKS)
        return links if self.statuses is None else links.append_column(STATUS, self.statuses)


def _places(chosen: Mask | Ints) -> pa.Array:
    return pa.array(np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen)


def _moved(rows: Ints, ids: pa.Array, known: pa.Array, column: str) -> Ints:
    """Look up each record once, not each link."""
    if _same(ids, known):
        return rows
    places = find_rows(pa.chunked_array([ids]), known)
    moved: Ints = places[rows]
    refuse_unknown(moved, pa.chunked_array([ids.take(pa.array(rows[moved < 0]))]), column, known)
    return moved


def _rank(ids: pa.Array) -> Ints:
    """Give the place of each id among all in order; most come in order."""
    if pc.all(pc.less_equal(ids[:-1], ids[1:])).as_py() in (True, None):
        return np.arange(len(ids))
    rank = np.empty(len(ids), np.int64)
    rank[pc.sort_indices(ids).to_numpy()] = np.arange(len(ids))
    return rank


def refuse_unknown(rows: Ints, unknown: pa.ChunkedArray, column: str, known: pa.Array) -> None:
    """Make sure that every id was found.

    Parameters
    ----------
    rows
        Row of each id; -1 where it is unknown.
    unknown
        The ids that are unknown.
    column
        Name of the column of ids.
    known
        All ids of the side.

    Raises
    ------
    ValueError
        Some were not; the message names a few.
    """
    n_unknown = int((rows < 0).sum())
    if n_unknown:
        examples = ", ".join(
            repr(record_id) for record_id in unknown.unique()[:_N_EXAMPLES].to_pylist()
        )
        raise ValueError(
            f"{count_of(n_unknown, column)} not among the {len(known):,} records of that side, "
            f"such as {examples}"
        )


def count_of(number: int, noun: str) -> str:
    """Count things that are something: "1 score is", "2 scores are"."""
    return f"1 {noun} is" if number == 1 else f"{number:,} {noun}s are"


def _count_left_out(n_self: int, n_repeated: int) -> str:
    counts = (
        (n_self, "{:,} of a record to itself"),
        (n_repeated, "{:,} of a pair that has another link"),
    )
    parts = " and ".join(text.format(number) for number, text in counts if number)
    total = n_self + n_repeated
    if not total:
        return ""
    return f"{total:,} link{'s' if total > 1 else ''} did not count: {parts}."


def fold_pairs(
    pairs: Pairs, scores: Floats | None = None, *, within: bool = False
) -> tuple[Pairs, Ints]:
    """Give each pair once, by the rule of `Links.fold`.

    Parameters
    ----------
    pairs
        Rows of the two sides.
    scores
        Score of each pair, shape (pairs,); without, the first of a repeated pair is kept.
    within
        Whether both sides are the same records, linked to each other.

    Returns
    -------
    The pairs that are kept, and the place of each in `pairs`.
    """
    low, high = pairs.left, pairs.right
    places = np.arange(len(low))
    if within:
        low, high = np.minimum(low, high), np.maximum(low, high)
        places = np.flatnonzero(low != high)
        low, high = low[places], high[places]
    if not _ascend(low, high):  # most pairs come sorted
        best = _best_of_each(low, high, None if scores is None else scores[places])
        low, high, places = low[best], high[best], places[best]
    return Pairs(low, high), places


def _ascend(low: Ints, high: Ints) -> bool:
    rises = (low[1:] == low[:-1]) & (high[1:] > high[:-1])
    return bool((rises | (low[1:] > low[:-1])).all())


def _best_of_each(low: Ints, high: Ints, scores: Floats | None) -> Ints:
    """Find the first of the best scored rows of each pair, in the order of the pairs.

    One order, however links come: sums of rounded numbers depend on it in their last digit.
    """
    keys = low.astype(np.int64) * (int(high.max()) + 1) + high
    order = np.argsort(keys, kind="stable")
    first = np.diff(keys[order], prepend=-1) != 0
    if first.all() or scores is None:
        return np.asarray(order[first])
    order = np.lexsort((-scores, keys))
    return np.asarray(order[first])
