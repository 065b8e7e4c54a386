"""Similarity attack: records resemble each other in code as they do in clear.

The attacker compares all encoded records with each other, and all its own in clear, and looks for
the assignment under which the two graphs of similarity agree: first by each record's profile of
similarities, then, round by round, by its similarities to the records that are matched already.
It needs no key. A compact stand-in for the published graph-matching attacks.

References
----------
Vidanage, Ranbaduge, Christen and Schnell (2020), "A graph matching attack on privacy-preserving
record linkage", CIKM.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy.optimize import linear_sum_assignment

from darkfigure.linkage_eval.linkers.bloom import FIELDS, bigrams, unpack
from darkfigure.linkage_eval.privacy.trials import NO_GUESS
from darkfigure.synth.core.arrays import Bytes, Floats, Ints, Words

_NEAREST = 10
_QUANTILES = 25
_ROUNDS = 30
_FIRST_SHARE, _ROUNDS_TO_ALL = 0.1, 15  # share of matches trusted at first, rounds until all are
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
    codes = similarities(unpack(encoded))
    clear = _on_scale_of(codes, similarities(bigram_sets(known, fields)))
    profiles = [_profiles(side) for side in (codes, clear)]
    likeness = -_squared_distances(*profiles)
    left, right = linear_sum_assignment(-likeness)
    for turn in range(_ROUNDS):
        share = min(1.0, _FIRST_SHARE + turn * (1 - _FIRST_SHARE) / _ROUNDS_TO_ALL)
        n_trusted = max(_LEAST_TRUSTED, int(share * len(left)))
        trusted = np.argsort(-likeness[left, right], kind="stable")[:n_trusted]
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


def _on_scale_of(model: Floats, values: Floats) -> Floats:
    """Give values the mean and spread of a model, which differ since bits of bigrams collide."""
    apart = ~np.eye(len(values), dtype=bool)
    theirs = model[~np.eye(len(model), dtype=bool)]
    own = values[apart]
    out = values.copy()
    out[apart] = (own - own.mean()) / max(float(own.std()), 1e-9) * theirs.std() + theirs.mean()
    return out


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
