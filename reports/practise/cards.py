"""Pairs as a reviewer sees them: both records side by side, each as its system wrote it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.links.truth import TruthSide
from darkfigure.linkage_eval.records.standardise import read_subjects
from darkfigure.reports.html import labels
from darkfigure.reports.html.pairs import FieldPair, TextPart, compare
from darkfigure.reports.practise.choice import Chosen
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.schema import DATE, SUBJECTS, TIME, Table
from darkfigure.synth.storage.dataset import Dataset

NOT_KEPT = "not kept by both systems"


@dataclass(frozen=True)
class Record:
    """One record of a pair.

    Parameters
    ----------
    source, record_id
        Its system and key.
    dated
        The day on which it was made, in words.
    known_on
        The day on which the agency learned the identity that it wrote.
    cells
        Written value of each field that the system keeps; None where nothing was written.
    """

    source: str
    record_id: str
    dated: str
    known_on: dt.date
    cells: Mapping[str, str | None]

    @property
    def system(self) -> str:
        """Name the system."""
        return labels.system(self.source)

    def holds(self, field: str) -> bool:
        """Say whether the system keeps a field."""
        return field in self.cells

    def meaning(self, field: str) -> str:
        """Give the meaning of a code that is no word, such as sex "2"; else ""."""
        written = self.cells.get(field) or ""
        word = SUBJECTS[self.source].fields[field].codes.get(written, written)
        return "" if field != "sex" or word == written else word


@dataclass(frozen=True)
class Card:
    """One pair to judge."""

    number: int
    left: Record
    right: Record
    fields: tuple[FieldPair, ...]


def make_cards(
    dataset: Dataset, sides: tuple[TruthSide, TruthSide], chosen: Sequence[Chosen]
) -> tuple[Card, ...]:
    """Make the card of each chosen pair, numbered from 1 in their order.

    Parameters
    ----------
    dataset
        The dataset, with its truth.
    sides
        The left and the right side of the task.
    chosen
        The pairs of the round.
    """
    lefts = _read_records(dataset, sides[0], {pair.left_id for pair in chosen})
    rights = _read_records(dataset, sides[1], {pair.right_id for pair in chosen})
    return tuple(
        _card(number, lefts[pair.left_id], rights[pair.right_id])
        for number, pair in enumerate(chosen, start=1)
    )


def _read_records(dataset: Dataset, side: TruthSide, ids: set[str]) -> dict[str, Record]:
    record_persons = dataset.read("truth/record_persons")
    records = {}
    for source in side.sources:
        shape = SUBJECTS[source]
        of_table = pc.and_(
            pc.equal(record_persons["source"], source),
            pc.equal(record_persons["table"], shape.name),
        )
        of_ids = _some(record_persons.filter(of_table), "record_id", ids)
        days = dict(zip(*(of_ids[name].to_pylist() for name in ("record_id", "known_on")),
                        strict=True))  # fmt: skip
        for row in _some(read_subjects(dataset, source), shape.key[0], ids).to_pylist():
            record_id = row[shape.key[0]]
            cells = {field: row[column.name] for field, column in shape.fields.items()}
            dated = _dated(shape, row)
            records[record_id] = Record(source, record_id, dated, days[record_id], cells)
    return records


def _some(table: pa.Table, column: str, ids: set[str]) -> pa.Table:
    return table.filter(pc.is_in(table[column], pa.array(sorted(ids), pa.string())))


def _dated(shape: Table, row: Mapping[str, object]) -> str:
    """Give the day on which a record was made: its first date that is no part of an identity."""
    for column in shape.columns:
        value = row[column.name]
        if column.type in {DATE, TIME} and not column.field and isinstance(value, dt.date):
            return day(value)
    return "no date"


def day(date: dt.date) -> str:
    """Write a day: "3 May 2022"."""
    return f"{date.day} {date:%B %Y}"


def _card(number: int, left: Record, right: Record) -> Card:
    fields = [_field_pair(field, left, right) for field in FIELDS if _worth(field, left, right)]
    return Card(number, left, right, tuple(fields))


_NUMBERS = ("nhs_number", "telephone", "upn")


def _worth(field: str, left: Record, right: Record) -> bool:
    """Tell whether to show a field: not one that neither wrote, nor a number of one side alone."""
    both = left.holds(field) and right.holds(field)
    written = left.cells.get(field) or right.cells.get(field)
    return bool(written) and (both or field not in _NUMBERS)


def _field_pair(field: str, left: Record, right: Record) -> FieldPair:
    values = left.cells.get(field) or "", right.cells.get(field) or ""
    if left.holds(field) and right.holds(field):
        return FieldPair(field, *compare(field, *values), "", "")
    shown = [(TextPart(value, differs=False),) if value else () for value in values]
    return FieldPair(field, shown[0], shown[1], NOT_KEPT, "", "")
