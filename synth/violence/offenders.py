"""Offenders: people of the simulation, drawn from the household or from nearby.

A person's readiness to offend depends on age and sex, and on the same proneness that makes victims.
The offender of an episode is drawn once, so that a series is by one person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.population import ANCHOR, CHILD, PARTNER, Census
from darkfigure.synth.schema import RELATIONSHIP, VIOLENCE
from darkfigure.synth.setting.geography import Geography

_KINDS = tuple(VIOLENCE)
_STRANGER, _ACQUAINTANCE, _WORK, _PARTNER, _EX_PARTNER, _FAMILY, _PARENT = range(len(RELATIONSHIP))

# Weight of a person in the draw of an offender, by age and sex; assumed shape of the age-crime
# curve, most at 18 to 24.
_AGES = (0, 10, 13, 16, 18, 25, 35, 50, 65)
_READINESS = (0.0, 0.12, 0.35, 0.7, 1.0, 0.8, 0.45, 0.18, 0.03)
_WOMAN = 0.22
_RESPONSIBLE_YEARS, _ADULT_YEARS = 10, 18  # nobody under ten is responsible for a crime

_BAND_YEARS = 5
_BANDS = 21
_SEXES = 2

# Assumed: relations that an episode of a kind may have, each with its share.
_RELATIONS = {
    "stranger": {_STRANGER: 1.0},
    "acquaintance": {_ACQUAINTANCE: 1.0},
    "night": {_STRANGER: 0.8, _ACQUAINTANCE: 0.2},
    "robbery": {_STRANGER: 0.85, _ACQUAINTANCE: 0.15},
    "work": {_WORK: 1.0},
    "school": {_ACQUAINTANCE: 1.0},
    "partner": {_PARTNER: 1.0},
    "family": {_FAMILY: 1.0},
    "child": {_PARENT: 1.0},
    "harassment": {_STRANGER: 0.3, _ACQUAINTANCE: 0.6, _WORK: 0.1},
}
_EX_RATE_IN_COUPLE = 0.2  # abuse of people in a couple that is by a former partner; assumed
_EX_RATE_ALONE = 0.55  # and of others, who may have a partner elsewhere; assumed
# Difference of age from the victim's, as the mean of an exponential each way; assumed.
_APART_YEARS = {_ACQUAINTANCE: 7.0, _PARTNER: 4.0, _EX_PARTNER: 4.0, _WORK: 12.0}
_PEERS_APART_YEARS = 1.0
_SAME_SEX_RATE = 0.02  # of former and distant couples; assumed, as for couples
_KIN_FROM_YEARS = 12  # age of offenders in the family; assumed


@dataclass(frozen=True)
class Relation:
    """Episodes of violence before they have an offender; arrays have one entry per episode."""

    ids: Ints
    kind: Ints
    victim: Ints  # census index
    relationship: Ints


def relate(census: Census, ids: Ints, kind: Ints, victim: Ints, chance: Stream) -> Relation:
    """Draw the offender's relationship to the victim of each episode.

    Parameters
    ----------
    census
        Census of the scenario.
    ids
        Ids of the episodes, shape (n,).
    kind
        Index into `schema.VIOLENCE`, shape (n,).
    victim
        Census indices, shape (n,).
    chance
        Stream of the offenders; draws are keyed by episode.
    """
    options = np.zeros((len(_KINDS), len(RELATIONSHIP)))
    for name, shares in _RELATIONS.items():
        options[_KINDS.index(name), list(shares)] = list(shares.values())
    edges = np.cumsum(options, axis=1)[kind]
    drawn = chance.uniform("relationship", ids)
    relationship = (drawn[:, None] >= edges[:, :-1]).sum(1)
    couple = _cohabitee(census, victim) >= 0
    ex = drawn < np.where(couple, _EX_RATE_IN_COUPLE, _EX_RATE_ALONE)
    relationship[(kind == _KINDS.index("partner")) & ex] = _EX_PARTNER
    return Relation(ids, kind, victim, relationship)


@dataclass(frozen=True)
class Pool:
    """All possible offenders, in groups of authority, sex and age."""

    census: Census
    authority: Ints  # of each person
    person: Ints  # census indices, in order of group
    weight: Floats  # cumulative, with a leading 0
    group_start: Ints  # of each group, with the total behind

    @classmethod
    def of(cls, census: Census, geography: Geography, readiness: Floats) -> Pool:
        """Group the people of a census.

        Parameters
        ----------
        census, geography
            People and the places where they live.
        readiness
            Each person's own factor on the readiness to offend, shape (persons,).
        """
        authority = geography.authority[census.lsoa]
        band = np.minimum(census.age_years.astype(np.int64) // _BAND_YEARS, _BANDS - 1)
        group = (authority * _SEXES + census.sex) * _BANDS + band
        order = order_of(group.astype(np.uint16))
        by_age = np.repeat(_READINESS, np.diff([*_AGES, 200]))
        own = by_age[census.age_years.astype(np.int64)] * readiness
        own *= np.where(census.sex == 1, 1.0, _WOMAN)
        count = np.bincount(group, minlength=len(geography.authorities) * _SEXES * _BANDS)
        starts = np.append(0, np.cumsum(count))
        return cls(census, authority, order, np.append(0.0, np.cumsum(own[order])), starts)

    def draw(self, first: Ints, last: Ints, drawn: Floats) -> Ints:
        """Draw a person from consecutive groups by readiness.

        Parameters
        ----------
        first, last
            First group, and the group after the last, shape (n,).
        drawn
            Draws from [0, 1), shape (n,).

        Returns
        -------
        Census indices, shape (n,); -1 where nobody is ready.
        """
        low, high = self.weight[self.group_start[first]], self.weight[self.group_start[last]]
        place = np.searchsorted(self.weight, low + drawn * (high - low), side="right") - 1
        place = np.clip(place, 0, len(self.person) - 1)
        return np.where(high > low, self.person[place], -1)


def choose_offenders(pool: Pool, relation: Relation, chance: Stream) -> Ints:
    """Choose an offender for each episode.

    The offender is a partner or another fitting member of the household, otherwise somebody of the
    same local authority: anybody for strangers, of like age for people who know each other.

    Parameters
    ----------
    pool
        All possible offenders.
    relation
        Episodes with the offender's relationship to the victim.
    chance
        Stream of the offenders; draws are keyed by episode.

    Returns
    -------
    Census indices, shape (n,); never the victim.
    """
    offender = _at_home(pool.census, relation, chance)
    away = np.flatnonzero(offender < 0)
    rest = Relation(
        relation.ids[away],
        relation.kind[away],
        relation.victim[away],
        relation.relationship[away],
    )
    offender[away] = _nearby(pool, rest, chance)
    return offender


def _cohabitee(census: Census, victim: Ints) -> Ints:
    """Find the partner at home; -1 if none."""
    home = census.household[victim]
    first = census.household_first[home]
    second = first + (census.household_size[home] > 1)
    partner = np.where(census.role[victim] == ANCHOR, second, first)
    couple = (census.role[second] == PARTNER) & (census.role[victim] <= PARTNER)
    return np.where(couple, partner, -1)


def _at_home(census: Census, relation: Relation, chance: Stream) -> Ints:
    """Find a fitting partner, parent or other member of the household; -1 if none."""
    victim, relationship = relation.victim, relation.relationship
    home = census.household[victim]
    first, size = census.household_first[home], census.household_size[home]
    second = first + (size > 1)
    couple = census.role[second] == PARTNER
    offender = np.where(relationship == _PARTNER, _cohabitee(census, victim), -1)
    # A parent: the anchor or, as often, the anchor's partner.
    parent = np.where(couple & chance.happens("second_parent", relation.ids, 0.5), second, first)
    of_child = (relationship == _PARENT) & (census.role[victim] == CHILD)
    offender[of_child] = parent[of_child]
    other = first + chance.below("family_member", relation.ids, size)
    fits = (
        (relationship == _FAMILY) & (other != victim) & (census.age_years[other] >= _KIN_FROM_YEARS)
    )
    fits &= other != _cohabitee(census, victim)
    offender[fits] = other[fits]
    return offender


def _nearby(pool: Pool, rest: Relation, chance: Stream) -> Ints:
    """Draw somebody of the victim's authority."""
    census, victim = pool.census, rest.victim
    known = np.isin(rest.relationship, list(_APART_YEARS))
    sex = _offender_sex(census, rest, chance)
    band = np.clip(_offender_age(census, rest, chance) // _BAND_YEARS, 0, _BANDS - 1)
    base = pool.authority[victim] * _SEXES * _BANDS
    group = base + sex * _BANDS + band.astype(np.int64)
    first = np.where(known, group, base)
    last = np.where(known, group + 1, base + _SEXES * _BANDS)
    drawn = chance.uniform("offender", rest.ids)
    chosen = pool.draw(first, last, drawn)
    redo = np.flatnonzero((chosen < 0) | (chosen == victim))
    chosen[redo] = pool.draw(
        base[redo], base[redo] + _SEXES * _BANDS, chance.uniform("offender", rest.ids[redo], draw=1)
    )
    same = np.flatnonzero((chosen < 0) | (chosen == victim))
    chosen[same] = np.where(victim[same] > 0, victim[same] - 1, victim[same] + 1)
    return chosen


def _offender_sex(census: Census, rest: Relation, chance: Stream) -> Ints:
    """Draw the sex; former and distant partners are mostly of the other sex."""
    man = chance.happens("offender_sex", rest.ids, 1 / (1 + _WOMAN))
    other = 1 - census.sex[rest.victim]
    same = chance.happens("same_sex_couple", rest.ids, _SAME_SEX_RATE)
    couple = np.isin(rest.relationship, (_PARTNER, _EX_PARTNER))
    return np.where(couple, np.where(same, 1 - other, other), man).astype(np.int64)


def _offender_age(census: Census, rest: Relation, chance: Stream) -> Floats:
    """Draw an age near the victim's."""
    mean = np.zeros(len(RELATIONSHIP))
    mean[list(_APART_YEARS)] = list(_APART_YEARS.values())
    apart = mean[rest.relationship]
    apart[rest.kind == _KINDS.index("school")] = _PEERS_APART_YEARS
    signed = chance.exponential("age_apart", rest.ids) * apart
    signed *= np.where(chance.happens("older", rest.ids, 0.5), 1, -1)
    age = census.age_years[rest.victim] + signed
    adult = rest.relationship != _ACQUAINTANCE
    return np.maximum(age, np.where(adult, _ADULT_YEARS, _RESPONSIBLE_YEARS))
