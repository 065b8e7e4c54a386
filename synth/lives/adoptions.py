"""Adoptions from care: when children got new parents, and came to live with them."""

from __future__ import annotations

from typing import Self

import numpy as np
from pydantic import model_validator

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.lives.fates import NEVER
from darkfigure.synth.population import Census
from darkfigure.synth.population.families import CHILD, GROWN_CHILD
from darkfigure.synth.setting.birthdays import birth_days
from darkfigure.synth.setting.calendar import DAYS_A_YEAR


class Adoptions(Spec):
    """Rates of adoption from care."""

    adopted_rate: Rate = 0.0105
    """Children who are adopted from care before they are grown up. Source: StatsWales, 312 to 385 a
    year in 2014 to 2017, among some 33,000 births a year.
    """
    from_age: tuple[int, ...] = (0, 1, 5, 10)
    """Ages from which the share below differs; the last span ends with the one below."""
    at_age: tuple[Rate, ...] = (0.05, 0.75, 0.18, 0.02)
    """Share of adoptions from each of these ages; assumed."""
    until_age: int = 16
    """Age before which they are adopted; assumed, the law allows it until 18."""
    placed_days: Amount = 270.0
    """Days from coming to live with the new parents to the order; assumed, ten weeks are least."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.from_age) != len(self.at_age):
            raise ValueError("from_age must have as many entries as at_age")
        return self


def adopted_days(census: Census, start: int, spec: Adoptions, chance: Stream) -> Ints:
    """Draw the days on which children of the census were or will be adopted.

    Parameters
    ----------
    census
        Everybody; adopted children live with their new parents.
    start
        First day of the study, since 1970-01-01.
    spec
        Rates of adoption.
    chance
        Stream of the lives; draws are keyed by person.

    Returns
    -------
    Shape (persons,), NEVER for most.
    """
    child = np.flatnonzero(np.isin(census.role, (CHILD, GROWN_CHILD)))
    child = child[chance.happens("adopted", census.person_id[child], spec.adopted_rate)]
    ids = census.person_id[child]
    ages = np.array([*spec.from_age, spec.until_age])
    step = chance.pick("adopted_at_age", ids, spec.at_age)
    years = ages[step] + np.diff(ages)[step] * chance.uniform("adopted_day", ids)
    day = np.full(len(census.person_id), NEVER)
    born = birth_days(census.age_years[child], start)
    day[child] = born + (years * DAYS_A_YEAR).astype(np.int64)
    return day
