"""Records of every agency: take down an identity as the agency knows it, then enter it.

An agency writes the identity of the day on which it learned somebody's details. A cell that is no
longer true on the day of the record is stale: nobody made a mistake, yet it differs.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.agencies.framework import row_faults
from darkfigure.synth.agencies.framework.confusable_values import ConfusableValues, lay_out
from darkfigure.synth.agencies.framework.contact_numbers import contact_ids
from darkfigure.synth.agencies.framework.corrections import versions
from darkfigure.synth.agencies.framework.identity_known import (
    home_known,
    identity_known,
    stale_values,
)
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import nhs_numbers
from darkfigure.synth.entry import Circumstances, SystemProfile, enter
from darkfigure.synth.lives import People
from darkfigure.synth.population.backgrounds import TRAVELLER
from darkfigure.synth.schema import Table, coded
from darkfigure.synth.setting.calendar import MINUTE_S, Period
from darkfigure.synth.text.passages import NOBODY, Passages
from darkfigure.synth.text.wordings import LANGUAGES

Tables = dict[str, list[pa.Table]]

# Factor on the faults of records of Gypsies and Irish Travellers, of whom many do not write, and
# who have no lasting address; assumed.
_TRAVELLERS_FAULTS = 2.0


@dataclass(frozen=True)
class Records:
    """Rows that an agency is about to enter; arrays have one entry per row.

    Parameters
    ----------
    shape
        The table they go to.
    key
        The record's number, as text.
    ids
        Unique whole numbers that key the records' draws.
    row
        Row in the block of the person of each record.
    known_on, event_on
        Days on which the agency learned the identity, and of the record's event.
    clerk
        Number of the clerk who enters it.
    columns
        All other columns.
    difficulty, hiding, silence
        Multipliers on fault rates, as in `entry.Circumstances`.
    repeats
        Key of the record that it repeats; null for none.
    incident
        Id of the incident that it is about; -1 for none; None for tables without incidents.
    entered_on
        Day of entry, if that is not the day of the event.
    system
        Which of several systems of the agency they are entered in; "" for its only or main one.
    confusable_values
        Values that this agency's clerks alone may confuse, as in `entry.Circumstances`.
    texts
        Free texts by column, with their mentions.
    """

    shape: Table
    key: pa.Array
    ids: Ints
    row: Ints
    known_on: Ints
    event_on: Ints
    clerk: Ints
    columns: Mapping[str, pa.Array] = field(default_factory=dict)
    difficulty: Floats | None = None
    hiding: Floats | None = None
    silence: Floats | None = None
    repeats: pa.Array | None = None
    incident: Ints | None = None
    entered_on: Ints | None = None
    system: str = ""
    confusable_values: ConfusableValues = field(default_factory=dict)
    texts: Mapping[str, Passages] = field(default_factory=dict)

    def where(self, chosen: Mask, *, system: str = "") -> Records:
        """Take some records, to be entered in one of the agency's systems.

        Parameters
        ----------
        chosen
            Records to take, shape (n,).
        system
            Name of the system; "" for the only or main one.
        """
        return replace(self.take(np.flatnonzero(chosen)), system=system)

    def take(self, rows: Ints) -> Records:
        """Take records in another order, some of them several times or not at all."""
        arrays = {name: getattr(self, name) for name in _BY_RECORD}
        confusable_values = {
            name: partial(_value_of, texts, rows) for name, texts in self.confusable_values.items()
        }
        return replace(
            self,
            key=self.key.take(pa.array(rows)),
            columns={name: column.take(pa.array(rows)) for name, column in self.columns.items()},
            repeats=None if self.repeats is None else self.repeats.take(pa.array(rows)),
            confusable_values=confusable_values,
            texts={name: passages.take(rows) for name, passages in self.texts.items()},
            **{name: values[rows] for name, values in arrays.items() if values is not None},
        )

    @property
    def shift(self) -> Ints:
        """Number of the shift in which it is first entered: two a day."""
        day = self.event_on if self.entered_on is None else self.entered_on
        return day * 2 + (self.ids & 1)


_BY_RECORD = (
    *("ids", "row", "known_on", "event_on", "entered_on", "clerk", "incident"),
    *("difficulty", "hiding", "silence"),
)


def _value_of(texts: Callable[[Ints], pa.Array], rows: Ints, records: Ints) -> pa.Array:
    return texts(rows[records])


@dataclass(frozen=True)
class RecordingContext:
    """Data that an agency needs to enter records of a block of people."""

    people: People
    period: Period
    nhs_number: pa.Array  # of each version of the people's identifiers
    profiles: Mapping[str, SystemProfile]  # by agency
    chance: Stream

    @classmethod
    def of(
        cls,
        people: People,
        period: Period,
        profiles: Mapping[str, SystemProfile],
        chance: Stream,
    ) -> RecordingContext:
        """Give the people their NHS numbers, and open the context of their block."""
        own = people.identifiers.columns["number"].to_numpy()
        numbers = nhs_numbers(own, chance.stage("identifiers"))
        return cls(people, period, numbers, profiles, chance)


def write_records(context: RecordingContext, records: Records, out: Tables) -> None:
    """Enter records: the agency's table, the persons, and the faults and stale cells.

    Parameters
    ----------
    context
        Recording context of the block.
    records
        Records to enter.
    out
        Tables by path; receives the record's table and five tables of the truth.
    """
    shape = records.shape
    agency = shape.source.split("/")[0]
    profile = context.profiles.get(records.system or shape.source) or context.profiles[agency]
    chance = context.chance.stage("row_faults").stage(shape.source).stage(shape.name)
    # Nobody learned anything of people who were not born, or not in Wales, yet.
    here = np.maximum(context.people.birth_day, context.people.came_day)[records.row]
    records = replace(records, known_on=np.maximum(records.known_on, here))
    entering = versions(records, profile, context.period.end - 1, chance)
    records = entering.records
    known = identity_known(context, shape, records.row, records.known_on)
    texts = {name: passages.text for name, passages in records.texts.items()}
    columns = {shape.key[0]: records.key, **known, **records.columns, **texts}
    table = pa.table({column.name: columns[column.name] for column in shape.columns})
    setting = _circumstances(context, records)
    entered = enter(table, shape, profile, setting, context.chance.stage("entry"))
    add(out, shape, entered.table)
    add(out, schema.ENTRY_FAULTS, entered.faults)
    for faults in (row_faults.stand_ins(entered.faults), *entering.faults):
        add(out, schema.ROW_FAULTS, faults)
    if records.repeats is not None:
        add(out, schema.ROW_FAULTS, row_faults.repeats(shape, records.key, records.repeats))
    add(out, schema.STALE_VALUES, stale_values(context, records))
    add(out, schema.RECORD_PERSONS, _about(context, records))
    for name, passages in records.texts.items():
        note_mentions(shape, name, records.key, passages, out)
    if records.incident is not None:
        about_incidents(shape, records.key, records.incident, out)


def _circumstances(context: RecordingContext, records: Records) -> Circumstances:
    row, day = records.row, records.known_on
    home = home_known(context, records.shape, row, day)
    return Circumstances(
        record_ids=records.ids,
        person_ids=context.people.person_id[row],
        clerk_ids=records.clerk,
        shift_ids=records.shift,
        difficulty=_difficulty(records, context.people),
        hiding=records.hiding,
        silence=records.silence,
        days=day,
        sites=_sites(records.columns),
        middle_name_used=context.people.middle_name_used[row].astype(float),
        other_script=context.people.refugee[row].astype(float),
        other_ear=context.people.other_ear[row],
        confusable_values={
            **lay_out(context.people, context.nhs_number, row=row, home=home, day=day),
            **records.confusable_values,
        },
    )


def _difficulty(records: Records, people: People) -> Floats:
    """Multiply the records' difficulty by that of people whose names are spelt by ear."""
    own = np.ones(len(records.row)) if records.difficulty is None else records.difficulty
    traveller = people.background[records.row] == TRAVELLER
    return np.asarray(own * np.where(traveller, _TRAVELLERS_FAULTS, 1.0))


