"""Rare names of streets, made of elements of English and Welsh names."""

from __future__ import annotations

import numpy as np
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


def habit(kind: str, *, north: bool) -> float:
    """Tell how much likelier the north, or the south, calls a street so than all of Wales.

    Parameters
    ----------
    kind
        Word for the kind of street.
    north
        Whether in the north.
    """
    more = _NORTHERN_KINDS.get(kind, 1.0)
    return more if north else 1 / more


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
    texts, weight = _welsh(country=country) if welsh else _english(country=country)
    weight = weight * [habit(text.split()[0], north=north) for text in texts]
    known = {_bare(name) for name in load("street_names")["name"].to_pylist()}
    new = np.array([_bare(text) not in known for text in texts])
    key = np.flatnonzero(new) << 3 | welsh << 2 | country << 1 | north
    # The largest of u ** (1 / weight) are a weighted sample without replacement.
    order = np.log(np.maximum(chance.uniform("rare_name", key), 1e-300)) / weight[new]
    chosen = key[np.argsort(-order)[: _how_many(welsh=welsh, country=country, north=north)]]
    chosen = chosen[np.argsort(chance.uniform("rare_order", chosen))]
    names = texts[chosen >> 3]
    if welsh:
        names = _hyphened(names, chance.happens("hyphens", chosen, _HYPHENS * (not north)))
    return names, _of_sea(names)


def _of_sea(names: Names) -> Mask:
    """Tell which names have an element that tells of the sea."""
    table = load("street_elements")
    elements = table["element"].to_numpy()[table["sea"].to_numpy() == 1]
    words = {element.split()[-1] for element in elements.tolist()}
    return np.array([not words.isdisjoint(name.replace("-", " ").split()) for name in names])


def _how_many(*, welsh: bool, country: bool, north: bool) -> int:
    northern = _NORTHERN[welsh]
    return round(_NAMES[welsh, country] * (northern if north else 1 - northern))


def _bare(name: str) -> str:
    """Give a name without marks and spaces, to tell which are alike."""
    plain = name.lower().translate(str.maketrans("ôŷŵâ", "oywa"))
    return "".join(letter for letter in plain if letter.isalpha())


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
    return _crossed(elements, often, kinds, weight, "{element} {kind}")


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
        parts.append(_crossed(*_elements(("cy",), groups), kinds, weight, "{kind} {element}"))
    places, often = _elements(("cy",), ("place",))
    equal = np.full(len(_FOR_PLACES), _PLACE_WEIGHT)
    parts.append(_crossed(places, often, list(_FOR_PLACES), equal, "{kind} {element}"))
    return np.concatenate([part[0] for part in parts]), np.concatenate([p[1] for p in parts])


def _welsh_lanes() -> tuple[Names, Floats]:
    phrases, often = _elements(("cy",), ("phrase",))
    kinds = [*_WELSH_LANES, *_HAMLETS]
    hamlets = _crossed(phrases, often, kinds, np.ones(len(kinds)), "{kind} {element}")
    nouns, seldom = _elements(("cy",), ("noun",))
    lanes = _crossed(nouns, seldom, list(_WELSH_LANES), np.ones(3), "{kind} {element}")
    return np.concatenate([hamlets[0], lanes[0]]), np.concatenate([hamlets[1], lanes[1]])


def _crossed(
    elements: Names, often: Floats, kinds: list[str], weight: Floats, form: str
) -> tuple[Names, Floats]:
    """Combine each element with each kind of street, but none with its own word."""
    pairs = [
        (form.format(element=element, kind=kind), one * other)
        for element, one in zip(elements, often, strict=True)
        for kind, other in zip(kinds, weight, strict=True)
        if other and kind.lower() not in element.lower()
    ]
    return np.array([pair[0] for pair in pairs], object), np.array([pair[1] for pair in pairs])
