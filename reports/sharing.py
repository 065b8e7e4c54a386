"""What sharing brings and costs: every strategy of a run on one page, and never one score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from statistics import fmean

import numpy as np

from linkage_eval.metrics.balance import pareto_front
from linkage_eval.strategies.library import load_strategy
from reports.formats import DASH, count, interval, percent
from reports.run import OK, Run, Shared
from reports.section import Section
from reports.tables import Cell, Table, table
from synth.errors import DarkfigureError

_ALL, _POLICE, _UNIT = "all", "police:*", "vpu:wales"
_Key = tuple[str, str, str]
_Write = Callable[[float | None], str]
# Column: recipient, stratum kind and metric; how it is written; whether more is better.
_COLUMNS: dict[str, tuple[_Key, _Write, int]] = {
    "Police see: events": ((_POLICE, "event", "visible_share"), percent, 1),
    "places": ((_POLICE, "place", "visible_share"), percent, 1),
    "people": ((_POLICE, "person", "visible_share"), percent, 1),
    "Prevention unit sees: events": ((_UNIT, "event", "visible_share"), percent, 1),
    "places ": ((_UNIT, "place", "visible_share"), percent, 1),
    "People named": ((_ALL, _ALL, "people_disclosed"), count, -1),
    "of them no part in violence": ((_ALL, _ALL, "collateral_share"), percent, 0),
    "Fields given away, weighed": ((_ALL, _ALL, "weighted_disclosures"), count, -1),
    "Attendances lost": ((_ALL, _ALL, "presentations_lost"), count, -1),
    "Days to usable, median": ((_ALL, _ALL, "days_to_usable_median"), count, 0),
    "Hours of work": ((_ALL, _ALL, "work_hours"), count, -1),
}
_VARIED = ("Police see: events", "Prevention unit sees: events", "People named", "Attendances lost")


def sharing_sections(run: Run) -> tuple[Section, ...]:
    """Make the section on sharing; none if the run measured none."""
    return tuple(
        _section(scenario, [row for row in run.shared if row.scenario == scenario])
        for scenario in dict.fromkeys(row.scenario for row in run.shared)
    )


def _section(scenario: str, rows: Sequence[Shared]) -> Section:
    found = _Found(rows)
    plain = [name for name in found.names if "+" not in name]
    tables = [_comparison(found, plain), _overlays(found), _flows(plain)]
    return Section(
        f"sharing-{scenario}",
        "Sharing strategies",
        _finding(found, plain),
        "What each strategy lets be seen of the true violence by the end of the study, what it "
        "gives away, and what it costs. Nothing is added up: a strategy is marked where no other "
        "is as good in every aim and better in one.",
        tables=tuple(one for one in tables if one.rows),
        note="Hesitancy, trust and deterrence are assumed, not measured: compare strategies, do "
        "not forecast by them. What can be seen is not yet help.",
    )


class _Found:
    """The measures of one scenario, seeds averaged."""

    def __init__(self, rows: Sequence[Shared]) -> None:
        self.names = list(dict.fromkeys(row.strategy for row in rows))
        # A quantity without a value has its own reason; what failed has no quantity.
        self._failed = {
            row.strategy: row.status for row in rows if row.status != OK and not row.metric
        }
        self._rows: dict[tuple[str, _Key], list[Shared]] = {}
        for row in rows:
            if row.stratum == _ALL and row.metric:
                key = (str(row.recipient), str(row.stratum_kind), row.metric)
                self._rows.setdefault((row.strategy, key), []).append(row)

    def failed(self, name: str) -> str:
        """Give the reason why a strategy was not measured, or ""."""
        return self._failed.get(name, "")

    def value(self, name: str, column: str) -> float | None:
        """Give a measure of a strategy, averaged over seeds."""
        rows = self._rows.get((name, _COLUMNS[column][0]), [])
        values = [row.value for row in rows if row.value is not None]
        return fmean(values) if values else None

    def cell(self, name: str, column: str) -> Cell:
        """Write a measure, with its interval where there is one seed."""
        value = self.value(name, column)
        if value is None:
            return Cell(DASH)
        rows = self._rows[name, _COLUMNS[column][0]]
        single = rows[0] if len(rows) == 1 and rows[0].low is not None else None
        aside = interval(single.low, single.high) if single else ""
        return Cell(_COLUMNS[column][1](value), value, aside)


def _finding(found: _Found, names: Sequence[str]) -> str:
    column = "Police see: events"
    seen = {name: found.value(name, column) for name in names}
    known = {name: value for name, value in seen.items() if value is not None}
    if not known:
        return "No strategy could be measured"
    most, least = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
    return (
        f"The police see {percent(known[least], 0)} of the violence under {least} and "
        f"{percent(known[most], 0)} under {most}"
    )


def _comparison(found: _Found, names: Sequence[str]) -> Table:
    columns = ("Strategy", *_COLUMNS, "Beaten by none")
    best = _unbeaten(found, [name for name in names if not found.failed(name)])
    rows = [
        (Cell(name), Cell(found.failed(name), span=len(columns) - 1))
        if found.failed(name)
        else (
            Cell(name),
            *(found.cell(name, column) for column in _COLUMNS),
            Cell("yes" if name in best else "no"),
        )
        for name in names
    ]
    return table("strategies", "What each strategy brings and costs", columns, rows)


def _unbeaten(found: _Found, names: Sequence[str]) -> set[str]:
    aims = {column: sign for column, (_, _, sign) in _COLUMNS.items() if sign}
    gains = [
        [sign * (found.value(name, column) or 0.0) for column, sign in aims.items()]
        for name in names
    ]
    if not gains:
        return set()
    return {name for name, on in zip(names, pareto_front(np.array(gains)), strict=True) if on}


def _overlays(found: _Found) -> Table:
    rows = [
        (Cell(base), Cell(", ".join(overlays)), *(found.cell(name, one) for one in _VARIED))
        for name in found.names
        if "+" in name and not found.failed(name)
        for base, *overlays in [name.split("+")]
    ]
    columns = ("Strategy", "With", *_VARIED)
    return table("overlays", "The same strategies with one lever or more varied", columns, rows)


def _flows(names: Sequence[str]) -> Table:
    columns = ("Strategy", "From", "To", "Form", "Carries", "When", "Power")
    rows = [[Cell(text) for text in row] for name in names for row in _flow_rows(name)]
    return table("flows", "Who gives what to whom under each strategy", columns, rows)


def _flow_rows(name: str) -> Iterator[tuple[str, ...]]:
    # A strategy of the user's own may no longer be where it was when the run was made.
    with suppress(DarkfigureError):
        for flow in load_strategy(name).flow:
            to = ", ".join((flow.recipient.agency, *flow.recipient.onward))
            everything = len(flow.fields) == len(flow.source.holding.columns)
            carried = "everything" if everything else ", ".join(flow.fields)
            scheduled = flow.trigger.kind == "schedule"
            when = f"schedule {flow.trigger.every}" if scheduled else flow.trigger.kind
            form = flow.format.kind.replace("_", " ")
            yield name, flow.source.holding_name, to, form, carried, when, flow.basis.power