def _sites(columns: Mapping[str, pa.Array]) -> Ints | None:
    """Give hospitals, schools and practices numbers by their codes."""
    named = [
        columns[name] for name in ("site_code", "school_code", "practice_code") if name in columns
    ]
    if not named:
        return None
    codes = named[0].cast(pa.string()).dictionary_encode()
    number = [zlib.crc32(code.encode()) for code in codes.dictionary.to_pylist()]
    return np.array([*number, 0])[codes.indices.fill_null(len(number)).to_numpy()]


def add(out: Tables, shape: Table, table: pa.Table) -> None:
    """Add rows to one of the tables by path."""
    out.setdefault(shape.path, []).append(shape.cast(table))


def about_incidents(shape: Table, key: pa.Array, incident_id: Ints, out: Tables) -> None:
    """Note the incidents that records are about; an incident of -1 means none."""
    known = pa.array(incident_id >= 0)
    table = pa.table(
        {
            "source": constant(shape.source, len(key)),
            "table": constant(shape.name, len(key)),
            "record_id": key,
            "incident_id": incident_id,
        }
    )
    add(out, schema.RECORD_INCIDENTS, table.filter(known))


def note_mentions(
    shape: Table, column: str, key: pa.Array, passages: Passages, out: Tables
) -> None:
    """Note what the texts of a column mention.

    Parameters
    ----------
    shape
        Table of the records.
    column
        Name of the column of texts.
    key
        The records' keys, shape (n,).
    passages
        Their texts.
    out
        Receives the rows of the truth.
    """
    count = len(passages.of)
    table = pa.table(
        {
            "source": constant(shape.source, count),
            "table": constant(shape.name, count),
            "record_id": key.take(pa.array(passages.of)),
            "column": constant(column, count),
            "start": passages.start,
            "end": passages.end,
            "kind": coded(passages.kind, schema.MENTION),
            "language": coded(passages.language[passages.of], LANGUAGES),
            "entity_id": pa.array(passages.entity, mask=passages.entity == NOBODY),
        }
    )
    add(out, schema.TEXT_MENTIONS, table)


