"""A lexicon of forenames that stand for each other: Bill for William, Siôn for John."""

from __future__ import annotations

import unicodedata
from functools import cache

import pyarrow as pa

from darkfigure.synth.reference import load


@cache
def lexicon() -> pa.Table:
    """Give pairs of forenames that may be the same person's: columns `name` and `other`.

    Public knowledge alone: short forms and the English equivalents of Welsh names, both ways,
    in capitals without accents, as standardised records hold them.
    """
    short, equal = load("short_forms"), load("name_equivalents")
    pairs = [*_pairs(short, "formal", "short"), *_pairs(equal, "welsh", "english")]
    near: dict[str, set[str]] = {}
    for one, other in pairs:
        near.setdefault(one, set()).add(other)
        near.setdefault(other, set()).add(one)
    found = sorted({(one, other) for one, reached in near.items() for other in reached})
    names, others = zip(*found, strict=True)
    return pa.table({"name": pa.array(names), "other": pa.array(others)})


def _pairs(table: pa.Table, one: str, other: str) -> list[tuple[str, str]]:
    columns = ([_plain(name) for name in table[column].to_pylist()] for column in (one, other))
    return [(a, b) for a, b in zip(*columns, strict=True) if a != b]


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.upper())
    return "".join(letter for letter in letters if letter.isalnum() or letter in " -").replace(
        "-", " "
    )
