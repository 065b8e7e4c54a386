"""Everybody's sex: couples and parents first, then the rest by age and authority."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Rate, Spec
from darkfigure.synth.population.ages import Aged
from darkfigure.synth.population.families import ANCHOR, CHILD, GROWN_CHILD, PARTNER
from darkfigure.synth.population.institutions import HOSTEL, NO_FIXED_ABODE, PRISON
from darkfigure.synth.setting.geography import Geography

# Male shares from each age on; assumed, then shifted to each authority's published total.
_FROM_AGE = np.array([0, 20, 25, 65, 75, 85])
_MALE_RATE = np.array([0.512, 0.505, 0.49, 0.48, 0.45, 0.34])
_MANLY = 1.5  # log odds of being male in hostels and on the street; assumed
_SAME_EGG_RATE = 0.33  # of twins, who then share their sex; well known
_MOTHER_MOST_YEARS = 55  # between a woman and the youngest child of her and her partner; assumed


class Couples(Spec):
    """Composition of couples and lone parents."""

    same_sex_rate: Rate = 0.02
    """Share of couples."""
    lone_mother_rate: Rate = 0.86
    """Share of lone parents. Source: ONS Families and households, rounded."""


@dataclass(frozen=True)
class Sexed:
    """People before they have a sex, with the keys and places of their draws."""

    people: Aged
    person_id: Ints
    authority: Ints
    home: Ints  # kind of home of each person


def draw_sexes(residents: Sexed, geography: Geography, spec: Couples, chance: Stream) -> Ints:
    """Draw sexes: couples and lone parents first, then the rest so that totals are as published.

    Parameters
    ----------
    residents
        Everybody, with ages and roles.
    geography
        Geography of Wales, with each authority's residents by sex.
    spec
        Composition of couples and lone parents.
    chance
        Stream of the population; draws are keyed by person.

    Returns
    -------
    0 female, 1 male; the anchor of a couple of a woman and a man is the woman.
    """
    sex, bound = _bound(residents, spec, chance)
    score = _favour(residents, chance)
    females, males = (geography.authorities[name].to_numpy() for name in ("females", "males"))
    band = np.searchsorted(_FROM_AGE, residents.people.age, side="right") - 1
    for number in np.unique(residents.authority):
        here = np.flatnonzero(residents.authority == number)
        total = round(len(here) * males[number] / (females[number] + males[number]))
        counts = np.bincount(band[here], minlength=len(_FROM_AGE))
        owed = 0
        for step, quota in enumerate(_by_band(counts, total)):
            own = here[band[here] == step]
            free = own[~bound[own]]
            need = quota + owed - int(sex[own[bound[own]]].sum())
            n_men = min(max(need, 0), len(free))
            owed = need - n_men
            sex[free[np.argsort(-score[free], kind="stable")[:n_men]]] = 1
    return sex


def _by_band(counts: Ints, total: int) -> Ints:
    """Divide an authority's men over the age bands, in whole numbers."""

    def excess(shift: float) -> float:
        return float(counts @ expit(logit(_MALE_RATE) + shift) - total)

    shift = brentq(excess, -3, 3)
    edges = np.cumsum(counts * expit(logit(_MALE_RATE) + shift))
    whole = np.floor(edges + 0.5)
    whole[-1] = total
    return np.diff(whole, prepend=0).astype(np.int64)


def _bound(residents: Sexed, spec: Couples, chance: Stream) -> tuple[Ints, Mask]:
    """Draw the sexes of couples, lone parents and prisoners; give a mask of these people."""
    people, ids = residents.people, residents.person_id
    sex = np.zeros(len(ids), np.int64)
    partner = np.flatnonzero(people.role == PARTNER)
    anchor = people.first[people.household[partner]]
    young = np.isin(people.role, (CHILD, GROWN_CHILD))
    youngest = np.minimum.reduceat(np.where(young, people.age, np.inf), people.first)
    # A partner far too old to be the children's mother is a man.
    aged = people.age[partner] - youngest[people.household[partner]] > _MOTHER_MOST_YEARS
    same = chance.happens("same_sex", ids[anchor], spec.same_sex_rate)
    both_men = same & chance.happens("both_men", ids[anchor], 0.5)
    same &= both_men | ~aged
    sex[anchor] = both_men
    sex[partner] = np.where(same, both_men, True)
    first = people.first
    size = len(people.role)
    coupled = people.role[np.minimum(first + 1, size - 1)] == PARTNER
    coupled &= people.household[np.minimum(first + 1, size - 1)] == people.household[first]
    parent = np.bincount(people.household, young) > 0
    lone = first[parent & ~coupled & (people.role[first] == ANCHOR)]
    sex[lone] = ~chance.happens("lone_mother", ids[lone], spec.lone_mother_rate)
    prisoner = residents.home == PRISON  # all prisons in Wales are for men
    sex[prisoner] = 1
    bound = prisoner.copy()
    bound[partner] = bound[anchor] = bound[lone] = True
    return sex, bound


def _favour(residents: Sexed, chance: Stream) -> Floats:
    """Score each person; the highest scores are made male."""
    ids, twin = residents.person_id, np.flatnonzero(residents.people.twin)
    draw = chance.uniform("free_sex", ids)
    alike = twin[chance.happens("same_egg", ids[twin], _SAME_EGG_RATE)]
    draw[alike] = draw[alike - 1]
    score = np.log(draw + 2.0**-54) - np.log1p(-draw)
    return np.asarray(score + _MANLY * np.isin(residents.home, (HOSTEL, NO_FIXED_ABODE)))
