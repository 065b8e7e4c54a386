"""Other identities: given on purpose, former ones, or the system's own for somebody unknown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.core import record_draws
from darkfigure.synth.core.arrays import Words
from darkfigure.synth.entry.faults.cells import StruckCells
from darkfigure.synth.entry.faults.dates import days_old, other_day
from darkfigure.synth.entry.faults.numbers import temporary_number

_NEWBORN_DAYS = 42  # until a birth must be registered (England and Wales)
_OTHER_FORENAME, _OTHER_BIRTH = 0.4, 0.35  # shares of aliases; assumed


def alias(cells: StruckCells) -> pa.StringArray:
    """Give the person's alias: another surname, often another forename or date of birth too.

    A person has one alias and gives it again; the parts that it changes are the person's own, too.
    """
    if cells.facts is None:
        return cells.values
    persons = cells.facts.persons
    if cells.column.field == "surname":
        surnames = cells.variants.surnames
        place = (record_draws.uniform(persons, "alias surname") * len(surnames)).astype(np.int64)
        return surnames.take(pa.array(place))
    if cells.column.field == "forename":
        gives = record_draws.uniform(persons, "alias forename") < _OTHER_FORENAME
        return pc.if_else(pa.array(gives), _other_forename(cells, persons), cells.values)
    gives = record_draws.uniform(persons, "alias birth") < _OTHER_BIRTH
    return pc.if_else(pa.array(gives), other_birth(cells), cells.values)


def other_birth(cells: StruckCells) -> pa.StringArray:
    """Give the person's other day of birth in the same year, the same every time."""
    if cells.facts is None:
        return cells.values
    return other_day(replace(cells, seeds=cells.facts.persons))


def _other_forename(cells: StruckCells, persons: Words) -> pa.StringArray:
    """Take the middle name, or the short form if there is none."""
    short = cells.variants.short.other(
        cells.values, record_draws.uniform(persons, "alias short form")
    )
    middle = cells.facts.known("middle_name") if cells.facts else None
    return short if middle is None else pc.coalesce(middle, short)


def former(cells: StruckCells) -> pa.StringArray:
    """Write the value before: a maiden or former surname, the address before this."""
    return cells.instead(
        cells.facts.confusable_value(f"former_{cells.column.field}") if cells.facts else None
    )


def middle_name_first(cells: StruckCells) -> pa.StringArray:
    """Write the middle name first, and the first name in the middle if there is a box for it."""
    if cells.facts is None or cells.column.field == "middle_name":
        return cells.instead(cells.facts.known("forename") if cells.facts else None)
    middle = cells.facts.known("middle_name")
    return cells.instead(cells.facts.confusable_value("middle_name") if middle is None else middle)


def unknown_patient(cells: StruckCells) -> pa.StringArray:
    """Open the record of somebody who cannot say who they are."""
    field = cells.column.field
    if field == "nhs_number":
        return temporary_number(cells)
    if field == "surname" or (field == "date_of_birth" and cells.words):
        return pa.repeat(cells.words[0] if cells.words else "UNKNOWN", len(cells.values))
    sexes = cells.facts.meaning("sex") if cells.facts else None
    if field == "forename" and sexes is not None:
        return pc.utf8_upper(sexes)
    return pa.nulls(len(cells.values), pa.string())


def baby_name(cells: StruckCells) -> pa.StringArray:
    """Write that the person is a baby, for it has no name yet."""
    born = cells.facts.known("date_of_birth") if cells.facts else None
    if born is None or cells.facts is None:
        return cells.values
    age = days_old(cells, born, cells.facts.column("date_of_birth"))
    words = pa.array(["BABY", "Baby", "BABY OF", "Infant"])
    word = words.take(pa.array(cells.below("word", len(words))))
    newborn = (age >= 0) & (age <= _NEWBORN_DAYS)
    return pc.if_else(pa.array(newborn), word, cells.values)
