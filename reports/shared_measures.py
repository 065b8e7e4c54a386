"""The measures of sharing strategies that the page shows, and their values in a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from reports.formats import DASH, count, interval, percent
from reports.run import OK, Run, Shared
from reports.tables import Cell

_ALL, _POLICE, _CHILDREN, _UNIT = "all", "police:*", "social_care:*", "vpu:wales"
_ANY = "any"


@dataclass(frozen=True)
class Shown:
    """One measure as a column.

    Parameters
    ----------
    metric, recipient, kind, stratum
        Which rows of the run hold it; "any" takes the greatest of all there are.
    write
        How a value is written.
    aim
        1 where more is better, -1 where less is, 0 where that depends.
    """

    metric: str
    recipient: str = _ALL
    kind: str = _ALL
    stratum: str = _ALL
    write: Callable[[float | None], str] = percent
    aim: int = 0

    def holds(self, row: Shared) -> bool:
        """Tell whether a row is one of this measure."""
        wanted = (self.metric, self.recipient, self.kind, self.stratum)
        found = (row.metric, row.recipient, row.stratum_kind, row.stratum)
        return all(want in (_ANY, one) for want, one in zip(wanted, found, strict=True))


def _times(value: float | None) -> str:
    return DASH if value is None else f"{value:.2f}"


BRINGS = {
    "Police see: events": Shown("visible_share", _POLICE, "event", aim=1),
    "people": Shown("visible_share", _POLICE, "person", aim=1),
    "Prevention unit sees: events": Shown("visible_share", _UNIT, "event", aim=1),
    "Hotspots right: police": Shown("hotspot_precision", _POLICE, aim=1),
    "prevention unit": Shown("hotspot_precision", _UNIT, aim=1),
    "Police find repeated partner violence": Shown(
        "at_risk_found_share", _POLICE, "rule", "repeat_domestic", aim=1
    ),
    "days unfound in a year": Shown(
        "at_risk_unfound_days", _POLICE, "rule", "repeat_domestic", count, aim=-1
    ),
    "false alarms for each": Shown(
        "at_risk_false_alarms", _POLICE, "rule", "repeat_domestic", _times, aim=-1
    ),
    "Social care finds children at risk": Shown(
        "at_risk_found_share", _CHILDREN, "rule", "child", aim=1
    ),
    "Dark figure, estimate over truth": Shown("estimate_to_truth", _ANY, write=_times),
}
COSTS = {
    "People named": Shown("people_disclosed", write=count, aim=-1),
    "of them no part in violence": Shown("collateral_share"),
    "Fields given away, weighed": Shown("weighted_disclosures", write=count, aim=-1),
    "Rows like fewer than four others": Shown("small_class_share", aim=-1),
    "Worst attack succeeds": Shown("attack_success", _ANY, _ANY, _ANY, aim=-1),
    "Attendances lost": Shown("presentations_lost", write=count, aim=-1),
    "Days to usable, median": Shown("days_to_usable_median", write=count),
    "Hours of work": Shown("work_hours", write=count, aim=-1),
    "Agreements": Shown("agreements", write=count, aim=-1),
    "Assessed twice": Shown("duplicate_assessments", write=count, aim=-1),
}
COLUMNS = BRINGS | COSTS


class Found:
    """The measures of one scenario, seeds averaged."""

    def __init__(self, rows: Sequence[Shared]) -> None:
        self.names = list(dict.fromkeys(row.strategy for row in rows))
        # A quantity without a value has its own reason; what failed has no quantity.
        self._failed = {
            row.strategy: row.status for row in rows if row.status != OK and not row.metric
        }
        self._rows: dict[tuple[str, str], list[Shared]] = {}
        for row in rows:
            for column, shown in COLUMNS.items():
                if shown.holds(row):
                    self._rows.setdefault((row.strategy, column), []).append(row)

    @classmethod
    def by_scenario(cls, run: Run) -> dict[str, Found]:
        """Read what a run measured of sharing, in each scenario."""
        rows: dict[str, list[Shared]] = {}
        for row in run.shared:
            rows.setdefault(row.scenario, []).append(row)
        return {scenario: cls(found) for scenario, found in rows.items()}

    def failed(self, name: str) -> str:
        """Give the reason why a strategy was not measured, or ""."""
        return self._failed.get(name, "")

    def value(self, name: str, column: str) -> float | None:
        """Give a measure of a strategy: of each seed the greatest, averaged over seeds."""
        by_seed: dict[int, list[float]] = {}
        for row in self._rows.get((name, column), []):
            if row.value is not None:
                by_seed.setdefault(row.seed, []).append(row.value)
        return fmean(map(max, by_seed.values())) if by_seed else None

    def cell(self, name: str, column: str) -> Cell:
        """Write a measure, with its interval where there is one row of it; why, where none."""
        value = self.value(name, column)
        if value is None:
            return Cell(DASH)
        rows = [row for row in self._rows[name, column] if row.value is not None]
        single = rows[0] if len(rows) == 1 and rows[0].low is not None else None
        aside = self._interval(column, single) if single else ""
        return Cell(COLUMNS[column].write(value), value, aside)

    @staticmethod
    def _interval(column: str, row: Shared) -> str:
        if COLUMNS[column].write is percent:
            return interval(row.low, row.high)
        write = COLUMNS[column].write
        return f"({write(row.low)}\u2013{write(row.high)})"
