"""Standing records: the first version of a corrected record is no event of its own."""

from __future__ import annotations

import pyarrow as pa

from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.schema import FIRST_VERSION


def stands(key: str) -> str:
    """Write the SQL condition that a record is not the first version of a corrected one.

    Parameters
    ----------
    key
        Column with the record's number.
    """
    return f"NOT coalesce(suffix({key}::VARCHAR, '{FIRST_VERSION}'), false)"


def standing(written: pa.Table) -> pa.Table:
    """Leave first versions out of a table whose first column is the record's number."""
    condition = stands(f'"{written.column_names[0]}"')
    return query(f"FROM written WHERE {condition}", written=written)
