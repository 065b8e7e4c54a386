"""Kin who live apart: grown children's parents, and the absent parents of children.

Kin are found by pairing people of one local authority and ethnic background by age, in arrays over
the whole census; nothing has to be agreed between blocks of households.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.core.spec import Rate, Spec
from darkfigure.synth.population.census import Census
from darkfigure.synth.population.families import ANCHOR, CHILD, ELDER, GROWN_CHILD, PARTNER
from darkfigure.synth.schema import ETHNIC_BACKGROUND
from darkfigure.synth.setting.geography import Geography

NOBODY = -1
_BACKGROUNDS = len(ETHNIC_BACKGROUND)
_GROUP_YEARS = 256.0  # keeps the ages of one authority and group apart; no rate
_PARENT_GAP, _PARENT_GAP_SD = 28.0, 5.0  # a mother's age at a birth; assumed
_LEAST_GAP, _MOST_GAP = 15.5, 45.0  # years between a mother and her child; assumed
_APART_YEARS = 0.8  # between brothers and sisters; assumed
_WINDOW = 64  # parents of nearly the right age among whom one is drawn; assumed
_TRIES = 3
_OTHER_PARENT_GAP, _OTHER_PARENT_GAP_SD = 2.0, 3.5  # years by which fathers are older; assumed
_PARENTS_UNTIL = 65  # age until which grown people have parents nearby; assumed
_OTHER_PARENT_WITHIN = 6  # years from the age that another parent should have; assumed


class Kinship(Spec):
    """Rates of kin who live nearby."""

    parents_nearby_rate: Rate = 0.45
    """People of 18 to 65 with a home of their own whose parents live in the same authority."""
    father_known_rate: Rate = 0.65
    """Lone parents whose children's other parent lives nearby."""
    two_homes_rate: Rate = 0.3
    """Children of two such parents who live with both in turn."""


@dataclass(frozen=True)
class Kin:
    """Ties that cross households.

    Parameters
    ----------
    parents
        Shape (persons,): household of each person's parents, or NOBODY.
    other_parent
        Shape (households,): census index of the absent parent of a household's children.
    two_homes
        Shape (persons,): true for a child who also lives with the absent parent.
    alternates
        Shape (households,): true if the children live with both parents in turn once these part.
    """

    parents: Ints
    other_parent: Ints
    two_homes: Mask
    alternates: Mask


def find_kin(census: Census, geography: Geography, spec: Kinship, chance: Stream) -> Kin:
    """Pair people with parents who live elsewhere; arrivals during the study have no kin here.

    Parameters
    ----------
    census
        Census of the scenario.
    geography
        Geography of Wales.
    spec
        Rates of kin who live nearby.
    chance
        Stream of the lives; draws are keyed by person and household.
    """
    anchor = census.household_first
    area = geography.authority[census.household_lsoa] * _BACKGROUNDS + census.background[anchor]
    parents = _parents(census, area, spec, chance)
    other = _other_parents(census, area, spec, chance)
    has = (other != NOBODY)[census.household] & (census.role == CHILD)
    # Brothers and sisters live alike.
    drawn = chance.happens("two_homes", census.household_id, spec.two_homes_rate)
    return Kin(parents, other, has & drawn[census.household], drawn)


def _parents(census: Census, area: Ints, spec: Kinship, chance: Stream) -> Ints:
    """Find a household of fitting age for the parents of people with homes of their own."""
    parents = np.full(len(census.role), NOBODY)
    grown = (
        np.isin(census.role, (ANCHOR, PARTNER))
        & (census.age_years < _PARENTS_UNTIL)
        & census.resident
    )
    # Where elders live in the house, they are the anchor's parents.
    elders = np.bincount(census.household, census.role == ELDER, len(census.household_size)) > 0
    grown &= ~(elders[census.household] & (census.role == ANCHOR))
    nearby = chance.happens("parents_nearby", census.person_id, spec.parents_nearby_rate)
    child = np.flatnonzero(grown & nearby)
    own_area = area[census.household] // _BACKGROUNDS * _BACKGROUNDS + census.background
    private = (census.household_home == 0) & (census.role[census.household_first] == ANCHOR)
    private &= census.household_resident
    home = np.flatnonzero(private)
    age = census.age_years[census.household_first]
    key = area[home] * _GROUP_YEARS + age[home]
    order = order_of(key)
    home, key = home[order], key[order]
    ids = census.person_id[child]
    gap = _PARENT_GAP + _PARENT_GAP_SD * chance.normal("parent_gap", ids)
    target = own_area[child] * _GROUP_YEARS + census.age_years[child] + gap
    place = np.searchsorted(key, target) + chance.below("parents", ids, _WINDOW) - _WINDOW // 2
    chosen = home[np.clip(place, 0, len(home) - 1)]
    fits = _can_be_parents(census, chosen, child) & (area[chosen] == own_area[child])
    parents[child[fits]] = chosen[fits]
    partner = np.flatnonzero((census.role == PARTNER) & (parents != NOBODY))
    parents[partner[parents[partner] == parents[partner - 1]]] = NOBODY  # couples are not siblings
    return _spaced(census, parents)


