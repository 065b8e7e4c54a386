"""Links by rules of agreement: fields, or parts of fields, that two records must share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from darkfigure.linkage_eval.contracts import LINKS
from darkfigure.linkage_eval.linkers.blocking import with_sounds
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.fields import FIELDS


@dataclass(frozen=True)
class Pass:
    """One pass: the SQL expressions over a record that must agree, none of them missing.

    Parameters
    ----------
    name
        A name for the reader.
    left
        Expressions over the left record, such as `surname` or `left(forename, 1)`; beside the
        fields of `RECORDS` there are `surname_sound` and `forename_sound`, the Soundex codes.
    right
        Expressions over the right record where they differ, as for swapped names.
    unless
        Fields that must not contradict: missing on either side, or the same.
    """

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


def fields_read(expressions: Iterable[str]) -> tuple[str, ...]:
    """Give the fields of records that some expressions name; sounds are those of their names.

    Parameters
    ----------
    expressions
        SQL over records, such as `left(forename, 1)`.
    """
    words = set(re.findall(r"[a-z_]+", " ".join(expressions)))
    plain = {word.removesuffix("_sound") for word in words}
    return tuple(field for field in FIELDS if field in plain)


def fields_of(passes: Iterable[Pass]) -> tuple[str, ...]:
    """Give the fields of records that passes read."""
    return fields_read(
        expression for rule in passes for expression in (*rule.left, *rule.right, *rule.unless)
    )


def link_by_passes(
    left: pa.Table, right: pa.Table, ranked: Sequence[tuple[int, Pass]], n_ranks: int
) -> pa.Table:
    """Link all pairs that agree at any pass.

    Parameters
    ----------
    left, right
        Schema `RECORDS`.
    ranked
        Each pass with its rank, 0 for the surest.
    n_ranks
        Number of ranks.

    Returns
    -------
    Schema `LINKS`, sorted by ids. A pair's score is that of the first pass at which it agrees:
    1 for the first of n ranks, 1 / n for the last.
    """
    if not ranked:
        return LINKS.empty_table()
    sides = {"lefts": with_sounds(left), "rights": with_sounds(right)}
    tries = " UNION ALL ".join(_pairs_of(rule, rank) for rank, rule in ranked)
    links = f"""SELECT left_id, right_id, 1 - min(rank)::DOUBLE / {n_ranks} AS score
        FROM ({tries}) GROUP BY left_id, right_id ORDER BY left_id, right_id"""  # noqa: S608
    return query(links, **sides).cast(LINKS)


def _pairs_of(rule: Pass, rank: int) -> str:
    lefts, rights = rule.left, rule.right or rule.left
    names = [f"key_{place}" for place in range(len(lefts))]
    keyed = [
        f"(SELECT {', '.join(['record_id', *rule.unless, *_named(side, names)])} FROM {table})"  # noqa: S608, our own rules
        for side, table in ((lefts, "lefts"), (rights, "rights"))
    ]
    contradict = [f"coalesce(l.{field} = r.{field}, true)" for field in rule.unless]
    where = f" WHERE {' AND '.join(contradict)}" if contradict else ""
    return (
        f"SELECT l.record_id AS left_id, r.record_id AS right_id, {rank} AS rank "  # noqa: S608
        f"FROM {keyed[0]} AS l JOIN {keyed[1]} AS r USING ({', '.join(names)}){where}"
    )


def _named(expressions: tuple[str, ...], names: list[str]) -> list[str]:
    return [f"{expression} AS {name}" for expression, name in zip(expressions, names, strict=True)]
