"""What lies about on a clerk's desk beside the identity: former names and homes, relatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.lives import People
from darkfigure.synth.lives.histories import History

Asides = Mapping[str, Callable[[Ints], pa.Array]]

_ADDRESS = ("house", "street", "town", "postcode")


def lay_out(people: People, nhs_number: pa.Array, *, row: Ints, home: Ints, day: Ints) -> Asides:
    """Lay out what could be written by mistake for each record.

    Parameters
    ----------
    people
        Of the block.
    nhs_number
        Of each person of the block.
    row, home
        Shape (n,); whom each record is about, and whose addresses are held for them.
    day
        Shape (n,); when the identity was learned.

    Returns
    -------
    Functions from some of the n records to texts, null where there is none.
    """
    return {
        "former_surname": partial(_former, people.names, "surname", row, day),
        "relative_nhs_number": partial(_of_relative, people, nhs_number, row),
        "relative_telephone": partial(_telephone_of_relative, people, row, day),
        **{
            f"former_{part}": partial(_former, people.addresses, part, home, day)
            for part in _ADDRESS
        },
    }


def _former(history: History, part: str, owner: Ints, day: Ints, records: Ints) -> pa.Array:
    """Give what held before the version of that day."""
    person = owner[records]
    version = history.at(person, day[records])
    before = np.maximum(version - 1, 0)
    had = (version > 0) & (history.person[before] == person)
    return history.columns[part].take(pa.array(before, mask=~had))


def _of_relative(people: People, nhs_number: pa.Array, row: Ints, records: Ints) -> pa.Array:
    return nhs_number.take(_relatives(people, row[records]))


def _telephone_of_relative(people: People, row: Ints, day: Ints, records: Ints) -> pa.Array:
    relative = _relatives(people, row[records])
    version = people.telephones.at(relative.fill_null(0).to_numpy(), day[records])
    return people.telephones.columns["telephone"].take(
        pa.array(version, mask=relative.is_null().to_numpy(zero_copy_only=False))
    )


def _relatives(people: People, own: Ints) -> pa.Array:
    """Give the row of who stands before them in the household, or after; null where nobody."""
    before, after = np.maximum(own - 1, 0), np.minimum(own + 1, len(people.household) - 1)
    at_home = [
        (people.household[other] == people.household[own]) & (other != own)
        for other in (before, after)
    ]
    relative = np.where(at_home[0], before, after)
    return pa.array(relative, mask=~(at_home[0] | at_home[1]))
