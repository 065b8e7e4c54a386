"""Counts under differential privacy: the geometric mechanism over cells that are known beforehand.

A flow's loss is for one person over the whole study. A person has at most `contributions` records
in all its counts together, chosen by the record alone, so that adding or removing the person moves
the counts by as much in sum; noise of ratio exp(-epsilon / contributions) in every cell of the
domain, the empty ones too, then keeps the loss at epsilon. People in several flows bear the sum.

Noise is drawn at the quantile of a keyed draw, so that a run can be repeated: a simulation of the
mechanism, not fit to release anything real.

References
----------
Ghosh, Roughgarden and Sundararajan (2012), "Universally utility-maximizing privacy mechanisms",
SIAM Journal on Computing 41(6). OpenDP's `make_geometric` is the same.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darkfigure.linkage_eval.records.standardise import standardise_table
from darkfigure.linkage_eval.sharing.forms.counted import CountCells, release_cells
from darkfigure.linkage_eval.sharing.forms.release import Batch, Release
from darkfigure.linkage_eval.sharing.strategy.domains import domain_of, places_in
from darkfigure.linkage_eval.sharing.strategy.durations import days_of
from darkfigure.linkage_eval.sharing.strategy.hesitancy import ids_of
from darkfigure.synth.core.arrays import Floats, Ints, Mask

_HALF = 0.5


def release_noisy_counts(batch: Batch) -> Release:
    """Release a noisy count for every cell of the domain; no record is told of."""
    cells, form = fixed_cells(batch), batch.flow.format
    names = pa.array([f"{batch.flow.id}/{cell}" for cell in range(cells.count.size)])
    drawn = batch.chance.uniform("noise", ids_of(names)).reshape(cells.count.shape)
    noisy = cells.count + geometric_noise(drawn, form.epsilon / form.contributions)
    shown = np.ones(cells.count.shape, bool)
    return release_cells(batch, cells, np.maximum(noisy, 0), shown)


def geometric_noise(drawn: Floats, epsilon: float) -> Ints:
    """Give the two-sided geometric quantile of uniform draws: P(k) ~ exp(-epsilon |k|).

    Parameters
    ----------
    drawn
        Uniform draws in [0, 1), any shape.
    epsilon
        Privacy loss of one record, above 0.
    """
    ratio = np.exp(-epsilon)
    tail = np.minimum(drawn, 1 - drawn)
    # P(K <= -k) = ratio^k / (1 + ratio): the k of a draw is the largest that still covers it.
    with np.errstate(divide="ignore"):
        size = np.floor(-np.log(np.maximum(tail * (1 + ratio), 2.0**-60)) / epsilon)
    return np.where(drawn < _HALF, -size, size).astype(np.int64)


def fixed_cells(batch: Batch) -> CountCells:
    """Count the kept records in every cell of the domain.

    Parameters
    ----------
    batch
        The records of a flow whose form is `dp`.

    Returns
    -------
    The cells; a record that is not kept is in none, -1.
    """
    flow, view = batch.flow, batch.dataset
    labels, codes = [_periods(batch)], [_period_of(batch)]
    for name in flow.format.by:
        column = flow.source.holding.columns[name]
        domain = domain_of(column, flow.generalise.get(name), view)
        labels.append(domain)
        codes.append(places_in(batch.carried[name], domain).to_numpy().astype(np.int64))
    shape = tuple(len(values) for values in labels)
    kept = kept_records(batch)
    of = np.where(kept, np.ravel_multi_index(tuple(codes), shape), -1)
    count = np.bincount(of[kept], minlength=int(np.prod(shape))).reshape(shape)
    return CountCells(tuple(labels), count, of)


def _periods(batch: Batch) -> pa.Array:
    """Give the numbers of a schedule's batches; without a schedule there is one batch."""
    trigger, view = batch.flow.trigger, batch.dataset
    n_batches = 0
    if trigger.kind == "schedule":
        n_batches = int(np.ceil((view.study_end - view.study_start) / days_of(trigger.every)))
    return pa.array([str(number) for number in range(n_batches + 1)])


def _period_of(batch: Batch) -> Ints:
    return np.clip(batch.times.period, 0, len(_periods(batch)) - 1)


def kept_records(batch: Batch) -> Mask:
    """Choose the records of each person that are counted: by a draw of the record alone.

    Parameters
    ----------
    batch
        The records of a flow whose form is `dp`.

    Returns
    -------
    Shape (records,); at most `contributions` of each person as the source knows people.
    """
    person = _persons(batch)
    ids = ids_of(batch.rows[batch.flow.source.holding.key].cast(pa.string()))
    order = np.lexsort((batch.chance.uniform("kept", ids), person))
    first = np.searchsorted(person[order], person[order])
    kept = np.empty(len(person), bool)
    kept[order] = np.arange(len(person)) - first < batch.flow.format.contributions
    return kept


def _persons(batch: Batch) -> Ints:
    """Give people numbers as the source tells them apart: by its key of people, else by identity.

    A source that holds somebody twice counts two people.
    """
    holding = batch.flow.source.holding
    if holding.subject != holding.key:
        return _numbered(batch.rows[holding.subject].cast(pa.string()))
    records = standardise_table(batch.rows, holding.shape)
    number = records["nhs_number"]
    named = pc.binary_join_element_wise(
        *(records[field].cast(pa.string()) for field in ("surname", "forename", "date_of_birth")),
        "/",
    )
    alone = pc.binary_join_element_wise("record", records["record_id"], "/")
    return _numbered(pc.coalesce(number, named, alone))


def _numbered(keys: pa.ChunkedArray) -> Ints:
    encoded = pc.fill_null(keys, "").combine_chunks().dictionary_encode()
    return np.asarray(encoded.indices.to_numpy(), np.int64)
