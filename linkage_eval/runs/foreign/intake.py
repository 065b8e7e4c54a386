"""What was read of a file of a user's own, and what was there and came to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa

from darkfigure.linkage_eval.records import cleaning
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.runs.foreign.dates import find_order, is_date
from darkfigure.synth.schema import FIELDS

_N_EXAMPLES = 3
_SAYS_SO = "they say so themselves"
_NO_DATE = "no dates with a year of four digits"
_WHY = {
    "date_of_birth": "before 2 January 1900 or after today",
    "sex": "no known words or codes for female or male",
    "nhs_number": "not ten digits with the right check digit",
    "telephone": "no British numbers of eleven digits",
    "upn": "no permanent numbers with the right check letter",
}
_MEND = {
    "date_of_birth": "Write dates such as 1990-02-01 or 01/02/1990",
    "sex": f"Write one of {', '.join(cleaning.SEXES)}",
}
# Of each text that came to nothing: how often it stands there, and why it is missing.
_LOST = """SELECT why, text, count(*) AS n FROM (
    SELECT text, CASE WHEN {says_missing} THEN '{stands}' {no_date} ELSE '{why}' END AS why
    FROM given WHERE text <> '' AND clean IS NULL
) GROUP BY ALL ORDER BY why, n DESC, text"""


@dataclass(frozen=True)
class Lost:
    """Values of a field that are missing after cleaning for one reason.

    Parameters
    ----------
    field
        The linkage field, and the column.
    why
        The reason.
    n
        How many.
    examples
        The commonest.
    """

    field: str
    why: str
    n: int
    examples: tuple[str, ...]

    @property
    def by_its_own_word(self) -> bool:
        """Whether the values themselves say that nothing is known."""
        return self.why == _SAYS_SO

    def say(self) -> str:
        """Say it in a line."""
        values = "1 value" if self.n == 1 else f"{self.n:,} values"
        some = ", ".join(repr(one) for one in self.examples)
        return f"{self.field}: {values} became missing: {self.why}, such as {some}"


@dataclass(frozen=True)
class Intake:
    """What was read of a file.

    Parameters
    ----------
    file
        As the suite names it.
    n_records
        Its rows.
    fields
        The linkage fields that it holds.
    unread
        Its other columns.
    order
        How dates were read, where their day and month could change places; otherwise empty.
    lost
        Values that are missing after cleaning.
    """

    file: str
    n_records: int
    fields: tuple[str, ...]
    unread: tuple[str, ...]
    order: str
    lost: tuple[Lost, ...]

    def say(self) -> list[str]:
        """Say it in lines: the file first, then what it is well to know."""
        unread = f"; not read: {', '.join(self.unread)}" if self.unread else ""
        lines = [f"{self.file}: {self.n_records:,} records; read: {', '.join(self.fields)}{unread}"]
        lines += [f"  date_of_birth: {self.order}"] if self.order else []
        return lines + [f"  {lost.say()}" for lost in self.lost]

    def described(self) -> dict[str, Any]:
        """Give it as a run's manifest holds it."""
        return asdict(self)


def take_in(file: str, texts: pa.Table, records: pa.Table, unread: Iterable[str] = ()) -> Intake:
    """Compare what stood in a file with what became of it.

    Parameters
    ----------
    file
        Its name.
    texts
        Its linkage fields as text.
    records
        The same rows (schema `RECORDS`).
    unread
        Its columns that are no linkage fields.

    Raises
    ------
    ValueError
        A column holds values and nothing of it was read; the message goes on from the file's name.
    """
    fields = tuple(field for field in FIELDS if field in texts.column_names)
    lost = {field: _find_lost(field, texts, records) for field in fields}
    for field, some in lost.items():
        unreadable = [one for one in some if not one.by_its_own_word]
        if unreadable and records[field].null_count == records.num_rows:
            raise ValueError(f"cannot be used: {_all_lost(unreadable)}")
    dates = "date_of_birth" in fields
    order = find_order(texts, "date_of_birth").say() if dates else ""
    every = tuple(one for field in fields for one in lost[field])
    return Intake(file, texts.num_rows, fields, tuple(unread), order, every)


def _find_lost(field: str, texts: pa.Table, records: pa.Table) -> list[Lost]:
    """Give what a field lost, by reason."""
    no_date = ""
    if field == "date_of_birth":
        no_date = f"WHEN NOT {is_date('text', find_order(texts, field))} THEN '{_NO_DATE}'"
    sql = _LOST.format(
        says_missing=cleaning.says_missing(field, "text"),
        stands=_SAYS_SO,
        no_date=no_date,
        why=_WHY.get(field, _SAYS_SO),
    )
    given = pa.table({"text": texts[field], "clean": records[field]})
    found: dict[str, list[dict[str, Any]]] = {}
    for row in query(sql, given=given).to_pylist():
        found.setdefault(row["why"], []).append(row)
    return [
        Lost(field, why, sum(row["n"] for row in rows), _examples(rows))
        for why, rows in found.items()
    ]


def _examples(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(row["text"] for row in rows[:_N_EXAMPLES])


def _all_lost(unreadable: Iterable[Lost]) -> str:
    field = next(iter(unreadable)).field
    mend = _MEND.get(field, f"Mend the column {field}")
    reasons = "; ".join(lost.say().removeprefix(f"{field}: ") for lost in unreadable)
    return f"nothing in column {field} can be read: {reasons}. {mend}, or take the column out"
