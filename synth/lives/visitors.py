"""Visitors: people who live outside Wales, and are harmed there or harm others.

Each visits a household like that of many others: family or friends, or a house for the holidays. Of
a visitor the agencies of Wales know what violence brings them; no list of Wales holds them. A
sample that holds the household visited holds the visitor.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.core.spec import Amount, Spec
from darkfigure.synth.lives.migration import repeated
from darkfigure.synth.population import ALWAYS, RESIDENT, Census
from darkfigure.synth.population.institutions import OUTSIDE_WALES, PRIVATE
from darkfigure.synth.schema import ETHNIC_BACKGROUND, GROUP_OF_BACKGROUND

# Visitors by the age of the household's anchor, whose age they share, against those of 25 to 34;
# assumed: the young go out where their friends live, and it is they who are harmed.
_AGES, _FACTORS = (18, 25, 35, 50, 65, 80), (1.6, 1.4, 0.8, 0.5, 0.25, 0.1)
# Groups of people in England, each with the commonest background among them. Source: Census 2021,
# England, rounded (well known).
_FROM = {
    "british": 0.75,
    "other_white": 0.06,
    "indian": 0.05,
    "pakistani": 0.04,
    "african": 0.04,
    "white_and_caribbean": 0.03,
    "any_other": 0.03,
}


class Visitors(Spec):
    """People who live outside Wales and come on visits."""

    per_household: Amount = 0.06
    """Visitors for each household whose anchor is 25 to 34; assumed, such that some 3 % of people
    harmed in public and of those who harm them live elsewhere."""


def invite(census: Census, spec: Visitors, chance: Stream) -> Census:
    """Add the people who visit Wales during the study.

    Parameters
    ----------
    census
        Census with the arrivals of the study.
    spec
        Number of visitors.
    chance
        Stream of the visitors; draws are keyed by the household visited.

    Returns
    -------
    The census with visitors after the others of their neighbourhood, each a household of one with a
    home of the kind `outside_wales`.
    """
    ids, count = census.household_id, len(census.household_size)
    rate = spec.per_household * np.interp(
        census.age_years[census.household_first], _AGES, _FACTORS, left=0.0
    )
    visited = (census.household_home == PRIVATE) & census.household_resident
    hosts = np.flatnonzero(visited & chance.happens("visitor", ids, rate))
    source = np.append(np.arange(count), hosts)
    size = np.append(census.household_size, np.ones(len(hosts), np.int64))
    order = order_of(census.household_lsoa[source])
    both = repeated(census, source[order], size[order])
    new = np.flatnonzero(order >= count)
    return _as_visitors(both, new, ids[source[order][new]], chance)


def _as_visitors(census: Census, new: Ints, hosts: Ints, chance: Stream) -> Census:
    """Give some households of one, by the ids of those they visit, a life elsewhere."""
    person = census.household_first[new]
    home, resident = census.household_home.copy(), census.household_resident.copy()
    home[new], resident[new] = OUTSIDE_WALES, False
    age, role, came = census.age_years.copy(), census.role.copy(), census.came_day.copy()
    age[person] = np.floor(age[person]) + chance.uniform("birthday", hosts)
    role[person], came[person] = RESIDENT, ALWAYS
    background, ethnic = census.background.copy(), census.ethnic.copy()
    names = np.array([list(ETHNIC_BACKGROUND).index(name) for name in _FROM])
    background[person] = names[chance.pick("background", hosts, list(_FROM.values()))]
    ethnic[person] = np.array(GROUP_OF_BACKGROUND)[background[person]]
    return replace(
        census,
        household_home=home,
        household_resident=resident,
        age_years=age,
        role=role,
        came_day=came,
        background=background,
        ethnic=ethnic,
    )
