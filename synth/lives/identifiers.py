"""The sex and the NHS number under which people are registered, over time.

Most have one of each for life. A number is new after an adoption and sometimes after a change of
gender; some people are given a second while their first is not found, and some are taken for
another of their household.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.lives.fates import NEVER
from darkfigure.synth.lives.histories import History, stack
from darkfigure.synth.lives.identity_changes import Changes
from darkfigure.synth.schema import IDENTIFIER_CAUSE
from darkfigure.synth.setting.calendar import DAYS_A_YEAR

# Numbers of their own begin beyond the ids of people, which have 25 bits; no rate.
_SECOND = 1 << 25
_CAUSES = tuple(IDENTIFIER_CAUSE)
_GOES_WRONG = ("second_number", "confused")


class Identifiers(Spec):
    """Rates at which NHS numbers go wrong nationally, for all who look them up."""

    second_number_rate: Rate = 0.003
    """People who had a second number in some of the years of a history; assumed: a share of the
    3.5 % of registrations beyond the number of people (well known) that nobody merged at once.
    """
    second_number_years: Amount = 3.0
    """Years until the two are merged, mean; assumed."""
    confused_rate: Rate = 0.0015
    """People taken for the one before them in the household, if of their sex, whose number they had
    for a time; assumed: of everybody a tenth as many as above.
    """
    confused_twin_rate: Rate = 0.01
    """The same of twins. Source: assumed, half of the 2 % whose records were ever crossed."""
    confused_years: Amount = 1.0
    """Years until that is untangled, mean; assumed."""


@dataclass(frozen=True)
class _Lent:
    """Another number, from a day on and until another; one entry per person."""

    from_day: Ints
    until_day: Ints
    number: Ints
    cause: Ints


def identifier_history(
    block: Block,
    changes: Changes,
    window: tuple[int, int, int],
    spec: Identifiers,
    chance: Stream,
) -> History:
    """Give everybody of a block their registered sex and NHS number over time.

    Parameters
    ----------
    block
        People of some households.
    changes
        Days on which they get another identity.
    window
        First day of the histories, first and last day of the study, since 1970-01-01.
    spec
        Rates at which numbers go wrong.
    chance
        Stream of the lives; draws are keyed by person.

    Returns
    -------
    Versions with `sex` (0 female, 1 male), `number` (from which the NHS number is made, below
    2**26) and `cause`.
    """
    row = np.arange(len(block.person_id))
    begins = np.maximum(block.known_from, window[0])
    end = np.maximum(np.minimum(window[2] + 1, block.gone_day), begins + 1)
    lent = _lent(block, changes, (begins, end), spec, chance)
    events = [
        (begins, np.full(len(row), _CAUSES.index("birth"))),
        (changes.sex, np.full(len(row), _CAUSES.index("gender"))),
        (lent.from_day, lent.cause),
        (lent.until_day, np.full(len(row), _CAUSES.index("mended"))),
    ]
    held = [(day == begins) | ((day > begins) & (day < end)) for day, _ in events]
    person, day, cause, _ = stack(
        *((row[own], day[own], cause[own]) for own, (day, cause) in zip(held, events, strict=True))
    )
    other = (day >= lent.from_day[person]) & (day < lent.until_day[person])
    columns = {
        "sex": pa.array(block.sex[person] ^ (day >= changes.sex[person])),
        "number": pa.array(np.where(other, lent.number[person], block.person_id[person])),
        "cause": pa.DictionaryArray.from_arrays(pa.array(cause, pa.int32()), pa.array(_CAUSES)),
    }
    return History(person, day, columns)


def _lent(
    block: Block, changes: Changes, span: tuple[Ints, Ints], spec: Identifiers, chance: Stream
) -> _Lent:
    """Draw who has another number and when; nobody has more than one other."""
    ids, (begins, end) = block.person_id, span
    new = np.minimum(changes.adopted, changes.gender_number)
    second = chance.happens("second_number", ids, spec.second_number_rate)
    relative, twin = _relatives(block)
    rate = np.where(twin, spec.confused_twin_rate, spec.confused_rate)
    confused = (relative >= 0) & chance.happens("confused_number", ids, rate)
    day = begins + 1 + chance.below("number_day", ids, end - begins)
    years = np.where(second, spec.second_number_years, spec.confused_years)
    kept = years * DAYS_A_YEAR * chance.exponential("number_years", ids)
    until = np.minimum(day + 1 + kept.astype(np.int64), NEVER)
    kinds, own = [new < NEVER, second, confused], ids + _SECOND
    why = np.where(changes.adopted < NEVER, _CAUSES.index("adoption"), _CAUSES.index("gender"))
    return _Lent(
        from_day=np.select(kinds, [new, day, day], NEVER),
        until_day=np.select(kinds, [np.full(len(ids), NEVER), until, until], NEVER),
        number=np.select(kinds, [own, own, ids[relative]], ids),
        cause=np.select(
            kinds, [why, *(np.full(len(ids), _CAUSES.index(name)) for name in _GOES_WRONG)]
        ),
    )


def _relatives(block: Block) -> tuple[Ints, Mask]:
    """Give the row of the resident before in the household, if of the same sex, else -1; twins."""
    before = np.full(len(block.person_id), -1)
    rows = np.arange(1, block.residents)
    alike = (block.household[rows] == block.household[rows - 1]) & (
        block.sex[rows] == block.sex[rows - 1]
    )
    before[rows[alike]] = rows[alike] - 1
    return before, (before >= 0) & (block.birth_day == block.birth_day[before])
