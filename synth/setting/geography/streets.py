"""Streets of neighbourhoods: which dwellings stand in them, and where they lead."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.setting.geography.neighbourhoods import wales
from darkfigure.synth.setting.geography.post_towns import post_towns
from darkfigure.synth.setting.geography.postcodes import UNIT_PLOTS, unit_towns, units
from darkfigure.synth.setting.geography.street_names import Nameless, name_streets

# Units of a street: lognormal; with those that share a unit, the median is some twenty addresses.
_UNITS_MEDIAN, _UNITS_SIGMA, _MOST_UNITS = 1.6, 0.9, 12  # assumed, after house numbers
_RURAL_MEDIAN, _RURAL_MOST = 0.85, 5  # units of a street in the country and its towns; assumed
_CUT_SPREAD = 0.8  # of a shared unit, by which the cut between streets varies; assumed
_SHARING = (0.6, 0.28, 0.09, 0.03)  # short streets that share a unit: one to four; assumed
_COUNTRY = 0.65  # units of a rural neighbourhood from here on lie outside its villages; assumed
LONGEST = _MOST_UNITS * UNIT_PLOTS  # plots of a street
CONSECUTIVE, BOTH_SIDES, ODD_SIDE, EVEN_SIDE = range(4)  # how houses are numbered
_SIDES = (0.22, 0.7, 0.04, 0.04)  # shares of them; assumed
_SHORT, _SIDES_OF_SHORT = 16, (0.55, 0.37, 0.04, 0.04)  # plots, and shares up to so many; assumed
_LONGEST_ONE_SIDED = 72  # plots of a street without two sides of its own numbers; assumed
_NO_13_RATE = 0.28  # streets that leave out number 13; assumed
# Share of Welsh names by speakers: 0.24 in Wales (data.police.uk); the slope is assumed.
_WELSH_RATE, _WELSH_SLOPE = 0.04, 1.1


@dataclass(frozen=True)
class Streets:
    """The streets of Wales in the order of their units; arrays have one entry per street."""

    of_plot: NDArray[np.int32]  # (units * UNIT_PLOTS,): the street of every plot
    start: Ints  # its first plot
    size: Ints  # plots
    country: Mask
    sides: Ints  # CONSECUTIVE, BOTH_SIDES, ODD_SIDE or EVEN_SIDE
    skips_13: Mask
    name: pa.DictionaryArray


@lru_cache(maxsize=2)
def streets(chance: Stream) -> Streets:
    """Lay out and name the streets of Wales; cached.

    Parameters
    ----------
    chance
        Stream of the geography; draws are keyed by street.
    """
    start = _starts(chance)
    size = np.diff(start, append=len(units().lsoa) * UNIT_PLOTS)
    unit = start // UNIT_PLOTS
    country, lsoa = _country()[unit], units().lsoa[unit]
    welsh = chance.happens("street_language", start, _welsh_rate(lsoa))
    nameless = Nameless(start, size, lsoa, _towns()[unit], country, welsh)
    names = name_streets(nameless, chance)
    of_plot = np.repeat(np.arange(len(start), dtype=np.int32), size)
    skips_13 = chance.happens("no_13", start, _NO_13_RATE)
    return Streets(of_plot, start, size, country, _sides(start, size, chance), skips_13, names)


def _sides(start: Ints, size: Ints, chance: Stream) -> Ints:
    sides = chance.pick("street_sides", start, _SIDES)
    sides = np.where(size > _SHORT, sides, chance.pick("street_sides", start, _SIDES_OF_SHORT))
    return np.where(size > _LONGEST_ONE_SIDED, BOTH_SIDES, sides)


def _welsh_rate(lsoa: Ints) -> Floats:
    return np.minimum(_WELSH_RATE + _WELSH_SLOPE * wales().welsh_speaker_rate[lsoa], 1)


def _towns() -> Ints:
    """Give each unit's row in `post_towns()`."""
    towns = unit_towns()
    rows = np.array([post_towns().name.index(name) for name in towns.dictionary.to_pylist()])
    return np.asarray(rows[towns.indices.to_numpy()])


def _country() -> Mask:
    """Tell which units lie outside villages and towns."""
    first, lsoa = units().first, units().lsoa
    place = (np.arange(len(lsoa)) - first[lsoa]) / np.diff(first)[lsoa]
    return wales().rural[lsoa] & (place >= _COUNTRY)


def _starts(chance: Stream) -> Ints:
    """Give the first plot of every street, ascending."""
    opens = _opens(chance)
    unit = np.flatnonzero(opens)
    alone = unit[np.diff(unit, append=len(opens)) == 1]
    sharing = chance.pick("street_sharing", alone, _SHARING) + 1
    cuts = [unit * UNIT_PLOTS]
    for turn in range(1, len(_SHARING)):
        cut = alone[sharing > turn]
        wide = UNIT_PLOTS / sharing[sharing > turn]
        off = turn + (chance.uniform("street_cut", cut, draw=turn) - 0.5) * _CUT_SPREAD
        cuts.append(cut * UNIT_PLOTS + np.round(off * wide).astype(np.int64))
    return np.sort(np.concatenate(cuts))


def _opens(chance: Stream) -> Mask:
    """Tell at which units a street begins; none goes on into another town or neighbourhood."""
    first, lsoa = units().first, units().lsoa
    most = int(np.diff(first).max())
    key = np.arange(len(first) - 1)[:, None] * most + np.arange(most)
    drawn = chance.normal("street_units", key.ravel()).reshape(key.shape)
    rural = wales().rural[:, None]
    median = np.where(rural, _RURAL_MEDIAN, _UNITS_MEDIAN)
    longest = np.where(rural, _RURAL_MOST, _MOST_UNITS)
    length = np.clip(np.round(median * np.exp(_UNITS_SIGMA * drawn)), 1, longest)
    begin = first[:-1, None] + np.cumsum(length.astype(np.int64), axis=1)
    opens = np.zeros(len(lsoa) + 1, bool)
    opens[np.minimum(begin, first[1:, None])] = True
    town, country = _towns(), _country()
    opens[0] = True
    opens[1:-1] |= (np.diff(town) != 0) | (country[1:] != country[:-1]) | (np.diff(lsoa) != 0)
    return opens[:-1]
