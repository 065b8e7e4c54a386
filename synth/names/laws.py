"""Many discrete distributions in one sorted table, so that one search draws from all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from darkfigure.synth.core.arrays import Floats, Ints

Codes = NDArray[np.int32]

_BELOW_ONE = 1 - 2.0**-40  # stays below the next whole number as an index is added; no rate
_MOST = 1e9  # beyond any solution of a law; no rate


@dataclass(frozen=True)
class Laws:
    """Shares of codes under several laws.

    Parameters
    ----------
    edges
        Shape (m,), ascending: the index of a law plus its cumulative share up to a code.
    codes
        Shape (m,): the code that ends at each edge.
    """

    edges: Floats
    codes: Codes

    @classmethod
    def of(cls, laws: Sequence[ArrayLike]) -> Laws:
        """Build from the weight of every code under each law; weights need not sum to 1."""
        edges, codes = [], []
        for index, weights in enumerate(laws):
            weight = np.asarray(weights, float)
            present = np.flatnonzero(weight)
            summed = np.cumsum(weight[present])
            edges.append(index + np.append(summed[:-1] / summed[-1], 1.0))
            codes.append(present.astype(np.int32))
        return cls(np.concatenate(edges), np.concatenate(codes))

    def draw(self, law: Ints, uniform: Floats) -> Codes:
        """Turn a uniform draw into a code of the given law, for each row.

        Parameters
        ----------
        law
            Index of the law, shape (n,).
        uniform
            Draws from [0, 1), shape (n,).

        Returns
        -------
        Codes, shape (n,).
        """
        place = np.searchsorted(self.edges, law + np.minimum(uniform, _BELOW_ONE), side="right")
        return self.codes[place]


def tilted(shares: Floats, odds: Floats, group_rate: float) -> tuple[Floats, Floats]:
    """Divide shares of a population between a group of it and the others.

    Parameters
    ----------
    shares
        Shape (n,): each code's share of the whole population; they sum to 1.
    odds
        Shape (n,): odds of the code inside the group relative to outside; 1 where the group makes
        no difference.
    group_rate
        The group's share of the population.

    Returns
    -------
    Shares outside and inside the group; each sums to 1 and their mean is `shares`.
    """
    outside = shares.copy()
    for _ in range(50):
        outside = shares / (1 - group_rate + group_rate * odds / (1 - outside + odds * outside))
    plain = odds == 1
    for_plain = shares[plain].sum()
    outside[plain] = shares[plain] * (1 - outside[~plain].sum()) / for_plain
    return outside, (shares - (1 - group_rate) * outside) / group_rate


def fading(mass: float, *, highest: float, size: int) -> Floats:
    """Spread a mass over codes whose shares fall from `highest` as b / (b + rank).

    Parameters
    ----------
    mass
        Sum of the shares.
    highest
        Upper bound of the first share.
    size
        Number of codes.

    Returns
    -------
    Shape (size,), descending.
    """
    rank = np.arange(1, size + 1)
    low, high = 0.0, _MOST
    for _ in range(100):
        middle = (low + high) / 2
        too_much = highest * (middle / (middle + rank)).sum() > mass
        low, high = (low, middle) if too_much else (middle, high)
    shares = highest * low / (low + rank)
    return np.asarray(shares * (mass / shares.sum()))
