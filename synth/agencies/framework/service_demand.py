"""Demand for services besides violence: illness and accidents, and rates of children's care.

Demand belongs to the people and not to an agency. So an attendance that ends in an admission is the
same event to the department and to the ward, and a care order the same to the court and to
children's services. Each is a function of the seed and the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.spec import Amount, Positive, Rate, Spec
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.population import ALWAYS

ILLNESS, ACCIDENT, TRAFFIC, SPORT, SELF_HARM = range(5)


class CareEpisodes(Spec):
    """Rate and duration of one kind of children's care."""

    starts_per_10k: Amount
    """Episodes that begin, per 10,000 children under 18 and year."""
    mean_years: Positive
    """Duration, mean, unless the child turns 18."""
    least_years: Amount = 0.0
    """Shortest duration."""
    under_5_factor: Positive = 1.0
    """Rate of starts under the age of five, relative to older children."""
    siblings_rate: Annotated[float, Field(gt=0, le=1)] = 0.8
    """Share of a family's children whom its trouble brings in, but for their age; assumed."""
    returns_rate: Rate = 0.1
    """Share of episodes after which the children come back; assumed unless a source is named."""


class Needs(Spec):
    """Demand that is not about violence; assumed unless a source is named."""

    attendances_a_year: Amount = 0.3
    """Unplanned attendances at emergency departments, per person. Source: about a million a year
    in Wales (well known).
    """
    illness_sd: Amount = 0.9
    """Standard deviation of the log of a person's own rate of attendances; assumed, so that few
    people attend many times."""
    proneness_power: Amount = 0.5
    """Power of the proneness to violence on that rate; assumed, so that victims of domestic abuse
    attend nearly twice as often as others."""
    self_harm_power: Amount = 1.0
    """Power of the proneness to violence on the share of self-harm; assumed."""
    admitted_rate: Rate = 0.22
    """Share of attendances that end in an admission."""
    planned_admissions_a_year: Amount = 0.05
    """Planned admissions, per person; births and most day cases left out."""
    looked_after: CareEpisodes = CareEpisodes(
        starts_per_10k=33, mean_years=5.0, siblings_rate=0.8, returns_rate=0.3
    )
    """Children looked after. Source: just under 2,000 starts a year (2023-24) and 116.3 per 10,000
    at a time (2023), Welsh Government; five years if durations are exponential and end at 18. Of
    children who go home from care about three in ten come back within five years (Department for
    Education 2013, England, well known).
    """
    protection: CareEpisodes = CareEpisodes(
        starts_per_10k=65,
        mean_years=0.69,
        least_years=0.24,
        under_5_factor=2.4,
        siblings_rate=0.95,
        returns_rate=0.15,
    )
    """Children on the protection register. Source: 4,435 registrations a year, 47 per 10,000 at a
    time, 41 % of them under five (Welsh Government 2015), less the registrations that violence in
    the simulation leads to (assumed). The first review is after three months (well known).
    """
    support: CareEpisodes = CareEpisodes(starts_per_10k=125, mean_years=1.0)
    """Other children with a plan. Source: 270 per 10,000 receive care and support, of whom 42 % are
    looked after and 15 % on the register (Welsh Government 2021); mean duration assumed.
    """
    before_care_days: Amount = 45.0
    """Days from the application to the court to the day a child is looked after, mean, where there
    is one."""
    escalation_rate: Rate = 0.22
    """Share of registered children who are then looked after."""
    care_by_deprivation: tuple[Amount, Amount, Amount, Amount, Amount] = (2.1, 1.2, 0.8, 0.5, 0.3)
    """Factor on children's care by fifth of deprivation, the most deprived first."""
    family_sd: Amount = 1.0
    """Standard deviation of the logarithm of the rate, by the household's proneness to trouble."""


@dataclass(frozen=True)
class NeedFactors:
    """Properties of people on which their demand depends; arrays have one entry per person."""

    ids: Ints
    family: Ints  # household id
    birth_day: Ints
    came_day: Ints  # first day in Wales
    gone_day: Ints  # first day on which nothing can happen to them any more
    lsoa: Ints
    sex: Ints  # index into schema.SEX

    @classmethod
    def of(cls, people: Block) -> NeedFactors:
        """Take the properties from a block."""
        return cls(
            ids=people.person_id,
            family=people.household_id,
            birth_day=people.birth_day,
            came_day=people.came_day,
            # Visitors are ill at home.
            gone_day=np.where(people.visits, ALWAYS, people.gone_day),
            lsoa=people.lsoa,
            sex=people.sex,
        )

    def there(self, row: Ints, day: Ints) -> Mask:
        """Tell which people are born, alive and in Wales on a day.

        Parameters
        ----------
        row
            Rows of people, shape (n,).
        day
            Days since 1970-01-01, shape (n,).
        """
        known = (day > self.birth_day[row]) & (day >= self.came_day[row])
        return np.asarray(known & (day < self.gone_day[row]))


def occasions(count: Ints) -> tuple[Ints, Ints]:
    """Turn counts into rows: the owner of each occasion, and its turn among the owner's."""
    row = np.repeat(np.arange(len(count)), count)
    return row, np.arange(len(row)) - (np.cumsum(count) - count)[row]
