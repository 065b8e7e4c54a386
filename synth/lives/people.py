"""Changes in a life: moves, marriages, changes of name; a dated history for everybody.

A history begins some years before the study, so that an agency which learned of somebody long ago
holds the facts of that time. On the day the study begins everybody lives where the census found
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from darkfigure.synth import names
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.spec import Amount, Spec
from darkfigure.synth.lives.adoptions import Adoptions
from darkfigure.synth.lives.blocks import Block, take_block
from darkfigure.synth.lives.fates import Fates
from darkfigure.synth.lives.forenames import GivenNames, given_names_of, goes_by_middle_name
from darkfigure.synth.lives.half_siblings import HalfSiblings, of_earlier_father
from darkfigure.synth.lives.histories import History
from darkfigure.synth.lives.identifiers import Identifiers, identifier_history
from darkfigure.synth.lives.identity_changes import Changes, IdentityChanges, identity_changes
from darkfigure.synth.lives.languages import Languages, Spoken, languages_of, other_ear
from darkfigure.synth.lives.life_courses import (
    LifeCourses,
    LifeCourseSpecs,
    lineages,
    other_homes,
    parted_parents,
)
from darkfigure.synth.lives.migration import Migration
from darkfigure.synth.lives.moving import Moves
from darkfigure.synth.lives.names_over_time import given_names_over_time
from darkfigure.synth.lives.residences import address_history
from darkfigure.synth.lives.surnames_borne import Surnames, surnames_borne
from darkfigure.synth.lives.telephones import telephone_history
from darkfigure.synth.lives.visitors import Visitors
from darkfigure.synth.population.kin import NOBODY, Kinship
from darkfigure.synth.schema import codes_of
from darkfigure.synth.setting.geography import wales


class Lives(Spec):
    """Rates of changes in lives."""

    years_before: Annotated[Amount, Field(le=30)] = 16.0
    """Years of history before the study: longer than agencies go without asking."""
    kinship: Kinship = Kinship()
    """Rates of kin nearby."""
    fates: Fates = Fates()
    """Rates of birth and death."""
    migration: Migration = Migration()
    """Rates of coming to Wales and leaving it."""
    visitors: Visitors = Visitors()
    """People who live outside Wales and come on visits."""
    moves: Moves = Moves()
    """Rates and distances of moves."""
    adoptions: Adoptions = Adoptions()
    """Rates of adoption from care."""
    surnames: Surnames = Surnames()
    """Rates at which surnames are taken, kept and passed on."""
    given_names: GivenNames = GivenNames()
    """Rates at which given names are inherited."""
    half_siblings: HalfSiblings = HalfSiblings()
    """How often children of one mother have different fathers."""
    identity_changes: IdentityChanges = IdentityChanges()
    """Rates at which people get another identity."""
    languages: Languages = Languages()
    """Rates at which languages are preferred."""
    identifiers: Identifiers = Identifiers()
    """Rates at which NHS numbers go wrong nationally."""

    @property
    def ways(self) -> LifeCourseSpecs:
        """The specs of life courses, which are planned for everybody at once."""
        return LifeCourseSpecs(
            self.kinship,
            self.fates,
            self.migration,
            self.visitors,
            self.moves,
            self.adoptions,
            self.years_before,
        )


@dataclass(frozen=True)
class People(Block):
    """The people of a block of households, with their histories.

    The addresses of a child's second home stand under its row plus the number of people.
    """

    lineage: Ints  # keys of the families whose tradition of names and language people have
    welsh_name: Mask  # the first surname is of Welsh type
    two_homes: Mask
    half_sibling: Mask  # has another father than the younger brothers and sisters
    refugee: Mask
    given_birthday: Mask
    middle_name_used: Mask  # in place of the first
    spoken: Spoken
    other_ear: Floats  # how readily those around write a Welsh name wrongly, mean about 1
    names: History
    identifiers: History
    addresses: History
    telephones: History

    def registered_anew(self, row: Ints, day: Ints) -> Ints:
        """Give the last day, until some day, on which people got another identity.

        Parameters
        ----------
        row
            Rows of people, shape (n,).
        day
            Days since 1970-01-01, shape (n,).

        Returns
        -------
        Shape (n,); the first day in Wales of people who have one identity for life.
        """
        history = self.identifiers
        version = history.at(row, day)
        lasting = codes_of(history.columns["cause"], ("gender", "adoption")) >= 0
        return np.where(lasting[version], history.day[version], self.known_from[row])

    def row(self, person: Ints) -> Ints:
        """Find the rows of people, given by census index, who are in this block."""
        return np.searchsorted(self.person, person)

    def lsoa_on(self, row: Ints, day: Ints) -> Ints:
        """Give the neighbourhood of people's homes on a day; of who has left Wales, the last.

        Parameters
        ----------
        row
            Rows of people, shape (n,).
        day
            Days since 1970-01-01, shape (n,).
        """
        code = self.addresses.columns["lsoa_code"]
        numbers = codes_of(code, wales().code.tolist())
        there = numbers[self.addresses.at(row, day)]
        return np.where(there < 0, self.lsoa[row], there)


def live(life_courses: LifeCourses, households: Ints, spec: Lives, chance: Stream) -> People:
    """Live the lives of some households.

    Parameters
    ----------
    life_courses
        Life courses of everybody.
    households
        Census indices, ascending.
    spec
        Rates of changes in lives.
    chance
        Stream of this stage; draws are keyed by person and household.
    """
    block = take_block(life_courses, households, life_courses.window[1])
    changes = identity_changes(block, life_courses, spec.identity_changes, chance)
    named, welsh = _named(block, life_courses, spec, changes, chance)
    refuge = life_courses.refuge.of(block)
    other = other_homes(life_courses, block.person, block.home)
    left = parted_parents(life_courses, block.person, block.home)
    return People(
        **vars(block),
        lineage=lineages(life_courses, block.person, block.home),
        welsh_name=welsh,
        two_homes=(other != NOBODY) | (left != NOBODY),
        half_sibling=of_earlier_father(block, spec.half_siblings, chance),
        refugee=refuge.refugee,
        given_birthday=refuge.given_birthday,
        middle_name_used=goes_by_middle_name(block, spec.given_names, chance),
        other_ear=other_ear(block, welsh),
        spoken=languages_of(block, life_courses, spec.languages, chance),
        names=named,
        identifiers=identifier_history(
            block, changes, life_courses.window, spec.identifiers, chance
        ),
        addresses=address_history(block, life_courses, chance.stage("geography")),
        telephones=telephone_history(block, life_courses.window, chance.stage("telephones")),
    )


def name_history(
    block: Block, life_courses: LifeCourses, spec: Lives, chance: Stream
) -> tuple[History, Mask]:
    """Give everybody of a block their names over time, and whether their first surname is Welsh.

    Parameters
    ----------
    block
        People of some households.
    life_courses
        Life courses of everybody.
    spec
        Rates of changes in lives.
    chance
        Stream of the lives; draws are keyed by person and household.

    Returns
    -------
    The history, and a mask of people whose first surname is of Welsh type, shape (persons,).
    """
    changes = identity_changes(block, life_courses, spec.identity_changes, chance)
    return _named(block, life_courses, spec, changes, chance)


def _named(
    block: Block, life_courses: LifeCourses, spec: Lives, changes: Changes, chance: Stream
) -> tuple[History, Mask]:
    half = of_earlier_father(block, spec.half_siblings, chance)
    surnames = surnames_borne(block, life_courses, (changes.adopted, half), spec.surnames, chance)
    given_names = given_names_of(block, life_courses, spec.given_names, chance)
    named = given_names_over_time(
        block, life_courses, changes, (surnames, given_names), chance.stage("renamed")
    )
    return named, _welsh(surnames.pool, surnames.first)


def _welsh(pool: pa.DictionaryArray, entries: Ints) -> Mask:
    """Tell which entries of a pool are of Welsh type; double-barrelled names do not count."""
    welsh = pc.is_in(pool.dictionary, names.welsh_surname_names()).to_numpy(zero_copy_only=False)
    return np.asarray(welsh[pool.indices.to_numpy()[entries]])
