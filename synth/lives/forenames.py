"""Given names of a block: drawn by year and tradition; brothers' differ, some are a father's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darkfigure.synth import names
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.core.spec import Rate, Spec
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.lives.life_courses import LifeCourses, lineages
from darkfigure.synth.population.families import ANCHOR, CHILD, GROWN_CHILD, PARTNER
from darkfigure.synth.population.kin import NOBODY
from darkfigure.synth.reference import load
from darkfigure.synth.setting.calendar import DAYS_A_YEAR
from darkfigure.synth.setting.geography import wales

_TRIES = 4  # names drawn for somebody before a brother's or sister's is accepted
_PATRONYMIC = (
    "Somali",
    "Arab",
    "Sudanese",
    "Eritrean and Ethiopian",
)  # traditions in which a father's name follows one's own


class GivenNames(Spec):
    """Rates at which given names are inherited."""

    middle_name_rate: Rate = 0.78
    """People with a middle name."""
    fathers_forename_rate: Rate = 0.03
    """Sons whose first name is their father's."""
    grandfathers_forename_rate: Rate = 0.02
    """Sons whose first name is their father's father's."""
    parents_middle_rate: Rate = 0.15
    """Children whose middle name is a parent's forename."""
    patronymic_rate: Rate = 0.9
    """Children whose father's name follows their own, where that is the custom."""
    middle_name_used_from_age: tuple[int, ...] = (0, 18, 40, 65)
    """Ages from which the share below differs."""
    middle_name_used_rate: tuple[Rate, ...] = (0.026, 0.045, 0.09, 0.14)
    """People with a middle name who go by it in place of the first; assumed: 7 % go by another name
    than that of their birth certificate (survey of 2,000 adults, 2022), most of the old by this.
    """


@dataclass(frozen=True)
class Given:
    """Given names, one entry per person of the block."""

    forename: pa.DictionaryArray
    middle: pa.DictionaryArray


def given_names_of(
    block: Block, life_courses: LifeCourses, spec: GivenNames, chance: Stream
) -> Given:
    """Give everybody of a block their given names.

    Parameters
    ----------
    block
        People of some households.
    life_courses
        Kin from whom a name may come.
    spec
        Rates at which names are inherited.
    chance
        Stream of the lives; draws are keyed by person and household.
    """
    bearers = bearers_of(block, life_courses)
    drawn = names.given_names(bearers, "forename", chance)
    forename = drawn.indices.to_numpy().copy()
    child = np.isin(block.role, (CHILD, GROWN_CHILD))
    father, mother = _parents(block, child)
    bound = _inherited(block, life_courses, spec, (forename, father), chance)
    for turn in range(1, _TRIES):
        repeated = _repeated(block, forename, child, bound)
        if not len(repeated):
            break
        other = names.given_names(bearers, f"forename_{turn}", chance)
        forename[repeated] = other.indices.to_numpy()[repeated]
    middle = _middle_names(block, bearers, spec, (forename, father, mother), chance)
    vocabulary = drawn.dictionary
    return Given(pa.DictionaryArray.from_arrays(pa.array(forename), vocabulary), middle)


def renamed(
    block: Block,
    life_courses: LifeCourses,
    first: Given,
    rows: Ints,
    other_sex: Mask,
    chance: Stream,
) -> Given:
    """Give some people of a block another forename: of their year, tradition and new gender.

    Parameters
    ----------
    block
        People of some households.
    life_courses
        Life courses of everybody.
    first
        Everybody's given names before.
    rows
        Rows of these people, shape (n,).
    other_sex
        Who takes names of the other sex, also in the middle, shape (n,).
    chance
        Stream of later names; draws are keyed by person.
    """
    every = bearers_of(block, life_courses)
    own = names.Bearers(
        **{name: value[rows] for name, value in vars(every).items() if value is not None}
    )
    own = replace(own, sex=own.sex ^ other_sex.astype(np.int8))
    forename, middle = (
        names.given_names(own, part, chance) for part in ("forename", "middle_name")
    )
    before = first.middle.indices.take(pa.array(rows))
    other = pc.if_else(pa.array(other_sex), middle.indices.cast(before.type), before)
    other = pc.if_else(before.is_valid(), other, before)
    return Given(forename, pa.DictionaryArray.from_arrays(other, middle.dictionary))


def goes_by_middle_name(block: Block, spec: GivenNames, chance: Stream) -> Mask:
    """Tell who goes by the middle name, if there is one, in place of the first.

    Parameters
    ----------
    block
        People of some households.
    spec
        Shares by age.
    chance
        Stream of the lives; draws are keyed by person.
    """
    step = np.searchsorted(spec.middle_name_used_from_age, block.age, side="right") - 1
    rate = np.array(spec.middle_name_used_rate)[np.maximum(step, 0)]
    return chance.happens("middle_name_used", block.person_id, rate)


def bearers_of(block: Block, life_courses: LifeCourses) -> names.Bearers:
    """Describe the people of a block as bearers of names.

    Parameters
    ----------
    block
        People of some households.
    life_courses
        Life courses of everybody.
    """
    geography = wales()
    # People who come during the study were named elsewhere, and so are their children.
    speak = (
        geography.welsh_speaker_rate[block.lsoa]
        * life_courses.census.household_resident[block.home]
    )
    return names.Bearers(
        ids=block.person_id,
        sex=block.sex.astype(np.int8),
        birth_year=_birth_year(block.age, life_courses.window[1]),
        background=block.background.astype(np.int8),
        welsh_speaker_rate=speak,
        force=geography.force[block.lsoa].astype(np.int8),
        lineage=lineages(life_courses, block.person, block.home),
    )


