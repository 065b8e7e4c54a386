"""Rates and distances of moves, and the data that a plan of moves is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import model_validator

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.lives.couples import NewCouples
from darkfigure.synth.lives.fates import Ends
from darkfigure.synth.lives.vacancies import DWELLINGS, OUTSIDE
from darkfigure.synth.population import Census
from darkfigure.synth.population.institutions import OUTSIDE_WALES
from darkfigure.synth.population.kin import Kin
from darkfigure.synth.setting.geography import wales


class Moves(Spec):
    """Rates and distances of moves."""

    from_age: tuple[int, ...] = (0, 20, 25, 30, 35, 45, 55, 65, 75)
    """Ages of the household's anchor at which its rate of moving changes."""
    a_year: tuple[Amount, ...] = (
        0.204,
        0.235,
        0.173,
        0.112,
        0.0694,
        0.0408,
        0.0306,
        0.0235,
        0.0275,
    )
    """Moves of a household a year from each of these ages; the profile is assumed, its level such
    that 8.3 % of people move in a year. Source: Census 2021, level.
    """
    sharers: Amount = 2.0
    """Factor on the rate of people who share a house."""
    leaving_from_age: tuple[int, ...] = (0, 20, 25, 30)
    """Ages at which the rate of leaving home changes."""
    leaves_a_year: tuple[Amount, ...] = (0.22, 0.17, 0.14, 0.05)
    """Grown children and sharers who leave on their own, from each of these ages."""
    separates_a_year: Amount = 0.011
    """Couples younger than 60."""
    man_leaves_rate: Rate = 0.65
    """Separations after which the man moves out."""
    joins_rate: Rate = 1.0
    """Partners, elders and sharers who came to their household later than its first people; the
    others count as having been there from the beginning.
    """
    from_abroad_a_year: Amount = 0.0053
    """Households that came before the study, as a share of all. Source: Census 2021, people."""
    new_couples: NewCouples = NewCouples()
    """Couples of people who leave home."""
    same_neighbourhood_rate: Rate = 0.25
    """Moves within the neighbourhood."""
    same_authority_rate: Rate = 0.45
    """Moves to another neighbourhood of the local authority."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for ages, rates in (
            (self.from_age, self.a_year),
            (self.leaving_from_age, self.leaves_a_year),
        ):
            if len(ages) != len(rates) or ages[:1] != (0,):
                raise ValueError("ages must begin with 0 and have as many entries as rates")
            if list(ages) != sorted(set(ages)):
                raise ValueError("ages must ascend")
        if self.same_neighbourhood_rate + self.same_authority_rate > 1:
            raise ValueError("same_neighbourhood_rate and same_authority_rate exceed 1 together")
        return self


@dataclass(frozen=True)
class Moving:
    """Data from which a plan of moves is made."""

    census: Census
    kin: Kin
    ends: Ends
    window: tuple[int, int, int]  # first day of histories, first and last day of the study
    spec: Moves
    chance: Stream

    @property
    def home(self) -> Ints:
        """Place where the census found each household, or that of its model for a later arrival.

        Visitors are at home outside Wales.
        """
        census = self.census
        place = census.household_lsoa * DWELLINGS + census.household_dwelling
        return np.where(census.household_home == OUTSIDE_WALES, OUTSIDE, place)

    @property
    def came_day(self) -> Ints:
        """The day on which each household came to Wales, if in the study."""
        return self.census.came_day[self.census.household_first]


def destination(key: Ints, place: Ints, moving: Moving) -> Ints:
    """Draw the neighbourhood of a move: the same, one of the authority, or anywhere.

    Parameters
    ----------
    key
        Key of each draw, shape (n,).
    place
        Place before the move, shape (n,): LSOA number and dwelling in one.
    moving
        Rates and distances, and the stream.

    Returns
    -------
    Number of the LSOA, shape (n,).
    """
    geography, spec, chance = wales(), moving.spec, moving.chance
    lsoa, reach = place // DWELLINGS, chance.uniform("reach", key)
    edges = np.concatenate([[0], np.cumsum(geography.households)])
    authority = geography.authority[lsoa]
    low = edges[np.searchsorted(geography.authority, authority)]
    high = edges[np.searchsorted(geography.authority, authority, side="right")]
    far = reach >= spec.same_neighbourhood_rate + spec.same_authority_rate
    low, high = np.where(far, 0, low), np.where(far, edges[-1], high)
    drawn = low + chance.uniform("neighbourhood", key) * (high - low)
    chosen = np.searchsorted(edges, drawn, side="right") - 1
    return np.where(reach < spec.same_neighbourhood_rate, lsoa, chosen)
