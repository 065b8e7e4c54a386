"""The aims by which the page compares sharing strategies, and the answers of a run's tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from darkfigure.linkage_eval.metrics.declaration import Definition
from darkfigure.linkage_eval.metrics.registry import known_metrics
from darkfigure.linkage_eval.rows import OK, Measure, Shared
from darkfigure.linkage_eval.sharing.metrics.balance import pareto_front
from darkfigure.reports.html.formats import DASH, NO_BREAK, count, interval, percent
from darkfigure.reports.html.run import ReportedRun
from darkfigure.reports.html.tables import TableCell

ALL, POLICE, UNIT, CHILDREN = "all", "police:*", "vpu:wales", "social_care:*"
LINKER = "the linker with the best F1"
_Key = tuple[str, str, str, str]
_SIGNS = {"higher": 1, "lower": -1, "neither": 0}


def _decimal(value: float | None) -> str:
    return DASH if value is None else f"{value:.2f}"


@dataclass(frozen=True)
class Aim:
    """One aim by which strategies are compared.

    Parameters
    ----------
    title
        The heading of its column.
    metric, recipient, kind, stratum
        Its row in the table of sharing; a recipient of "" is any. An aim of the recipient `LINKER`
        is a row of the measurements.
    write
        Writes its numbers.
    deciding
        Whether it has a say in which strategies are beaten; else it only describes.
    """

    title: str
    metric: str
    recipient: str = ALL
    kind: str = ALL
    stratum: str = ALL
    write: Callable[[float | None], str] = percent
    deciding: bool = True

    @property
    def definition(self) -> Definition:
        """The declaration of its metric."""
        return known_metrics()[self.metric]

    @property
    def sign(self) -> int:
        """1 where more is better, -1 where less is, 0 where it only describes."""
        return _SIGNS[self.definition.direction] if self.deciding else 0

    @property
    def heading(self) -> str:
        """Its title with the arrow of its metric."""
        arrow = self.definition.arrow
        return f"{self.title}{NO_BREAK}{arrow}" if arrow else self.title


EVENTS = Aim("Police see: events", "visible_share", POLICE, "event")
PLACES = Aim("Prevention unit sees: places", "visible_share", UNIT, "place")
FOUND = Aim(
    "Repeat victims the police find", "at_risk_found_share", POLICE, "rule", "repeat_domestic"
)
LINKED = Aim("Best F1 on what is shared", "f1")
ESTIMATE = Aim("Estimate to truth, links without error", "estimate_to_truth", "", write=_decimal)
AS_LINKED = Aim("As linked", "linked_estimate_to_truth", LINKER, write=_decimal)
CORRECTED = Aim("Corrected by an audit", "corrected_estimate_to_truth", LINKER, write=_decimal)
NAMED = Aim("People named", "people_disclosed", write=count)
LOST = Aim("Attendances lost", "presentations_lost", write=count)
HOURS = Aim("Hours of work", "work_hours", write=count)
ATTACKED = Aim("Attacker\u2019s advantage over guessing", "attack_advantage", "", "attack", "")
LOSS = Aim("Privacy loss, all flows (epsilon)", "privacy_loss", write=_decimal, deciding=False)
BEHIND = Aim(
    "Told who is behind it: .5 is chance",
    "membership_auc",
    "",
    "attack",
    "",
    _decimal,
    deciding=False,
)
MISUSED = Aim("Looked up without need", "misuses", write=count)
MADE_UP = Aim("Filled in only to pass", "made_up_share")
SEEN = (
    EVENTS,
    Aim("Police see: places", "visible_share", POLICE, "place"),
    Aim("Police see: people", "visible_share", POLICE, "person"),
    Aim("Prevention unit sees: events", "visible_share", UNIT, "event"),
    PLACES,
)
USE = (
    LINKED,
    ESTIMATE,
    Aim("Hotspots right: police", "hotspot_precision", POLICE),
    Aim("Hotspots right: prevention unit", "hotspot_precision", UNIT),
    FOUND,
    Aim(
        "Days unfound, of 365", "at_risk_unfound_days", POLICE, "rule", "repeat_domestic", count,
    ),
    Aim(
        "False alarms for each found", "at_risk_false_alarms", POLICE, "rule", "repeat_domestic",
        _decimal,
    ),
    Aim(
        "Children at risk social care finds", "at_risk_found_share", CHILDREN, "rule", "child"),
)  # fmt: skip
GIVEN = (
    NAMED,
    Aim("Of them no part in violence", "collateral_share", deciding=False),
    Aim("Fields given away, weighed", "weighted_disclosures", write=count),
    Aim("Rows in classes below 5", "small_class_share"),
    ATTACKED,
    LOSS,
    BEHIND,
    MISUSED,
)
COST = (
    LOST,
    Aim("Days to usable, median", "days_to_usable_median", write=count, deciding=False),
    HOURS,
    Aim("Agreements", "agreements", write=count),
    Aim("Assessed again", "duplicate_assessments", write=count),
    MADE_UP,
)
_DECIDING = tuple(aim for aim in (*SEEN, *USE, *GIVEN, *COST) if aim.sign)


class Answers:
    """The answers of one scenario, seeds averaged.

    Parameters
    ----------
    run
        A run, with its measures of sharing and of linkers.
    scenario
        Name of one of its scenarios.
    """

    def __init__(self, run: ReportedRun, scenario: str) -> None:
        self.scenario = scenario
        rows = [row for row in run.shared if row.scenario == scenario]
        self.names = list(dict.fromkeys(row.strategy for row in rows))
        # A quantity without a value has its own reason; what failed has no quantity.
        self._failed = {
            row.strategy: row.status for row in rows if row.status != OK and not row.metric
        }
        self._rows: dict[tuple[str, str], list[Shared]] = {}
        for row in rows:
            self._rows.setdefault((row.strategy, str(row.metric)), []).append(row)
        measures = [row for row in run.measures if row.scenario == scenario]
        self._measures = [row for row in measures if row.stratum == ALL]
        self._linked = _best_linked([row for row in measures if row.task == measures[0].task])

    @property
    def plain(self) -> list[str]:
        """Strategies that worked without an overlay."""
        return [name for name in self.names if "+" not in name and not self.failed(name)]

    def failed(self, name: str) -> str:
        """Give the reason why a strategy was not measured, or ""."""
        return self._failed.get(name, "")

    def value(self, name: str, aim: Aim) -> float | None:
        """Give a strategy's value of an aim, averaged over seeds; None where there is none."""
        if aim == LINKED:
            return self._linked[name][1] if name in self._linked else None
        values = [row.value for row in self._found(name, aim) if row.value is not None]
        return fmean(values) if values else None

    def bounds(self, name: str, aim: Aim) -> tuple[float, float] | None:
        """Give the interval of a strategy's value of an aim, where there is one seed."""
        rows = self._found(name, aim)
        if len(rows) != 1 or rows[0].low is None or rows[0].high is None:
            return None
        return rows[0].low, rows[0].high

    def counted(self, name: str, aim: Aim) -> int:
        """Count the units that a strategy's value of an aim is about, in the first seed."""
        return next((row.n or 0 for row in self._found(name, aim)), 0)

    def cell(self, name: str, aim: Aim) -> TableCell:
        """Write a strategy's value of an aim with its interval, or a dash.

        Parameters
        ----------
        name
            Name of the strategy, with its overlays.
        aim
            The aim.
        """
        value = self.value(name, aim)
        if value is None:
            return TableCell(DASH)
        if aim == LINKED:
            return TableCell(aim.write(value), value, self._linked[name][0])
        bounds = self.bounds(name, aim)
        if bounds is None:
            return TableCell(aim.write(value), value)
        plain = f"({bounds[0]:.2f}{DASH}{bounds[1]:.2f})"
        aside = plain if aim.write is _decimal else interval(*bounds)
        return TableCell(aim.write(value), value, aside, bounds=bounds)

    def unbeaten(self, aims: Sequence[Aim] = _DECIDING) -> set[str]:
        """Name the unbeaten strategies: no other is as good in every aim and better in one."""
        if not self.plain:
            return set()
        gains = [[aim.sign * (self.value(name, aim) or 0.0) for aim in aims] for name in self.plain]
        front = pareto_front(np.array(gains))
        return {name for name, on in zip(self.plain, front, strict=True) if on}

    def _found(self, name: str, aim: Aim) -> Sequence[Shared | Measure]:
        if aim.recipient == LINKER:
            best = name, self._linked.get(name, ("",))[0], aim.metric
            return [row for row in self._measures if (row.strategy, row.linker, row.metric) == best]
        return [
            row
            for row in self._rows.get((name, aim.metric), [])
            if aim.recipient in ("", row.recipient)
            and (not aim.stratum or (row.stratum_kind, row.stratum) == (aim.kind, aim.stratum))
        ]


def _best_linked(measures: Sequence[Measure]) -> dict[str, tuple[str, float]]:
    """Find under each strategy the linker with the best F1 of a task, seeds averaged.

    Pairs that never reached the linking party are no fault of a linker: recall leaves them out.
    """
    cells: dict[tuple[str, str, int], dict[str, float]] = {}
    for row in measures:
        if row.stratum == ALL and row.value is not None:
            cell = cells.setdefault((row.strategy, row.linker, row.seed), {})
            cell[row.metric] = row.value
    values: dict[tuple[str, str], list[float]] = {}
    for (strategy, linker, _), cell in cells.items():
        if (f1 := _f1_of_shared(cell)) is not None:
            values.setdefault((strategy, linker), []).append(f1)
    best: dict[str, tuple[str, float]] = {}
    for (strategy, linker), seeds in values.items():
        mean = fmean(seeds)
        if strategy not in best or mean > best[strategy][1]:
            best[strategy] = linker, mean
    return best


def _f1_of_shared(cell: dict[str, float]) -> float | None:
    precision, recall = cell.get("precision"), cell.get("recall")
    shared = cell.get("pairs_shared_share", 1.0)
    if not precision or not recall or not shared:
        return None
    return 2 / (1 / precision + shared / recall)
