"""Layouts: a system's own names, codes and forms of tables that others keep too.

Four forces record the same things. Each table is described once, and each force's layout gives the
force's own names and codes, and whether times are typed in as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.schema.table import DATE, TEXT, TIME, Column, Table

TEXT_TIME = "%d/%m/%Y %H:%M"
TEXT_DATE = "%d/%m/%Y"


@dataclass(frozen=True)
class Layout:
    """One system's own way to keep common tables.

    Parameters
    ----------
    tables
        Own name of a table by its common name, where they differ.
    columns
        Own name of a column by its common name, where they differ; None if the system does not keep
        it. A name given as `table.column` holds for that table alone.
    codes
        Own codes by common codes, by common name of the column, where they differ; several common
        codes may share one.
    typed_times
        Times and dates are typed in as text, dd/mm/yyyy, but for the day of the entry itself.
    """

    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str | None] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    typed_times: bool = False

    def shape(self, common: Table) -> Table:
        """Give the system's own table for a common one."""
        own = [self._column(common, column) for column in common.columns]
        return replace(
            common,
            name=self.tables.get(common.name, common.name),
            key=tuple(str(self.column(common, name)) for name in common.key),
            columns=tuple(column for column in own if column),
        )

    def column(self, common: Table, name: str) -> str | None:
        """Give the system's own name of a column; None if it keeps no such column.

        Parameters
        ----------
        common
            The common table.
        name
            Common name of the column.
        """
        return self.columns.get(f"{common.name}.{name}", self.columns.get(name, name))

    def typed(self, column: Column) -> str | None:
        """Give the form in which a column is typed as text; None if it is not."""
        if not self.typed_times or column.name.startswith("created") or column.field:
            return None
        return {TIME: TEXT_TIME, DATE: TEXT_DATE}.get(column.type)

    def _column(self, common: Table, column: Column) -> Column | None:
        name = self.column(common, column.name)
        if name is None:
            return None
        recoded = self.codes.get(column.name, {})
        codes: dict[str, str] = {}
        for code, meaning in column.codes.items():
            codes.setdefault(recoded.get(code, code), meaning)
        form = self.typed(column)
        if form:
            note = f"{column.meaning}, as typed"
            return replace(column, name=name, type=TEXT, meaning=note, codes=codes)
        return replace(column, name=name, codes=codes)

    def write(self, common: Table, table: pa.Table) -> pa.Table:
        """Convert rows, or some of their columns, from the common form into the system's own.

        Parameters
        ----------
        common
            The common table.
        table
            Rows in the common form.
        """
        columns = {}
        for column in common.columns:
            name = self.column(common, column.name)
            if name is not None and column.name in table.column_names:
                columns[name] = self._written(column, table[column.name])
        return pa.table(columns)

    def _written(self, column: Column, values: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
        form, recoded = self.typed(column), self.codes.get(column.name)
        if form:
            return _as_text(values, form)
        if not recoded or column.field:
            return values
        coded = values.combine_chunks()
        words = [recoded.get(code, code) for code in coded.dictionary.to_pylist()]
        own = pa.array(words, pa.string()).dictionary_encode()
        place = own.indices.take(coded.indices)
        return pa.DictionaryArray.from_arrays(place, own.dictionary)


def _as_text(values: pa.ChunkedArray, form: str) -> pa.ChunkedArray:
    if pa.types.is_timestamp(values.type):
        # Nobody types seconds, and Arrow would write them with fractions.
        values = pc.floor_temporal(values, unit="minute").cast(pa.timestamp("s"))
    return pc.strftime(values, format=form)
