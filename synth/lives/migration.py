"""Households that come to Wales in the study, and households that leave it.

A household that comes is like one of the neighbourhood: as many people of about the same ages, with
names, birthdays and a life of their own. A sample that holds the one holds the other, so that
samples still nest. Wales knows nothing of them before the day they come.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Self

import numpy as np
from pydantic import model_validator

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.core.spec import Amount, Spec
from darkfigure.synth.lives.fates import NEVER, day_after
from darkfigure.synth.population import ALWAYS, ID_SHIFT, Census
from darkfigure.synth.population.institutions import PRIVATE
from darkfigure.synth.schema import ETHNIC_BACKGROUND, GROUP_OF_BACKGROUND
from darkfigure.synth.setting.calendar import Period

# Backgrounds of people who come from abroad; assumed: half of them British who return and other
# Europeans, the other half students, workers and refugees from farther away.
_FROM_ABROAD = {
    "british": 0.22,
    "irish": 0.02,
    "roma": 0.01,
    "other_white": 0.25,
    "indian": 0.14,
    "pakistani": 0.05,
    "bangladeshi": 0.03,
    "chinese": 0.08,
    "other_asian": 0.06,
    "african": 0.07,
    "arab": 0.04,
    "any_other": 0.03,
}


_NAMES = tuple(ETHNIC_BACKGROUND)
_WITHIN_A_YEAR = 1e-3  # years that keep a shifted age below the next birthday; assumed


class Migration(Spec):
    """Rates of coming to Wales and leaving it: households a year, as a share of those there."""

    from_uk_a_year: Amount = 0.0185
    """From the rest of the United Kingdom; assumed: about 58,000 people (ONS, years to mid-2019 and
    mid-2020, well known).
    """
    from_abroad_a_year: Amount = 0.0053
    """From abroad. Source: 16,331 people aged one or over in the year before the Census 2021."""
    leaves_a_year: Amount = 0.0215
    """To the rest of the United Kingdom and abroad; assumed: about 53,000 and 14,000 people, so
    that Wales gains 0.2 % a year, as on average between the censuses of 2011 and 2021.
    """
    from_age: tuple[int, ...] = (0, 20, 25, 30, 35, 45, 55, 65, 75)
    """Ages of the household's anchor at which these rates change."""
    factor: tuple[Amount, ...] = (2.8, 3.2, 2.4, 1.68, 1.05, 0.71, 0.67, 0.48, 0.34)
    """Factor on the rates from each of these ages, 1 on average over people; assumed."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.from_age) != len(self.factor) or self.from_age[:1] != (0,):
            raise ValueError("from_age must begin with 0 and have as many entries as factor")
        if list(self.from_age) != sorted(set(self.from_age)):
            raise ValueError("from_age must ascend")
        return self

    def factors(self, census: Census) -> Floats:
        """Give each household's factor on the rates; 0 for residents of communal homes."""
        age = census.age_years[census.household_first]
        step = np.searchsorted(self.from_age, age, side="right") - 1
        return np.where(census.household_home == PRIVATE, np.array(self.factor)[step], 0.0)


def welcome(census: Census, period: Period, spec: Migration, chance: Stream) -> Census:
    """Add the households that come to Wales during the study.

    Parameters
    ----------
    census
        Census of the day on which the study begins.
    period
        Period of the study.
    spec
        Rates of migration.
    chance
        Stream of the migration; draws are keyed by the household that each is like.

    Returns
    -------
    The census with arrivals after the others of their neighbourhood; `came_day` holds their days.
    """
    count = len(census.household_size)
    rate = (spec.from_uk_a_year + spec.from_abroad_a_year) * spec.factors(census)
    day = day_after(chance.exponential("comes", census.household_id), rate, period)
    model = np.flatnonzero(day < NEVER)
    source = np.append(np.arange(count), model)
    order = order_of(census.household_lsoa[source])
    both = repeated(census, source[order], census.household_size[source[order]])
    came = np.append(np.full(count, ALWAYS), day[model])[order]
    new = np.flatnonzero(came > ALWAYS)
    ids = census.household_id[source[order][new]]
    return _personalised(both, (new, ids), came, spec, chance)


def repeated(census: Census, source: Ints, size: Ints) -> Census:
    """Take households, ordered by neighbourhood, some of them twice; the later is a new one.

    Parameters
    ----------
    census
        The census.
    source
        Census indices of the households, shape (n,).
    size
        Number of people to take of each, the first ones, shape (n,).
    """
    lsoa = census.household_lsoa[source]
    home = np.repeat(np.arange(len(source)), size)
    first = np.cumsum(size) - size
    person = census.household_first[source][home] + np.arange(len(home)) - first[home]
    own = lsoa[home]
    return Census(
        household_lsoa=lsoa,
        household_number=place_in_runs(lsoa),
        household_dwelling=census.household_dwelling[source],
        household_home=census.household_home[source],
        household_unit=census.household_unit[source],
        household_first=first,
        household_size=size,
        household_resident=census.household_resident[source],
        household_lineage=lsoa << ID_SHIFT | place_in_runs(lsoa),
        household=home,
        person_id=own << ID_SHIFT | place_in_runs(own),
        **{name: getattr(census, name)[person] for name in _OF_PERSONS},
    )


_OF_PERSONS = (
    *("place", "role", "sex", "age_years", "ethnic", "background", "twin"),
    *("came_day", "gone_day"),
)


def _personalised(
    census: Census, new: tuple[Ints, Ints], came: Ints, spec: Migration, chance: Stream
) -> Census:
    """Give arrivals birthdays, and often a background, that their models do not have.

    `new` holds the households that come and the ids of their models, `came` the day on which each
    household comes.
    """
    home, ids = new
    age, within = census.age_years, census.age_years % 1
    # A household's ages shift alike, and nobody's into another year: gaps stay as they are.
    least = np.minimum.reduceat(within, census.household_first)[home]
    most = 1 - _WITHIN_A_YEAR - np.maximum.reduceat(within, census.household_first)[home]
    shift = np.zeros(len(came))
    shift[home] = chance.uniform("birthday", ids) * np.maximum(most + least, 0) - least
    abroad = spec.from_abroad_a_year / max(spec.from_uk_a_year + spec.from_abroad_a_year, 1e-12)
    far = chance.happens("from_abroad", ids, abroad)
    drawn = chance.pick("background", ids, list(_FROM_ABROAD.values()))
    background = np.full(len(came), -1)
    background[home[far]] = np.array([_NAMES.index(name) for name in _FROM_ABROAD])[drawn[far]]
    background = background[census.household]
    background = np.where(background >= 0, background, census.background)
    changed = background != census.background
    return replace(
        census,
        household_resident=came == ALWAYS,
        age_years=age + shift[census.household],
        background=background,
        ethnic=np.where(changed, np.array(GROUP_OF_BACKGROUND)[background], census.ethnic),
        came_day=came[census.household],
    )
