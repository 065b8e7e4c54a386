"""The sections on sharing: gains and costs of every strategy of a run, and never one score."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from markupsafe import Markup

from darkfigure.linkage_eval.sharing.outputs.flow_map import draw_flows
from darkfigure.linkage_eval.sharing.strategy.flows import Flow
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.spec import SharingStrategy
from darkfigure.reports.html import sharing_aims as aims
from darkfigure.reports.html.formats import percent
from darkfigure.reports.html.own_metrics import own_sharing_metrics
from darkfigure.reports.html.run import ReportedRun
from darkfigure.reports.html.section import Drawing, Section
from darkfigure.reports.html.sharing_aims import Aim, Answers
from darkfigure.reports.html.sharing_fronts import JOINED_KEYS, KEYS, estimates, fronts
from darkfigure.reports.html.tables import PageTable, TableCell, table
from darkfigure.synth.core.errors import DarkfigureError

_VARIED = (
    aims.EVENTS, aims.PLACES, aims.FOUND, aims.NAMED, aims.MISUSED, aims.MADE_UP, aims.LOST,
)  # fmt: skip


def sharing_sections(run: ReportedRun) -> tuple[Section, ...]:
    """Make the sections on sharing; none if the run measured none."""
    scenarios = dict.fromkeys(row.scenario for row in run.shared)
    return tuple(
        section
        for scenario in scenarios
        for section in (
            *_sections(scenario, Answers(run, scenario)),
            *own_sharing_metrics(run, scenario),
        )
    )


def _sections(scenario: str, answers: Answers) -> tuple[Section, ...]:
    plain = [name for name in answers.names if "+" not in name]
    seen = _comparison(
        "seen", "What each strategy lets be seen of the violence", answers, aims.SEEN
    )
    tables = (
        _marked(seen, answers),
        _comparison("use", "What can be done with it", answers, aims.USE),
        _comparison("given", "What each strategy gives away", answers, aims.GIVEN),
        _comparison("costs", "What each strategy costs", answers, aims.COST),
        _overlays(answers),
    )
    comparison = Section(
        f"sharing-{scenario}",
        "What sharing brings and costs",
        _finding(answers),
        "What each strategy lets be seen of the true violence by the end of the study, what can be "
        "done with it, what it gives away, and what it costs. Nothing is added up: a strategy is "
        "beaten by none where no other is as good in every aim and better in one. A dash stands "
        "where there is nothing to measure, such as an estimate by a party that sees no two lists.",
        tables=tuple(page_table for page_table in tables if page_table.rows),
        keys=(KEYS if fronts(answers) else ()) + (JOINED_KEYS if estimates(answers) else ()),
        figures=(*fronts(answers), *estimates(answers)),
        note="Hesitancy, trust and deterrence are assumed, not measured: compare strategies, do "
        "not forecast by them. What can be seen is not yet help. That an attack failed means that "
        "this attacker failed.",
    )
    drawings = tuple(page_table for name in plain for page_table in _drawing(name))
    flows = Section(
        f"flows-{scenario}",
        "Who gives what to whom",
        "What each strategy shares, flow by flow",
        "Open a strategy to see its flows: from whom, to whom, in which form, what and when.",
        drawings=drawings,
    )
    return (comparison, flows) if drawings else (comparison,)


def _finding(answers: Answers) -> str:
    seen = {name: answers.value(name, aims.EVENTS) for name in answers.plain}
    measured = {name: value for name, value in seen.items() if value is not None}
    if not measured:
        return "No strategy could be measured"
    most, least = max(measured, key=measured.__getitem__), min(measured, key=measured.__getitem__)
    named = aims.NAMED.write(answers.value(most, aims.NAMED))
    return (
        f"The police see {percent(measured[least], 0)} of the violence under {least} and "
        f"{percent(measured[most], 0)} under {most}, which names {named} people"
    )


def _comparison(key: str, caption: str, answers: Answers, column_aims: Sequence[Aim]) -> PageTable:
    columns = ("Strategy", *(aim.heading for aim in column_aims))
    rows = [
        (TableCell(name), TableCell(answers.failed(name), span=len(column_aims)))
        if answers.failed(name)
        else (TableCell(name), *(answers.cell(name, aim) for aim in column_aims))
        for name in answers.names
        if "+" not in name
    ]
    return table(key, caption, columns, rows)


def _marked(compared: PageTable, answers: Answers) -> PageTable:
    """Mark the strategies that no other beats in the aims of all tables together."""
    best = answers.unbeaten()
    rows = [
        (row[0], replace(row[1], span=row[1].span + 1))
        if answers.failed(row[0].text)
        else (*row, TableCell("yes" if row[0].text in best else "no"))
        for row in compared.rows
    ]
    return replace(compared, columns=(*compared.columns, "Beaten by none"), rows=tuple(rows))


def _overlays(answers: Answers) -> PageTable:
    rows = [
        (
            TableCell(base),
            TableCell(", ".join(overlays)),
            *(answers.cell(name, aim) for aim in _VARIED),
        )
        for name in answers.names
        if "+" in name and not answers.failed(name)
        for base, *overlays in [name.split("+")]
    ]
    columns = ("Strategy", "With", *(aim.heading for aim in _VARIED))
    caption = f"The same strategies with one lever or more varied: {len(rows)} of them"
    return table("overlays", caption, columns, rows, folded=True)


def _drawing(name: str) -> tuple[Drawing, ...]:
    """Draw a strategy's flows, and list them."""
    # A strategy of the user's own may no longer be where it was when the run was made.
    with suppress(DarkfigureError):
        strategy = load_strategy(name)
        drawn = Markup(draw_flows(strategy))  # noqa: S704, it escapes what it writes
        return (Drawing(strategy.title, drawn if strategy.flow else Markup(), _flows(strategy)),)
    return ()


def _flows(strategy: SharingStrategy) -> PageTable:
    columns = ("Flow", "From", "To", "Form", "Carries", "When", "Power")
    rows = [[TableCell(text) for text in _row(flow)] for flow in strategy.flow]
    caption = f"Flows of {strategy.strategy.id}"
    return table(f"flows-{strategy.strategy.id}", caption, columns, rows)


def _row(flow: Flow) -> tuple[str, ...]:
    to = ", ".join((flow.recipient.agency, *flow.recipient.onward))
    everything = len(flow.fields) == len(flow.source.holding.columns)
    carried = "everything" if everything else ", ".join(flow.fields)
    scheduled = flow.trigger.kind == "schedule"
    when = f"schedule {flow.trigger.every}" if scheduled else flow.trigger.kind
    form = flow.format.kind.replace("_", " ")
    return flow.id, flow.source.holding_name, to, form, carried, when, flow.basis.power
