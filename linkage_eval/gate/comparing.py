"""Comparison of a candidate with a baseline: checks, flips and one verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from darkfigure.linkage_eval.gate.checks import Check, check_all
from darkfigure.linkage_eval.gate.flips import Bases, Flip, Tally, base_rates, find_flips, tally
from darkfigure.linkage_eval.gate.metric_checks import check_metrics
from darkfigure.linkage_eval.gate.pairing import line_up
from darkfigure.linkage_eval.gate.sides import GateSide, read_side, refuse_other_data
from darkfigure.linkage_eval.gate.tolerances import Tolerances, load_tolerances
from darkfigure.linkage_eval.metrics.registry import gather
from darkfigure.synth.storage.dataset import Dataset


@dataclass(frozen=True)
class Gate:
    """The outcome of a comparison.

    Parameters
    ----------
    baseline, candidate
        Paths from which the sides were read.
    alpha
        Greatest probability of a false alarm.
    checks
        One per linker, task and measure.
    flips
        Pairs that only one side links.
    trusted
        "baseline" and "candidate", if nothing kept the linkers of it from reading the truth.
    bases
        Share of all true pairs with each cause, and of each group.
    """

    baseline: str
    candidate: str
    alpha: float
    checks: tuple[Check, ...]
    flips: tuple[Flip, ...]
    trusted: tuple[str, ...] = ()
    bases: Bases = field(default_factory=dict)

    @property
    def bad(self) -> list[Check]:
        """The checks that refuse the candidate."""
        return [check for check in self.checks if check.bad]

    @property
    def passed(self) -> bool:
        """Whether nothing got worse for certain."""
        return not self.bad

    def tallies(self) -> list[Tally]:
        """Count the flips overall, by cause and by group."""
        return tally(self.flips, self.bases)

    def plain(self) -> dict[str, Any]:
        """Give the whole comparison as plain data, for JSON."""
        summary = {"passed": self.passed, "baseline": self.baseline, "candidate": self.candidate}
        return summary | {
            "alpha": self.alpha,
            "trusted": list(self.trusted),
            "checks": [asdict(check) for check in self.checks],
            "flips": [asdict(flip) for flip in self.flips],
            "tallies": [asdict(row) for row in self.tallies()],
        }


Side = str | Path | GateSide


def compare_runs(
    baseline: Side,
    candidate: Side,
    tolerances: Tolerances | None = None,
    *,
    datasets: Mapping[str, Dataset] | None = None,
    further: Sequence[tuple[Side, Side]] = (),
) -> Gate:
    """Compare a candidate with a baseline.

    Parameters
    ----------
    baseline, candidate
        Folders of runs of the same suite, or baseline files; at least one is a run.
    tolerances
        The losses that are allowed; by default the packaged ones.
    datasets
        The worlds by name, such as "merthyr-1", where neither run holds them.
    further
        Baselines and candidates of other suites, which share the verdict and its `alpha`.

    Returns
    -------
    Checks and flips; linkers of the candidate that the baseline lacks are left out.

    Raises
    ------
    DatasetError
        A side cannot be read, the two are not of the same data, or a world is gone.
    UnknownNameError, SpecError
        A tolerance is of a metric that cannot be compared, or the run's metrics are gone.
    """
    allowed = tolerances or load_tolerances()
    pairs = [_read(*sides) for sides in ((baseline, candidate), *further)]
    lineups = [list(line_up(before, after, datasets)) for before, after in pairs]
    together = [lineup for of_suite in lineups for lineup in of_suite]
    checks = [*check_all(together, allowed)]
    for (before, after), of_suite in zip(pairs, lineups, strict=True):
        checks += check_metrics(of_suite, allowed.metrics, gather(_own_metrics(before, after)))
    befores, afters = zip(*pairs, strict=True)
    sides = {"baseline": befores, "candidate": afters}
    flips = [find_flips(lineup) for lineup in together]
    bases = [base_rates(lineup) for lineup, own in zip(together, flips, strict=True) if own]
    return Gate(
        ", ".join(side.name for side in befores),
        ", ".join(side.name for side in afters),
        allowed.alpha,
        tuple(checks),
        tuple(flip for of_lineup in flips for flip in of_lineup),
        tuple(name for name, of in sides.items() if any(side.trusted for side in of)),
        {key: share for of_lineup in bases for key, share in of_lineup.items()},
    )


def _read(baseline: Side, candidate: Side) -> tuple[GateSide, GateSide]:
    before, after = (
        side if isinstance(side, GateSide) else read_side(side) for side in (baseline, candidate)
    )
    refuse_other_data(before, after)
    return before, after


def _own_metrics(before: GateSide, after: GateSide) -> list[str]:
    """Name the users' metrics of the runs, the candidate's first."""
    runs = [side.run for side in (after, before) if side.run]
    names = (name for run in runs for name in run.manifest["suite"].get("metrics", ()))
    return list(dict.fromkeys(names))
