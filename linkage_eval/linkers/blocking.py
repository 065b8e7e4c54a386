"""Blocking: the choice of pairs of records that are worth comparing.

A rule is a set of SQL expressions over a record that two records must share, none of them
missing; beside the fields of `RECORDS` there are `surname_sound` and `forename_sound`. A pair
that shares any rule is a candidate.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.linkers.fields import TELLING, held
from darkfigure.linkage_eval.linkers.soundex import soundex_of
from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.core.chance import Stream

Rule = tuple[str, ...]

# The NHS or pupil number, or any two of the four fields that tell people apart: only pairs that
# differ in three of them are missed. Assumed, for British administrative records. An earlier set of
# rules was narrower; it was widened after FEBRL 4 had shown, with its truth, which pairs it missed.
RULES: tuple[Rule, ...] = (
    ("nhs_number",),
    ("upn",),
    ("surname", "date_of_birth"),
    ("forename", "date_of_birth"),
    ("postcode", "date_of_birth"),
    ("surname", "forename"),
    ("forename", "postcode"),
    ("surname", "postcode"),
)
# Where a field of these is not there, sounds make up for some of the pairs that are lost. Assumed.
BY_SOUND: tuple[Rule, ...] = (
    ("surname_sound", "forename_sound"),
    ("surname_sound", "date_of_birth"),
    ("forename_sound", "date_of_birth"),
)


def with_sounds(records: pa.Table) -> pa.Table:
    """Add the Soundex codes of both names."""
    for name in ("surname", "forename"):
        records = records.append_column(f"{name}_sound", soundex_of(records[name]))
    return records


def with_sounds_for(rules: Iterable[Rule], records: pa.Table) -> pa.Table:
    """Add the Soundex codes where some rule asks for them: they take longer than the counting."""
    asked = any("_sound" in part for rule in rules for part in rule)
    return with_sounds(records) if asked else records


def candidate_pairs(
    left: pa.Table, right: pa.Table, rules: tuple[Rule, ...] = RULES, *, within: bool = False
) -> Pairs:
    """Find the pairs that share a rule, each once, sorted by rows.

    Parameters
    ----------
    left, right
        Schema `RECORDS`.
    rules
        Rules; without any there are no pairs.
    within
        Whether both are the same table: then each pair comes once, the smaller row left.
    """
    rows = [
        with_sounds(records).append_column("row", pa.array(np.arange(records.num_rows)))
        for records in (left, right)
    ]
    if not rules:
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64))
    once = "WHERE l.row < r.row" if within else ""
    joins = " UNION ".join(f"{_join(rule)} {once}" for rule in rules)
    rows_of_pairs = query(f"{joins} ORDER BY 1, 2", lefts=rows[0], rights=rows[1])
    return Pairs(rows_of_pairs["lrow"].to_numpy(), rows_of_pairs["rrow"].to_numpy())


def widened(
    left: pa.Table, right: pa.Table, rules: tuple[Rule, ...] = RULES, more: tuple[str, ...] = ()
) -> tuple[Rule, ...]:
    """Add rules for fields that step in where others are not there.

    Parameters
    ----------
    left, right
        Schema `RECORDS`, perhaps with further columns.
    rules
        The usual rules. Those over fields that are not there bring no pairs, and stay.
    more
        Fields that are compared beside the usual ones.

    Returns
    -------
    The usual rules alone where nothing is lacking and nothing added; else, besides, each further
    field with a name or the date of birth, and names by sound, as far as they are selective.
    """
    added: tuple[Rule, ...] = () if held(left, right) >= set(TELLING) else BY_SOUND
    added += tuple((first, field) for field in more for first in TELLING[:3])
    if not added:
        return rules
    sizes = dict(zip(added, rule_sizes(left, right, added), strict=True))
    most = left.num_rows + right.num_rows
    if not any(rule_sizes(left, right, rules)):
        # Without any usual rule, the most selective of the others is better than none.
        most = max(most, min((size for size in sizes.values() if size), default=0))
    return (*rules, *(rule for rule, size in sizes.items() if 0 < size <= most))


def selective_rules(
    left: pa.Table, right: pa.Table, rules: tuple[Rule, ...] = RULES
) -> tuple[Rule, ...]:
    """Choose the rules that give at most as many pairs as both tables have records.

    A rule that gives more brings together mostly strangers, and a method without labels does not
    see the few matches among them. The pairs are counted in the data, without labels;
    `docs/linkers.md` names the truth that had been seen before. If every rule that gives any pair
    gives more, the one that gives fewest is left.

    Parameters
    ----------
    left, right
        Schema `RECORDS`.
    rules
        At least one rule.
    """
    sizes = rule_sizes(left, right, rules)
    n_itself = left.num_rows if left is right else 0  # each record with itself
    some = [size for size in sizes if size > n_itself]
    most = max(left.num_rows + right.num_rows, min(some, default=0))
    return tuple(rule for rule, size in zip(rules, sizes, strict=True) if size <= most)


def rule_sizes(left: pa.Table, right: pa.Table, rules: tuple[Rule, ...] = RULES) -> list[int]:
    """Count the pairs that each rule gives, without making them.

    Parameters
    ----------
    left, right
        Schema `RECORDS`, or the fields of it that the rules need. For records of one table, twice
        that table: each pair then counts twice, and each record once with itself.
    rules
        At least one rule.

    Returns
    -------
    Number of pairs of each rule, in order.
    """
    sides = [with_sounds_for(rules, records) for records in (left, right)]
    counted = " UNION ALL ".join(
        f"SELECT {place} AS place, coalesce(sum(l.n * r.n), 0)::BIGINT AS n "  # noqa: S608, our rules
        f"FROM {_sized(rule, 'lefts')} AS l "
        f"JOIN {_sized(rule, 'rights')} AS r USING ({', '.join(_keys(rule))})"
        for place, rule in enumerate(rules)
    )
    return query(f"{counted} ORDER BY place", lefts=sides[0], rights=sides[1])["n"].to_pylist()


def random_pairs(n_left: int, n_right: int, seed: int, *, n_pairs: int = 1_000_000) -> Pairs:
    """Draw pairs of rows at random, some perhaps twice; of small tables give each pair once.

    Parameters
    ----------
    n_left, n_right
        Numbers of records of the two tables.
    seed
        Seed of the draws.
    n_pairs
        Number of pairs drawn, if there are more.
    """
    if n_left * n_right <= n_pairs:
        return Pairs(*np.divmod(np.arange(n_left * n_right), max(n_right, 1)))
    turns = np.arange(n_pairs)
    chance = Stream(seed, ("random pairs",))
    return Pairs(chance.below("left", turns, n_left), chance.below("right", turns, n_right))


def _join(rule: Rule) -> str:
    return (
        f"SELECT l.row AS lrow, r.row AS rrow FROM (SELECT row, {_named(rule)} FROM lefts) AS l "  # noqa: S608, our rules
        f"JOIN (SELECT row, {_named(rule)} FROM rights) AS r USING ({', '.join(_keys(rule))})"
    )


def _sized(rule: Rule, table: str) -> str:
    """Count the records of each value of a rule."""
    return f"(SELECT {_named(rule)}, count(*) AS n FROM {table} GROUP BY ALL)"  # noqa: S608, our rules


def _named(rule: Rule) -> str:
    pairs = zip(rule, _keys(rule), strict=True)
    return ", ".join(f"{expression} AS {key}" for expression, key in pairs)


def _keys(rule: Rule) -> list[str]:
    return [f"key_{place}" for place in range(len(rule))]
