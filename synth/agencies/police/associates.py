"""Suspects, partners and witnesses for police events: people at home and of the neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from darkfigure.synth.agencies.framework.agency import SimulatedEvents
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.population import ANCHOR, PARTNER, Census
from darkfigure.synth.violence.proneness import proneness

_TRIES = 8  # people considered before the last of them is taken
_COUPLE_APART_YEARS = 15.0  # the most between former partners; assumed

# Readiness to be suspected of a crime, by age; assumed shape of the age-crime curve.
_AGES = np.array([0, 10, 14, 18, 25, 35, 50, 65])
_READINESS = np.array([0.0, 0.2, 0.7, 1.0, 0.8, 0.45, 0.15, 0.03])
_WOMAN = 0.22
_COUPLE_FROM_YEARS = 16  # age of a former partner; assumed


def readiness(census: Census, person: Ints) -> Floats:
    """Give people's readiness to be suspected of a crime, by age and sex.

    Parameters
    ----------
    census
        Census of the scenario.
    person
        Census indices, shape (n,).

    Returns
    -------
    From 0 to 1, shape (n,).
    """
    by_age = _READINESS[np.searchsorted(_AGES, census.age_years[person], side="right") - 1]
    return np.asarray(by_age * np.where(census.sex[person] == 1, 1.0, _WOMAN))


@dataclass(frozen=True)
class Associates:
    """Draws associates of people; draws are keyed by event.

    In the methods, `ids` holds ids of events and `victim` census indices, both of shape (n,); the
    result has census indices of shape (n,).

    Parameters
    ----------
    census
        Census of the scenario.
    chance
        Stream of the events.
    """

    census: Census
    chance: Stream

    @cached_property
    def _lsoa(self) -> tuple[Ints, Ints]:
        """Give each person's LSOA, and the index of each LSOA's first person."""
        lsoa = self.census.lsoa
        return lsoa, np.searchsorted(lsoa, np.arange(lsoa[-1] + 2))

    def partner(self, ids: Ints, victim: Ints) -> Ints:
        """Find the partner at home, or else draw a fitting former partner nearby."""
        census = self.census
        first = census.household_first[census.household[victim]]
        second = first + (census.household_size[census.household[victim]] > 1)
        couple = census.role[second] == PARTNER
        role = census.role[victim]
        partner_of = np.where(role == ANCHOR, second, first)
        away = np.flatnonzero(~(couple & np.isin(role, (ANCHOR, PARTNER))))
        partner_of[away] = self._nearby("former_partner", ids[away], victim[away])
        return partner_of

    def parent(self, child: Ints) -> Ints:
        """Give the anchor of the child's household."""
        return self.census.household_first[self.census.household[child]]

    def witness(self, ids: Ints, victim: Ints) -> Ints:
        """Draw anybody of the neighbourhood; a child is as likely to see something."""
        return self._nearby("witness", ids, victim, anybody=True)

    def _nearby(
        self,
        decision: str,
        ids: Ints,
        other: Ints,
        *,
        anybody: bool = False,
    ) -> Ints:
        lsoa, starts = self._lsoa
        low = starts[lsoa[other]]
        size = starts[lsoa[other] + 1] - low
        chosen = np.empty(len(ids), np.int64)
        rows = np.arange(len(ids))
        for turn in range(_TRIES):
            drawn = self.chance.uniform(decision, ids[rows], draw=2 * turn)
            tried = low[rows] + (drawn * size[rows]).astype(np.int64)
            # Nobody is their own associate: take the next person.
            after = low[rows] + (tried - low[rows] + 1) % size[rows]
            tried = np.where(tried == other[rows], after, tried)
            chosen[rows] = tried
            if anybody or not len(rows):
                break
            luck = self.chance.uniform(decision, ids[rows], draw=2 * turn + 1)
            rows = rows[luck >= self._couple(other[rows], tried)]
        return chosen

    def _couple(self, victim: Ints, other: Ints) -> Floats:
        census = self.census
        apart = np.abs(census.age_years[victim] - census.age_years[other])
        fits = (census.sex[victim] != census.sex[other]) & (apart < _COUPLE_APART_YEARS)
        return np.asarray(fits & (census.age_years[other] >= _COUPLE_FROM_YEARS), float)


@dataclass(frozen=True)
class Suspects:
    """Draws suspects of crimes by people of the neighbourhood; the same few offend again.

    Parameters
    ----------
    census
        Census of the scenario.
    weight
        Everybody's readiness, added up in census order with a leading 0.
    chance
        Stream of the events; draws are keyed by event.
    """

    census: Census
    weight: Floats
    chance: Stream

    @classmethod
    def of(cls, simulated: SimulatedEvents, offending_sd: float, chance: Stream) -> Suspects:
        """Weigh everybody by age, sex and lasting readiness.

        Parameters
        ----------
        simulated
            The simulated events.
        offending_sd
            Standard deviation of the log of that readiness, as proneness moves it.
        chance
            Stream of the events.
        """
        census = simulated.victims.census
        everybody, home = np.arange(len(census.person_id)), census.household
        prone = proneness(census.person_id, census.household_id[home], simulated.chance)
        own = readiness(census, everybody) * np.exp(offending_sd * prone)
        return cls(census, np.append(0.0, np.cumsum(own)), chance)

    def draw(self, ids: Ints, victim: Ints) -> Ints:
        """Give the suspect of each event; never the victim.

        Parameters
        ----------
        ids
            Ids of events, shape (n,).
        victim
            Census indices, shape (n,).

        Returns
        -------
        Census indices, shape (n,).
        """
        lsoa = self.census.lsoa
        own = lsoa[victim]
        first, end = np.searchsorted(lsoa, own), np.searchsorted(lsoa, own, side="right")
        low, high = self.weight[first], self.weight[end]
        drawn = low + self.chance.uniform("suspect", ids) * (high - low)
        place = np.searchsorted(self.weight, drawn, side="right") - 1
        place = np.clip(place, first, end - 1)
        after = first + (place - first + 1) % (end - first)
        return np.where(place == victim, after, place)
