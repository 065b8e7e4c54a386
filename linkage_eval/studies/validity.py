"""Whether a ranking is valid: our tasks rank linkers as data sets that others made do, or not.

Linkers are ranked by F1, on each of our tasks (seeds averaged) and on each foreign set. A linker
that refuses, fails or links nobody has an F1 of 0 there: on that data it is of no use. Two rankings
are compared by Spearman's rho. Its interval treats the linkers as a sample of linkers: it is that
of Bonett and Wright (2000), whose standard error of the z-transform is
sqrt((1 + rho^2 / 2) / (n - 3)). The p-value is exact, over all orders, for up to eight linkers, and
from Student's t for more.

References
----------
Bonett and Wright (2000), Sample size requirements for estimating Pearson, Kendall and Spearman
correlations, Psychometrika 65.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from statistics import fmean

import numpy as np
import pyarrow as pa
from scipy.special import ndtri
from scipy.stats import rankdata, spearmanr

from darkfigure.linkage_eval.rows import ALL, OK
from darkfigure.linkage_eval.runs.run import Run
from darkfigure.synth.core.arrays import Floats

OURS = "all of ours"
_LEAST = 5  # linkers, for an interval; with four its width says nothing; assumed
_EXACT = 8  # linkers whose orders are all counted: 40,320
_Z = float(ndtri(0.975))


@dataclass(frozen=True)
class Agreement:
    """How far two rankings agree.

    Parameters
    ----------
    first, second
        Our task or a foreign set, by name.
    ours
        Whether the first is ours.
    rho
        Spearman's; None where all linkers of one are tied.
    low, high
        Ends of the 95 % interval; None for fewer than five linkers.
    p
        Probability of a rho so far from 0 if the rankings had nothing to do with each other.
    n
        The number of linkers.
    """

    first: str
    second: str
    ours: bool
    rho: float | None
    low: float | None
    high: float | None
    p: float | None
    n: int


@dataclass(frozen=True)
class Rating:
    """The rank of a linker with us, and with others.

    Parameters
    ----------
    linker
        Its name.
    ours
        Its rank by the mean rank on our tasks; 1 is the best.
    others
        Its mean rank on the foreign sets.
    best, worst
        Its best and its worst rank on a foreign set.
    """

    linker: str
    ours: float
    others: float
    best: float
    worst: float

    @property
    def verdict(self) -> str:
        """Say whether our tasks rate it too high or too low, by every set; "" if sets differ."""
        if self.ours < self.best:
            return "rated too high by ours"
        return "rated too low by ours" if self.ours > self.worst else ""


@dataclass(frozen=True)
class Validity:
    """Rankings compared.

    Parameters
    ----------
    linkers
        Names.
    f1
        Of each linker by our task or foreign set, shape (linkers,); 0 where it is of no use there.
    ours, others
        Names of our tasks and of the foreign sets.
    agreements
        Each of our tasks, and all together, with each set; and each two sets.
    ratings
        A row a linker, the best of ours first.
    """

    linkers: tuple[str, ...]
    f1: Mapping[str, Floats]
    ours: tuple[str, ...]
    others: tuple[str, ...]
    agreements: tuple[Agreement, ...]
    ratings: tuple[Rating, ...]


def find_validity(run: Run) -> Validity | None:
    """Compare the rankings of a run.

    Returns
    -------
    None if the run has no foreign set, none of our tasks, or fewer than three linkers.
    """
    foreign = {
        name.removesuffix(f"-{said.get('seed')}")
        for name, said in run.manifest["datasets"].items()
        if "foreign" in said
    }
    cells = [row for row in run.timings.to_pylist() if row["strategy"] == "clear"]
    linkers = tuple(dict.fromkeys(row["linker"] for row in cells))
    places: dict[str, tuple[str, str]] = {}
    for row in cells:
        is_foreign = row["scenario"] in foreign
        name = row["scenario"] if is_foreign else f"{row['task']}, {row['scenario']}"
        places.setdefault(name, (row["scenario"], row["task"]))
    others = tuple(name for name in places if name in foreign)
    ours = tuple(name for name in places if name not in foreign)
    if not others or not ours or len(linkers) < 3:
        return None
    values = _values(run.measurements)
    f1 = {
        name: np.array([values.get((*where, linker), 0.0) for linker in linkers])
        for name, where in places.items()
    }
    return rank(linkers, f1, ours, others)


def rank(
    linkers: Sequence[str], f1: Mapping[str, Floats], ours: Sequence[str], others: Sequence[str]
) -> Validity:
    """Compare the rankings of linkers on our tasks and on foreign sets; as of `Validity`."""
    ranks = {name: rankdata(-values) for name, values in f1.items()}
    together = np.mean([ranks[name] for name in ours], axis=0)
    agreements = [
        *(agree(OURS, name, together, ranks[name]) for name in others),
        *(agree(own, name, ranks[own], ranks[name]) for own in ours for name in others),
        *(
            agree(one, other, ranks[one], ranks[other], ours=False)
            for one, other in combinations(others, 2)
        ),
    ]
    place = rankdata(together)
    ratings = [
        Rating(
            linker,
            float(place[row]),
            fmean(ranks[name][row] for name in others),
            float(min(ranks[name][row] for name in others)),
            float(max(ranks[name][row] for name in others)),
        )
        for row, linker in enumerate(linkers)
    ]
    return Validity(
        tuple(linkers),
        f1,
        tuple(ours),
        tuple(others),
        tuple(agreements),
        tuple(sorted(ratings, key=lambda rating: (rating.ours, rating.linker))),
    )


def agree(first: str, second: str, one: Floats, other: Floats, *, ours: bool = True) -> Agreement:
    """Compare two rankings, shape (linkers,) each."""
    n = len(one)
    if min(np.ptp(one), np.ptp(other)) == 0:  # all tied
        return Agreement(first, second, ours, None, None, None, None, n)
    found = spearmanr(one, other)
    rho = float(found.statistic)
    p = _exact(one, other, rho) if n <= _EXACT else float(found.pvalue)
    low = high = None
    if n >= _LEAST and abs(rho) < 1:
        half = _Z * np.sqrt((1 + rho**2 / 2) / (n - 3))
        low, high = (float(np.tanh(np.arctanh(rho) + sign * half)) for sign in (-1, 1))
    return Agreement(first, second, ours, rho, low, high, p, n)


def _exact(one: Floats, other: Floats, rho: float) -> float:
    """Give the share of all orders of the second ranking whose rho is as far from 0."""
    first, second = (rankdata(values) - (len(values) + 1) / 2 for values in (one, other))
    size = np.sqrt((first**2).sum() * (second**2).sum())
    orders = np.array(list(permutations(second)))
    return float((np.abs(orders @ first) / size >= abs(rho) - 1e-9).mean())


def _values(measured: pa.Table) -> dict[tuple[str, str, str], float]:
    """Give the mean F1 over seeds, by scenario, task and linker."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for row in measured.to_pylist():
        everybody = row["stratum_kind"] == ALL and row["status"] == OK
        if everybody and row["metric"] == "f1" and row["strategy"] == "clear":
            key = (row["scenario"], row["task"], row["linker"])
            found.setdefault(key, []).append(row["value"] or 0.0)
    return {key: fmean(values) for key, values in found.items()}
