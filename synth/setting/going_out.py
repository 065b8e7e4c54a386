"""Where people go: places drawn by how many go there and how far they are from home.

Each person has a few regular places for a purpose and goes there more often than elsewhere, so
that the same people meet at the same premises.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.gravity import Decay, Gravity, away_km
from darkfigure.synth.setting.places import KINDS, places
from darkfigure.synth.setting.school_choice import Schoolchildren, schools_attended
from darkfigure.synth.setting.schools import school_sites

PURPOSES = (
    *(
        "night_out",
        "late_drink",
        "night_street",
        "late_food",
        "drink_local",
        "shopping",
        "work",
        "school",
        "street_day",
        "street_night",
    ),
    *("transport", "park", "health", "custody", "other"),
)
_MOST_REGULARS = 8  # places that somebody goes to regularly; assumed
_NEAREST = {"health": "hospital", "custody": "custody"}


@dataclass(frozen=True)
class Outings:
    """Acts that need a place; arrays have one entry per act."""

    purpose: Ints  # index into `PURPOSES`
    home_lsoa: Ints
    person_id: Ints  # who goes there; keys the regular places
    act_id: Ints  # keys what is drawn for the act alone
    pupils: Schoolchildren  # the same people; tells their schools

    def at(self, rows: Ints) -> Outings:
        """Select some acts."""
        return Outings(
            purpose=self.purpose[rows],
            home_lsoa=self.home_lsoa[rows],
            person_id=self.person_id[rows],
            act_id=self.act_id[rows],
            pupils=self.pupils.at(rows),
        )


def choose_places(outings: Outings, chance: Stream) -> Ints:
    """Choose the public place of each act.

    Parameters
    ----------
    outings
        The acts.
    chance
        The world's stream; draws are keyed by act, those of regular places by person.

    Returns
    -------
    Rows of `places(chance)`, shape (n,).

    References
    ----------
    outings.csv, outing_distances.csv.
    """
    chosen = np.empty(len(outings.act_id), np.int64)
    for number, purpose in enumerate(PURPOSES):
        rows = np.flatnonzero(outings.purpose == number)
        if len(rows):
            chosen[rows] = _for_purpose(outings.at(rows), purpose, chance)
    return chosen


def choose_homes(home_lsoa: Ints, ids: Ints, chance: Stream) -> tuple[Ints, Ints]:
    """Choose the home of somebody whom a person knows, as far away as acquaintances live.

    Parameters
    ----------
    home_lsoa
        Where the person lives, shape (n,).
    ids
        Keys of the draws, shape (n,).
    chance
        The world's stream.

    Returns
    -------
    Number of the LSOA, and of a private dwelling in it, each of shape (n,).
    """
    own = chance.stage("going_out").stage("home")
    lsoa = _to_homes().drawn(home_lsoa, own.uniform("lsoa", ids))
    return lsoa, own.below("dwelling", ids, wales().households[lsoa])


@dataclass(frozen=True)
class _Attraction:
    """The places for a purpose, ordered by neighbourhood."""

    gravity: Gravity
    row: Ints  # of each place among the places
    edges: Floats  # attraction of the places, added up, from 0; one more than places
    first: Ints  # index of each LSOA's first place; one more than LSOAs

    def drawn(self, home_lsoa: Ints, lsoa_chance: Floats, place_chance: Floats) -> Ints:
        """Give the place at which two numbers from [0, 1) point, from each home."""
        lsoa = self.gravity.drawn(home_lsoa, lsoa_chance)
        low, high = self.edges[self.first[lsoa]], self.edges[self.first[lsoa + 1]]
        index = np.searchsorted(self.edges, low + place_chance * (high - low), side="right") - 1
        # Rounding may point just beyond the neighbourhood's last place.
        return self.row[np.clip(index, self.first[lsoa], self.first[lsoa + 1] - 1)]


def _for_purpose(outings: Outings, purpose: str, chance: Stream) -> Ints:
    if purpose == "school":
        return _own_schools(outings, chance)
    if purpose in _NEAREST:
        return _nearest(_NEAREST[purpose], chance)[outings.home_lsoa]
    own = chance.stage("going_out").stage(purpose)
    habit = _habits()[purpose]
    regular = own.happens("regular", outings.act_id, habit["regular_share"])
    which = own.below("which", outings.act_id, habit["regulars"])
    person = outings.person_id * _MOST_REGULARS + which
    drawn = [_keyed(own, name, regular, (person, outings.act_id)) for name in ("lsoa", "place")]
    return _attraction(purpose, chance).drawn(outings.home_lsoa, *drawn)


def _keyed(chance: Stream, name: str, regular: Mask, keys: tuple[Ints, Ints]) -> Floats:
    """Draw a number for each act, the same at each visit to one of the person's regular places."""
    person, act = keys
    drawn = np.empty(len(act))
    drawn[regular] = chance.uniform(f"regular_{name}", person[regular])
    drawn[~regular] = chance.uniform(name, act[~regular])
    return drawn


@cache
def _habits() -> dict[str, dict[str, float]]:
    return {row["purpose"]: row for row in load("outing_distances").to_pylist()}


def _decay(purpose: str) -> Decay:
    return Decay(_habits()[purpose]["reach_km"], _habits()[purpose]["steepness"])


@lru_cache(maxsize=len(PURPOSES))
def _attraction(purpose: str, chance: Stream) -> _Attraction:
    """Order the places for a purpose and reckon how far they draw."""
    every = places(chance)
    pull = purpose_pulls(purpose)[every.kind]
    row = np.flatnonzero(pull)
    row = row[np.argsort(every.lsoa[row], kind="stable")]
    strength, lsoa = (pull * every.crowd)[row], every.lsoa[row]
    total = np.bincount(lsoa, strength, len(wales().code)).astype(float)
    first = np.searchsorted(lsoa, np.arange(len(wales().code) + 1))
    edges = np.append(0.0, np.cumsum(strength))
    return _Attraction(Gravity.of(total, _decay(purpose)), row, edges, first)


def purpose_pulls(purpose: str) -> Floats:
    """Give how strongly each kind of place serves a purpose, shape (kinds,).

    References
    ----------
    outings.csv.
    """
    pull = np.zeros(len(KINDS))
    for row in load("outings").to_pylist():
        if row["purpose"] == purpose:
            pull[KINDS.index(row["kind"])] = row["pull"]
    return pull


@cache
def _to_homes() -> Gravity:
    return Gravity.of(wales().households.astype(float), _decay("home"))


def _own_schools(outings: Outings, chance: Stream) -> Ints:
    """Give the school that each person attends."""
    every = places(chance)
    rows = every.rows("school")
    order = rows[np.argsort(every.code[rows])]
    code = school_sites().code[schools_attended(outings.pupils, chance.stage("education"))]
    return order[np.searchsorted(every.code[order], code)]


@lru_cache(maxsize=len(_NEAREST))
def _nearest(kind: str, chance: Stream) -> Ints:
    """Give the place of a kind nearest to each neighbourhood; custody is that of its force."""
    every, lsoa = places(chance), np.arange(len(wales().code))
    rows = every.rows(kind)
    away = away_km(lsoa, every.lsoa[rows])
    if kind == "custody":
        force = wales().force
        away[force[lsoa][:, None] != force[every.lsoa[rows]]] = np.inf
    return np.asarray(rows[away.argmin(axis=1)])
