"""The intake of a user's own file: fields read, and values that were lost in cleaning."""

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
# Each text that cleaning made missing: how often it occurs, and why.
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
        The linkage field, which is also the column's name.
    why
        The reason.
    n
        Number of values.
    examples
        The commonest values, at most three.
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
        """Describe the loss in a line."""
        values = "1 value" if self.n == 1 else f"{self.n:,} values"
        examples = ", ".join(repr(example) for example in self.examples)
        return f"{self.field}: {values} became missing: {self.why}, such as {examples}"


@dataclass(frozen=True)
class Intake:
    """The intake of a file: fields read and values lost.

    Parameters
    ----------
    file
        Its name in the suite.
    n_records
        Number of its rows.
    fields
        The linkage fields that it holds.
    unread
        Its other columns.
    order
        The order of day and month, where a date could be read both ways; otherwise "".
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
        """Describe the intake in lines: the file first, then the order of dates and the losses."""
        unread = f"; not read: {', '.join(self.unread)}" if self.unread else ""
        lines = [f"{self.file}: {self.n_records:,} records; read: {', '.join(self.fields)}{unread}"]
        lines += [f"  date_of_birth: {self.order}"] if self.order else []
        return lines + [f"  {lost.say()}" for lost in self.lost]

    def described(self) -> dict[str, Any]:
        """Give the intake as a run's manifest holds it: losses counted, without their values."""
        lost = [{"field": loss.field, "why": loss.why, "n": loss.n} for loss in self.lost]
        return {**asdict(self), "lost": lost}


def take_in(file: str, texts: pa.Table, records: pa.Table, unread: Iterable[str] = ()) -> Intake:
    """Compare the text of a file with its cleaned records.

    Parameters
    ----------
    file
        Name of the file.
    texts
        Its linkage fields as text, a row per record.
    records
        The same rows after cleaning (schema `RECORDS`).
    unread
        Its columns that are no linkage fields.

    Raises
    ------
    ValueError
        A column holds values and none could be read; the message goes on from the file's name.
    """
    fields = tuple(field for field in FIELDS if field in texts.column_names)
    lost = {field: _find_lost(field, texts, records) for field in fields}
    for field, losses in lost.items():
        unreadable = [loss for loss in losses if not loss.by_its_own_word]
        if unreadable and records[field].null_count == records.num_rows:
            raise ValueError(f"cannot be used: {_all_lost(unreadable)}")
    dates = "date_of_birth" in fields
    order = find_order(texts, "date_of_birth").say() if dates else ""
    all_lost = tuple(loss for field in fields for loss in lost[field])
    return Intake(file, texts.num_rows, fields, tuple(unread), order, all_lost)


def _find_lost(field: str, texts: pa.Table, records: pa.Table) -> list[Lost]:
    """List the values that a field lost, by reason."""
    no_date = ""
    if field == "date_of_birth":
        no_date = f"WHEN NOT {is_date('text', find_order(texts, field))} THEN '{_NO_DATE}'"
    sql = _LOST.format(
        says_missing=cleaning.says_missing(field, "text"),
        stands=_SAYS_SO,
        no_date=no_date,
        why=_WHY.get(field, _SAYS_SO),
    )
    values = pa.table({"text": texts[field], "clean": records[field]})
    by_reason: dict[str, list[dict[str, Any]]] = {}
    for row in query(sql, given=values).to_pylist():
        by_reason.setdefault(row["why"], []).append(row)
    return [
        Lost(field, why, sum(row["n"] for row in rows), _examples(rows))
        for why, rows in by_reason.items()
    ]


def _examples(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(row["text"] for row in rows[:_N_EXAMPLES])


def _all_lost(unreadable: Iterable[Lost]) -> str:
    field = next(iter(unreadable)).field
    mend = _MEND.get(field, f"Mend the column {field}")
    reasons = "; ".join(lost.say().removeprefix(f"{field}: ") for lost in unreadable)
    return f"nothing in column {field} can be read: {reasons}. {mend}, or take the column out"