def _birth_year(age: Floats, start: int) -> NDArray[np.int16]:
    return np.floor(1970 + start / DAYS_A_YEAR - age).astype(np.int16)


def _parents(block: Block, child: Mask) -> tuple[Ints, Ints]:
    """Find the rows of father and mother at home, -1 for none."""
    parents = []
    for sex in (1, 0):
        head = np.flatnonzero(np.isin(block.role, (ANCHOR, PARTNER)) & (block.sex == sex))
        of_house = np.full(int(block.household.max()) + 1, -1)
        of_house[block.household[head]] = head
        parents.append(np.where(child, of_house[block.household], -1))
    return parents[0], parents[1]


def _inherited(
    block: Block,
    life_courses: LifeCourses,
    spec: GivenNames,
    drawn: tuple[Ints, Ints],
    chance: Stream,
) -> Mask:
    """Give some sons their father's or his father's name; these may not be renamed."""
    forename, father = drawn
    son = (father >= 0) & (block.sex == 1)
    draw = chance.uniform("namesake", block.person_id)
    takes = np.flatnonzero(son & (draw < spec.fathers_forename_rate))
    forename[takes] = forename[father[takes]]
    bound = np.zeros(len(son), bool)
    bound[takes] = True
    reach = spec.fathers_forename_rate + spec.grandfathers_forename_rate
    old = np.flatnonzero(son & (draw < reach) & ~bound)
    parents = life_courses.kin.parents[block.person[father[old]]]
    old, parents = old[parents != NOBODY], parents[parents != NOBODY]
    forename[old] = _forenames_at(life_courses, life_courses.heirs[parents], chance)
    bound[old] = True
    return bound


def _forenames_at(life_courses: LifeCourses, person: Ints, chance: Stream) -> Ints:
    """Recompute the forenames of people of other blocks from their ids."""
    census, geography = life_courses.census, wales()
    lsoa = census.lsoa[person]
    bearers = names.Bearers(
        ids=census.person_id[person],
        sex=census.sex[person].astype(np.int8),
        birth_year=_birth_year(census.age_years[person], life_courses.window[1]),
        background=census.background[person].astype(np.int8),
        welsh_speaker_rate=geography.welsh_speaker_rate[lsoa],
        force=geography.force[lsoa].astype(np.int8),
        lineage=lineages(life_courses, person, census.household[person]),
    )
    return np.asarray(names.given_names(bearers, "forename", chance).indices.to_numpy())


def _repeated(block: Block, forename: Ints, child: Mask, bound: Mask) -> Ints:
    """Find children whose name an earlier brother or sister has."""
    rows = np.flatnonzero(child)
    order = rows[order_of(block.household[rows], forename[rows], ~bound[rows], rows)]
    same = (block.household[order][1:] == block.household[order][:-1]) & (
        forename[order][1:] == forename[order][:-1]
    )
    return order[1:][same]


def _middle_names(
    block: Block,
    bearers: names.Bearers,
    spec: GivenNames,
    kin: tuple[Ints, Ints, Ints],
    chance: Stream,
) -> pa.DictionaryArray:
    """Draw middle names; some are a parent's forename, by choice or by custom."""
    forename, father, mother = kin
    drawn = names.given_names(bearers, "middle_name", chance)
    code = drawn.indices.to_numpy().copy()
    has = chance.happens("has_middle_name", block.person_id, spec.middle_name_rate)
    parent = np.where(block.sex == 1, father, mother)
    takes = has & (parent >= 0)
    takes &= chance.happens("parents_name", block.person_id, spec.parents_middle_rate)
    code[takes] = forename[parent[takes]]
    group = names.name_group_of(bearers, chance)
    custom = np.isin(group, [names.name_groups().index(name) for name in _PATRONYMIC])
    custom &= chance.happens("patronymic", block.household_id, spec.patronymic_rate)
    custom &= father >= 0
    code[custom] = forename[father[custom]]
    # Nobody is Tommy Thomas by choice; a custom is kept.
    alike = (code == forename) | (_one_name(drawn.dictionary, forename, code) & ~custom)
    missing = ~(has | custom) | alike
    return pa.DictionaryArray.from_arrays(pa.array(code, mask=missing), drawn.dictionary)


def _one_name(vocabulary: pa.Array, forename: Ints, middle: Ints) -> Mask:
    """Tell where one of two names is a short form of the other."""
    formal, short = (
        pc.index_in(load("short_forms")[part].combine_chunks(), vocabulary)
        for part in ("formal", "short")
    )
    known = pc.and_(formal.is_valid(), short.is_valid())
    long_code, short_code = (
        part.filter(known).to_numpy().astype(np.int64) for part in (formal, short)
    )
    size = len(vocabulary)
    pairs = np.append(long_code * size + short_code, short_code * size + long_code)
    return np.isin(forename.astype(np.int64) * size + middle, pairs)
