"""Metrics of a run: those of the user's own as sections, and what every metric means as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from darkfigure.linkage_eval.metrics.declaration import Definition
from darkfigure.linkage_eval.metrics.registry import known_metrics
from darkfigure.reports.html import labels
from darkfigure.reports.html.comparison import SettingResults
from darkfigure.reports.html.formats import DASH, capital
from darkfigure.reports.html.run import EVERYBODY, ReportedRun
from darkfigure.reports.html.section import Section
from darkfigure.reports.html.tables import PageTable, TableCell, share, table

_LEAD = (
    "These metrics were added by whoever made this run. Their code saw the truth, and nothing "
    "checked it."
)


def own_definitions(manifest: Mapping[str, Any]) -> dict[str, Definition]:
    """Read the declarations of the user's own metrics from a run's manifest, by name."""
    return {
        name: Definition(**{**declared, "needs": tuple(declared["needs"])})
        for name, declared in manifest.get("metrics", {}).items()
    }


def own_metrics(comparison: SettingResults, manifest: Mapping[str, Any]) -> tuple[Section, ...]:
    """Show the user's own metrics of links; nothing where there are none.

    Parameters
    ----------
    comparison
        The results of one setting.
    manifest
        Manifest of the run.
    """
    own = own_definitions(manifest)
    chosen = [one for name, one in own.items() if _measured(comparison, name)]
    rows = [
        (
            TableCell(capital(labels.linker(linker)), linker),
            *(_cell(comparison, linker, definition) for definition in chosen),
        )
        for linker in comparison.linkers
    ]
    heads = ("Method", *(definition.heading for definition in chosen))
    caption = "Metrics of your own, with their intervals where they have some"
    return _section("own-metrics", chosen, table("own-metrics", caption, heads, rows))


def _measured(comparison: SettingResults, name: str) -> bool:
    measured = {key[1] for key in comparison.estimates} | {key[1] for key in comparison.unmeasured}
    return name in measured


def _cell(comparison: SettingResults, linker: str, definition: Definition) -> TableCell:
    failed = comparison.unmeasured.get((linker, definition.name))
    estimate = comparison.estimate(linker, definition.name)
    if estimate is None or definition.unit == "share":
        return TableCell(failed) if failed else share(estimate)
    return _number(estimate.value, estimate.low, estimate.high)


def _number(value: float, low: float | None, high: float | None) -> TableCell:
    if low is None or high is None:
        return TableCell(f"{value:,.4g}", value)
    aside = f"({low:,.4g}{DASH}{high:,.4g})"
    return TableCell(f"{value:,.4g}", value, aside, bounds=(low, high))


def own_sharing_metrics(run: ReportedRun, scenario: str) -> tuple[Section, ...]:
    """Show the user's own metrics of sharing in one scenario; nothing where there are none.

    Parameters
    ----------
    run
        The run.
    scenario
        Name of one of its scenarios.
    """
    own = own_definitions(run.manifest)
    shown = [row for row in run.shared if row.scenario == scenario and row.metric in own]
    rows = [
        (
            TableCell(row.strategy),
            TableCell(own[row.metric].heading, row.metric),
            TableCell("all" if row.recipient == EVERYBODY[0] else str(row.recipient)),
            TableCell(" ".join(dict.fromkeys(filter(None, (row.stratum_kind, row.stratum))))),
            TableCell(row.status) if row.value is None else _number(row.value, row.low, row.high),
        )
        for row in shown
        if row.metric
    ]
    heads = ("Strategy", "Metric", "Recipient", "Of", "Value")
    chosen = [own[name] for name in dict.fromkeys(row.metric for row in shown) if name]
    page_table = table(f"own-sharing-{scenario}", "Metrics of your own, of sharing", heads, rows)
    return _section(f"own-sharing-{scenario}", chosen, page_table)


def _section(key: str, chosen: Sequence[Definition], page_table: PageTable) -> tuple[Section, ...]:
    if not chosen:
        return ()
    title = "; ".join(f"{capital(one.meaning)} ({one.formula})" for one in chosen)
    return (Section(key, "Metrics of your own", title, _LEAD, tables=(page_table,)),)


def meanings(run: ReportedRun) -> Section:
    """Say of each metric of a run what it is, how it is worked out, and what is better.

    Parameters
    ----------
    run
        The run.
    """
    known = {**known_metrics(), **own_definitions(run.manifest)}
    measured = [row.metric for row in run.measures] + [row.metric for row in run.shared]
    rows = [_meaning(known[name]) for name in dict.fromkeys(measured) if name in known]
    heads = ("Metric", "What it is", "Formula", "Unit", "Better")
    page_table = table("metrics", "What each metric is", heads, rows, folded=True)
    title = f"Each of the {len(rows)} metrics has a formula"
    return Section("metrics", "What is measured", title, tables=(page_table,))


def _meaning(definition: Definition) -> tuple[TableCell, ...]:
    better = {"higher": "higher", "lower": "lower"}.get(definition.direction, DASH)
    texts = (definition.meaning, definition.formula, definition.unit, better)
    return (TableCell(definition.label, definition.name), *map(TableCell, texts))
