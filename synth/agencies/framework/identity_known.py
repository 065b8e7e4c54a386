"""Identities as an agency knows them: those of the day it learned them, which may be stale."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth import schema
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.lives.histories import History
from darkfigure.synth.schema import ETHNIC_GROUP, Column, Table, coded

if TYPE_CHECKING:
    from darkfigure.synth.agencies.framework.records import RecordingContext, Records

SECOND_HOME_RATE = 0.35  # agencies that hold a child's second home for an address; assumed
_FIRST_DAY, _LAST_DAY = (
    int(np.datetime64(day).astype(int)) for day in ("1880-01-01", "2100-01-01")
)
_NAMES = ("forename", "middle_name", "surname")
_ADDRESS = ("house", "street", "town", "postcode")
_IDENTIFIERS = ("sex", "nhs_number")
_FIXED = ("date_of_birth", "ethnic_group")


def identity_known(
    context: RecordingContext, shape: Table, row: Ints, day: Ints
) -> dict[str, pa.Array]:
    """Write identities as they are on given days, in the system's own columns and codes.

    Parameters
    ----------
    context
        Recording context of the block.
    shape
        Table of the records.
    row
        Row in the block of the person of each record, shape (n,).
    day
        Day on which the agency learned the identity, since 1970-01-01, shape (n,).

    Returns
    -------
    Identity columns by name, each of shape (n,).
    """
    columns: dict[str, pa.Array] = {}
    for history, owner, held in _histories(context, shape, row, day):
        version = history.at(owner, day)
        columns |= {column.name: _held(context, history, column, version) for column in held}
    fixed = (column for part, column in shape.fields.items() if part in _FIXED)
    return columns | {column.name: _fixed(context, column, row) for column in fixed}


def _histories(
    context: RecordingContext, shape: Table, row: Ints, day: Ints
) -> Iterator[tuple[History, Ints, list[Column]]]:
    """Give the histories of which a table has columns, whose they are, and these columns."""
    people = context.people
    home = home_known(context, shape, row, day)
    for history, owner, parts in (
        (people.names, row, _NAMES),
        (people.addresses, home, _ADDRESS),
        (people.telephones, row, ("telephone",)),
        (people.identifiers, row, _IDENTIFIERS),
    ):
        held = [shape.fields[part] for part in parts if part in shape.fields]
        if held:
            yield history, owner, held


def _compact(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """Drop unused entries of a dictionary, since data entry tests every entry."""
    codes = column.indices.fill_null(len(column.dictionary)).to_numpy()
    used = np.zeros(len(column.dictionary) + 1, bool)
    used[codes] = True
    used[-1] = False
    indices = pa.array((np.cumsum(used, dtype=np.int32) - 1)[codes], mask=~used[codes])
    return pa.DictionaryArray.from_arrays(indices, column.dictionary.filter(pa.array(used[:-1])))


def home_known(context: RecordingContext, shape: Table, row: Ints, day: Ints) -> Ints:
    """Give the row of the addresses that an agency holds; for some children the second home's.

    Parameters
    ----------
    context, shape, row, day
        As of `identity_known`.
    """
    people, agency = context.people, shape.source.split("/")[0]
    chance = context.chance.stage("second_home")
    second = people.two_homes[row]
    second &= chance.happens(agency, people.person_id[row], SECOND_HOME_RATE)
    # If parents part in the study, there is no second home before.
    history = people.addresses
    begins = np.searchsorted(history.person, row + len(people.person))
    second &= history.day[np.minimum(begins, len(history.day) - 1)] <= day
    return np.where(second, row + len(people.person), row)


def _fixed(context: RecordingContext, column: Column, row: Ints) -> pa.Array:
    """Write unchanging fields: date of birth, ethnic group."""
    people = context.people
    if column.field == "date_of_birth":
        return _days_as_text(people.birth_day[row], str(column.date_format))
    return coded(people.ethnic[row], ETHNIC_GROUP)


def _held(context: RecordingContext, history: History, column: Column, version: Ints) -> pa.Array:
    """Write a field of some versions of a history."""
    field = str(column.field)
    if field == "nhs_number":
        return context.nhs_number.take(pa.array(version))
    if field != "sex":
        return _compact(history.value(field, version))
    codes = {meaning: code for code, meaning in column.codes.items()}
    sex = history.value(field, version).to_numpy()
    return coded(sex, (codes["female"], codes["male"]))


def _days_as_text(days: Ints, form: str) -> pa.DictionaryArray:
    place = pa.array(days - _FIRST_DAY, pa.int32())
    return _compact(pa.DictionaryArray.from_arrays(place, _calendar(form)))


@cache
def _calendar(form: str) -> pa.StringArray:
    """Write every day on which somebody can have been born."""
    day = pa.array(np.arange(_FIRST_DAY, _LAST_DAY, dtype=np.int32)).cast(pa.date32())
    return pc.strftime(day, format=form)


def stale_values(context: RecordingContext, records: Records) -> pa.Table:
    """List the cells whose value was true when learned and no longer was at the event.

    Parameters
    ----------
    context
        Recording context of the block.
    records
        The records.

    Returns
    -------
    Columns of `schema.STALE_VALUES`.
    """
    parts = []
    for history, owner, held in _histories(context, records.shape, records.row, records.known_on):
        then, now = history.at(owner, records.known_on), history.at(owner, records.event_on)
        moved = np.flatnonzero(then != now)
        for column in held:
            values = (_held(context, history, column, version[moved]) for version in (then, now))
            parts.append(_differing(records, column.name, moved, *values))
    return pa.concat_tables(parts) if parts else schema.STALE_VALUES.empty()


def _differing(
    records: Records, column: str, rows: Ints, known: pa.Array, true: pa.Array
) -> pa.Table:
    """List the rows in which two values of a column differ; null is a value here."""
    texts = [values.cast(pa.string()) for values in (known, true)]
    equal = pc.equal(*texts).fill_null(False)
    both_empty = pc.and_(texts[0].is_null(), texts[1].is_null())
    differs = pc.invert(pc.or_(equal, both_empty))
    places = np.flatnonzero(differs.to_numpy(zero_copy_only=False))
    key = records.key.take(pa.array(rows[places]))
    same = {"source": records.shape.source, "table": records.shape.name, "column": column}
    return pa.table(
        {
            **{name: coded(np.zeros(len(key), np.int64), (text,)) for name, text in same.items()},
            "record_id": key,
            "known_value": texts[0].filter(differs),
            "true_value": texts[1].filter(differs),
        }
    )
