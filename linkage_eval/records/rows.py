"""Single rows of a dataset, found by their values."""

from __future__ import annotations

import re
from typing import Any

import duckdb

from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.storage.dataset import Dataset

_NAMED = re.compile(r"\{([a-z0-9_/]+)\}")


class Rows:
    """Lookup of rows in a dataset's files without reading them whole.

    Parameters
    ----------
    dataset
        The dataset.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._connection = duckdb.connect()

    def where(self, table: str, **values: object) -> list[dict[str, Any]]:
        """Give the rows of a table with some values.

        Parameters
        ----------
        table
            Name of the table, such as "truth/names".
        values
            The value of each named column.
        """
        tests = " AND ".join(f'"{name}" = ?' for name in values)
        return self.ask(f"SELECT * FROM {{{table}}} WHERE {tests}", *values.values())  # noqa: S608, our own names

    def has(self, table: str) -> bool:
        """Tell whether the dataset has a table."""
        return self._dataset.has(table)

    def ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Run a query.

        Parameters
        ----------
        sql
            The query; `{truth/names}` stands for that table's file, and "?" for a value.
        values
            The values, in order.

        Raises
        ------
        DatasetError
            A table is missing or damaged.
        """
        try:
            result = self._connection.execute(_NAMED.sub(self._file, sql), list(values))
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise DatasetError(
                f"{self._dataset.path} cannot be read: {reason}. Generate the dataset again."
            ) from None
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _file(self, match: re.Match[str]) -> str:
        name = match[1]
        if not self._dataset.has(name):
            raise DatasetError(
                f"{self._dataset.path} has no table '{name}'; it was made without it, or the file "
                "is gone. Generate the dataset again."
            )
        return self._dataset.sql(name)
