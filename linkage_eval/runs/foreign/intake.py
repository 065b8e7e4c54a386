"""The intake of a user's own file: columns read, and values lost or altered in cleaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa

from darkfigure.linkage_eval.contracts import WRITTEN
from darkfigure.linkage_eval.records import cleaning
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.runs.foreign.dates import Order, find_order, is_date
from darkfigure.linkage_eval.runs.own_files import KEY, RecordsFile

_N_EXAMPLES = 3
_SAYS_SO = "they say so themselves"
_NO_DATE = "no dates with a year of four digits"
_NOT_SO = "no dates of the format that you say"
_NO_WORDS = "no letters or digits"
# A dash or a dot stands for nothing known; a picture, such as an emoji, somebody meant.
_IS_PICTURE = "regexp_matches(text, '\\p{So}')"
_WHY = {
    "date_of_birth": "before 2 January 1900 or after today",
    "sex": "no known words or codes for female or male",
    "nhs_number": "not ten digits with the right check digit",
    "telephone": "no British numbers of eleven digits",
    "upn": "no permanent numbers with the right check letter",
}
_MEND = {
    "date_of_birth": "Write dates such as 1990-02-01 or 01/02/1990, or say their format, such as "
    'dates = "%d.%m.%y"',
    "sex": f"Write one of {', '.join(cleaning.SEXES)}",
}
# Each text that cleaning made missing: how often it occurs, and why.
_LOST = """SELECT why, text, count(*) AS n FROM (
    SELECT text, CASE {no_words} WHEN {says_missing} THEN '{stands}' {no_date}
        ELSE '{why}' END AS why
    FROM given WHERE text <> '' AND clean IS NULL
) GROUP BY ALL ORDER BY why, n DESC, text"""


_RESPELT = """SELECT count(*) AS n, min(text) AS text, arg_min(clean, text) AS clean FROM given
WHERE NOT regexp_full_match(text, '[[:ascii:]]*') AND clean <> upper(text)"""
_BIRTH = "date_of_birth"


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
class Respelt:
    """Values of a field that linkers get in plain letters.

    Parameters
    ----------
    field
        The linkage field.
    n
        Number of values with accents or letters beyond A to Z that are written otherwise.
    example
        Such a value, as written and as cleaned.
    """

    field: str
    n: int
    example: tuple[str, str]

    def say(self) -> str:
        """Describe the change in a line."""
        values = "1 value is" if self.n == 1 else f"{self.n:,} values are"
        written, clean = self.example
        kept = f"{self.field}{WRITTEN} keeps them"
        return f"{self.field}: {values} in plain letters, such as '{written}' as '{clean}'; {kept}"


@dataclass(frozen=True)
class Intake:
    """The intake of a file: columns read, passed on and left out, values lost and altered.

    Parameters
    ----------
    file
        Its name in the suite.
    n_records
        Number of its rows.
    columns
        The file's column of the id and of each linkage field that it holds.
    order
        How dates are read; "" where there are none in figures.
    lost
        Values that are missing after cleaning.
    respelt
        Values in other letters after cleaning.
    manner
        How the file was read, where it is no plain CSV; otherwise "".
    passed_on
        Other columns, which linkers get as they are.
    left_out
        Why each column that linkers do not get is left out, by its name.
    """

    file: str
    n_records: int
    columns: dict[str, str]
    order: str
    lost: tuple[Lost, ...]
    respelt: tuple[Respelt, ...] = ()
    manner: str = ""
    passed_on: tuple[str, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)

    def say(self) -> list[str]:
        """Describe the intake in lines: the file first, then dates, losses and changes."""
        read = [_from(one, name) for one, name in self.columns.items() if (one, name) != (KEY, KEY)]
        parts = [
            f"{self.n_records:,} record{'' if self.n_records == 1 else 's'}",
            f"read: {', '.join(read)}",
        ]
        parts += [f"passed on as they are: {', '.join(self.passed_on)}"] if self.passed_on else []
        lines = [f"{self.file}: {'; '.join(parts)}"]
        lines += [f"  {name or 'a column'}: left out, {why}" for name, why in self.left_out.items()]
        lines += [f"  {self.manner}"] if self.manner else []
        lines += [f"  date_of_birth: {self.order}"] if self.order else []
        lines += [f"  {loss.say()}" for loss in self.lost]
        return lines + [f"  {change.say()}" for change in self.respelt]

    def described(self) -> dict[str, Any]:
        """Give the intake as a run's manifest holds it: losses counted, without their values."""
        lost = [{"field": loss.field, "why": loss.why, "n": loss.n} for loss in self.lost]
        respelt = [{"field": change.field, "n": change.n} for change in self.respelt]
        manner = self.manner.partition(", such as")[0]
        return {**asdict(self), "lost": lost, "respelt": respelt, "manner": manner}


