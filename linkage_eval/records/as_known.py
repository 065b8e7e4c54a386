"""A dataset as its agencies knew it: what entry did to its cells and rows is undone."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from darkfigure.linkage_eval.records.sql import query
from darkfigure.synth.schema import TABLES, Table
from darkfigure.synth.storage.dataset import Dataset

# Rows that stand for nobody, for two people or for somebody else; late and corrected ones are
# right by now.
_NO_ROWS = "('duplicate', 'merged', 'copied')"


@dataclass(frozen=True, repr=False)
class AsKnown(Dataset):
    """A dataset whose cells hold what the agencies knew, by the ledger of faults.

    Rows that repeat another or hold two people are left out. Values that were true once stay: what
    is out of date was known so.
    """

    @classmethod
    def of(cls, dataset: Dataset) -> AsKnown:
        """Undo the faults of a dataset that has its truth."""
        return cls(dataset.path, dataset.manifest)

    def sql(self, name: str) -> str:
        """Give the expression that reads a table in DuckDB's SQL; errors as of `read`."""
        shape, written = TABLES[f"{name}.parquet"], super().sql(name)
        if shape.source == "truth" or (not shape.fields and len(shape.key) > 1):
            return written
        cells, rows = (
            super(AsKnown, self).sql(f"truth/{kind}_faults") for kind in ("entry", "row")
        )
        if not shape.fields:
            return f"(SELECT * FROM {written} WHERE {_stands(shape, rows)})"  # noqa: S608, as below
        return f"({_undone(shape, written, cells, rows)})"

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """Read a table, or some of its columns; parameters and errors as of `Dataset`."""
        known = query(f"FROM {self.sql(name)}")
        return known if columns is None else known.select(columns)


def _undone(shape: Table, written: str, cells: str, rows: str) -> str:
    """Write the query that puts known values in the place of written ones."""
    names = [column.name for column in shape.fields.values()]
    of_table = f"source = '{shape.source}' AND \"table\" = '{shape.name}'"
    noted = ", ".join(
        f"bool_or(\"column\" = '{name}') AS wrong_{name}, "
        f"max(known_value) FILTER (\"column\" = '{name}') AS known_{name}"
        for name in names
    )
    back = ", ".join(
        f'CASE WHEN wrong_{name} THEN known_{name} ELSE written."{name}" END AS "{name}"'
        for name in names
    )
    return f"""
        SELECT written.* REPLACE ({back})
        FROM {written} AS written LEFT JOIN (
            SELECT record_id, {noted} FROM {cells} WHERE {of_table} GROUP BY record_id
        ) AS noted ON record_id = written.{shape.key[0]}
        WHERE {_stands(shape, rows)}
    """  # noqa: S608, names of our own schema


def _stands(shape: Table, rows: str) -> str:
    """Write the condition under which a row stands for whom it says."""
    of_table = f"source = '{shape.source}' AND \"table\" = '{shape.name}'"
    return f"""{shape.key[0]} NOT IN (
        SELECT record_id FROM {rows} WHERE {of_table} AND fault IN {_NO_ROWS}
    )"""  # noqa: S608, names of our own schema
