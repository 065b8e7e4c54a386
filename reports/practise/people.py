"""The people of a round in truth: their sex, birth, and changes of name and address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.reports.practise.cards import Record
from darkfigure.synth.schema import SUBJECTS
from darkfigure.synth.storage.dataset import Dataset

_NAMES = ("surname", "forename", "middle_name")
_PLACES = ("house", "street", "town", "postcode")
HISTORIES = {"names": _NAMES, "addresses": _PLACES}
STALE = "stale"
_CELL = itemgetter("source", "table", "record_id", "column")


@dataclass(frozen=True)
class Change:
    """A new name or address from a day on, with its cause and its values."""

    day: dt.date
    cause: str
    values: dict[str, str | None]


@dataclass(frozen=True)
class PracticePerson:
    """A person of the simulation, with names and addresses in order of time."""

    sex: str
    birth_date: dt.date
    names: tuple[Change, ...]
    addresses: tuple[Change, ...]

    def between(self, history: str, day: dt.date, other_day: dt.date) -> list[Change]:
        """List the changes of a history after the earlier of two days, up to the later one.

        Parameters
        ----------
        history
            "names" or "addresses".
        day, other_day
            Two days in any order.
        """
        first, last = sorted((day, other_day))
        changes: Sequence[Change] = getattr(self, history)
        return [change for change in changes if first < change.day <= last]


@dataclass(frozen=True)
class Touched:
    """A cell that differs from the truth, with its fault or "stale", and the true value."""

    field: str
    cause: str
    true_value: str | None


def read_people(dataset: Dataset, ids: Iterable[int]) -> dict[int, PracticePerson]:
    """Read the people of a round by id."""
    person_ids = pa.array(sorted(set(ids)), pa.int64())
    histories = {name: _read_history(dataset, name, person_ids) for name in HISTORIES}
    rows = _of(dataset.read("truth/persons", ["person_id", "sex", "birth_date"]), person_ids)
    return {
        row["person_id"]: PracticePerson(
            row["sex"],
            row["birth_date"],
            histories["names"].get(row["person_id"], ()),
            histories["addresses"].get(row["person_id"], ()),
        )
        for row in rows
    }


def _of(table: pa.Table, ids: pa.Array) -> list[dict[str, Any]]:
    return list(table.filter(pc.is_in(table["person_id"], ids)).to_pylist())


def _read_history(dataset: Dataset, name: str, ids: pa.Array) -> dict[int, tuple[Change, ...]]:
    rows = _of(dataset.read(f"truth/{name}"), ids)
    rows.sort(key=itemgetter("person_id", "valid_from"))
    return {
        person: tuple(
            Change(row["valid_from"], row["cause"], {key: row[key] for key in HISTORIES[name]})
            for row in of_person
        )
        for person, of_person in groupby(rows, key=itemgetter("person_id"))
    }


def read_touched(dataset: Dataset, records: Iterable[Record]) -> dict[str, list[Touched]]:
    """Read wrong and outdated cells from the ledger, by record id.

    A cell that is both comes as its fault alone.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    records
        The records of the round.
    """
    cells = {
        (record.source, SUBJECTS[record.source].name, record.record_id, column.name): field
        for record in records
        for field, column in SUBJECTS[record.source].fields.items()
    }
    ids = pa.array(sorted({key[2] for key in cells}), pa.string())
    by_cell: dict[tuple[str, str], Touched] = {}
    for name, value in (("stale_values", "true_value"), ("entry_faults", "known_value")):
        ledger = dataset.read(f"truth/{name}")
        for row in ledger.filter(pc.is_in(ledger["record_id"], ids)).to_pylist():
            field = cells.get(_CELL(row))
            if field:
                cause = row.get("fault", STALE)
                by_cell[row["record_id"], field] = Touched(field, cause, row[value])
    touched: dict[str, list[Touched]] = {}
    for (record_id, _), cell in by_cell.items():
        touched.setdefault(record_id, []).append(cell)
    return touched
