"""Counts instead of records: small ones suppressed, or rounded.

Cells are the combinations of the fields in `by`, within each batch of a schedule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.sharing.forms.release import Batch, Release
from darkfigure.linkage_eval.sharing.forms.suppression import suppress_around
from darkfigure.linkage_eval.sharing.strategy.domains import MISSING
from darkfigure.synth.core.arrays import Ints, Mask


@dataclass(frozen=True)
class CountCells:
    """Counts by cell.

    Parameters
    ----------
    labels
        Names of each dimension's values; the batch of a schedule comes first.
    count
        Records of each cell, shape (values of the first dimension, ..., of the last).
    of
        Cell of each record, as an index into the flattened counts, shape (records,); -1 if none.
    """

    labels: tuple[pa.Array, ...]
    count: Ints
    of: Ints


def release_counts(batch: Batch) -> Release:
    """Release counts, primary and secondary suppression and rounding applied."""
    form, cells = batch.flow.format, count_cells(batch)
    shown = publish(cells.count, form.min_cell, secondary=form.secondary)
    rounded = (cells.count + form.rounding // 2) // form.rounding * form.rounding
    return release_cells(batch, cells, rounded, shown)


def publish(count: Ints, min_cell: int, *, secondary: bool) -> Mask:
    """Mark the cells that are published.

    Parameters
    ----------
    count
        Records of each cell, any shape; 0 is published, for an empty cell tells of nobody, unless
        a small count can be hidden in no other way.
    min_cell
        Smallest count that is published.
    secondary
        Whether further cells are withheld, so that the totals of lines do not give the small ones
        away: not one by one, nor together.
    """
    shown = publish_primary(count, min_cell)
    return suppress_around(count, shown, min_cell) if secondary else shown


def publish_primary(count: Ints, min_cell: int) -> Mask:
    """Mark the cells of at least `min_cell` records, and the empty ones; `count` has any shape."""
    return np.asarray((count >= min_cell) | (count == 0))


def count_cells(batch: Batch) -> CountCells:
    """Count records by batch of the schedule and the fields in `by`."""
    labels, codes = [], []
    period = pa.array(batch.times.period.astype(str))
    columns = [batch.carried[name].cast(pa.string()) for name in batch.flow.format.by]
    for column in (pa.chunked_array([period]), *columns):
        filled = column.fill_null(MISSING).combine_chunks().dictionary_encode()
        labels.append(filled.dictionary)
        codes.append(filled.indices.to_numpy().astype(np.int64))
    shape = tuple(max(1, len(values)) for values in labels)
    of = np.ravel_multi_index(tuple(codes), shape).astype(np.int64)
    count = np.bincount(of, minlength=int(np.prod(shape))).reshape(shape)
    return CountCells(tuple(labels), count, of)


def release_cells(batch: Batch, cells: CountCells, values: Ints, shown: Mask) -> Release:
    """Release the values of cells that are shown, and where a value is withheld.

    Parameters
    ----------
    batch
        The records.
    cells
        The cells that hold them.
    values
        What is released of each cell, of the shape of the counts.
    shown
        Whether it is.
    """
    flat = shown.ravel()
    counted = cells.of >= 0
    revealed = np.zeros(len(cells.of), bool)
    revealed[counted] = flat[cells.of[counted]]
    names = ["period", *batch.flow.format.by]
    places = np.unravel_index(np.arange(flat.size), shown.shape)
    table = pa.table(
        {
            name: labels.take(pa.array(place)) if len(labels) else pa.nulls(flat.size, pa.string())
            for name, labels, place in zip(names, cells.labels, places, strict=True)
        }
        | {"records": pa.array(values.ravel(), pa.int64(), mask=~flat)}
    )
    nonempty = (~flat) | (values.ravel() > 0)
    recipient = batch.flow.recipient.agency
    return Release({recipient: table.filter(pa.array(nonempty))}, revealed)
