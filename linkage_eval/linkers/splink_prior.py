"""Splink's prior and training rules, from the fields that are there.

The usual prior counts the pairs that agree on both names and the date of birth. Hardly any does in
files whose duplicates all hold an error: then pairs count in which one of the three differs, of the
date one part, less those that chance would make. Without a date of birth the rarest other field
stands for it. No truth is asked; `docs/linkers.md` says which had been seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pyarrow as pa

from darkfigure.linkage_eval.linkers.agreement import fields_read
from darkfigure.linkage_eval.linkers.blocking import Rule, rule_sizes
from darkfigure.linkage_eval.linkers.weakening import agreeing_shares

CERTAIN: Rule = ("surname", "forename", "date_of_birth")
# Assumed: the share of true pairs that agree on names and birth date, or on what stands for them.
RECALL = 0.7
_NAMES = ("surname", "forename")
_PARTS = tuple(f"{part}(date_of_birth)" for part in ("year", "month", "day"))
_TRAINING: tuple[Rule, ...] = (_NAMES, ("date_of_birth",))
# The certain pairs are believed unless the others are so many times as many. Assumed.
_MOST_TIMES = 10
# So many certain pairs for each record of the smaller table need no second count. Assumed.
_PLENTY = 0.1
# At least this share of the smaller table has a partner, or nobody would link. Assumed.
_LEAST_SHARE = 0.01


@dataclass(frozen=True)
class Prior:
    """The share of all pairs that are of the same person.

    Parameters
    ----------
    certain
        Whether it is the usual one, which Splink counts itself.
    share
        The share otherwise.
    """

    certain: bool
    share: float = 1e-4


def find_prior(left: pa.Table, right: pa.Table, fields: list[str]) -> Prior:
    """Find the prior for two tables, or for one that is given twice.

    Parameters
    ----------
    left, right
        Schema `RECORDS`, perhaps with further columns.
    fields
        The compared fields.
    """
    n_pairs, n_smaller = _n_pairs(left, right), min(left.num_rows, right.num_rows)
    n_certain = _count(left, right, CERTAIN) if set(CERTAIN) <= set(fields) else 0.0
    # Splink refuses more certain pairs than the share of all that is assumed.
    usable = 0 < n_certain <= n_pairs * RECALL
    if usable and n_certain >= _PLENTY * n_smaller:
        return Prior(certain=True)
    n_loose = _count_loose(left, right, fields)
    if usable and n_loose <= n_certain * _MOST_TIMES:
        return Prior(certain=True)
    n_least = _LEAST_SHARE * n_smaller
    return Prior(certain=False, share=min(0.5, max(n_loose / RECALL, n_least) / max(1, n_pairs)))


def training_rules(left: pa.Table, right: pa.Table, fields: list[str]) -> list[Rule]:
    """Choose two rules for training, so that each leaves a comparison to learn about.

    Parameters
    ----------
    left, right
        Schema `RECORDS`, perhaps with further columns.
    fields
        The compared fields.
    """
    usual = [rule for rule in _TRAINING if set(rule) <= set(fields) and _count(left, right, rule)]
    named = {field for rule in usual for field in rule}
    rare = [(field,) for field in _by_rarity(left, right, fields) if field not in named]
    rules = [*usual, *rare][: len(_TRAINING)]
    return [rule for rule in rules if _leaves(rule, fields)]


def _leaves(rule: Rule, fields: list[str]) -> bool:
    """Tell whether a rule leaves a field; both names are one comparison."""
    taken = {*rule, *(_NAMES if set(rule) & set(_NAMES) else ())}
    return bool(set(fields) - taken)


def _count_loose(left: pa.Table, right: pa.Table, fields: list[str]) -> float:
    """Estimate the matches by pairs that need not agree on everything."""
    if set(CERTAIN) <= set(fields):
        return _count_near(left, right)
    rare = _by_rarity(left, right, fields)
    others = [field for field in rare if field not in _NAMES]
    # A family shares surname and place, so the forename comes first.
    names = [name for name in reversed(_NAMES) if name in rare]
    rule = (*names[:1], *others[:1]) if names and others else tuple(rare[:2])
    return _excess(left, right, rule) if len(rule) > 1 else 0.0


def _count_near(left: pa.Table, right: pa.Table) -> float:
    """Estimate the matches in which at most a name, or the birth date or a part of it, differs."""
    n_certain = _count(left, right, CERTAIN)
    born = sum(_excess(left, right, (name, "date_of_birth")) for name in _NAMES) - n_certain
    parts = sum(_excess(left, right, (*_NAMES, *two)) for two in combinations(_PARTS, 2))
    return max(0.0, born + parts - 3 * n_certain)


def _excess(left: pa.Table, right: pa.Table, rule: Rule) -> float:
    """Count the pairs of a rule beyond those that chance makes."""
    chance = float(_n_pairs(left, right))
    for share in agreeing_shares(rule, left, right):
        chance *= share
    return max(0.0, _count(left, right, rule) - chance)


def _by_rarity(left: pa.Table, right: pa.Table, fields: list[str]) -> list[str]:
    shares = agreeing_shares(fields, left, right)
    # A field on which no pair agrees teaches nothing.
    shared = [(share, field) for share, field in zip(shares, fields, strict=True) if share]
    return [field for _, field in sorted(shared)]


def _count(left: pa.Table, right: pa.Table, rule: Rule) -> float:
    (size,) = rule_sizes(left, right, (rule,))
    if left is not right:
        return float(size)
    known = left.select(list(fields_read(rule))).drop_null().num_rows
    return (size - known) / 2


def _n_pairs(left: pa.Table, right: pa.Table) -> int:
    n = left.num_rows
    return n * (n - 1) // 2 if left is right else n * right.num_rows
