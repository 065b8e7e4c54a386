"""The ids of a contest: what entrants get in place of the records' own, in an order of chance.

Order and ids follow from the salt of the contest, not from the records' own ids: many of those
are numbers that run on, which anybody could write down.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from darkfigure.linkage_eval.isolation.disguise import DisguisedSide
from darkfigure.linkage_eval.links.files import links_of
from darkfigure.linkage_eval.links.lookup import find_rows
from darkfigure.linkage_eval.links.positions import refuse_unknown
from darkfigure.linkage_eval.runs.stored_links import write_file
from darkfigure.linkage_eval.studies.posed import Posed
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.core.salt import Salt

_COLUMNS = ("given_id", "record_id")
LETTERS = ("l", "r")  # the first of each side's ids


@dataclass(frozen=True)
class GivenSide:
    """One side: the ids that entrants get, and the records' own, shape (records,) each."""

    given: pa.Array
    own: pa.Array

    def own_ids(self, links: pa.Table, column: str) -> pa.Array:
        """Give the records' own ids for those of an answer; ValueError if some are unknown."""
        rows = find_rows(links[column], self.given)
        refuse_unknown(rows, links[column].filter(pa.array(rows < 0)), column, self.given)
        return self.own.take(pa.array(rows))


@dataclass(frozen=True)
class GivenIds:
    """Both sides of a contest; the same one twice if its records are linked to each other."""

    left: GivenSide
    right: GivenSide

    @property
    def n_records(self) -> int:
        """Number of records of the pack."""
        sides = {id(side): len(side.own) for side in (self.left, self.right)}
        return sum(sides.values())

    def links(self, answer: pa.Table) -> pa.Table:
        """Put an answer's links (schema `LINKS`) under the records' own ids.

        Raises
        ------
        ValueError
            Some ids are none of the pack's; the message names those alone.
        """
        columns = {name: answer[name] for name in answer.column_names}
        columns["left_id"] = self.left.own_ids(answer, "left_id")
        columns["right_id"] = self.right.own_ids(answer, "right_id")
        return pa.table(columns)

    def across(self, pairs: pa.Table) -> pa.Table:
        """Give the pairs of clusters that join the two sides, the left record left.

        Parameters
        ----------
        pairs
            All pairs within clusters, `left_id` and `right_id`.

        Returns
        -------
        Schema `LINKS`. Ids of neither side stay, to be refused by name.
        """
        first, second = pairs["left_id"], pairs["right_id"]
        turned = pc.or_(self._is_left(second), self._is_right(first))
        left, right = pc.if_else(turned, second, first), pc.if_else(turned, first, second)
        joins = pc.invert(pc.or_(self._is_right(left), self._is_left(right)))
        return links_of(pa.table({"left_id": left, "right_id": right}).filter(joins))

    def _is_left(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        return pc.is_in(ids, value_set=self.left.given)

    def _is_right(self, ids: pa.ChunkedArray) -> pa.ChunkedArray:
        return pc.is_in(ids, value_set=self.right.given)


def hide_ids(posed: Posed, salt: Salt) -> list[DisguisedSide]:
    """Put the records of a task into an order of chance, under ids that say nothing.

    Parameters
    ----------
    posed
        The records.
    salt
        Secret of the contest.

    Returns
    -------
    The left side and, of two, the right.
    """
    key = int(Stream(0, ("contest",), salt=salt.key).words("order", np.arange(1))[0])
    tables = [posed.left] if posed.within else [posed.left, posed.right]
    return [
        DisguisedSide.of(letter, table, key) for letter, table in zip(LETTERS, tables, strict=False)
    ]


def write_ids(folder: Path, sides: list[DisguisedSide]) -> None:
    """Write which given id is of which record, a file a side; errors are those of `write_file`."""
    for letter, side in zip(LETTERS, sides, strict=False):
        own = side.ids.take(pa.array(side.order))
        table = pa.table([side.given()["record_id"], own], names=_COLUMNS)
        write_file(folder / f"{letter}.parquet", partial(pq.write_table, table))


def read_ids(folder: Path, *, within: bool) -> GivenIds:
    """Read what `write_ids` wrote.

    Raises
    ------
    DatasetError
        A file is missing or damaged.
    """
    left = _read_side(folder / f"{LETTERS[0]}.parquet")
    return GivenIds(left, left if within else _read_side(folder / f"{LETTERS[1]}.parquet"))


def _read_side(file: Path) -> GivenSide:
    try:
        table = pq.ParquetFile(file).read()
        return GivenSide(*(table[name].cast(pa.string()).combine_chunks() for name in _COLUMNS))
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0]
        raise DatasetError(f"{file} cannot be read: {reason}. Make the contest again.") from None
