"""Checks of a candidate: paired tests of accuracy, and ratios of time and memory.

Both sides' outcomes of each person stand side by side, in the worlds of all seeds at once. A
measure has regressed where it is statistically certain that it fell by more than its tolerance: the
loss beyond it, in standard errors over people, is tested one-sided. Measures of the same links move
together, F1 with recall, so that their tests share `alpha` by the distribution of the largest of
them (`joint`); those of several linkers, tasks, groups and suites share it by Holm's method. So a
change that alters links without harm raises a false alarm with probability `alpha` at most, and a
change that leaves the links as they were never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import numpy as np
from scipy.special import ndtr

from darkfigure.linkage_eval.evaluation.metrics.accuracy import RATIOS
from darkfigure.linkage_eval.evaluation.metrics.disparities import holm
from darkfigure.linkage_eval.gate.pairing import Lineup
from darkfigure.linkage_eval.gate.sides import GateCell
from darkfigure.linkage_eval.gate.tolerances import Costs, Losses, Tolerances
from darkfigure.linkage_eval.rows import OK
from darkfigure.linkage_eval.stats.ratios import Ratio
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream

Verdict = Literal["worse", "failed", "better", "same", "not judged"]
_BAD = ("worse", "failed")
_DEVIATE = 1.959963984540054  # of a 95 % interval
_TRIFLE = 1e-12  # a loss beyond the tolerance that is rounding; no rate
_DRAWS = 50_000  # of deviates together, from which p-values of some thousandths are read


@dataclass(frozen=True)
class Check:
    """One measure of one linker on one task, on both sides.

    Parameters
    ----------
    scenario, strategy, task, linker
        Their names in results.
    measure
        Such as "recall", "cpu_ratio" or "status".
    verdict
        The outcome.
    stratum_kind, stratum
        The group of people; "all" and "all" for everybody.
    baseline, candidate
        Values of both sides; of costs in units of the reference kernel, or megabytes.
    difference, low, high
        Candidate minus baseline with its 95 % interval; for costs, candidate over baseline.
    tolerance
        The loss that is allowed; for costs, the ratio.
    p_value
        Of the test that no more than the tolerance was lost, together with the other measures of
        the same links, before Holm's adjustment.
    reason
        The reason for the verdict, where there are no values to show.
    """

    scenario: str
    strategy: str
    task: str
    linker: str
    measure: str
    verdict: Verdict
    stratum_kind: str = "all"
    stratum: str = "all"
    baseline: float | None = None
    candidate: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    tolerance: float | None = None
    p_value: float | None = None
    reason: str = ""

    @property
    def bad(self) -> bool:
        """Whether the check refuses the candidate."""
        return self.verdict in _BAD


def check_all(lineups: Sequence[Lineup], tolerances: Tolerances) -> list[Check]:
    """Check every linker: that it ran, its accuracy, and its costs.

    Parameters
    ----------
    lineups
        Each linker of the baseline on each task, beside the candidate's.
    tolerances
        The losses and ratios that are allowed.
    """
    checks = [
        (number, check)
        for number, lineup in enumerate(lineups)
        for check in _accuracy(lineup, tolerances)
    ]
    costs = [check for lineup in lineups for check in _others(lineup, tolerances.cost)]
    return [*_decide(checks, tolerances.alpha), *costs]


def _decide(checks: Sequence[tuple[int, Check]], alpha: float) -> list[Check]:
    """Give the verdicts of all tests together: by Holm's method over families of measures.

    A family is of the same links and the same people: a lineup, by number, and a stratum. Within it
    p-values hold together already, so that Holm's factor of the least is that of all.
    """
    families: dict[tuple[int, str, str], list[float]] = {}
    for number, check in checks:
        if check.p_value is not None:
            family = (number, check.stratum_kind, check.stratum)
            families.setdefault(family, []).append(check.p_value)
    least = np.array([min(values) for values in families.values()], float)
    factors = np.divide(holm(least), least, out=np.ones(len(least)), where=least > 0)
    of_family = dict(zip(families, factors.tolist(), strict=True))
    decided = []
    for number, check in checks:
        if check.p_value is not None:
            factor = of_family[number, check.stratum_kind, check.stratum]
            check = replace(check, verdict=_verdict(check, factor * check.p_value, alpha))  # noqa: PLW2901
        decided.append(check)
    return decided


def _verdict(check: Check, adjusted: float, alpha: float) -> Verdict:
    if adjusted <= alpha:
        return "worse"
    return "better" if check.low is not None and check.low > 0 else "same"


def _accuracy(lineup: Lineup, tolerances: Tolerances) -> Iterator[Check]:
    if not lineup.both:
        return
    counts = np.concatenate([both.counts() for both in lineup.both])
    yield from _losses(lineup, ("all", "all"), counts, tolerances.accuracy)
    if not tolerances.groups.given():
        return
    divisions = [both.baseline.truth.groups for both in lineup.both]
    for division in divisions[0][1:]:
        named = [
            np.array(groups.names)[groups.codes]
            for divided in divisions
            for groups in divided
            if groups.kind == division.kind
        ]
        of_each = np.concatenate(named)
        for name in np.unique(of_each):
            group = counts[of_each == name]
            yield from _losses(lineup, (division.kind, str(name)), group, tolerances.groups)


def _losses(
    lineup: Lineup, stratum: tuple[str, str], counts: Ints, losses: Losses
) -> Iterator[Check]:
    """Test each measure that has a tolerance in one group of people, all of them together."""
    before, after = np.split(counts, 2, axis=1)
    given = losses.given()
    tests = [
        _Paired.of(ratio, before, after, given[ratio.definition.name])
        for ratio in RATIOS
        if ratio.definition.name in given
    ]
    together = joint([test for test in tests if test.effects is not None])
    for test in tests:
        check = Check(
            *lineup.place,
            stratum_kind=stratum[0],
            stratum=stratum[1],
            measure=test.measure,
            verdict="not judged",
            tolerance=test.tolerance,
        )
        yield test.tell(check, together.get(test.measure))


@dataclass(frozen=True)
class _Paired:
    """One measure on both sides; `effects` is each person's part of the difference, or None."""

    measure: str
    tolerance: float
    baseline: float | None
    candidate: float | None
    effects: Floats | None

    @classmethod
    def of(cls, ratio: Ratio, before: Ints, after: Ints, tolerance: float) -> _Paired:
        sides = [_linearised(ratio, counts) for counts in (before, after)]
        values = [value for value, _ in sides]
        known = None if None in values else sides[1][1] - sides[0][1]
        return cls(ratio.definition.name, tolerance, values[0], values[1], known)

    @property
    def difference(self) -> float:
        return (self.candidate or 0.0) - (self.baseline or 0.0)

    @property
    def error(self) -> float:
        """The standard error over people of the difference."""
        return 0.0 if self.effects is None else float(np.sqrt(np.square(self.effects).sum()))

    @property
    def deviate(self) -> float:
        """How far beyond the tolerance nothing is lost, in standard errors."""
        spared = self.difference + self.tolerance
        if self.error <= 0:
            # Rounding makes a loss that equals the tolerance a trifle more.
            return -np.inf if spared < -_TRIFLE else np.inf
        return spared / self.error

    def tell(self, check: Check, p_value: float | None) -> Check:
        check = replace(check, baseline=self.baseline, candidate=self.candidate)
        if self.effects is None:
            return replace(check, reason="it has no value on one side")
        reach = _DEVIATE * self.error
        ends = (self.difference - reach, self.difference + reach)
        return replace(
            check, difference=self.difference, low=ends[0], high=ends[1], p_value=p_value
        )


