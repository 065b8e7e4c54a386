"""The findings of a run in sentences that its intervals support.

Two methods are told apart by a paired test on the same people where the run holds one; other
shares only where their 95 % intervals do not overlap. Where the largest of many differences is
picked, the intervals are first widened for the number of differences (Bonferroni): otherwise
chance alone would make headlines.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import NormalDist

from darkfigure.linkage_eval.evaluation.answers import PERFECT_LINKS
from darkfigure.linkage_eval.rows import Attributed
from darkfigure.reports.html import labels
from darkfigure.reports.html.comparison import Cost, PooledEstimate, SettingResults
from darkfigure.reports.html.formats import (
    capital,
    interval,
    listing,
    percent,
    points,
    seconds,
    times,
)
from darkfigure.reports.html.run import SEEMS_UNKNOWN, TRULY_UNKNOWN

ALPHA = 0.05
Z = NormalDist().inv_cdf(1 - ALPHA / 2)
# Wall times of one run each scatter by some tens of per cent; below this no claim is made.
SLOWER = 1.5
NONE_FINISHED = "No linkage method finished"


@dataclass(frozen=True)
class Gap:
    """The groups that one linker serves best and worst, told apart for certain."""

    linker: str
    kind: str
    best: str
    worst: str
    best_recall: PooledEstimate
    worst_recall: PooledEstimate

    @property
    def size(self) -> float:
        """Difference of the two recalls."""
        return self.best_recall.value - self.worst_recall.value


def headline(comparison: SettingResults) -> str:
    """Answer the question of assault attendances; of others, say who finds the most pairs."""
    return under_reporting(comparison) if comparison.answers else most_found(comparison)


def most_found(comparison: SettingResults) -> str:
    """Say which linker finds the most true pairs."""
    ranked = comparison.ranked("recall")
    if not ranked:
        return NONE_FINISHED
    first, best = ranked[0]
    alike = _tied_for_first(comparison, "recall")
    # Whoever links nearly everybody finds as many pairs, and is no equal for that.
    tied = [pair for pair in alike if not _told_apart(comparison, first, pair[0])]
    rest = [pair for pair in ranked if pair not in tied]
    tail = "".join(
        f"; {labels.linker(name)} {percent(estimate.value)}"
        f"{_false_links(comparison, name) if (name, estimate) in alike else ''}"
        for name, estimate in rest[-2:]
    )
    if len(tied) == 1:
        false = _false_links(comparison, first)
        return f"{_name(first)} finds {percent(best.value)} of true pairs{false}{tail}"
    shares = f"{percent(tied[0][1].value)} and {percent(tied[-1][1].value)}"
    between = shares if len(tied) == 2 else f"between {_swapped(shares)}"
    return f"{_names(tied)} are tied: they find {between} of true pairs{tail}"


def accuracy(comparison: SettingResults) -> str:
    """Say which linker has the highest F1."""
    ranked = comparison.ranked("f1")
    if not ranked:
        return NONE_FINISHED
    tied = _tied_for_first(comparison, "f1")
    if len(ranked) == 1:
        return f"{_name(ranked[0][0])} reaches an F1 of {percent(ranked[0][1].value)}"
    if len(tied) == len(ranked):
        return f"{_names(tied)} are tied on F1: no method stands out"
    if len(tied) > 1:
        return f"{_names(tied)} are tied for the highest F1"
    (first, best), (second, next_best) = ranked[:2]
    lead = f"{points(best.value - next_best.value)} ahead of {labels.linker(second)}"
    return f"{_name(first)} has the highest F1, {percent(best.value)}: {lead}"


def groups(comparison: SettingResults) -> str:
    """Say which group is served worst, if any is for certain."""
    certain = gaps(comparison)
    if not comparison.strata():
        return "This run was not split by group"
    if not certain:
        return "No group is measurably served worse than another"
    widest = max(certain, key=lambda gap: gap.size)
    worst = labels.group(widest.kind, widest.worst)
    best = labels.group(widest.kind, widest.best)
    return (
        f"{_name(widest.linker)} serves {worst} worst: "
        f"{percent(widest.worst_recall.value)} of their pairs found, "
        f"against {percent(widest.best_recall.value)} for {best}"
    )


def gaps(comparison: SettingResults) -> list[Gap]:
    """List each linker's widest certain gap for each way of grouping people."""
    strata = comparison.strata()
    pairs = sum(len(list(combinations(names, 2))) for names in strata.values())
    factor = _widening(pairs * len(comparison.linkers))
    widest = (
        _gap(comparison, linker, kind, factor) for linker in comparison.linkers for kind in strata
    )
    return [gap for gap in widest if gap]


def _gap(comparison: SettingResults, linker: str, kind: str, factor: float) -> Gap | None:
    """Compare the best and the worst served of the groups."""
    names = comparison.strata()[kind]
    cells = [(name, comparison.estimate(linker, "recall", (kind, name))) for name in names]
    known = sorted(((e.value, name, e) for name, e in cells if e), key=lambda cell: cell[:2])
    certain = [
        Gap(linker, kind, best, worst, high, low)
        for (_, worst, low), (_, best, high) in combinations(known, 2)
        if not _widened(high, factor).overlaps(_widened(low, factor))
    ]
    return max(certain, key=lambda gap: gap.size, default=None)


