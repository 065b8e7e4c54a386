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

MOST_MENTIONS = 1 << 10  # mentions of one person in one kind of paper
_DIGITS = 11  # enough for person ids times that


@dataclass(frozen=True)
class Mentions:
    """Mentions in order of person; arrays have one entry per mention.

    Parameters
    ----------
    person
        Census index.
    ids
        Person id and turn: unique, and keys of the draws.
    paper
        Row of the paper that names the person.
    known_on, event_on
        Days since 1970-01-01 on which the identity was learned, and of the paper.
    clerk
        Number of the clerk who entered it.
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

    Parameters
    ----------
    census
        Census of the scenario.
    person
        Census indices, shape (n,).
    paper
        Row of the paper, shape (n,).
    when
        Day or second of the mention, shape (n,).

    Returns
    -------
    The order, and the ids of the mentions in that order.
    """
    order = np.lexsort((paper, when, person))
    ordered = person[order]
    turn = place_in_runs(ordered)
    return order, census.person_id[ordered] * MOST_MENTIONS + np.minimum(turn, MOST_MENTIONS - 1)


def entry_numbers(prefix: str, ids: Ints, chance: Stream) -> pa.Array:
    """Give entries numbers that reveal nothing.

    Parameters
    ----------
    prefix
        Text before the digits.
    ids
        Ids of the mentions, shape (n,).
    chance
        Decides which id gets which number.
    """
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
    """Write the mentions of a block's people.

    Parameters
    ----------
    context
        Recording context of the block.
    shape
        Table of the mentions.
    mentions
        All mentions, in order of person.
    out
        Receives the tables.
    prefix
        Text before the digits of the entries' numbers.
    chance
        Stream of the table.
    """
    people = context.people
    if not len(people.person):
        return
    low, high = np.searchsorted(mentions.person, people.span)
    own = low + np.flatnonzero(people.holds(mentions.person[low:high]))
    if not len(own):
        return
    selection, ids = pa.array(own), mentions.ids[own]
    records = Records(
        shape=shape,
        key=entry_numbers(prefix, ids, chance),
        ids=ids,
        row=people.row(mentions.person[own]),
        known_on=mentions.known_on[own],
        event_on=mentions.event_on[own],
        clerk=mentions.clerk[own],
        columns={name: values.take(selection) for name, values in mentions.columns.items()},
    )
    write_records(context, records, out)
