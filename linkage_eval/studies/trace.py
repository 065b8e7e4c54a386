"""Trace of one life through all agencies: the true events beside the records of each."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from darkfigure.linkage_eval.records.rows import Rows
from darkfigure.linkage_eval.studies.held_true import HeldTrue
from darkfigure.linkage_eval.studies.life import Life, read_life
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.schema import DATE, TABLES, TIME, Table
from darkfigure.synth.storage.dataset import Dataset

RANDOM = "random"
STALE = "out of date"
_YEAR_DAYS = 365.25
_HOPS = 2  # from a person's record to its roles, from these to the cases


@dataclass(frozen=True)
class Flaw:
    """A cell that differs from the truth.

    Parameters
    ----------
    column
        Name of the column in the system.
    why
        The fault at entry, or "out of date".
    known
        The value that the agency should have written: the known value, or the true one that day.
    written
        The written value; None where nothing was written.
    """

    column: str
    why: str
    known: str | None
    written: str | None


@dataclass(frozen=True)
class Outdated:
    """Columns that were right on the day of their row, but not from a later day on.

    Registers have such rows: a patient registered in 2010 may have moved since.
    """

    since: dt.date
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One row that an agency wrote about the person, or about a case with the person in it.

    Parameters
    ----------
    day
        Day of the row; None where it has none.
    source, table, record
        Where the row stands, and its key.
    identity
        Written values by linkage field; empty where the row names nobody.
    content
        Other values by column, codes as their meanings.
    flaws
        Cells that differ from the truth.
    outdated
        Columns that became out of date after the row's day.
    """

    day: dt.date | None
    source: str
    table: str
    record: str
    identity: dict[str, str | None]
    content: dict[str, str]
    flaws: tuple[Flaw, ...]
    outdated: tuple[Outdated, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Give the row as plain data, for JSON; dates as text."""
        outdated = [{**asdict(part), "since": part.since.isoformat()} for part in self.outdated]
        day = self.day.isoformat() if self.day else None
        return {**asdict(self), "day": day, "outdated": outdated}


@dataclass(frozen=True)
class Trace:
    """A person's life, and all that agencies wrote of it, each in order of time.

    `study` holds the first day of the study and the day after its last.
    """

    person: int
    life: Life
    entries: tuple[Entry, ...]
    study: tuple[dt.date, dt.date]

    def plain(self) -> dict[str, Any]:
        """Give the trace as plain data, for JSON; dates as text."""
        return {
            "person": self.person,
            "life": self.life.plain(),
            "entries": [entry.plain() for entry in self.entries],
        }


def trace(dataset: Dataset, person: int | str | None = None, *, seed: int | None = None) -> Trace:
    """Follow one person through all agencies.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    person
        Person id; "random" draws one of the hundred people with the most to show; None takes the
        first of them, or with a seed draws as well.
    seed
        Seed of the draw: the same seed gives the same person. Without, each draw is another.

    Raises
    ------
    UnknownNameError
        The dataset has nobody of that id.
    DatasetError
        A table is missing or damaged.
    """
    return trace_all(dataset, [person], seed=seed)[0]


def trace_all(
    dataset: Dataset, people: Sequence[int | str | None], *, seed: int | None = None
) -> tuple[Trace, ...]:
    """Follow several people, as `trace` does each; nobody is drawn twice.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    people
        For each, what `trace` takes.
    seed
        Seed of the draws.

    Raises
    ------
    UnknownNameError
        The dataset has nobody of an id, or too few people to draw.
    DatasetError
        A table is missing or damaged.
    """
    rows, chosen = Rows(dataset), list[int]()
    drawn = secrets.randbits(32) if seed is None else seed
    for person in people:
        wanted = RANDOM if person is None and seed is not None else person
        chosen.append(_choose(dataset, rows, wanted, drawn, chosen))
    study = _study(dataset)
    return tuple(
        Trace(number, read_life(rows, number), tuple(_entries(dataset, rows, number)), study)
        for number in chosen
    )


def _study(dataset: Dataset) -> tuple[dt.date, dt.date]:
    scenario = dataset.manifest["scenario"]
    first = dt.date.fromisoformat(scenario["start"])
    return first, first + dt.timedelta(days=round(_YEAR_DAYS * float(scenario["years"])))


def _choose(
    dataset: Dataset, rows: Rows, person: int | str | None, seed: int, taken: Sequence[int]
) -> int:
    if person is None or person == RANDOM:
        return _instructive(dataset, rows, seed if person == RANDOM else None, taken)
    text = str(person)
    people = rows.where("truth/persons", person_id=int(text)) if text.isdecimal() else []
    if not people:
        example = _instructive(dataset, rows)
        raise UnknownNameError(
            f"{dataset.path} knows no person '{person}'. Person ids are those of truth/persons; "
            f"try --person {example}, or --person random."
        )
    return int(text)


def _instructive(
    dataset: Dataset, rows: Rows, seed: int | None = None, taken: Sequence[int] = ()
) -> int:
    """Choose a person of the sample with many sources and incidents; draw one with a seed."""
    scored = [row for row in rows.ask(_SCORES) if row["person_id"] not in taken]
    if not scored:
        raise UnknownNameError(
            f"{dataset.path} has nobody {'else ' if taken else ''}of its sample with an incident "
            "and a record to trace. "
            "Generate it with more --persons, or give a --person id of truth/persons."
        )
    if seed is None:
        return int(scored[0]["person_id"])
    chance = Stream(seed).stage("trace")
    return int(scored[int(chance.uniform("person", [0])[0] * len(scored))]["person_id"])


# Many sources, some incidents and some faults make a story; hundreds of rows make none.
_SCORES = """
    WITH held AS (
        SELECT person_id, count(DISTINCT source) AS sources, count(*) AS records
        FROM {truth/record_persons} GROUP BY person_id
    ), harmed AS (
        SELECT victim_id AS person_id, count(*) AS incidents,
            count(DISTINCT police_status) AS statuses
        FROM {truth/incidents} GROUP BY victim_id
    ), moved AS (
        SELECT person_id, count(*) AS versions FROM {truth/names} GROUP BY person_id
    )
    SELECT person_id, sources + least(incidents, 4) + statuses + least(versions, 3)
        - greatest(records - 25, 0) / 5 AS score
    FROM held JOIN harmed USING (person_id) JOIN moved USING (person_id)
    JOIN {truth/persons} USING (person_id)
    WHERE sampled ORDER BY score DESC, person_id LIMIT 100
"""


def _entries(dataset: Dataset, rows: Rows, person: int) -> Iterator[Entry]:
    """Give all rows written about a person, in order of time."""
    flaws, held = _flaws(rows, person), HeldTrue.of(rows, person)
    entries: dict[tuple[str, str], Entry] = {}
    for about in rows.where("truth/record_persons", person_id=person):
        shape = TABLES.get(f"{about['source']}/{about['table']}.parquet")
        if shape is None:
            continue
        written = rows.where(_name(shape), **{shape.key[0]: about["record_id"]})
        for row in written:
            key = (_name(shape), str(about["record_id"]))
            entries[key] = _as_of_its_day(_entry(shape, row, flaws.get(key, ())), shape, held)
            _follow(dataset, rows, (shape, row, entries[key].day), entries, hops=_HOPS)
    far = dt.date.max
    yield from sorted(
        entries.values(), key=lambda entry: (entry.day or far, entry.source, entry.record)
    )


def _as_of_its_day(entry: Entry, shape: Table, held: HeldTrue) -> Entry:
    """Set apart values that the ledger calls out of date, but that were right on the row's day.

    The ledger compares a register with the end of the study; the reader sees it on its own day.
    """
    if entry.day is None:
        return entry
    fields = {column.name: field for field, column in shape.fields.items()}
    wrong: list[Flaw] = []
    since: dict[dt.date, list[str]] = {}
    for flaw in entry.flaws:
        until = None
        if flaw.why == STALE:
            until = held.until(fields[flaw.column], flaw.written, entry.day)
        if until is None:
            wrong.append(flaw)
        else:
            since.setdefault(until, []).append(flaw.column)
    outdated = tuple(Outdated(day, tuple(columns)) for day, columns in sorted(since.items()))
    return replace(entry, flaws=tuple(wrong), outdated=outdated)


def _follow(
    dataset: Dataset,
    rows: Rows,
    start: tuple[Table, dict[str, Any], dt.date | None],
    entries: dict[tuple[str, str], Entry],
    *,
    hops: int,
) -> dt.date | None:
    """Add the rows of the same source to which a row leads by a shared key.

    A row without a date of its own, such as a role, takes that of the case to which it leads, or
    else that of the row that led to it. Returns the day of the first row found.
    """
    shape, row, day = start
    first = None
    for other, column in _linked(dataset, shape) if hops else ():
        for next_row in rows.where(_name(other), **{column: row[column]}):
            key = (_name(other), " ".join(str(next_row[name]) for name in other.key))
            if key in entries or other.fields:
                continue
            entries[key] = entry = _entry(other, next_row, ())
            later_day = _follow(dataset, rows, (other, next_row, entry.day), entries, hops=hops - 1)
            entries[key] = entry = replace(entry, day=entry.day or later_day or day)
            first = first or entry.day
    return first


def _linked(dataset: Dataset, shape: Table) -> Iterator[tuple[Table, str]]:
    """Give the source's tables that share a key column, and that column.

    A person's record leads to any table that refers to it; any other row only upwards, to the one
    row to which it refers, so that nobody else's roles come in.
    """
    names = {column.name for column in shape.columns}
    for name in dataset.tables:
        other = TABLES.get(f"{name}.parquet")
        if other is None or other.source != shape.source or other.name == shape.name:
            continue
        refers = {column.name for column in other.columns}
        if shape.fields and shape.key[0] in refers:
            yield other, shape.key[0]
        elif len(other.key) == 1 and other.key[0] in names:
            yield other, other.key[0]


def _name(shape: Table) -> str:
    return shape.path.removesuffix(".parquet")


def _entry(shape: Table, row: dict[str, Any], flaws: tuple[Flaw, ...]) -> Entry:
    identity = {column.name: field for field, column in shape.fields.items()}
    content = {
        column.name: _said(column.codes, row[column.name])
        for column in shape.columns
        if column.name not in identity and row[column.name] is not None
    }
    return Entry(
        day=_day(shape, row),
        source=shape.source,
        table=shape.name,
        record=" ".join(str(row[name]) for name in shape.key),
        identity={field: row[name] for name, field in identity.items()},
        content={name: text for name, text in content.items() if name not in shape.key},
        flaws=flaws,
    )


def _day(shape: Table, row: dict[str, Any]) -> dt.date | None:
    """Find the day of a row: its first date, or a time typed as dd/mm/yyyy."""
    for column in shape.columns:
        value = row[column.name]
        if column.field or value is None:
            continue
        if column.type == TIME:
            return value.date() if isinstance(value, dt.datetime) else None
        if column.type == DATE and isinstance(value, dt.date):
            return value
        if column.meaning.endswith("as typed"):
            return dt.datetime.strptime(value[:10], "%d/%m/%Y").date()  # noqa: DTZ007, a day
    return None


def _said(codes: Any, value: Any) -> str:  # noqa: ANN401, cells of any type
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(codes.get(value, value)) if codes else str(value)


def _flaws(rows: Rows, person: int) -> dict[tuple[str, str], tuple[Flaw, ...]]:
    """Read the flaws of a person's records, by table and record."""
    flaws_by_record: dict[tuple[str, str], list[Flaw]] = {}
    for ledger, sql in (("fault", _FAULTS), ("stale", _STALE)):
        for row in rows.ask(sql, person):
            why = row["why"] if ledger == "fault" else STALE
            flaw = Flaw(row["column"], why, row["known"], row["written"])
            flaws_by_record.setdefault((row["place"], row["record_id"]), []).append(flaw)
    return {key: tuple(flaws) for key, flaws in flaws_by_record.items()}


_OF_PERSON = """
    FROM {%s} JOIN (
        SELECT source, "table", record_id FROM {truth/record_persons} WHERE person_id = ?
    ) USING (source, "table", record_id)
"""
_FAULTS = f"""
    SELECT source || '/' || "table" AS place, record_id, "column", fault AS why,
        known_value AS known, written_value AS written {_OF_PERSON % "truth/entry_faults"}
"""
_STALE = f"""
    SELECT source || '/' || "table" AS place, record_id, "column",
        true_value AS known, known_value AS written {_OF_PERSON % "truth/stale_values"}
"""
