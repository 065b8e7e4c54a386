"""SQL over Arrow tables."""

from __future__ import annotations

import duckdb
import pyarrow as pa


def query(sql: str, **tables: pa.Table) -> pa.Table:
    """Run a DuckDB query over Arrow tables, each known to it by its keyword."""
    # A slow query must not draw a progress bar between what is printed for programs.
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(sql).to_arrow_table().combine_chunks()
