"""New identities: people who change gender, are adopted, or change a given name by deed.

Each is a life of its own first; what agencies hold of it follows at their own pace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import model_validator

from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.lives.fates import NEVER
from darkfigure.synth.population.families import CHILD, GROWN_CHILD
from darkfigure.synth.setting.calendar import DAYS_A_YEAR

_ADULT_YEARS = 16  # from which somebody may change a name alone. Source: law of England and Wales


class IdentityChanges(Spec):
    """Rates at which people get another identity."""

    gender_from_age: tuple[int, ...] = (0, 25)
    """Ages, when the study begins, from which the share below differs."""
    gender_rate: tuple[Rate, ...] = (0.0026, 0.0009)
    """People from 16 who live in another gender, under another forename. Source: Census 2021, 3,800
    trans men and women in Wales; three tenths of them under 25, and three quarters with another
    forename, are assumed.
    """
    gender_sex_years: Amount = 1.0
    """Years from the new forename to the new sex in records, mean; assumed."""
    gender_number_rate: Rate = 0.25
    """Of these, people who get another NHS number; assumed."""
    gender_number_years: Amount = 2.0
    """Years from the new forename to the new number, mean; assumed."""
    adopted_rate: Rate = 0.0105
    """Children who are adopted from care before they are grown up. Source: StatsWales, 312 to 385 a
    year in 2014 to 2017, among some 33,000 births a year.
    """
    adopted_from_age: tuple[int, ...] = (0, 1, 5, 10)
    """Ages from which the share below differs; the last span is as long as the one before."""
    adopted_at_age: tuple[Rate, ...] = (0.05, 0.75, 0.18, 0.02)
    """Share of adoptions from each of these ages; assumed."""
    adopted_forename_rate: Rate = 0.15
    """Adopted children whose forename is changed too; assumed."""
    forename_deed_a_year: Amount = 0.0003
    """Grown people who change their forename by deed poll. Source: UK Deed Poll Service, 60,000
    changes a year in the United Kingdom; that a third change a forename is assumed.
    """

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.gender_from_age) != len(self.gender_rate):
            raise ValueError("gender_from_age must have as many entries as gender_rate")
        if len(self.adopted_from_age) != len(self.adopted_at_age):
            raise ValueError("adopted_from_age must have as many entries as adopted_at_age")
        return self


@dataclass(frozen=True)
class Changes:
    """Days on which people of a block get another identity, NEVER for most; shape (persons,).

    Parameters
    ----------
    adopted
        Adoption: the household's surname, and another NHS number.
    gender
        Another forename for another gender.
    sex
        Another sex in records.
    gender_number
        Another NHS number for that.
    renamed
        Another forename: for another gender, on adoption or by deed.
    deed
        Whether that is by deed.
    """

    adopted: Ints
    gender: Ints
    sex: Ints
    gender_number: Ints
    renamed: Ints
    deed: Mask


def identity_changes(
    block: Block, window: tuple[int, int, int], spec: IdentityChanges, chance: Stream
) -> Changes:
    """Draw the days on which people of a block get another identity.

    Parameters
    ----------
    block
        People of some households.
    window
        First day of the histories, first and last day of the study, since 1970-01-01.
    spec
        Rates of these changes.
    chance
        Stream of the lives; draws are keyed by person.
    """
    ids = block.person_id
    own = _Span.of(block, window)
    adopted = own.within(_adopted(block, spec, chance))
    gender = own.within(_gender(block, own, spec, chance))
    sex = own.within(_later("gender_sex", gender, spec.gender_sex_years, ids, chance))
    number = own.within(_later("gender_number", gender, spec.gender_number_years, ids, chance))
    numbered = chance.happens("gender_numbered", ids, spec.gender_number_rate)
    years = chance.exponential("forename_deed", ids) / max(spec.forename_deed_a_year, 1e-9)
    deed = own.within(_capped(own.grown + years * DAYS_A_YEAR))
    kept = ~chance.happens("adopted_forename", ids, spec.adopted_forename_rate)
    first = np.where(gender < NEVER, gender, np.where(kept, NEVER, adopted))
    return Changes(
        adopted=adopted,
        gender=gender,
        sex=sex,
        gender_number=np.where(numbered, number, NEVER),
        renamed=np.minimum(first, deed),
        deed=deed < first,
    )


@dataclass(frozen=True)
class _Span:
    """Days of each person's history: of its second day, and of the one after its last."""

    second: Ints
    end: Ints
    grown: Ints  # the first of them on which the person is of age

    @classmethod
    def of(cls, block: Block, window: tuple[int, int, int]) -> _Span:
        second = np.maximum(block.known_from, window[0]) + 1
        of_age = block.birth_day + round(_ADULT_YEARS * DAYS_A_YEAR)
        end = np.minimum(window[2] + 1, block.gone_day)
        return cls(second, end, np.maximum(second, of_age))

    def within(self, day: Ints) -> Ints:
        """Take the days that lie in the histories, NEVER for the others."""
        return np.where((day >= self.second) & (day < self.end), day, NEVER)


def _gender(block: Block, own: _Span, spec: IdentityChanges, chance: Stream) -> Ints:
    step = np.searchsorted(spec.gender_from_age, block.age, side="right") - 1
    changes = chance.happens(
        "gender", block.person_id, np.array(spec.gender_rate)[np.maximum(step, 0)]
    )
    days = np.maximum(own.end - own.grown, 0)
    day = own.grown + chance.below("gender_day", block.person_id, days)
    return np.where(changes, day, NEVER)


def _adopted(block: Block, spec: IdentityChanges, chance: Stream) -> Ints:
    """Draw the days on which children who live with their new parents were adopted."""
    ids = block.person_id
    child = np.isin(block.role, (CHILD, GROWN_CHILD)) & (block.mother < 0)
    child &= chance.happens("adopted", ids, spec.adopted_rate)
    ages = np.array([*spec.adopted_from_age, 2 * spec.adopted_from_age[-1]])
    step = chance.pick("adopted_at_age", ids, spec.adopted_at_age)
    years = ages[step] + np.diff(ages)[step] * chance.uniform("adopted_day", ids)
    day = block.birth_day + (years * DAYS_A_YEAR).astype(np.int64)
    return np.where(child, day, NEVER)


def _later(decision: str, day: Ints, mean_years: float, ids: Ints, chance: Stream) -> Ints:
    """Let something follow on a day, at the earliest on the next."""
    waits = 1 + mean_years * DAYS_A_YEAR * chance.exponential(decision, ids)
    return np.where(day < NEVER, _capped(day + waits), NEVER)


def _capped(day: np.ndarray) -> Ints:
    return np.minimum(day, NEVER).astype(np.int64)
