"""Acts of violence: victims, offenders, times, places and injuries.

People differ in their proneness to suffer violence, and the same proneness makes offenders. So
victims are harmed again, and victims and offenders overlap. Acts come in episodes (`episodes`): a
single act, or a series by the same offender. An act has circumstances (`circumstances`) and an
offender who is a person of the simulation (`offenders`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Spec
from darkfigure.synth.population import CHILD, PARTNER, Census
from darkfigure.synth.schema import RELATIONSHIP, coded
from darkfigure.synth.setting.calendar import Period
from darkfigure.synth.setting.geography import Geography
from darkfigure.synth.violence.circumstances import Acts, describe
from darkfigure.synth.violence.episodes import KINDS, Hazards, begin_episodes, follow_episodes
from darkfigure.synth.violence.offenders import Pool, choose_offenders, relate


class Scale(Spec):
    """Factors on the rates at which episodes of each kind of violence begin."""

    stranger: Amount = 1.0
    acquaintance: Amount = 1.0
    partner: Amount = 1.0
    family: Amount = 1.0
    child: Amount = 1.0
    night: Amount = 1.0
    robbery: Amount = 1.0
    work: Amount = 1.0
    school: Amount = 1.0
    harassment: Amount = 1.0


class Violence(Spec):
    """The amount of violence; the tables `violence_*` give rates and mixes, all assumed."""

    scale: Scale = Scale()
    deprivation: tuple[Amount, Amount, Amount, Amount, Amount] = (1.5, 1.15, 0.95, 0.8, 0.65)
    """Factor by fifth of deprivation, the most deprived first; shaped after the CSEW's gradient."""
    rural: Amount = 0.96
    """Factor in rural places, so that admissions of towns and villages differ as published."""
    domestic_rural: Amount = 0.75
    """Factor in rural places on abuse by partners and kin (ONS 2019: urban 6.0 %, rural 4.2 %)."""
    domestic_deprivation: Amount = 0.5
    """Power of the gradient by deprivation where abuse by partners and kin is concerned."""
    lone_parent: Amount = 1.0
    """Factor on abuse of lone parents by partners."""
    frailty_sd: Amount = 1.0
    """Standard deviation of the log of a person's own proneness to suffer violence."""
    offending_sd: Amount = 1.2
    """The same proneness as it bears on offending: standard deviation of the log of readiness."""


@dataclass(frozen=True)
class Victims:
    """People whose victimisation is simulated: all of a sample, in census order."""

    census: Census
    person: Ints  # indices in the census

    @classmethod
    def of(cls, census: Census, households: Ints) -> Victims:
        """Take everybody in some households.

        Parameters
        ----------
        census
            Census of the scenario.
        households
            Census indices of the sample's households.
        """
        chosen = np.zeros(len(census.household_size), bool)
        chosen[households] = True
        return cls(census, np.flatnonzero(chosen[census.household]))


def simulate_violence(
    victims: Victims, geography: Geography, period: Period, spec: Violence, chance: Stream
) -> pa.Table:
    """Draw each person's incidents over the study period.

    Parameters
    ----------
    victims
        People whose incidents are drawn.
    geography
        Geography of Wales.
    period
        Period of the study.
    spec
        The amount of violence.
    chance
        Stream of this stage; draws are keyed by person, episode and incident.

    Returns
    -------
    One row per incident, sorted by `incident_id`; `victim` and `offender` are census indices,
    `lsoa` the number of the neighbourhood, `occurred_s` seconds since 1970-01-01.

    References
    ----------
    Levels follow the Crime Survey for England and Wales (prevalence of violence and of domestic
    abuse, half of incidents without injury) and the emergency-department rate of South Wales
    2014-16 (3.9 per 1,000 and year, Gray 2017) with its mix by relationship and place; see
    `reference/SOURCES.md`. Rates by age and sex are assumed.
    """
    census = victims.census
    proneness = chance.normal("frailty", census.person_id)
    hazards = _hazards(victims, geography, spec, proneness)
    episodes = begin_episodes(hazards, period, chance)
    acts = follow_episodes(episodes, period, chance)
    victim = victims.person[episodes.row]
    relation = relate(census, episodes.ids, episodes.kind, victim, chance.stage("offenders"))
    pool = Pool.of(census, geography, np.exp(spec.offending_sd * proneness))
    offender = choose_offenders(pool, relation, chance.stage("offenders"))
    about = Acts(
        ids=acts.ids,
        episode=episodes.kind[acts.episode],
        turn=acts.turn,
        age_years=census.age_years[victim][acts.episode],
        relationship=relation.relationship[acts.episode],
    )
    return pa.table(
        {
            "incident_id": acts.ids,
            "victim": victim[acts.episode],
            "offender": offender[acts.episode],
            "series_id": episodes.ids[acts.episode],
            "series_turn": acts.turn + 1,
            "relationship": coded(about.relationship, RELATIONSHIP),
            "occurred_s": acts.occurred_s,
            "lsoa": census.household_lsoa[census.household[victim]][acts.episode],
            **describe(about, chance),
        }
    )


def _hazards(victims: Victims, geography: Geography, spec: Violence, proneness: Floats) -> Hazards:
    """Give each person's factors on the rates at which episodes begin."""
    census, person = victims.census, victims.person
    lsoa = census.household_lsoa[census.household[person]]
    gradient = np.array([1.0, *spec.deprivation])[geography.quintile]
    public = gradient * np.where(geography.rural, spec.rural, 1.0)
    at_home = gradient**spec.domestic_deprivation
    at_home *= np.where(geography.rural, spec.domestic_rural, 1.0)
    frailty = np.exp(spec.frailty_sd * proneness[person] - spec.frailty_sd**2 / 2)
    household = census.household
    has_partner = np.bincount(household, census.role == PARTNER, len(census.household_size)) > 0
    has_child = np.bincount(household, census.role == CHILD, len(census.household_size)) > 0
    alone = (has_child & ~has_partner)[household[person]] & (census.place[person] == 0)
    return Hazards(
        person_id=census.person_id[person],
        sex=census.sex[person],
        age_years=census.age_years[person],
        public_factor=public[lsoa] * frailty,
        domestic_factor=at_home[lsoa] * frailty,
        partner_factor=np.where(alone, spec.lone_parent, 1.0),
        scale=np.array([getattr(spec.scale, name) for name in KINDS]),
    )
