"""The overlap of two lists counted directly, in samples of linked units and of others.

Somebody follows up some units of the first list that are linked and some that are not, and finds
out who is on the second list, whomever the link points to. Each stratum's share is taken for all of
it. Rates of linkage error are not needed, and the links' own scatter has no part in the variance:
the links are what they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darkfigure.linkage_eval.recapture.estimate import (
    PopulationEstimate,
    undefined,
    with_log_normal,
)
from darkfigure.linkage_eval.recapture.two_lists import TwoLists, chapman, chapman_variance
from darkfigure.synth.core.arrays import Mask
from darkfigure.synth.core.chance import Stream


@dataclass(frozen=True)
class SampledStratum:
    """Units of the first list, linked or not, of which a sample was followed up.

    Parameters
    ----------
    size, audited
        Units, and those followed up.
    true
        Units followed up that are on the second list.

    Raises
    ------
    ValueError
        Nobody is followed up of a stratum that has units, or the numbers do not fit.
    """

    size: int
    audited: int
    true: int

    def __post_init__(self) -> None:
        if not 0 <= self.true <= self.audited <= self.size or (self.size and not self.audited):
            raise ValueError(
                f"{self.true} of {self.audited} audited of {self.size} units: follow up at least "
                "one of each stratum, and count no more than there are"
            )

    @property
    def overlap(self) -> float:
        """Units of the stratum that are on the second list, as the sample tells."""
        return self.size * self.true / self.audited if self.audited else 0.0

    @property
    def variance(self) -> float:
        """Variance of the overlap; 0 where all are followed up."""
        if self.audited == self.size:
            return 0.0
        share = self.true / self.audited
        if share in {0.0, 1.0}:
            # No variance in the sample is none of the stratum: Jeffreys' share stands in.
            share = (self.true + 0.5) / (self.audited + 1)
        left_over = 1 - self.audited / self.size
        return self.size**2 * left_over * share * (1 - share) / max(self.audited - 1, 1)


def double_sampled(
    lists: TwoLists, linked: SampledStratum, unlinked: SampledStratum
) -> PopulationEstimate:
    """Estimate by Chapman at the overlap that two samples tell.

    Parameters
    ----------
    lists
        Sizes of the lists; their number of links is not used.
    linked, unlinked
        The first list's units with a link and without.
    """
    name = "double_sampled"
    both = min(linked.overlap + unlinked.overlap, lists.first, lists.second)
    if both <= 0:
        return undefined(name, lists.seen)
    found = TwoLists(lists.first, lists.second, both)
    value = chapman(found).value
    if value is None:
        return undefined(name, found.seen)
    slope = (value + 1) / (both + 1)
    audit = linked.variance + unlinked.variance
    return with_log_normal(name, found.seen, value, chapman_variance(found) + slope**2 * audit)


def sample_strata(
    first: Mask, second: Mask, found: Mask, *, n: int, chance: Stream
) -> tuple[SampledStratum, SampledStratum] | None:
    """Follow up units of the first list, half of them linked, half not, as far as there are.

    Parameters
    ----------
    first, second
        True where the unit truly is on the list, shape (units,).
    found
        True where links find the unit on the second list, rightly or not, shape (units,).
    n
        Units that are followed up.
    chance
        Draws of these units.

    Returns
    -------
    Linked and unlinked units; None where there are none of a kind.
    """
    strata = [np.flatnonzero(first & is_linked) for is_linked in (found, ~found)]
    if not all(map(len, strata)):
        return None
    half = [min(n // 2, len(rows)) for rows in strata]
    sizes = [min(len(rows), n - other) for rows, other in zip(strata, reversed(half), strict=True)]
    sampled = []
    for rows, size in zip(strata, sizes, strict=True):
        audited = rows[np.argsort(chance.uniform("double", rows))[: max(size, 1)]]
        sampled.append(SampledStratum(len(rows), len(audited), int(second[audited].sum())))
    return sampled[0], sampled[1]
