"""The input of a form, a batch of records, and its output, a release."""

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
        The flow, with its form.
    dataset
        The dataset without its truth; queries and third parties look at other holdings.
    rows
        The records with all columns of the holding; fields that the flow does not carry go no
        further.
    times
        Times of release and use of each record.
    chance
        Draws of noise and of samples.
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
        records = standardise_table(rows, holding.shape)
        carried = self.flow.carried_identity
        for place, field in enumerate(records.schema):
            if field.name not in {"record_id", "source", *carried}:
                records = records.set_column(place, field, pa.nulls(records.num_rows, field.type))
        return records

    @cached_property
    def carried(self) -> pa.Table:
        """The carried fields, generalised; row by row with `rows`."""
        return carry(self.flow, self.rows)

    @property
    def content(self) -> pa.Table:
        """The carried fields that are no part of an identity."""
        return content_of(self.flow, self.carried)


def carry(flow: Flow, rows: pa.Table) -> pa.Table:
    """Take the fields that a flow carries, coarsened.

    Parameters
    ----------
    flow
        The flow, with its fields and their levels.
    rows
        Records with all columns of the flow's holding.
    """
    coarse = flow.generalise
    return pa.table(
        {
            name: generalise(rows[name], coarse[name]) if name in coarse else rows[name]
            for name in flow.fields
        }
    )


def content_of(flow: Flow, carried: pa.Table) -> pa.Table:
    """Drop the fields that are part of an identity.

    Parameters
    ----------
    flow
        The flow, with its holding.
    carried
        Fields as `carry` gives them.
    """
    holding = flow.source.holding
    hidden = {*holding.identity.values(), holding.subject}
    return carried.select([name for name in carried.column_names if name not in hidden])


@dataclass(frozen=True)
class Release:
    """The output of a form.

    Parameters
    ----------
    tables
        The table that each recipient holds, by recipient.
    revealed
        True where the recipient learns that the record's event happened, shape (records,).
    times
        Times of release and use; None if they are those of the batch.
    """

    tables: dict[str, pa.Table]
    revealed: Mask
    times: Times | None = None


def release_clear(batch: Batch) -> Release:
    """Release the carried fields as they are."""
    revealed = np.ones(batch.carried.num_rows, bool)
    return Release({batch.flow.recipient.agency: batch.carried}, revealed)
