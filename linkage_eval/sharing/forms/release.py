"""What goes into a form and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.records.standardise import standardise_table
from darkfigure.linkage_eval.sharing.strategy.agency_view import AgencyView
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.generalise import generalise
from darkfigure.linkage_eval.sharing.strategy.timing import Times
from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.core.chance import Stream


@dataclass(frozen=True)
class Batch:
    """The records that a flow releases.

    Parameters
    ----------
    flow
        Whose form it is.
    dataset
        Without its truth; queries and third parties look at other holdings.
    rows
        All that the source holds of the records; what the flow does not carry goes no further.
    times
        When each is released and usable.
    chance
        Of noise.
    """

    flow: Flow
    dataset: AgencyView
    rows: pa.Table
    times: Times
    chance: Stream

    @cached_property
    def identity(self) -> pa.Table:
        """The carried part of the identities, as coarse as it is carried (schema `RECORDS`)."""
        holding, rows = self.flow.source.holding, self.rows
        for name in holding.identity.values():
            if name in self.flow.generalise:
                rows = rows.set_column(rows.column_names.index(name), name, self.carried[name])
        found = standardise_table(rows, holding.shape)
        kept = self.flow.carried_identity
        for place, one in enumerate(found.schema):
            if one.name not in {"record_id", "source", *kept}:
                found = found.set_column(place, one, pa.nulls(found.num_rows, one.type))
        return found

    @cached_property
    def carried(self) -> pa.Table:
        """The carried fields, generalised; row by row with `rows`."""
        return carry(self.flow, self.rows)

    @property
    def content(self) -> pa.Table:
        """The carried fields that are no part of an identity."""
        return content_of(self.flow, self.carried)


def carry(flow: Flow, rows: pa.Table) -> pa.Table:
    """Take the fields that a flow carries from rows of its holding, as coarse as it says."""
    coarse = flow.generalise
    return pa.table(
        {
            name: generalise(rows[name], coarse[name]) if name in coarse else rows[name]
            for name in flow.fields
        }
    )


def content_of(flow: Flow, carried: pa.Table) -> pa.Table:
    """Leave out of carried fields those that are part of an identity."""
    holding = flow.source.holding
    hidden = {*holding.identity.values(), holding.subject}
    return carried.select([name for name in carried.column_names if name not in hidden])


@dataclass(frozen=True)
class Release:
    """What a form makes of records.

    Parameters
    ----------
    tables
        What each recipient holds of it, by recipient.
    told
        Of each record, whether the recipient learns that it happened.
    times
        When; None as in the batch.
    """

    tables: dict[str, pa.Table]
    told: Mask
    times: Times | None = None


def release_clear(batch: Batch) -> Release:
    """Release the carried fields as they are."""
    told = np.ones(batch.carried.num_rows, bool)
    return Release({batch.flow.recipient.agency: batch.carried}, told)
