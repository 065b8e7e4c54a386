"""Officers: each serves one authority, in a team that is on duty in turn; some take more cases."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.calendar import HOUR_S
from darkfigure.synth.setting.geography import wales

_TEAMS = 5  # of an authority, which take shifts in turn; assumed
_SHIFT_HOURS = 8  # assumed
_UNEVEN = 1.7  # power of an officer's rank in the team among cases; assumed, 1 would be even


def officers(cases: Mapping[str, Ints], officers_a_force: int, chance: Stream) -> Ints:
    """Draw the officer who takes each case.

    Parameters
    ----------
    cases
        Columns of `PoliceCases`: `event`, `force`, `lsoa` and `reported_s`, shape (n,).
    officers_a_force
        Officers of each force, shared out over its authorities by their people.
    chance
        Stream of the police; draws are keyed by event.

    Returns
    -------
    Number within the force, shape (n,).
    """
    geography = wales()
    authority = geography.authority[cases["lsoa"]]
    begin, count = _posts(officers_a_force)
    shift = cases["reported_s"] // (_SHIFT_HOURS * HOUR_S)
    size = np.maximum(count[authority] // _TEAMS, 1)
    rank = chance.uniform("officer", cases["event"]) ** _UNEVEN * size
    return np.asarray(begin[authority] + shift % _TEAMS * size + rank.astype(np.int64))


def _posts(officers_a_force: int) -> tuple[Ints, Ints]:
    """Give the number of each authority's first officer within the force, and their count."""
    geography = wales()
    people = geography.authorities["population"].to_numpy().astype(float)
    force = np.zeros(len(people), np.int64)
    force[geography.authority] = geography.force
    share = people / np.bincount(force, people)[force]
    count = np.maximum((share * officers_a_force).astype(np.int64), _TEAMS)
    begin = np.zeros(len(people), np.int64)
    for number in np.unique(force):
        own = force == number
        begin[own] = np.cumsum(count[own]) - count[own]
    return begin, count
