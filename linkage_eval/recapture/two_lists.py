"""Two independent lists, linked without error: the number of units on neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from darkfigure.linkage_eval.recapture.estimate import (
    PopulationEstimate,
    undefined,
    with_log_normal,
    with_normal,
)
from darkfigure.synth.core.arrays import Mask

Interval = Literal["log-normal", "normal"]


@dataclass(frozen=True)
class TwoLists:
    """Sizes of two lists and of their overlap.

    Parameters
    ----------
    first, second
        Units on each list.
    both
        Units on both, or links taken for such; non-integer where corrected.

    Raises
    ------
    ValueError
        A size is negative, or the overlap is larger than a list.
    """

    first: float
    second: float
    both: float

    def __post_init__(self) -> None:
        if min(self.first, self.second, self.both) < 0 or self.both > min(self.first, self.second):
            raise ValueError(
                f"{self.both:g} units cannot be on both of two lists with {self.first:g} and "
                f"{self.second:g}; count units once on each list, and each link once"
            )

    @classmethod
    def of(cls, first: Mask, second: Mask) -> TwoLists:
        """Count two lists; each array is true where the list holds the unit, shape (units,)."""
        return cls(int(first.sum()), int(second.sum()), int((first & second).sum()))

    @property
    def seen(self) -> float:
        """Different units on the two lists."""
        return self.first + self.second - self.both


def petersen(lists: TwoLists, *, interval: Interval = "log-normal") -> PopulationEstimate:
    """Estimate by n1 n2 / m; without an answer where the lists share nothing.

    Parameters
    ----------
    lists
        Sizes of the lists.
    interval
        "log-normal" of the unseen, or "normal".

    References
    ----------
    Petersen (1896); variance n1 n2 (n1 - m) (n2 - m) / m^3 of Sekar and Deming (1949), "On a method
    of estimating birth and death rates", Journal of the American Statistical Association 44.
    """
    if not lists.both:
        return undefined("petersen", lists.seen)
    first, second, both = lists.first, lists.second, lists.both
    variance = first * second * (first - both) * (second - both) / both**3
    return _with(interval, "petersen", lists.seen, first * second / both, variance)


def chapman(lists: TwoLists, *, interval: Interval = "log-normal") -> PopulationEstimate:
    """Estimate by (n1 + 1) (n2 + 1) / (m + 1) - 1, unbiased where n1 + n2 >= N.

    Parameters are those of `petersen`.

    References
    ----------
    Chapman (1951), "Some properties of the hypergeometric distribution with applications to
    zoological sample censuses"; variance of Seber (1970), "The effects of trap response on tag
    recapture estimates", Biometrics 26.
    """
    value = (lists.first + 1) * (lists.second + 1) / (lists.both + 1) - 1
    return _with(interval, "chapman", lists.seen, value, chapman_variance(lists))


def chapman_variance(lists: TwoLists) -> float:
    """Give Seber's variance of Chapman's estimator."""
    above = (lists.first + 1) * (lists.second + 1)
    above *= (lists.first - lists.both) * (lists.second - lists.both)
    return above / ((lists.both + 1) ** 2 * (lists.both + 2))


def _with(
    interval: Interval, estimator: str, seen: float, value: float, variance: float
) -> PopulationEstimate:
    build = with_log_normal if interval == "log-normal" else with_normal
    return build(estimator, seen, value, variance)
