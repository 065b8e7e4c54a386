"""Homes of everybody in a block over time, and their addresses."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.gaps import with_others
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.lives.histories import History
from darkfigure.synth.lives.life_courses import LifeCourses, other_homes, parted_parents
from darkfigure.synth.lives.stays import BIRTH, COUPLE, LEFT_HOME, MOVE, SEPARATION, Stays
from darkfigure.synth.lives.vacancies import DWELLINGS, OUTSIDE
from darkfigure.synth.population.kin import NOBODY
from darkfigure.synth.schema import ADDRESS_CAUSE
from darkfigure.synth.setting.geography import (
    Addresses,
    addresses,
    addresses_in_england,
    visitors_by_force,
    wales,
)


def address_history(block: Block, life_courses: LifeCourses, chance: Stream) -> History:
    """Give everybody their addresses over time.

    Children who live in two homes have the second one's under their row plus the number of people
    in the block.

    Parameters
    ----------
    block
        People of some households.
    life_courses
        Life courses, with the plan of everybody's moves.
    chance
        Stream of the addresses; draws are keyed by dwelling.
    """
    own = _of_residents(block, life_courses)
    stays = Stays.join(own, _of_newborn(block, own), _second_homes(block, life_courses))
    lsoa, dwelling = stays.place // DWELLINGS, stays.place % DWELLINGS
    outside = stays.place == OUTSIDE
    texts = addresses(np.where(outside, 0, lsoa), np.where(outside, 0, dwelling), chance)
    visits = np.flatnonzero(block.visits[stays.owner % len(block.person)])
    elsewhere = _of_visitors(block, stays.owner[visits], chance)
    where = pa.DictionaryArray.from_arrays(
        pa.array(lsoa.astype(np.int32), mask=outside), pa.array(wales().code, pa.string())
    )
    columns = {
        **{
            name: with_others(
                _without(getattr(texts, name), outside), visits, getattr(elsewhere, name)
            )
            for name in _PARTS
        },
        "lsoa_code": where,
        "cause": pa.DictionaryArray.from_arrays(
            pa.array(stays.cause, pa.int32()), pa.array(list(ADDRESS_CAUSE))
        ),
    }
    return History(stays.owner, stays.day, columns)


_PARTS = ("house", "street", "town", "postcode")


def _of_visitors(block: Block, row: Ints, chance: Stream) -> Addresses:
    """Write the addresses of visitors, who come from districts near the force they visit."""
    ids, force = block.person_id[row], wales().force[block.lsoa[row]]
    district = chance.pick_by_row("district", ids, visitors_by_force()[force])
    return addresses_in_england(district, ids, chance)


def _without(column: pa.DictionaryArray, missing: Mask) -> pa.DictionaryArray:
    """Blank some entries."""
    absent = missing | column.indices.is_null().to_numpy(zero_copy_only=False)
    indices = column.indices.fill_null(0).to_numpy(zero_copy_only=False)
    return pa.DictionaryArray.from_arrays(pa.array(indices, mask=absent), column.dictionary)


def _stays_of(stays: Stays, owner: Ints) -> tuple[Ints, Stays]:
    """Take the stays of some owners; give the row of `owner` for each stay, and the stays."""
    first = np.searchsorted(stays.owner, owner)
    count = np.searchsorted(stays.owner, owner, side="right") - first
    row = np.repeat(np.arange(len(owner)), count)
    source = first[row] + np.arange(len(row)) - (np.cumsum(count) - count)[row]
    return row, stays.take(source)


def _of_residents(block: Block, life_courses: LifeCourses) -> Stays:
    """Follow residents through their household's stays, and those of their own."""
    plan, n_residents = life_courses.plan, block.residents
    person = block.person[:n_residents]
    row, shared = _stays_of(plan.households, block.home[:n_residents])
    joined = plan.joined_day[person][row]
    day = np.maximum(np.maximum(shared.day, joined), block.birth_day[row])
    cause = np.where(shared.day < joined, MOVE, shared.cause)
    cause = np.where(day == block.birth_day[row], BIRTH, cause)
    lived_in = (day < plan.left_day[person][row]) & (day < block.death_day[row])
    mine, alone = _stays_of(plan.persons, person)
    own = Stays(mine, np.maximum(alone.day, block.birth_day[mine]), alone.place, alone.cause)
    own = own.take(own.day < block.death_day[mine])
    return _last_of_day(Stays.join(own, Stays(row, day, shared.place, cause).take(lived_in)))


def _last_of_day(stays: Stays) -> Stays:
    """Keep, of several stays that begin on one day, the one listed last."""
    same_day = (stays.owner[1:] == stays.owner[:-1]) & (stays.day[1:] == stays.day[:-1])
    return stays.take(np.flatnonzero(np.append(~same_day, True)[: len(stays.owner)]))


def _of_newborn(block: Block, own: Stays) -> Stays:
    """Let children born in the study live where their mothers do."""
    born = np.arange(block.residents, len(block.person))
    row, stays = _stays_of(own, block.mother[born])
    child = born[row]
    day = np.maximum(stays.day, block.birth_day[child])
    # A mother who leaves home, moves in with somebody or parts takes the child along.
    cause = np.where(np.isin(stays.cause, (LEFT_HOME, COUPLE, SEPARATION)), MOVE, stays.cause)
    cause = np.where(day == block.birth_day[child], BIRTH, cause)
    return _last_of_day(Stays(child, day, stays.place, cause))


def _second_homes(block: Block, life_courses: LifeCourses) -> Stays:
    """Give children who live in two homes the stays of their absent parent's household."""
    other = other_homes(life_courses, block.person, block.home)
    child = np.flatnonzero(other != NOBODY)
    row, stays = _stays_of(life_courses.plan.households, other[child])
    day = np.maximum(stays.day, block.birth_day[child[row]])
    second = Stays(child[row] + len(block.person), day, stays.place, stays.cause)
    return _last_of_day(Stays.join(second, _since_parted(block, life_courses)))


def _since_parted(block: Block, life_courses: LifeCourses) -> Stays:
    """Give children whose parents part in the study the home of the parent who left."""
    left = parted_parents(life_courses, block.person, block.home)
    child = np.flatnonzero(left != NOBODY)
    row, stays = _stays_of(life_courses.plan.persons, left[child])
    since = life_courses.plan.separated[block.home[child[row]]]
    after = stays.day >= since
    owner = child[row] + len(block.person)
    return Stays(owner, stays.day, stays.place, stays.cause).take(after)
