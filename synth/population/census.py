"""Households and the people in them, on the day the study begins.

The census is made for every neighbourhood of a scenario as a whole, in arrays: everybody's
household, sex, age and ethnic group follow from the seed and the neighbourhood alone. A sample
takes whole households out of it, so that samples of different sizes hold the same people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import TargetError
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.core.spec import Spec
from darkfigure.synth.population.ages import people_of
from darkfigure.synth.population.backgrounds import draw_backgrounds
from darkfigure.synth.population.ethnicity import Grouped, draw_groups
from darkfigure.synth.population.households import household_kinds
from darkfigure.synth.population.institutions import OUTSIDE_WALES
from darkfigure.synth.population.sexes import Couples, Sexed, draw_sexes
from darkfigure.synth.setting.geography import UNIT_DWELLINGS, Geography

# Ids leave room for every neighbourhood to grow: number of the LSOA, then the place within it.
ID_SHIFT = 14
ALWAYS = -(1 << 18)  # arrival day of people who were born in Wales or have long lived there


class Population(Spec):
    """Composition of households."""

    couples: Couples = Couples()
    """Composition of couples and lone parents."""


@dataclass(frozen=True)
class Census:
    """Everybody in a scenario's neighbourhoods; households and people are in id order.

    Household arrays have shape (households,), person arrays (persons,). Each resident of a
    communal home counts as a household of one.
    """

    household_lsoa: Ints
    household_number: Ints  # within its LSOA
    household_dwelling: Ints  # number within its LSOA; residents of one communal home share it
    household_home: Ints  # index into schema.HOME
    household_unit: Ints  # postcode with which it comes into a sample
    household_first: Ints  # index of its first person
    household_size: Ints
    household_resident: Mask  # false for households that come during the study, and for visitors
    household_lineage: Ints  # id of the household whose tradition of names it has
    household: Ints  # of each person
    place: Ints  # within the household, 0 = anchor
    role: Ints
    sex: Ints  # 0 female, 1 male
    age_years: Floats
    ethnic: Ints  # index into schema.ETHNIC_GROUP
    background: Ints  # index into schema.ETHNIC_BACKGROUND
    twin: Mask  # born with the person before them in the household
    person_id: Ints
    came_day: Ints  # first day of each person in Wales; ALWAYS where they were born or long there
    gone_day: Ints  # first day on which nothing can happen to each person any more

    @property
    def lsoa(self) -> Ints:
        """Number of each person's LSOA."""
        return self.household_lsoa[self.household]

    @property
    def home(self) -> Ints:
        """Kind of home of each person, an index into schema.HOME."""
        return self.household_home[self.household]

    @property
    def household_id(self) -> Ints:
        """Id of each household."""
        return (self.household_lsoa << ID_SHIFT) | self.household_number

    @property
    def resident(self) -> Mask:
        """Tell for each person whether they live there when the study begins."""
        return self.household_resident[self.household]

    @property
    def household_arrives(self) -> Mask:
        """Tell for each household whether it comes to Wales in the study."""
        return ~self.household_resident & (self.household_home != OUTSIDE_WALES)

    @property
    def visits(self) -> Mask:
        """Tell for each person whether they live outside Wales and only visit it."""
        return np.asarray(self.home == OUTSIDE_WALES)

    def there(self, person: Ints, day: Ints) -> Mask:
        """Tell which people are alive and in Wales on a day of the study, visitors included.

        Parameters
        ----------
        person
            Census indices, shape (n,).
        day
            Days since 1970-01-01, shape (n,) or one for all.

        Returns
        -------
        Shape (n,).
        """
        return np.asarray((day >= self.came_day[person]) & (day < self.gone_day[person]))


def take_census(geography: Geography, lsoas: Ints, spec: Population, chance: Stream) -> Census:
    """Make all people of some neighbourhoods.

    Parameters
    ----------
    geography
        Geography of Wales.
    lsoas
        Numbers of the neighbourhoods, ascending.
    spec
        Composition of households.
    chance
        Stream of this stage; draws are keyed by household and person.
    """
    kinds = household_kinds(geography, lsoas, chance)
    people = people_of(kinds, geography, chance)
    lsoa = kinds.lsoa[people.household]
    person_id = (lsoa << ID_SHIFT) | place_in_runs(lsoa)
    sexed = Sexed(people, person_id, geography.authority[lsoa], kinds.home[people.household])
    grouped = Grouped(people, kinds.lsoa, kinds.lsoa << ID_SHIFT | kinds.number)
    ethnic = draw_groups(grouped, geography, chance)
    return Census(
        household_lsoa=kinds.lsoa,
        household_number=kinds.number,
        household_dwelling=kinds.dwelling,
        household_home=kinds.home,
        household_unit=kinds.lsoa << ID_SHIFT | kinds.number // UNIT_DWELLINGS,
        household_first=people.first,
        household_size=kinds.size,
        household_resident=np.ones(len(kinds.size), bool),
        household_lineage=kinds.lsoa << ID_SHIFT | kinds.number,
        household=people.household,
        place=people.place,
        role=people.role,
        sex=draw_sexes(sexed, geography, spec.couples, chance),
        age_years=people.age,
        ethnic=ethnic,
        background=draw_backgrounds(grouped, ethnic, chance),
        twin=people.twin,
        person_id=person_id,
        came_day=np.full(len(person_id), ALWAYS),
        gone_day=np.full(len(person_id), np.iinfo(np.int64).max),
    )


def sample_households(census: Census, persons: int | None, chance: Stream) -> Ints:
    """Choose whole households until they hold a number of persons, spread over all places.

    Postcodes are taken in a secret order that goes round all neighbourhoods, and households within
    a postcode in turn; a larger sample therefore contains every smaller one. A household that comes
    during the study is taken with the postcode of a household like it, and does not count.

    Parameters
    ----------
    census
        Census of the scenario.
    persons
        Number of people when the study begins, met to within one household; None takes all.
    chance
        Stream of the sample; draws are keyed by postcode.

    Returns
    -------
    Indices of households, ascending.

    Raises
    ------
    TargetError
        The scenario's areas have fewer people.
    """
    everybody = int(census.resident.sum())
    if persons is None or persons == everybody:
        return np.arange(len(census.household_size))
    if persons > everybody:
        raise TargetError(
            f"persons = {persons:,} cannot be taken: the scenario's areas have {everybody:,} "
            "people. Ask for fewer, or for more areas."
        )
    units, household_unit = np.unique(census.household_unit, return_inverse=True)
    turn = _turns(units >> ID_SHIFT, units, chance)[household_unit]
    order = order_of(turn, census.household_number)
    size = np.where(census.household_resident, census.household_size, 0)
    reached = np.cumsum(size[order])
    return np.sort(order[: np.searchsorted(reached, persons) + 1])


def _turns(group: Ints, units: Ints, chance: Stream) -> Floats:
    """Place each unit of a group evenly on [0, 1), in secret order from a secret start."""
    order = order_of(group, chance.uniform("turn", units))
    rank = np.empty(len(units))
    rank[order] = place_in_runs(group)
    size = np.bincount(group)[group]
    return (rank + chance.uniform("start", group)) / size % 1.0
