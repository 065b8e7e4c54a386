"""Tables as pandas frames, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd


def to_pandas(table: pa.Table | Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Make a frame of a table, or of rows.

    Whole numbers stay whole where some are missing (Int64), dates are timestamps, codes are
    categories.
    """
    import pandas as pd  # noqa: PLC0415, slow to import, and few callers want frames

    if not isinstance(table, pa.Table):
        return pd.DataFrame.from_records([dict(row) for row in table])
    nullable = {
        pa.int64(): pd.Int64Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int16(): pd.Int16Dtype(),
    }
    gaps = {
        number: kind
        for number, kind in nullable.items()
        if any(column.type == number and column.null_count for column in table.columns)
    }
    return table.to_pandas(date_as_object=False, types_mapper=gaps.get)


def from_pandas(frame: pd.DataFrame) -> pa.Table:
    """Make a table of a frame; its index is left out."""
    return pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
