"""Linkage keys: one code made of an identity, hashed by each party, compared for equality.

A key hides the identity from the comparing party only if its space is too large to be tried: the
space of names, dates and ten-digit numbers is not. Parties share a secret salt, which keeps out
those who do not hold it, and nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import pyarrow as pa

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.linkers.agreement import Pass, fields_read, link_by_passes
from darkfigure.linkage_eval.linkers.fields import FieldNeeds, held
from darkfigure.linkage_eval.records.sql import query

_SALT = "darkfigure"  # a stand-in: a real one is secret
# Letters 2, 3 and 5 of the surname and 2 and 3 of the forename; 2 where a name is too short.
_LETTERS = {"surname": (2, 3, 5), "forename": (2, 3)}


def _letters(name: str) -> str:
    plain = f"replace({name}, ' ', '')"
    letters = (f"coalesce(nullif(substr({plain}, {n}, 1), ''), '2')" for n in _LETTERS[name])
    return " || ".join(letters)


_PARTS = {
    "surname": _letters("surname"),
    "forename": _letters("forename"),
    "date_of_birth": "strftime(date_of_birth, '%d%m%Y')",
    "sex": "CASE sex WHEN 'M' THEN '1' WHEN 'F' THEN '2' ELSE '9' END",
}
_SLK581 = " || ".join(_PARTS.values())


def _hashed(key: str) -> str:
    return f"sha256('{_SALT}' || {key})"


def linkage_keys(records: pa.Table, key: Literal["slk581", "nhs_number"]) -> pa.Array:
    """Give the hashed key of each record.

    Parameters
    ----------
    records
        Schema `RECORDS`.
    key
        The identifier that is hashed.

    Returns
    -------
    Keys as text, shape (records,); null where the record has none.
    """
    hashed = _hashed(_SLK581 if key == "slk581" else "nhs_number")
    keys = query(f"SELECT {hashed} AS key FROM records", records=records)["key"]  # noqa: S608
    return keys.combine_chunks()


@dataclass(frozen=True)
class Slk581:
    """Link records whose statistical linkage keys (SLK-581) are equal after hashing.

    Where a part of the key is not in both tables, the key is made of the others.

    References
    ----------
    Australian Institute of Health and Welfare, METEOR: statistical linkage key 581 cluster.
    """

    name: str = "slk581"
    reads: ClassVar[tuple[str, ...]] = fields_read((_SLK581,))
    needs: ClassVar[FieldNeeds] = FieldNeeds(("surname", "forename", "date_of_birth"), 2)

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; every link scores 1."""
        there = held(left, right)
        key = " || ".join(part for field, part in _PARTS.items() if field in there)
        if not key:
            return LINKS.empty_table()
        return link_by_passes(left, right, [(0, Pass("SLK-581", (_hashed(key),)))], 1)


@dataclass(frozen=True)
class HashedNhsNumber:
    """Link records whose valid NHS numbers are equal after hashing."""

    name: str = "hashed-nhs"
    reads: ClassVar[tuple[str, ...]] = ("nhs_number",)
    needs: ClassVar[FieldNeeds] = FieldNeeds(("nhs_number",), 1)

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; every link scores 1."""
        number = Pass("NHS number", (_hashed("nhs_number"),))
        return link_by_passes(left, right, [(0, number)], 1)
