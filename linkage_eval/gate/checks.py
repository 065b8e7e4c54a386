"""Checks of a candidate: paired tests of accuracy, and ratios of time and memory.

Both sides' outcomes of each person stand side by side and people are resampled, in the worlds of
all seeds at once. A measure has regressed where it is statistically certain that it fell by more
than its tolerance: the loss beyond it, in standard errors of the bootstrap, is tested one-sided,
and the tests of a whole comparison share `alpha` by Holm's method. So a change that alters links
without harm raises a false alarm with probability `alpha` at most, and a change that leaves the
links as they were never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.special import ndtr

from darkfigure.linkage_eval.evaluation.metrics.accuracy import RATIOS
from darkfigure.linkage_eval.evaluation.metrics.disparities import holm
from darkfigure.linkage_eval.evaluation.paired import quotients
from darkfigure.linkage_eval.gate.pairing import Lineup
from darkfigure.linkage_eval.gate.sides import GateCell
from darkfigure.linkage_eval.gate.tolerances import Costs, Losses, Tolerances
from darkfigure.linkage_eval.rows import OK
from darkfigure.linkage_eval.stats.ratios import Ratio, resample
from darkfigure.synth.core.arrays import Floats, Ints
from darkfigure.synth.core.chance import Stream

Verdict = Literal["worse", "failed", "better", "same", "not judged"]
_BAD = ("worse", "failed")
_TAILS = [0.025, 0.975]


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
        Of the test that no more than the tolerance was lost, before Holm's adjustment.
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
    checks = [check for lineup in lineups for check in _accuracy(lineup, tolerances)]
    costs = [check for lineup in lineups for check in _others(lineup, tolerances.cost)]
    return [*_decide(checks, tolerances.alpha), *costs]


def _decide(checks: Sequence[Check], alpha: float) -> list[Check]:
    """Give the verdicts of all tests together, by Holm's method."""
    tested = [check for check in checks if check.p_value is not None]
    adjusted = iter(holm(np.array([check.p_value for check in tested], float)))
    return [
        check
        if check.p_value is None
        else replace(check, verdict=_verdict(check, next(adjusted), alpha))
        for check in checks
    ]


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
    """Test each measure that has a tolerance in one group of people."""
    chance = Stream(1, ("gate", *stratum))
    sums = np.vstack([counts.sum(axis=0, dtype=float), resample(counts, chance)])
    for ratio in RATIOS:
        tolerance = losses.given().get(ratio.definition.name)
        if tolerance is not None:
            blank = Check(
                *lineup.place,
                stratum_kind=stratum[0],
                stratum=stratum[1],
                measure=ratio.definition.name,
                verdict="not judged",
                tolerance=tolerance,
            )
            yield _test(blank, sums, ratio, tolerance)


def _test(blank: Check, sums: Floats, ratio: Ratio, tolerance: float) -> Check:
    before, after = (quotients(part, ratio) for part in np.split(sums, 2, axis=1))
    check = replace(blank, baseline=_known(before[0]), candidate=_known(after[0]))
    if check.baseline is None or check.candidate is None:
        return replace(check, reason="it has no value on one side")
    apart = (after - before)[1:]
    apart = apart[np.isfinite(apart)]
    difference = check.candidate - check.baseline
    low, high = np.quantile(apart, _TAILS) if len(apart) else (np.nan, np.nan)
    error = float(apart.std()) if len(apart) else 0.0
    return replace(
        check,
        difference=difference,
        low=_known(low),
        high=_known(high),
        p_value=_p_value(difference + tolerance, error),
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _p_value(spared: float, error: float) -> float:
    """Give the chance of losing so much if the true loss equals the tolerance."""
    # Rounding makes a loss that equals the tolerance a trifle more.
    if error <= 0:
        return 0.0 if spared < -1e-12 else 1.0
    return float(ndtr(spared / error))


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
