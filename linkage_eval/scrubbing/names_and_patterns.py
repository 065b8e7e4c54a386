"""A scrubber of the library: regular expressions and a list of names, and nothing learnt.

It is what many a team begins with. It knows common names of Wales and how dates, times, numbers
and addresses are written; it does not know this world.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.reference import load

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Ionawr|Chwefror|Mawrth|Ebrill|Mai|Mehefin|Gorffennaf|Awst|Medi|Hydref|Tachwedd|Rhagfyr"
)
_DAYS = (
    "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|"
    "d?dydd (?:Llun|Mawrth|Mercher|Iau|Gwener|Sadwrn|Sul)"
)
_STREETS = (
    "Street|Road|Avenue|Close|Drive|Lane|Way|Terrace|Court|Crescent|Gardens|Place|Grove|Rise|"
    "Walk|Park|Row|Square|Hill|View|Green|Mews"
)
_WELSH_STREETS = "Heol|Ffordd|Stryd|Lôn|Maes|Rhodfa|Clos|Llys|Bryn|Rhes|Teras|Cwrt"
_WORD = r"[^\W\d_][\w'\u2019-]*"
_TOWN = r"(?:, [A-Z][\w-]+(?: [A-Z][\w-]+)?)?"
_PATTERNS = {
    "date": (
        r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b",
        rf"\b(?:(?:{_DAYS}) )?\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTHS})(?: \d{{4}})?\b",
    ),
    "time": (
        r"\b\d{1,2}[:.]\d{2} ?(?:am|pm|hrs)?\b",
        r"\b\d{4} ?hrs\b",
        r"(?<=\bat )\d{4}\b",
        r"(?<=\bam )\d{4}\b",
        r"(?<=\bsince )\d{4}\b",
        r"(?<=\bapproximately )\d{4}\b",
    ),
    "telephone": (r"(?<![\w+])(?:\+\d{1,3}[ \d()]{8,14}\d|0\d[\d ]{7,12}\d)\b",),
    "identifier": (r"(?<=\bPC )\d{3,5}\b", r"(?<=\blog )\d{3,5}\b", r"\b[A-Z]\d{9,15}\b"),
    "address": (
        rf"\b(?:(?:Flat|Apt) \w+, )?\d{{1,4}}[A-Z]? (?:{_WORD} ){{1,3}}(?:{_STREETS})\b{_TOWN}",
        rf"\b\d{{1,4}}[A-Z]? (?:{_WELSH_STREETS})(?: (?:{_WORD})){{1,3}}{_TOWN}",
        r"\b[A-Z]{1,2}\d{1,2} ?\d[A-Z]{2}\b",
    ),
    "place": (
        rf"\b(?:{_WORD} ){{1,2}}(?:{_STREETS})\b",
        rf"\b(?:{_WELSH_STREETS}) (?:{_WORD})(?: (?:{_WORD}))?",
        rf"\bThe (?:{_WORD} )?{_WORD}(?= (?:pub|hotel|inn))",
    ),
}
# Names that are words of everyday life, or of these texts.
_WORDS = frozenset(
    (
        *("a", "an", "art", "bag", "ball", "bell", "black", "bond", "bright", "brown"),
        *("burns", "carver", "case", "cash", "chance", "child", "close", "cole", "cook"),
        *("cross", "day", "dean", "drew", "field", "frank", "gale", "grace", "gray", "green"),
        *("hand", "head", "hill", "home", "hope", "house", "joy", "king", "lane", "law"),
        *("long", "love", "major", "mark", "may", "miles", "money", "moon", "park", "parry"),
        *("penny", "pike", "power", "price", "ray", "read", "reason", "rich", "rob", "rose"),
        *("self", "sharp", "short", "sky", "small", "speed", "stone", "storm", "street"),
        *("strong", "sue", "summer", "walker", "way", "west", "white", "will", "wood"),
        *("young",),
    )
)
# Words that stand beside names and are none.
_COMMON = frozenset(
    (
        *("am", "and", "attended", "called", "child", "dad", "dob", "for", "from", "gan"),
        *("had", "has", "injury", "log", "mum", "not", "officers", "over", "partner", "pc"),
        *("police", "reports", "seen", "spoken", "states", "susp", "tel", "the", "victim"),
        *("was", "wedi", "who", "with", "yn"),
    )
)
_LEAST_LETTERS = 3
_SURNAMES = 2_000  # of the list of surnames, the commonest


def scrub(texts: pa.Table) -> pa.Table:
    """Find names, places, times and numbers in texts.

    Parameters
    ----------
    texts
        Columns `text_id` and `text`.

    Returns
    -------
    Columns `text_id`, `start` and `end` (code points), and `kind`.
    """
    ids, lines = texts["text_id"].combine_chunks(), texts["text"].combine_chunks()
    # One long text is searched once; no pattern reaches across lines.
    page = "\n".join(lines.to_pylist())
    lengths = pc.utf8_length(lines).to_numpy() + 1
    begins = np.cumsum(lengths) - lengths
    found = [*_patterns(page), *_names(page)]
    start = np.array([one[0] for one in found], np.int64)
    end = np.array([one[1] for one in found], np.int64)
    row = np.searchsorted(begins, start, side="right") - 1
    return pa.table(
        {
            "text_id": ids.take(pa.array(row)),
            "start": start - begins[row],
            "end": end - begins[row],
            "kind": [one[2] for one in found],
        }
    )


def _patterns(page: str) -> Iterator[tuple[int, int, str]]:
    for kind, patterns in _PATTERNS.items():
        for pattern in patterns:
            loud = kind in {"address", "place"}
            for match in re.finditer(pattern, page, 0 if loud else re.IGNORECASE):
                yield (*match.span(), kind)


def _names(page: str) -> Iterator[tuple[int, int, str]]:
    """Give words that are names, and capitalised ones beside them."""
    known, words = _known_names(), list(re.finditer(_WORD, page))
    sure = [_is_name(word.group(), known) for word in words]
    for place, word in enumerate(words):
        beside = (place - 1, place + 1)
        near = any(
            0 <= other < len(words) and sure[other] and _adjoin(page, word, words[other])
            for other in beside
        )
        if sure[place] or (near and _looks_like_name(word.group())):
            yield (*word.span(), "person")


def _is_name(word: str, known: frozenset[str]) -> bool:
    small = word.casefold()
    if len(word) < _LEAST_LETTERS or small not in known:
        return False
    return small not in _WORDS and not (word.islower() and len(word) <= _LEAST_LETTERS)


def _looks_like_name(word: str) -> bool:
    return len(word) >= _LEAST_LETTERS and word[0].isupper() and word.casefold() not in _COMMON


def _adjoin(page: str, one: re.Match[str], other: re.Match[str]) -> bool:
    first, second = sorted((one.span(), other.span()))
    return page[first[1] : second[0]] in {" ", ", "}


@cache
def _known_names() -> frozenset[str]:
    """Give the names of the lists, folded: of surnames the commonest, as a published list has."""
    surnames = load("surnames").sort_by([("share", "descending")])["surname"].to_pylist()
    given = (("given_names", "name"), ("welsh_given_names", "name"), ("short_forms", "short"))
    names = [name for table, column in given for name in load(table)[column].to_pylist()]
    return frozenset(name.casefold() for name in (*surnames[:_SURNAMES], *names))
