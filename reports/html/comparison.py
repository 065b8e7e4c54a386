"""The results of one setting, pooled over its seeds, for all parts of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import NamedTuple, TypeVar

from darkfigure.linkage_eval.attainable.ceiling import ATTAINABLE, DISTANCE
from darkfigure.linkage_eval.evaluation.answers import EventAnswer, read_answers
from darkfigure.linkage_eval.metrics.metric_set import METRIC_FAILED
from darkfigure.linkage_eval.rows import (
    OK,
    Answer,
    Attained,
    Attributed,
    Bin,
    Cause,
    Difference,
    Example,
    FalseCause,
    Listed,
    Measure,
    Point,
    Shared,
    Timing,
)
from darkfigure.reports.html.run import EVERYBODY, ReportedRun

Row = (
    Answer
    | Attained
    | Attributed
    | Bin
    | Cause
    | Difference
    | Example
    | FalseCause
    | Listed
    | Measure
    | Point
    | Timing
)
Seeded = TypeVar("Seeded", Attributed, FalseCause, Listed, Point, Bin)

# F1 and F* put methods in the same order, so the paired test of one is that of the other.
_TESTED_AS = {"f1": "f_star"}
# Linker, metric, stratum kind, stratum.
Key = tuple[str, str, str, str]


class Setting(NamedTuple):
    """A task under a strategy in a scenario."""

    scenario: str
    strategy: str
    task: str


@dataclass(frozen=True)
class PooledEstimate:
    """A value with its 95 % interval; n is summed over the seeds.

    With several seeds the value and both bounds are means over them, so the interval is that of
    one simulated world, wider than that of the mean.
    """

    value: float
    low: float | None
    high: float | None
    n: int

    def overlaps(self, other: PooledEstimate) -> bool:
        """Say whether the two intervals overlap; true where an interval is missing."""
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return True
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True)
class Cost:
    """Mean seconds and megabytes of the seeds at which a linker finished."""

    wall_seconds: float | None
    cpu_seconds: float | None
    peak_mb: float | None


@dataclass(frozen=True)
class Ceiling:
    """What is attainable at one setting by a rule with labels, which is no competitor.

    Parameters
    ----------
    estimates
        Pooled values by "attainable" or a linker, metric, stratum kind and stratum.
    by_labels
        F1 by the number of labelled pairs, fewest first.
    curve
        Precision and recall at its thresholds, of the first seed.
    learnt_from
        The people from whom it learnt.
    hindered
        Reason why nothing was found out; "" if something was.
    """

    estimates: Mapping[Key, PooledEstimate] = field(default_factory=dict)
    by_labels: Mapping[int, PooledEstimate] = field(default_factory=dict)
    curve: tuple[Point, ...] = ()
    learnt_from: str = ""
    hindered: str = ""

    def attained(self, metric: str, of: tuple[str, str] = EVERYBODY) -> PooledEstimate | None:
        """Give what is attained in a metric; None where that is not known."""
        return self.estimates.get((ATTAINABLE, metric, *of))

    def distance(self, linker: str) -> PooledEstimate | None:
        """Give how far a linker's F1 is below the attained one."""
        return self.estimates.get((linker, DISTANCE, *EVERYBODY))


