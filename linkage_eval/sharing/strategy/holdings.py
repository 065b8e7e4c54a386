"""The holdings of agencies: one row per record, the identity beside the content.

The four police forces keep the same records in four ways; here they are read in the common form
of `linkage_eval.records.forces`. Only agencies' own tables are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from darkfigure.linkage_eval.records.forces import common_tables, read_alike
from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.records.standing import standing
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.schema import AGENCIES, FORCES, TABLES, Column, Table
from darkfigure.synth.schema.manifest import AgencyManifest, Extract
from darkfigure.synth.storage.dataset import Dataset

FORCE = Column("force", pa.string(), "police force that holds it", dict.fromkeys(FORCES, ""))
# Harm of disclosing a field wrongly, 0 to 1; all assumed, as an order more than a scale.
_IDENTITY_SENSITIVITY = {"sex": 0.1, "ethnic_group": 0.5, "town": 0.2, "postcode": 0.4}
_USUAL_IDENTITY = 0.5
_PLAIN = 0.1  # of times, kinds of place, and numbers that mean nothing outside the agency
# Columns that say where an event was, under whatever agency; manifests name others.
_PLACES = ("lsoa_code", "location_type", "area", "street", "postcode")


@dataclass(frozen=True)
class Holding:
    """A dataset that an agency could share.

    Parameters
    ----------
    agency, dataset
        Its two names in strategies, such as "ed" and "attendances".
    tables
        Tables below the dataset's folder, or common names of the forces' tables: the first holds
        the events; others are joined to it.
    joins
        Columns by which each further table is joined.
    subject
        Column with the key of the person in the record.
    event, entry
        Columns with the time of the event, and of its entry in the agency's system.
    sensitivity
        Harm of wrong disclosure, 0 to 1, of fields that are neither identity nor time nor place.
    officer
        Column of the person who decides whether to share; without one, all is decided alike.
    places
        Columns with the place of an event.
    by_force
        Whether each force keeps it in a form of its own.
    """

    agency: str
    dataset: str
    tables: tuple[str, ...]
    subject: str
    event: str
    entry: str
    sensitivity: float
    joins: tuple[str, ...] = ()
    officer: str = ""
    places: tuple[str, ...] = _PLACES
    by_force: bool = False

    @property
    def name(self) -> str:
        """Its name, such as "ed/attendances"."""
        return f"{self.agency}/{self.dataset}"

    @property
    def shape(self) -> Table:
        """The holding as one table, keyed by the person in the record."""
        return Table(self.agency, self.dataset, "", (self.subject,), tuple(self.columns.values()))

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Its columns by name, in order."""
        columns = {c.name: c for table in reversed(self._shapes) for c in reversed(table.columns)}
        return dict(reversed(columns.items())) | ({"force": FORCE} if self.by_force else {})

    @property
    def key(self) -> str:
        """Column with the key of the event."""
        return self._shapes[0].key[0]

    @property
    def identity(self) -> dict[str, str]:
        """The columns that hold linkage fields: column by field."""
        return {c.field: c.name for c in self.columns.values() if c.field}

    def sensitivity_of(self, field: str) -> float:
        """Give the harm of disclosing a field wrongly, 0 to 1."""
        column = self.columns[field]
        if column.field:
            return _IDENTITY_SENSITIVITY.get(column.field, _USUAL_IDENTITY)
        if field in self.places or field in {self.event, self.entry} or field.endswith("_no"):
            return _PLAIN
        return self.sensitivity

    def is_place(self, field: str) -> bool:
        """Tell whether a field is the place of an event (an address is part of an identity)."""
        return field in self.places and not self.columns[field].field

    def read(self, dataset: Dataset) -> pa.Table:
        """Read all records of the holding, with the columns of `columns`.

        First versions of corrected records are left out: an agency shares the standing version.
        Without the agency's tables, as in a scenario without it, there are no rows.
        """
        first, *others = (self._read(dataset, table) for table in self.tables)
        for other, by in zip(others, self.joins, strict=True):
            first = _join(first, other, f"{by}, force" if self.by_force else by)
        return first.select(list(self.columns))

    def _read(self, dataset: Dataset, table: str) -> pa.Table:
        if self.by_force:
            return standing(read_alike(dataset, self.agency, table))
        shape = TABLES[f"{table}.parquet"]
        return standing(dataset.read(table)) if dataset.has(table) else shape.empty()

    @property
    def _shapes(self) -> list[Table]:
        if not self.by_force:
            return [TABLES[f"{table}.parquet"] for table in self.tables]
        shapes = {table.name: table for table in common_tables(self.agency)}
        return [shapes[name] for name in self.tables]


def _join(left: pa.Table, right: pa.Table, by: str) -> pa.Table:
    """Join two tables by columns of the same name; other columns that both have are the left's."""
    # Two at a time: of three tables that all have `force`, the planner may first join two by it
    # alone, which is every record with every other.
    new = "".join(f', r."{name}"' for name in right.column_names if name not in left.column_names)
    sql = f"SELECT l.*{new} FROM l JOIN r USING ({by})"  # noqa: S608, names of our own schema
    return query(sql, l=left, r=right)


def _holding(agency: AgencyManifest, extract: Extract) -> Holding:
    lead = "" if agency.common else f"{agency.name}/"
    return Holding(
        agency=agency.name,
        dataset=extract.dataset,
        tables=tuple(f"{lead}{name}" for name in extract.tables),
        subject=extract.subject,
        event=extract.event,
        entry=extract.entry,
        sensitivity=extract.sensitivity,
        joins=extract.joins,
        officer=extract.officer,
        places=(*_PLACES, *extract.places),
        by_force=agency.common is not None,
    )


# What the manifests of agencies offer, by name.
HOLDINGS: Mapping[str, Holding] = {
    f"{agency.name}/{extract.dataset}": _holding(agency, extract)
    for agency in AGENCIES.values()
    for extract in agency.extracts
}


def find_holding(agency: str, dataset: str) -> Holding:
    """Find a holding.

    Parameters
    ----------
    agency
        The agency; "ed:*" and "ed" are the same.
    dataset
        Its name for the holding, such as "attendances".

    Raises
    ------
    UnknownNameError
        The agency has no such holding.
    """
    name = f"{agency.split(':', maxsplit=1)[0]}/{dataset}"
    if name not in HOLDINGS:
        raise UnknownNameError.of("holding", name, HOLDINGS)
    return HOLDINGS[name]
