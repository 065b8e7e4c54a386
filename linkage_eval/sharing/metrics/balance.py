"""Benefit against harm: net benefit at stated prices, Pareto fronts, hypervolume. Never one score.

References
----------
Vickers and Elkin (2006), "Decision curve analysis", Medical Decision Making 26; Zitzler and Thiele
(1999) on the hypervolume, IEEE Transactions on Evolutionary Computation 3.
"""

from __future__ import annotations

import numpy as np

from darkfigure.synth.core.arrays import Floats, Mask


def net_benefit(
    true_alarms: int,
    false_alarms: int,
    n: int,
    threshold: float,
    *,
    prices: tuple[tuple[float, float], ...] = (),
) -> float:
    """Give true_alarms / n - false_alarms / n x threshold / (1 - threshold) - priced harms / n.

    Parameters
    ----------
    true_alarms, false_alarms
        People rightly and wrongly acted upon.
    n
        People about whom a decision was possible.
    threshold
        Probability of risk at which acting is just worth it, in [0, 1).
    prices
        Amount and price of each other harm, such as lost presentations: the price is the number of
        true alarms that one of them outweighs. Publish the prices with the result.

    Raises
    ------
    ValueError
        The threshold is not in [0, 1), or there are no people.
    """
    if not 0 <= threshold < 1:
        raise ValueError(f"a threshold of {threshold:g} is no probability below 1")
    if n < 1:
        raise ValueError("net benefit is per person; give n of at least 1")
    harm = false_alarms * threshold / (1 - threshold)
    return (true_alarms - harm - sum(amount * price for amount, price in prices)) / n


def pareto_front(gains: Floats) -> Mask:
    """Mark the options that no other option beats: at least as good in all, better in one.

    Parameters
    ----------
    gains
        Shape (options, aims); more is better, so change the sign of harms. Equal options both
        stay.
    """
    least = (gains[:, None] >= gains[None, :]).all(axis=2)
    better = (gains[:, None] > gains[None, :]).any(axis=2)
    return np.asarray(~(least & better).any(axis=0))


def hypervolume(gains: Floats, reference: Floats) -> float:
    """Measure the space that options dominate above a reference point.

    Parameters
    ----------
    gains
        Shape (options, aims).
    reference
        Shape (aims,): the worst worth counting; options not above it in all aims add nothing.

    Notes
    -----
    Cut along the last aim into slabs, each a hypervolume of one aim less: exact, and quick enough
    for dozens of options.
    """
    above = gains[(gains > reference).all(axis=1)]
    if not len(above):
        return 0.0
    if gains.shape[1] == 1:
        return float(above.max() - reference[0])
    above = above[np.argsort(-above[:, -1], kind="stable")]
    floors = np.append(above[1:, -1], reference[-1])
    slabs = above[:, -1] - floors
    return float(
        sum(
            height * hypervolume(above[: row + 1, :-1], reference[:-1])
            for row, height in enumerate(slabs)
            if height
        )
    )
