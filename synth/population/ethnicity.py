"""Everybody's ethnic group: exact in each neighbourhood, alike within most households."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import add_up_in_runs, place_in_runs
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.population.ages import Aged
from darkfigure.synth.population.families import CHILD, PARTNER
from darkfigure.synth.schema import ETHNIC_GROUP
from darkfigure.synth.setting.geography import Geography

WHITE, ASIAN, BLACK, MIXED, OTHER_GROUP = range(len(ETHNIC_GROUP))
_MINORITIES = (ASIAN, BLACK, OTHER_GROUP)
# Of a neighbourhood's people of one minority, those who live with a White partner, with and
# without children; of its people of mixed group, the children of such couples. Assumed.
# People of mixed group per person of the Asian, Black and other groups, by their background:
# White and Asian, White and Black, other. Census 2021, Wales.
_MIXED_A_PERSON = np.array([14_036 / 89_032, 21_804 / 27_561, 12_762 / 26_466])
_WITH_CHILDREN_RATE, _WITHOUT_CHILDREN_RATE, _CHILDREN_RATE = 0.10, 0.04, 0.5


@dataclass(frozen=True)
class Grouped:
    """People in their households and neighbourhoods, before they have an ethnic group."""

    people: Aged
    lsoa: Ints  # number among all of Wales, of each household, ascending
    household_id: Ints


def draw_groups(residents: Grouped, geography: Geography, chance: Stream) -> Ints:
    """Give everybody an ethnic group such that each neighbourhood has its published numbers.

    Some couples are of two groups and their children of mixed group. Every other household is of
    one group, but for the few at which a neighbourhood passes from one group to the next.

    Parameters
    ----------
    residents
        Everybody, in order of neighbourhood.
    geography
        Geography of Wales, with each neighbourhood's shares.
    chance
        Stream of the population; draws are keyed by household.

    Returns
    -------
    Index into `schema.ETHNIC_GROUP` of each person.
    """
    lsoas, row = np.unique(residents.lsoa, return_inverse=True)
    people = residents.people
    size = np.bincount(people.household, minlength=len(row))
    quota = _quotas(geography.ethnic[lsoas], np.bincount(row, size).astype(np.int64))
    order = order_of(row, chance.uniform("ethnic_order", residents.household_id))
    group = np.full(len(people.role), -1)
    children = np.bincount(people.household, people.role == CHILD, len(row)).astype(np.int64)
    coupled = np.bincount(people.household, people.role == PARTNER, len(row)) > 0
    minorities = quota[:, list(_MINORITIES)].sum(axis=1)
    with_children = order[(coupled & (children > 0))[order]]
    within = add_up_in_runs(row[with_children], children[with_children])
    limits = minorities * _WITH_CHILDREN_RATE, quota[:, MIXED] * _CHILDREN_RATE
    turn = place_in_runs(row[with_children]) + 1
    own = row[with_children]
    mixed = with_children[(turn <= limits[0][own]) & (within <= limits[1][own])]
    childless = order[(coupled & (children == 0) & (size == 2))[order]]
    turn = place_in_runs(row[childless]) + 1
    mixed = np.append(
        mixed, childless[turn <= (minorities * _WITHOUT_CHILDREN_RATE)[row[childless]]]
    )
    second = chance.happens("second_partner", residents.household_id[mixed], 0.5)
    _mix(group, mixed, second, (row, quota), residents)
    _fill(group, order, row, quota, residents)
    return group


def _quotas(shares: Floats, residents: Ints) -> Ints:
    """Count each neighbourhood's people of each group, in whole numbers that add up."""
    edges = np.floor(np.cumsum(shares, axis=1) * residents[:, None] + 0.5)
    edges[:, -1] = residents
    return np.diff(edges, axis=1, prepend=0).astype(np.int64)


def _mix(
    group: Ints, mixed: Ints, second: Mask, places: tuple[Ints, Ints], residents: Grouped
) -> None:
    """Make couples of a White and another partner; take them, and their children, off the quota.

    `second` is true for couples whose anchor is White; `places` holds the neighbourhood's row of
    each household, and the quotas.
    """
    row, quota = places
    people, first = residents.people, residents.people.first
    order = order_of(row[mixed])
    mixed, second = mixed[order], second[order]
    own = row[mixed]
    shares = np.cumsum(quota[:, list(_MINORITIES)] * _MIXED_A_PERSON, axis=1)
    total = np.bincount(own, minlength=len(quota))[own]
    position = (place_in_runs(own) + 0.5) / total * shares[own, -1]
    other = np.array(_MINORITIES)[(position[:, None] >= shares[own, :-1]).sum(1)]
    group[first[mixed] + second] = other
    group[first[mixed] + ~second] = WHITE
    child = np.flatnonzero((people.role == CHILD) & np.isin(people.household, mixed))
    group[child] = MIXED
    persons = np.concatenate([first[mixed], first[mixed] + 1, child])
    used = row[people.household[persons]] * quota.shape[1] + group[persons]
    quota -= np.bincount(used, minlength=quota.size).reshape(quota.shape)


def _fill(group: Ints, order: Ints, row: Ints, quota: Ints, residents: Grouped) -> None:
    """Give out the rest of the quotas, household by household in secret order.

    Parents come before children, so that where White passes to mixed the parents are White.
    """
    people = residents.people
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    ungrouped = np.flatnonzero(group < 0)
    ungrouped = ungrouped[order_of(rank[people.household[ungrouped]], ungrouped)]
    where = row[people.household[ungrouped]]
    position = place_in_runs(where)
    turn = [WHITE, MIXED, ASIAN, OTHER_GROUP, BLACK]
    edges = np.cumsum(np.maximum(quota[:, turn], 0), axis=1)
    group[ungrouped] = np.array(turn)[(position[:, None] >= edges[where][:, :-1]).sum(1)]
