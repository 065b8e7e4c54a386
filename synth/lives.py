"""What changes in a life: moves, marriages, changes of name; a dated history for everybody.

A history begins some years before the study, so that an agency which learned of somebody long ago
holds what was true then. On the day the study begins everybody lives where the census found them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pydantic import Field

from synth import names
from synth.blocks import Block, take_block
from synth.calendar import DAYS_A_YEAR
from synth.chance import Stream
from synth.geography import wales
from synth.histories import History, stack
from synth.moves import Moves, address_history
from synth.population import (
    ANCHOR,
    CHILD,
    GROWN_CHILD,
    PARTNER,
    Census,
)
from synth.spec import Amount, Positive, Rate, Spec

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Lives(Spec):
    """How often lives change; all values are assumed unless a source is named."""

    years_before: Annotated[Amount, Field(le=30)] = 6.0  # how long before the study histories begin
    moves: Moves = Moves()
    marriage_age_years: Positive = 31.0  # mean at a couple's marriage; assumed
    marriage_age_sd_years: Positive = 7.0  # assumed
    marries_rate: Rate = 0.8  # of couples, sooner or later; assumed
    wife_takes_name_rate: Rate = 0.8  # assumed; published surveys range from 0.59 to 0.90
    double_barrelled_rate: Rate = 0.08  # of wives; assumed
    mother_keeps_child_name_rate: Rate = 0.6  # lone mothers who bear their children's surname
    deed_a_year: Amount = 0.002  # other changes of surname per adult; assumed
    middle_name_rate: Rate = 0.78  # assumed


@dataclass(frozen=True)
class People(Block):
    """The people of a block of households, with their histories."""

    welsh_name: Mask  # the first surname is of Welsh type
    names: History
    addresses: History

    def row(self, person: Ints) -> Ints:
        """Find people, given by census index, in this block."""
        return np.searchsorted(self.person, person)


def live(
    census: Census, households: Ints, period: tuple[int, int], spec: Lives, chance: Stream
) -> People:
    """Live the lives of some households.

    Parameters
    ----------
    census
        Of the scenario.
    households
        Indices, ascending.
    period
        First and last day of the study, in days since 1970-01-01.
    spec
        How often lives change.
    chance
        Stream of this stage; draws are keyed by person and household.
    """
    block = take_block(census, households, period[0])
    window = (period[0] - round(spec.years_before * DAYS_A_YEAR), period[0], period[1])
    named, welsh = _names(block, window, spec, chance)
    lived = address_history(block, window, spec.moves, chance)
    return People(**vars(block), welsh_name=welsh, names=named, addresses=lived)


# -- names --------------------------------------------------------------------------------------


def _names(
    block: Block, window: tuple[int, int, int], spec: Lives, chance: Stream
) -> tuple[History, Mask]:
    """Give everybody their names; surnames change on marriage and by deed."""
    count = np.arange(len(block.person))
    pool, (first, married, deed) = _surnames(block, window[1], spec, chance)
    welsh = names.welsh_surnames()[pool.indices.to_numpy()[first]]
    wedding = _wedding_day(block, chance, spec)
    early = np.where(wedding <= window[0], married, first)
    weds = (married != first) & (wedding > window[0]) & (wedding <= window[2])
    deed_day = window[0] + (
        chance.exponential("deed_day", block.person_id) * DAYS_A_YEAR / max(spec.deed_a_year, 1e-9)
    )
    changes = (deed_day <= window[2]) & (block.role != CHILD) & ~weds
    rows, days, codes, causes = stack(
        (count, np.maximum(block.birth_day, window[0]), early),
        (count[weds], wedding[weds], married[weds]),
        (count[changes], deed_day[changes].astype(np.int64), deed[changes]),
    )
    given, middle = _given_names(block, window[1], spec, chance)
    columns = {
        "forename": given.take(pa.array(rows)),
        "middle_name": middle.take(pa.array(rows)),
        "surname": pool.take(pa.array(codes)),
        "cause": _coded(causes, ["birth", "marriage", "deed"]),
    }
    return History(rows, days, columns), welsh


def _surnames(
    block: Block, start: int, spec: Lives, chance: Stream
) -> tuple[pa.DictionaryArray, tuple[Ints, Ints, Ints]]:
    """Draw every surname that anybody of the block might bear.

    Returns
    -------
    The names, and for each person where to find the first, the one after marriage, and the one
    after a change by deed.
    """
    count = len(block.person)
    ids = (block.person_id | _OWN_FAMILY, block.household_id, block.person_id | _BY_DEED)
    own, family, deed = (names.surnames(_bearers(block, key, start), chance) for key in ids)
    joined = pc.binary_join_element_wise(
        own.dictionary_decode(), family.dictionary_decode(), "-"
    ).dictionary_encode()
    chunks = pa.chunked_array([own, family, deed, joined])
    pool = chunks.unify_dictionaries().combine_chunks()
    row = np.arange(count)
    first = np.where(_of_the_house(block, spec, chance), count + row, row)
    choice = chance.uniform("married_name", block.person_id)
    takes = choice < spec.wife_takes_name_rate
    joins = choice >= 1 - spec.double_barrelled_rate
    wife = _is_wife(block)
    married = np.where(wife & takes, count + row, np.where(wife & joins, 3 * count + row, first))
    return pool, (first, married, 2 * count + row)


_OWN_FAMILY = 1 << 40  # keys a person's own family's surname apart from the household's
_BY_DEED = 1 << 41


def _in_mixed_couple(block: Block) -> Mask:
    """Say who is one of a couple of a woman and a man."""
    has_partner = np.bincount(block.household, block.role == PARTNER) > 0
    men = np.bincount(block.household, block.sex * (block.role <= PARTNER))
    return np.asarray((has_partner & (men == 1))[block.household] & (block.role <= PARTNER))


def _is_wife(block: Block) -> Mask:
    return _in_mixed_couple(block) & (block.sex == 0)


def _of_the_house(block: Block, spec: Lives, chance: Stream) -> Mask:
    """Say whose first surname is the household's: the husband's or the lone parent's family."""
    bears = np.isin(block.role, (ANCHOR, CHILD, GROWN_CHILD))
    couple = _in_mixed_couple(block)
    bears[couple] = block.sex[couple] == 1
    children = np.bincount(block.household, block.role == CHILD)[block.household] > 0
    mother = (block.role == ANCHOR) & (block.sex == 0) & children & ~couple
    keeps = chance.happens("mother_keeps", block.person_id, spec.mother_keeps_child_name_rate)
    return np.asarray(bears & ~(mother & ~keeps))


