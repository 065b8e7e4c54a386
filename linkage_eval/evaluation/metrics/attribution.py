"""Why recall is what it is: missed pairs shared out among their causes, so that it adds up.

Whether a pair is missed is modelled by what stands between its records (`missed.find_causes`;
an address or a name that changed counts once, as a move or a change of name):

    P(missed | causes C) = 1 / (1 + exp(-(b_0 + sum over c in C of b_c)))

fitted to all true pairs by maximum likelihood with a small ridge on every b_c but b_0. Without a
penalty on b_0 the fitted probabilities of all pairs sum exactly to the missed pairs. A pair's
probability is shared out by Shapley's rule: each cause gets the mean, over all orders in which
the pair's causes could have arisen, of what the probability rises by when it does; what remains
with no cause at all is the share of `NO_CAUSE`. So shares sum to the missed pairs.

What recall would be without a cause puts its coefficient to nothing wherever it stands. That
holds the rest of the world fixed; `tests` compare it with the same world generated without it.

References
----------
Shapley (1953); Owen (2014) on Shapley values as shares of an outcome. The ridge is assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import factorial

import numpy as np
import pyarrow as pa
from scipy.special import expit

from darkfigure.linkage_eval.evaluation.metrics.missed import NO_CAUSE
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.stats.ratios import poisson_weights
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream

REPLICATES = 50
_RIDGE = 0.5
_STEPS = 50
_TOLERANCE = 1e-9
_ROUGHLY = 0.01  # of resamples' coefficients, whose quantiles need no more
_MOST_CAUSES = 8  # of one pair; with more, the strongest are shared out and the rest go first
_LEVEL = 0.95

ATTRIBUTION = pa.schema(
    [
        pa.field("cause", pa.string()),
        pa.field("n_missed", pa.float64()),
        pa.field("low", pa.float64()),
        pa.field("high", pa.float64()),
        pa.field("share_of_missed", pa.float64()),
        pa.field("recall_without", pa.float64()),
        pa.field("recall_without_low", pa.float64()),
        pa.field("recall_without_high", pa.float64()),
        pa.field("n_pairs_with", pa.int64()),
    ]
)


@dataclass(frozen=True)
class _Sets:
    """Distinct sets of causes: shape (sets, causes), and the set of each true pair."""

    names: tuple[str, ...]
    has: Mask
    of_pair: Ints


@dataclass(frozen=True)
class _Design:
    """Who has what, as places: sets and their causes, the intercept among them as cause 0.

    Sets have few causes of many. Sums over what they have take a fraction of the time of matrix
    products, which besides start threads that cost more than they bring at this size.

    Parameters
    ----------
    row, column
        A set and a cause that it has, row by row.
    pair_row, pair
        A set and two causes that it has, as `one * n_columns + other`.
    """

    shape: tuple[int, int]
    row: Ints
    column: Ints
    pair_row: Ints
    pair: Ints

    @classmethod
    def of(cls, has: Mask) -> _Design:
        whole = np.column_stack([np.ones(len(has), bool), has])
        row, column = np.nonzero(whole)
        n_columns = np.bincount(row, minlength=len(has))
        first = np.cumsum(n_columns) - n_columns
        partners = n_columns[row]
        one = np.repeat(np.arange(len(row)), partners)
        nth = np.arange(len(one)) - np.repeat(np.cumsum(partners) - partners, partners)
        other = first[row[one]] + nth
        pair = column[one] * whole.shape[1] + column[other]
        return cls(whole.shape, row, column, row[one], pair)

    def times(self, effects: Floats) -> Floats:
        """Add up effects, shape (1 + causes,), of each set."""
        return _sums(self.row, effects[self.column], self.shape[0])

    def gather(self, weights: Floats) -> Floats:
        """Add up weights of sets, shape (sets,), by cause."""
        return _sums(self.column, weights[self.row], self.shape[1])

    def gather_pairs(self, weights: Floats) -> Floats:
        """Add up weights of sets by cause and cause."""
        size = self.shape[1]
        return _sums(self.pair, weights[self.pair_row], size * size).reshape(size, size)


def _sums(of: Ints, weights: Floats, size: int) -> Floats:
    return np.bincount(of, weights, size).astype(float, copy=False)


@dataclass(frozen=True)
class _Shares:
    """Missed pairs by cause, no cause last; and missed pairs that would remain without each."""

    missed: Floats
    without: Floats


def attribute_missed(judged: ScoredLinks, causes: pa.Table, chance: Stream) -> pa.Table:
    """Share missed pairs out among causes (schema `ATTRIBUTION`), `NO_CAUSE` last.

    Parameters
    ----------
    judged
        Links set against the truth.
    causes
        `pair` and `cause`, as `missed.gather_causes` gives them.
    chance
        Of the intervals, which resample people.

    Returns
    -------
    `n_missed` sums to the missed pairs, to 1e-6 of them; recall without `NO_CAUSE` is null.
    """
    missed = judged.missed
    sets = _distinct_sets(causes, len(missed))
    if not len(missed):
        return ATTRIBUTION.empty_table()
    n_sets = len(sets.has)
    n_pairs = np.bincount(sets.of_pair, minlength=n_sets).astype(float)
    n_missed = np.bincount(sets.of_pair, missed, minlength=n_sets).astype(float)
    start = np.zeros(len(sets.names) + 1)
    design = _Design.of(sets.has)
    fitted = _fit(design, n_pairs, n_missed, start)
    found = _share_out(sets.has, design, n_pairs, fitted)
    replicates = []
    owner = judged.truth.left_rows[judged.truth.pairs_left]
    for weights in poisson_weights(judged.truth.people, REPLICATES, chance.stage("attribution")):
        weighed = weights[owner]
        all_pairs, of_missed = (
            np.bincount(sets.of_pair, some, minlength=n_sets).astype(float)
            for some in (weighed, weighed * missed)
        )
        again = _fit(design, all_pairs, of_missed, fitted, tolerance=_ROUGHLY)
        replicates.append((_share_out(sets.has, design, all_pairs, again), float(all_pairs.sum())))
    return _tabulate(sets, found, replicates, missed=missed)


def _distinct_sets(causes: pa.Table, n_pairs: int) -> _Sets:
    names, codes = np.unique(causes["cause"].to_numpy().astype(str), return_inverse=True)
    has = np.zeros((n_pairs, len(names)), bool)
    has[causes["pair"].to_numpy(), codes] = True
    packed = np.packbits(has, axis=1)
    if not packed.shape[1]:
        return _Sets((), np.zeros((1, 0), bool), np.zeros(n_pairs, np.int64))
    _, first, of_pair = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return _Sets(tuple(str(name) for name in names), has[first], of_pair.ravel())


def _fit(
    design: _Design,
    n_pairs: Floats,
    n_missed: Floats,
    start: Floats,
    *,
    tolerance: float = _TOLERANCE,
) -> Floats:
    """Fit b_0 and each cause's b by Newton's method; shape (1 + causes,)."""
    ridge = np.full(design.shape[1], _RIDGE)
    ridge[0] = 0.0
    if not 0 < n_missed.sum() < n_pairs.sum():
        # Nothing or everything is missed: no cause tells anything.
        flat = np.zeros(design.shape[1])
        flat[0] = -np.inf if not n_missed.sum() else np.inf
        return flat
    fitted = start if np.isfinite(start[0]) else np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chances = expit(design.times(fitted))
        slope = design.gather(n_missed - n_pairs * chances) - ridge * fitted
        bend = design.gather_pairs(n_pairs * chances * (1 - chances))
        bend[np.diag_indices_from(bend)] += ridge + 1e-9
        step = np.linalg.solve(bend, slope)
        # Far from the optimum full steps overshoot.
        fitted = fitted + step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < tolerance:
            break
    return fitted


def _share_out(has: Mask, design: _Design, n_pairs: Floats, fitted: Floats) -> _Shares:
    base, effects = fitted[0], fitted[1:]
    shares = np.zeros(len(effects) + 1)
    shares[-1] = float(n_pairs.sum()) * float(expit(base))
    sizes = has.sum(axis=1)
    # With nothing or all missed there is nothing to share out.
    for size in np.unique(sizes[sizes > 0]) if np.isfinite(base) else ():
        alike = sizes == size
        causes = np.nonzero(has[alike])[1].reshape(-1, size)
        parts = _shapley(base, effects[causes]) * n_pairs[alike, None]
        np.add.at(shares, causes, parts)
    return _Shares(shares, _without(design, n_pairs, fitted))


def _without(design: _Design, n_pairs: Floats, fitted: Floats) -> Floats:
    """Give the missed pairs that remain without each cause, shape (causes,)."""
    log_odds = design.times(fitted)
    whole = expit(log_odds)
    effects = np.append(0.0, fitted[1:])
    removed = expit(log_odds[design.row] - effects[design.column])
    saved = n_pairs[design.row] * (whole[design.row] - removed)
    return float(n_pairs @ whole) - _sums(design.column, saved, design.shape[1])[1:]


def _shapley(base: float, effects: Floats) -> Floats:
    """Share expit(base + sum of effects) - expit(base) out among the effects of each row."""
    shares = np.zeros_like(effects)
    bases = np.full(len(effects), base)
    order = np.argsort(-np.abs(effects), axis=1, kind="stable")
    # Beyond the strongest, causes go first, one after the other.
    for place in range(_MOST_CAUSES, effects.shape[1]):
        rows = np.arange(len(effects)), order[:, place]
        shares[rows] = expit(bases + effects[rows]) - expit(bases)
        bases += effects[rows]
    strongest = order[:, :_MOST_CAUSES]
    subsets, weights = _subsets(strongest.shape[1])
    chosen = np.take_along_axis(effects, strongest, axis=1)
    reached = expit(bases[:, None] + chosen @ subsets.T)
    np.put_along_axis(shares, strongest, reached @ weights.T, axis=1)
    return shares


@lru_cache(maxsize=_MOST_CAUSES + 1)
def _subsets(size: int) -> tuple[Floats, Floats]:
    """Give all subsets, shape (2^size, size), and Shapley's weights, shape (size, 2^size)."""
    every = [set(some) for n in range(size + 1) for some in combinations(range(size), n)]
    subsets = np.array([[float(one in some) for one in range(size)] for some in every])
    weights = np.zeros((size, len(every)))
    for place, some in enumerate(every):
        n = len(some)
        for one in range(size):
            before = n - 1 if one in some else n
            orders = factorial(before) * factorial(size - before - 1) / factorial(size)
            weights[one, place] = orders if one in some else -orders
    return subsets.reshape(len(every), size), weights