def note_contacts(incident_id: Ints, source: pa.Array, learned_s: Ints, out: Tables) -> None:
    """Note that a source wrote incidents down, and when it learned of each."""
    table = pa.table(
        {
            "contact_id": contact_ids(incident_id, source),
            "incident_id": incident_id,
            "source": source,
            "learned_at": times(learned_s),
        }
    )
    add(out, schema.CONTACTS, table)


def constant(value: str, count: int) -> pa.DictionaryArray:
    """Repeat a word."""
    return coded(np.zeros(count, np.int64), (value,))


def _about(context: RecordingContext, records: Records) -> pa.Table:
    shape = records.shape
    return pa.table(
        {
            "source": constant(shape.source, len(records.row)),
            "table": constant(shape.name, len(records.row)),
            "record_id": records.key,
            "person_id": context.people.person_id[records.row],
            "known_on": days(records.known_on),
            "clerk_id": records.clerk,
            "shift_no": records.shift,
        }
    )


def days(values: Ints, *, missing: Mask | None = None) -> pa.Array:
    """Make dates of days since 1970-01-01, null where missing."""
    return pa.array(values.astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())


def times(seconds: Ints, *, missing: Mask | None = None) -> pa.Array:
    """Make times of seconds since 1970-01-01, null where missing."""
    return pa.array(seconds, pa.timestamp("s"), mask=missing).cast(schema.TIME)


def minutes(seconds: Ints, *, missing: Mask | None = None) -> pa.Array:
    """Make times to the minute, as `times` does to the second."""
    return times(seconds // MINUTE_S * MINUTE_S, missing=missing)
