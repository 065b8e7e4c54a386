"""Names of everybody in a block over time: surnames borne, and given names that change."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.lives.fates import NEVER
from darkfigure.synth.lives.forenames import Given, renamed
from darkfigure.synth.lives.histories import History, stack
from darkfigure.synth.lives.identity_changes import Changes
from darkfigure.synth.lives.life_courses import LifeCourses
from darkfigure.synth.lives.surnames_borne import Borne
from darkfigure.synth.schema import NAME_CAUSE

_CAUSES = tuple(NAME_CAUSE)


def given_names_over_time(
    block: Block,
    life_courses: LifeCourses,
    changes: Changes,
    borne: tuple[Borne, Given],
    chance: Stream,
) -> History:
    """Join surnames over time with given names, which some people change.

    Parameters
    ----------
    block
        People of some households.
    life_courses
        Life courses of everybody.
    changes
        Days on which people get another identity.
    borne
        Surnames over time, and everybody's first given names.
    chance
        Stream of later names; draws are keyed by person.
    """
    surnames, first = borne
    rows = np.flatnonzero(changes.renamed < NEVER)
    later = renamed(block, life_courses, first, rows, changes.gender[rows] < NEVER, chance)
    row, day, surname, cause = _versions(surnames, rows, changes)
    place = np.full(len(block.person), -1)
    place[rows] = len(block.person) + np.arange(len(rows))
    given = pa.array(np.where(day >= changes.renamed[row], place[row], row))
    columns = {
        "forename": _one_after_other(first.forename, later.forename).take(given),
        "middle_name": _one_after_other(first.middle, later.middle).take(given),
        "surname": surnames.pool.take(pa.array(surname)),
        "cause": pa.DictionaryArray.from_arrays(pa.array(cause, pa.int32()), pa.array(_CAUSES)),
    }
    return History(row, day, columns)


def _versions(surnames: Borne, rows: Ints, changes: Changes) -> tuple[Ints, Ints, Ints, Ints]:
    """Add a version on the day of another given name, with the surname of that day."""
    day = changes.renamed[rows]
    held = History(surnames.row, surnames.day, {}).at(rows, day)
    why = np.select(
        [changes.gender[rows] < NEVER, changes.deed[rows]],
        [_CAUSES.index("gender"), _CAUSES.index("deed")],
        _CAUSES.index("adoption"),
    )
    cause = np.concatenate([why, surnames.cause])
    row, day, place, source = stack(
        (rows, day, np.arange(len(rows))),
        (surnames.row, surnames.day, len(rows) + np.arange(len(surnames.row))),
    )
    del source
    return row, day, np.concatenate([surnames.code[held], surnames.code])[place], cause[place]


def _one_after_other(first: pa.DictionaryArray, later: pa.DictionaryArray) -> pa.DictionaryArray:
    """Put names of one vocabulary behind others of it."""
    codes = pa.concat_arrays([first.indices, later.indices.cast(first.indices.type)])
    return pa.DictionaryArray.from_arrays(codes, first.dictionary)
