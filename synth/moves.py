"""Who moves when and where to: a dated history of addresses for everybody in a block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import model_validator

from synth.blocks import Block
from synth.calendar import DAYS_A_YEAR
from synth.chance import Stream
from synth.geography import SPARE_DWELLINGS, addresses, wales
from synth.histories import History
from synth.population import GROWN_CHILD, ID_SHIFT, OTHER, RESIDENT
from synth.spec import Amount, Rate, Spec

Ints = NDArray[np.int64]

_MOST_MOVES = 8  # of one household before the study, and again in it
_DWELLINGS = 1 << 13  # more than any neighbourhood has
_PLACES = 32  # keys the places that one household or person ever moves to
_FORWARD, _FIRST, _AWAY = 16, 15, 31  # which of them: moves in the study, the oldest, own home


class Moves(Spec):
    """How often people move, and how far.

    The census of 2021 gives 8.3 % of people a year; the profile by age is assumed.
    """

    from_age: tuple[int, ...] = (0, 20, 25, 30, 35, 45, 55, 65, 75)  # of the household's anchor
    a_year: tuple[Amount, ...] = (0.2, 0.26, 0.2, 0.135, 0.085, 0.05, 0.038, 0.028, 0.035)
    leaves_home_a_year: Amount = 0.1  # grown children and sharers, on their own; assumed
    same_neighbourhood_rate: Rate = 0.25  # of moves; assumed
    same_authority_rate: Rate = 0.45  # of moves, besides those; assumed

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.from_age) != len(self.a_year) or self.from_age[:1] != (0,):
            raise ValueError("from_age must begin with 0 and have as many entries as a_year")
        if list(self.from_age) != sorted(set(self.from_age)):
            raise ValueError("from_age must ascend")
        if self.same_neighbourhood_rate + self.same_authority_rate > 1:
            raise ValueError("same_neighbourhood_rate and same_authority_rate exceed 1 together")
        return self


@dataclass(frozen=True)
class _Stays:
    """From which day on whom a place is home; ordered by owner and day."""

    owner: Ints
    day: Ints
    place: Ints  # LSOA number and dwelling in one


def address_history(
    block: Block, window: tuple[int, int, int], spec: Moves, chance: Stream
) -> History:
    """Give everybody their addresses: a household moves together until somebody leaves it.

    Parameters
    ----------
    block
        Of households.
    window
        First day of the history, first and last day of the study.
    spec
        How often people move.
    chance
        Stream of the lives; draws are keyed by household and person.
    """
    stays = _of_members(block, _of_households(block, window, spec, chance), window, spec, chance)
    lsoa, dwelling = stays.place // _DWELLINGS, stays.place % _DWELLINGS
    written = addresses(lsoa, dwelling, chance.stage("geography"))
    moved = (np.diff(stays.owner, prepend=-1) == 0).astype(np.int32)
    columns = {
        "house": written.house,
        "street": written.street,
        "town": written.town,
        "postcode": written.postcode,
        "lsoa_code": pa.DictionaryArray.from_arrays(
            pa.array(lsoa, pa.int32()), pa.array(wales().code, pa.string())
        ),
        "cause": pa.DictionaryArray.from_arrays(pa.array(moved), pa.array(["start", "move"])),
    }
    return History(stays.owner, stays.day, columns)


def _of_households(
    block: Block, window: tuple[int, int, int], spec: Moves, chance: Stream
) -> _Stays:
    """Draw each household's stays: moves before the study lead to the census, later ones away."""
    anchor = np.flatnonzero(np.diff(block.household, prepend=-1))
    ids, lsoa = block.household_id[anchor], block.lsoa[anchor]
    home = lsoa * _DWELLINGS + (ids & ((1 << ID_SHIFT) - 1))
    step = np.searchsorted(spec.from_age, block.age[anchor], side="right") - 1
    rate = np.array(spec.a_year)[step]
    came, came_day, came_turn = _times("moves_in", ids, rate, window[:2], chance)
    went, went_day, went_turn = _times("moves_out", ids, rate, window[1:], chance)
    is_last = np.diff(came, append=-1) != 0
    between = _away(ids[came] * _PLACES + came_turn, lsoa[came], spec, chance)
    oldest = _away(ids * _PLACES + _FIRST, lsoa, spec, chance)
    moved = np.isin(np.arange(len(ids)), came)
    later = _away(ids[went] * _PLACES + _FORWARD + went_turn, lsoa[went], spec, chance)
    owner = np.concatenate([np.arange(len(ids)), came, went])
    day = np.concatenate([np.full(len(ids), window[0]), came_day, went_day])
    place = np.concatenate(
        [np.where(moved, oldest, home), np.where(is_last, home[came], between), later]
    )
    order = np.lexsort((day, owner))
    return _Stays(owner[order], day[order], place[order])


