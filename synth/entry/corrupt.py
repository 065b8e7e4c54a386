"""Data entry: a clerk writes down the known facts, and a ledger lists the faults."""

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
    """A table as written, and its faults.

    Parameters
    ----------
    table
        The known table, with the identity columns as written.
    faults
        Rows of `schema.ENTRY_FAULTS`, exactly one for each cell that differs.
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
        Facts that the agency knows, in the columns of `shape`; the identity columns hold text,
        plain or dictionary-encoded, in the system's own codes and date format.
    shape
        Source, key and columns of the table. A rate for a field it lacks has no effect.
    profile
        Rates of the system's faults.
    setting
        Clerk, shift and person of each row.
    chance
        Stream of data entry; give all sources the same, so that a person is difficult everywhere.
    variants
        Other forms of names; those of Wales by default.

    Returns
    -------
    The table, its identity columns as plain text, and the ledger. An empty cell stays empty.
    """
    forms = variants or of_wales()
    engine = EntryEngine.of(known, shape, profile, setting, chance, variants=forms)
    if profile.severity:
        engine.write_pairs()
        engine.write_wholes()
        engine.write_cells()
        engine.store()
    table = known
    for field, page in engine.pages.items():
        name = shape.fields[field].name
        table = table.set_column(table.column_names.index(name), name, page.text())
    return Entered(table, fault_table(engine.ledger, shape, known[shape.key[0]]))
