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
from synth.chance import Stream
from synth.lives.blocks import Block, take_block
from synth.lives.fates import Fates
from synth.lives.forenames import GivenNames, given_names_of
from synth.lives.histories import History
from synth.lives.migration import Migration
from synth.lives.moving import Moves
from synth.lives.residences import address_history
from synth.lives.society import Society, Ways, other_homes, parted_parents
from synth.lives.surnames_borne import Surnames, surnames_borne
from synth.lives.telephones import telephone_history
from synth.population.kin import NOBODY, Kinship
from synth.schema import NAME_CAUSE
from synth.spec import Amount, Spec

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Lives(Spec):
    """How often lives change."""

    years_before: Annotated[Amount, Field(le=30)] = 16.0
    """How long before the study histories begin: longer than agencies go without asking."""
    kinship: Kinship = Kinship()
    """Who has kin nearby."""
    fates: Fates = Fates()
    """How many are born and die."""
    migration: Migration = Migration()
    """How many come to Wales, and leave it."""
    moves: Moves = Moves()
    """How often people move."""
    surnames: Surnames = Surnames()
    """Who bears whose surname."""
    given_names: GivenNames = GivenNames()
    """How given names are chosen."""

    @property
    def ways(self) -> Ways:
        """What of it shapes society as a whole."""
        return Ways(self.kinship, self.fates, self.migration, self.moves, self.years_before)


@dataclass(frozen=True)
class People(Block):
    """The people of a block of households, with their histories.

    The addresses of a child's second home stand under its row plus the number of people.
    """

    welsh_name: Mask  # the first surname is of Welsh type
    two_homes: Mask
    names: History
    addresses: History
    telephones: History

    def row(self, person: Ints) -> Ints:
        """Find people, given by census index, in this block."""
        return np.searchsorted(self.person, person)


def live(society: Society, households: Ints, spec: Lives, chance: Stream) -> People:
    """Live the lives of some households.

    Parameters
    ----------
    society
        Of the scenario.
    households
        Indices, ascending.
    spec
        How often lives change.
    chance
        Stream of this stage; draws are keyed by person and household.
    """
    block = take_block(society, households, society.window[1])
    named, welsh = name_history(block, society, spec, chance)
    other = other_homes(society, block.person, block.home)
    left = parted_parents(society, block.person, block.home)
    return People(
        **vars(block),
        welsh_name=welsh,
        two_homes=(other != NOBODY) | (left != NOBODY),
        names=named,
        addresses=address_history(block, society, chance.stage("geography")),
        telephones=telephone_history(block, society.window, chance.stage("telephones")),
    )


def name_history(
    block: Block, society: Society, spec: Lives, chance: Stream
) -> tuple[History, Mask]:
    """Give everybody of a block their names over time; say whose first surname is of Welsh type.

    Parameters
    ----------
    block
        Of households.
    society
        Of the scenario.
    spec
        How often lives change.
    chance
        Stream of the lives; draws are keyed by person and household.
    """
    borne = surnames_borne(block, society, spec.surnames, chance)
    given = given_names_of(block, society, spec.given_names, chance)
    rows = pa.array(borne.row)
    columns = {
        "forename": given.forename.take(rows),
        "middle_name": given.middle.take(rows),
        "surname": borne.pool.take(pa.array(borne.code)),
        "cause": pa.DictionaryArray.from_arrays(
            pa.array(borne.cause, pa.int32()), pa.array(list(NAME_CAUSE))
        ),
    }
    return History(borne.row, borne.day, columns), _welsh(borne.pool, borne.first)


def _welsh(pool: pa.DictionaryArray, entries: Ints) -> Mask:
    """Say which entries of a pool are of Welsh type; names joined of two are not counted."""
    code = pc.index_in(pool.dictionary, names.surname_vocabulary()).fill_null(-1).to_numpy()
    welsh = (code >= 0) & names.welsh_surnames()[code]
    return np.asarray(welsh[pool.indices.to_numpy()[entries]])
