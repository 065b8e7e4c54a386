"""A block of households, taken out of the census to be worked on together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.lives.fates import NEVER
from darkfigure.synth.lives.life_courses import LifeCourses
from darkfigure.synth.population import ALWAYS
from darkfigure.synth.population.families import CHILD
from darkfigure.synth.population.institutions import OUTSIDE_WALES
from darkfigure.synth.setting.birthdays import birth_days
from darkfigure.synth.setting.calendar import DAYS_A_YEAR


@dataclass(frozen=True)
class Block:
    """The people of some households: residents in census order, then children born in the study.

    Arrays have one entry per person; days count from 1970-01-01. Children born in the study have
    numbers in `person` that no resident of the census has.
    """

    person: Ints
    person_id: Ints
    home: Ints  # census index of the household
    home_kind: Ints  # index into schema.HOME
    household: Ints  # row of the household in the block
    household_id: Ints
    first: Ints  # row of the household's anchor, per person
    mother: Ints  # row of the mother of a child born in the study, else -1
    sex: Ints
    birth_day: Ints
    came_day: Ints  # first day in Wales; long ago for people who did not come from elsewhere
    gone_day: Ints  # first day on which nothing can happen to them any more
    death_day: Ints
    age: Floats  # years when the study begins; negative for children born in it
    ethnic: Ints
    background: Ints
    lsoa: Ints
    role: Ints

    @property
    def residents(self) -> int:
        """Number of people who were there when the study began; they come first."""
        return int((self.mother < 0).sum())

    @property
    def span(self) -> tuple[int, int]:
        """Census indices of the first resident, and of the one after the last."""
        return int(self.person[0]), int(self.person[self.residents - 1]) + 1

    def holds(self, person: Ints) -> Mask:
        """Tell which people, given by census index, are in this block."""
        return places(person, self.person) >= 0

    @property
    def visits(self) -> Mask:
        """Tell for each person whether they live outside Wales and only visit it."""
        return np.asarray(self.home_kind == OUTSIDE_WALES)

    def lives_there(self, row: Ints, day: Ints) -> Mask:
        """Tell which people are born, alive and living in Wales on a day.

        Parameters
        ----------
        row
            Rows of people, shape (n,).
        day
            Days since 1970-01-01, shape (n,) or one for all.

        Returns
        -------
        Shape (n,).
        """
        here = (day >= self.known_from[row]) & (day < self.gone_day[row])
        return np.asarray(here & ~self.visits[row])

    @property
    def known_from(self) -> Ints:
        """First day on which anybody in Wales can know of them."""
        return np.maximum(self.birth_day, self.came_day)


def take_block(life_courses: LifeCourses, households: Ints, start: int) -> Block:
    """Take households on the day the study begins, with the children born to them in it.

    Parameters
    ----------
    life_courses
        Life courses of everybody.
    households
        Census indices, ascending.
    start
        First day of the study, in days since 1970-01-01.
    """
    census, births = life_courses.census, life_courses.births
    size = census.household_size[households]
    row = np.repeat(np.arange(len(households)), size)
    starts = np.cumsum(size) - size
    person = census.household_first[households][row] + np.arange(len(row)) - starts[row]
    # Births are in the order of their mothers, so the births of a block are found by searching.
    low, high = (
        np.searchsorted(births.mother, [person[0], person[-1] + 1]) if len(person) else (0, 0)
    )
    mother = places(births.mother[low:high], person)
    born, mother = low + np.flatnonzero(mother >= 0), mother[mother >= 0]
    home = np.concatenate([households[row], households[row[mother]]])
    household = np.concatenate([row, row[mother]])
    birth_day = np.concatenate([birth_days(census.age_years[person], start), births.day[born]])
    leaves = life_courses.ends.departure_day[person]
    never = np.full(len(born), NEVER)  # deaths of infants are left out
    death = np.concatenate([life_courses.ends.death_day[person], never])
    return Block(
        person=np.concatenate([person, len(census.person_id) + born]),
        person_id=np.concatenate([census.person_id[person], births.person_id[born]]),
        home=home,
        home_kind=census.household_home[home],
        household=household,
        household_id=census.household_id[home],
        first=starts[household],
        mother=np.concatenate([np.full(len(person), -1), mother]),
        sex=np.concatenate([census.sex[person], births.sex[born]]),
        birth_day=birth_day,
        came_day=np.concatenate([census.came_day[person], np.full(len(born), ALWAYS)]),
        gone_day=np.minimum(np.concatenate([leaves, leaves[mother]]), death),
        death_day=death,
        age=np.concatenate([census.age_years[person], (start - births.day[born]) / DAYS_A_YEAR]),
        ethnic=np.concatenate([census.ethnic[person], births.ethnic[born]]),
        background=np.concatenate([census.background[person], births.background[born]]),
        lsoa=census.household_lsoa[home],
        role=np.concatenate([census.role[person], np.full(len(born), CHILD)]),
    )
