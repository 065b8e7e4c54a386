"""Refugees: families that came as refugees or asylum seekers, and the birthdays they were given.

Where nobody knows the day on which somebody was born, the authorities set 1 January. It stands in
every paper, so that all records of the person agree, and with those of many others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from darkfigure.synth import names
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.population import Census
from darkfigure.synth.reference import load
from darkfigure.synth.schema import ETHNIC_BACKGROUND
from darkfigure.synth.setting.birthdays import age_of_birthday, days_of_age

if TYPE_CHECKING:
    from darkfigure.synth.lives.blocks import Block

# Younger people were mostly born here, or registered where they were; assumed.
_GIVEN_FROM_YEARS = 10


@dataclass(frozen=True)
class Refuge:
    """Refugees of a census, shape (persons,) each.

    Parameters
    ----------
    refugee
        Whose family came as refugees or asylum seekers.
    given_birthday
        Whose birthday is the 1 January that the authorities set.
    """

    refugee: Mask
    given_birthday: Mask

    def of(self, block: Block) -> Refuge:
        """Take the people of a block; children born in the study are none."""
        born = np.zeros(len(block.person) - block.residents, bool)
        person = block.person[: block.residents]
        return Refuge(
            *(np.append(marks[person], born) for marks in (self.refugee, self.given_birthday))
        )


def seek_refuge(census: Census, lineage: Callable[[Ints, Ints], Ints], chance: Stream) -> Refuge:
    """Draw the families that came as refugees, and whose birthday nobody knew.

    Parameters
    ----------
    census
        Everybody.
    lineage
        Gives the family of people, by census index and household, from which they have the
        tradition of their names.
    chance
        Stream of the lives; draws are keyed by family and person.

    References
    ----------
    Table refugee_origins.
    """
    origins = load("refugee_origins")
    group, refugee_rate, birthday_rate = _rates()
    may = np.flatnonzero(
        np.isin(census.background, _backgrounds(origins["name_group"].to_pylist()))
    )
    family = lineage(may, census.household[may])
    of_group = names.name_group_of(
        names.Bearers(
            ids=family,
            sex=np.zeros(len(may), np.int8),
            birth_year=np.zeros(len(may), np.int16),
            background=census.background[may].astype(np.int8),
            welsh_speaker_rate=np.zeros(len(may)),
            force=np.zeros(len(may), np.int8),
        ),
        chance,
    )
    row = group[of_group]
    came = chance.happens("refugee", family, refugee_rate[row])
    given = came & chance.happens("given_birthday", census.person_id[may], birthday_rate[row])
    given &= (census.age_years[may] >= _GIVEN_FROM_YEARS) & _alone_of_age(census)[may]
    marks = np.zeros((2, len(census.person_id)), bool)
    marks[0, may], marks[1, may] = came, given
    return Refuge(*marks)


def given_birthdays(census: Census, refuge: Refuge, start: int) -> Census:
    """Give people whose birthday nobody knew the 1 January within the year of their age.

    Parameters
    ----------
    census
        Everybody.
    refuge
        Whose birthday was set.
    start
        First day of the study, since 1970-01-01.
    """
    rows = np.flatnonzero(refuge.given_birthday)
    last = (days_of_age(census.age_years[rows], start)[1] - 1).astype("datetime64[D]")
    day = last.astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    age_years = census.age_years.copy()
    age_years[rows] = age_of_birthday(age_years[rows], day, start)
    return replace(census, age_years=age_years)


def _alone_of_age(census: Census) -> Mask:
    """Tell who is the only one of their household of an age in whole years: no twin is parted."""
    age = np.floor(census.age_years).astype(np.int64)
    order = order_of(census.household, age)
    same = (np.diff(census.household[order]) == 0) & (np.diff(age[order]) == 0)
    beside = np.append(same, False) | np.append(False, same)
    alone = np.empty(len(order), bool)
    alone[order] = ~beside
    return alone


def _backgrounds(groups: list[str]) -> list[int]:
    """List the backgrounds among which a tradition of names is found."""
    table = load("name_groups").to_pylist()
    found = {row["background"] for row in table if row["name_group"] in groups}
    return [number for number, name in enumerate(ETHNIC_BACKGROUND) if name in found]


def _rates() -> tuple[Ints, Floats, Floats]:
    """Give the row of each tradition of names in the table of origins, and its rates.

    Traditions that the table lacks have its last row, of nobody.
    """
    table = load("refugee_origins")
    rates = (np.append(table[name].to_numpy(), 0.0) for name in _RATES)
    group = np.full(len(names.name_groups()), table.num_rows)
    for row, name in enumerate(table["name_group"].to_pylist()):
        group[names.name_groups().index(name)] = row
    refugee_rate, birthday_rate = rates
    return group, refugee_rate, birthday_rate


_RATES = ("refugee_rate", "given_birthday_rate")
