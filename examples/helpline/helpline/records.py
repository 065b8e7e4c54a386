"""Calls to the helpline: some of those who are abused at home ring, days later."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.synth.agencies.framework.agency import Agency
from darkfigure.synth.agencies.framework.records import (
    Records,
    constant,
    note_contacts,
    times,
    write_records,
)
from darkfigure.synth.core.identifiers import scrambled
from darkfigure.synth.core.spec import Amount, Rate, Spec
from darkfigure.synth.schema import DOMESTIC, coded
from helpline.tables import CALLS, NEED

DAY_S = 86_400


class Helpline(Spec):
    """Who rings; all numbers are assumed."""

    call_rate: Rate = 0.1
    """Share of acts of violence at home after which the victim rings."""
    days_before: Amount = 6
    """Days until then, mean."""


class HelplineAdvisers(Agency):
    """The agency of the helpline."""

    def write_block(self, block, prepared, spec, out):
        """Write the calls of a block's people."""
        context, chance = block.context, block.context.chance.stage("helpline")
        domestic = pc.is_in(block.incidents["relationship"].cast(pa.string()), pa.array(DOMESTIC))
        acts = block.incidents.filter(domestic)
        acts = acts.filter(chance.happens("rings", acts["incident_id"].to_numpy(), spec.call_rate))
        ids = acts["incident_id"].to_numpy()
        waited = chance.exponential("waits", ids) * spec.days_before * DAY_S
        called_s = acts["occurred_s"].to_numpy() + waited.astype(np.int64)
        in_time = called_s < context.period.end * DAY_S
        acts, ids, called_s = acts.filter(in_time), ids[in_time], called_s[in_time]
        records = Records(
            shape=CALLS,
            key=scrambled("call", ids, prefix="H", digits=12, chance=chance),
            ids=ids,
            row=acts["row"].to_numpy(),
            known_on=called_s // DAY_S,
            event_on=called_s // DAY_S,
            clerk=chance.below("adviser", ids, 12),
            incident=ids,
            columns={
                "called_at": times(called_s),
                "need": coded(chance.pick("need", ids, [0.4, 0.25, 0.35]), NEED),
            },
        )
        write_records(context, records, out)
        note_contacts(ids, constant("helpline", len(ids)), called_s, out)
