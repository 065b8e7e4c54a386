"""Births, deaths and departures from Wales during the study, drawn for everybody at once."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.population import ID_SHIFT, Census
from darkfigure.synth.population.backgrounds import mixed_background
from darkfigure.synth.population.ethnicity import MIXED, WHITE
from darkfigure.synth.population.families import ANCHOR, CHILD, GROWN_CHILD, PARTNER, RESIDENT
from darkfigure.synth.population.institutions import CARE_HOME
from darkfigure.synth.population.kin import Kin
from darkfigure.synth.setting.birthdays import moved_to_birth_days
from darkfigure.synth.setting.calendar import DAYS_A_YEAR, Period

NEVER = 1 << 18  # a day in the 27th century
FIRST_BIRTH = 3 << (ID_SHIFT - 2)  # place in the LSOA of the first child born in the study

# Yearly risk of death by age, both sexes; shaped as English life tables are, level set to 36,135
# deaths in Wales in 2021 (well known). Men's is higher and women's lower by the factor.
_DEATH_AGE = np.array([0, 1, 5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 105])
_DEATH_A_YEAR = np.array(
    [4e-3, 2e-4, 9e-5, 3e-4, 6e-4, 1.1e-3, 2.4e-3, 5.3e-3, 1.25e-2, 3.4e-2, 0.105, 0.26, 0.5]
)
_MEN, _WOMEN, _IN_CARE = 1.023, 0.712, 1.8  # factors; assumed
_MOTHER_MEAN, _MOTHER_SD = 28.9, 5.9  # years at a birth; 30.3 is well known, spread assumed
_ROOT_TWO_PI = 2.5066  # of the normal density; no rate
_MOTHER_AGES = (13.5, 55)  # years when the study begins; beyond them births hardly occur (assumed)
_IN_COUPLE, _ALONE = 2.25, 0.65  # factors on the birth rate; assumed
_NEXT_BIRTH_YEARS = 1.5  # since the youngest child at home; assumed
_SAME_EGG_RATE = 0.33  # of twins, who then share their sex. Source: well known
_MOST_BORN = 4  # keys the children of one birth; no rate
_BOY_RATE = 0.512  # of births. Source: ONS, births in England and Wales, well known


class Fates(Spec):
    """Rates of birth and death."""

    births_a_woman: Amount = 1.5
    """Total fertility rate. Source: Wales 2021, well known."""
    multiple_rate: Rate = 0.0144
    """Share of maternities, 0.0135 to 0.0155. Source: ONS, well known."""
    triplet_rate: Rate = 0.015
    """Share of multiple births. Source: well known."""
    deaths: Amount = 1.0
    """Factor on the risk of death, which gives 36,135 deaths in a year. Source: Wales 2021, well
    known.
    """


@dataclass(frozen=True)
class Births:
    """Children born in the study, in order of their mothers; arrays have one entry per child."""

    mother: Ints  # census index
    day: Ints
    sex: Ints
    ethnic: Ints
    background: Ints
    person_id: Ints
    twin: Mask  # born with the child before

    def where(self, chosen: Mask) -> Births:
        """Take some children."""
        return Births(*(getattr(self, field.name)[chosen] for field in fields(self)))


@dataclass(frozen=True)
class Ends:
    """Days on which people die or leave; arrays have one entry per person of the census."""

    death_day: Ints  # NEVER for survivors of the study
    departure_day: Ints  # of the household, NEVER if it stays
    killed: Mask  # by somebody, on a day on which that and more can happen to them

    @property
    def gone_day(self) -> Ints:
        """First day on which nothing can happen to a person any more."""
        return np.minimum(self.death_day + self.killed, self.departure_day)


def draw_ends(census: Census, period: Period, spec: Fates, leaving: Floats, chance: Stream) -> Ends:
    """Draw the days on which people die and households leave Wales.

    Parameters
    ----------
    census
        Census of the scenario.
    period
        Period of the study.
    spec
        Rates of death.
    leaving
        Yearly rate at which each household leaves Wales, shape (households,).
    chance
        Stream of the lives; draws are keyed by person and household.
    """
    middle = census.age_years + np.minimum(period.years, 3) / 2
    risk = np.exp(np.interp(middle, _DEATH_AGE, np.log(_DEATH_A_YEAR))) * spec.deaths
    risk *= np.where(census.sex == 1, _MEN, _WOMEN)
    risk *= np.where(census.home == CARE_HOME, _IN_CARE, 1.0)
    risk *= ~census.visits  # their deaths are registered where they live
    waits = chance.exponential("death", census.person_id)
    death = day_after(waits, risk, period, census.came_day)
    waits, came = chance.exponential("leaves_wales", census.household_id), census.came_day
    leaves = day_after(waits, leaving, period, came[census.household_first])
    return Ends(death, leaves[census.household], np.zeros(len(death), bool))


def day_after(waits: Floats, rate: Floats, period: Period, since: Ints | None = None) -> Ints:
    """Give the day after a wait at a yearly rate.

    Parameters
    ----------
    waits
        Exponential draws with mean 1, shape (n,).
    rate
        Events a year, shape (n,).
    period
        Period of the study; the wait begins with it.
    since
        Day on which the wait begins instead, if that is later; shape (n,).

    Returns
    -------
    Days since 1970-01-01, shape (n,); NEVER beyond the study.
    """
    days = np.minimum(waits / np.maximum(rate, 1e-12) * DAYS_A_YEAR, NEVER)
    begins = period.start if since is None else np.maximum(since, period.start)
    day = begins + 1 + days.astype(np.int64)
    return np.where(day < period.end, day, NEVER)


def draw_births(
    census: Census, kin: Kin, ends: Ends, period: Period, spec: Fates, chance: Stream
) -> Births:
    """Draw the children born in the study.

    A woman has at most one maternity in the study, and her children are a pregnancy apart at least.

    Parameters
    ----------
    census
        Census of the scenario.
    kin
        Ties to children who live with their other parent.
    ends
        Deaths and departures of everybody.
    period
        Period of the study.
    spec
        Rates of birth.
    chance
        Stream of the lives; draws are keyed by mother.
    """
    mother, day = _maternities(census, kin, ends, period, spec, chance)
    ids = census.person_id[mother]
    multiple = chance.happens("multiple", ids, spec.multiple_rate)
    triplet = multiple & chance.happens("triplet", ids, spec.triplet_rate)
    count = 1 + multiple + triplet
    row = np.repeat(np.arange(len(mother)), count)
    turn = np.arange(len(row)) - (np.cumsum(count) - count)[row]
    alike = chance.happens("same_egg", ids[row], _SAME_EGG_RATE)
    of_child = ids[row] * _MOST_BORN + np.where(alike, 0, turn)
    sex = chance.happens("birth_sex", of_child, _BOY_RATE)
    lsoa = census.lsoa[mother][row]
    place = place_in_runs(lsoa)
    ethnic, background = _origins(census, mother)
    return Births(
        mother=mother[row],
        day=day[row],
        sex=sex.astype(np.int64),
        ethnic=ethnic[row],
        background=background[row],
        person_id=lsoa << ID_SHIFT | FIRST_BIRTH + place,
        twin=turn > 0,
    )


def _maternities(
    census: Census, kin: Kin, ends: Ends, period: Period, spec: Fates, chance: Stream
) -> tuple[Ints, Ints]:
    """Draw the women who give birth, as census indices, and the days."""
    age, (low, high) = census.age_years, _MOTHER_AGES
    woman = np.flatnonzero((census.sex == 0) & (age < high) & (age > low))
    woman = woman[np.isin(census.role[woman], (RESIDENT, CHILD), invert=True)]
    age = census.age_years[woman] + period.years / 2
    density = np.exp(-(((age - _MOTHER_MEAN) / _MOTHER_SD) ** 2) / 2) / (_MOTHER_SD * _ROOT_TWO_PI)
    rate = spec.births_a_woman * density * np.where(_coupled(census)[woman], _IN_COUPLE, _ALONE)
    ids = census.person_id[woman]
    day = day_after(chance.exponential("birth", ids), rate, period, census.came_day[woman])
    born = np.flatnonzero(day < period.end)
    moment = day[born] + chance.uniform("birth_hour", ids[born])
    day[born] = moved_to_birth_days(moment, period.start + 1, period.end)
    day[born] = np.maximum(day[born], census.came_day[woman[born]] + 1)
    since = _youngest(census, kin)[woman] + (day - period.start) / DAYS_A_YEAR
    gives = (day < ends.gone_day[woman]) & (day < period.end) & (since > _NEXT_BIRTH_YEARS)
    return woman[gives], day[gives]


def _youngest(census: Census, kin: Kin) -> Floats:
    """Give the age of everybody's youngest child, at home or with the other parent."""
    young = np.where(np.isin(census.role, (CHILD, GROWN_CHILD)), census.age_years, np.inf)
    of_household = np.minimum.reduceat(young, census.household_first)
    parent = np.isin(census.role, (ANCHOR, PARTNER))
    own = np.where(parent, of_household[census.household], np.inf)
    apart = np.flatnonzero(kin.other_parent >= 0)
    np.minimum.at(own, kin.other_parent[apart], of_household[apart])
    return own


def _coupled(census: Census) -> Mask:
    """Tell which people live together as a couple of a woman and a man."""
    partner = np.flatnonzero(census.role == PARTNER)
    mixed = partner[census.sex[partner] != census.sex[partner - 1]]
    coupled = np.zeros(len(census.role), bool)
    coupled[mixed] = coupled[mixed - 1] = True
    return coupled


def _origins(census: Census, mother: Ints) -> tuple[Ints, Ints]:
    """Give children their parents' group and background, or mixed ones if the parents differ."""
    coupled = _coupled(census)[mother]
    other = np.where(census.role[mother] == PARTNER, mother - 1, mother + 1)
    other = np.minimum(other, len(census.ethnic) - 1)
    two = coupled & (census.ethnic[other] != census.ethnic[mother])
    ethnic = np.where(two, MIXED, census.ethnic[mother])
    second = np.where(census.ethnic[mother] == WHITE, other, mother)
    background = mixed_background(census.background[second])
    return ethnic, np.where(two, background, census.background[mother])
