"""Who does it: real people of the simulation, found in the household or nearby."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.chance import Stream
from synth.geography import Geography
from synth.population import ANCHOR, CHILD, PARTNER, Census
from synth.schema import VIOLENCE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_TRIES = 24  # people considered before the last of them is taken
_STRANGER, _ACQUAINTANCE, _PARTNER, _FAMILY, _CHILD = range(len(VIOLENCE))

# How readily somebody is drawn as an offender, by age and sex; assumed shape of the age-crime
# curve, most at 18 to 24.
_AGES = np.array([0, 10, 16, 18, 25, 35, 50, 65])
_READINESS = np.array([0.0, 0.25, 0.7, 1.0, 0.8, 0.45, 0.18, 0.03])
_WOMAN = 0.22
_FRIENDS_APART_YEARS = 12.0  # mean difference of age among acquaintances; assumed
_COUPLE_APART_YEARS = 6.0  # and among former couples; assumed


@dataclass(frozen=True)
class Pairing:
    """Incidents that need an offender: their ids, kinds, and victims' census indices."""

    ids: Ints
    kind: Ints
    victim: Ints


def choose_offenders(
    census: Census, geography: Geography, pairing: Pairing, chance: Stream
) -> Ints:
    """Choose an offender for each incident.

    A partner or another member of the household where there is a fitting one, otherwise somebody
    of the same local authority, by age and sex.

    Returns
    -------
    Census indices, shape (n,); never the victim.
    """
    offender = _at_home(census, pairing, chance)
    away = np.flatnonzero(offender < 0)
    rest = Pairing(pairing.ids[away], pairing.kind[away], pairing.victim[away])
    offender[away] = _nearby(census, geography, rest, chance)
    return offender


def _at_home(census: Census, pairing: Pairing, chance: Stream) -> Ints:
    """Find the partner, or the adult of the family, whom the household offers; -1 if none."""
    victim, kind = pairing.victim, pairing.kind
    home = census.household[victim]
    first, size = census.household_first[home], census.household_size[home]
    second = first + (size > 1)
    couple = census.role[second] == PARTNER
    role = census.role[victim]
    offender = np.full(len(victim), -1)
    in_couple = couple & (role <= PARTNER) & (kind == _PARTNER)
    offender[in_couple] = np.where(role == ANCHOR, second, first)[in_couple]
    # A parent: the anchor or, as often, the anchor's partner.
    parent = np.where(couple & chance.happens("second_parent", pairing.ids, 0.5), second, first)
    of_child = (kind == _CHILD) & (role == CHILD)
    offender[of_child] = parent[of_child]
    other = first + chance.below("family_member", pairing.ids, size)
    fits = (kind == _FAMILY) & (other != victim) & (census.age_years[other] >= 12)
    offender[fits] = other[fits]
    return offender


def _nearby(census: Census, geography: Geography, rest: Pairing, chance: Stream) -> Ints:
    """Draw people of the victim's authority until one fits; the last tried is taken anyway."""
    authority = geography.authority[census.lsoa]
    own = authority[rest.victim]
    low = np.searchsorted(authority, own)
    size = np.searchsorted(authority, own, side="right") - low
    chosen = np.full(len(rest.ids), -1)
    open_ = np.arange(len(rest.ids))
    for turn in range(_TRIES):
        candidate = low[open_] + chance.below("candidate", rest.ids[open_], size[open_], draw=turn)
        fitness = _fitness(census, rest.kind[open_], rest.victim[open_], candidate)
        fits = chance.uniform("fits", rest.ids[open_], draw=turn) < fitness
        fits &= candidate != rest.victim[open_]
        last = turn == _TRIES - 1
        chosen[open_[fits | last]] = candidate[fits | last]
        open_ = open_[~fits]
    same = chosen == rest.victim
    chosen[same] = np.where(chosen[same] == low[same], low[same] + size[same] - 1, low[same])
    return chosen


def _fitness(census: Census, kind: Ints, victim: Ints, candidate: Ints) -> Floats:
    """Give the probability with which a candidate is taken, by kind of violence."""
    age, theirs = census.age_years[victim], census.age_years[candidate]
    sex, their_sex = census.sex[victim], census.sex[candidate]
    ready = _READINESS[np.searchsorted(_AGES, theirs, side="right") - 1]
    ready = ready * np.where(their_sex == 1, 1.0, _WOMAN)
    apart = np.abs(age - theirs)
    known = ready * np.exp(-apart / _FRIENDS_APART_YEARS) * 2
    couple = (sex != their_sex) & (theirs >= 16)
    ex = couple * np.exp(-apart / _COUPLE_APART_YEARS)
    adult = np.where(theirs >= 18, ready + 0.1, 0.0)
    fits = [kind == _STRANGER, kind == _ACQUAINTANCE, kind == _PARTNER, kind == _FAMILY]
    return np.select(fits, [ready, known, ex, adult], adult)
