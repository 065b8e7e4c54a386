"""Telephone numbers under which people can be reached, over time.

Grown-ups give a mobile of their own, children that of a grown-up at home, and old couples share a
line. Ofcom keeps 3,000 numbers for drama, too few for a country, so these begin with 04 and 06:
ranges of the national numbering plan in which no number is issued.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.digits import beside, repeated, zero_padded
from darkfigure.synth.core.orders import order_of
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.lives.histories import History
from darkfigure.synth.setting.calendar import DAYS_A_YEAR

LANDLINE, MOBILE = "04", "06"
_DIGITS = 9  # after these two
_OWN_AGE, _GROWN_AGE, _SHARED_AGE = 12, 18, 75  # with a mobile, reached for others; assumed
_YEARS_A_NUMBER = (4.0, 20.0)  # for which somebody keeps a mobile number; assumed
_VERSIONS = 12  # more than the longest history, 45 years, has; 10**9 leave 83 m people
_FEMALE = 0


def telephone_history(block: Block, window: tuple[int, int, int], chance: Stream) -> History:
    """Give everybody of a block the number under which they can be reached, over time.

    Parameters
    ----------
    block
        People of some households.
    window
        First day of histories, first and last day of the study, since 1970-01-01.
    chance
        Stream of the telephones; draws are keyed by the owner of the telephone.
    """
    owner, (start, _, end) = _owners(block), window
    ids, shared = block.person_id[owner], block.age[owner] >= _SHARED_AGE
    shortest, longest = (years * DAYS_A_YEAR for years in _YEARS_A_NUMBER)
    days = shortest + (longest - shortest) * chance.uniform("kept", ids)  # a number
    before = days * chance.uniform("had", ids)
    count = np.where(shared, 1, 1 + ((end - start + before) / days).astype(np.int64))
    person = np.repeat(np.arange(len(owner)), count)
    version = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count)
    # The second number begins no earlier than the day after the first.
    day = start + np.maximum(version * days[person] - before[person], version).astype(np.int64)
    # Of the numbers before coming to Wales people bring the last along.
    day = np.maximum(day, block.came_day[person])
    last = np.append((np.diff(person) > 0) | (np.diff(day) > 0), True)
    person, version, day = person[last], version[last], day[last]
    prefix = np.where(shared, LANDLINE, MOBILE)[person]
    numbers = telephone_numbers(ids[person], version, prefix, chance)
    return History(person, day, {"telephone": numbers.dictionary_encode()})


def telephone_numbers(
    ids: Ints, version: Ints, prefix: NDArray[np.str_], chance: Stream
) -> pa.StringArray:
    """Give each version of each person's telephone a number of its own, in a range never issued.

    Parameters
    ----------
    ids
        Ids of people, shape (n,).
    version
        Number of the version from 0, below 12, shape (n,).
    prefix
        LANDLINE or MOBILE, shape (n,).
    chance
        Stream of the telephones; decides which version gets which number.

    Returns
    -------
    Eleven digits, shape (n,).

    References
    ----------
    Ofcom, National Telephone Numbering Plan: no numbers are designated in 04 and 06.
    """
    place = chance.permute("telephone", ids * _VERSIONS + version, 10**_DIGITS)
    return beside(repeated(prefix, len(place)), zero_padded(place, _DIGITS))


def _owners(block: Block) -> Ints:
    """Give the row of the owner of each person's telephone."""
    grown = block.age >= _GROWN_AGE
    reached = np.where(grown, np.where(block.sex == _FEMALE, 0, 1), 2)
    oldest = order_of(block.household, -block.age)
    carer = _first(block.household, order_of(block.household, reached, -block.age))
    own = np.arange(len(block.household))
    own = np.where(block.age < _OWN_AGE, carer, own)
    return np.where(block.age >= _SHARED_AGE, _first(block.household, oldest), own)


def _first(household: Ints, order: Ints) -> Ints:
    """Give the row that comes first in each person's household."""
    begins = np.searchsorted(household[order], household)
    return order[begins]
