"""A block of households, taken out of the census to be worked on together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.calendar import DAYS_A_YEAR
from synth.population import Census

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Block:
    """The people of some households, in census order; arrays have one entry per person."""

    person: Ints
    person_id: Ints
    household: Ints  # row of the household in the block
    household_id: Ints
    first: Ints  # row of the household's anchor, per person
    sex: Ints
    birth_day: Ints
    age: Floats
    ethnic: Ints
    lsoa: Ints
    role: Ints


def take_block(census: Census, households: Ints, start: int) -> Block:
    """Take households, given by ascending census index, on the day the study begins."""
    size = census.household_size[households]
    household = np.repeat(np.arange(len(households)), size)
    starts = np.cumsum(size) - size
    place = np.arange(len(household)) - starts[household]
    person = census.household_first[households][household] + place
    person_id = census.person_id[person]
    age = census.age_years[person]
    return Block(
        person=person,
        person_id=person_id,
        household=household,
        household_id=census.household_id[households][household],
        first=starts[household],
        sex=census.sex[person],
        birth_day=birth_days(age, start),
        age=age,
        ethnic=census.household_ethnic[households][household],
        lsoa=census.household_lsoa[households][household],
        role=census.role[person],
    )


def birth_days(age_years: Floats, start: int) -> Ints:
    """Give the birthdays of people of given ages on the day the study begins."""
    return start - np.floor(age_years * DAYS_A_YEAR).astype(np.int64) - 1
