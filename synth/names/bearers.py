"""People to be named, and the traditions of names that their families belong to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.names.laws import Codes, Laws
from darkfigure.synth.reference import load
from darkfigure.synth.schema import ETHNIC_BACKGROUND

GENERAL = "general"


@dataclass(frozen=True)
class Bearers:
    """People or families to be named; arrays of one length.

    Parameters
    ----------
    ids
        Keys of the draws: person ids for given names, family ids for surnames.
    sex
        0 female, 1 male; surnames do not use it.
    birth_year
        Calendar year; surnames do not use it.
    background
        Index into `tuple(schema.ETHNIC_BACKGROUND)`.
    welsh_speaker_rate
        Share of Welsh speakers in the local authority, 0 to 1: the chance that a home gives Welsh
        names.
    force
        Index into `tuple(schema.FORCES)`: surnames differ by region.
    lineage
        Keys of families, whose members share the tradition (and language) of their names; by
        default everybody stands alone.
    """

    ids: Ints
    sex: NDArray[np.int8]
    birth_year: NDArray[np.int16]
    background: NDArray[np.int8]
    welsh_speaker_rate: Floats
    force: NDArray[np.int8]
    lineage: Ints | None = None

    @property
    def family(self) -> Ints:
        """Keys that relatives share."""
        return self.ids if self.lineage is None else self.lineage


@cache
def name_groups() -> tuple[str, ...]:
    """List the traditions of names: the general one of Wales first."""
    groups = load("name_groups")["name_group"].to_pylist()
    return (GENERAL, *dict.fromkeys(groups))


def name_group_of(bearers: Bearers, chance: Stream) -> Codes:
    """Draw each family's tradition of names.

    Parameters
    ----------
    bearers
        People or families to be named.
    chance
        Stream of the stage; draws are keyed by lineage.

    Returns
    -------
    Index into `name_groups()`, shape (n,).
    """
    drawn = chance.uniform("name_group", bearers.family)
    return _group_laws().draw(bearers.background.astype(np.int64), drawn)


@cache
def keeps_given_rate() -> Floats:
    """Give the share of a background (row) that uses the given names of a name group (column)."""
    return _by_groups("given_rate")


@cache
def general_rate() -> float:
    """Give the share of the population of Wales whose names follow the general tradition."""
    residents = np.array([_total(name) for name in ETHNIC_BACKGROUND])
    return float(residents @ _group_shares()[:, 0] / residents.sum())


@cache
def _group_laws() -> Laws:
    return Laws.of(list(_group_shares()))


def _group_shares() -> Floats:
    shares = _by_groups("share")
    shares[:, 0] = 1 - shares.sum(axis=1)
    return shares


def _by_groups(column: str) -> Floats:
    table = load("name_groups")
    own = [tuple(ETHNIC_BACKGROUND).index(name) for name in table["background"].to_pylist()]
    group = [name_groups().index(name) for name in table["name_group"].to_pylist()]
    matrix = np.zeros((len(ETHNIC_BACKGROUND), len(name_groups())))
    matrix[own, group] = table[column].to_numpy()
    return matrix


def _total(background: str) -> int:
    table = load("ethnic_backgrounds")
    return int(pc.sum(table.filter(pc.field("background") == background)["persons"]).as_py())


def encoded(codes: Codes, vocabulary: pa.StringArray) -> pa.DictionaryArray:
    """Join codes with their vocabulary, which is not copied.

    Parameters
    ----------
    codes
        Indices into the vocabulary, shape (n,).
    vocabulary
        All names.
    """
    return pa.DictionaryArray.from_arrays(pa.array(codes), vocabulary, safe=False)
