"""The true names, homes and telephones of a person on a day, and the day on which they ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from darkfigure.linkage_eval.records.rows import Rows

# The linkage fields in each history of the truth.
_HISTORIES = {
    "truth/names": ("surname", "forename", "middle_name"),
    "truth/addresses": ("house", "street", "town", "postcode"),
    "truth/second_addresses": ("house", "street", "town", "postcode"),
    "truth/telephones": ("telephone",),
}


@dataclass(frozen=True)
class HeldTrue:
    """The histories of one person: versions by table, each in order of its first day."""

    histories: dict[str, list[dict[str, Any]]]

    @classmethod
    def of(cls, rows: Rows, person: int) -> HeldTrue:
        """Read the histories of a person; a dataset need not have all.

        Parameters
        ----------
        rows
            Rows of the dataset.
        person
            Person id.
        """
        histories = {}
        for table in _HISTORIES:
            if rows.has(table):
                versions = rows.where(table, person_id=person)
                histories[table] = sorted(versions, key=lambda row: row["valid_from"])
        return cls(histories)

    def until(self, field: str, value: str | None, day: dt.date) -> dt.date | None:
        """Give the first day on which a value no longer held.

        Parameters
        ----------
        field
            A linkage field.
        value
            The value that is said to have held on the day.
        day
            The day.

        Returns
        -------
        The day of the change; None where the value did not hold on the day, or holds for good.
        """
        for table, fields in _HISTORIES.items():
            if field in fields:
                versions = self.histories.get(table, [])
                begun = [row for row in versions if row["valid_from"] <= day]
                if begun and begun[-1][field] == value:
                    later = [row for row in versions[len(begun) :] if row[field] != value]
                    return later[0]["valid_from"] if later else None
        return None
