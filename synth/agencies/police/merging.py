"""Merged people: two of one household and sex whom a store takes for one person."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework import row_faults
from darkfigure.synth.agencies.framework.records import RecordingContext, Tables, add
from darkfigure.synth.agencies.police.nominals import Meetings, Opened, store_tables
from darkfigure.synth.agencies.police.numbers import nominal_ids, nominal_references, person_of
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.population import Census
from darkfigure.synth.schema import ROW_FAULTS


def merge(meetings: Meetings, census: Census, rate: float, chance: Stream) -> Meetings:
    """Move some people's meetings to the first nominal of another person of their household.

    Parameters
    ----------
    meetings
        Meetings under the right nominals.
    census
        Census of the scenario.
    rate
        Share of people who are taken for another, among those who follow another of their household
        and sex whom the store knows. Nobody whose own nominal is taken over takes another's.
    chance
        Stream of the police; draws are keyed by nominal.
    """
    known = meetings.store * len(census.person_id) + meetings.person
    keys = np.unique(known)
    store, person = np.divmod(keys, len(census.person_id))
    alike = np.zeros(len(keys), np.bool_)
    alike[1:] = (
        (np.diff(store) == 0)
        & (np.diff(census.household[person]) == 0)
        & (np.diff(census.sex[person]) == 0)
    )
    own = nominal_ids(census.person_id[person], store, np.zeros_like(store))
    is_merged = alike & chance.happens("merged", own, rate)
    is_merged[1:] &= ~is_merged[:-1]
    into = np.where(is_merged, np.roll(own, 1), -1)[np.searchsorted(keys, known)]
    return replace(meetings, nominal=np.where(into >= 0, into, meetings.nominal))


def note_merged(context: RecordingContext, meetings: Meetings, opened: Opened, out: Tables) -> None:
    """Note the nominals of a store and a block that hold somebody else as well.

    Parameters
    ----------
    context
        Recording context of the block.
    meetings
        Meetings of all blocks.
    opened
        Nominals of the store and the block.
    out
        Receives the row faults.
    """
    people = context.people
    low, high = np.searchsorted(meetings.person, people.span)
    here = places(meetings.nominal[low:high], np.sort(opened.nominal)) >= 0
    own = low + np.flatnonzero(here & people.holds(meetings.person[low:high]))
    other = people.person_id[people.row(meetings.person[own])]
    both = np.unique(np.stack([meetings.nominal[own], other]), axis=1)
    nominal, other = both[:, person_of(both[0]) != both[1]]
    if len(nominal):
        shape = store_tables(opened.store)[1]
        key: pa.Array = nominal_references(nominal, opened.store, context.chance.stage("police"))
        add(out, ROW_FAULTS, row_faults.merged(shape, key, other))
