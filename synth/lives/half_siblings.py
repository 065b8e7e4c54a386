"""Half-siblings: the eldest child of a mother may have another father than the younger ones.

So children of one home bear several surnames, and a mother's partner is father to some of her
children and stepfather to the eldest.
"""

from __future__ import annotations

import numpy as np

from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Rate, Spec
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.population.families import ANCHOR, CHILD, GROWN_CHILD, PARTNER

_APART_DAYS = 730  # least time between a child of one father and that of the next; assumed
_MOTHER = 0  # of the sexes; no rate


class HalfSiblings(Spec):
    """How often the eldest of several children is of an earlier father."""

    couple_rate: Rate = 0.12
    """Of couples with children that are far enough apart. Source of the level: nine in a hundred
    couples with children are step families (Census 2021, recalled); the share of those is assumed.
    """
    lone_rate: Rate = 0.3
    """Of lone mothers' families, likewise; assumed."""


def of_earlier_father(block: Block, spec: HalfSiblings, chance: Stream) -> Mask:
    """Tell which children have another father than their younger brothers and sisters.

    Parameters
    ----------
    block
        People of some households.
    spec
        How often.
    chance
        Stream of the lives; draws are keyed by household.

    Returns
    -------
    Shape (persons,): the eldest children of some homes, with their twins.
    """
    home, day, size = block.household, block.birth_day, int(block.household.max()) + 1
    head = np.isin(block.role, (ANCHOR, PARTNER))
    mother = np.bincount(home, head & (block.sex == _MOTHER), size) == 1
    couple = np.bincount(home, block.role == PARTNER, size) > 0
    child = np.flatnonzero(np.isin(block.role, (CHILD, GROWN_CHILD)) & (block.mother < 0))
    eldest = np.full(size, np.iinfo(np.int64).max)
    youngest = np.full(size, np.iinfo(np.int64).min)
    np.minimum.at(eldest, home[child], day[child])
    np.maximum.at(youngest, home[child], day[child])
    rate = np.where(couple, spec.couple_rate, spec.lone_rate)
    several = mother & (youngest > eldest) & (youngest - eldest >= _APART_DAYS)
    own = child[several[home[child]] & (day[child] == eldest[home[child]])]
    half = np.zeros(len(day), bool)
    half[own] = chance.happens("half_siblings", block.household_id[own], rate[home[own]])
    return half
