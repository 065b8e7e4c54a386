"""Attribution of missed pairs to their causes, so that the shares sum to all missed pairs.

The model of a missed pair has the causes between its records (`missed.find_causes`; an address or
a name that changed counts once, as a move or a change of name):

    P(missed | causes C) = 1 / (1 + exp(-(b_0 + sum over c in C of b_c)))

fitted to all true pairs by maximum likelihood with a small ridge on every b_c but b_0. Rules do not
add log odds: one cause may miss a pair for certain, and a second change nothing. Where pairs have
just these causes, the model is therefore drawn towards the share of them that is missed, as if it
were `_PRIOR` pairs; a pair's own set of causes has the share that was seen.

A pair's probability is shared out by Shapley's rule: each cause gets the mean rise in probability
that it brings, over all orders in which the pair's causes could have arisen; the probability with
no cause at all is the share of `NO_CAUSE`. So shares sum to the missed pairs.

Causes are those in fields that the linker reads, where it is known which (`LinkerClaims.reads`; a
suite may have them found, `runs.read_fields`): what it does not see cannot be why it misses a pair.

Recall without a cause takes the cause from the set of every pair. The rest of the world stays
fixed; `benchmarks/attribution_and_worlds.py` compares the result with the same world generated
without the cause: faults agree, of moves too much is said.

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
from darkfigure.linkage_eval.rows import Attributed, contents_of
from darkfigure.linkage_eval.stats.ratios import poisson_weights
from darkfigure.synth.core.arrays import Floats, Ints, Mask
from darkfigure.synth.core.chance import Stream

REPLICATES = 50
_RIDGE = 0.5
_STEPS = 50
_TOLERANCE = 1e-9
_ROUGHLY = 0.01  # tolerance of resamples' coefficients, whose quantiles need no more
_PRIOR = 5.0  # pairs that the model is worth beside those with the same causes; assumed
_CODE_BITS, _NONE = 53, 1e-12  # of the numbers of causes; fewer pairs than any
_MOST_CAUSES = 8  # of one pair; with more, the strongest are shared out and the rest go first
_LEVEL = 0.95

ATTRIBUTION = contents_of(Attributed)


@dataclass(frozen=True)
class _Sets:
    """Distinct sets of causes: shape (sets, causes), and the set of each true pair."""

    names: tuple[str, ...]
    has: Mask
    of_pair: Ints


@dataclass(frozen=True)
class _Design:
    """The design matrix of sets and their causes, as places of its ones; the intercept is cause 0.

    Sets have few causes of many. Sums over these take a fraction of the time of matrix products,
    which besides start threads that cost more than they bring at this size.

    Parameters
    ----------
    row, column
        A set and a cause that it has, row by row.
    pair_row, pair
        A set and two causes that it has, as `first * n_columns + second`.
    """

    shape: tuple[int, int]
    row: Ints
    column: Ints
    pair_row: Ints
    pair: Ints

    @classmethod
    def of(cls, has: Mask) -> _Design:
        with_intercept = np.column_stack([np.ones(len(has), bool), has])
        row, column = np.nonzero(with_intercept)
        n_columns = np.bincount(row, minlength=len(has))
        first = np.cumsum(n_columns) - n_columns
        partners = n_columns[row]
        entry = np.repeat(np.arange(len(row)), partners)
        nth = np.arange(len(entry)) - np.repeat(np.cumsum(partners) - partners, partners)
        partner = first[row[entry]] + nth
        pair = column[entry] * with_intercept.shape[1] + column[partner]
        return cls(with_intercept.shape, row, column, row[entry], pair)

    def times(self, effects: Floats) -> Floats:
        """Add up the effects, shape (1 + causes,), of each set's causes."""
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
        Draws of the intervals, which resample people.

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
    coefficients = _fit(design, n_pairs, n_missed, start)
    codes = _codes(len(sets.names))
    shares = _share_out(
        sets.has, design, _Rates.of(sets.has, codes, n_pairs, n_missed), coefficients
    )
    replicates = []
    owner = judged.truth.left_rows[judged.truth.pairs_left]
    for weights in poisson_weights(judged.truth.people, REPLICATES, chance.stage("attribution")):
        weighed = weights[owner]
        all_pairs, of_missed = (
            np.bincount(sets.of_pair, row_weights, minlength=n_sets).astype(float)
            for row_weights in (weighed, weighed * missed)
        )
        refitted = _fit(design, all_pairs, of_missed, coefficients, tolerance=_ROUGHLY)
        rates = _Rates.of(sets.has, codes, all_pairs, of_missed)
        replicates.append((_share_out(sets.has, design, rates, refitted), float(all_pairs.sum())))
    return _tabulate(sets, shares, replicates, missed=missed)


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
    coefficients = start if np.isfinite(start[0]) else np.zeros(design.shape[1])
    for _ in range(_STEPS):
        probabilities = expit(design.times(coefficients))
        gradient = design.gather(n_missed - n_pairs * probabilities) - ridge * coefficients
        hessian = design.gather_pairs(n_pairs * probabilities * (1 - probabilities))
        hessian[np.diag_indices_from(hessian)] += ridge + 1e-9
        step = np.linalg.solve(hessian, gradient)
        # Far from the optimum full steps overshoot.
        coefficients = coefficients + step * min(1.0, 4.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < tolerance:
            break
    return coefficients


def _codes(n_causes: int) -> Ints:
    """Give each cause a number; those of a set, XORed, are the number of the set."""
    return Stream(1, ("attribution",)).below("codes", np.arange(n_causes), 1 << _CODE_BITS)


@dataclass(frozen=True)
class _Rates:
    """Sets of causes by number, sorted, with all their pairs and the missed ones.

    `code`, `n_pairs` and `n_missed` are in the order of the sets, `order` sorts them.
    """

    causes: Ints
    code: Ints
    order: Ints
    n_pairs: Floats
    n_missed: Floats

    @classmethod
    def of(cls, has: Mask, causes: Ints, n_pairs: Floats, n_missed: Floats) -> _Rates:
        code = np.bitwise_xor.reduce(np.where(has, causes, 0), axis=1, initial=0)
        return cls(causes, code, np.argsort(code), n_pairs, n_missed)

    @property
    def seen(self) -> Floats:
        """The share of each set's pairs that is missed; 0 of sets without pairs."""
        return self.n_missed / np.maximum(self.n_pairs, _NONE)

    def near(self, code: Ints, modelled: Floats) -> Floats:
        """Draw modelled probabilities of sets, by number, towards the shares that were seen."""
        place = np.searchsorted(self.code, code, sorter=self.order)
        at = self.order[np.minimum(place, len(self.order) - 1)]
        known = self.code[at] == code
        n_pairs, n_missed = (np.where(known, n[at], 0.0) for n in (self.n_pairs, self.n_missed))
        return np.asarray((n_missed + _PRIOR * modelled) / (n_pairs + _PRIOR))


def _share_out(has: Mask, design: _Design, rates: _Rates, coefficients: Floats) -> _Shares:
    base, effects = coefficients[0], coefficients[1:]
    shares = np.zeros(len(effects) + 1)
    if not np.isfinite(base):  # with nothing or all missed there is nothing to share out
        shares[-1] = float(rates.n_missed.sum())
        return _Shares(shares, np.full(len(effects), shares[-1]))
    alone = expit(base)
    nobody = float(rates.near(np.zeros(1, np.int64), np.array([alone]))[0])
    sizes = has.sum(axis=1)
    for size in np.unique(sizes):
        of_size = sizes == size
        n_pairs, seen = rates.n_pairs[of_size], rates.seen[of_size]
        if not size:
            shares[-1] += n_pairs @ seen
            continue
        causes = np.nonzero(has[of_size])[1].reshape(-1, size)
        start = nobody if size <= _MOST_CAUSES else alone
        parts = _shapley(base, effects[causes], rates, rates.causes[causes], seen, start)
        np.add.at(shares, causes, parts * n_pairs[:, None])
        shares[-1] += start * n_pairs.sum()
    return _Shares(shares, _without(design, rates, coefficients))


def _without(design: _Design, rates: _Rates, coefficients: Floats) -> Floats:
    """Give the missed pairs that remain without each cause, shape (causes,)."""
    log_odds = design.times(coefficients)
    effects = np.append(0.0, coefficients[1:])
    codes = np.append(0, rates.causes)[design.column] ^ rates.code[design.row]
    modelled = expit(log_odds[design.row] - effects[design.column])
    saved = rates.seen[design.row] - rates.near(codes, modelled)
    saved *= rates.n_pairs[design.row]
    return float(rates.n_missed.sum()) - _sums(design.column, saved, design.shape[1])[1:]


def _shapley(
    base: float, effects: Floats, rates: _Rates, codes: Ints, seen: Floats, start: float
) -> Floats:
    """Share what was seen, less what there is without causes, out among the causes of each row."""
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
    if effects.shape[1] <= _MOST_CAUSES:
        numbers = np.take_along_axis(codes, strongest, axis=1)
        parts = np.where(subsets[None, :, :] > 0, numbers[:, None, :], 0)
        reached = rates.near(np.bitwise_xor.reduce(parts, axis=2), reached)
        reached[:, 0] = start
    reached[:, -1] = seen
    np.put_along_axis(shares, strongest, reached @ weights.T, axis=1)
    return shares


@lru_cache(maxsize=_MOST_CAUSES + 1)
def _subsets(size: int) -> tuple[Floats, Floats]:
    """Give all subsets, shape (2^size, size), and Shapley's weights, shape (size, 2^size)."""
    all_subsets = [set(subset) for n in range(size + 1) for subset in combinations(range(size), n)]
    subsets = np.array(
        [[float(cause in subset) for cause in range(size)] for subset in all_subsets]
    )
    weights = np.zeros((size, len(all_subsets)))
    for place, subset in enumerate(all_subsets):
        n = len(subset)
        for cause in range(size):
            before = n - 1 if cause in subset else n
            orders = factorial(before) * factorial(size - before - 1) / factorial(size)
            weights[cause, place] = orders if cause in subset else -orders
    return subsets.reshape(len(all_subsets), size), weights


def _tabulate(
    sets: _Sets, point: _Shares, replicates: list[tuple[_Shares, float]], *, missed: Mask
) -> pa.Table:
    n_pairs, n_missed = len(missed), int(missed.sum())
    tails = [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]
    missed_limits = np.quantile([replicate.missed for replicate, _ in replicates], tails, axis=0)
    recall_limits = np.quantile(
        [1 - replicate.without / max(n, 1) for replicate, n in replicates], tails, axis=0
    )
    n_with = np.bincount(sets.of_pair, minlength=len(sets.has)) @ sets.has
    rows = []
    for place, cause in enumerate((*sets.names, NO_CAUSE)):
        row = {
            "cause": cause,
            "n_missed": float(point.missed[place]),
            "low": float(missed_limits[0, place]),
            "high": float(missed_limits[1, place]),
            "share_of_missed": float(point.missed[place]) / n_missed if n_missed else None,
        }
        if cause != NO_CAUSE:
            row |= {
                "recall_without": 1 - float(point.without[place]) / n_pairs,
                "recall_without_low": float(recall_limits[0, place]),
                "recall_without_high": float(recall_limits[1, place]),
                "n_pairs_with": int(n_with[place]),
            }
        else:
            row["n_pairs_with"] = n_pairs - int(np.any(sets.has[sets.of_pair], axis=1).sum())
        rows.append(row)
    return pa.Table.from_pylist(rows, ATTRIBUTION)