def _can_be_parents(census: Census, home: Ints, child: Ints) -> Mask:
    """Tell whether a household's couple or anchor has the right age for parents of a child."""
    first = census.household_first[home]
    second = np.minimum(first + 1, len(census.role) - 1)
    couple = (census.role[second] == PARTNER) & (census.household[second] == home)
    age = census.age_years
    gap = age[first] - age[child]
    other = np.where(couple, age[second] - age[child], gap)
    fits = (gap >= _LEAST_GAP) & (gap <= _MOST_GAP) & (other >= _LEAST_GAP)
    return fits & (home != census.household[child])


def _spaced(census: Census, parents: Ints) -> Ints:
    """Drop kin who would have been born too close to another child of the same parents."""
    parents = parents.copy()
    has_kin = np.zeros(len(census.household_size), bool)
    has_kin[parents[parents != NOBODY]] = True
    young = np.isin(census.role, (CHILD, GROWN_CHILD)) & has_kin[census.household]
    at_home = np.where(young, census.household, NOBODY)
    for _ in range(_TRIES):
        linked = np.flatnonzero(parents != NOBODY)
        person = np.concatenate([np.flatnonzero(young), linked])
        home = np.concatenate([at_home[young], parents[linked]])
        order = order_of(home, census.age_years[person], person)
        person, home = person[order], home[order]
        near = (home[1:] == home[:-1]) & (np.diff(census.age_years[person]) < _APART_YEARS)
        elder, younger = person[1:][near], person[:-1][near]
        lost = np.where(parents[elder] != NOBODY, elder, younger)
        lost = lost[parents[lost] != NOBODY]
        if not len(lost):
            break
        parents[lost] = NOBODY
    return parents


def _other_parents(census: Census, area: Ints, spec: Kinship, chance: Stream) -> Ints:
    """Pair lone parents with people of the other sex who live without children at home."""
    parents = np.full(len(census.household_size), NOBODY)
    child = census.role == CHILD
    eldest = np.maximum.reduceat(np.where(child, census.age_years, -1.0), census.household_first)
    coupled = np.bincount(census.household, census.role == PARTNER, len(parents)) > 0
    young = np.isin(census.role, (CHILD, GROWN_CHILD))
    childless = np.bincount(census.household, young, len(parents)) == 0
    first = census.household_first
    known = chance.happens("other_parent", census.household_id, spec.father_known_rate)
    lone = (eldest >= 0) & ~coupled & known & (census.role[first] == ANCHOR)
    lone &= census.household_resident
    single = (census.household_size == 1) & (census.household_home == 0) & childless
    single &= census.household_resident
    for sex in (0, 1):
        seekers = np.flatnonzero(lone & (census.sex[first] == sex))
        others = np.flatnonzero(single & (census.sex[first] == 1 - sex))
        gap = _OTHER_PARENT_GAP * (1 if sex == 0 else -1) + _OTHER_PARENT_GAP_SD * chance.normal(
            "other_parent_gap", census.household_id[seekers]
        )
        target = census.age_years[first[seekers]] + gap
        target = np.maximum(target, eldest[seekers] + _LEAST_GAP)
        paired = _pair(
            area[seekers] * _GROUP_YEARS + target,
            area[others] * _GROUP_YEARS + census.age_years[first[others]],
        )
        chosen = first[others[np.maximum(paired, 0)]]
        theirs = census.age_years[chosen] - eldest[seekers]
        mother = np.where(sex == 0, 0, theirs) < _MOST_GAP
        fits = (paired >= 0) & (area[seekers] == area[census.household[chosen]]) & mother
        fits &= np.abs(census.age_years[chosen] - target) < _OTHER_PARENT_WITHIN
        fits &= theirs >= _LEAST_GAP
        parents[seekers[fits]] = chosen[fits]
    return parents


def _pair(ages: Floats, choices: Floats) -> Ints:
    """Match each age with the next higher choice, such that none is taken twice.

    Returns
    -------
    Index into `choices` for each age, or -1.
    """
    if not len(choices):
        return np.full(len(ages), -1)
    order, sorted_order = np.argsort(ages), np.argsort(choices)
    place = np.searchsorted(choices[sorted_order], ages[order])
    rank = np.arange(len(place))
    place = np.maximum.accumulate(place - rank) + rank
    paired = np.full(len(ages), -1)
    inside = place < len(choices)
    paired[order[inside]] = sorted_order[place[inside]]
    return paired


def heirs(census: Census) -> Ints:
    """Give the person whose surname a household's family has: a couple's man, else the anchor.

    Returns
    -------
    Shape (households,): census indices.
    """
    first = census.household_first
    second = np.minimum(first + 1, len(census.role) - 1)
    couple = (census.role[second] == PARTNER) & (second - first < census.household_size)
    return np.where(couple & (census.sex[first] == 0) & (census.sex[second] == 1), second, first)


def surname_roots(heir: Ints, kin: Kin) -> Ints:
    """Find the household of the forebears whose surname each household's family has.

    Parameters
    ----------
    heir
        Census index of each household's heir, as `heirs` gives it.
    kin
        Ties to the households of heirs' parents.

    Returns
    -------
    Shape (households,): index of a household, its own if no forebears are known.
    """
    root = np.arange(len(heir))
    follows = kin.parents[heir] != NOBODY
    root[follows] = kin.parents[heir[follows]]
    for _ in range(4):  # doubled each time: more generations than live at once
        root = root[root]
    return root
