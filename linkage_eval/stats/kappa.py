"""Agreement between people who judge the same things, beyond what chance would give: kappa.

Kappa is (a - c) / (1 - c), with a the share of agreements and c the share that people would reach
who answer at random, each as often as before. 1 is agreement in everything, 0 what chance gives.

References
----------
Cohen (1960), "A coefficient of agreement for nominal scales", Educational and Psychological
Measurement 20; Fleiss, Cohen and Everitt (1969), "Large sample standard errors of kappa and
weighted kappa", Psychological Bulletin 72; Fleiss (1971), "Measuring nominal scale agreement among
many raters", Psychological Bulletin 76.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from darkfigure.linkage_eval.stats.intervals import ERROR_RATE
from darkfigure.synth.core.arrays import Floats, Ints

FEWEST = 2  # things judged by two people, and people who judge; fewer tell nothing. No rate


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance, -1 to 1, with the ends of its 95 % interval, and things judged."""

    value: float
    low: float
    high: float
    n: int


def cohen(first: Sequence[object], second: Sequence[object]) -> Kappa | None:
    """Give the agreement of two people.

    Parameters
    ----------
    first, second
        Their answers to the same questions, shape (questions,).

    Returns
    -------
    With the interval of Fleiss, Cohen and Everitt; None where there are fewer than two questions,
    or where both gave one and the same answer throughout, so that chance would agree as well.
    """
    _, codes = np.unique([*map(str, first), *map(str, second)], return_inverse=True)
    n, size = len(first), int(codes.max(initial=-1)) + 1
    if n < FEWEST or size < 2:
        return None
    table = np.zeros((size, size))
    np.add.at(table, (codes[:n], codes[n:]), 1 / n)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    agreed, chance = float(np.trace(table)), float(rows @ columns)
    value = (agreed - chance) / (1 - chance)
    reach = -ndtri(ERROR_RATE / 2) * _cohen_error(table, value, chance) / np.sqrt(n)
    return Kappa(value, max(-1.0, value - reach), min(1.0, value + reach), n)


def _cohen_error(table: Floats, value: float, chance: float) -> float:
    """Give the standard error times the root of the number of questions."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    # Of each cell, the second person's share of its row's answer and the first's of its column's.
    margins = columns[:, None] + rows[None, :]
    same = np.diag(table) * (1 - (rows + columns) * (1 - value)) ** 2
    off = table * margins**2 * (1 - value) ** 2
    np.fill_diagonal(off, 0.0)
    variance = same.sum() + off.sum() - (value - chance * (1 - value)) ** 2
    return float(np.sqrt(max(variance, 0.0)) / (1 - chance))


def fleiss(counts: Ints) -> Kappa | None:
    """Give the agreement of any number of people.

    Parameters
    ----------
    counts
        How many people gave each answer to each question, shape (questions, answers). Questions
        need not be answered by all; those with fewer than two answers are left out.

    Returns
    -------
    With an interval by the jackknife over questions; None where fewer than two questions are left,
    or where all gave the same answer throughout.
    """
    judged = counts[counts.sum(axis=1) >= FEWEST]
    n, value = len(judged), _fleiss_value(judged)
    if n < FEWEST or value is None:
        return None
    without = [_fleiss_value(np.delete(judged, place, axis=0)) for place in range(n)]
    left = np.array([value if one is None else one for one in without])
    error = np.sqrt((n - 1) / n * np.sum((left - left.mean()) ** 2))
    reach = -stdtrit(n - 1, ERROR_RATE / 2) * error
    return Kappa(value, max(-1.0, value - float(reach)), min(1.0, value + float(reach)), n)


def _fleiss_value(counts: Ints) -> float | None:
    people = counts.sum(axis=1)
    if not len(counts):
        return None
    shares = np.mean(counts / people[:, None], axis=0)
    agreed = np.mean(np.sum(counts * (counts - 1), axis=1) / (people * (people - 1)))
    chance = float(np.sum(shares**2))
    return None if chance >= 1 else float((agreed - chance) / (1 - chance))
