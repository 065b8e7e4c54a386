"""The fields that a linker reads, found by permutation where it declares none.

The linker links a part of its records again and again, each time with one field of one side
permuted: where its answer stays the same to the last score, it does not read the field, or nothing
in these records hangs on it. The part is made of records that it linked and of others, and no
truth has a share in it. A linker that answers the same records in two ways tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.isolation.parent import Job, run_isolated
from darkfigure.linkage_eval.links.positions import Links
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.fields import FIELDS

N_LINKS, N_OTHERS = 400, 400  # of the part: links, and other records of each side; assumed


def find_fields(job: Job, left: pa.Table, right: pa.Table, links: Links) -> tuple[str, ...] | None:
    """Find the fields that a linker reads.

    Parameters
    ----------
    job
        The linker, as it was run.
    left, right
        The records that it was given (schema `RECORDS`).
    links
        Its answer, as rows of these.

    Returns
    -------
    Fields on which the answer hangs; None where there are none, where nothing was linked, and
    where two runs on the same records differ. It takes a run of the linker for each field.
    """
    if not len(links):
        return None
    chosen = np.unique(np.linspace(0, len(links) - 1, N_LINKS).astype(np.int64))
    rows = [
        _part(linked[chosen], table.num_rows)
        for linked, table in ((links.left, left), (links.right, right))
    ]
    if job.within:
        rows = [np.union1d(*rows)] * 2
    sides = [table.take(pa.array(part)) for table, part in zip((left, right), rows, strict=True)]
    again = replace(job, compared=False)
    before = _answer(again, *sides)
    if before is None or before != _answer(again, *sides):
        return None
    read = tuple(
        field
        for field in FIELDS
        if any(side[field].null_count < side.num_rows for side in sides)
        and before != _answer(again, *_permuted(sides, field, within=job.within))
    )
    return read or None


def _part(linked: Ints, n_records: int) -> Ints:
    """Take linked records, and others at equal distances."""
    others = np.linspace(0, n_records - 1, min(N_OTHERS, n_records)).astype(np.int64)
    return np.union1d(linked, others)


def _answer(job: Job, left: pa.Table, right: pa.Table) -> tuple[bytes, ...] | None:
    """Give what is the same if and only if two answers are; None without an answer."""
    links = run_isolated(job, left, right).links
    if links is None:
        return None
    links = links.sorted()
    return links.left.tobytes(), links.right.tobytes(), links.scores.tobytes()


def _permuted(sides: Sequence[pa.Table], field: str, *, within: bool) -> tuple[pa.Table, pa.Table]:
    """Give the known values of a field to other records of the right side, or else of the left."""
    left, right = sides
    if right[field].null_count < right.num_rows:
        changed = _shift(right, field)
        return (changed if within else left), changed
    return _shift(left, field), right


def _shift(records: pa.Table, field: str) -> pa.Table:
    values = np.array(records[field].to_pylist(), object)
    known = np.flatnonzero(values != None)  # noqa: E711, an array
    values[known] = np.roll(values[known], len(known) // 2)
    place = records.column_names.index(field)
    column = pa.array(values.tolist(), records.schema.field(field).type)
    return records.set_column(place, records.schema.field(field), column)
