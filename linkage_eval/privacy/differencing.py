"""Differencing: two counts that are harmless alone, and the secret that their difference tells.

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
    """A service that counts the people of a group who have a trait, with its defences.

    Parameters
    ----------
    trait
        The secret trait of each person, shape (people,).
    min_group
        Groups with fewer people get no answer.
    min_difference
        Groups that differ from an earlier one in fewer people get no answer; 0 checks nothing.
    noise
        A function from query numbers, from 1, to the noise added to their answers; without, none.
    """

    trait: Mask
    min_group: int = 5
    min_difference: int = 0
    noise: Noise | None = None

    def __post_init__(self) -> None:
        self._asked: list[Mask] = []
        self._n_answers = 0

    def count(self, group: Mask) -> float | None:
        """Count the people of a group, shape (people,), who have the trait; None if refused."""
        if int(group.sum()) < self.min_group:
            return None
        differences = (int((group ^ other).sum()) for other in self._asked)
        if self.min_difference and any(0 < n < self.min_difference for n in differences):
            return None
        self._asked.append(group)
        self._n_answers += 1
        true_count = float((self.trait & group).sum())
        added = self.noise(np.array([self._n_answers])) if self.noise else np.zeros(1)
        return true_count + float(added[0])


@dataclass(frozen=True)
class DifferencedCounts:
    """The outcome of differencing.

    Parameters
    ----------
    n, n_answered, n_right
        Targets; those with two answers; those of them whose trait is told rightly.
    baseline
        Share of right guesses without an attack, by always guessing the commoner answer.
    """

    n: int
    n_answered: int
    n_right: int
    baseline: float

    @property
    def success(self) -> float | None:
        """Share of targets whose trait is told rightly; None without targets."""
        return self.n_right / self.n if self.n else None


def difference_counts(service: CountService, targets: Ints) -> DifferencedCounts:
    """Ask about everybody, then about everybody but each target, and subtract.

    Parameters
    ----------
    service
        The service, which is asked twice for each target.
    targets
        Rows of the people whose trait the attacker wants, shape (targets,).
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
    return DifferencedCounts(len(targets), answered, right, float(common) if len(targets) else 0.0)