def _from(one: str, name: str) -> str:
    return one if one == name else f"{one} (from {name})"


def take_in(
    said: RecordsFile, columns: Mapping[str, str], texts: pa.Table, records: pa.Table
) -> Intake:
    """Compare the text of a file with its cleaned records.

    Parameters
    ----------
    said
        The file, as the suite names it.
    columns
        The file's column of the id and of each field that it holds.
    texts
        Its linkage fields as text, a row per record.
    records
        The same rows after cleaning (schema `RECORDS`).

    Raises
    ------
    ValueError
        A column holds values and none could be read, or dates that can be read in two ways; the
        message goes on from the file's name.
    """
    order = Order()
    if _BIRTH in columns:
        order = find_order(texts, _BIRTH, said.dates)
        order.refuse_open(columns[_BIRTH])
    lost = {name: _find_lost(name, texts, records, order) for name in texts.column_names}
    for name, losses in lost.items():
        unreadable = [loss for loss in losses if not loss.by_its_own_word]
        if unreadable and records[name].null_count == records.num_rows:
            raise ValueError(f"cannot be used: {_all_lost(columns[name], unreadable)}")
    all_lost = tuple(loss for losses in lost.values() for loss in losses)
    respelt = tuple(change for name in lost for change in _find_respelt(name, texts, records))
    return Intake(said.file, texts.num_rows, dict(columns), order.say(), all_lost, respelt)


def _find_respelt(name: str, texts: pa.Table, records: pa.Table) -> list[Respelt]:
    if name in _WHY:
        return []
    values = pa.table({"text": texts[name], "clean": records[name]})
    ((n, text, clean),) = (row.values() for row in query(_RESPELT, given=values).to_pylist())
    return [Respelt(name, n, (text, clean))] if n else []


def _find_lost(name: str, texts: pa.Table, records: pa.Table, order: Order) -> list[Lost]:
    """List the values that a field lost, by reason."""
    no_date = ""
    if name == _BIRTH:
        why = _NOT_SO if order.own_format else _NO_DATE
        no_date = f"WHEN NOT {is_date('text', order)} THEN '{why}'"
    sql = _LOST.format(
        no_words="" if name in _WHY else f"WHEN {_IS_PICTURE} THEN '{_NO_WORDS}'",
        says_missing=cleaning.says_missing(name, "text"),
        stands=_SAYS_SO,
        no_date=no_date,
        why=_WHY.get(name, _SAYS_SO),
    )
    values = pa.table({"text": texts[name], "clean": records[name]})
    by_reason: dict[str, list[dict[str, Any]]] = {}
    for row in query(sql, given=values).to_pylist():
        by_reason.setdefault(row["why"], []).append(row)
    return [
        Lost(name, why, sum(row["n"] for row in rows), _examples(rows))
        for why, rows in by_reason.items()
    ]


def _examples(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(row["text"] for row in rows[:_N_EXAMPLES])


def _all_lost(column: str, unreadable: Iterable[Lost]) -> str:
    name = next(iter(unreadable)).field
    mend = _MEND.get(name, f"Mend the column {column}")
    reasons = "; ".join(lost.say().removeprefix(f"{name}: ") for lost in unreadable)
    return (
        f"nothing in column {column} can be read: {reasons}. {mend}, or keep it from being read: "
        f'columns = {{ {name} = "" }}'
    )
