"""Data entry: what a clerk writes down of what the agency knows, and the ledger of the faults."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from synth import schema
from synth.chance import Floats, Stream
from synth.entry.cells import Cells, differs
from synth.entry.clustering import Circumstances, fault_intensity
from synth.entry.faults import EXCHANGES, Exchange, Fault, faults_of
from synth.entry.ledger import Written, fault_table
from synth.entry.letters import Mask, Places
from synth.entry.page import Page
from synth.entry.profile import SystemProfile
from synth.entry.strikes import Strikes
from synth.entry.variants import Variants, of_wales


@dataclass(frozen=True)
class Entered:
    """What was written, and every cell in which that is not what the agency knew.

    Parameters
    ----------
    table
        As known, with the identity columns as written.
    faults
        Rows of `schema.ENTRY_FAULTS`, one for exactly each cell that differs.
    """

    table: pa.Table
    faults: pa.Table


def enter(
    known: pa.Table,
    shape: schema.Table,
    profile: SystemProfile,
    setting: Circumstances,
    chance: Stream,
    *,
    variants: Variants | None = None,
) -> Entered:
    """Write down a table as the users of a system do, with their faults.

    Draws are keyed by the ids in `setting`: the same record meets the same fault in any order or
    part of the table, and a higher severity keeps every cell that a lower one struck.

    Parameters
    ----------
    known
        What the agency knows, in the columns of `shape`; the identity columns hold text, plain or
        dictionary-encoded, in the system's own codes and date format.
    shape
        Source, key and columns of the table. A rate for a field it lacks has no effect.
    profile
        What goes wrong in this system, and how often.
    setting
        Who wrote each row, when, and of whom.
    chance
        Stream of data entry; give all sources the same, so that a person is difficult everywhere.
    variants
        Other forms of names; those of Wales by default.

    Returns
    -------
    The table, its identity columns as plain text, and the ledger. An empty cell stays empty.
    """
    desk = _Desk.of(known, shape, profile, setting=setting, chance=chance)
    for fault in EXCHANGES:
        desk.exchange(fault)
    for field in desk.pages:
        desk.write(field, variants or of_wales())
    table = known
    for field, page in desk.pages.items():
        name = shape.fields[field].name
        table = table.set_column(table.column_names.index(name), name, page.text())
    return Entered(table, fault_table(desk.ledger, shape, known[shape.key[0]]))


@dataclass(frozen=True)
class _Desk:
    """A table while it is written, with all that decides what is written wrongly."""

    shape: schema.Table
    profile: SystemProfile
    chance: Stream
    ids: Places
    intensity: Floats
    pages: dict[str, Page]
    ledger: list[Written]

    @classmethod
    def of(
        cls,
        known: pa.Table,
        shape: schema.Table,
        profile: SystemProfile,
        *,
        setting: Circumstances,
        chance: Stream,
    ) -> _Desk:
        intensity = fault_intensity(setting, profile.spread, shape=shape, chance=chance)
        return cls(
            shape=shape,
            profile=profile,
            chance=chance.stage(shape.source).stage(shape.name),
            ids=setting.record_ids,
            intensity=intensity * profile.severity,
            pages={field: Page(known[column.name]) for field, column in shape.fields.items()},
            ledger=[],
        )

    def exchange(self, fault: Exchange) -> None:
        """Let two cells of struck records hold each other's values."""
        rate = self.profile.rates(fault.rated_at[0]).get(fault.name, 0.0)
        if not rate or not self.pages.keys() >= set(fault.fields):
            return
        strikes = Strikes(self.chance.stage("exchanges"), self.ids, self.intensity)
        # Read from opposite ends: neither takes a cell that the other held at a lower severity.
        rows = strikes.rows(0, rate, mirrored=fault is not EXCHANGES[0])
        one, other = (self.pages[field] for field in fault.fields)
        rows = other.eligible(one.eligible(rows))
        values = one.known(rows), other.known(rows)
        able = differs(values[0], values[1]) & differs(values[1], values[0])
        for field, known, written in zip(fault.fields, values, reversed(values), strict=True):
            name = self.shape.fields[field].name
            self._put(field, Written(name, fault.name, rows, known, written), able)

    def write(self, field: str, variants: Variants) -> None:
        """Write one column, trying its faults in their order."""
        rates = self.profile.rates(field)
        strikes = Strikes(self.chance.stage(field), self.ids, self.intensity)
        for slot, fault in enumerate(faults_of(field)):
            if fault.name in rates and isinstance(fault, Fault):
                rows = self.pages[field].eligible(strikes.rows(slot, rates[fault.name]))
                if len(rows):
                    self._befall(fault, self._cells(field, fault, rows, variants=variants), rows)

    def _befall(self, fault: Fault, cells: Cells, rows: Places) -> None:
        written = fault.change(cells)
        tried = Written(cells.column.name, fault.name, rows, cells.values, written)
        self._put(str(cells.column.field), tried, differs(cells.values, written))

    def _cells(self, field: str, fault: Fault, rows: Places, *, variants: Variants) -> Cells:
        return Cells(
            values=self.pages[field].known(rows),
            ids=self.ids[rows],
            chance=self.chance.stage(field).stage(fault.name),
            column=self.shape.fields[field],
            placeholder=self.profile.placeholders.get(field),
            variants=variants,
        )

    def _put(self, field: str, tried: Written, able: Mask) -> None:
        """Write what a fault could change, and note it."""
        done = tried.where(able)
        self.pages[field].write(done.rows, done.written)
        self.ledger.append(done)
