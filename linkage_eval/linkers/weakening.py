"""Passes of agreement for tables that lack a field: each without it, where chance links few.

A pass that names a field which is not in both tables would never link. It goes without that field,
and with the place that steps in for a postcode, if two fields are left and chance alone would make
one pair at most for every hundred records. How often chance makes pairs agree is counted in the
tables, each part of a pass by itself; no truth is asked. Passes over numbers stay what they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from darkfigure.linkage_eval.linkers.agreement import Pass, fields_of, fields_read
from darkfigure.linkage_eval.linkers.blocking import with_sounds_for
from darkfigure.linkage_eval.linkers.fields import PLACES, TELLING, UnableError, held, stand_ins
from darkfigure.linkage_eval.records.sql import query

_BY_CHANCE = 0.01  # pairs for each record of the smaller table; assumed
_MAY_LACK = (*TELLING, "sex")


def adapted(passes: Sequence[Pass], left: pa.Table, right: pa.Table) -> list[tuple[int, Pass]]:
    """Choose passes for two tables, with the rank of each.

    Parameters
    ----------
    passes
        The passes, the surest first.
    left, right
        Schema `RECORDS`.

    Returns
    -------
    Each pass with its place in `passes`. Those whose fields are all there, or that lack a number or
    a house, are as they were. Where a field that tells people apart is not there, names with middle
    name or telephone come last.

    Raises
    ------
    UnableError
        No pass is left.
    """
    there = held(left, right)
    if there >= set(_MAY_LACK) or not (left.num_rows and right.num_rows):
        return list(enumerate(passes))
    steps_in = stand_ins(left, right)
    tried = [(rank, _without(rule, there, steps_in)) for rank, rule in enumerate(passes)]
    tried += [(len(passes) - 1, rule) for rule in _last_passes(there, steps_in)]
    chosen: dict[tuple[tuple[str, ...], ...], tuple[int, Pass]] = {}
    for rank, rule in tried:
        if rule in passes or _tells(rule, left, right):
            chosen.setdefault((rule.left, rule.right), (rank, rule))
    able = any(set(fields_of([rule])) - set(rule.unless) <= there for _, rule in chosen.values())
    if not able:
        raise UnableError(
            f"with {', '.join(sorted(there)) or 'no field'} alone, chance links more than one pair "
            "in a hundred records at every pass"
        )
    return list(chosen.values())


def is_rare(expressions: tuple[str, ...], left: pa.Table, right: pa.Table) -> bool:
    """Tell whether chance alone makes few pairs agree: one, or one for each hundred records.

    Parameters
    ----------
    expressions
        SQL over a record; chance is taken to make them agree independently.
    left, right
        Schema `RECORDS`; the records of the smaller table are counted.
    """
    expected = float(left.num_rows * right.num_rows)
    for agreeing in agreeing_shares(expressions, left, right):
        expected *= agreeing
    return expected <= max(1.0, _BY_CHANCE * min(left.num_rows, right.num_rows))


def agreeing_shares(expressions: Sequence[str], left: pa.Table, right: pa.Table) -> list[float]:
    """Give the share of all pairs that agree on each of some expressions."""
    counted = " UNION ALL ".join(
        f"SELECT {place} AS place, coalesce(sum(l.n * r.n), 0)::DOUBLE AS n, "  # noqa: S608, our own
        f"coalesce(sum(l.n), 0)::DOUBLE AS n_itself "
        f"FROM {_sized(one, 'lefts')} AS l JOIN {_sized(one, 'rights')} AS r USING (key)"
        for place, one in enumerate(expressions)
    )
    n_itself = left.num_rows if left is right else 0
    n_pairs = max(1, left.num_rows * right.num_rows - n_itself)
    asked = (tuple(expressions),)
    sides = {"lefts": with_sounds_for(asked, left), "rights": with_sounds_for(asked, right)}
    rows = query(f"{counted} ORDER BY place", **sides).to_pylist()
    return [
        max(0.0, row["n"] - (row["n_itself"] if left is right else 0)) / n_pairs for row in rows
    ]


def _sized(expression: str, table: str) -> str:
    return f"(SELECT {expression} AS key, count(*) AS n FROM {table} GROUP BY ALL)"  # noqa: S608


def _without(rule: Pass, there: frozenset[str], steps_in: tuple[str, ...]) -> Pass:
    """Give a pass without the parts over fields that are not there, or as it was."""
    lacking = set(fields_of([rule])) - there - set(rule.unless)
    if not lacking or not lacking <= set(_MAY_LACK):
        return rule
    rights = rule.right or rule.left
    kept = [
        (one, other)
        for one, other in zip(rule.left, rights, strict=True)
        if not lacking & set(fields_read((one, other)))
    ]
    places = [one for one in steps_in if "postcode" in lacking and one in PLACES]
    kept += [(place, place) for place in places]
    left, right = (tuple(side) for side in zip(*kept, strict=True)) if kept else ((), ())
    return replace(rule, left=left, right=right if rule.right else ())


def _last_passes(there: frozenset[str], steps_in: tuple[str, ...]) -> list[Pass]:
    names = tuple(name for name in ("surname", "forename") if name in there)
    parts = [names, *((name,) for name in names)]
    return [
        Pass(f"{' and '.join(part)}, {field}", (*part, field))
        for field in steps_in
        for part in parts
        if part and field not in PLACES
    ]


def _tells(rule: Pass, left: pa.Table, right: pa.Table) -> bool:
    fields = fields_read((*rule.left, *rule.right))
    return len(fields) > 1 and is_rare(rule.left, left, right)
