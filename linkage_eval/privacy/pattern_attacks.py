"""Attacks on frequency: whole codes that repeat, and bits that go together.

Both are compact renderings of the published attacks, which do more; their failure proves nothing.

References
----------
Christen, Schnell, Vatsalan and Ranbaduge (2017), "Efficient cryptanalysis of Bloom filters for
privacy-preserving record linkage", PAKDD; Christen, Vidanage, Ranbaduge and Schnell (2018),
"Pattern-mining based cryptanalysis of Bloom filters for privacy-preserving record linkage", PAKDD.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darkfigure.linkage_eval.linkers.bloom import FIELDS, HASHES, unpack
from darkfigure.linkage_eval.privacy.graph_attack import bigram_sets
from darkfigure.linkage_eval.privacy.trials import NO_GUESS
from darkfigure.synth.core.arrays import Floats, Ints, Mask, Words

_MOST_PATTERNS = 60
_LEAST_SUPPORT = 0.02  # rarer patterns cannot be told from chance; assumed


def frequency_attack(encoded: Words, known: pa.Table, *, fields: tuple[str, ...] = FIELDS) -> Ints:
    """Take the most frequent code for the most frequent value, the next for the next, and so on.

    Only codes and values that come more than once have a rank; ties are broken by row, so that
    codes which never repeat, as those of whole records, give the attacker nothing.

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
    Row of the attacker's first record with that value for each encoded record, shape (records,);
    -1 for no guess.
    """
    codes = _ranked(np.array([row.tobytes() for row in encoded], object))
    texts = zip(*(known[name].cast(pa.string()).to_pylist() for name in fields), strict=True)
    values = _ranked(np.array(["\x1f".join(cell or "" for cell in row) for row in texts], object))
    guesses = np.full(len(encoded), NO_GUESS)
    for code, value in zip(codes, values, strict=False):
        guesses[code] = value[0]
    return guesses


def pattern_attack(encoded: Words, known: pa.Table, *, fields: tuple[str, ...] = FIELDS) -> Ints:
    """Find sets of bits that go together, take each for a bigram as frequent, and match records.

    Parameters
    ----------
    encoded, known, fields
        As for `frequency_attack`.

    Returns
    -------
    Row of the attacker's record that best fits the bigrams recognised in each encoded record,
    shape (records,); -1 unless each is the best of the other and no other is as good.
    """
    guesses = np.full(len(encoded), NO_GUESS)
    if not len(encoded) or not known.num_rows:
        return guesses
    bits = unpack(encoded).astype(bool)
    bigrams = bigram_sets(known, fields).astype(bool)
    frequent = np.argsort(-bigrams.mean(axis=0), kind="stable")
    patterns = _patterns(bits, min(_MOST_PATTERNS, len(frequent)))
    if not len(patterns):
        return guesses
    # Patterns by support stand for bigrams by frequency.
    order = np.argsort(-patterns.mean(axis=1), kind="stable")
    chosen = bigrams[:, frequent[: len(patterns)]]
    fits = -_differences(patterns[order].T, chosen)
    best = fits.argmax(axis=1)
    sure = (fits == fits.max(axis=1)[:, None]).sum(axis=1) == 1
    mutual = fits.argmax(axis=0)[best] == np.arange(len(bits))
    guesses[sure & mutual] = best[sure & mutual]
    return guesses


def _ranked(keys: NDArray[np.object_]) -> list[Ints]:
    """Give the rows of each key that repeats, most frequent first."""
    groups: dict[object, list[int]] = {}
    for row, key in enumerate(keys):
        groups.setdefault(key, []).append(row)
    repeated = [np.array(rows) for rows in groups.values() if len(rows) > 1]
    return sorted(repeated, key=lambda rows: (-len(rows), int(rows[0])))


def _patterns(bits: Mask, most: int) -> Mask:
    """Find the sets of bits, as many as a bigram sets, that are most often set together.

    Returns
    -------
    True where the record has the pattern, shape (patterns, records).
    """
    unexplained, patterns = bits.copy(), []
    for _ in range(most):
        ones = unexplained.astype(np.float32)
        together = ones.T @ ones
        np.fill_diagonal(together, 0)
        first, second = np.unravel_index(together.argmax(), together.shape)
        rows, chosen = unexplained[:, first] & unexplained[:, second], [int(first), int(second)]
        while len(chosen) < HASHES:
            support = ones[rows].sum(axis=0)
            support[chosen] = -1
            best = int(support.argmax())
            rows, chosen = rows & unexplained[:, best], [*chosen, best]
        if rows.mean() < _LEAST_SUPPORT:
            break
        patterns.append(rows)
        # Bits that this pattern explains no longer count, so that the next is another one.
        unexplained[np.ix_(np.flatnonzero(rows), np.array(chosen))] = False
    return np.array(patterns)


def _differences(left: Mask, right: Mask) -> Floats:
    ones, others = left.astype(np.float64), right.astype(np.float64)
    return np.asarray(ones @ (1 - others).T + (1 - ones) @ others.T)
