"""The Police National Database: the forces' own records, loaded some days later.

A load copies a record as the force wrote it, with every fault in it, into one form. Nobody is
merged: one person known to three forces is three people here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth import schema
from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Tables,
    add,
    constant,
    days,
)
from darkfigure.synth.agencies.pnd.tables import PND_EVENTS, PND_PERSONS
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import PND_EVENT
from darkfigure.synth.agencies.police.further_people import SUSPECT
from darkfigure.synth.agencies.police.kinds_of_work import CRIME, INTELLIGENCE
from darkfigure.synth.agencies.police.nominals import Opened, opened_in, store_tables
from darkfigure.synth.agencies.police.numbers import nominal_references
from darkfigure.synth.core.arrays import Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.sorted_lookup import places
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.schema import POLICE_SEX, Table, coded

_DIGITS = 11


class NationalDatabase(Spec):
    """Share and delay of the loads; all assumed."""

    loaded_rate: Rate = 0.97
    """Nominals due for a load that are loaded; the rest fail a check."""
    delay_days: Amount = 2.5
    """Days from the force's last entry, mean; nightly loads, some held back."""


@dataclass(frozen=True)
class Loads:
    """Nominals that are loaded, ascending; arrays have one entry per nominal."""

    cases: PoliceCases
    nominal: Ints
    loaded_on: Ints
    events: Mask  # (nominals, kinds of PND_EVENT)


class PoliceNationalDatabase(Agency):
    """The agency of the Police National Database, as far as the four forces load it."""

    def prepare(self, simulated: SimulatedEvents, spec: NationalDatabase) -> Loads | None:
        """Draw the nominals that are loaded: suspects, and subjects of intelligence."""
        cases = simulated.prepared.get("police")
        return _load(simulated, cases, spec) if isinstance(cases, PoliceCases) else None

    def write_block(
        self, block: SampleBlock, prepared: Loads | None, spec: NationalDatabase, out: Tables
    ) -> None:
        """Copy the forces' records of a block's people."""
        self.write_outsiders(block.context, prepared, spec, out)

    def write_outsiders(
        self, context: RecordingContext, prepared: Loads | None, spec: NationalDatabase, out: Tables
    ) -> None:
        """Copy the forces' records of a block's people; the same for people outside the sample."""
        del spec
        if prepared is None:
            return
        for opened in opened_in(prepared.cases.meetings, context):
            _copy(context, opened, prepared, out)

    def write_whole(self, simulated: SimulatedEvents, prepared: Loads | None, out: Tables) -> None:
        """Write the reasons for each load."""
        if prepared is None:
            return
        row, event = np.nonzero(prepared.events)
        reference = _references(prepared.nominal[row], simulated.chance)
        kinds = coded(event, PND_EVENT)
        add(out, PND_EVENTS, pa.table({"pnd_ref": reference, "event": kinds}))


def _load(simulated: SimulatedEvents, cases: PoliceCases, spec: NationalDatabase) -> Loads:
    met, chance = cases.meetings, simulated.chance.stage("pnd")
    category, suspect = cases.category[met.case], met.role == SUSPECT
    kinds = [
        suspect & (category == CRIME),
        suspect & cases.domestic[met.case],
        category == INTELLIGENCE,
    ]
    due = np.logical_or.reduce(kinds)
    nominal, first = np.unique(met.nominal[due], return_index=True)
    passed = chance.happens("loaded", nominal, spec.loaded_rate)
    wait = 1 + spec.delay_days * chance.exponential("delay", nominal)
    loaded_on = met.seen_on[due][first] + wait.astype(np.int64)
    # An extract has only the nominals that were loaded by the end of the study.
    loaded = passed & (loaded_on < simulated.period.end)
    events = np.stack([np.isin(nominal, met.nominal[kind]) for kind in kinds], axis=1)
    return Loads(cases, nominal[loaded], loaded_on[loaded], events[loaded])


def _references(nominal: Ints, chance: Stream) -> pa.Array:
    own = chance.stage("pnd")
    return scrambled("reference", nominal, prefix="PND", digits=_DIGITS, chance=own)


def _copy(context: RecordingContext, opened: Opened, loads: Loads, out: Tables) -> None:
    """Copy the loaded rows of one store, as they were just written, with their faults."""
    force, shape = store_tables(opened.store)
    place = places(opened.nominal, loads.nominal)
    chosen = np.flatnonzero(place >= 0)
    if not len(chosen):
        return
    selection = pa.array(chosen)
    nominal = opened.nominal[chosen]
    rows = out[shape.path][-1].take(selection)
    reference = _references(nominal, context.chance)
    columns = {
        column.name: _recoded(rows[shape.fields[field].name], shape, field)
        for field, column in PND_PERSONS.fields.items()
    }
    columns["pnd_ref"] = reference
    # A row is copied as it stands, so never before its details were last asked for.
    loaded_on = np.maximum(loads.loaded_on[place[chosen]], opened.known_on[chosen] + 1)
    columns["loaded_on"] = days(loaded_on)
    columns["owning_force"] = constant(force, len(chosen))
    add(out, PND_PERSONS, pa.table(columns))
    own = nominal_references(nominal, opened.store, context.chance.stage("police"))
    for ledger in (schema.ENTRY_FAULTS, schema.STALE_VALUES):
        _copy_ledger(ledger, shape, own, reference, out)
    about = {
        "source": constant(PND_PERSONS.source, len(chosen)),
        "table": constant(PND_PERSONS.name, len(chosen)),
        "record_id": reference,
        "person_id": context.people.person_id[opened.row[chosen]],
        "known_on": days(opened.known_on[chosen]),
        **{name: pa.nulls(len(chosen), pa.int64()) for name in ("clerk_id", "shift_no")},
    }
    add(out, schema.RECORD_PERSONS, pa.table(about))


def _recoded(values: pa.ChunkedArray, shape: Table, field: str) -> pa.ChunkedArray:
    """Translate a force's codes of sex into the common ones."""
    if field != "sex":
        return values
    common = {meaning[:3]: code for code, meaning in POLICE_SEX.items()}
    codes = shape.fields["sex"].codes
    own = pa.array(list(codes), pa.string())
    meant = pa.array([common.get(text[:3], "U") for text in codes.values()], pa.string())
    return pc.coalesce(meant.take(pc.index_in(values, own)), values)


def _copy_ledger(ledger: Table, shape: Table, own: pa.Array, new: pa.Array, out: Tables) -> None:
    """Copy a ledger's entries for the chosen rows: the copy has the same faults."""
    pieces = out[ledger.path]
    named = {column.name: field for field, column in shape.fields.items()}
    fields = {field: column.name for field, column in PND_PERSONS.fields.items()}
    for piece in [part for part in pieces if _is_of(part, shape)]:
        row = pc.index_in(piece["record_id"], own)
        entries = piece.filter(pc.is_valid(row))
        count = entries.num_rows
        columns = {
            "source": constant(PND_PERSONS.source, count),
            "table": constant(PND_PERSONS.name, count),
            "record_id": new.take(row.combine_chunks().drop_null()),
            "column": pa.array(
                [fields[named[name]] for name in entries["column"].to_pylist()], pa.string()
            ),
        }
        for name in entries.column_names:
            columns.setdefault(name, entries[name])
        pieces.append(ledger.cast(pa.table(columns)))


def _is_of(piece: pa.Table, shape: Table) -> bool:
    if not piece.num_rows:
        return False
    first = piece.slice(0, 1)
    return (first["source"][0].as_py(), first["table"][0].as_py()) == (shape.source, shape.name)
