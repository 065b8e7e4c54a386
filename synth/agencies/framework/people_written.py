"""People as an agency wrote them down: what its staff have before them as they write a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.agency import WrittenRows
from darkfigure.synth.agencies.framework.mentions import (
    MOST_MENTIONS,
    Mentions,
    entry_numbers,
)
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.schema import Table
from darkfigure.synth.text import Slot
from darkfigure.synth.text.mention_kinds import ADDRESS, DATE, PERSON, TELEPHONE
from darkfigure.synth.text.people_said import joined, names_in_full, names_in_short

_PARTS = ("forename", "surname", "date_of_birth", "house", "street", "town", "telephone")
# What clerks write for a name that they do not know: no name, so no mention.
_NO_NAMES = ("unknown", "not known", "n/k", "nk", "unk", "refused", "not given", "anon", "x", "xx")
_PEOPLE_BITS = 24  # census indices fit; no rate


@dataclass(frozen=True)
class PeopleWritten:
    """Somebody's record for each text; nulls throughout where there is none."""

    person_id: Ints  # -1 where there is nobody
    columns: Mapping[str, pa.StringArray]

    def column(self, name: str) -> pa.StringArray:
        """Give a part of the identity by its linkage field; null where not known."""
        return self.columns[name]

    @cached_property
    def address(self) -> pa.StringArray:
        """Address on one line; null without a street."""
        house, street, town = (self.column(name) for name in ("house", "street", "town"))
        line = joined(joined(house, street, " "), town, ", ")
        return pc.if_else(pc.is_valid(street), line, pa.scalar(None, pa.string()))

    def slots(self, name: str, drawn: Floats, again: Floats) -> dict[str, Slot]:
        """Give slots of the full and the short name, the address, telephone and birthday.

        Parameters
        ----------
        name
            What wordings call the person.
        drawn, again
            Draws from [0, 1) that decide the forms of the names, shape (n,).
        """
        names = self.column("forename"), self.column("surname")
        return {
            name: Slot(names_in_full(*names, drawn), PERSON, self.person_id),
            f"{name}_s": Slot(names_in_short(*names, again), PERSON, self.person_id),
            f"{name}_home": Slot(self.address, ADDRESS, self.person_id),
            f"{name}_phone": Slot(self.column("telephone"), TELEPHONE, self.person_id),
            f"{name}_dob": Slot(self.column("date_of_birth"), DATE, self.person_id),
        }


def people_written(
    written: WrittenRows, shape: Table, key: pa.StringArray, person_id: Ints
) -> PeopleWritten:
    """Look records up by their keys.

    Parameters
    ----------
    written
        Rows that the blocks wrote.
    shape
        Table of the records.
    key
        Key of the record for each text, shape (n,).
    person_id
        Whom it is about, shape (n,); -1 where there is none.
    """
    names = {part: shape.fields[part].name for part in _PARTS}
    known = written(shape, [shape.key[0], *names.values()])
    nobody = pa.array(person_id < 0)
    place = pc.index_in(key, known[shape.key[0]])
    place = pc.if_else(nobody, pa.scalar(None, pa.int32()), place)
    columns = {part: known[name].take(place).cast(pa.string()) for part, name in names.items()}
    texts = {part: _one(column) for part, column in columns.items()}
    for part in ("forename", "surname"):
        none = pc.is_in(pc.utf8_lower(texts[part]), pa.array(_NO_NAMES))
        texts[part] = pc.if_else(none, pa.scalar(None, pa.string()), texts[part])
    return PeopleWritten(person_id, texts)


def _one(column: pa.ChunkedArray) -> pa.StringArray:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())


@dataclass(frozen=True)
class WrittenMentions:
    """The people of a kind of paper, as its table of mentions holds them.

    Parameters
    ----------
    written
        Rows that the blocks wrote.
    shape
        Table of the mentions.
    mentions
        All mentions.
    prefix, chance
        As of `mentions.write_mentions`.
    """

    written: WrittenRows
    shape: Table
    mentions: Mentions
    prefix: str
    chance: Stream

    def find(self, paper: Ints, person: Ints) -> PeopleWritten:
        """Look up how papers wrote somebody down.

        Parameters
        ----------
        paper
            Row of the paper, shape (n,).
        person
            Census index, shape (n,); -1 for nobody.
        """
        wanted = np.where(person >= 0, _keys(paper, np.maximum(person, 0)), -1)
        known, row = self._rows
        at = places(wanted, known)
        ids = self.mentions.ids[row[at]] if len(row) else np.zeros(len(at), np.int64)
        person_id = np.where(at >= 0, ids // MOST_MENTIONS, -1)
        key = entry_numbers(self.prefix, ids, self.chance)
        return people_written(self.written, self.shape, key, person_id)

    @cached_property
    def _rows(self) -> tuple[Ints, Ints]:
        """Give the keys of paper and person, ascending, and the first mention of each."""
        return np.unique(_keys(self.mentions.paper, self.mentions.person), return_index=True)


def _keys(paper: Ints, person: Ints) -> Ints:
    return np.asarray((paper << _PEOPLE_BITS) | person)