def _times(
    decision: str, ids: Ints, rate: NDArray[np.float64], span: tuple[int, int], chance: Stream
) -> tuple[Ints, Ints, Ints]:
    """Draw when in a span households move: row, day and turn of each move, in order."""
    mean = rate * (span[1] - span[0]) / DAYS_A_YEAR
    count = chance.poisson(decision, ids, mean, most=_MOST_MOVES)
    row = np.repeat(np.arange(len(ids)), count)
    turn = np.arange(len(row)) - (np.cumsum(count) - count)[row]
    when = chance.uniform(f"{decision}_day", ids[row] * _MOST_MOVES + turn)
    day = span[0] + 1 + np.floor(when * (span[1] - span[0])).astype(np.int64)
    return row, day[np.lexsort((day, row))], turn


def _away(key: Ints, lsoa: Ints, spec: Moves, chance: Stream) -> Ints:
    """Draw a place to move to: a spare dwelling nearby, in the same authority, or anywhere."""
    geography = wales()
    reach = chance.uniform("reach", key)
    edges = np.concatenate([[0], np.cumsum(geography.households)])
    authority = geography.authority[lsoa]
    low = edges[np.searchsorted(geography.authority, authority)]
    high = edges[np.searchsorted(geography.authority, authority, side="right")]
    far = reach >= spec.same_neighbourhood_rate + spec.same_authority_rate
    low, high = np.where(far, 0, low), np.where(far, edges[-1], high)
    drawn = low + chance.uniform("neighbourhood", key) * (high - low)
    chosen = np.searchsorted(edges, drawn, side="right") - 1
    chosen = np.where(reach < spec.same_neighbourhood_rate, lsoa, chosen)
    spare = geography.households[chosen] * (SPARE_DWELLINGS - 1)
    dwelling = geography.households[chosen] + 1 + chance.below("dwelling", key, spare)
    return np.asarray(chosen * _DWELLINGS + dwelling)


def _of_members(
    block: Block, homes: _Stays, window: tuple[int, int, int], spec: Moves, chance: Stream
) -> _Stays:
    """Follow each person through the stays of the household, from birth until leaving it."""
    people = np.arange(len(block.person))
    first = np.searchsorted(homes.owner, block.household)
    stays = np.searchsorted(homes.owner, block.household, side="right") - first
    owner = np.repeat(people, stays)
    source = first[owner] + np.arange(len(owner)) - (np.cumsum(stays) - stays)[owner]
    day = np.maximum(homes.day[source], block.birth_day[owner])
    leaves = _leaving_day(block, window, spec, chance)
    left = leaves <= window[2]
    key = block.person_id[left] * _PLACES + _AWAY
    own_place = _away(key, block.lsoa[left], spec, chance)
    kept = day < leaves[owner]
    owner = np.concatenate([owner[kept], people[left]])
    day = np.concatenate([day[kept], leaves[left]])
    place = np.concatenate([homes.place[source][kept], own_place])
    order = np.lexsort((day, owner))
    owner, day, place = owner[order], day[order], place[order]
    # Of several stays that begin on one day, at birth above all, the last is the one that holds.
    holds = np.append((owner[1:] != owner[:-1]) | (day[1:] != day[:-1]), True)
    return _Stays(owner[holds], day[holds], place[holds])


def _leaving_day(block: Block, window: tuple[int, int, int], spec: Moves, chance: Stream) -> Ints:
    """Give the day on which each person leaves the household; most never do in the study."""
    may = np.isin(block.role, (GROWN_CHILD, OTHER, RESIDENT)) & (spec.leaves_home_a_year > 0)
    years = chance.exponential("leaves_home", block.person_id) / max(spec.leaves_home_a_year, 1e-9)
    day = window[1] + 1 + np.floor(np.minimum(years, 100) * DAYS_A_YEAR).astype(np.int64)
    return np.where(may, day, window[2] + 1)