def _tabulate(
    sets: _Sets, found: _Shares, replicates: list[tuple[_Shares, float]], *, missed: Mask
) -> pa.Table:
    n_pairs, n_missed = len(missed), int(missed.sum())
    tails = [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]
    shares = np.quantile([one.missed for one, _ in replicates], tails, axis=0)
    recalls = np.quantile([1 - one.without / max(n, 1) for one, n in replicates], tails, axis=0)
    n_with = np.bincount(sets.of_pair, minlength=len(sets.has)) @ sets.has
    rows = []
    for place, cause in enumerate((*sets.names, NO_CAUSE)):
        row = {
            "cause": cause,
            "n_missed": float(found.missed[place]),
            "low": float(shares[0, place]),
            "high": float(shares[1, place]),
            "share_of_missed": float(found.missed[place]) / n_missed if n_missed else None,
        }
        if cause != NO_CAUSE:
            row |= {
                "recall_without": 1 - float(found.without[place]) / n_pairs,
                "recall_without_low": float(recalls[0, place]),
                "recall_without_high": float(recalls[1, place]),
                "n_pairs_with": int(n_with[place]),
            }
        else:
            row["n_pairs_with"] = n_pairs - int(np.any(sets.has[sets.of_pair], axis=1).sum())
        rows.append(row)
    return pa.Table.from_pylist(rows, ATTRIBUTION)
