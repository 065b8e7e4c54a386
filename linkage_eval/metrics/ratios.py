"""Quantities that are ratios of counts, with intervals that treat people as the sampling unit.

Records of one person are linked or missed together, so counts are kept by person and whole
people are resampled (Poisson bootstrap: each person weighs Poisson(1) in each replicate).
People with the same counts are drawn together, since n of them weigh Poisson(n) together; the
work therefore grows with the number of different outcomes, not with the number of people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import pdtr

from linkage_eval.contracts import Definition, Measurement
from linkage_eval.truth import Groups, Ints
from synth.chance import Stream

Floats = NDArray[np.float64]

REPLICATES = 500
_REPLICATE_BITS = 9
_ID_BITS = 48
_LEVEL = 0.95
_CHI_SQUARE = 3.841458820694124  # upper 5 % point with one degree of freedom
_CELLS_AT_ONCE = 4_096
_REACH = 9  # standard deviations; draws have 53 bits, which reach about 8.3


@dataclass(frozen=True)
class Ratio:
    """A quantity `above . counts / below . counts`, with a weight for each kind of count."""

    definition: Definition
    above: tuple[int, ...]
    below: tuple[int, ...]


def measure_ratios(
    counts: Ints, groups: Sequence[Groups], ratios: Sequence[Ratio], chance: Stream
) -> list[Measurement]:
    """Measure ratios in every group of every division.

    Parameters
    ----------
    counts
        Shape (people, kinds of count).
    groups
        Divisions of the same people.
    ratios
        With one weight per kind of count.
    chance
        Replicates are keyed by group and counts.

    Returns
    -------
    Division by division, group by group, ratio by ratio. `n` is the denominator; with n = 0 the
    value is None. The interval spans the middle 95 % of `REPLICATES` replicates. A value of 0
    or 1 that holds for everybody cannot vary there: then it is Wilson's, n the people counted.
    """
    return [
        measurement
        for division in groups
        for code, name in enumerate(division.names)
        for measurement in _measure_group(
            counts[division.codes == code],
            (division.kind, name),
            ratios,
            chance.stage(division.kind).stage(name),
        )
    ]


def _measure_group(
    counts: Ints, stratum: tuple[str, str], ratios: Sequence[Ratio], chance: Stream
) -> list[Measurement]:
    sums = counts.sum(axis=0)
    replicates = resample(counts, chance)
    measured = []
    for ratio in ratios:
        n = int(sums @ ratio.below)
        value = float(sums @ ratio.above) / n if n else None
        n_people = int(np.count_nonzero(counts @ ratio.below))
        low, high = _interval(value, _divide(replicates, ratio), n_people)
        measured.append(Measurement(*stratum, ratio.definition.name, value, low, high, n))
    return measured


def resample(counts: Ints, chance: Stream) -> Floats:
    """Resample people `REPLICATES` times, and add up their counts.

    Parameters
    ----------
    counts
        Shape (people, kinds of count).
    chance
        Replicates are keyed by counts.

    Returns
    -------
    Shape (replicates, kinds of count).
    """
    cells, n_people = _distinct(counts[counts.any(axis=1)])
    sums = np.zeros((REPLICATES, counts.shape[1]))
    replicate = np.arange(REPLICATES, dtype=np.uint64)
    for start in range(0, len(cells), _CELLS_AT_ONCE):
        some = slice(start, start + _CELLS_AT_ONCE)
        ids = (_cell_ids(cells[some])[None, :] << np.uint64(_REPLICATE_BITS)) | replicate[:, None]
        drawn = chance.uniform("bootstrap", ids.ravel()).reshape(ids.shape)
        sums += _poisson(drawn, n_people[some]) @ cells[some]
    return sums


def poisson_weights(people: Ints, n_replicates: int, chance: Stream) -> Iterator[Floats]:
    """Give each replicate's weights of people, Poisson(1), keyed by person and replicate.

    For quantities that are no ratios of counts; shape (people,) each.
    """
    ids = people % (1 << _ID_BITS)
    steps = pdtr(np.arange(_REACH + _REACH), 1.0)
    for replicate in range(n_replicates):
        drawn = chance.uniform("bootstrap", ids, draw=replicate)
        yield np.searchsorted(steps, drawn, side="right").astype(float)


def _distinct(counts: Ints) -> tuple[Ints, Ints]:
    """Give the distinct rows, sorted, and how often each comes."""
    names = [str(kind) for kind in range(counts.shape[1])]
    table = pa.table({name: counts[:, kind] for kind, name in enumerate(names)})
    found = table.group_by(names).aggregate([([], "count_all")])
    found = found.sort_by([(name, "ascending") for name in names])
    rows = np.column_stack([found[name].to_numpy() for name in names])
    return rows, found["count_all"].to_numpy()


def _cell_ids(cells: Ints) -> NDArray[np.uint64]:
    """Hash each row of counts to 39 bits, so that its draws do not depend on other rows."""
    digests = (hashlib.blake2b(row.tobytes(), digest_size=5).digest() for row in cells)
    ids = np.array([int.from_bytes(digest, "little") for digest in digests], np.uint64)
    return ids >> np.uint64(1)


def _poisson(drawn: Floats, mean: Ints) -> Floats:
    """Invert the Poisson distribution: the least k with P(X <= k) > drawn; one mean a column."""
    counts = np.empty_like(drawn)
    for one in np.unique(mean):
        reach = _REACH * np.sqrt(one) + _REACH
        possible = np.arange(max(0, int(one - reach)), int(one + reach) + 1)
        columns = mean == one
        found = np.searchsorted(pdtr(possible, one), drawn[:, columns], side="right")
        counts[:, columns] = possible[0] + found
    return counts


def _divide(replicates: Floats, ratio: Ratio) -> Floats:
    above, below = replicates @ ratio.above, replicates @ ratio.below
    return above[below > 0] / below[below > 0]


def _interval(
    value: float | None, replicates: Floats, n_people: int
) -> tuple[float | None, float | None]:
    if value is None:
        return None, None
    width = n_people / (n_people + _CHI_SQUARE)
    if value <= 0 or not len(replicates):
        return 0.0, 1 - width
    if value >= 1:
        return width, 1.0
    tail = (1 - _LEVEL) / 2
    low, high = np.quantile(replicates, [tail, 1 - tail])
    return float(low), float(high)
