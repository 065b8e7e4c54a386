"""Public protection notifications (PPN): forms that officers send to the safeguarding services.

An officer who meets somebody at risk submits a form: domestic abuse, concern for a child or an
adult, or other. It names the victim, the children of the household and the person who causes the
risk, all entered anew. Domestic abuse comes with the 24 questions of DASH.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darkfigure.synth.agencies.framework.agency import Agency, SampleBlock, SimulatedEvents
from darkfigure.synth.agencies.framework.mentions import write_mentions
from darkfigure.synth.agencies.framework.records import (
    RecordingContext,
    Tables,
    about_incidents,
    add,
    note_contacts,
    note_mentions,
    times,
)
from darkfigure.synth.agencies.police.cases import PoliceCases
from darkfigure.synth.agencies.police.codes import PPN_TYPE, RISK
from darkfigure.synth.agencies.police.numbers import collar_numbers
from darkfigure.synth.agencies.ppn.accounts import officers_accounts
from darkfigure.synth.agencies.ppn.dash import answers
from darkfigure.synth.agencies.ppn.notify import Notifications, NotificationSpec, notify
from darkfigure.synth.agencies.ppn.tables import PPN_LAYOUTS, PPN_SUBJECTS, common_ppn_tables
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.schema import FORCES, coded
from darkfigure.synth.schema.table import Table

__all__ = ["NotificationSpec", "Notifications", "PublicProtection"]
_CONSENT_RATE = 0.6  # notifications with consent; assumed


class PublicProtection(Agency):
    """The agency of the forces' notifications."""

    def prepare(self, simulated: SimulatedEvents, spec: NotificationSpec) -> Notifications | None:
        """Choose the cases that a notification follows; without a police there are none."""
        cases = simulated.prepared.get("police")
        return notify(simulated, cases, spec) if isinstance(cases, PoliceCases) else None

    def named(self, prepared: Notifications | None) -> Ints:
        """Give everybody whom a notification names."""
        if prepared is None:
            return np.empty(0, np.int64)
        return np.unique(np.concatenate([part.person for part in prepared.mentions]))

    def write_block(
        self,
        block: SampleBlock,
        prepared: Notifications | None,
        spec: NotificationSpec,
        out: Tables,
    ) -> None:
        """Write the people of a block who are named."""
        self.write_outsiders(block.context, prepared, spec, out)

    def write_outsiders(
        self,
        context: RecordingContext,
        prepared: Notifications | None,
        spec: NotificationSpec,
        out: Tables,
    ) -> None:
        """Write the people of a block who are named; the same for people outside the sample."""
        del spec
        if prepared is None:
            return
        chance = context.chance.stage("ppn")
        for mentions, shape in zip(prepared.mentions, PPN_SUBJECTS.values(), strict=True):
            own = chance.stage(shape.source)
            write_mentions(context, shape, mentions, out, prefix="", chance=own)

    def write_whole(
        self, simulated: SimulatedEvents, prepared: Notifications | None, out: Tables
    ) -> None:
        """Write the notifications and their risk checklists."""
        if prepared is not None:
            _write_notifications(simulated, prepared, out)


def _write_notifications(simulated: SimulatedEvents, ppn: Notifications, out: Tables) -> None:
    sources = tuple(PPN_SUBJECTS)
    real = np.flatnonzero(ppn.incident >= 0)
    source = coded(ppn.force[real], sources)
    note_contacts(ppn.incident[real], source, ppn.submitted_s[real], out)
    chance = simulated.chance.stage("ppn")
    for number, force in enumerate(FORCES):
        own = np.flatnonzero(ppn.force == number)
        if not len(own):
            continue
        key = ppn.number.take(pa.array(own))
        consent = chance.happens("consent", ppn.event[own], _CONSENT_RATE)
        accounts = officers_accounts(simulated, ppn, own, consent, ppn.spec)
        table = pa.table(
            {
                "ppn_no": key,
                "submitted_at": times(ppn.submitted_s[own]),
                "ppn_type": coded(ppn.kind[own], PPN_TYPE),
                "officer": collar_numbers(ppn.officer[own], ppn.force[own]),
                "officer_grade": coded(ppn.officer_grade[own], RISK),
                "final_grade": coded(ppn.grade[own], RISK),
                "children": ppn.children[own],
                "consent": consent,
                "repeat": ppn.repeat[own],
                "account": accounts.text,
            }
        )
        shape = _put(force, 0, table, out)
        about_incidents(shape, key, ppn.incident[own], out)
        note_mentions(shape, "account", key, accounts, out)
        assessed = own[ppn.ticks[own] >= 0]
        may_bear = ppn.may_bear[assessed]
        asked = answers(ppn.event[assessed], ppn.ticks[assessed], may_bear, chance)
        ticks = {"ppn_no": ppn.number.take(pa.array(assessed)), "ticks": ppn.ticks[assessed]}
        _put(force, 2, pa.table({**ticks, **asked}), out)


def _put(force: str, table: int, rows: pa.Table, out: Tables) -> Table:
    layout, common = PPN_LAYOUTS[force], common_ppn_tables(force)[table]
    shape = layout.shape(common)
    add(out, shape, layout.write(common, rows))
    return shape
