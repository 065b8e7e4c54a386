"""Capture histories: the table on which estimators for three or more lists work.

A capture history is a number whose bit j is set where list j holds the unit; history 0, on no
list, is never observed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask

MOST_LISTS = 5
_STEPS, _CLOSE = 200, 1e-9  # of finding true counts step by step; no rates


@dataclass(frozen=True)
class Histories:
    """Units by capture history.

    Parameters
    ----------
    counts
        Shape (2**lists - 1,): units with history 1, 2, ...; non-integer where corrected.

    Raises
    ------
    ValueError
        The length is of no number of lists from 2 to 5, or a count is negative.
    """

    counts: Floats

    def __post_init__(self) -> None:
        if len(self.counts) not in {2**n - 1 for n in range(2, MOST_LISTS + 1)}:
            raise ValueError(
                f"{len(self.counts)} histories are of no number of lists from 2 to {MOST_LISTS}; "
                "give 2**lists - 1 counts"
            )
        if not (np.asarray(self.counts) >= 0).all():
            raise ValueError("a history has a negative or missing count; counts begin at 0")

    @classmethod
    def of(cls, held: Mask) -> Histories:
        """Count histories; `held` is true where the list holds the unit, shape (units, lists)."""
        n_lists = held.shape[1]
        if not 2 <= n_lists <= MOST_LISTS:
            raise ValueError(f"{n_lists} lists: give 2 to {MOST_LISTS}, joining small ones")
        history = held @ (1 << np.arange(n_lists))
        return cls(np.bincount(history, minlength=2**n_lists)[1:].astype(float))

    @property
    def n_lists(self) -> int:
        """Number of lists."""
        return int(len(self.counts) + 1).bit_length() - 1

    @property
    def seen(self) -> float:
        """Different units on any list."""
        return float(self.counts.sum())

    def presence(self) -> Ints:
        """Give the lists of each history from 0 on: 0 or 1, shape (2**lists, lists)."""
        return np.arange(2**self.n_lists)[:, None] >> np.arange(self.n_lists) & 1


def splitting(recall: Floats) -> Floats:
    """Give the observed histories that missed links are expected to make of each true one.

    A unit's records on lists i and j are linked with probability `recall[i, j]`, independently of
    its other links; records joined by any chain of links count as one unit. False links are left
    out: correct for them before.

    Parameters
    ----------
    recall
        Probability that the records of a unit on two lists are linked, shape (lists, lists),
        symmetric.

    Returns
    -------
    Shape (histories, histories): column h has the expected numbers of observed units with each
    history that one unit of history h + 1 leaves.
    """
    n_lists = len(recall)
    out = np.zeros((2**n_lists - 1, 2**n_lists - 1))
    for history in range(1, 2**n_lists):
        members = [number for number in range(n_lists) if history >> number & 1]
        pairs = list(combinations(members, 2))
        for linked in product((False, True), repeat=len(pairs)):
            probabilities = [
                recall[pair] if yes else 1 - recall[pair]
                for pair, yes in zip(pairs, linked, strict=True)
            ]
            joined = [pair for pair, yes in zip(pairs, linked, strict=True) if yes]
            for part in _chains(members, joined):
                out[part - 1, history - 1] += np.prod(probabilities)
    return out


def correct_missed_links(observed: Histories, recall: Floats) -> Histories:
    """Undo the splitting of units by missed links, before any dependence is modelled.

    Parameters
    ----------
    observed
        The histories as linked.
    recall
        As for `splitting`.

    Returns
    -------
    The histories whose splitting gives the observed ones; a negative count becomes 0.
    """
    true = np.linalg.solve(splitting(recall), observed.counts)
    return Histories(np.maximum(true, 0.0))


def correct_links(observed: Histories, recall: Floats, false: Floats) -> Histories:
    """Undo missed and false links between lists, before any dependence is modelled.

    A false link joins a unit of list i, but not j, to some unit of list j, but not i, and makes one
    history of two. How often depends on the true counts, so these are found step by step: true
    counts give the false joins to expect, which are taken back before splitting is undone.

    Parameters
    ----------
    observed
        The histories as linked.
    recall
        As for `splitting`.
    false
        Probability that a unit of list i, but not of j, is falsely linked to one of list j, shape
        (lists, lists); only i < j is read, for one link joins both.

    Returns
    -------
    The histories that give the observed ones; a negative count becomes 0.
    """
    split = splitting(recall)
    true = np.linalg.solve(split, observed.counts)
    for _ in range(_STEPS):
        apart = split @ np.maximum(true, 0)
        after = np.linalg.solve(split, observed.counts - _false_joins(apart, false))
        if np.abs(after - true).max() < _CLOSE:
            break
        true = after
    return Histories(np.maximum(true, 0.0))


def _false_joins(counts: Floats, false: Floats) -> Floats:
    """Give the change of each history's count that false links are expected to make."""
    history = np.arange(1, len(counts) + 1)
    change = np.zeros(len(counts))
    for i, j in combinations(range(len(false)), 2):
        on_first, on_second = (
            (history >> a & 1) & ~(history >> b & 1) & 1 > 0 for a, b in ((i, j), (j, i))
        )
        others = counts[on_second].sum()
        if not others:
            continue
        for place in np.flatnonzero(on_first):
            joins = counts[place] * false[i, j] * counts[on_second] / others
            change[place] -= joins.sum()
            change[on_second] -= joins
            np.add.at(change, (history[place] | history[on_second]) - 1, joins)
    return change


def _chains(members: list[int], linked: list[tuple[int, int]]) -> set[int]:
    """Join members into connected parts, each as a history."""
    part = {member: 1 << member for member in members}
    for left, right in linked:
        joined = part[left] | part[right]
        part |= {member: joined for member in members if joined >> member & 1}
    return set(part.values())
