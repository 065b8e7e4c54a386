"""Counts instead of records: small ones suppressed, rounded, or with noise added.

Cells are the combinations of the fields in `by`, within each batch of a schedule.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.sharing.forms.release import Batch, Release
from darkfigure.linkage_eval.sharing.strategy.hesitancy import ids_of
from darkfigure.synth.core.arrays import Floats, Ints, Mask

_MISSING = "not known"
_HALF = 0.5


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
        Cell of each record, as an index into the flattened counts, shape (records,).
    """

    labels: tuple[pa.Array, ...]
    count: Ints
    of: Ints


def release_counts(batch: Batch) -> Release:
    """Release counts, primary and secondary suppression and rounding applied."""
    form, cells = batch.flow.format, count_cells(batch)
    shown = publish(cells.count, form.min_cell, secondary=form.secondary)
    rounded = (cells.count + form.rounding // 2) // form.rounding * form.rounding
    return _released(batch, cells, rounded, shown)


def release_noisy_counts(batch: Batch) -> Release:
    """Release counts under the geometric mechanism: each batch costs epsilon for one record.

    Noise is the difference of two geometric variables with ratio exp(-epsilon), here drawn at
    the quantile of a keyed draw, so that a run can be repeated: a simulation of the mechanism,
    not fit to release anything real.

    References
    ----------
    Ghosh, Roughgarden and Sundararajan (2012), "Universally utility-maximizing privacy
    mechanisms", SIAM Journal on Computing 41(6). OpenDP's `make_geometric` is the same.
    """
    cells = count_cells(batch)
    names = pa.array([f"{batch.flow.id}/{cell}" for cell in range(cells.count.size)])
    drawn = batch.chance.uniform("noise", ids_of(names)).reshape(cells.count.shape)
    noisy = cells.count + geometric_noise(drawn, batch.flow.format.epsilon)
    return _released(batch, cells, np.maximum(noisy, 0), np.ones(cells.count.shape, bool))


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


def publish(count: Ints, min_cell: int, *, secondary: bool) -> Mask:
    """Mark the cells that are published.

    Parameters
    ----------
    count
        Records of each cell, any shape; 0 is published, for an empty cell tells of nobody.
    min_cell
        Smallest count that is published.
    secondary
        Whether a line of cells with one suppressed loses its next smallest too, since the
        line's total would give the one away.
    """
    shown = publish_primary(count, min_cell)
    if not secondary:
        return shown
    before = -1
    while before != shown.sum():
        before = int(shown.sum())
        for axis in range(count.ndim):
            _protect(np.moveaxis(count, axis, -1), np.moveaxis(shown, axis, -1))
    return shown


def publish_primary(count: Ints, min_cell: int) -> Mask:
    """Mark the cells of at least `min_cell` records, and the empty ones; `count` has any shape."""
    return np.asarray((count >= min_cell) | (count == 0))


def _protect(count: Ints, shown: Mask) -> None:
    """Suppress a second cell in every line with just one suppressed; changes `shown`."""
    alone = ((~shown).sum(axis=-1) == 1) & (shown.shape[-1] > 1)
    most = np.iinfo(np.int64).max
    others = np.where(shown & (count > 0), count, most)
    second = others.argmin(axis=-1)
    has_other = others.min(axis=-1) < most
    for line in zip(*np.nonzero(alone & has_other), strict=True):
        shown[(*line, second[line])] = False


def count_cells(batch: Batch) -> CountCells:
    """Count records by batch of the schedule and the fields in `by`."""
    labels, codes = [], []
    period = pa.array(batch.times.period.astype(str))
    columns = [batch.carried[name].cast(pa.string()) for name in batch.flow.format.by]
    for column in (pa.chunked_array([period]), *columns):
        filled = column.fill_null(_MISSING).combine_chunks().dictionary_encode()
        labels.append(filled.dictionary)
        codes.append(filled.indices.to_numpy().astype(np.int64))
    shape = tuple(max(1, len(values)) for values in labels)
    of = np.ravel_multi_index(tuple(codes), shape).astype(np.int64)
    count = np.bincount(of, minlength=int(np.prod(shape))).reshape(shape)
    return CountCells(tuple(labels), count, of)


def _released(batch: Batch, cells: CountCells, values: Ints, shown: Mask) -> Release:
    flat = shown.ravel()
    revealed = flat[cells.of] if len(cells.of) else np.zeros(0, bool)
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
