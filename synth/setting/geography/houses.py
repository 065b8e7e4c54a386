"""Houses of streets: their numbers, names and flats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.schema import HOME
from darkfigure.synth.setting.geography.neighbourhoods import communal_kind, wales
from darkfigure.synth.setting.geography.postcodes import UNIT_PLOTS, units
from darkfigure.synth.setting.geography.streets import (
    BOTH_SIDES,
    CONSECUTIVE,
    EVEN_SIDE,
    LONGEST,
    Streets,
)

COUNTRY_NAMED_RATE = 0.85  # houses outside villages with a name alone; assumed
VILLAGE_NAMED_RATE = 0.17  # assumed, so that 0.14 of all houses of Wales have a name alone
TOWN_NAMED_RATE = 0.02  # assumed
FARM_RATE = 0.25  # farms among named houses outside villages; assumed
BLOCK_SHARE = 0.8  # flats in blocks, against parts of houses. Source: Census 2021, rounded
WELSH_RATE, WELSH_SLOPE = 0.1, 0.7  # share of Welsh names of houses by speakers; assumed
SUFFIX_RATE = 0.017  # of those that may have one; numbers as 12A; assumed
_CONVERTED = 4  # flats of a house that was divided; assumed
_UNLUCKY = 13
_NAMED = (("en", "cy"), ("house", "farm"), (False, True))  # languages, kinds, by the sea
_FLAT_WORD_RATE = 0.75  # blocks whose flats are called Flat 4; the others have the number; assumed
_LAST = 2 * LONGEST + 3  # the highest number that a street may have


@dataclass(frozen=True)
class Dwellings:
    """Dwellings of which the address is asked; arrays have one entry per dwelling."""

    lsoa: Ints
    number: Ints  # within the LSOA
    plot: Ints  # of all Wales
    street: Ints

    def at(self, rows: Ints) -> Dwellings:
        """Select some of them."""
        return Dwellings(self.lsoa[rows], self.number[rows], self.plot[rows], self.street[rows])


def houses(dwellings: Dwellings, streets: Streets, chance: Stream) -> pa.DictionaryArray:
    """Give each dwelling its number, its flat or its name.

    Parameters
    ----------
    dwellings
        The dwellings.
    streets
        The streets of Wales.
    chance
        Stream of the geography; draws are keyed by plot and by street.

    Returns
    -------
    Shape (n,).
    """
    lsoa, country = dwellings.lsoa, streets.country[dwellings.street]
    flats = np.where(country, 0, wales().flats[lsoa])
    named = chance.uniform("house_named", dwellings.plot) < _named_rate(lsoa, country)
    block = _block(dwellings, streets)
    in_block = chance.uniform("block", block) < BLOCK_SHARE * flats
    code = _numbers(dwellings, streets, chance)
    _divide(code, flats, dwellings, streets, chance)
    rows = np.flatnonzero(named & ~in_block)
    code[rows] = _names(dwellings.at(rows), country[rows], chance)
    rows = np.flatnonzero(in_block)
    code[rows] = _flats(dwellings.at(rows), block[rows], chance)
    communal = communal_kind(lsoa, dwellings.number)
    rows = np.flatnonzero(communal)
    code[rows] = _homes(dwellings.at(rows), communal[rows], chance)
    return _used(code)


def _named_rate(lsoa: Ints, country: Mask) -> Floats:
    village = np.where(wales().rural, VILLAGE_NAMED_RATE, TOWN_NAMED_RATE)
    return np.where(country, COUNTRY_NAMED_RATE, village[lsoa])


def _block(dwellings: Dwellings, streets: Streets) -> Ints:
    """Give the first plot of the block that a dwelling would be in: of its street and unit."""
    unit = dwellings.plot // UNIT_PLOTS * UNIT_PLOTS
    return np.maximum(unit, streets.start[dwellings.street])


def _numbers(dwellings: Dwellings, streets: Streets, chance: Stream) -> Ints:
    """Give houses their numbers in the street: odd and even sides, or one after the other."""
    street = dwellings.street
    turn, sides = dwellings.plot - streets.start[street], streets.sides[street]
    half = (streets.size[street] + 1) // 2
    even = (sides == EVEN_SIDE) | ((sides == BOTH_SIDES) & (turn >= half))
    turn -= half * ((sides == BOTH_SIDES) & even)
    step = np.where(sides == CONSECUTIVE, 1, 2)
    number = turn * step + 1 + even
    extra = (turn > 0) & chance.happens("house_suffix", dwellings.plot, SUFFIX_RATE)
    number -= step * extra
    number += step * (streets.skips_13[street] & (number >= _UNLUCKY) & ~even)
    return number + (_LAST + 1) * extra


def _divide(
    code: Ints, flats: Floats, dwellings: Dwellings, streets: Streets, chance: Stream
) -> None:
    """Make four houses in a row the flats of one, which has the number of the first."""
    turn = dwellings.plot - streets.start[dwellings.street]
    place = turn % _CONVERTED
    rate = (1 - BLOCK_SHARE) * flats / (1 - BLOCK_SHARE * flats)
    divided = chance.happens("house_divided", dwellings.plot - place, rate)
    rows = np.flatnonzero(divided)
    first = dwellings.at(rows)
    first = Dwellings(first.lsoa, first.number, first.plot - place[rows], first.street)
    house = _numbers(first, streets, chance) % (_LAST + 1)
    code[rows] = _vocabulary().divided + house * _CONVERTED + place[rows]


def _names(dwellings: Dwellings, country: Mask, chance: Stream) -> Ints:
    """Name houses, those of a postcode unlike each other as far as names allow."""
    plot = dwellings.plot
    unit, place = np.divmod(plot, UNIT_PLOTS)
    turn = (place * 7 + chance.below("house_names", unit, UNIT_PLOTS)) % UNIT_PLOTS
    drawn = (turn + chance.uniform("house_name", plot)) / UNIT_PLOTS
    farm = country & chance.happens("farm", plot, FARM_RATE)
    welsh = chance.happens("house_language", plot, _welsh_rate(dwellings.lsoa))
    code = np.empty(len(plot), np.int64)
    group = (welsh * 2 + farm) * 2 + _by_sea()[unit]
    for number, (language, kind, sea) in enumerate(product(*_NAMED)):
        rows = np.flatnonzero(group == number)
        own, edges = _named(language, kind, sea=sea)
        code[rows] = own[np.searchsorted(edges, drawn[rows], side="right")]
    return _vocabulary().names + code


def _welsh_rate(lsoa: Ints) -> Floats:
    return np.minimum(WELSH_RATE + WELSH_SLOPE * wales().welsh_speaker_rate[lsoa], 1)


@cache
def _by_sea() -> Mask:
    """Tell which units are in districts by the sea."""
    districts = load("outcodes")
    coast = dict(zip(districts["outcode"].to_pylist(), districts["coast"].to_pylist(), strict=True))
    sectors = [coast[name] == 1 for name in load("postcode_sectors")["outcode"].to_pylist()]
    return np.asarray(np.array(sectors)[units().sector])


@cache
def _named(language: str, kind: str, *, sea: bool) -> tuple[Ints, Floats]:
    """Give the rows of the table `house_names` for a kind, and the upper edges of their shares."""
    table = load("house_names")
    fits = (table["language"].to_numpy() == language) & (table["kind"].to_numpy() == kind)
    own = np.flatnonzero(fits & (sea | (table["sea"].to_numpy() == 0)))
    edges = np.cumsum(table["weight"].to_numpy()[own].astype(float))
    return own, edges[:-1] / edges[-1]


def _flats(dwellings: Dwellings, block: Ints, chance: Stream) -> Ints:
    """Write the flats of blocks and name the blocks, in Welsh more often where more speak it."""
    welsh = chance.happens("block_language", block, _welsh_rate(dwellings.lsoa))
    drawn, name = chance.uniform("block_name", block), np.empty(len(block), np.int64)
    group = welsh * 2 + _by_sea()[dwellings.plot // UNIT_PLOTS]
    for number, (language, sea) in enumerate(product(_NAMED[0], _NAMED[2])):
        own, _ = _named(language, "block", sea=sea)
        rows = np.flatnonzero(group == number)
        name[rows] = own[(drawn[rows] * len(own)).astype(np.int64)]
    word = chance.happens("block_flat", block, _FLAT_WORD_RATE)
    form = (name * 2 + word) * UNIT_PLOTS + dwellings.plot - block
    return np.asarray(_vocabulary().flats + form)


def _homes(dwellings: Dwellings, kind: Ints, chance: Stream) -> Ints:
    """Name communal homes."""
    known = _vocabulary()
    drawn = chance.uniform("home_name", dwellings.plot)
    return known.homes[kind] + (drawn * np.diff(known.homes)[kind]).astype(np.int64)


@dataclass(frozen=True)
class _Vocabulary:
    """All that a house may be called, and where each part begins; numbers come first."""

    texts: NDArray[np.object_]
    divided: int
    names: int
    flats: int
    homes: Ints  # by kind of home, and the end of the last


@cache
def _vocabulary() -> _Vocabulary:
    numbers = [str(number) for number in range(_LAST + 1)]
    suffixed = [f"{number}A" for number in numbers]
    divided = [f"Flat {flat + 1}, {number}" for number in numbers for flat in range(_CONVERTED)]
    names = load("house_names")["name"].to_pylist()
    flats = [
        f"{word}{flat + 1}{comma} {name}"
        for name in names
        for word, comma in (("", ""), ("Flat ", ","))
        for flat in range(UNIT_PLOTS)
    ]
    homes = _communal_names()
    parts = [numbers, suffixed, divided, names, flats, *homes]
    begin = np.cumsum([0, *(len(part) for part in parts)])
    texts = np.array([text for part in parts for text in part], object)
    return _Vocabulary(texts, int(begin[2]), int(begin[3]), int(begin[4]), begin[5:])


def _communal_names() -> list[list[str]]:
    """Name communal homes, by kind."""
    rows = load("house_names").to_pylist()
    houses = [row["name"] for row in rows if row["kind"] == "house"]
    blocks = [row["name"] for row in rows if row["kind"] == "block" and row["language"] == "en"]
    words = sorted({name.rpartition(" ")[0] for name in blocks if " " in name})
    named = {
        "private": [],
        "care_home": [f"{name} Care Home" for name in houses],
        "student_hall": [f"{name} Hall" for name in words],
        "prison": ["HM Prison"],
        "hostel": [f"{name} Hostel" for name in words],
        "no_fixed_abode": ["No fixed abode"],
        "outside_wales": [],
    }
    return [named[kind] for kind in HOME]


def _used(code: Ints) -> pa.DictionaryArray:
    """Write codes as text, with a vocabulary of those that occur."""
    texts = _vocabulary().texts
    occurs = np.bincount(code, minlength=len(texts)) > 0
    place = np.cumsum(occurs) - 1
    return pa.DictionaryArray.from_arrays(
        pa.array(place[code], pa.int32()), pa.array(texts[occurs], pa.string())
    )
