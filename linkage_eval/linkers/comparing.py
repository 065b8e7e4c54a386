"""Comparison of candidate pairs: SQL expressions over `l_<field>` and `r_<field>`, all at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.linkage_eval.contracts import LINKS, STATUS, Pairs
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.arrays import Floats


def compare(
    left: pa.Table,
    right: pa.Table,
    pairs: Pairs,
    expressions: Mapping[str, str],
    **tables: pa.Table,
) -> pa.Table:
    """Evaluate expressions for each pair, in the order of the pairs.

    Parameters
    ----------
    left, right
        Tables of any columns, which a pair's expression calls `l_<column>` and `r_<column>`.
    pairs
        Rows of both.
    expressions
        SQL expressions, by name of the result.
    tables
        Further tables that the expressions use.

    Returns
    -------
    One row per pair, one column per expression.
    """
    columns = {
        f"{side}_{name}": table[name].take(pa.array(rows))
        for side, table, rows in (("l", left, pairs.left), ("r", right, pairs.right))
        for name in table.column_names
        if any(f"{side}_{name}" in expression for expression in expressions.values())
    }
    place = pa.array(np.arange(len(pairs.left)))
    selected = ", ".join(f"({expression}) AS {name}" for name, expression in expressions.items())
    return query(
        f"SELECT {selected} FROM pairs ORDER BY place",  # noqa: S608, our expressions
        pairs=pa.table({"place": place, **columns}),
        **tables,
    )


def linked_pairs(
    left: pa.Table,
    right: pa.Table,
    pairs: Pairs,
    scores: Floats,
    *,
    status: NDArray[np.str_] | None = None,
) -> pa.Table:
    """Make links of pairs, sorted by ids.

    Parameters
    ----------
    left, right
        Schema `RECORDS`.
    pairs
        Rows of both.
    scores
        Score of each pair, shape (pairs,).
    status
        Match status of each pair, shape (pairs,); without, links have none.

    Returns
    -------
    Schema `LINKS`, with a column `status` if it is given.
    """
    columns = {
        "left_id": left["record_id"].take(pa.array(pairs.left)),
        "right_id": right["record_id"].take(pa.array(pairs.right)),
        "score": pa.array(scores, pa.float64()),
    }
    links = pa.table(columns).cast(LINKS)
    if status is not None:
        links = links.append_column(STATUS, pa.array(status, pa.string()))
    return links.sort_by([("left_id", "ascending"), ("right_id", "ascending")])