def _linearised(ratio: Ratio, counts: Ints) -> tuple[float | None, Floats]:
    """Give a ratio, and each person's part in what it varies by."""
    above, below = counts @ np.array(ratio.above), counts @ np.array(ratio.below)
    if not below.sum():
        return None, np.zeros(len(counts))
    value = float(above.sum() / below.sum())
    return value, (above - value * below) / below.sum()


def joint(tests: Sequence[_Paired]) -> dict[str, float]:
    """Give p-values of measures that hold together: of a deviate so low among all of them.

    Parameters
    ----------
    tests
        Measures of the same people.

    Returns
    -------
    By measure. Deviates are drawn with the correlations that people show; a p-value is never below
    that of the measure alone, nor above Bonferroni's.

    References
    ----------
    Westfall and Young (1993), "Resampling-based multiple testing".
    """
    moving = [test for test in tests if test.error > 0]
    together = {test.measure: float(test.deviate > 0) for test in tests}
    if not moving:
        return together
    parts = np.array([test.effects for test in moving], float)
    parts /= np.array([[test.error] for test in moving])
    values, vectors = np.linalg.eigh(parts @ parts.T)
    root = vectors * np.sqrt(np.maximum(values, 0))
    lowest = np.sort((_normals(len(moving)) @ root.T).min(axis=1))
    for test in moving:
        alone = float(ndtr(test.deviate))
        drawn = float(np.searchsorted(lowest, test.deviate, side="right") / len(lowest))
        together[test.measure] = min(max(alone, drawn), len(moving) * alone, 1.0)
    return together


