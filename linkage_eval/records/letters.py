"""The letters of a name as they are compared: capitals, in the Latin script from A to Z.

Greek and Cyrillic letters lose their accents as Latin ones do. Letters of other scripts keep every
sign, since a sign can be a vowel; nothing is transliterated.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import pyarrow as pa

# Characters that people type for an apostrophe: Unicode has many alike, some of them "letters".
APOSTROPHES = (
    "'`\u00b4\u2018\u2019\u201b\u2032\uff07\u02b9\u0374\u02bb\u02bc\u02bd\u02be\u02bf\u02c8"
)
_ACCENTED = ("LATIN", "GREEK", "CYRILLIC")
# Such as "LATIN CAPITAL LETTER O WITH STROKE" and "LATIN CAPITAL LIGATURE OE".
_LATIN = re.compile(r"LATIN \w+ (?:LETTER|LIGATURE) (?:\w+ )?([A-Z]{1,2})(?: WITH .+)?")
# Latin letters with names of their own, as ICAO Doc 9303, part 3, section 6 has them.
_NAMED = {"Ð": "D", "Þ": "TH", "Ŋ": "N", "Ə": "E"}
_MANY = 1 << 16  # different names that are cached, since names come again


def fold_all(texts: pa.Array) -> pa.Array:
    """Fold an array of texts; null stays null."""
    folded = [None if text is None else fold(text) for text in texts.to_pylist()]
    return pa.array(folded, pa.string())


@lru_cache(_MANY)
def fold(text: str) -> str:
    """Fold a text: letters and digits in capitals, apostrophes dropped, all else single blanks.

    `Łukasz` gives `LUKASZ`, `Straße` `STRASSE`, `Дмитрий` `ДМИТРИИ`.
    """
    letters: list[str] = []
    # Without case "ẞ", "ß" and ligatures are several letters, each with a capital of its own.
    for char in unicodedata.normalize("NFD", "".join(map(_usual, text.casefold().upper()))):
        if unicodedata.category(char).startswith("M"):
            if not (letters and _loses_accents(letters[-1])):
                letters.append(char)
        else:
            letters.extend(_plain(char))
    return " ".join(unicodedata.normalize("NFC", "".join(letters)).split())


@cache
def _usual(char: str) -> str:
    """Give the usual form of a letter of full width, raised, or shaped by its place in a word."""
    return unicodedata.normalize("NFKD", char) if char.isalpha() else char


@cache
def _loses_accents(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_ACCENTED)


@cache
def _plain(char: str) -> str:
    """Give the letters or the blank that stand for a character without its marks."""
    kind = unicodedata.category(char)
    if char in APOSTROPHES or kind == "Cf":  # Cf: has no width, so nobody sees it
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    return _spelt(char) if char.isalpha() else " "


def _spelt(letter: str) -> str:
    latin = _LATIN.fullmatch(unicodedata.name(letter, ""))
    return latin[1] if latin else _NAMED.get(letter, letter)
