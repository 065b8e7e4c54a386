"""Surnames that people of a block might have: their families', taken, or two of them joined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth import names
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives.blocks import Block
from darkfigure.synth.population.families import CHILD, GROWN_CHILD

_BY_DEED = 1 << 41  # keeps names taken by deed apart from families'


@dataclass(frozen=True)
class Family:
    """The family that a surname comes from.

    Parameters
    ----------
    key
        Key of the family's draws, shape (persons,) as all arrays.
    background
        Index into `tuple(schema.ETHNIC_BACKGROUND)`.
    force
        Index into `tuple(schema.FORCES)`.
    elsewhere
        Families from outside Wales.
    lineage
        Key of the draw of the tradition of names, as `life_courses.lineages` gives it.
    speakers
        Share of Welsh speakers around, 0 for families from outside Wales.
    """

    key: Ints
    background: Ints
    force: Ints
    elsewhere: Mask
    speakers: Floats
    lineage: Ints

    def where(self, chosen: Mask, other: Family) -> Family:
        """Take another family for some people."""
        return Family(
            np.where(chosen, other.key, self.key),
            np.where(chosen, other.background, self.background),
            np.where(chosen, other.force, self.force),
            np.where(chosen, other.elsewhere, self.elsewhere),
            np.where(chosen, other.speakers, self.speakers),
            np.where(chosen, other.lineage, self.lineage),
        )

    def at(self, rows: Ints) -> Family:
        """Take the families of some rows."""
        return Family(*(values[rows] for values in vars(self).values()))


@dataclass(frozen=True)
class SurnamePool:
    """Every surname that anybody of a block might have.

    Parameters
    ----------
    names
        Shape (5 * persons,): their own family's, their household's, one taken by deed, two of
        these joined, and the family's of the partner who moves in with them.
    of_forefather
        People whose household's name has ap, ab or ferch, shape (persons,).
    wed_of_forefather
        People whose partner's has.
    """

    names: pa.DictionaryArray
    of_forefather: Mask
    wed_of_forefather: Mask


def surname_pool(
    block: Block, couple: Mask, families: tuple[Family, Family, Family], chance: Stream
) -> SurnamePool:
    """Draw every surname that anybody of the block might have.

    Parameters
    ----------
    block
        People of some households.
    couple
        Households of a woman and a man, shape (households,).
    families
        Everybody's own family, their household's, and their partner's who moves in.
    chance
        Stream of the lives; draws are keyed by family.
    """
    own, family, wed_family = families
    deed = Family(
        block.person_id | _BY_DEED,
        block.background,
        own.force,
        own.elsewhere,
        own.speakers,
        own.lineage,
    )
    drawn = [_drawn(block, source, chance) for source in (own, family, deed, wed_family)]
    by_own, by_family, by_deed, by_wedding = drawn
    child = np.isin(block.role, (CHILD, GROWN_CHILD)) & couple[block.household]
    # A child joins its mother's name to its father's; a wife her own to her husband's.
    first_part = by_own[np.where(child, block.first, np.arange(len(block.person)))]
    joined, pairs = _joined(first_part, by_family)
    pool = _encoded(np.concatenate([by_own, by_family, by_deed, joined, by_wedding]), pairs)
    prefixed = names.prefixed_surnames()
    return SurnamePool(pool, prefixed[by_family], prefixed[by_wedding])


def _encoded(codes: Ints, pairs: pa.StringArray) -> pa.DictionaryArray:
    """Encode codes of the vocabulary, or beyond it of pairs, over the names that are used."""
    used, entries = np.unique(codes, return_inverse=True)
    vocabulary = names.surname_vocabulary()
    listed = used[used < len(vocabulary)]
    joined = pairs.take(pa.array(used[len(listed) :] - len(vocabulary)))
    values = pa.concat_arrays([vocabulary.take(pa.array(listed)), joined])
    return pa.DictionaryArray.from_arrays(pa.array(entries.astype(np.int32)), values)


def _joined(first: Ints, second: Ints) -> tuple[Ints, pa.StringArray]:
    """Join the last parts of two surnames; the second stays alone where they are alike.

    Returns
    -------
    Codes: of the vocabulary, or beyond it for the pairs; and the pairs.
    """
    vocabulary, prefixed = names.surname_vocabulary(), names.prefixed_surnames()
    left, right = names.last_parts()[first], names.last_parts()[second]
    alone = (left == right) | prefixed[first] | prefixed[second]
    size = len(vocabulary)
    pairs, place = np.unique(left * size + right, return_inverse=True)
    texts = pc.binary_join_element_wise(
        vocabulary.take(pa.array(pairs // size)), vocabulary.take(pa.array(pairs % size)), "-"
    )
    return np.where(alone, second, size + place), texts


def _drawn(block: Block, family: Family, chance: Stream) -> Ints:
    """Draw the surnames of families, as codes of the vocabulary."""
    bearers = names.Bearers(
        ids=family.key,
        sex=block.sex.astype(np.int8),
        birth_year=np.zeros(len(block.sex), np.int16),
        background=family.background.astype(np.int8),
        welsh_speaker_rate=family.speakers,
        force=family.force.astype(np.int8),
        lineage=family.lineage,
    )
    drawn = names.surnames(bearers, chance, elsewhere=family.elsewhere)
    return np.asarray(names.as_women_bear_it(drawn, bearers, chance).indices.to_numpy(), np.int64)
