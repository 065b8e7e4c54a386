"""The language that people would use with services, and whether they need an interpreter.

Wales has two languages of its own. Who speaks Welsh at home, and so gives Welsh names, may prefer
it with services, the readier the more of the neighbours speak it. Who has another main language is
of another tradition of names.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth import names
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.lives.forenames import bearers_of
from darkfigure.synth.lives.life_courses import LifeCourses
from darkfigure.synth.reference import load
from darkfigure.synth.schema import LANGUAGE, codes_of
from darkfigure.synth.setting.geography import wales

ENGLISH, WELSH = (tuple(LANGUAGE).index(code) for code in ("en", "cy"))


class Languages(Spec):
    """Rates at which languages are preferred; assumed unless a source is named."""

    welsh_rate: Rate = 0.2
    """People of homes that speak Welsh who prefer it with services, where nobody else speaks it."""
    welsh_rate_by_speakers: Amount = 0.7
    """How much more of them do so where everybody speaks it."""
    welsh_from_age: tuple[int, ...] = (0, 16, 45, 65)
    """Ages from which the factor below differs."""
    welsh_factor: tuple[Amount, ...] = (1.2, 0.85, 0.9, 1.15)
    """Factor on these shares: schools speak Welsh with children, and the old grew up with it."""
    child_interpreter_factor: Rate = 0.3
    """Factor on the need of interpreters below the age of 16: children learn English at school."""


_CHILD_YEARS = 16  # as the field above says
_WELSH_SPEAKERS = 0.178  # share of people from three. Source: Census 2021


@dataclass(frozen=True)
class Spoken:
    """Languages of the people of a block, shape (persons,) each.

    Parameters
    ----------
    preferred
        Index into `tuple(schema.LANGUAGE)`.
    interpreter
        Who cannot do without an interpreter in English or Welsh.
    """

    preferred: Ints
    interpreter: Mask


def languages_of(
    block: Block, life_courses: LifeCourses, spec: Languages, chance: Stream
) -> Spoken:
    """Draw the language that everybody of a block would use with services.

    Parameters
    ----------
    block
        People of some households.
    life_courses
        Life courses of everybody.
    spec
        Rates at which languages are preferred.
    chance
        Stream of the lives; draws are keyed by family and person.

    References
    ----------
    Table main_languages.
    """
    bearers, ids = bearers_of(block, life_courses), block.person_id
    speakers = bearers.welsh_speaker_rate
    step = np.searchsorted(spec.welsh_from_age, block.age, side="right") - 1
    factor = np.array(spec.welsh_factor)[np.maximum(step, 0)]
    prefers = (spec.welsh_rate + spec.welsh_rate_by_speakers * speakers) * factor
    welsh = names.speaks_welsh_at_home(bearers, chance)
    welsh &= chance.happens("prefers_welsh", ids, np.minimum(prefers, 1.0))
    code, main_rate, need_rate = _of_groups()
    group = names.name_group_of(bearers, chance).astype(np.int64)
    other = chance.happens("main_language", bearers.family, main_rate[group])
    young = np.where(block.age < _CHILD_YEARS, spec.child_interpreter_factor, 1.0)
    needs = other & chance.happens("interpreter", ids, need_rate[group] * young)
    return Spoken(np.where(other, code[group], np.where(welsh, WELSH, ENGLISH)), needs)


def other_ear(block: Block, welsh_name: Mask) -> Floats:
    """Give how readily those around write people's names wrongly, for want of the language.

    Staff speak Welsh as often as the people whom they serve do, and whoever speaks it writes Welsh
    names rightly.

    Parameters
    ----------
    block
        People of some households.
    welsh_name
        Who bears a surname of Welsh type, shape (persons,).

    Returns
    -------
    Shape (persons,), 1 on average over Wales and for all other names.
    """
    strangers = (1 - wales().welsh_speaker_rate[block.lsoa]) / (1 - _WELSH_SPEAKERS)
    return np.where(welsh_name, strangers, 1.0)


def _of_groups() -> tuple[Ints, Floats, Floats]:
    """Give the main language of each tradition of names, and the rates of the table."""
    table, groups = load("main_languages"), names.name_groups()
    place = [groups.index(name) for name in table["name_group"].to_pylist()]
    code = np.full(len(groups), ENGLISH)
    code[place] = codes_of(table["language"], LANGUAGE)
    rates = np.zeros((2, len(groups)))
    for row, name in enumerate(("main_rate", "interpreter_rate")):
        rates[row, place] = table[name].to_numpy()
    return code, rates[0], rates[1]