def under_reporting(comparison: SettingResults) -> str:
    """Set the true share unknown to the police beside the shares by the links, and why."""
    truth = comparison.share(TRULY_UNKNOWN)
    ranked = comparison.ranked(SEEMS_UNKNOWN)
    if truth is None or not ranked:
        return "This run did not measure under-reporting"
    (most, far), (least, near) = ranked[0], ranked[-1]
    unknown = (
        f"{percent(truth.value)} of the assault attendances have no occurrence about the same event"
    )
    perfect = _by_perfect_links(comparison)
    if most == least:
        said = f"by the links of {labels.linker(least)} it seems {percent(near.value)}"
        return f"{unknown}; {said}{perfect}"
    return (
        f"{unknown}; by the links it seems {percent(near.value)} ({labels.linker(least)}) "
        f"to {percent(far.value)} ({labels.linker(most)}){perfect}"
    )


def _by_perfect_links(comparison: SettingResults) -> str:
    unknown = [each.unknown for each in comparison.answers if each.name == PERFECT_LINKS]
    return f", and even by perfect links {percent(unknown[0])}" if unknown and unknown[0] else ""


def causes(comparison: SettingResults) -> str:
    """Say what costs the best linker the most pairs, by the shares that add up."""
    costly = costly_causes(comparison)
    if not costly:
        return "This run did not say why links were missed"
    first = costly[0]
    if first.low <= 0:
        return "No single fault stands out as the reason for missed links"
    return (
        f"What costs {labels.linker(first.linker)} most: {labels.cause(first.cause)}, behind "
        f"{percent(first.share_of_missed)} of its missed pairs"
    )


def costly_causes(comparison: SettingResults) -> list[Attributed]:
    """Give the causes of the linker with the best recall, the costliest first.

    Parameters
    ----------
    comparison
        The results of one setting.
    """
    ranked = [linker for linker, _ in comparison.ranked("recall")]
    for linker in (*ranked, *comparison.linkers):
        own = [cause for cause in comparison.attributed if cause.linker == linker]
        if own:
            return sorted(own, key=lambda cause: (-cause.n_missed, cause.cause))
    return []


def speed(comparison: SettingResults) -> str:
    """Compare the fastest linker with the most accurate."""
    timed = {
        linker: cost.wall_seconds
        for linker, cost in comparison.costs.items()
        if cost.wall_seconds is not None
    }
    ranked = [pair for pair in comparison.ranked("f1") if pair[0] in timed]
    if not ranked:
        return "No method was both timed and measured"
    (best, best_f1), fastest = ranked[0], min((name for name, _ in ranked), key=timed.__getitem__)
    if fastest == best:
        return f"{_name(best)} is both the fastest ({seconds(timed[best])}) and the most accurate"
    ratio = timed[best] / timed[fastest] if timed[fastest] else float("inf")
    if ratio < SLOWER:
        return f"{_name(best)} is the most accurate and hardly slower than the fastest"
    gain = best_f1.value - dict(ranked)[fastest].value
    certain = not comparison.tied(best, fastest, "f1")
    gained = f"gains {points(gain)} of F1" if certain else "is not measurably more accurate"
    return (
        f"{_name(fastest)} is fastest ({seconds(timed[fastest])}); "
        f"{labels.linker(best)} takes {times(ratio)} as long and {gained}"
    )


def examples(comparison: SettingResults) -> str:
    """Say whether example pairs were kept."""
    if not comparison.examples:
        return "This run kept no example pairs"
    return "What a clerical reviewer would have seen"


def in_words(linker: str, estimate: PooledEstimate) -> str:
    """Write a linker's value with its interval."""
    bounds = interval(estimate.low, estimate.high)
    return f"{labels.linker(linker)} {percent(estimate.value)} {bounds}"


def fits(cost: Cost | None) -> bool:
    """Say whether a cost can be drawn on a logarithmic scale."""
    return bool(cost and cost.wall_seconds)


def wilson(rate: float, n: int, z: float = Z) -> tuple[float, float]:
    """Give the Wilson interval of a share.

    Parameters
    ----------
    rate
        The share, 0 to 1.
    n
        Number of units, at least 1.
    z
        Normal deviate of the interval's level; by default that of 95 %.

    References
    ----------
    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference.
    """
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def _false_links(comparison: SettingResults, linker: str) -> str:
    """Add the share of false links to a high recall, where another linker has the better F1."""
    precision = comparison.estimate(linker, "precision")
    if not precision or comparison.linkers[0] == linker:
        return ""
    return f" (but {percent(1 - precision.value)} of its links are false)"


def _tied_for_first(comparison: SettingResults, metric: str) -> list[tuple[str, PooledEstimate]]:
    """Keep the best and all that cannot be told from it."""
    best, *rest = comparison.ranked(metric)
    return [best, *(pair for pair in rest if comparison.tied(best[0], pair[0], metric))]


def _told_apart(comparison: SettingResults, first: str, second: str) -> bool:
    """Tell whether two linkers differ for certain by F1, as far as it was measured."""
    known = all(comparison.estimate(linker, "f1") for linker in (first, second))
    return first != second and known and not comparison.tied(first, second, "f1")


def _widening(n_comparisons: int) -> float:
    """Give the factor that stretches 95 % intervals so that all of them hold together."""
    return NormalDist().inv_cdf(1 - ALPHA / (2 * max(1, n_comparisons))) / Z


def _widened(estimate: PooledEstimate, factor: float) -> PooledEstimate:
    if estimate.low is None or estimate.high is None:
        return estimate
    low = estimate.value - factor * (estimate.value - estimate.low)
    high = estimate.value + factor * (estimate.high - estimate.value)
    return PooledEstimate(estimate.value, low, high, estimate.n)


def _name(linker: str) -> str:
    return capital(labels.linker(linker))


def _names(ranked: list[tuple[str, PooledEstimate]]) -> str:
    return capital(listing([labels.linker(name) for name, _ in ranked]))


def _swapped(shares: str) -> str:
    high, low = shares.split(" and ")
    return f"{low} and {high}"
