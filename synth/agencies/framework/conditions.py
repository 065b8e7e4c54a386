"""Long-term conditions: who has which, from what age on, the same in every record."""

from __future__ import annotations

from functools import cache

import numpy as np

from darkfigure.synth.agencies.framework.complaints import AGES, by_age
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.calendar import DAYS_A_YEAR

_PERCENT = 100  # no rate
_RAREST = 1e-4  # least share of people with a condition, as a divisor; no rate
# Middle of each band of age, at which the table's shares hold; no rate.
_MIDDLES = np.array([2.5, 7.5, 13.0, 20.5, 30.0, 42.5, 57.5, 72.5, 87.0])
# Youngest age with some conditions, in years. Source: definitions of the quality framework's
# registers, and well known
_LEAST_YEARS = {"copd": 35, "dementia": 45, "type_2_diabetes": 15, "prostate_disease": 40}


@cache
def conditions() -> tuple[str, ...]:
    """Name the conditions, in the order of the table."""
    return tuple(load("conditions")["condition"].to_pylist())


def relative_risk(
    condition: str, sex: Ints, birth_day: Ints, person_id: Ints, day: Ints, chance: Stream
) -> Floats:
    """Give people's risk of what only those with a condition have, relative to all of their age.

    Parameters
    ----------
    condition
        Name in the table.
    sex, birth_day, person_id, day, chance
        As of `has_condition`.

    Returns
    -------
    0 for those without it, shape (n,).
    """
    number, age = conditions().index(condition), (day - birth_day) / DAYS_A_YEAR
    share = _share(number, sex, age)
    has = chance.stage("conditions").uniform(condition, person_id) < share
    has &= age >= _LEAST_YEARS.get(condition, 0)
    return np.where(has, 1 / np.maximum(share, _RAREST), 0.0)


def has_condition(sex: Ints, birth_day: Ints, person_id: Ints, day: Ints, chance: Stream) -> Mask:
    """Tell which conditions people have on a day.

    Each person has a place among all people for every condition, once and for all, and gets it at
    the age at which so many have it. So nobody is ever rid of one.

    Parameters
    ----------
    sex, birth_day, person_id, day
        Of people, shape (n,).
    chance
        The world's stream.

    Returns
    -------
    Shape (n, conditions).
    """
    chance = chance.stage("conditions")
    age = (day - birth_day) / DAYS_A_YEAR
    columns = [
        (chance.uniform(name, person_id) < _share(number, sex, age))
        & (age >= _LEAST_YEARS.get(name, 0))
        for number, name in enumerate(conditions())
    ]
    return np.array(columns).T


def _share(condition: int, sex: Ints, age: Floats) -> Floats:
    """Give the share of people of each sex and age who have a condition; it grows by factors."""
    shares = _shares()[:, :, condition]
    women, men = (np.interp(age, _MIDDLES, np.log(own + _RAREST)) for own in shares)
    return np.exp(np.where(sex == 0, women, men)) - _RAREST


@cache
def _shares() -> Floats:
    shares = by_age("conditions") / _PERCENT
    assert shares.shape[1] == len(AGES)  # noqa: S101, of our own table
    return np.maximum.accumulate(shares, axis=1)
