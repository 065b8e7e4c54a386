"""A fixed piece of work, by whose CPU time that of linkers is measured.

Seconds of two machines, or of one machine on two days, cannot be compared; a linker's time in
units of this kernel, run in the same process just before and after it, can. It does what linkers
do: compare letters in Python, sort and look up in arrays. It takes some 0.1 s and 10 MB.
"""

from __future__ import annotations

import time

import numpy as np

_NAMES = ("Siân Jones", "Dafydd Evans", "Aisha Khan", "Tom Smyth", "Mary Davies", "Owen Price")
_ROUNDS = 6_000
_ROWS = 200_000
_MULTIPLIER = 2_654_435_761  # Knuth's, scatters the rows
_MODULUS = 1 << 31


def reference_seconds() -> float:
    """Do the work and give the CPU seconds that it took."""
    start = time.process_time()
    _compare_letters()
    _sort_rows()
    return time.process_time() - start


def _compare_letters() -> int:
    shared = 0
    for number in range(_ROUNDS):
        one, other = _NAMES[number % 6], _NAMES[(number * 5 + 1) % 6]
        shared += len(_bigrams(one) & _bigrams(other))
    return shared


def _bigrams(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}


def _sort_rows() -> int:
    keys = np.arange(_ROWS, dtype=np.int64) * _MULTIPLIER % _MODULUS
    order = np.argsort(keys, kind="stable")
    return int(np.searchsorted(keys[order], keys).sum())
