"""Linkage keys: one code made of an identity, hashed by each party, compared for equality.

A key hides the identity from the comparing party only if its space is too large to be tried: the
space of names, dates and ten-digit numbers is not. Parties share a secret salt, which keeps out
those who do not hold it, and nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import pyarrow as pa

from darkfigure.linkage_eval.linkers.agreement import Pass, fields_read, link_by_passes
from darkfigure.linkage_eval.records.sql import query

_SALT = "darkfigure"  # a stand-in: a real one is secret
# Letters 2, 3 and 5 of the surname and 2 and 3 of the forename; 2 where a name is too short.
_LETTERS = {"surname": (2, 3, 5), "forename": (2, 3)}


def _letters(name: str) -> str:
    plain = f"replace({name}, ' ', '')"
    letters = (f"coalesce(nullif(substr({plain}, {n}, 1), ''), '2')" for n in _LETTERS[name])
    return " || ".join(letters)


_SLK581 = (
    f"{_letters('surname')} || {_letters('forename')} || strftime(date_of_birth, '%d%m%Y') "
    "|| CASE sex WHEN 'M' THEN '1' WHEN 'F' THEN '2' ELSE '9' END"
)


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

    References
    ----------
    Australian Institute of Health and Welfare, METEOR: statistical linkage key 581 cluster.
    """

    name: str = "slk581"
    reads: ClassVar[tuple[str, ...]] = fields_read((_SLK581,))

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; every link scores 1."""
        return link_by_passes(left, right, (Pass("SLK-581", (_hashed(_SLK581),)),))


@dataclass(frozen=True)
class HashedNhsNumber:
    """Link records whose valid NHS numbers are equal after hashing."""

    name: str = "hashed-nhs"
    reads: ClassVar[tuple[str, ...]] = ("nhs_number",)

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; every link scores 1."""
        return link_by_passes(left, right, (Pass("NHS number", (_hashed("nhs_number"),)),))
