"""Demand for services besides violence: illness, accidents, and the care of children.

Demand belongs to the people and not to an agency. So an attendance that ends in an admission is the
same event to the department and to the ward, and a care order the same to the court and to
children's services. Each is a function of the seed and the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Positive, Rate, Spec
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.setting.calendar import DAYS_A_YEAR, Period
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.violence.proneness import household_proneness

ADULT_YEARS = 18  # of majority. Source: well known
_MOST_EPISODES = 3  # of one kind and child; assumed
_UNDER_5_SHARE = 0.26  # of children under 18, rounded. Source: ONS, mid-2020 estimates
ILLNESS, ACCIDENT, TRAFFIC, SPORT, SELF_HARM = range(5)
LOOKED_AFTER, PROTECTION, SUPPORT = range(3)
ORDER_RATE = 0.82  # of looked-after children. Source: Welsh Government 2022-23
_KINDS = ("looked_after", "protection", "support")
_SETTLED_AFTER = 4  # mean lengths of an episode, after which the stock is settled; assumed
_UNDER_YEARS = 5  # the age below which `under_5_factor` holds; the factor's own bound, assumed


class CareEpisodes(Spec):
    """Rate and duration of one kind of children's care."""

    starts_per_10k: Amount
    """Episodes that begin, per 10,000 children under 18 and year."""
    mean_years: Positive
    """Duration, mean, unless the child turns 18."""
    under_5_factor: Positive = 1.0
    """Rate of starts under the age of five, relative to older children."""


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
    elsewhere_rate: Rate = 0.12
    """Share of attendances at another site of the health board than the nearest major one."""
    planned_admissions_a_year: Amount = 0.05
    """Planned admissions, per person; births and most day cases left out."""
    looked_after: CareEpisodes = CareEpisodes(starts_per_10k=33, mean_years=5.0)
    """Children looked after. Source: just under 2,000 starts a year (2023-24) and 116.3 per 10,000
    at a time (2023), Welsh Government; five years if durations are exponential and end at 18.
    """
    protection: CareEpisodes = CareEpisodes(starts_per_10k=62, mean_years=0.69, under_5_factor=2.4)
    """Children on the protection register. Source: 4,435 registrations a year, 47 per 10,000 at a
    time, 41 % of them under five (Welsh Government 2015), less the registrations that violence in
    the simulation leads to (assumed).
    """
    support: CareEpisodes = CareEpisodes(starts_per_10k=117, mean_years=1.0)
    """Other children with a plan. Source: 270 per 10,000 receive care and support, of whom 42 % are
    looked after and 15 % on the register (Welsh Government 2021); mean duration assumed.
    """
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
            gone_day=people.gone_day,
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


@dataclass(frozen=True)
class Care:
    """Episodes of children's care; arrays have one entry per episode."""

    row: Ints  # of the child
    ids: Ints  # below 2**31
    kind: Ints  # LOOKED_AFTER, PROTECTION or SUPPORT
    start: Ints
    end: Ints  # day after the last; may lie beyond the study


def occasions(count: Ints) -> tuple[Ints, Ints]:
    """Turn counts into rows: the owner of each occasion, and its turn among the owner's."""
    row = np.repeat(np.arange(len(count)), count)
    return row, np.arange(len(row)) - (np.cumsum(count) - count)[row]


def care_episodes(people: NeedFactors, period: Period, needs: Needs, chance: Stream) -> Care:
    """Draw the children's care that touches the study, in order of kind and child.

    Parameters
    ----------
    people
        Properties of the people.
    period
        Period of the study.
    needs
        Rates of the demand.
    chance
        The world's stream; draws are keyed by child and by family.
    """
    world, chance = chance, chance.stage("needs")
    child = np.flatnonzero(period.start - people.birth_day < (ADULT_YEARS + 1) * DAYS_A_YEAR)
    prone = _proneness(people, child, needs, world)
    kinds = [
        _episodes(people, child, prone, period, (number, needs), chance)
        for number in range(len(_KINDS))
    ]
    return Care(
        *(
            np.concatenate([getattr(part, name) for part in kinds])
            for name in ("row", "ids", "kind", "start", "end")
        )
    )


def under_order(ids: Ints, chance: Stream) -> Mask:
    """Tell which children are looked after under a court's order.

    Parameters
    ----------
    ids
        Ids of the episodes, shape (n,).
    chance
        The world's stream.
    """
    return chance.stage("needs").happens("care_order", ids, ORDER_RATE)


def _proneness(people: NeedFactors, child: Ints, needs: Needs, chance: Stream) -> Floats:
    """Give each child's factor on the rates: the neighbourhood's times the family's own."""
    level = _deprivation(needs.care_by_deprivation)[wales().quintile[people.lsoa[child]] - 1]
    spread = needs.family_sd
    return np.asarray(
        level * np.exp(spread * household_proneness(people.family[child], chance) - spread**2 / 2)
    )


@cache
def _deprivation(factors: tuple[float, ...]) -> Floats:
    """Scale factors by fifth of deprivation so that their mean over Wales's children is 1."""
    geography = wales()
    young = sum(geography.age_share(band) for band in ("0_4", "5_10", "11_15", "16_17"))
    children = np.bincount(geography.quintile - 1, young * geography.residents, 5)
    weights = np.asarray(factors)
    return np.asarray(weights * children.sum() / (children @ weights))


def _episodes(
    people: NeedFactors,
    child: Ints,
    prone: Floats,
    period: Period,
    kind_and_needs: tuple[int, Needs],
    chance: Stream,
) -> Care:
    """Draw the episodes of one kind, from years before the study, so that the stock is settled."""
    kind, needs = kind_and_needs
    spec: CareEpisodes = getattr(needs, _KINDS[kind])
    chance = chance.stage(_KINDS[kind])
    back = min(_SETTLED_AFTER * spec.mean_years, ADULT_YEARS)
    span = period.end - period.start + round(back * DAYS_A_YEAR)
    # Drawn at the higher of the two rates by age, then thinned to each child's own.
    young, most = spec.under_5_factor, max(spec.under_5_factor, 1.0)
    base = spec.starts_per_10k / 10_000 / (_UNDER_5_SHARE * young + 1 - _UNDER_5_SHARE)
    mean = base * most * prone * span / DAYS_A_YEAR
    owner, turn = occasions(chance.poisson("starts", people.ids[child], mean, most=_MOST_EPISODES))
    row = child[owner]
    ids = (people.ids[row] * len(_KINDS) + kind) * (_MOST_EPISODES + 1) + turn
    start = period.end - 1 - chance.below("start", ids, span)
    age = (start - people.birth_day[row]) / DAYS_A_YEAR
    factor = np.where(age < _UNDER_YEARS, young, 1.0) / most
    lasts = 1 + chance.exponential("lasts", ids) * spec.mean_years * DAYS_A_YEAR
    grown = people.birth_day[row] + np.ceil(ADULT_YEARS * DAYS_A_YEAR).astype(np.int64)
    end = np.minimum(start + lasts.astype(np.int64), grown)
    touches = chance.happens("at_this_age", ids, factor)
    end = np.minimum(end, people.gone_day[row])
    touches &= (
        (age >= 0)
        & (start >= people.came_day[row])
        & (start < np.minimum(grown, people.gone_day[row]))
        & (end > period.start)
    )
    return Care(
        row[touches], ids[touches], np.full(touches.sum(), kind), start[touches], end[touches]
    )
