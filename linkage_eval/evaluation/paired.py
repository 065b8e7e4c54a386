"""Paired comparison of linkers on the same worlds, person by person.

Records of one person are linked or missed together, and both linkers see the same people. So
people are resampled (Poisson bootstrap) with both linkers' outcomes side by side, in every world
at once; worlds of several seeds are replicates, whose people are pooled. A difference is real
where its interval leaves out zero; otherwise the two are tied. The probability of being best is
the share of resamples in which a linker has the highest value, ties shared.

With more than two linkers the intervals of all differences hold together: each is of level
1 - 5 % / (number of differences) (Bonferroni).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa

from darkfigure.linkage_eval.evaluation.metrics.accuracy import RATIOS
from darkfigure.linkage_eval.rows import Best, Difference, contents_of
from darkfigure.linkage_eval.stats.ratios import Ratio, resample
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream

ALPHA = 0.05

DIFFERENCES = contents_of(Difference)
BEST = contents_of(Best)


@dataclass(frozen=True)
class LinkerCounts:
    """A linker's outcomes by person: shape (people, 4), as `accuracy.count_pairs` gives them."""

    name: str
    counts: Ints


@dataclass(frozen=True)
class PairedComparison:
    """Differences of every two linkers (schema `DIFFERENCES`), and the best ones (`BEST`)."""

    differences: pa.Table
    best: pa.Table


def compare_contenders(
    contenders: Sequence[LinkerCounts], *, metric: str = "f_star", seed: int = 1
) -> PairedComparison:
    """Compare linkers on one measure of accuracy.

    Parameters
    ----------
    contenders
        At least two, with a row for each of the same people, in the same order.
    metric
        Name of one of `metrics.accuracy.RATIOS`.
    seed
        Seed of the resampling.

    Returns
    -------
    Verdicts are "first", "second" or "tie". A value that is not defined (no links, for
    precision) is null; its linker is tied with every other and never best.

    Raises
    ------
    ValueError
        There are fewer than two contenders, or they are not of the same people.
    """
    if len(contenders) < 2 or len({len(contender.counts) for contender in contenders}) > 1:
        n_people = [len(contender.counts) for contender in contenders]
        raise ValueError(
            f"linkers have counts of {n_people} people; compare two linkers or more, each with a "
            "row for the same people"
        )
    ratio = next(ratio for ratio in RATIOS if ratio.definition.name == metric)
    counts = np.column_stack([contender.counts for contender in contenders])
    sums = resample(counts, Stream(seed, ("comparison",)))
    replicates = np.column_stack([quotients(part, ratio) for part in _split(sums, contenders)])
    totals = counts.sum(axis=0, dtype=float)[None, :]
    values = np.array([quotients(part, ratio)[0] for part in _split(totals, contenders)])
    names = [contender.name for contender in contenders]
    return PairedComparison(
        _differences(names, values, replicates, metric=metric, n_people=len(counts)),
        _best(names, values, replicates, metric),
    )


def _split(sums: Floats, contenders: Sequence[LinkerCounts]) -> list[Floats]:
    return np.split(sums, len(contenders), axis=1)


def quotients(sums: Floats, ratio: Ratio) -> Floats:
    """Give a ratio of each row of summed counts; NaN where it is not defined.

    Parameters
    ----------
    sums
        Counts, shape (rows, counts).
    ratio
        Weights of the counts above and below the line.
    """
    below = sums @ ratio.below
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, (sums @ ratio.above) / below, np.nan)


def _differences(
    names: list[str], values: Floats, replicates: Floats, *, metric: str, n_people: int
) -> pa.Table:
    pairs = list(combinations(range(len(names)), 2))
    tail = ALPHA / len(pairs) / 2
    rows = []
    for first, second in pairs:
        apart = replicates[:, first] - replicates[:, second]
        known = apart[np.isfinite(apart)]
        low, high = np.quantile(known, [tail, 1 - tail]) if len(known) else (np.nan, np.nan)
        difference = values[first] - values[second]
        row = {
            "first_value": values[first],
            "second_value": values[second],
            "difference": difference,
            "low": low,
            "high": high,
        }
        rows.append(
            {name: float(value) if np.isfinite(value) else None for name, value in row.items()}
            | {"first": names[first], "second": names[second], "metric": metric}
            | {"verdict": _verdict(low, high), "n_people": n_people}
        )
    return pa.Table.from_pylist(rows, DIFFERENCES)


def _verdict(low: float, high: float) -> str:
    if low > 0:
        return "first"
    return "second" if high < 0 else "tie"


def _best(names: list[str], values: Floats, replicates: Floats, metric: str) -> pa.Table:
    known = np.where(np.isnan(replicates), -np.inf, replicates)
    top = (known == known.max(axis=1, keepdims=True)) & np.isfinite(known)
    decided = top[top.any(axis=1)]
    won = decided / decided.sum(axis=1, keepdims=True)
    rows = [
        {
            "linker": name,
            "metric": metric,
            "value": float(values[place]) if np.isfinite(values[place]) else None,
            "probability_best": float(won[:, place].mean()) if len(won) else None,
        }
        for place, name in enumerate(names)
    ]
    return pa.Table.from_pylist(rows, BEST)
