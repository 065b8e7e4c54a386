"""What sharing brings and costs: every strategy of a run on one page, and never one score."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from linkage_eval.metrics.balance import pareto_front
from linkage_eval.strategies.library import load_strategy
from reports.formats import count, percent
from reports.run import Run
from reports.section import Section
from reports.shared_measures import BRINGS, COLUMNS, COSTS, Found, Shown
from reports.sharing_charts import BARGAINS, bargain
from reports.tables import Cell, Table, table
from synth.errors import DarkfigureError

_SEEN = "Police see: events"
_VARIED = (_SEEN, "Prevention unit sees: events", "People named", "Attendances lost")


def sharing_sections(run: Run) -> tuple[Section, ...]:
    """Make the section on sharing; none if the run measured none."""
    return tuple(_section(scenario, found) for scenario, found in Found.by_scenario(run).items())


def _section(scenario: str, found: Found) -> Section:
    plain = [name for name in found.names if "+" not in name]
    measured = [name for name in plain if not found.failed(name)]
    best = _unbeaten(found, measured)
    tables = [
        _comparison("brings", "What each strategy brings", found, plain, BRINGS),
        _comparison("costs", "What it gives away and costs", found, plain, COSTS, best=best),
        _overlays(found),
        *map(_flows, plain),
    ]
    figures = [bargain(found, measured, *axes) for axes in BARGAINS]
    return Section(
        f"sharing-{scenario}",
        "Sharing strategies",
        _finding(found, measured),
        "What each strategy lets be seen of the true violence by the end of the study, what can "
        "be done with it, what it gives away, and what it costs. Nothing is added up: a strategy "
        "is marked where no other is as good in every aim and better in one. A dash stands where "
        "there is nothing to measure, such as an estimate by a party that sees no two lists.",
        tables=tuple(one for one in tables if one.rows),
        figures=tuple(figure for figure in figures if figure),
        note="Hesitancy, trust and deterrence are assumed, not measured: compare strategies, do "
        "not forecast by them. What can be seen is not yet help.",
    )


def _finding(found: Found, names: Sequence[str]) -> str:
    seen = {name: found.value(name, _SEEN) for name in names}
    known = {name: value for name, value in seen.items() if value is not None}
    if not known:
        return "No strategy could be measured"
    most, least = max(known, key=known.__getitem__), min(known, key=known.__getitem__)
    named = found.value(most, "People named")
    return (
        f"The police see {percent(known[least], 0)} of the violence under {least} and "
        f"{percent(known[most], 0)} under {most}, which names {count(named)} people"
    )


def _comparison(
    key: str,
    caption: str,
    found: Found,
    names: Sequence[str],
    columns: Mapping[str, Shown],
    *,
    best: Collection[str] | None = None,
) -> Table:
    heads = ("Strategy", *columns, *(["Beaten by none"] if best is not None else []))
    rows = [
        (Cell(name), Cell(found.failed(name), span=len(heads) - 1))
        if found.failed(name)
        else (
            Cell(name),
            *(found.cell(name, column) for column in columns),
            *([Cell("yes" if name in best else "no")] if best is not None else []),
        )
        for name in names
    ]
    return table(f"strategies-{key}", caption, heads, rows)


def _unbeaten(found: Found, names: Sequence[str]) -> set[str]:
    aims = {column: shown.aim for column, shown in COLUMNS.items() if shown.aim}
    gains = [
        [aim * (found.value(name, column) or 0.0) for column, aim in aims.items()] for name in names
    ]
    if not gains:
        return set()
    return {name for name, on in zip(names, pareto_front(np.array(gains)), strict=True) if on}


def _overlays(found: Found) -> Table:
    rows = [
        (Cell(base), Cell(", ".join(overlays)), *(found.cell(name, one) for one in _VARIED))
        for name in found.names
        if "+" in name and not found.failed(name)
        for base, *overlays in [name.split("+")]
    ]
    columns = ("Strategy", "With", *_VARIED)
    caption = f"The same strategies with one lever or more varied: {len(rows)} of them"
    return replace(table("overlays", caption, columns, rows), folded=True)


def _flows(name: str) -> Table:
    columns = ("From", "To", "Form", "Carries", "When", "Power")
    rows = [[Cell(text) for text in row] for row in _flow_rows(name)]
    caption = f"Who gives what to whom under {name}: {len(rows)} flow{'s' * (len(rows) != 1)}"
    return replace(table(f"flows-{name}", caption, columns, rows), folded=True)


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
            yield flow.source.holding_name, to, form, carried, when, flow.basis.power
