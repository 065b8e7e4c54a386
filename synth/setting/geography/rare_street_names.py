"""Rare names of streets, made of elements of English and Welsh names."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Floats, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load

# Names made for each pool, some fewer than streets that take one: so a few recur elsewhere.
_NAMES = {(False, False): 30_000, (False, True): 4_500, (True, False): 9_000, (True, True): 2_200}
_NORTHERN = {False: 0.25, True: 0.45}  # share of them for the north, by language; assumed
# How much likelier than elsewhere kinds of streets are in the north; its inverse in the south.
_NORTHERN_KINDS = {
    "Heol": 0.3,
    "Clos": 0.5,
    "Lôn": 2.5,
    "Ffordd": 1.5,
    "Stryd": 1.3,
    "Cwrt": 0.5,
}  # assumed
_LANES = ("Lane", "Hill", "Road")
_LANE_FACTOR = 6  # how much commoner lanes are than other roads in the country; assumed
_PLACE_WEIGHT = 60.0  # of streets named after places, of each kind; assumed
_WELSH_LANES = ("Lôn", "Heol", "Ffordd")
_HAMLETS = ("Rhyd", "Nant", "Pant", "Cwm", "Cefn", "Rhos", "Waun", "Pont", "Pentre")
_FOR_PLACES = ("Heol", "Ffordd", "Clos", "Rhodfa", "Maes", "Stryd")
_HYPHENS = 0.35  # share of Welsh phrases written with hyphens; assumed, after street names

_APART = {"Cilgant", "Clos", "Ffordd", "Rhes", "Rhodfa", "Stryd", "Teras"}

Names = NDArray[np.object_]


def habits(names: Names, *, north: bool) -> Floats:
    """Tell how much likelier the north, or the south, calls streets so than all of Wales.

    Parameters
    ----------
    names
        Names of streets, which begin with the word for their kind if that is Welsh, shape (n,).
    north
        Whether in the north.

    Returns
    -------
    Shape (n,).
    """
    kinds = pc.replace_substring_regex(pa.array(names, pa.string()), "[ -].*", "")
    place = pc.index_in(kinds, pa.array(list(_NORTHERN_KINDS)))
    more = np.append(list(_NORTHERN_KINDS.values()), 1.0)
    own = more[place.fill_null(len(_NORTHERN_KINDS)).to_numpy(zero_copy_only=False)]
    return np.asarray(own if north else 1 / own)


def rare_names(chance: Stream, *, welsh: bool, country: bool, north: bool) -> tuple[Names, Mask]:
    """Make names of streets in an order of chance, none of them a common one.

    Parameters
    ----------
    chance
        Stream of the geography; draws are keyed by the name's elements.
    welsh
        Whether in Welsh.
    country
        Whether of lanes and hamlets.
    north
        Whether for the north.

    Returns
    -------
    The names, and which tell of the sea.
    """
    texts, often, new = _possible(welsh=welsh, country=country)
    weight = often * habits(texts, north=north)
    key = np.flatnonzero(new) << 3 | welsh << 2 | country << 1 | north
    # The largest of u ** (1 / weight) are a weighted sample without replacement.
    order = np.log(np.maximum(chance.uniform("rare_name", key), 1e-300)) / weight[new]
    chosen = key[np.argsort(-order)[: _how_many(welsh=welsh, country=country, north=north)]]
    chosen = chosen[np.argsort(chance.uniform("rare_order", chosen))]
    names = texts[chosen >> 3]
    if welsh:
        names = _hyphened(names, chance.happens("hyphens", chosen, _HYPHENS * (not north)))
    return names, _of_sea(names)


@cache
def _possible(*, welsh: bool, country: bool) -> tuple[Names, Floats, Mask]:
    """Make all names, how often each is met, and whether it is none of the common ones."""
    texts, often = _welsh(country=country) if welsh else _english(country=country)
    known = _bare(load("street_names")["name"].combine_chunks())
    common = pc.is_in(_bare(pa.array(texts, pa.string())), known)
    return texts, often, ~common.to_numpy(zero_copy_only=False)


def _of_sea(names: Names) -> Mask:
    """Tell which names have an element that tells of the sea."""
    table = load("street_elements")
    elements = table["element"].to_numpy()[table["sea"].to_numpy() == 1]
    words = "|".join(sorted({element.split()[-1] for element in elements.tolist()}))
    told = pc.match_substring_regex(pa.array(names, pa.string()), f"(^|[ -])({words})($|[ -])")
    return np.asarray(told.to_numpy(zero_copy_only=False))


def _how_many(*, welsh: bool, country: bool, north: bool) -> int:
    northern = _NORTHERN[welsh]
    return round(_NAMES[welsh, country] * (northern if north else 1 - northern))


def _bare(names: pa.Array) -> pa.Array:
    """Give names without marks and spaces, to tell which are alike."""
    plain = pc.utf8_lower(names)
    for letter, without in zip("ôŷŵâ", "oywa", strict=True):
        plain = pc.replace_substring(plain, letter, without)
    return pc.replace_substring_regex(plain, r"[^\pL]", "")


def _hyphened(names: Names, hyphens: Mask) -> Names:
    """Join three words by hyphens, as Heol-y-Bryn."""
    return np.array(
        [
            name.replace(" ", "-") if joined and _may_be_joined(name) else name
            for name, joined in zip(names, hyphens, strict=True)
        ],
        object,
    )


def _may_be_joined(name: str) -> bool:
    kind, article = name.split()[:2]
    return article in {"y", "yr"} and kind not in _APART


def _elements(language: tuple[str, ...], groups: tuple[str, ...]) -> tuple[Names, Floats]:
    table = load("street_elements")
    own = np.isin(table["language"].to_numpy().astype(str), language)
    own &= np.isin(table["group"].to_numpy().astype(str), groups)
    return table["element"].to_numpy()[own], table["names"].to_numpy()[own].astype(float)


def _kinds(language: str, gender: str | None = None) -> tuple[list[str], Floats]:
    rows = [
        row
        for row in load("street_kinds").to_pylist()
        if row["language"] == language and gender in {None, row["gender"]}
    ]
    return [row["kind"] for row in rows], np.array([row["names"] for row in rows], float)


def _english(*, country: bool) -> tuple[Names, Floats]:
    elements, often = _elements(("en", "mixed"), ("general", "saint"))
    kinds, weight = _kinds("en")
    if country:
        weight = weight * np.isin(kinds, _LANES)
        weight[kinds.index("Lane")] *= _LANE_FACTOR
    return _crossed(elements, often, kinds, weight, element_first=True)


def _welsh(*, country: bool) -> tuple[Names, Floats]:
    if country:
        return _welsh_lanes()
    every = ("phrase", "noun", "poet")
    parts = []
    for gender, groups in (
        ("f", (*every, "feminine")),
        ("m", (*every, "masculine")),
        ("phrase", ("phrase",)),
    ):
        kinds, weight = _kinds("cy", gender)
        parts.append(_crossed(*_elements(("cy",), groups), kinds, weight))
    places, often = _elements(("cy",), ("place",))
    equal = np.full(len(_FOR_PLACES), _PLACE_WEIGHT)
    parts.append(_crossed(places, often, list(_FOR_PLACES), equal))
    return np.concatenate([part[0] for part in parts]), np.concatenate([p[1] for p in parts])


def _welsh_lanes() -> tuple[Names, Floats]:
    phrases, often = _elements(("cy",), ("phrase",))
    kinds = [*_WELSH_LANES, *_HAMLETS]
    hamlets = _crossed(phrases, often, kinds, np.ones(len(kinds)))
    nouns, seldom = _elements(("cy",), ("noun",))
    lanes = _crossed(nouns, seldom, list(_WELSH_LANES), np.ones(3))
    return np.concatenate([hamlets[0], lanes[0]]), np.concatenate([hamlets[1], lanes[1]])


def _crossed(
    elements: Names, often: Floats, kinds: list[str], weight: Floats, *, element_first: bool = False
) -> tuple[Names, Floats]:
    """Combine each element with each kind of street, but none with its own word."""
    lower, used = pc.utf8_lower(pa.array(elements, pa.string())), np.flatnonzero(weight)
    named = [pc.match_substring(lower, kinds[kind].lower()) for kind in used]
    fits = ~np.column_stack([mask.to_numpy(zero_copy_only=False) for mask in named])
    element, kind = np.nonzero(fits)
    words = pa.array(elements, pa.string()).take(element), pa.array(kinds).take(used[kind])
    texts = pc.binary_join_element_wise(*(words if element_first else words[::-1]), " ")
    return texts.to_numpy(zero_copy_only=False), often[element] * weight[used[kind]]
