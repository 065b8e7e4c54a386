"""Links in their canonical form, whichever linker or file they come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import LINKS, STATUS, Pairs
from darkfigure.linkage_eval.links.lookup import find_rows
from darkfigure.synth.core.arrays import Floats, Ints

_N_EXAMPLES = 3


def to_links(table: pa.Table) -> pa.Table:
    """Put a table into the schema `LINKS`; a missing score counts as 1, a `status` stays.

    Raises
    ------
    ValueError
        An id column is missing, or a column cannot be cast to its type.
    """
    missing = [name for name in ("left_id", "right_id") if name not in table.column_names]
    if missing:
        columns = ", ".join(table.column_names) or "none"
        raise ValueError(
            f"no column {' and no column '.join(missing)}; needed are left_id, right_id and, "
            f"if there is one, score; found: {columns}"
        )
    if "score" not in table.column_names:
        table = table.append_column("score", pa.repeat(1.0, table.num_rows))
    try:
        links = table.select(LINKS.names).cast(LINKS)
        if STATUS in table.column_names:
            links = links.append_column(STATUS, table[STATUS].cast(pa.string()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ValueError(f"a column is of the wrong type: {error}") from None
    return links


@dataclass(frozen=True)
class Canonical:
    """Links in their canonical form: each pair of different records once.

    Parameters
    ----------
    links
        Schema `LINKS`, and `status` if the input has it; in the order of the input.
    pairs
        The same links as rows of the two sides; within one table the smaller row left.
    n_self
        Links of a record to itself, which say nothing and are left out.
    n_repeated
        Links left out because another joins the same two records with the same or a higher score.
    """

    links: pa.Table
    pairs: Pairs
    n_self: int = 0
    n_repeated: int = 0

    @property
    def left_out(self) -> str:
        """Say in a sentence how many links were left out; "" if all links stand."""
        counts = (
            (self.n_self, "{:,} of a record to itself"),
            (self.n_repeated, "{:,} of a pair that has another link"),
        )
        parts = " and ".join(text.format(number) for number, text in counts if number)
        total = self.n_self + self.n_repeated
        return f"{total:,} link{'s' if total > 1 else ''} did not count: {parts}." if parts else ""


def canonical(
    links: pa.Table, left: pa.Array, right: pa.Array, *, within: bool = False
) -> Canonical:
    """Bring links into their canonical form.

    A repeated pair counts once, with its best score. Within one table (a, b) and (b, a) are the
    same pair, and a link of a record to itself is left out.

    Parameters
    ----------
    links
        Schema `LINKS`, perhaps with `status`.
    left, right
        All record ids of each side.
    within
        Whether both sides are the same records, linked to each other.

    Raises
    ------
    ValueError
        A score is missing or not finite, or an id is missing or unknown.
    """
    n_bad = int(pc.sum(pc.invert(pc.is_finite(links["score"]).fill_null(False))).as_py() or 0)
    if n_bad:
        raise ValueError(f"{_count(n_bad, 'score')} missing, NaN or infinite")
    rows = Pairs(_look_up(links, "left_id", left), _look_up(links, "right_id", right))
    pairs, places = fold_pairs(rows, links["score"].to_numpy(), within=within)
    if len(places) == links.num_rows and np.array_equal(pairs.left, rows.left):
        return Canonical(links, pairs)
    n_self = int((rows.left == rows.right).sum()) if within else 0
    ends = {
        "left_id": left.take(pa.array(pairs.left)),
        "right_id": right.take(pa.array(pairs.right)),
    }
    folded = links.take(pa.array(places))
    columns = [ends.get(name, folded[name]) for name in folded.column_names]
    n_repeated = links.num_rows - n_self - len(places)
    return Canonical(pa.table(columns, folded.schema), pairs, n_self, n_repeated)


def fold_pairs(
    pairs: Pairs, scores: Floats | None = None, *, within: bool = False
) -> tuple[Pairs, Ints]:
    """Give each pair once, by the rule of `canonical`.

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
    """Find the first of the best scored rows of each pair, in the order given."""
    keys = low.astype(np.int64) * (int(high.max()) + 1) + high
    ordered = np.sort(keys)
    if (ordered[1:] != ordered[:-1]).all():
        return np.arange(len(keys))
    better = np.zeros(len(keys)) if scores is None else -scores
    order = np.lexsort((better, keys))
    first = np.diff(keys[order], prepend=-1) != 0
    return np.sort(order[first])


def _look_up(links: pa.Table, column: str, known: pa.Array) -> Ints:
    ids = links[column]
    rows = find_rows(ids, known)
    unknown = ids.filter(pa.array(rows < 0))
    if len(unknown):
        examples = ", ".join(
            repr(record_id) for record_id in unknown.unique()[:_N_EXAMPLES].to_pylist()
        )
        raise ValueError(
            f"{_count(len(unknown), column)} not among the {len(known):,} records of that side, "
            f"such as {examples}"
        )
    return rows


def _count(number: int, noun: str) -> str:
    return f"1 {noun} is" if number == 1 else f"{number:,} {noun}s are"
