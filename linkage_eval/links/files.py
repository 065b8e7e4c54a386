"""Files of links that any tool wrote: Parquet or CSV, `left_id`, `right_id` and maybe `score`.

Clusters (`record_id`, `cluster_id`) stand for all pairs of theirs.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.links.clusters import is_clusters, pairs_of_clusters
from darkfigure.linkage_eval.links.table import to_links
from darkfigure.linkage_eval.records.file_tables import read_table, text_of
from darkfigure.synth.core.errors import LinksError

_MEND = "Write columns left_id, right_id and, if there is one, score, as Parquet or CSV."
_IDS = ("left_id", "right_id")
_NO_SCORE = ("", "NA")


def read_links(path: str | Path) -> pa.Table:
    """Read a file of links; its content tells the format, not its name.

    Returns
    -------
    Schema `LINKS`; without a score column every score is 1. An empty file holds no links.

    Raises
    ------
    LinksError
        The file is missing, cut short, or not of that form.
    """
    path = Path(path)
    if not path.exists():
        raise LinksError(f"{path} does not exist.")
    try:
        table = read_table(path)
        table = _typed(pairs_of_clusters(table) if is_clusters(table) else table)
    except ValueError as error:
        raise LinksError(f"{path} {error}. {_MEND}") from None
    try:
        return to_links(table)
    except ValueError as error:
        raise LinksError(f"{path}: {error}. {_MEND}") from None


def links_of(table: pa.Table) -> pa.Table:
    """Put a user's table of pairs into the schema `LINKS`, ids as text without blanks round them.

    Raises
    ------
    ValueError
        A column is missing or of the wrong type; the message goes on from the name of the file.
    """
    return to_links(_typed(table))


def _typed(table: pa.Table) -> pa.Table:
    if not table.column_names:
        return LINKS.empty_table()
    for place, name in enumerate(table.column_names):
        if name in _IDS:
            table = table.set_column(place, name, text_of(table, name))
        elif name == "score" and table[name].type == pa.string():
            table = table.set_column(place, name, _numbers(table[name]))
    return table


def _numbers(written: pa.ChunkedArray) -> pa.ChunkedArray:
    written = pc.utf8_trim_whitespace(written)
    none = pc.is_in(written, pa.array(_NO_SCORE))
    try:
        return pc.if_else(none, None, written).cast(pa.float64())
    except pa.ArrowInvalid as error:
        raise ValueError(f"cannot be read: column score: {error}") from None
