"""Names of schools: as schools of Wales are called, but of places and saints that are made up.

A Welsh school is called "Ysgol" where most people speak Welsh and "Ysgol Gymraeg" where few do; an
English one has its kind behind its name, and a church school a saint.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.groups import place_in_runs
from darkfigure.synth.reference import load
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.setting.schools import FIXED, KINDS, SchoolSites, school_sites

_WELSH_MEDIA = ("WM", "AB")
_SPEAKING_RATE = 0.3  # of speakers, from which Welsh schools need no word for it; assumed
_MOST = 1 << 12  # names of one list


@cache
def school_names() -> pa.StringArray:
    """Name the schools, in the order of `school_sites()`; cached.

    References
    ----------
    school_titles.csv, school_words.csv.
    """
    sites = school_sites()
    title = _titles(sites)
    patterns = np.array(load("school_titles")["pattern"].to_pylist(), object)[title]
    english = np.array(load("school_titles")["language"].to_pylist())[title] == "en"
    catholic = np.isin(sites.faith, [_FAITHS.index(name) for name in ("catholic", "joint")])
    lists = {"english": english, "welsh": ~english, "catholic": catholic, "church": ~catholic}
    words = {
        name: _in_turn(sites.authority, rows, _words()[name], number)
        for number, (name, rows) in enumerate(lists.items())
    }
    place = np.where(english, words["english"], words["welsh"])
    saint = np.where(catholic, words["catholic"], words["church"])
    return pa.array(
        [
            text.format(place=one, saint=other)
            for text, one, other in zip(patterns, place, saint, strict=True)
        ],
        pa.string(),
    )


_FAITHS = load("school_faiths")["faith"].to_pylist()


def _titles(sites: SchoolSites) -> Ints:
    """Draw a title for each school: a row of `school_titles` for its kind, language and faith."""
    table = load("school_titles").to_pylist()
    weight = np.array([row["weight"] for row in table], float)
    fits = np.ones((len(sites.kind), len(table)), bool)
    for column, own in (
        ("kind", np.array(KINDS)[sites.kind]),
        ("language", _languages(sites)),
        ("faith", np.array(_FAITHS)[sites.faith]),
    ):
        fits &= own[:, None] == np.array([row[column] for row in table])
    return FIXED.pick_by_row("title", np.arange(len(fits)), fits * weight)


def _languages(sites: SchoolSites) -> NDArray[np.str_]:
    """Give the language of each name: English, Welsh, or Welsh among speakers of English."""
    medium = np.array(load("school_media")["medium"].to_pylist())[sites.medium]
    speaking = wales().authorities["welsh_speaker_rate"].to_numpy()[sites.authority]
    welsh = np.isin(medium, _WELSH_MEDIA) | ((medium != "EM") & (speaking >= _SPEAKING_RATE))
    return np.where(welsh, np.where(speaking >= _SPEAKING_RATE, "cy", "mixed"), "en")


@cache
def _words() -> dict[str, list[str]]:
    """List the names that schools can be given, by sort."""
    words: dict[str, list[str]] = {}
    for row in load("school_words").to_pylist():
        words.setdefault(row["use"], []).append(row["word"])
    llan, villages, joined, english = (
        ["".join(pair) for pair in product(words[first], words[last])]
        for first, last in (
            ("llan", "stem"),
            ("village", "river"),
            ("first", "second"),
            ("english_first", "english_last"),
        )
    )
    phrases = [" ".join(pair) for pair in product(words["place"], words["phrase"])]
    taken = set(words["taken"])  # by real schools
    welsh = [name for name in joined + villages + llan if name not in taken]
    return {
        "english": [name for name in english if name not in taken] + welsh,
        "welsh": [name for name in phrases if name not in taken] + welsh,
        "catholic": words["catholic_saint"],
        "church": words["church_saint"],
    }


def _in_turn(authority: Ints, chosen: Mask, words: list[str], number: int) -> NDArray[np.object_]:
    """Deal words to the chosen schools of each authority, none twice while there are others."""
    dealt = np.full(len(authority), "", object)
    rows = np.flatnonzero(chosen)
    own = authority[rows]
    shuffled = np.array(
        [
            np.argsort(FIXED.uniform("words", (key * 4 + number) * _MOST + np.arange(len(words))))
            for key in range(len(wales().authorities))
        ]
    )
    dealt[rows] = np.array(words, object)[shuffled[own, place_in_runs(own) % len(words)]]
    return dealt
