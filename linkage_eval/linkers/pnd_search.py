"""One query at a time, as an officer types it into a search screen such as the PND's.

The officer asks with all known fields; if that finds nobody they ask again with fewer. A query
that shows more than a page is of no use, and they ask the next one. All people on the first useful
page count as found; nobody looks further. All of it is assumed: queries, their order and the
length of a page describe how such searches are done, and none was tuned on a truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.linkers.agreement import fields_read
from darkfigure.linkage_eval.linkers.blocking import with_sounds
from darkfigure.linkage_eval.linkers.fields import TWO_TO_TELL, FieldNeeds, held
from darkfigure.linkage_eval.records.sql import query

_YEAR = "year(date_of_birth)"
# The queries that are typed, from the fullest to the last.
QUERIES = (
    ("surname", "forename", "date_of_birth"),
    ("surname", "left(forename, 1)", "date_of_birth"),
    ("surname", "forename", _YEAR),
    ("surname_sound", "forename_sound", "date_of_birth"),
    ("surname", "forename", "sex", "postcode"),
    ("surname", "forename", "sex", "town"),
)
PAGE = 10


@dataclass(frozen=True)
class PndSearch:
    """Look each left record up among the right ones with one query after the other.

    Parameters
    ----------
    page
        The most records of an answer that somebody reads.
    """

    page: int = PAGE
    name: str = "pnd-search"
    reads: ClassVar[tuple[str, ...]] = fields_read(term for terms in QUERIES for term in terms)
    needs: ClassVar[FieldNeeds] = TWO_TO_TELL

    def link(self, left: pa.Table, right: pa.Table, *, seed: int) -> pa.Table:  # noqa: ARG002
        """Link two tables; the score falls with the query that found somebody, from 1 to 1/6."""
        asked = _adapted(held(left, right)).items()
        if not asked:
            return LINKS.empty_table()
        queries = " UNION ALL ".join(_ask(terms, place) for terms, place in asked)
        first = f"""
            WITH answers AS ({queries}), pages AS (
                SELECT left_id, place FROM answers GROUP BY ALL HAVING count(*) <= {self.page}
            ), read AS (SELECT left_id, min(place) AS place FROM pages GROUP BY left_id)
            SELECT left_id, right_id, 1 - place::DOUBLE / {len(QUERIES)} AS score
            FROM answers JOIN read USING (left_id, place) ORDER BY left_id, right_id"""  # noqa: S608
        return query(first, lefts=with_sounds(left), rights=with_sounds(right)).cast(LINKS)


def _adapted(there: frozenset[str]) -> dict[tuple[str, ...], int]:
    """Leave boxes empty whose field is not there; give each query that is left its place."""
    asked: dict[tuple[str, ...], int] = {}
    for place, terms in enumerate(QUERIES):
        known = tuple(term for term in terms if set(fields_read((term,))) <= there)
        if len(known) > 1:
            asked.setdefault(known, place)
    return asked


def _ask(terms: tuple[str, ...], place: int) -> str:
    names = [f"key_{number}" for number in range(len(terms))]
    keys = ", ".join(f"{term} AS {name}" for term, name in zip(terms, names, strict=True))
    sides = [f"(SELECT record_id, {keys} FROM {side})" for side in ("lefts", "rights")]  # noqa: S608
    return (
        f"SELECT l.record_id AS left_id, r.record_id AS right_id, {place} AS place "  # noqa: S608
        f"FROM {sides[0]} AS l JOIN {sides[1]} AS r USING ({', '.join(names)})"
    )
