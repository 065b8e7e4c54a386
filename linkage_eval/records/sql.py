"""SQL over Arrow tables, with a function `fold` for letters that SQL cannot fold."""

from __future__ import annotations

from functools import cache

import duckdb
import pyarrow as pa

from darkfigure.linkage_eval.records.letters import fold_all


def query(sql: str, **tables: pa.Table) -> pa.Table:
    """Run a DuckDB query over Arrow tables.

    Parameters
    ----------
    sql
        The query; `fold(text)` folds letters as names are compared.
    tables
        Tables by their name in the query.
    """
    # A cursor has names and settings of its own.
    with _database().cursor() as connection:
        # A slow query must not draw a progress bar into output for programs.
        connection.execute("SET enable_progress_bar = false")
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(sql).to_arrow_table().combine_chunks()


@cache
def _database() -> duckdb.DuckDBPyConnection:
    """Start DuckDB once in a process: that takes fifteen times as long as a small query."""
    database = duckdb.connect()
    database.create_function("fold", fold_all, ["VARCHAR"], "VARCHAR", type="arrow")
    return database
