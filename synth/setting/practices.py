"""General practices: as many of each size as were counted, and who is on whose list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.catchments import Catchments, Spacing, balanced, nearby, spaced
from darkfigure.synth.setting.geography import wales

_FIXED = Stream(0).stage("practices")  # the same in every world
_LIST_A_RESIDENT = 1.035  # registrations per resident. Source: well known
_STAFF_SD = 0.2  # spread of patients per member of staff, on the scale of logarithms; assumed
_STEEPNESS = 3.0  # power of the distance; assumed, so that four in ten in towns use the nearest
_OWN_BOARD = 20.0  # factor on practices of the health board; assumed
_APART_RATE = 0.1  # people of a household who are on another list than the others; assumed


@dataclass(frozen=True)
class PracticeSites:
    """Practices in order of health board and size; arrays have one entry per practice."""

    board: Ints  # index into `boards()`
    list_size: Floats
    lsoa: Ints


def boards() -> list[str]:
    """List the health boards, in the order of their practices."""
    return list(dict.fromkeys(load("practice_counts")["health_board"].to_pylist()))


@cache
def practices() -> PracticeSites:
    """Give the practices of Wales; cached.

    References
    ----------
    practice_counts.csv.
    """
    table = load("practice_counts").to_pylist()
    band = np.repeat(np.arange(len(table)), [row["practices"] for row in table])
    low, high = (
        np.array([row[name] for row in table], float)[band] for name in ("staff_from", "staff_to")
    )
    board = np.array([boards().index(row["health_board"]) for row in table])[band]
    ids = np.arange(len(band))
    staff = low + (high - low) * _FIXED.uniform("staff", ids)
    size = staff * np.exp(_STAFF_SD * _FIXED.normal("size", ids))
    residents = np.bincount(_boards(), wales().residents) * _LIST_A_RESIDENT
    list_size = size * (residents / np.bincount(board, size))[board]
    # Large and small ones take turns along the way.
    order = np.lexsort((_FIXED.uniform("order", ids), board))
    board, list_size = board[order], list_size[order]
    middle = np.full(len(board), 0.5)
    spacing = Spacing(list_size, board, board, middle)
    lsoa = spaced(wales().residents.astype(float), _boards(), spacing)
    return PracticeSites(board, list_size, lsoa)


def practices_chosen(lsoa: Ints, family: Ints, person_id: Ints, chance: Stream) -> Ints:
    """Give the practice of people who live in a neighbourhood.

    Parameters
    ----------
    lsoa
        Shape (n,).
    family, person_id
        Ids of household and person, which key the draws, shape (n,).
    chance
        Stream of the practices, `gp` of the world's.

    Returns
    -------
    Rows of `practices()`, shape (n,).
    """
    apart = chance.happens("apart", person_id, _APART_RATE)
    draw = np.where(
        apart, chance.uniform("own_practice", person_id), chance.uniform("practice", family)
    )
    return _catchments().drawn(lsoa, np.zeros(len(lsoa), np.int64), draw)


@cache
def _catchments() -> Catchments:
    every, near = practices(), nearby(practices().lsoa)
    own = every.board[near.place] == _boards()[:, None]
    draw = near.km**-_STEEPNESS * np.where(own, _OWN_BOARD, 1.0)
    people = wales().residents.astype(float)[:, None]
    return balanced(near, draw[:, None, :], people, every.list_size)


def _boards() -> Ints:
    """Give each neighbourhood's health board."""
    names = wales().authorities["health_board"].to_pylist()
    return np.array([boards().index(name) for name in names])[wales().authority]
