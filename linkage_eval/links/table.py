"""Tables of links as linkers, files and users give them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import LINKS, STATUS, Pairs
from darkfigure.linkage_eval.links.lookup import find_rows
from darkfigure.linkage_eval.links.positions import Links, Sides, count_of, refuse_unknown
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.printable import listed


def to_links(table: pa.Table) -> pa.Table:
    """Put a table into the schema `LINKS`; a missing score counts as 1, a `status` stays.

    Raises
    ------
    ValueError
        An id column is missing, or a column cannot be cast to its type.
    """
    missing = [name for name in ("left_id", "right_id") if name not in table.column_names]
    if missing:
        columns = listed(table.column_names)
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


def look_up(links: pa.Table, sides: Sides) -> Links:
    """Turn ids into positions, and bring links into the form in which they count.

    Parameters
    ----------
    links
        Schema `LINKS`, perhaps with `status`, in any order and with repeats.
    sides
        The records.

    Raises
    ------
    ValueError
        A score is missing or not finite, or an id is missing or unknown.
    """
    n_bad = int(pc.sum(pc.invert(pc.is_finite(links["score"]).fill_null(False))).as_py() or 0)
    if n_bad:
        raise ValueError(f"{count_of(n_bad, 'score')} missing, NaN or infinite")
    pairs = Pairs(_rows(links, "left_id", sides.left), _rows(links, "right_id", sides.right))
    has_status = STATUS in links.column_names
    statuses = links[STATUS].combine_chunks() if has_status else None
    return Links.fold(sides, pairs, links["score"].to_numpy(), statuses)


def _rows(links: pa.Table, column: str, known: pa.Array) -> Ints:
    rows = find_rows(links[column], known)
    refuse_unknown(rows, links[column].filter(pa.array(rows < 0)), column, known)
    return rows
