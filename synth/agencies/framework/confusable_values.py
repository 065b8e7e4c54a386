"""Values a clerk may enter by mistake: former names, addresses, relatives' numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.lives import People
from darkfigure.synth.lives.histories import History

ConfusableValues = Mapping[str, Callable[[Ints], pa.Array]]

_ADDRESS = ("house", "street", "town", "postcode")


def lay_out(
    people: People, nhs_number: pa.Array, *, row: Ints, home: Ints, day: Ints
) -> ConfusableValues:
    """Prepare the values that could be written by mistake for each record.

    Parameters
    ----------
    people
        People of the block.
    nhs_number
        NHS number of each version of the people's identifiers.
    row
        Row of the person of each record, shape (n,).
    home
        Row of the history of addresses that the agency holds for them, shape (n,).
    day
        Day on which the identity was learned, since 1970-01-01, shape (n,).

    Returns
    -------
    Functions from some of the n records to texts, null for none.
    """
    return {
        "former_surname": partial(_former, people.names, "surname", row, day),
        "middle_name": partial(_held, people.names, "middle_name", row, day),
        "relative_nhs_number": partial(_of_relative, people, nhs_number, row, day),
        "relative_telephone": partial(_telephone_of_relative, people, row, day),
        **{
            f"former_{part}": partial(_former, people.addresses, part, home, day)
            for part in _ADDRESS
        },
    }


def _former(history: History, part: str, owner: Ints, day: Ints, records: Ints) -> pa.Array:
    """Give the value before the version of that day."""
    person = owner[records]
    version = history.at(person, day[records])
    before = np.maximum(version - 1, 0)
    had = (version > 0) & (history.person[before] == person)
    return history.columns[part].take(pa.array(before, mask=~had))


def _held(history: History, part: str, owner: Ints, day: Ints, records: Ints) -> pa.Array:
    """Give the value of that day."""
    return history.value(part, history.at(owner[records], day[records]))


def _of_relative(
    people: People, nhs_number: pa.Array, row: Ints, day: Ints, records: Ints
) -> pa.Array:
    relative = _relatives(people, row[records])
    version = people.identifiers.at(relative.fill_null(0).to_numpy(), day[records])
    missing = relative.is_null().to_numpy(zero_copy_only=False)
    return nhs_number.take(pa.array(version, mask=missing))


def _telephone_of_relative(people: People, row: Ints, day: Ints, records: Ints) -> pa.Array:
    relative = _relatives(people, row[records])
    version = people.telephones.at(relative.fill_null(0).to_numpy(), day[records])
    return people.telephones.columns["telephone"].take(
        pa.array(version, mask=relative.is_null().to_numpy(zero_copy_only=False))
    )


def _relatives(people: People, own: Ints) -> pa.Array:
    """Give the row of the person before, or else after, in the household; null if there is none."""
    before, after = np.maximum(own - 1, 0), np.minimum(own + 1, len(people.household) - 1)
    at_home = [
        (people.household[other] == people.household[own]) & (other != own)
        for other in (before, after)
    ]
    relative = np.where(at_home[0], before, after)
    return pa.array(relative, mask=~(at_home[0] | at_home[1]))
