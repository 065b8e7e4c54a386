"""Principal diagnoses: of each complaint by age and sex, with the ward and the stay they bring."""

from __future__ import annotations

from functools import cache

import numpy as np

from darkfigure.synth.agencies.framework.complaints import AGES, age_bands, by_age, complaints
from darkfigure.synth.agencies.hospital.tables import SPECIALTY
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.reference import load
from darkfigure.synth.setting.calendar import DAYS_A_YEAR

_NO_DIAGNOSIS = "Z038"  # observation for other suspected diseases, where nothing else fits
_ANY_AGE = 120  # stands for no limit; no rate
# Added to the median, and spread of the logarithm, of days in hospital; factor by age. Assumed.
_STAY_OVER, _STAY_SD_LOG = 0.55, 0.85
_STAY_AGES, _STAY_BY_AGE = (0, 16, 65, 80, 90), (0.6, 0.8, 1.0, 1.3, 1.45)
_ONCE, _AGAIN = ("K353", "K358"), "R104"  # nobody has an appendix removed twice; well known
_PAEDIATRIC_YEARS, _GERIATRIC_YEARS = 16, 75  # ages of two specialties; assumed
_OF_BIRTHS = ("424", "501")  # specialties that keep mothers and babies of any age; well known


def draw_principal(
    people: Block, row: Ints, day: Ints, complaint: Ints, ids: Ints, chance: Stream
) -> Ints:
    """Draw the principal diagnosis of each complaint by age and sex.

    Parameters
    ----------
    people
        The block.
    row, day, complaint, ids
        Of each admission: row of the person, day, complaint and key; shape (n,).
    chance
        The ward's stream.

    Returns
    -------
    Row of the table `hospital_diagnoses`, shape (n,).
    """
    band = age_bands(people.birth_day[row], day)
    n_complaints = len(complaints().names)
    group = (people.sex[row] * len(AGES) + band) * n_complaints + np.maximum(complaint, 0)
    drawn = chance.pick_by_group("principal", ids, _weights(), group)
    age = (day - people.birth_day[row]) / DAYS_A_YEAR
    least, most = age_limits()
    fits = (age >= least[drawn]) & (age < most[drawn] + 1)
    other = chance.pick_by_group("principal_else", ids, _weights_of_all_ages(), group)
    return np.where(fits, drawn, other)


@cache
def _weights() -> Floats:
    """Give the weights of diagnoses by sex, age and complaint, shape (groups, diagnoses)."""
    table, names = load("hospital_diagnoses"), complaints().names
    own = np.array(table["complaint"].to_pylist())[None, :] == np.array(names)[:, None]
    rates = by_age("hospital_diagnoses") * table["emergency"].to_numpy()
    weights = (rates[:, :, None, :] * own[None, None]).reshape(-1, len(table))
    nothing = table["icd"].to_pylist().index(_NO_DIAGNOSIS)
    weights[weights.sum(axis=1) == 0, nothing] = 1
    return np.asarray(weights)


@cache
def _weights_of_all_ages() -> Floats:
    """Give the same weights without diagnoses that only some ages have."""
    weights = _weights() * of_all_ages()
    nothing = load("hospital_diagnoses")["icd"].to_pylist().index(_NO_DIAGNOSIS)
    weights[weights.sum(axis=1) == 0, nothing] = 1
    return np.asarray(weights)


@cache
def age_limits() -> tuple[Ints, Ints]:
    """Give the least and the most whole years at which each diagnosis is made."""
    table = load("hospital_diagnoses")
    return table["least_age"].to_numpy(), table["most_age"].to_numpy()


@cache
def of_all_ages() -> Mask:
    """Tell which diagnoses people of any age can have."""
    least, most = age_limits()
    return np.asarray((least == 0) & (most >= _ANY_AGE))


def once_each(diagnosis: Ints, row: Ints, day: Ints) -> Ints:
    """Put pain in the place of what nobody has twice, such as appendicitis.

    Parameters
    ----------
    diagnosis, row, day
        Of each admission: row of `hospital_diagnoses`, row of the person, first day; shape (n,).
    """
    codes = load("hospital_diagnoses")["icd"].to_pylist()
    once = np.isin(diagnosis, [codes.index(code) for code in _ONCE])
    order = np.lexsort((day, row))
    order = order[once[order]]
    again = order[1:][np.diff(row[order]) == 0]
    result = diagnosis.copy()
    result[again] = codes.index(_AGAIN)
    return result


def stay_days(diagnosis: Ints, age: Floats, ids: Ints, chance: Stream) -> Ints:
    """Draw the days in hospital of each spell, by diagnosis and age.

    Parameters
    ----------
    diagnosis
        Row of the table `hospital_diagnoses`, shape (n,).
    age
        In years, shape (n,).
    ids, chance
        Keys of the draws.
    """
    median = load("hospital_diagnoses")["stay_days"].to_numpy().astype(float)[diagnosis]
    spread = np.exp(_STAY_SD_LOG * chance.normal("stay", ids))
    factor = np.interp(age, _STAY_AGES, _STAY_BY_AGE)
    return np.asarray(((median + _STAY_OVER) * factor * spread).astype(np.int64))


def specialty_of(diagnosis: Ints, age: Floats) -> Ints:
    """Give the specialty of each spell, as index into `SPECIALTY`; children go to paediatrics.

    Parameters
    ----------
    diagnosis
        Row of the table `hospital_diagnoses`, shape (n,).
    age
        In years, shape (n,).
    """
    codes = list(SPECIALTY)
    usual = np.array(
        [codes.index(str(code)) for code in load("hospital_diagnoses")["specialty"].to_pylist()]
    )
    general, children, elderly = (codes.index(code) for code in ("300", "420", "430"))
    own = usual[diagnosis]
    own = np.where((own == elderly) & (age < _GERIATRIC_YEARS), general, own)
    own = np.where(own == children, general, own)
    of_births = np.isin(own, [codes.index(code) for code in _OF_BIRTHS])
    return np.where((age < _PAEDIATRIC_YEARS) & ~of_births, children, own)