@dataclass(frozen=True)
class SettingResults:
    """The results of all linkers at one setting.

    Parameters
    ----------
    setting
        Scenario, strategy and task.
    seeds
        Seeds of the worlds, sorted.
    linkers
        Names of the linkers, the best F1 first, failures last.
    failures
        Reason of each failure, by linker and seed.
    estimates
        Pooled values by linker, metric, stratum kind and stratum.
    costs
        Mean time and memory by linker.
    causes
        Causes of missed pairs, pooled over seeds.
    examples
        Fields of example pairs, of all seeds.
    attributed, curves, bins
        Attribution, thresholds and calibration of the first seed.
    differences
        Paired comparisons of linkers.
    unmeasured
        Reason why a user's metric has no value, by linker and metric.
    answers
        What each linker, perfect links and the truth make of assault attendances.
    ceiling
        What is attainable.
    listed
        Sizes of two lists of violence with injury, of the first seed.
    false_causes
        What made the two people of false links look alike, of the first seed.
    """

    setting: Setting
    seeds: tuple[int, ...]
    linkers: tuple[str, ...]
    failures: Mapping[str, Mapping[int, str]]
    estimates: Mapping[Key, PooledEstimate]
    costs: Mapping[str, Cost]
    causes: tuple[Cause, ...]
    examples: tuple[Example, ...]
    attributed: tuple[Attributed, ...] = ()
    curves: tuple[Point, ...] = ()
    bins: tuple[Bin, ...] = ()
    differences: tuple[Difference, ...] = ()
    unmeasured: Mapping[tuple[str, str], str] = field(default_factory=dict)
    answers: tuple[EventAnswer, ...] = ()
    ceiling: Ceiling = Ceiling()
    listed: tuple[Listed, ...] = ()
    false_causes: tuple[FalseCause, ...] = ()

    def estimate(
        self, linker: str, metric: str, of: tuple[str, str] = EVERYBODY
    ) -> PooledEstimate | None:
        """Give one linker's value of a metric; None where it has none.

        Parameters
        ----------
        linker, metric
            Names as in the run.
        of
            Stratum kind and stratum; by default everybody.
        """
        return self.estimates.get((linker, metric, *of))

    def tied(self, first: str, second: str, metric: str) -> bool:
        """Say whether two linkers cannot be told apart.

        The paired test on the same people decides; without one, the overlap of the intervals.

        Parameters
        ----------
        first, second
            Names of the linkers.
        metric
            Name of the metric.
        """
        tested = _TESTED_AS.get(metric, metric)
        for row in self.differences:
            if row.metric == tested and {row.first, row.second} == {first, second}:
                return row.verdict == "tie"
        values = (self.estimate(first, metric), self.estimate(second, metric))
        return not (values[0] and values[1]) or values[0].overlaps(values[1])

    def share(self, metric: str) -> PooledEstimate | None:
        """Give a value that does not depend on the linker, such as the true dark figure."""
        key_end = (metric, *EVERYBODY)
        return next(
            (estimate for key, estimate in self.estimates.items() if key[1:] == key_end), None
        )

    def strata(self, metric: str = "recall") -> dict[str, list[str]]:
        """List the groups of each division of people, in order."""
        by_kind: dict[str, set[str]] = defaultdict(set)
        for _, name, kind, stratum in self.estimates:
            if name == metric and kind != EVERYBODY[0]:
                by_kind[kind].add(stratum)
        return {kind: sorted(strata, key=_natural) for kind, strata in by_kind.items()}

    def ranked(self, metric: str) -> list[tuple[str, PooledEstimate]]:
        """List the linkers that have a value, the highest first."""
        values = [(linker, self.estimate(linker, metric)) for linker in self.linkers]
        known = [(linker, estimate) for linker, estimate in values if estimate]
        return sorted(known, key=lambda pair: -pair[1].value)


def compare(run: ReportedRun) -> list[SettingResults]:
    """Split a run into its settings, in the order of its rows."""
    rows: list[Measure | Timing] = [*run.measures, *run.timings]
    settings = dict.fromkeys(_setting(row) for row in rows)
    return [_compare(run, setting) for setting in settings]


def _compare(run: ReportedRun, setting: Setting) -> SettingResults:
    measures = [row for row in run.measures if _setting(row) == setting]
    timings = [row for row in run.timings if _setting(row) == setting]
    rows: list[Measure | Timing] = [*measures, *timings]
    estimates = _pool(measures)
    linkers = {row.linker for row in timings} | {row.linker for row in measures}
    return SettingResults(
        setting=setting,
        seeds=tuple(sorted({row.seed for row in rows})),
        linkers=tuple(sorted(linkers, key=lambda name: _place(estimates, name))),
        failures=_failures(rows),
        unmeasured={(row.linker, row.metric): row.status for row in measures if metric_failed(row)},
        estimates=estimates,
        costs=_costs(timings),
        causes=_pool_causes([row for row in run.causes if _setting(row) == setting]),
        examples=tuple(row for row in run.examples if _setting(row) == setting),
        # Shares of missed pairs and curves are of one world: those of the first seed are shown.
        attributed=_of_first_seed(run.attributed, setting),
        curves=_of_first_seed(run.curves, setting),
        bins=_of_first_seed(run.bins, setting),
        differences=tuple(row for row in run.differences if _setting(row) == setting),
        answers=tuple(read_answers(row for row in run.answered if _setting(row) == setting)),
        ceiling=_ceiling(run, setting),
        listed=_of_first_seed(run.listed, setting),
        false_causes=_of_first_seed(run.false_causes, setting),
    )


