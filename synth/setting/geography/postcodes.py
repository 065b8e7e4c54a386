"""Postcodes of dwellings: their district and sector as published, their last letters invented."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography.neighbourhoods import FIRST_SPARE, spare_dwellings, wales

UNIT_DWELLINGS = 16  # households a unit postcode; 15.25 are published (ONS Postcode Directory)
UNIT_SPARE = 8  # spare dwellings among them, as many as SPARE_DWELLINGS asks for
UNIT_PLOTS = UNIT_DWELLINGS + UNIT_SPARE

# No real inward code has any of these letters, so a code with one of them is never issued.
_NEVER_INWARD = "CIKMOV"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PAIRS = [a + b for a in _LETTERS for b in _LETTERS if {a, b} & set(_NEVER_INWARD)]
INWARD = tuple(f"{digit}{pair}" for digit in range(10) for pair in _PAIRS)
_STRIDE = 101  # coprime to len(_PAIRS): neighbours get unlike letters, none gets another's


@dataclass(frozen=True)
class PostcodeUnits:
    """The units of all neighbourhoods, in their order: some sixteen households each.

    A unit has one postcode. In a sector with more units than letters are left, two have it.
    """

    first: Ints  # (LSOAs + 1,): each neighbourhood's first unit
    lsoa: Ints  # (units,)
    sector: Ints  # (units,): row of the table `postcode_sectors`
    postcode: pa.StringArray  # (units,)


@cache
def units() -> PostcodeUnits:
    """Lay out the units of Wales; cached.

    References
    ----------
    Shares of sectors in neighbourhoods: lsoa_sectors.csv.
    """
    homes = wales().households + FIRST_SPARE
    counts = np.maximum(-(-homes // UNIT_DWELLINGS), -(-spare_dwellings() // UNIT_SPARE))
    first = np.concatenate([[0], np.cumsum(counts)])
    lsoa = np.repeat(np.arange(len(counts)), counts)
    sector = _sectors((np.arange(len(lsoa)) - first[lsoa] + 0.5) / counts[lsoa], lsoa)
    names = load("postcode_sectors")["sector"].to_numpy()[sector]
    pairs = np.array(_PAIRS, object)[_letters(lsoa, sector) * _STRIDE % len(_PAIRS)]
    return PostcodeUnits(first, lsoa, sector, pa.array(names + pairs, pa.string()))


def _shares() -> tuple[Ints, Ints, Floats]:
    """Read rows of neighbourhood, sector and share, ordered by the first two."""
    table = load("lsoa_sectors")
    lsoa = pc.index_in(table["lsoa_code"].combine_chunks(), pa.array(wales().code, pa.string()))
    listed = load("postcode_sectors")["sector"].combine_chunks()
    sector = pc.index_in(table["sector"].combine_chunks(), listed)
    share = table["share"].to_numpy().astype(float)
    return lsoa.to_numpy().astype(np.int64), sector.to_numpy().astype(np.int64), share


def _sectors(place: Floats, lsoa: Ints) -> Ints:
    """Give units their sector by their place in the neighbourhood, in [0, 1)."""
    owner, sector, share = _shares()
    total = np.bincount(owner, share)
    start = np.cumsum(share) - share
    within = (start - start[np.searchsorted(owner, owner)]) / total[owner]
    return np.asarray(sector[np.searchsorted(owner + within, lsoa + place, side="right") - 1])


def _letters(lsoa: Ints, sector: Ints) -> Ints:
    """Count the postcodes of each sector from 0."""
    group = sector * len(wales().code) + lsoa
    order = np.argsort(group, kind="stable")
    number = np.empty(len(lsoa), np.int64)
    crowded = np.bincount(sector)[sector] > len(_PAIRS)
    turn = _turns(group[order])
    opens = np.where(crowded[order], turn % 2 == 0, True)
    counted = np.cumsum(opens)
    begin = np.searchsorted(sector[order], sector[order])
    number[order] = counted - counted[begin]
    return number


def _turns(ordered: Ints) -> Ints:
    """Count the entries of each run of equal values from 0."""
    return np.asarray(np.arange(len(ordered)) - np.searchsorted(ordered, ordered))


def unit_and_plot(lsoa: Ints, dwelling: Ints) -> tuple[Ints, Ints]:
    """Give the unit of dwellings and their place in it; one of three places is a spare dwelling.

    Parameters
    ----------
    lsoa
        Number of the LSOA, shape (n,).
    dwelling
        Number of the dwelling within its LSOA, from 0, shape (n,).

    Returns
    -------
    Row in `units()` and place below `UNIT_PLOTS`, each of shape (n,).
    """
    first, spare = units().first, dwelling - (wales().households[lsoa] + FIRST_SPARE)
    unit, place = np.divmod(dwelling, UNIT_DWELLINGS)
    three, turn = np.divmod(place, 2)
    rest = np.flatnonzero(spare >= 0)
    unit[rest], three[rest] = np.divmod(spare[rest], UNIT_SPARE)
    unit = first[lsoa] + unit % np.diff(first)[lsoa]
    empty = (unit + three) % 3
    return unit, three * 3 + np.where(spare >= 0, empty, turn + (turn >= empty))


@cache
def unit_towns() -> pa.DictionaryArray:
    """Give the post town of every unit; cached."""
    towns = load("postcode_sectors")["town"].combine_chunks().dictionary_encode()
    return towns.take(pa.array(units().sector))


@cache
def _outcodes() -> NDArray[np.object_]:
    """Give each neighbourhood the district of its largest share."""
    lsoa, sector, share = _shares()
    names, district = np.unique(
        load("postcode_sectors")["outcode"].to_numpy().astype(str), return_inverse=True
    )
    shares = np.zeros((len(wales().code), len(names)))
    np.add.at(shares, (lsoa, district[sector]), share)
    return np.asarray(names.astype(object)[shares.argmax(1)])


def outcode_of(lsoa: Ints) -> NDArray[np.object_]:
    """Give the postcode district in which most of each neighbourhood lies.

    Parameters
    ----------
    lsoa
        Numbers of neighbourhoods, shape (n,). Some of their homes may lie in another district.
    """
    return np.asarray(_outcodes()[lsoa])
