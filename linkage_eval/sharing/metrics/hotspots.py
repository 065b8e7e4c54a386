"""Hotspots: areas chosen from recorded violence, against the violence that really happened.

A strategy publishes counts by area; an agency that acts on them chooses the areas with the highest
counts. True incidents in the chosen areas tell how good the choice was. Where nothing is published
nothing is chosen, and every measure is None.

With n of N true incidents in chosen areas of size a of A, and n_max in the k areas with most:

    precision at k   share of the k chosen areas that are among the k truly highest
    PAI              (n / N) / (a / A)
    PEI              n / n_max, the k truly highest areas
    PEI*             n / n_max, the best areas of no more size than those chosen
    RRI              (n2 / n1) / (N2 / N1), two periods: the same areas chosen from the first

References
----------
Chainey, Tompson and Uhlig (2008), "The utility of hotspot mapping for predicting spatial patterns
of crime", Security Journal 21 (PAI); Hunt (2016), "Do crime hot spots move?" (PEI); Levine (2008)
on the recapture rate index; White, Hunt and Green (2023), "A discussion of current crime
forecasting indices and an improvement to the prediction efficiency index for applications",
Security Journal, on PEI*, rendered here with its bound for areas that may be taken in part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.synth.core.arrays import Floats, Ints


@dataclass(frozen=True)
class Areas:
    """True incidents and size of each area.

    Parameters
    ----------
    incidents
        True incidents, shape (areas,).
    size
        Size of each area, shape (areas,): square kilometres, residents, or 1.

    Raises
    ------
    ValueError
        Lengths differ, or a size is not above 0.
    """

    incidents: Ints
    size: Floats

    def __post_init__(self) -> None:
        if len(self.incidents) != len(self.size):
            raise ValueError(
                f"{len(self.incidents)} areas with incidents and {len(self.size)} with a size; "
                "give both of every area"
            )
        if (np.asarray(self.size) <= 0).any():
            raise ValueError("an area has no size; leave it out or give it one above 0")


@dataclass(frozen=True)
class Hotspots:
    """The quality of a choice of areas; None where a measure is not defined.

    Parameters
    ----------
    chosen
        Areas chosen, by row, highest published count first; fewer than k where fewer have any.
    n, n_total
        True incidents in the chosen areas, and in all.
    precision, pai, pei, pei_star
        The measures that the module defines.
    """

    chosen: Ints
    n: int
    n_total: int
    precision: float | None
    pai: float | None
    pei: float | None
    pei_star: float | None


def choose(published: Floats, k: int) -> Ints:
    """Choose up to k areas by published count, highest first; ties by row.

    Parameters
    ----------
    published
        Count of each area, shape (areas,); NaN where suppressed. Areas without any are never
        chosen.
    k
        Number of areas that can be looked after.

    Returns
    -------
    Rows of the chosen areas.

    Raises
    ------
    ValueError
        `k` is below 1.
    """
    if k < 1:
        raise ValueError(f"{k} areas cannot be chosen; give k of at least 1")
    counts = np.nan_to_num(np.asarray(published, float))
    order = np.argsort(-counts, kind="stable")[:k]
    return order[counts[order] > 0]


def measure_hotspots(published: Floats, areas: Areas, k: int) -> Hotspots:
    """Measure the k areas with the highest published counts against the true incidents there.

    Parameters
    ----------
    published
        Count of each area, as for `choose`; same rows as `areas`.
    areas
        True incidents and sizes.
    k
        Number of areas that can be looked after.

    Raises
    ------
    ValueError
        `published` and `areas` differ in length, or `k` is below 1.
    """
    if len(published) != len(areas.size):
        raise ValueError(f"{len(published)} published areas, but {len(areas.size)} true ones")
    chosen, true = choose(published, k), areas.incidents
    n, n_total = int(true[chosen].sum()), int(true.sum())
    if not len(chosen) or not n_total:
        return Hotspots(chosen, n, n_total, None, None, None, None)
    best = choose(true.astype(float), k)
    share = areas.size[chosen].sum() / areas.size.sum()
    return Hotspots(
        chosen=chosen,
        n=n,
        n_total=n_total,
        precision=_among_highest(chosen, true, k),
        pai=n / n_total / float(share),
        pei=n / int(true[best].sum()),
        pei_star=n / _most_within(areas, float(areas.size[chosen].sum())),
    )


def recapture_rate(before: Ints, after: Ints, chosen: Ints) -> float | None:
    """Give RRI: how incidents in chosen areas changed, against the change everywhere.

    Parameters
    ----------
    before, after
        True incidents of each area, shape (areas,), in the period from which the choice was made,
        and in the next.
    chosen
        Rows of the chosen areas.

    Returns
    -------
    1 where chosen areas change as all do; None where a count of the first period or the whole
    second period is 0.
    """
    first, second = int(before[chosen].sum()), int(after[chosen].sum())
    if not len(chosen) or not first or not after.sum():
        return None
    return (second / first) / (int(after.sum()) / int(before.sum()))


def by_group(chosen: Ints, areas: Areas, groups: Ints) -> dict[int, tuple[float, float]]:
    """Set each group's share of chosen areas beside its share of true incidents.

    Parameters
    ----------
    chosen
        Rows of the chosen areas.
    areas
        True incidents and sizes.
    groups
        Group of each area, shape (areas,), such as its fifth of deprivation.

    Returns
    -------
    Share of chosen areas and share of true incidents, by group. A group chosen far beyond its
    share of incidents is policed for how it is recorded. Empty where no area is chosen or nothing
    happened.
    """
    total = int(areas.incidents.sum())
    if not len(chosen) or not total:
        return {}
    return {
        int(group): (
            float((groups[chosen] == group).mean()),
            int(areas.incidents[groups == group].sum()) / total,
        )
        for group in np.unique(groups)
    }


def _among_highest(chosen: Ints, true: Ints, k: int) -> float:
    """Share of k areas that were chosen and whose true count is among the k highest, ties included.

    Choosing fewer than k loses what might have been right, as it does in PEI.
    """
    n_areas = min(k, len(true))
    reached = np.sort(true)[::-1][n_areas - 1]
    return float((true[chosen] >= max(reached, 1)).sum() / n_areas)


def _most_within(areas: Areas, size: float) -> float:
    """Give the most incidents within a total size, the last area taken in part.

    Areas are taken by incidents per size: the exact upper bound of the choice (a fractional
    knapsack).
    """
    order = np.argsort(-areas.incidents / areas.size, kind="stable")
    before = np.cumsum(areas.size[order]) - areas.size[order]
    part = np.clip((size - before) / areas.size[order], 0.0, 1.0)
    return float(part @ areas.incidents[order])
