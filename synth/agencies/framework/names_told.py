"""Names and telephones that people give of themselves and of those they live with."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.records import RecordingContext
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.gaps import with_gaps
from darkfigure.synth.text import Slot
from darkfigure.synth.text.mention_kinds import ADDRESS, DATE, PERSON, TELEPHONE
from darkfigure.synth.text.people_said import (
    SHORT_SURNAME,
    joined,
    names_in_full,
    names_in_short,
)
from darkfigure.synth.text.times_said import days_said

_NUMERIC_FORMS = 2  # forms of days with a numeric month, which come first; no rate


def name_told(
    context: RecordingContext, row: Ints, day: Ints, drawn: Floats, *, full: Mask
) -> Slot:
    """Name people as they are called on a day.

    Parameters
    ----------
    context
        Recording context of the block.
    row
        Row of each person in the block, shape (n,); -1 for nobody.
    day
        Days since 1970-01-01, shape (n,).
    drawn
        Draws from [0, 1) that decide the form, shape (n,).
    full
        Whether both names are given, shape (n,).
    """
    people, some = context.people, np.flatnonzero(row >= 0)
    version = people.names.at(row[some], day[some])
    forename, surname = (
        people.names.value(part, version).cast(pa.string()) for part in ("forename", "surname")
    )
    whole = names_in_full(forename, surname, drawn[some])
    short = names_in_short(forename, surname, SHORT_SURNAME + (1 - SHORT_SURNAME) * drawn[some])
    both = pa.concat_arrays([whole, short])
    place = np.arange(len(some)) + np.where(full[some], 0, len(some))
    texts = with_gaps(both.take(pa.array(place)), some, len(row))
    return Slot(texts, PERSON, np.where(row >= 0, people.person_id[row], -1))


def telephone_told(context: RecordingContext, row: Ints, day: Ints) -> Slot:
    """Give the telephone numbers of people on a day; parameters as of `name_told`."""
    people, some = context.people, np.flatnonzero(row >= 0)
    version = people.telephones.at(row[some], day[some])
    number = people.telephones.value("telephone", version).cast(pa.string())
    texts = with_gaps(number, some, len(row))
    return Slot(texts, TELEPHONE, np.where(row >= 0, people.person_id[row], -1))


def anchor_of(context: RecordingContext, row: Ints) -> Ints:
    """Give the row of the first adult of each person's household; -1 for that adult."""
    first = context.people.first[row]
    return np.where(first == row, -1, first)


def address_told(context: RecordingContext, row: Ints, day: Ints) -> Slot:
    """Give the addresses at which people live on a day; parameters as of `name_told`."""
    people = context.people
    version = people.addresses.at(row, day)
    house, street, town = (
        people.addresses.value(part, version).cast(pa.string())
        for part in ("house", "street", "town")
    )
    line = joined(joined(house, street, " "), town, ", ")
    texts = pc.if_else(pc.is_valid(street), line, pa.scalar(None, pa.string()))
    return Slot(texts, ADDRESS, people.person_id[row])


def birthday_told(context: RecordingContext, row: Ints, form: Ints, language: Ints) -> Slot:
    """Give people's dates of birth.

    Parameters
    ----------
    context
        Recording context of the block.
    row
        Row of each person in the block, shape (n,).
    form, language
        As of `times_said.days_said`.
    """
    people = context.people
    texts = days_said(people.birth_day[row], form % _NUMERIC_FORMS, language)
    return Slot(texts, DATE, people.person_id[row])
