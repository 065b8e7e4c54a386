"""Everybody's ethnic background: one of nineteen groups of the census, within its five."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow.compute as pc

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import add_up_in_runs
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.population.ethnicity import ASIAN, BLACK, MIXED, WHITE, Grouped
from darkfigure.synth.reference import load
from darkfigure.synth.schema import ETHNIC_BACKGROUND, GROUP_OF_BACKGROUND
from darkfigure.synth.setting.geography import wales

_NAMES = tuple(ETHNIC_BACKGROUND)
TRAVELLER = _NAMES.index("traveller")
_CARIBBEAN, _WITH_CARIBBEAN, _WITH_AFRICAN, _WITH_ASIAN, _OTHER_MIXED = (
    _NAMES.index(name)
    for name in (
        *("caribbean", "white_and_caribbean", "white_and_african"),
        *("white_and_asian", "other_mixed"),
    )
)


@cache
def background_counts() -> Ints:
    """Count the people of each local authority and background, as the census published them."""
    table = load("ethnic_backgrounds")
    codes = wales().authorities["la_code"].combine_chunks()
    counts = np.zeros((len(codes), len(_NAMES)), np.int64)
    row = pc.index_in(table["la_code"].combine_chunks(), codes).to_numpy()
    column = [_NAMES.index(name) for name in table["background"].to_pylist()]
    counts[row, column] = table["persons"].to_numpy()
    return counts


def draw_backgrounds(residents: Grouped, ethnic: Ints, chance: Stream) -> Ints:
    """Give everybody a background such that each authority has its published shares.

    People of one household and ethnic group share theirs; children of a White and another parent
    have the background that follows from it.

    Parameters
    ----------
    residents
        Everybody, in order of neighbourhood.
    ethnic
        Index into `schema.ETHNIC_GROUP` of each person.
    chance
        Stream of the population; draws are keyed by household.

    Returns
    -------
    Index into `schema.ETHNIC_BACKGROUND` of each person.
    """
    groups = int(MIXED + 2)
    unit_key, unit, size = np.unique(
        residents.people.household * groups + ethnic, return_inverse=True, return_counts=True
    )
    household, broad = unit_key // groups, unit_key % groups
    authority = wales().authority[residents.lsoa[household]]
    drawn = chance.uniform("background_order", residents.household_id[household])
    remaining = background_counts().astype(float)
    background = np.full(len(unit_key), -1)
    plain = np.flatnonzero(broad != MIXED)
    background[plain] = _dealt(
        (authority[plain], broad[plain]), drawn[plain], size[plain], remaining
    )
    mixed = np.flatnonzero(broad == MIXED)
    background[mixed] = _of_parents(mixed, household, broad, background)
    fits = _within((authority[mixed], background[mixed]), drawn[mixed], size[mixed], remaining)
    background[mixed] = np.where(fits, background[mixed], -1)
    used = mixed[background[mixed] >= 0]
    np.subtract.at(remaining, (authority[used], background[used]), size[used])
    rest = mixed[background[mixed] < 0]
    shares = np.maximum(remaining, 0)
    background[rest] = _dealt((authority[rest], broad[rest]), drawn[rest], size[rest], shares)
    return background[unit]


def mixed_background(other: Ints) -> Ints:
    """Give the background of children of a White parent and a parent of another background.

    Parameters
    ----------
    other
        Background of the other parent, an index into `schema.ETHNIC_BACKGROUND`, shape (n,).

    Returns
    -------
    Index into `schema.ETHNIC_BACKGROUND`, shape (n,).
    """
    group = np.array(GROUP_OF_BACKGROUND)[other]
    black = np.where(other == _CARIBBEAN, _WITH_CARIBBEAN, _WITH_AFRICAN)
    return np.select(
        [group == ASIAN, group == BLACK], [np.full(len(other), _WITH_ASIAN), black], _OTHER_MIXED
    )


def _of_parents(mixed: Ints, household: Ints, broad: Ints, known: Ints) -> Ints:
    """Give the background of people of mixed group who live with White and other people."""
    background = np.full(len(mixed), -1)
    first = np.searchsorted(household, household[mixed])
    own = household[mixed]
    white = (household[first] == own) & (broad[first] == WHITE)
    for step in (1, 2):
        other = np.minimum(first + step, len(household) - 1)
        beside = white & (household[other] == own) & ~np.isin(broad[other], (WHITE, MIXED))
        rows = np.flatnonzero(beside & (background < 0))
        background[rows] = mixed_background(known[other[rows]])
    return background


def _within(where: tuple[Ints, Ints], drawn: Floats, size: Ints, counts: Floats) -> Mask:
    """Tell which units fit, in a secret order, into their authority's published number."""
    authority, background = where
    reached = _running(authority * len(_NAMES) + background, drawn, size)
    return np.asarray(reached <= counts[authority, background])


def _running(cell: Ints, drawn: Floats, size: Ints) -> Floats:
    """Count people within each cell, in the order drawn, up to and with each row."""
    order = order_of(cell, drawn)
    count = np.empty(len(order))
    count[order] = add_up_in_runs(cell[order], size[order])
    return count


def _dealt(where: tuple[Ints, Ints], drawn: Floats, size: Ints, counts: Floats) -> Ints:
    """Deal out backgrounds by quota, within authority and group, in a secret order."""
    authority, broad = where
    cell = authority * len(_NAMES) + broad
    middle = _running(cell, drawn, size) - size / 2
    total = np.bincount(cell, size)[cell]
    chosen = np.empty(len(cell), np.int64)
    group_of = np.array(GROUP_OF_BACKGROUND)
    for group in np.unique(broad):
        own, members = np.flatnonzero(broad == group), np.flatnonzero(group_of == group)
        part = counts[:, members] + 1e-9
        edges = np.cumsum(part, axis=1) / part.sum(axis=1, keepdims=True)
        place = middle[own] / total[own]
        chosen[own] = members[(place[:, None] >= edges[authority[own], :-1]).sum(axis=1)]
    return chosen
