"""Single rows of a dataset, found by what they hold."""

from __future__ import annotations

import re
from typing import Any

import duckdb

from darkfigure.synth.core.errors import DatasetError
from darkfigure.synth.storage.dataset import Dataset

_NAMED = re.compile(r"\{([a-z0-9_/]+)\}")


class Rows:
    """Looks rows up in a dataset's files without reading them whole."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._connection = duckdb.connect()

    def where(self, table: str, **values: object) -> list[dict[str, Any]]:
        """Give the rows of a table in which columns have some values."""
        tests = " AND ".join(f'"{name}" = ?' for name in values)
        return self.ask(f"SELECT * FROM {{{table}}} WHERE {tests}", *values.values())  # noqa: S608, our own names

    def has(self, table: str) -> bool:
        """Tell whether the dataset has a table."""
        return self._dataset.has(table)

    def ask(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Ask in SQL; `{table}` stands for a table's file.

        Raises
        ------
        DatasetError
            A table is missing or damaged.
        """
        try:
            done = self._connection.execute(_NAMED.sub(self._file, sql), list(values))
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise DatasetError(f"{self._dataset.path} cannot be read: {reason}") from None
        names = [column[0] for column in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]

    def _file(self, found: re.Match[str]) -> str:
        name = found[1]
        if not self._dataset.has(name):
            raise DatasetError(f"{self._dataset.path} has no table '{name}'.")
        return self._dataset.sql(name)
