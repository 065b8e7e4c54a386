"""Checks of any declared metric: its value on both sides, and the loss that its tolerance allows.

Nothing is known of how such a value varies, so there is no test: a loss beyond the tolerance is
one. Values are means over the worlds of all seeds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from darkfigure.linkage_eval.gate.checks import Check
from darkfigure.linkage_eval.gate.pairing import Both, Lineup
from darkfigure.linkage_eval.metrics.declaration import Definition
from darkfigure.linkage_eval.metrics.metric_set import MetricSet
from darkfigure.linkage_eval.rows import ALL, OK, Measurement
from darkfigure.synth.core.errors import SpecError, UnknownNameError

_Values = dict[str, Measurement]


def check_metrics(
    lineups: Sequence[Lineup], tolerances: Mapping[str, float], metrics: MetricSet
) -> list[Check]:
    """Check the metrics that have a tolerance of their own.

    Parameters
    ----------
    lineups
        Each linker of the baseline on each task, beside the candidate's.
    tolerances
        The loss that is allowed in each metric, in its unit.
    metrics
        The metrics of the run.

    Raises
    ------
    UnknownNameError
        The run has no metric of that name, or it is none of links.
    SpecError
        Neither direction of a metric is better, so that nothing is a loss.
    """
    known = {name: metrics.definitions[name] for name in metrics.names("links")}
    for name in tolerances:
        _refuse(name, known)
    if not tolerances:
        return []
    chosen = metrics.only(tolerances)
    return [
        check
        for lineup in lineups
        for check in _checks(
            lineup, tolerances, known, [_pair(both, chosen) for both in lineup.both]
        )
    ]


def _refuse(name: str, known: Mapping[str, Definition]) -> None:
    if name not in known:
        raise UnknownNameError.of("metric of links", name, known)
    if known[name].direction == "neither":
        raise SpecError(
            f"metric '{name}' has no tolerance: its declaration says that neither direction is "
            "better, so nothing is a loss."
        )


def _pair(both: Both, metrics: MetricSet) -> tuple[_Values, _Values]:
    before, after = (
        {
            row.metric: row
            for row in both.evaluation.measure(judged, metrics=metrics)
            if row.stratum_kind == ALL
        }
        for judged in (both.baseline, both.candidate)
    )
    return before, after


def _checks(
    lineup: Lineup,
    tolerances: Mapping[str, float],
    known: Mapping[str, Definition],
    pairs: Sequence[tuple[_Values, _Values]],
) -> Iterator[Check]:
    for name, tolerance in tolerances.items() if pairs else ():
        blank = Check(*lineup.place, measure=name, verdict="not judged", tolerance=tolerance)
        rows = [(before.get(name), after.get(name)) for before, after in pairs]
        before, after = (_mean([pair[side] for pair in rows]) for side in (0, 1))
        if before is None or after is None:
            yield replace(blank, baseline=before, candidate=after, reason=_why(rows))
            continue
        loss = known[name].loss(before, after) or 0.0
        # Rounding makes a loss that equals the tolerance a trifle more.
        worse = loss > tolerance + 1e-12
        yield replace(
            blank,
            baseline=before,
            candidate=after,
            difference=after - before,
            verdict="worse" if worse else "better" if loss < 0 else "same",
        )


def _mean(rows: Sequence[Measurement | None]) -> float | None:
    values = [row.value for row in rows if row is not None and row.value is not None]
    return fmean(values) if len(values) == len(rows) else None


def _why(rows: Sequence[tuple[Measurement | None, Measurement | None]]) -> str:
    failed = [row.status for pair in rows for row in pair if row is not None and row.status != OK]
    return failed[0] if failed else "it has no value on one side"
