"""Differencing: two counts that may each be told, and what their difference tells.

References
----------
Denning, Denning and Schwartz (1979), "The tracker: a threat to statistical database security",
ACM Transactions on Database Systems 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints, Mask

Noise = Callable[[Ints], Floats]


@dataclass
class CountService:
    """A service that tells how many of a group have a trait, with its defences.

    Parameters
    ----------
    trait
        Of each person; secret.
    min_group
        Groups with fewer people get no answer.
    min_difference
        Groups that differ from one asked about before in fewer people get no answer; 0 checks
        nothing.
    noise
        Gives what is added to the answers of the given query numbers; None adds nothing.
    """

    trait: Mask
    min_group: int = 5
    min_difference: int = 0
    noise: Noise | None = None

    def __post_init__(self) -> None:
        self._asked: list[Mask] = []
        self._n_answers = 0

    def count(self, group: Mask) -> float | None:
        """Tell how many of a group have the trait, or None."""
        if int(group.sum()) < self.min_group:
            return None
        differences = (int((group ^ other).sum()) for other in self._asked)
        if self.min_difference and any(0 < n < self.min_difference for n in differences):
            return None
        self._asked.append(group)
        self._n_answers += 1
        told = float((self.trait & group).sum())
        added = self.noise(np.array([self._n_answers])) if self.noise else np.zeros(1)
        return told + float(added[0])


@dataclass(frozen=True)
class Differenced:
    """What differencing told.

    Parameters
    ----------
    n, n_answered, n_right
        Targets; those with two answers; those of them whose trait is told rightly.
    baseline
        Share right of always guessing the commoner: what nobody needs an attack for.
    """

    n: int
    n_answered: int
    n_right: int
    baseline: float

    @property
    def success(self) -> float | None:
        """Share of targets told rightly."""
        return self.n_right / self.n if self.n else None


def difference_counts(service: CountService, targets: Ints) -> Differenced:
    """Ask about everybody, then about everybody but each target, and subtract.

    Parameters
    ----------
    service
        Asked twice for each target.
    targets
        Rows of the people whose trait is wanted.
    """
    everybody = np.ones(len(service.trait), bool)
    answered = right = 0
    for target in targets:
        others = everybody.copy()
        others[target] = False
        counts = service.count(everybody), service.count(others)
        if counts[0] is None or counts[1] is None:
            continue
        answered += 1
        right += bool(counts[0] - counts[1] > 0.5) == bool(service.trait[target])
    common = max(service.trait[targets].mean(), 1 - service.trait[targets].mean())
    return Differenced(len(targets), answered, right, float(common) if len(targets) else 0.0)


def suppress_small(table: Ints, min_cell: int) -> Floats:
    """Publish a table with counts from 1 below `min_cell` withheld (NaN): primary suppression."""
    out = table.astype(float)
    out[(table > 0) & (table < min_cell)] = np.nan
    return out


def unmask(published: Floats, row_totals: Ints, column_totals: Ints) -> Floats:
    """Fill withheld cells that the totals give away, one after another.

    Parameters
    ----------
    published
        Withheld cells are NaN.
    row_totals, column_totals
        As published beside it.

    Returns
    -------
    The table with every cell filled that is alone withheld in its row or column, in any order.
    """
    out = published.copy()
    while True:
        hidden = np.isnan(out)
        rows = np.flatnonzero(hidden.sum(axis=1) == 1)
        columns = np.flatnonzero(hidden.sum(axis=0) == 1)
        if not len(rows) and not len(columns):
            return out
        for row in rows:
            out[row, hidden[row]] = row_totals[row] - np.nansum(out[row])
        for column in columns:
            alone = hidden[:, column] & np.isnan(out[:, column])
            out[alone, column] = column_totals[column] - np.nansum(out[:, column])
