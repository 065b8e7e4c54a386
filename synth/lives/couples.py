"""Couples that form in the study: people who leave home and move in with one another."""

from __future__ import annotations

import numpy as np

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.lives.fates import NEVER
from darkfigure.synth.lives.stays import COUPLE, LEFT_HOME, Stays
from darkfigure.synth.population import Census
from darkfigure.synth.population.kin import NOBODY
from darkfigure.synth.setting.geography import wales

_MOST_APART_DAYS = 365  # between their leaving home; assumed
_MOST_APART_YEARS = 8.0  # between their ages; assumed


class NewCouples(Spec):
    """Couples of people who leave home."""

    forms_rate: Rate = 0.5
    """Women who leave home and find a man of their authority who does so too."""
    marries_after_years: Amount = 2.0
    """Mean time from moving in together to the wedding, for those who marry."""


def move_in_together(
    census: Census, alone: Stays, spec: NewCouples, chance: Stream
) -> tuple[Stays, Ints, Ints]:
    """Let some people who leave home move in with one another: the later one with the earlier.

    Parameters
    ----------
    census
        Census of the scenario.
    alone
        Stays of people who leave their household, by census index.
    spec
        Rates of new couples.
    chance
        Stream of the couples; draws are keyed by person.

    Returns
    -------
    The stays, changed for the later of each two; the census index of the person whom each person of
    the census lives with then, or NOBODY; and the first day on which they do.
    """
    home = np.flatnonzero(alone.cause == LEFT_HOME)
    pair = _pair_up(census, alone.owner[home], alone.day[home], spec, chance)
    woman, man = (home[side] for side in pair)
    her_turn = alone.day[woman] > alone.day[man]
    later, earlier = np.where(her_turn, woman, man), np.where(her_turn, man, woman)
    place, cause = alone.place.copy(), alone.cause.copy()
    place[later], cause[later] = place[earlier], COUPLE
    partner = np.full(len(census.role), NOBODY)
    day = np.full(len(census.role), NEVER)
    her, him = alone.owner[woman], alone.owner[man]
    partner[her], partner[him] = him, her
    day[her] = day[him] = alone.day[later]
    return Stays(alone.owner, alone.day, place, cause), partner, day


def _pair_up(
    census: Census, leavers: Ints, day: Ints, spec: NewCouples, chance: Stream
) -> tuple[Ints, Ints]:
    """Pair women and men of one authority who leave home within a year: positions of both."""
    authority, sex = wales().authority[census.lsoa[leavers]], census.sex[leavers]
    looks = chance.happens("finds_partner", census.person_id[leavers], spec.forms_rate)
    adult = census.age_years[leavers] >= 18
    sides = [np.flatnonzero(adult & looks & (sex == code)) for code in (0, 1)]
    sides = [side[order_of(authority[side], day[side])] for side in sides]
    turns = [place_in_runs(authority[side]) for side in sides]
    keys = [authority[side] * len(leavers) + turn for side, turn in zip(sides, turns, strict=True)]
    _, woman, man = np.intersect1d(keys[0], keys[1], return_indices=True)
    woman, man = sides[0][woman], sides[1][man]
    fits = np.abs(day[woman] - day[man]) <= _MOST_APART_DAYS
    ages = census.age_years[leavers]
    fits &= np.abs(ages[woman] - ages[man]) <= _MOST_APART_YEARS
    fits &= census.household[leavers[woman]] != census.household[leavers[man]]
    return woman[fits], man[fits]
