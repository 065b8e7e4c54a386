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
    for name, other in pairs:
        near.setdefault(name, set()).add(other)
        near.setdefault(other, set()).add(name)
    pairs_both_ways = sorted(
        {(name, other) for name, others_of_name in near.items() for other in others_of_name}
    )
    names, others = zip(*pairs_both_ways, strict=True)
    return pa.table({"name": pa.array(names), "other": pa.array(others)})


def _pairs(table: pa.Table, left_column: str, right_column: str) -> list[tuple[str, str]]:
    columns = (
        [_plain(name) for name in table[column].to_pylist()]
        for column in (left_column, right_column)
    )
    return [(a, b) for a, b in zip(*columns, strict=True) if a != b]


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.upper())
    return "".join(letter for letter in letters if letter.isalnum() or letter in " -").replace(
        "-", " "
    )