def _ceiling(run: ReportedRun, setting: Setting) -> Ceiling:
    rows = [row for row in run.attained if _setting(row) == setting]
    known = [row for row in rows if row.status == OK and row.value is not None]
    numbers = sorted({row.labels for row in known if row.labels is not None})
    return Ceiling(
        estimates=_pool(row for row in known if row.labels is None),
        by_labels={
            number: _mean([row for row in known if (row.labels, row.metric) == (number, "f1")])
            for number in numbers
        },
        curve=_of_first_seed(run.attainable_curves, setting),
        learnt_from=next((row.learnt_from for row in known), ""),
        hindered=next((row.status for row in rows), "") if not known else "",
    )


def _setting(row: Row) -> Setting:
    return Setting(row.scenario, row.strategy, row.task)


def _of_first_seed(rows: Iterable[Seeded], setting: Setting) -> tuple[Seeded, ...]:
    own = [row for row in rows if _setting(row) == setting]
    first = min((row.seed for row in own), default=0)
    return tuple(row for row in own if row.seed == first)


def _place(estimates: Mapping[Key, PooledEstimate], linker: str) -> tuple[float, str]:
    f1 = estimates.get((linker, "f1", *EVERYBODY))
    return (-f1.value if f1 else 1.0, linker)


def _pool(measures: Iterable[Measure | Attained]) -> dict[Key, PooledEstimate]:
    cells: dict[Key, list[Measure | Attained]] = defaultdict(list)
    for row in measures:
        if row.status == OK and row.value is not None:
            cells[row.linker, row.metric, row.stratum_kind, row.stratum].append(row)
    return {key: _mean(rows) for key, rows in cells.items()}


def _mean(rows: Sequence[Measure | Attained]) -> PooledEstimate:
    value = fmean(row.value for row in rows if row.value is not None)
    n = sum(row.n or 0 for row in rows)
    return PooledEstimate(
        value, _mean_of(row.low for row in rows), _mean_of(row.high for row in rows), n
    )


def _mean_of(values: Iterable[float | None]) -> float | None:
    """Average values; None where any value is unknown."""
    all_values = list(values)
    return (
        None
        if None in all_values or not all_values
        else fmean(value for value in all_values if value is not None)
    )


def _failures(rows: Iterable[Measure | Timing]) -> dict[str, dict[int, str]]:
    failures: dict[str, dict[int, str]] = defaultdict(dict)
    for row in rows:
        if row.status != OK and not metric_failed(row):
            failures[row.linker].setdefault(row.seed, row.status)
    return dict(failures)


def metric_failed(row: Measure | Timing | Shared) -> bool:
    """Tell whether a row has no value because a user's metric failed, and nothing else did."""
    return row.status.startswith(METRIC_FAILED)


def _costs(timings: Iterable[Timing]) -> dict[str, Cost]:
    timings_by_linker: dict[str, list[Timing]] = defaultdict(list)
    for row in timings:
        if row.status == OK:
            timings_by_linker[row.linker].append(row)
    return {
        linker: Cost(
            _mean_of(row.wall_seconds for row in rows),
            _mean_of(row.cpu_seconds for row in rows),
            _mean_of(row.peak_mb for row in rows),
        )
        for linker, rows in timings_by_linker.items()
    }


def _pool_causes(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    cells: dict[tuple[str, str], list[Cause]] = defaultdict(list)
    for row in causes:
        cells[row.linker, row.cause].append(row)
    return tuple(_pool_cause(rows) for rows in cells.values())


def _pool_cause(rows: Sequence[Cause]) -> Cause:
    first = rows[0]
    missed = sum(row.n_missed_with for row in rows)
    pairs = sum(row.n_pairs_with for row in rows)
    others = [row.missed_rate_without for row in rows if row.missed_rate_without is not None]
    return replace(
        first,
        n_missed_with=missed,
        n_pairs_with=pairs,
        missed_rate_with=missed / pairs if pairs else None,
        missed_rate_without=fmean(others) if others else None,
    )


def _natural(name: str) -> tuple[int, str]:
    """Sort "5-9" before "10-14", and words after numbers."""
    digits = name[: len(name) - len(name.lstrip("0123456789"))]
    return (int(digits) if digits else 1_000_000, name)
