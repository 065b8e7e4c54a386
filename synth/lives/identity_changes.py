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
from darkfigure.synth.lives.life_courses import LifeCourses
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
    block: Block, life_courses: LifeCourses, spec: IdentityChanges, chance: Stream
) -> Changes:
    """Draw the days on which people of a block get another identity.

    Parameters
    ----------
    block
        People of some households.
    life_courses
        Life courses of everybody, with the days of adoptions.
    spec
        Rates of these changes.
    chance
        Stream of the lives; draws are keyed by person.
    """
    ids = block.person_id
    own = _Span.of(block, life_courses.window)
    adopted = np.full(len(ids), NEVER)
    adopted[: block.residents] = life_courses.adopted_day[block.person[: block.residents]]
    adopted = own.within(adopted)
    gender = own.within(_gender(block, own, spec, chance))
    # Who bears a child in the study is not among them: their records would say that men do.
    gender[block.mother[block.mother >= 0]] = NEVER
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


def _later(decision: str, day: Ints, mean_years: float, ids: Ints, chance: Stream) -> Ints:
    """Let something follow on a day, at the earliest on the next."""
    waits = 1 + mean_years * DAYS_A_YEAR * chance.exponential(decision, ids)
    return np.where(day < NEVER, _capped(day + waits), NEVER)


def _capped(day: np.ndarray) -> Ints:
    return np.minimum(day, NEVER).astype(np.int64)
