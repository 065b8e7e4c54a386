"""Data entry: what a clerk writes down of what the agency knows, and the ledger of the faults."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from darkfigure.synth import schema
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.entry.clustering import Circumstances
from darkfigure.synth.entry.engine import EntryEngine
from darkfigure.synth.entry.faults.variants import Variants, of_wales
from darkfigure.synth.entry.ledger import fault_table
from darkfigure.synth.entry.profile import SystemProfile


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
    forms = variants or of_wales()
    desk = EntryEngine.of(known, shape, profile, setting, chance, variants=forms)
    if profile.severity:
        desk.write_pairs()
        desk.write_wholes()
        desk.write_cells()
        desk.store()
    table = known
    for field, page in desk.pages.items():
        name = shape.fields[field].name
        table = table.set_column(table.column_names.index(name), name, page.text())
    return Entered(table, fault_table(desk.ledger, shape, known[shape.key[0]]))
