"""Names of streets: common ones in many towns, most in one or few, estates after a theme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography.post_towns import post_towns, roads_elsewhere
from darkfigure.synth.setting.geography.rare_street_names import habits, rare_names
from darkfigure.synth.setting.geography.themes import theme_names

_STREETS_A_ROAD = 12  # streets of a town for each road to another town; assumed
# Streets with a name, each town's counted, by language. Source: data.police.uk, 2018 to 2019.
_STREET_PLACES = {"en": 17_900, "cy": 5_600}
_USUAL_LENGTH = 1.5  # of streets whose kind is not listed, relative; assumed
_NOISE = 0.4  # of the logarithm of a street's length, beside the word for its kind; assumed

Names = NDArray[np.object_]


@dataclass(frozen=True)
class Nameless:
    """Streets that are to be named; arrays have one entry per street."""

    key: Ints
    size: Ints  # plots
    lsoa: Ints
    town: Ints  # row in `post_towns()`
    country: Mask
    welsh: Mask


def name_streets(streets: Nameless, chance: Stream) -> pa.DictionaryArray:
    """Name streets so that no two of a town are called alike, where names suffice.

    Parameters
    ----------
    streets
        The streets.
    chance
        Stream of the geography; draws are keyed by street, and by town and name.

    Returns
    -------
    Shape (streets,).
    """
    names, themed = theme_names(streets, chance)
    pools = {
        key: _Pool(*rare_names(chance, welsh=key[0], country=key[1], north=key[2]))
        for key in product((False, True), repeat=3)
    }
    towns = post_towns()
    for (town, welsh, country), rows in _groups(streets, np.flatnonzero(~themed)):
        used = np.array([], object)
        if not country:
            common = _common(town, len(rows), chance, welsh=welsh)
            roads = roads_elsewhere()[welsh][town][: len(rows) // _STREETS_A_ROAD]
            used = np.append(common, roads)[: len(rows)]
        pool = pools[welsh, country, bool(towns.north[town])]
        rest = pool.take(len(rows) - len(used), sea=bool(towns.coast[town]))
        names[rows] = _fitted(np.append(used, rest), streets, rows, chance)
    return pa.array(names, pa.string()).dictionary_encode()


class _Pool:
    """Rare names, given out one after the other and then again."""

    def __init__(self, names: Names, of_sea: Mask) -> None:
        self.names, self.of_sea, self.given = names, of_sea, 0

    def take(self, count: int, *, sea: bool) -> Names:
        """Give the next names; a town inland passes by those that tell of the sea."""
        turn = np.arange(self.given, self.given + count + count // 4 + 30) % len(self.names)
        kept = turn[sea | ~self.of_sea[turn]][:count]
        self.given = int(kept[-1]) + 1 if count else self.given
        return np.asarray(self.names[kept])


def _groups(streets: Nameless, rows: Ints) -> Iterator[tuple[tuple[int, bool, bool], Ints]]:
    """Group streets by town, language and country."""
    group = (streets.town[rows] * 2 + streets.welsh[rows]) * 2 + streets.country[rows]
    order = np.argsort(group, kind="stable")
    cuts = np.flatnonzero(np.diff(group[order])) + 1
    for part in np.split(rows[order], cuts):
        first = part[0]
        town, welsh, country = streets.town[first], streets.welsh[first], streets.country[first]
        yield (int(town), bool(welsh), bool(country)), part


def _common(town: int, n_streets: int, chance: Stream, *, welsh: bool) -> Names:
    """Draw a town's share of the common names: each the likelier, the more streets there are."""
    names, places, of_sea = _known(welsh=welsh, north=bool(post_towns().north[town]))
    own = np.flatnonzero((places > 0) & (bool(post_towns().coast[town]) | ~of_sea))
    rate = n_streets * places[own] / _STREET_PLACES["cy" if welsh else "en"]
    has = chance.happens("common_name", town << 12 | own, 1 - np.exp(-rate))
    chosen = own[has]
    chosen = chosen[np.argsort(chance.uniform("common_order", town << 12 | chosen))]
    return np.asarray(names[chosen])


@cache
def _known(*, welsh: bool, north: bool) -> tuple[Names, Floats, Mask]:
    """Give common names, how many streets of Wales have each, and which tell of the sea.

    The north and the south have habits of their own; names of the other language have no streets.
    """
    table = load("street_names")
    names = table["name"].to_numpy()
    own = (table["language"].to_numpy() == "cy") == welsh
    places = own * table["places"].to_numpy() * habits(names, north=north)
    return names, places, table["sea"].to_numpy() != 0


def _fitted(names: Names, streets: Nameless, rows: Ints, chance: Stream) -> Names:
    """Give long streets the names of long ones: Road, Street; short ones Close, Court."""
    drawn = chance.normal("street_length", streets.key[rows])
    by_size = np.argsort(np.log(streets.size[rows]) + _NOISE * drawn, kind="stable")
    lengths = _lengths(names)
    by_kind = np.argsort(lengths + np.arange(len(names)) % 97 / 50, kind="stable")
    fitted = np.empty(len(rows), object)
    fitted[by_size] = names[by_kind]
    return fitted


def _lengths(names: Names) -> Floats:
    """Tell how long streets of such names are: 1 short, 3 long."""
    table = load("street_kinds")
    lengths = dict(zip(table["kind"].to_pylist(), table["length"].to_pylist(), strict=True))
    words = [name.replace("-", " ").split() for name in names]
    return np.array(
        [lengths.get(w[-1]) or lengths.get(w[0]) or _USUAL_LENGTH for w in words], float
    )
