"""Numbers that forces give: each in its own form, in the order of the reports.

Such numbers run on from 1. In a world with a salt they run on from where the salt says: without it
the order of the reports is known, and no number.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import beside, strings, zero_padded
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.schema import FORCES

# Stores of people: one for each force, then the second one of Dyfed-Powys.
STORES = (*FORCES, "dyfed_powys_intelligence")
INTELLIGENCE_STORE = len(FORCES)
MOST_NOMINALS = 16  # of one person in one store
_STORE_PREFIX = ("NW", "GW", "SW", "DPP-P-", "DPP-I-")
# The forces of Wales, then the two that share a database with North Wales.
_COLLAR_PREFIX = ("NW", "GP", "SW", "DP", "MP", "CC")
# The two forces that can see each other's occurrences keep their serial numbers apart.
_GWENT_FROM = 50_000_000
# Where the numbers of a salted world may start, by force: as far as a year's (of Dyfed-Powys a
# day's) fit behind it. 10 million a year and 1,000 a day are assumed to be more than any has.
_NORTH_WALES_ROOM, _NICHE_ROOM, _DAY_ROOM = 290_000_000, 40_000_000, 9_000
_CRIME, _INTELLIGENCE = 0, 2


def nominal_ids(person_id: Ints, store: Ints, turn: Ints) -> Ints:
    """Give nominals ids below 2**35.

    Parameters
    ----------
    person_id
        Ids of the people, shape (n,).
    store
        Index into STORES, shape (n,).
    turn
        Number of the nominal of the person in the store, 0 to 15, shape (n,).
    """
    return (person_id * 8 + store) * MOST_NOMINALS + turn


def person_of(nominal: Ints) -> Ints:
    """Give the ids of the people of nominals."""
    return nominal // (8 * MOST_NOMINALS)


def nominal_references(nominal: Ints, store: int, chance: Stream) -> pa.Array:
    """Give nominals of one store their references.

    Parameters
    ----------
    nominal
        Ids of nominals, shape (n,).
    store
        Index into STORES.
    chance
        Stream of the police; decides which id gets which number.
    """
    prefix = _STORE_PREFIX[store]
    return scrambled("nominal", nominal, prefix=prefix, digits=11, chance=chance)


def collar_numbers(officer: Ints, force: Ints) -> pa.Array:
    """Give officers their collar numbers.

    Parameters
    ----------
    officer
        Number within the force, from 0, shape (n,).
    force
        Index into the forces of Wales, then Merseyside and Cheshire, shape (n,).
    """
    prefix = np.array(_COLLAR_PREFIX, "S2")[force].view(np.uint8).reshape(-1, 2)
    return strings(np.concatenate([prefix, zero_padded(officer + 1, 4)], axis=1))


def report_numbers(force: Ints, category: Ints, reported_s: Ints, chance: Stream) -> pa.Array:
    """Give occurrences and intelligence reports of all forces their numbers.

    Parameters
    ----------
    force, category, reported_s
        Shape (n,), in order of force and report; category 0 is a crime, 2 intelligence; seconds
        since 1970-01-01.
    chance
        If it has a salt, the salt says from where numbers run on.

    Returns
    -------
    Shape (n,), all different. Niche of South Wales and Gwent: year and eight digits; of North
    Wales: year and nine; Dyfed-Powys: by the day, apart for crimes and incidents.
    """
    day = reported_s.astype("datetime64[s]").astype("datetime64[D]")
    year = day.astype("datetime64[Y]")
    parts = []
    for number in range(len(FORCES)):
        own = slice(*np.searchsorted(force, [number, number + 1]))
        stream = chance.stage("report_numbers").stage(list(FORCES)[number])
        parts.append(_of_force(number, category[own], day[own], year[own], stream))
    return pa.concat_arrays(parts)


def _of_force(
    force: int,
    category: Ints,
    day: NDArray[np.datetime64],
    year: NDArray[np.datetime64],
    chance: Stream,
) -> pa.Array:
    kind = np.where(category == _INTELLIGENCE, 1, 0)
    years = (year.astype(np.int64) + 1970) % 100
    if force == list(FORCES).index("dyfed_powys"):
        return _by_day(category, day, years, chance)
    northern = force == list(FORCES).index("north_wales")
    width, room = (9, _NORTH_WALES_ROOM) if northern else (8, _NICHE_ROOM)
    serial = running_on(kind * 10_000 + year.astype(np.int64) + 1970, room, chance)
    serial += _GWENT_FROM * (force == list(FORCES).index("gwent"))
    text = np.concatenate([zero_padded(years, 2), zero_padded(serial, width)], axis=1)
    return _mixed(kind, strings(text), beside("INT", text))


def _by_day(category: Ints, day: NDArray[np.datetime64], year: Ints, chance: Stream) -> pa.Array:
    group = category * 1_000_000 + day.astype(np.int64)
    serial = zero_padded(running_on(group, _DAY_ROOM, chance), 4)
    month = day.astype("datetime64[M]")
    days = zero_padded((day - month).astype(np.int64) + 1, 2)
    months = zero_padded(month.astype(np.int64) % 12 + 1, 2)
    years = zero_padded(year + 2000, 4)
    forms = (
        beside("DPP/", serial, "/", days, "/", months, "/", years, "/01/C"),
        beside("DPP-", years, months, days, "-", serial),
        beside("DPP-INT-", years, months, days, "-", serial),
    )
    return _mixed(category, *forms)


def running_on(group: Ints, room: int, chance: Stream) -> Ints:
    """Count within each group, in the order given: from 1, or from where a salt says.

    Parameters
    ----------
    group
        Shape (n,), 0 or more.
    room
        A salt's counts start with 1 to `room`.
    chance
        Has the salt, or none.
    """
    serial = serial_within(group)
    return serial + chance.below("runs_on_from", group, room) if chance.salt else serial


def serial_within(group: Ints) -> Ints:
    """Count from 1 within each group, in the order of the rows."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    serial = np.empty(len(group), np.int64)
    serial[order] = place_in_runs(ordered) + 1
    return serial


def _mixed(kind: Ints, *forms: pa.Array) -> pa.Array:
    rows = kind * len(kind) + np.arange(len(kind))
    return pa.concat_arrays(list(forms)).take(pa.array(rows))
