"""What a user's file holds beside the cleaned fields: further columns, and values as written.

Both reach linkers unaltered. A further column keeps its name, and its type if the file has types;
`surname_written` holds what stands in the file where `surname` holds the cleaned value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import RECORDS, WRITTEN
from darkfigure.linkage_eval.records.file_tables import text_of

_SOURCE = "source"


@dataclass(frozen=True)
class FurtherColumns:
    """The further columns of a file.

    Parameters
    ----------
    table
        Those that are passed on, a row per record.
    left_out
        Why each of the others is not, by its name.
    """

    table: pa.Table
    left_out: dict[str, str]

    def add_to(self, records: pa.Table, texts: pa.Table) -> pa.Table:
        """Put further columns, and fields as written, behind those of `RECORDS`.

        Parameters
        ----------
        records
            Schema `RECORDS`.
        texts
            The fields as text, a row per record.
        """
        for field in texts.column_names:
            records = records.append_column(f"{field}{WRITTEN}", _known(texts[field]))
        for name in self.table.column_names:
            if name == _SOURCE:
                place = records.column_names.index(_SOURCE)
                records = records.set_column(place, RECORDS.field(_SOURCE), self.table[name])
            else:
                records = records.append_column(name, self.table[name])
        return records


def read_further(table: pa.Table, columns: Iterable[str]) -> FurtherColumns:
    """Take the columns of a user's table that are no fields.

    Parameters
    ----------
    table
        The table.
    columns
        Names of the columns that are the id or a field.
    """
    taken = {*RECORDS.names, *(f"{field}{WRITTEN}" for field in RECORDS.names)} - {_SOURCE}
    left_out: dict[str, str] = {}
    passed: dict[str, pa.ChunkedArray] = {}
    for name in table.column_names:
        if name in columns:
            continue
        kind = table.schema.field(name).type
        if not name:
            left_out["(no name)"] = "it has no name"
        elif name in taken:
            left_out[name] = "the name is that of a field"
        elif pa.types.is_nested(kind) or pa.types.is_binary(kind):
            left_out[name] = f"it holds {kind}"
        else:
            is_text = name == _SOURCE or pa.types.is_string(kind) or pa.types.is_large_string(kind)
            passed[name] = _known(text_of(table, name)) if is_text else table[name]
    return FurtherColumns(pa.table(passed), left_out)


def _known(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Make blank texts null: two blanks agree on nothing."""
    return pc.if_else(pc.equal(texts, ""), None, texts)
