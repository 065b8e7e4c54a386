"""Fellegi and Sunter's model of candidate pairs, fitted without labels.

Each comparison has levels 0 (agrees fully), 1, 2, ...; -1 where a value is missing, which tells
nothing. Comparisons are taken to be independent given match or not:

    P(match | levels) = w prod m_i / (w prod m_i + (1 - w) prod u_i)

with w the share of matches among all pairs of the two tables, m_i and u_i the probabilities of
the i-th comparison's level among matches and among others. u is estimated from random pairs, of
which hardly one is a match. m and w are found by expectation maximisation over the candidates;
other pairs are taken for no matches. (If u were estimated among the candidates too, a blocking by
names alone would make agreement on names look like a match.)

References
----------
Fellegi and Sunter (1969), "A theory for record linkage"; Winkler (1988), "Using the EM algorithm
for weight computation in the Fellegi-Sunter model of record linkage".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints

_ROUNDS = 500
_TOLERANCE = 1e-7
_FLOOR = 0.5  # pairs added to each level, so that none is impossible
_LEAST_SHARE, _MOST_SHARE = 1e-12, 0.5
# EM finds the nearest optimum. It starts by taking pairs for matches, with this probability, that
# agree fully in at least this share of their known fields. Both are assumed.
_START_AGREEING = 0.75
_START_SURE = 0.95


@dataclass(frozen=True)
class _Patterns:
    """Distinct patterns of levels, the number of pairs of each, and the pattern of each pair."""

    levels: Ints
    counts: Ints
    of_pair: Ints


def match_probabilities(
    levels: Ints, random_levels: Ints, n_levels: tuple[int, ...], *, n_pairs: int
) -> Floats:
    """Fit the model to candidate pairs and give each pair's match probability.

    Parameters
    ----------
    levels
        Levels of the candidates, shape (pairs, comparisons); -1 is missing.
    random_levels
        Levels of random pairs, for u, shape (random pairs, comparisons).
    n_levels
        Number of levels of each comparison.
    n_pairs
        Number of all pairs of the two tables.

    Returns
    -------
    Match probabilities, shape (pairs,).
    """
    if not len(levels):
        return np.zeros(0)
    patterns = _distinct(levels)
    others = _distinct(random_levels)
    u = _frequencies(others, np.ones(len(others.counts)), n_levels)
    probability = _start(patterns.levels)
    for _ in range(_ROUNDS):
        before = probability
        share = min(float(patterns.counts @ probability) / n_pairs, _MOST_SHARE)
        m = _frequencies(patterns, probability, n_levels)
        probability = _expect(patterns.levels, m, u, share)
        if np.max(np.abs(probability - before)) < _TOLERANCE:
            break
    return probability[patterns.of_pair]


def _distinct(levels: Ints) -> _Patterns:
    if not len(levels):
        return _Patterns(levels, np.zeros(0, np.int64), np.zeros(0, np.int64))
    radix = levels.max(axis=0) + 2
    codes = np.ravel_multi_index(tuple((levels + 1).T), tuple(radix))
    _, first, of_pair, counts = np.unique(
        codes, return_index=True, return_inverse=True, return_counts=True
    )
    return _Patterns(levels[first], counts, of_pair)


def _start(levels: Ints) -> Floats:
    agreeing = (levels == 0).sum(axis=1) / np.maximum(1, (levels >= 0).sum(axis=1))
    return np.where(agreeing >= _START_AGREEING, _START_SURE, 1 - _START_SURE)


def _frequencies(patterns: _Patterns, weights: Floats, n_levels: tuple[int, ...]) -> list[Floats]:
    """Give the share of each level of each comparison among weighted pairs."""
    weighed = patterns.counts * weights
    shares = []
    for place, size in enumerate(n_levels):
        known = patterns.levels[:, place] >= 0
        sums = np.bincount(patterns.levels[known, place], weighed[known], minlength=size) + _FLOOR
        shares.append(sums / sums.sum())
    return shares


def _expect(levels: Ints, m: list[Floats], u: list[Floats], share: float) -> Floats:
    log_odds = np.full(len(levels), np.log(max(share, _LEAST_SHARE) / (1 - share)))
    for place, (among_matches, among_others) in enumerate(zip(m, u, strict=True)):
        # A missing value adds nothing: the level -1 finds the last entry, 0.
        weight = np.append(np.log(among_matches / among_others), 0.0)
        log_odds += weight[levels[:, place]]
    return 1 / (1 + np.exp(-np.clip(log_odds, -700, 700)))
