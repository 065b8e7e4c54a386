"""Which fields two tables have in common, and what a linker makes of them.

The four fields of `TELLING` tell people apart. Where both tables hold all four, linkers compare
the fields that they always compare. Where one is not there, `SECOND_LINE` steps in: fields that
families share, or that repeat what an address says, so that beside the four they would count twice.
Further columns of a user's own (`further_columns`) take part in models that learn how much a field
says. All of it follows from the tables alone, without any truth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.contracts import RECORDS, WRITTEN
from darkfigure.synth.core.errors import LinkerError
from darkfigure.synth.core.fields import FIELDS

TELLING = ("surname", "forename", "date_of_birth", "postcode")
# The finest place that both hold steps in for a postcode: who shares a street shares its town.
PLACES = ("street", "town")
_OTHERS = ("middle_name", "telephone")
SECOND_LINE = (*PLACES, *_OTHERS)
_NUMBERS = ("nhs_number", "upn")
# Names that SQL and Splink take as they are, and that none of ours has.
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*", re.IGNORECASE)
_OURS = ("happened_at", "place", "surname_sound", "forename_sound", "full_name", "row")


class UnableError(LinkerError):
    """The records lack what a linker needs; the message says what, and is no failure of its own."""


@dataclass(frozen=True)
class FieldNeeds:
    """The fields that a linker cannot do without.

    Parameters
    ----------
    of
        Fields.
    least
        Number of them that both tables must hold.
    """

    of: tuple[str, ...]
    least: int

    def lacking(self, left: pa.Table, right: pa.Table) -> str:
        """Say what is lacking in two tables (schema `RECORDS`); "" if nothing is."""
        there = [field for field in self.of if field in held(left, right)]
        if len(there) >= self.least or not (left.num_rows and right.num_rows):
            return ""
        wanted = (
            self.of[0]
            if len(self.of) == 1
            else f"{_number(self.least)} of {', '.join(self.of[:-1])} and {self.of[-1]}"
        )
        return f"it needs {wanted} in both tables, which share {', '.join(there) or 'none'}"


# Any two fields that tell people apart, for linkers that use numbers and for those that do not.
TWO_TO_TELL = FieldNeeds((*TELLING, *SECOND_LINE), 2)
TWO_OR_NUMBERS = FieldNeeds((*TELLING, *_NUMBERS, *SECOND_LINE), 2)


def held(left: pa.Table, right: pa.Table) -> frozenset[str]:
    """Give the linkage fields of which both tables hold values."""
    return frozenset(field for field in FIELDS if _holds(left, field) and _holds(right, field))


def stand_ins(left: pa.Table, right: pa.Table) -> tuple[str, ...]:
    """Give the fields that step in where the four of `TELLING` are not all there; else none."""
    there = held(left, right)
    if there >= set(TELLING):
        return ()
    places = () if "postcode" in there else tuple(one for one in PLACES if one in there)[:1]
    return (*places, *(one for one in _OTHERS if one in there))


def further_columns(left: pa.Table, right: pa.Table) -> tuple[str, ...]:
    """Give the further columns of a user's own that two tables share and that can tell something.

    A column has a plain name (letters, digits, "_"), is no field as written, and has values that
    differ and of which some come again: in the other table, or in the one that is linked to itself.
    """
    shared = [name for name in left.column_names if name in right.column_names]
    return tuple(
        name
        for name in shared
        if name not in {*RECORDS.names, *_OURS}
        and _PLAIN_NAME.fullmatch(name)
        and not name.endswith(WRITTEN)
        and _tells(left, right, name)
    )


def as_texts(records: pa.Table, columns: Iterable[str]) -> pa.Table:
    """Make further columns text, so that both tables have them of one type."""
    for name in columns:
        place = records.column_names.index(name)
        records = records.set_column(place, name, records[name].cast(pa.string()))
    return records


def _holds(records: pa.Table, field: str) -> bool:
    return field in records.column_names and records[field].null_count < records.num_rows


def _tells(left: pa.Table, right: pa.Table, name: str) -> bool:
    try:
        values = [table[name].cast(pa.string()).drop_null() for table in (left, right)]
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return False
    distinct = [pc.unique(side) for side in values]
    if left is right:
        again = len(distinct[0]) < len(values[0])
    else:
        again = pc.any(pc.is_in(distinct[0], value_set=distinct[1])).as_py() is True
    return again and len(distinct[0]) > 1


def _number(least: int) -> str:
    return {1: "one", 2: "two"}.get(least, str(least))
