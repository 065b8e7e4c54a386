"""A strategy at work: what each recipient knows, and from when.

::

    held -> asked for -> begun -> lawful -> not held back -> complete -> coarsened, in its form
         -> released -> usable

Every record that a flow asks for is in the log with its status. No truth is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.sharing.forms import Batch, Release, release
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.durations import days_of
from darkfigure.linkage_eval.sharing.strategy.expressions import select_rows
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.hesitancy import Ids, holds_back, ids_of
from darkfigure.linkage_eval.sharing.strategy.lint import is_lawful
from darkfigure.linkage_eval.sharing.strategy.performance_pressure import (
    fill_in,
    fills_in,
    is_filled,
    is_judged,
    records_otherwise,
)
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.linkage_eval.sharing.strategy.timing import (
    MILLISECONDS,
    Times,
    from_days,
    start_of,
    time_release,
    to_days,
)
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.storage.dataset import Dataset

_TEXT, _TIME, _FLAG = pa.string(), pa.timestamp("ms"), pa.bool_()
_DURATION = pa.duration("ms")
LOG = pa.schema(
    [
        pa.field("flow", _TEXT),
        pa.field("recipient", _TEXT),
        pa.field("source", _TEXT),  # as the truth calls it, such as police/gwent
        pa.field("record", _TEXT),  # key of the event
        pa.field("subject", _TEXT),  # key of the person in it
        pa.field("status", _TEXT),
        pa.field("event_at", _TIME),
        pa.field("entry_at", _TIME),
        pa.field("share_at", _TIME),
        pa.field("usable_at", _TIME),
        pa.field("event", _FLAG),  # the recipient learns that it happened,
        pa.field("place", _FLAG),  # where,
        pa.field("person", _FLAG),  # and to whom
        pa.field("filled", _FLAG),  # a demanded field holds a value entered only to pass
    ]
)
SHARED = "shared"
# The statuses of a record, in the order of the checks.
STATUSES = (
    SHARED,
    "recorded_otherwise",
    "not_asked_for",
    "before_agreement",
    "unlawful",
    "held_back",
    "incomplete",
    "suppressed",
)
# Days that a source takes to supply a missing field; assumed.
_REPAIR_DAYS = 14.0


@dataclass(frozen=True)
class Held:
    """The table that one recipient holds by one flow."""

    flow: str
    recipient: str
    table: pa.Table


@dataclass(frozen=True)
class Knowledge:
    """The knowledge of every recipient of a strategy.

    Parameters
    ----------
    strategy
        The strategy at work.
    log
        One row per record and recipient (schema `LOG`); onward recipients are rows of their own.
    held
        The tables that recipients hold.
    released
        The records that each flow released, before they took its form, by id of the flow.
        Recipients do not see them; links are judged by their keys.
    """

    strategy: SharingStrategy
    log: pa.Table
    held: tuple[Held, ...]
    released: Mapping[str, Batch]

    @cached_property
    def shared(self) -> pa.Table:
        """The rows of the log that arrived."""
        return self.log.filter(pc.equal(self.log["status"], SHARED))


def spread_knowledge(
    dataset: Dataset, strategy: SharingStrategy, *, absent: Iterable[str] = ()
) -> Knowledge:
    """Apply a strategy to a dataset.

    Parameters
    ----------
    dataset
        A dataset, of which only agencies' tables are read.
    strategy
        The flows and their rules.
    absent
        Attendance numbers of people who would have stayed away, had they known of it.
    """
    view, left_out = AgencyView.of(dataset), tuple(sorted(absent))
    chance = Stream(int(dataset.manifest["seed"]), ("sharing",))
    logs, held = [LOG.empty_table()], []
    released = {}
    for flow in strategy.flow:
        flowing = _Flowing(view, strategy, flow, asked_for(view, flow, left_out), chance)
        log, tables, released[flow.id] = flowing.go()
        logs.append(log)
        held += tables
    return Knowledge(strategy, pa.concat_tables(logs), tuple(held), released)


def asked_for(view: AgencyView, flow: Flow, absent: tuple[str, ...] = ()) -> pa.Table:
    """Read the rows that a flow asks for: those of its units for which its condition holds.

    Parameters
    ----------
    view
        The dataset without its truth.
    flow
        The flow, with its source and condition.
    absent
        Attendance numbers that are left out.

    Returns
    -------
    One row per record, with the columns of the flow's holding.
    """
    source, holding = flow.source, flow.source.holding
    rows = view.held(holding)
    if source.unit != "*":
        unit = "force" if holding.by_force else "site_code"
        rows = rows.filter(pc.equal(rows[unit].cast(_TEXT), source.unit))
    if absent and source.kind == "ed":
        rows = rows.filter(pc.invert(pc.is_in(rows[holding.key], pa.array(absent, _TEXT))))
    return rows.filter(select_rows(flow.rows, rows, holding.columns)).combine_chunks()


@dataclass(frozen=True)
class _Flowing:
    """One flow at work on the rows that it asks for."""

    view: AgencyView
    strategy: SharingStrategy
    flow: Flow
    rows: pa.Table
    chance: Stream

    def go(self) -> tuple[pa.Table, list[Held], Batch]:
        """Give the log, the tables held at the end, and the records released."""
        holding = self.flow.source.holding
        # Keyed by holding, not by flow: two strategies hold back the same records.
        chance = self.chance.stage(holding.name)
        entry = to_days(self.rows[holding.entry])
        # A record without a time of entry was entered when it happened.
        event = to_days(self.rows[holding.event])
        entry = np.where(np.isfinite(entry), entry, event)
        study = self.view.study_start
        start = start_of(self.flow, self.strategy, study)
        ids = ids_of(self.rows[holding.key])
        complete = _complete(self.flow, self.rows)
        under_pressure = is_judged(self.flow, self.strategy, entry, study)
        filling = fills_in(ids, under_pressure, complete, self.strategy, chance)
        passing = fill_in(self.rows, self.flow, filling)
        filled = filling & _complete(self.flow, passing)
        times = time_release(self.flow, self._entered(entry, complete | filled), ids, start, chance)
        otherwise = records_otherwise(self.flow, ids, under_pressure, self.strategy, chance)
        status = self._status(ids, otherwise, entry >= start, complete | filled, chance)
        shared_rows = np.flatnonzero(status == 0)
        batch = self._batch(passing, shared_rows, times, chance)
        released = release(batch)
        status[shared_rows[~released.revealed]] = STATUSES.index("suppressed")
        log = self._log(status, event, entry, filled, _placed(times, released, shared_rows))
        return log, self._held(released), batch

    def _entered(self, entry: Floats, complete: Mask) -> Floats:
        governance = self.strategy.governance
        repairs = governance.minimum_dataset and governance.mds_action == "repair"
        return entry + _REPAIR_DAYS * (~complete) if repairs else entry

    def _status(
        self, ids: Ids, otherwise: Mask, begun: Mask, complete: Mask, chance: Stream
    ) -> Ints:
        """Give each record's status as a place in `STATUSES`: the first reason that applies."""
        flow, governance = self.flow, self.strategy.governance
        requested = np.ones(len(ids), bool)
        if flow.trigger.kind == "request":
            requested = chance.happens("request", ids, flow.trigger.request_rate)
        rejects = governance.minimum_dataset and governance.mds_action == "reject"
        reasons = (
            otherwise,
            ~requested,
            ~begun,
            np.full(len(ids), not is_lawful(flow)),
            holds_back(flow, self.strategy, self.rows, chance),
            ~complete & rejects,
        )
        return np.select(reasons, list(range(1, len(reasons) + 1)), 0)

    def _batch(self, passing: pa.Table, shared_rows: Ints, times: Times, chance: Stream) -> Batch:
        rows = passing.take(pa.array(shared_rows))
        times_shared = Times(
            times.share[shared_rows], times.usable[shared_rows], times.period[shared_rows]
        )
        return Batch(self.flow, self.view, rows, times_shared, chance.stage(self.flow.id))

    def _log(
        self,
        status: Ints,
        event: Floats,
        entry: Floats,
        filled: Mask,
        times: Times,
    ) -> pa.Table:
        """Log the status of every record, for the recipient and for onward recipients."""
        flow, holding, n_rows = self.flow, self.flow.source.holding, len(status)
        shared = status == 0
        own = pa.table(
            {
                "flow": pa.repeat(flow.id, n_rows),
                "recipient": pa.repeat(flow.recipient.agency, n_rows),
                "source": self._sources(),
                "record": self.rows[holding.key],
                "subject": self.rows[holding.subject],
                "status": pa.array(STATUSES).take(pa.array(status)),
                "event_at": from_days(event),
                "entry_at": from_days(entry),
                "share_at": from_days(np.where(shared, times.share, np.nan)),
                "usable_at": from_days(np.where(shared, times.usable, np.nan)),
                **{name: pa.array(seen) for name, seen in self._sees(shared).items()},
                "filled": pa.array(shared & filled),
            }
        ).cast(LOG)
        return pa.concat_tables([own, *(self._onward(own, to) for to in flow.recipient.onward)])

    def _onward(self, own: pa.Table, to: str) -> pa.Table:
        """Log the same for an onward recipient; columns that do not differ are not copied."""
        lag = pa.scalar(round(days_of(self.flow.recipient.onward_lag) * MILLISECONDS), _DURATION)
        changed = {
            "recipient": pa.repeat(to, own.num_rows),
            "usable_at": pc.add(own["usable_at"], lag),
        }
        if self.flow.recipient.onward_form == "map":
            changed["person"] = pa.repeat(pa.scalar(value=False), own.num_rows)
        return pa.table({name: changed.get(name, own[name]) for name in LOG.names}, LOG)

    def _sources(self) -> pa.Array:
        kind, holding = self.flow.source.kind, self.flow.source.holding
        if not holding.by_force:
            return pa.repeat(kind, self.rows.num_rows)
        forces = self.rows["force"].cast(_TEXT).combine_chunks()
        return pc.binary_join_element_wise(pa.scalar(kind), forces, "/")

    def _sees(self, shared: Mask) -> dict[str, Mask]:
        """Mark the shared records of which the recipient can read event, place and person."""
        flow, holding = self.flow, self.flow.source.holding
        hit_only = flow.format.what.tells_hits_alone(flow.format)
        fields = flow.format.by if flow.format.counts else flow.fields
        places = [name for name in fields if holding.is_place(name)]
        has_place = np.zeros(len(shared), bool)
        for name in places:
            has_place |= pc.is_valid(self.rows[name]).to_numpy(zero_copy_only=False)
        person = np.full(len(shared), flow.reads_persons)
        if flow.reads_persons:
            person = _named(flow, self.rows)
        return {
            "event": shared & (not hit_only),
            "place": shared & has_place & (not hit_only),
            "person": shared & person,
        }

    def _held(self, released: Release) -> list[Held]:
        recipient = self.flow.recipient
        held = [Held(self.flow.id, agency, table) for agency, table in released.tables.items()]
        own = released.tables[recipient.agency]
        if recipient.onward_form == "map":
            hidden = {*self.flow.carried_identity.values(), self.flow.source.holding.subject}
            own = own.select([name for name in own.column_names if name not in hidden])
        return held + [Held(self.flow.id, agency, own) for agency in recipient.onward]


def _complete(flow: Flow, rows: pa.Table) -> Mask:
    """Mark the records that hold every field of the minimum dataset."""
    complete = np.ones(rows.num_rows, bool)
    for name in flow.required:
        complete &= is_filled(rows[name]).to_numpy()
    return complete


def _named(flow: Flow, rows: pa.Table) -> Mask:
    """Mark the records whose identity is filled, so that somebody can be named."""
    filled = {
        field: pc.is_valid(rows[name]).to_numpy(zero_copy_only=False)
        for field, name in flow.carried_identity.items()
    }
    nobody = np.zeros(rows.num_rows, bool)
    by_name = filled.get("surname", nobody) & filled.get("date_of_birth", nobody)
    return np.asarray(by_name | filled.get("nhs_number", nobody))


def _placed(times: Times, released: Release, shared_rows: Ints) -> Times:
    """Put the times that a form has changed among those of all records."""
    if released.times is None:
        return times
    share, usable = times.share.copy(), times.usable.copy()
    share[shared_rows], usable[shared_rows] = released.times.share, released.times.usable
    return Times(share, usable, times.period)
