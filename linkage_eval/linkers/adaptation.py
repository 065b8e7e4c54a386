"""What linkers of the library make of two tables: why they cannot work, what they go without."""

from __future__ import annotations

import pyarrow as pa

from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.linkers.fields import further_columns, held, stand_ins


def refusal(name: str, left: pa.Table, right: pa.Table) -> str:
    """Say why a linker of the library cannot work on two tables; "" if it can, or is others'.

    Parameters
    ----------
    name
        As the registry reads it.
    left, right
        Schema `RECORDS`, perhaps with further columns.
    """
    needs = getattr(registry.class_of(name), "needs", None)
    return needs.lacking(left, right) if needs else ""


def adaptation(name: str, left: pa.Table, right: pa.Table) -> str:
    """Say which fields a linker of the library does without on two tables, and what it may add.

    Parameters
    ----------
    name
        As the registry reads it.
    left, right
        Schema `RECORDS`, perhaps with further columns.

    Returns
    -------
    Such as "goes without sex, postcode; may add town"; "" if nothing is to be said.
    """
    said, maker = registry.reads(name), registry.class_of(name)
    if said is None or refusal(name, left, right):
        return ""
    lacking = [field for field in said if field not in held(left, right)]
    added = [field for field in stand_ins(left, right) if field in getattr(maker, "may_add", ())]
    if getattr(maker, "further", False):
        added += further_columns(left, right)
    words = (("goes without", lacking), ("may add", added))
    return "; ".join(f"{verb} {', '.join(fields)}" for verb, fields in words if fields)
