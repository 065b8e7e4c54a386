"""Records as linkers get them: in a secret order, under ids that say nothing.

A record's own id may tell what it is a second version of, and where it was written. Linkers get
ids such as `l000000042`, a letter for the side and the row of an order that follows from a hash
of the true ids, which nobody has who has only the records: the same on every run, no secret to
whoever can make the world again (`generate --salt` sees to that).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.isolation.child import ID_LENGTH
from darkfigure.linkage_eval.links.lookup import find_rows
from darkfigure.linkage_eval.links.positions import ids_of
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.storage.content import content_hash

_ZERO = ord("0")
_SEEDS = 1 << 31  # what R and C take


@dataclass(frozen=True)
class DisguisedSide:
    """The records of one side.

    Parameters
    ----------
    letter
        The first of its ids.
    records
        Schema `RECORDS`, as they are.
    order
        Shape (n,); the row in `records` of each row that is given.
    """

    letter: str
    records: pa.Table
    order: Ints

    @classmethod
    def of(cls, letter: str, records: pa.Table, key: int) -> DisguisedSide:
        """Draw the order."""
        drawn = Stream(key, ("disguise",)).words(letter, np.arange(len(records)))
        return cls(letter, records, np.argsort(drawn, kind="stable"))

    @cached_property
    def ids(self) -> pa.Array:
        """The true ids, in the order of `records`."""
        return ids_of(self.records)

    def given(self) -> pa.Table:
        """Give the records as linkers get them."""
        given = self.records.take(pa.array(self.order))
        place = given.column_names.index("record_id")
        return given.set_column(place, "record_id", _ids(self.letter, np.arange(len(given))))

    def given_ids(self, ids: pa.ChunkedArray) -> pa.Array:
        """Give the ids that linkers get for true ones."""
        back = np.empty(len(self.order), np.int64)
        back[self.order] = np.arange(len(self.order))
        return _ids(self.letter, back[find_rows(ids, self.ids)])


@dataclass(frozen=True)
class Disguise:
    """Both sides of a task, and the seed that linkers get.

    Parameters
    ----------
    left, right
        The same object where records of one table are linked to each other.
    seed
        Follows from the job's own and from the true ids, and tells neither.
    """

    left: DisguisedSide
    right: DisguisedSide
    seed: int

    @classmethod
    def of(cls, left: pa.Table, right: pa.Table, *, seed: int, within: bool) -> Disguise:
        """Disguise two tables (schema `RECORDS`)."""
        sides = [left] if within else [left, right]
        known = " ".join(content_hash(side.select(["record_id"])) for side in sides)
        key = _number(known)
        first = DisguisedSide.of("l", left, key)
        second = first if within else DisguisedSide.of("r", right, key)
        return cls(first, second, _number(f"{known} {seed}") % _SEEDS)

    def labelled(self, labelled: pa.Table) -> pa.Table:
        """Put labelled pairs (schema `LABELLED`) under the ids that linkers get."""
        columns = {name: labelled[name] for name in labelled.column_names}
        columns["left_id"] = self.left.given_ids(labelled["left_id"])
        columns["right_id"] = self.right.given_ids(labelled["right_id"])
        return pa.table(columns)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _ids(letter: str, rows: Ints) -> pa.Array:
    letters = np.empty((len(rows), ID_LENGTH), np.uint8)
    letters[:, 0] = ord(letter)
    for place in range(ID_LENGTH - 1, 0, -1):
        rows, digit = np.divmod(rows, 10)
        letters[:, place] = digit + _ZERO
    offsets = np.arange(len(letters) + 1, dtype=np.int32) * ID_LENGTH
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.StringArray.from_buffers(len(letters), buffers[1], buffers[2])
