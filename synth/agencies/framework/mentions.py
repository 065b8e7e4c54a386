"""People whom an agency's papers name, each time entered anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Records,
    Tables,
    write_records,
)
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.population import Census
from darkfigure.synth.schema import Table

_MOST = 1 << 10  # mentions of one person in one kind of paper
_DIGITS = 11  # enough for person ids times _MOST


@dataclass(frozen=True)
class Mentions:
    """Mentions in order of person; arrays per mention.

    Parameters
    ----------
    person
        Census index.
    ids
        Person id and turn: unique, and keys of the draws.
    paper
        Row of the paper that names the person.
    known_on, event_on
        Days on which the identity was learned, and of the paper.
    clerk
        Who entered it.
    columns
        All other columns of the table, by name.
    """

    person: Ints
    ids: Ints
    paper: Ints
    known_on: Ints
    event_on: Ints
    clerk: Ints
    columns: Mapping[str, pa.Array] = field(default_factory=dict)


def order_mentions(census: Census, person: Ints, paper: Ints, when: Ints) -> tuple[Ints, Ints]:
    """Put mentions in order of person and time.

    Returns
    -------
    The order, and the ids of the mentions in that order.
    """
    order = np.lexsort((paper, when, person))
    ordered = person[order]
    turn = place_in_runs(ordered)
    return order, census.person_id[ordered] * _MOST + np.minimum(turn, _MOST - 1)


def entry_numbers(prefix: str, ids: Ints, chance: Stream) -> pa.Array:
    """Give entries numbers that tell nothing."""
    return scrambled("entry", ids, prefix=prefix, digits=_DIGITS, chance=chance)


def write_mentions(
    context: RecordingContext,
    shape: Table,
    mentions: Mentions,
    out: Tables,
    *,
    prefix: str,
    chance: Stream,
) -> None:
    """Write those mentions that are of people of a block."""
    people = context.people
    if not len(people.person):
        return
    low, high = np.searchsorted(mentions.person, people.span)
    own = low + np.flatnonzero(people.holds(mentions.person[low:high]))
    if not len(own):
        return
    taken, ids = pa.array(own), mentions.ids[own]
    records = Records(
        shape=shape,
        key=entry_numbers(prefix, ids, chance),
        ids=ids,
        row=people.row(mentions.person[own]),
        known_on=mentions.known_on[own],
        event_on=mentions.event_on[own],
        clerk=mentions.clerk[own],
        columns={name: values.take(taken) for name, values in mentions.columns.items()},
    )
    write_records(context, records, out)
