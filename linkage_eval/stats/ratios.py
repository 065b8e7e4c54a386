"""Ratios of counts, with intervals that treat people as the sampling unit.

Records of one person are linked or missed together, so counts are kept by person. A false link is
about two people: it counts with either (`Crossed`), and intervals take both into account.

For quantities that are no ratios whole people are resampled (Poisson bootstrap: each person weighs
Poisson(1) in each replicate). People with the same counts are drawn together, since n of them weigh
Poisson(n) together; the work therefore grows with the number of different outcomes, not with the
number of people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.special import pdtr

from darkfigure.linkage_eval.links.truth import Groups
from darkfigure.linkage_eval.metrics.declaration import Definition
from darkfigure.linkage_eval.rows import Measurement
from darkfigure.linkage_eval.stats.clustered import (
    cluster_variance,
    degrees_of_freedom,
    leave_one_out,
    share_interval,
)
from darkfigure.synth.core.arrays import Floats, Ints, Mask, Words
from darkfigure.synth.core.chance import Stream

REPLICATES = 500
_REPLICATE_BITS = 9
_ID_BITS = 48
_CELLS_AT_ONCE = 4_096
_REACH = 9  # standard deviations; draws have 53 bits, which reach about 8.3


@dataclass(frozen=True)
class Ratio:
    """A quantity `above . counts / below . counts`, with a weight for each kind of count."""

    definition: Definition
    above: tuple[int, ...]
    below: tuple[int, ...]


@dataclass(frozen=True)
class Crossed:
    """Units that are about two people, one of either side: false links.

    Parameters
    ----------
    column
        The kind of count that they are part of, with their left person.
    left, right
        Their people, shape (units,): row among the people counted; right ones beyond them have
        numbers beyond their rows.
    """

    column: int
    left: Ints
    right: Ints


def measure_ratios(
    counts: Ints,
    groups: Sequence[Groups],
    ratios: Sequence[Ratio],
    crossed: Crossed | None = None,
) -> list[Measurement]:
    """Measure ratios in every group of every division.

    Parameters
    ----------
    counts
        Counts of each person, shape (people, kinds of count).
    groups
        Divisions of the same people.
    ratios
        Shares, with one weight per kind of count.
    crossed
        Units that are about two people; without, each is about the person with whom it counts.

    Returns
    -------
    Division by division, group by group, ratio by ratio. `n` is the denominator; with n = 0 the
    value is None. Intervals are those of `clustered`, with people as clusters.
    """
    own = counts.copy()
    if crossed is not None:
        own[:, crossed.column] -= np.bincount(crossed.left, minlength=len(counts))
    measured = []
    for division in groups:
        for code, name in enumerate(division.names):
            rows = np.flatnonzero(division.codes == code)
            sums = counts[rows].sum(axis=0)
            units = _Units(own[rows], counts[rows], rows, _within(crossed, division.codes == code))
            for ratio in ratios:
                n = int(sums @ ratio.below)
                value = float(sums @ ratio.above) / n if n else None
                low, high = (None, None) if value is None else units.interval(ratio, value, n)
                stratum = (division.kind, name)
                measured.append(Measurement(*stratum, ratio.definition.name, value, low, high, n))
    return measured


def _within(crossed: Crossed | None, chosen: Mask) -> Crossed | None:
    if crossed is None:
        return None
    inside = chosen[crossed.left]
    return Crossed(crossed.column, crossed.left[inside], crossed.right[inside])


@dataclass(frozen=True)
class _Units:
    """The units of one group: what each person counts alone, and what two people share."""

    own: Ints
    counts: Ints
    rows: Ints
    crossed: Crossed | None

    def interval(self, ratio: Ratio, value: float, n: int) -> tuple[float | None, float | None]:
        weights = np.array(ratio.above) - value * np.array(ratio.below)
        below = self.counts @ ratio.below
        n_clusters = int(np.count_nonzero(below))
        if n_clusters < 2:
            return share_interval(value, 0.0, n_clusters)
        without = leave_one_out(below / n, n_clusters)
        if self.crossed is None or not len(self.crossed.left) or not weights[self.crossed.column]:
            variance = float(np.square(self.counts @ weights * without).sum())
        else:
            place = np.searchsorted(self.rows, self.crossed.left)
            variance = cluster_variance(
                np.concatenate(
                    [self.own @ weights * without, weights[self.crossed.column] * without[place]]
                ),
                np.concatenate([self.rows, self.crossed.left]),
                np.concatenate([self.rows, self.crossed.right]),
            )
        return share_interval(value, variance / n**2, n_clusters, degrees_of_freedom(below / n))


def resample(counts: Ints, chance: Stream) -> Floats:
    """Resample people `REPLICATES` times, and add up their counts.

    Parameters
    ----------
    counts
        Counts of each person, shape (people, kinds of count).
    chance
        Draws of replicates, keyed by counts.

    Returns
    -------
    Sums of each replicate, shape (replicates, kinds of count).
    """
    outcomes, of_person = _distinct(counts)
    return _resample(outcomes, np.bincount(of_person, minlength=len(outcomes)), chance)


def _resample(outcomes: Ints, n_people: Ints, chance: Stream) -> Floats:
    counted = outcomes.any(axis=1)
    cells, n_people = outcomes[counted], n_people[counted]
    sums = np.zeros((REPLICATES, outcomes.shape[1]))
    replicate = np.arange(REPLICATES, dtype=np.uint64)
    for start in range(0, len(cells), _CELLS_AT_ONCE):
        rows = slice(start, start + _CELLS_AT_ONCE)
        ids = (_cell_ids(cells[rows])[None, :] << np.uint64(_REPLICATE_BITS)) | replicate[:, None]
        drawn = chance.uniform("bootstrap", ids.ravel()).reshape(ids.shape)
        sums += _poisson(drawn, n_people[rows]) @ cells[rows]
    return sums


def poisson_weights(people: Ints, n_replicates: int, chance: Stream) -> Iterator[Floats]:
    """Draw each replicate's weights of people, Poisson(1), for quantities that are no ratios.

    Parameters
    ----------
    people
        Person ids, shape (people,).
    n_replicates
        Number of replicates.
    chance
        Draws keyed by person and replicate.

    Yields
    ------
    Weights of one replicate, shape (people,).
    """
    ids = people % (1 << _ID_BITS)
    steps = pdtr(np.arange(_REACH + _REACH), 1.0)
    for replicate in range(n_replicates):
        drawn = chance.uniform("bootstrap", ids, draw=replicate)
        yield np.searchsorted(steps, drawn, side="right").astype(float)


def _distinct(counts: Ints) -> tuple[Ints, Ints]:
    """Give the distinct rows, sorted, and the place of each row among them."""
    codes = np.zeros(len(counts), np.int64)
    for column in counts.T:
        lower = _small(column)
        codes = _small(codes) * (int(lower.max(initial=0)) + 1) + lower
    numbers = _number(codes)
    # Numbers are given in the order in which codes come first.
    first = np.flatnonzero(np.diff(np.maximum.accumulate(numbers), prepend=-1))
    order = np.lexsort(counts[first].T[::-1])
    place = np.empty(len(first), np.int64)
    place[order] = np.arange(len(first))
    return counts[first[order]], place[numbers]


def _small(codes: Ints) -> Ints:
    """Give codes new numbers where they are so large that a product of two might not fit."""
    return codes if codes.max(initial=0) <= len(codes) else _number(codes)


def _number(codes: Ints) -> Ints:
    return np.asarray(pa.array(codes).dictionary_encode().indices).astype(np.int64)


def _cell_ids(cells: Ints) -> Words:
    """Hash each row of counts to 39 bits, so that its draws do not depend on other rows."""
    digests = (hashlib.blake2b(row.tobytes(), digest_size=5).digest() for row in cells)
    ids = np.array([int.from_bytes(digest, "little") for digest in digests], np.uint64)
    return ids >> np.uint64(1)


def _poisson(drawn: Floats, mean: Ints) -> Floats:
    """Invert the Poisson distribution: the least k with P(X <= k) > drawn; one mean a column."""
    counts = np.empty_like(drawn)
    for rate in np.unique(mean):
        reach = _REACH * np.sqrt(rate) + _REACH
        possible = np.arange(max(0, int(rate - reach)), int(rate + reach) + 1)
        columns = mean == rate
        places = np.searchsorted(pdtr(possible, rate), drawn[:, columns], side="right")
        counts[:, columns] = possible[0] + places
    return counts
