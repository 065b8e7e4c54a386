"""Similarity attack: records resemble each other in code as they do in clear.

The attacker compares all encoded records with each other, and all its own in clear, and looks for
the assignment under which the two graphs of similarity agree. It needs no key. Nodes first get
features (their nearest similarities and the spread of all), whose best assignment is the start of
a search for the assignment of the whole graphs (FAQ: Frank and Wolfe's method on the relaxed
problem); then, round by round, each record is matched by its similarities to those whose matches
agree best. Features alone, as in the first published attack, fail where few people are on both
sides; the search does not need all of them.

References
----------
Vidanage, Ranbaduge, Christen and Schnell (2020), "A graph matching attack on privacy-preserving
record linkage", CIKM; Heng, Armknecht, Chen and Schnell (2022), "On the effectiveness of graph
matching attacks against privacy-preserving record linkage", PLOS ONE 17; Vogelstein et al. (2015),
"Fast approximate quadratic programming for graph matching", PLOS ONE 10.
"""

from __future__ import annotations

import warnings

import numpy as np
import pyarrow as pa
from scipy.optimize import linear_sum_assignment, quadratic_assignment

from darkfigure.linkage_eval.linkers.bloom import FIELDS, bigrams, unpack
from darkfigure.linkage_eval.privacy.trials import NO_GUESS
from darkfigure.synth.core.arrays import Bytes, Floats, Ints, Words

_NEAREST = 10
_QUANTILES = 25
# How the search goes; assumed. That similarities count as they are, and not squared, was chosen
# with the truth of ten scenes seen.
_STEPS, _ENOUGH, _FIRST_WEIGHT = 40, 0.01, 0.5
_ROUNDS, _FIRST_SHARE, _MORE_A_ROUND = 12, 0.3, 0.06  # share of matches trusted at first, and more
_LEAST_TRUSTED = 20


def graph_attack(encoded: Words, known: pa.Table, *, fields: tuple[str, ...] = FIELDS) -> Ints:
    """Guess the attacker's record that each encoded record stands for.

    Parameters
    ----------
    encoded
        Bloom filters, shape (records, words).
    known
        The attacker's records (schema `RECORDS`).
    fields
        Fields that the attacker thinks are in the filters.

    Returns
    -------
    Row of `known` for each encoded record, shape (records,); -1 for those left over where `known`
    has fewer.
    """
    guesses = np.full(len(encoded), NO_GUESS)
    if min(len(encoded), known.num_rows) < 3:
        return guesses
    codes = _standardised(similarities(unpack(encoded)))
    clear = _standardised(similarities(bigram_sets(known, fields)))
    left, right = _search(codes, clear)
    for turn in range(_ROUNDS):
        share = min(1.0, _FIRST_SHARE + turn * _MORE_A_ROUND)
        n_trusted = max(_LEAST_TRUSTED, int(share * len(left)))
        agreement = _correlations(codes[:, left], clear[:, right])[left, right]
        trusted = np.argsort(-agreement, kind="stable")[:n_trusted]
        likeness = _correlations(codes[:, left[trusted]], clear[:, right[trusted]])
        left, right = linear_sum_assignment(-likeness)
    guesses[left] = right
    return guesses


def bigram_sets(records: pa.Table, fields: tuple[str, ...]) -> Bytes:
    """Mark the bigrams of each record.

    Parameters
    ----------
    records
        Schema `RECORDS`.
    fields
        Fields whose bigrams count; a bigram of two fields counts as two.

    Returns
    -------
    1 where the record has the bigram, else 0; shape (records, bigrams).
    """
    places: dict[tuple[str, str], int] = {}
    rows, columns = [], []
    for field in fields:
        for row, text in enumerate(records[field].cast(pa.string()).to_pylist()):
            for bigram in set(bigrams(text)) if text is not None else ():
                rows.append(row)
                columns.append(places.setdefault((field, bigram), len(places)))
    sets = np.zeros((records.num_rows, len(places)), np.uint8)
    sets[rows, columns] = 1
    return sets


def similarities(bits: Bytes) -> Floats:
    """Compare all records by Dice's coefficient.

    Parameters
    ----------
    bits
        0 or 1, shape (records, bits).

    Returns
    -------
    Shape (records, records); 0 on the diagonal.
    """
    ones = bits.astype(np.float32)
    weights = ones.sum(axis=1)
    total = np.maximum(weights[:, None] + weights[None, :], 1)
    similar = (2 * (ones @ ones.T) / total).astype(np.float64)
    np.fill_diagonal(similar, 0.0)
    return similar


def _standardised(similar: Floats) -> Floats:
    """Give similarities mean 0 and spread 1: bits of bigrams collide, so that codes have others."""
    apart = ~np.eye(len(similar), dtype=bool)
    values = similar[apart]
    out = np.zeros_like(similar)
    out[apart] = (values - values.mean()) / max(float(values.std()), 1e-9)
    return out


def _search(codes: Floats, clear: Floats) -> tuple[Ints, Ints]:
    """Assign records so that the two graphs agree; the smaller is filled up with the mean."""
    n_codes, n_clear = len(codes), len(clear)
    size = max(n_codes, n_clear)
    left, right = linear_sum_assignment(_squared_distances(_profiles(codes), _profiles(clear)))
    start = np.full((size, size), (1 - _FIRST_WEIGHT) / size)
    free = [np.setdiff1d(np.arange(size), taken) for taken in (left, right)]
    start[np.append(left, free[0]), np.append(right, free[1])] += _FIRST_WEIGHT
    filled = [
        np.pad(side, (0, size - len(side)))  # on both axes, with 0
        for side in (codes, clear)
    ]
    options = {"maximize": True, "P0": start, "maxiter": _STEPS, "tol": _ENOUGH}
    with warnings.catch_warnings():
        # Where engines have seeded NumPy, SciPy warns of a chance that a given start leaves unused.
        warnings.simplefilter("ignore", FutureWarning)
        matched = quadratic_assignment(*filled, method="faq", options=options).col_ind
    rows = np.flatnonzero((np.arange(size) < n_codes) & (matched < n_clear))
    return rows, matched[rows]


def _profiles(similar: Floats) -> Floats:
    """Describe each record by its nearest similarities and by quantiles of all."""
    nearest = np.sort(similar, axis=1)[:, ::-1][:, : min(_NEAREST, len(similar) - 1)]
    padded = np.zeros((len(similar), _NEAREST))
    padded[:, : nearest.shape[1]] = nearest
    spread = np.quantile(similar, np.linspace(0.02, 0.98, _QUANTILES), axis=1).T
    profiles = np.hstack([padded, spread])
    return (profiles - profiles.mean(axis=0)) / np.maximum(profiles.std(axis=0), 1e-9)


def _squared_distances(left: Floats, right: Floats) -> Floats:
    squares = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)[None, :]
    return np.asarray(squares - 2 * left @ right.T)


def _correlations(left: Floats, right: Floats) -> Floats:
    """Correlate all rows of one table with all rows of another, columns centred first."""
    sides = []
    for side in (left, right):
        centred = side - side.mean(axis=0)
        centred = centred - centred.mean(axis=1, keepdims=True)
        length = np.linalg.norm(centred, axis=1, keepdims=True)
        sides.append(centred / np.maximum(length, 1e-9))
    return np.asarray(sides[0] @ sides[1].T)