def _wedding_day(block: Block, chance: Stream, spec: Lives) -> Ints:
    """Give the day each couple marries; never is far in the future."""
    anchor = block.person_id[block.first]
    age = spec.marriage_age_years + spec.marriage_age_sd_years * chance.normal("wedding", anchor)
    day = block.birth_day[block.first] + np.maximum(age, 18) * DAYS_A_YEAR
    marries = chance.happens("marries", anchor, spec.marries_rate) & _in_mixed_couple(block)
    return np.where(marries, day, _NEVER).astype(np.int64)


_NEVER = 1 << 18


def _given_names(
    block: Block, start: int, spec: Lives, chance: Stream
) -> tuple[pa.DictionaryArray, pa.DictionaryArray]:
    bearers = _bearers(block, block.person_id, start)
    has = chance.happens("has_middle_name", block.person_id, spec.middle_name_rate)
    middle = names.given_names(bearers, "middle_name", chance)
    codes = pa.array(middle.indices.to_numpy(), mask=~has)
    return (
        names.given_names(bearers, "forename", chance),
        pa.DictionaryArray.from_arrays(codes, middle.dictionary),
    )


def _bearers(block: Block, ids: Ints, start: int) -> names.Bearers:
    geography = wales()
    year = 1970 + (start / DAYS_A_YEAR) - block.age
    return names.Bearers(
        ids=ids,
        sex=block.sex.astype(np.int8),
        birth_year=np.floor(year).astype(np.int16),
        ethnic_group=block.ethnic.astype(np.int8),
        welsh_speaker_rate=geography.welsh_speaker_rate[block.lsoa],
        force=geography.force[block.lsoa].astype(np.int8),
        lineage=block.household_id,
    )


def _coded(codes: Ints, labels: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(labels))
