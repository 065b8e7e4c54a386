"""The manifest of an agency: all that the rest of the project needs to know of it.

An agency is a folder of `synth/agencies`, or a package of another distribution, whose `AGENCY` is
its manifest. Scenarios, datasets, the dictionary, strategies and reports follow from the manifests,
so none of them names an agency in its own lists.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.core.fields import FIELDS
from darkfigure.synth.schema.layout import Layout
from darkfigure.synth.schema.table import DATE, TIME, Table

# What an agency is in the eyes of a statute (`linkage_eval/sharing/strategy/statutes.py`):
# `relevant` authorities are those of section 115 of the Crime and Disorder Act 1998, `sensitive`
# are those whose records are of a special category, besides health and care.
Kind = Literal["health", "care", "children", "police", "relevant", "sensitive"]
NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True)
class Extract:
    """A dataset that an agency can share: one row a record, the identity beside the content.

    Parameters
    ----------
    dataset
        Its name in strategies, such as "attendances".
    tables
        Names of the agency's tables: the first holds the events; others are joined to it.
    subject
        Column with the key of the person in the record.
    event, entry
        Columns with the time of the event, and of its entry in the agency's system.
    sensitivity
        Harm of wrong disclosure, 0 to 1, of fields that are neither identity nor time nor place.
    joins
        Columns by which each further table is joined.
    officer
        Column of the person who decides whether to share; without one, all is decided alike.
    places
        Columns that say where an event was, besides those that all agencies call alike.
    """

    dataset: str
    tables: tuple[str, ...]
    subject: str
    event: str
    entry: str
    sensitivity: float
    joins: tuple[str, ...] = ()
    officer: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class CommonForm:
    """Tables that several forces keep alike, each in a layout of its own.

    Parameters
    ----------
    tables
        A function from a force to the tables as they are before its layout.
    layouts
        Layout of each force.
    """

    tables: Callable[[str], tuple[Table, ...]]
    layouts: Mapping[str, Layout]


@dataclass(frozen=True, kw_only=True)
class AgencyManifest:
    """One agency.

    A manifest is read by whoever lists tables, so it imports nothing of the simulation: `spec` and
    `writer` are named, and loaded when a world is made.

    Parameters
    ----------
    name
        Name in scenarios, and first folder of its tables: small letters, digits, underscores.
    label
        Name of its system in reports; {force} stands for the force of a source.
    records
        Its records in the plural, in reports; by default its name.
    short
        Heading of a side of a task, in reports; by default its name.
    place
        Place in lists, where needs leave it open; equal places go by name.
    spec, writer
        Where the specification (a `Spec`) and the writer (an `Agency`) are: `module:class`, the
        module below the folder of the manifest.
    laws
        Where the laws of its records (a tuple of `Law`) are: `module:name`; by default none.
    after
        Agencies on whose records it acts, if the scenario has them; they are prepared before.
    tables
        All its tables.
    subjects
        The table of each of its sources that lists people.
    profiles
        Data-entry profile of each of its systems, for scenarios that name none: a name of
        `scenarios/systems`, or a path.
    kinds
        What it is in the eyes of a statute.
    extracts
        What it could share.
    common
        The common form of its tables, if each force keeps them in a way of its own.
    home
        Package that the manifest stands in; the registry fills it in.
    """

    name: str
    label: str
    spec: str
    writer: str
    tables: tuple[Table, ...]
    subjects: Mapping[str, Table]
    laws: str = ""
    records: str = ""
    short: str = ""
    place: int = 1_000
    after: tuple[str, ...] = ()
    profiles: Mapping[str, str] = field(default_factory=dict)
    kinds: frozenset[Kind] = frozenset()
    extracts: tuple[Extract, ...] = ()
    common: CommonForm | None = None
    home: str = ""

    def load(self, what: Literal["spec", "writer", "laws"]) -> Any:  # noqa: ANN401, its own
        """Import the agency's specification, writer or laws.

        Raises
        ------
        SpecError
            It is not where the manifest says.
        """
        place = getattr(self, what)
        module, _, attribute = place.partition(":")
        try:
            return getattr(importlib.import_module(f".{module}", self.home), attribute)
        # A package of others may raise anything as it is imported.
        except Exception as error:  # noqa: BLE001
            raise SpecError(
                f"agency '{self.name}' of {self.home}: its {what} '{place}' cannot be loaded "
                f"({type(error).__name__}: {error}); write `{what}` as module:name, the module "
                "below the manifest's own package."
            ) from None

    def problems(self) -> Iterator[str]:
        """Find what is wrong with the manifest by itself: what, and how to mend it."""
        if not NAME.fullmatch(self.name):
            yield f"name = {self.name!r}: use small letters, digits and underscores, 30 at most"
        for table in self.tables:
            yield from self._wrong_table(table)
        for source, table in self.subjects.items():
            if table not in self.tables or table.source != source:
                yield f"subjects: '{source}' must be the source of one of its own `tables`"
            if not any(column.type in {DATE, TIME} for column in table.columns):
                yield f"subjects: {table.path} needs the day or time on which a record was opened"
        if not self.subjects:
            yield "subjects: is empty; name the table of each source that lists people"
        for extract in self.extracts:
            yield from self._wrong_extract(extract)

    def _wrong_table(self, table: Table) -> Iterator[str]:
        names = [column.name for column in table.columns]
        if table.source.split("/")[0] != self.name:
            yield f"tables: {table.path} must have the source '{self.name}'"
        if len(set(names)) < len(names):
            yield f"tables: {table.path} has two columns of one name"
        for name in set(table.key) - set(names):
            yield f"tables: {table.path} lacks the column '{name}' of its key"
        for column in table.columns:
            if column.field and column.field not in FIELDS:
                known = ", ".join(FIELDS)
                yield f"tables: {table.path}: field '{column.field}' is none of {known}"

    def _wrong_extract(self, extract: Extract) -> Iterator[str]:
        shapes = self.common.tables(next(iter(self.common.layouts))) if self.common else self.tables
        known = {table.name: table for table in shapes}
        where = f"extracts: '{extract.dataset}'"
        strangers = [name for name in extract.tables if name not in known]
        if strangers:
            yield f"{where} reads '{strangers[0]}', which is none of its tables"
            return
        columns = {c.name for name in extract.tables for c in known[name].columns}
        named = {extract.subject, extract.event, extract.entry, *extract.joins, *extract.places}
        for column in sorted((named | {extract.officer}) - columns - {""}):
            yield f"{where} names the column '{column}', which its tables lack"
        if len(extract.joins) != len(extract.tables) - 1:
            yield f"{where} needs a column in `joins` for each table after the first"