@cache
def _normals(n_measures: int) -> Floats:
    """Draw independent deviates, shape (draws, measures), always the same."""
    ids = np.arange(_DRAWS * n_measures)
    return Stream(1, ("gate",)).normal("deviates", ids).reshape(_DRAWS, n_measures)


def _others(lineup: Lineup, costs: Costs) -> Iterator[Check]:
    """Check that a linker ran, its time and its memory."""
    yield _ran(lineup)
    both_finished = [
        (before, after)
        for _, before, after in lineup.cells
        if after and before.status == after.status == OK
    ]
    if both_finished:
        yield _time(lineup, both_finished, costs)
        yield _memory(lineup, both_finished, costs.memory_ratio)


def _ran(lineup: Lineup) -> Check:
    for which, before, after in lineup.cells:
        if before.status == OK and after is None:
            reason = f"the candidate did not run it (seed {which.seed}){_renamed(lineup)}"
            return Check(*lineup.place, measure="status", verdict="failed", reason=reason)
        if before.status == OK and after and after.status != OK:
            reason = f"{after.status} (seed {which.seed})"
            return Check(*lineup.place, measure="status", verdict="failed", reason=reason)
    if not lineup.both:
        reason = "it failed on the baseline already"
        return Check(*lineup.place, measure="status", verdict="not judged", reason=reason)
    return Check(*lineup.place, measure="status", verdict="same")


def _renamed(lineup: Lineup) -> str:
    """Name the new linkers: one that is gone may have got another name."""
    if not lineup.newcomers:
        return ""
    named = ", ".join(f"'{name}'" for name in lineup.newcomers)
    return (
        f", but {named}, which the baseline does not know; if it was renamed, give it "
        f"the label '{lineup.linker}', or make a new baseline"
    )


def _time(lineup: Lineup, finished: list[tuple[GateCell, GateCell]], costs: Costs) -> Check:
    blank = Check(
        *lineup.place, measure="cpu_ratio", verdict="not judged", tolerance=costs.cpu_ratio
    )
    before, after = (_in_kernels([pair[side] for pair in finished]) for side in (0, 1))
    if before is None or after is None:
        return replace(blank, reason="a run of an earlier version has no reference kernel")
    slowest = max(cell.cpu_seconds or 0.0 for pair in finished for cell in pair)
    if slowest < costs.cpu_floor_seconds:
        reason = f"it takes under {costs.cpu_floor_seconds:g} s on both sides"
        return replace(blank, baseline=before, candidate=after, reason=reason)
    return _compared(blank, before, after, costs.cpu_ratio)


def _in_kernels(cells: list[GateCell]) -> float | None:
    """Give CPU time in units of the reference kernel, the mean of the worlds."""
    times = [(cell.cpu_seconds, cell.reference_seconds) for cell in cells]
    known = [taken / kernel for taken, kernel in times if taken is not None and kernel]
    return float(np.mean(known)) if len(known) == len(cells) else None


def _memory(lineup: Lineup, finished: list[tuple[GateCell, GateCell]], ratio: float) -> Check:
    blank = Check(*lineup.place, measure="memory_ratio", verdict="not judged", tolerance=ratio)
    before, after = (max(pair[side].peak_mb or 0.0 for pair in finished) for side in (0, 1))
    if not before or not after:
        return replace(blank, reason="the memory of one side is not known")
    return _compared(blank, before, after, ratio)


def _compared(blank: Check, before: float, after: float, ratio: float) -> Check:
    times = after / before if before else 1.0
    verdict: Verdict = "worse" if times > ratio else "better" if times < 1 / ratio else "same"
    return replace(blank, baseline=before, candidate=after, difference=times, verdict=verdict)
