"""The section on assault attendances: what is asked, what the links answer, and why they err."""

from __future__ import annotations

from dataclasses import replace

from darkfigure.linkage_eval.evaluation.answers import (
    GAINED,
    LOST,
    QUESTION,
    EventAnswer,
)
from darkfigure.reports.html import charts, findings, labels
from darkfigure.reports.html.comparison import SettingResults
from darkfigure.reports.html.formats import DASH, NO_BREAK, capital, count, percent
from darkfigure.reports.html.run import SEEMS_UNKNOWN
from darkfigure.reports.html.section import Figure, Key, Section
from darkfigure.reports.html.tables import PageTable, TableCell, share, table, under_reporting

_PAIRS = ("precision", "recall", "assault_precision", "assault_recall")
_EVENTS = ("event_precision", "event_recall", SEEMS_UNKNOWN)
_OUTCOMES = {
    "coded": "Coded as an assault",
    "recorded": "Have an occurrence",
    "found": "Found",
    "right": "Rightly found",
    **{name: f"Lost: {said}" for name, said in LOST.items()},
    **{name: f"Found by: {said}" for name, said in GAINED.items()},
}


def question(comparison: SettingResults) -> Section:
    """Answer the question of assault attendances by the links of each method.

    Parameters
    ----------
    comparison
        The results of one setting.
    """
    section = Section(
        "under-reporting",
        "Under-reporting",
        findings.under_reporting(comparison),
        f"{QUESTION} Three reasons leave an attendance without one: nobody reported the assault; "
        "it was reported but not recorded; or it has one that is not found. Not all of the last "
        "is the method\u2019s doing: perfect links still meet attendances coded as no assault, "
        "reports outside the window of a month, and other occurrences of the same person.",
    )
    if not comparison.ranked(SEEMS_UNKNOWN):
        return section
    parts = [Key(name, colour, "bar") for name, colour, _ in charts.PARTS.values()]
    figure = Figure(
        "What became of the assaults seen in emergency departments",
        charts.under_reporting(comparison),
        under_reporting(comparison),
        "The tick counts as unknown whatever attendance is coded as an assault and has no link to "
        "a police record of the time. Occurrences found wrongly move it left, for they hide "
        "unknown assaults.",
    )
    tick = Key("unknown to the police, by the links", charts.INK, "tick")
    tables = (_levels(comparison), _errors(comparison)) if comparison.answers else ()
    return replace(section, tables=tables, keys=(*parts, tick), figures=(figure,))


def _levels(comparison: SettingResults) -> PageTable:
    """Set person links, assault pairs and event links side by side."""
    rows = [
        (
            TableCell(capital(labels.linker(answer.name)), answer.name),
            *(_measured(comparison, answer, metric) for metric in (*_PAIRS, *_EVENTS)),
        )
        for answer in comparison.answers
    ]
    headings = ("Method", *(labels.heading(metric) for metric in (*_PAIRS, *_EVENTS)))
    caption = f"Person links, links of assaults, and events, with 95{NO_BREAK}% intervals"
    return table("levels", caption, headings, rows)


def _measured(comparison: SettingResults, answer: EventAnswer, metric: str) -> TableCell:
    estimate = comparison.estimate(answer.name, metric)
    if estimate:
        return share(estimate)
    value = {
        "event_precision": answer.precision,
        "event_recall": answer.recall,
        SEEMS_UNKNOWN: answer.unknown,
    }.get(metric, 1.0 if answer in comparison.answers[-2:] else None)
    return TableCell(DASH) if value is None else TableCell(percent(value), value)


def _errors(comparison: SettingResults) -> PageTable:
    """Count the attendances that are lost or found wrongly, by what went wrong."""
    rows = [
        (
            TableCell(capital(labels.linker(answer.name)), answer.name),
            *(TableCell(count(answer.counts[name]), answer.counts[name]) for name in _OUTCOMES),
        )
        for answer in comparison.answers
    ]
    caption = "Attendances by what stands between their answer and the truth"
    return table("event-errors", caption, ("Method", *_OUTCOMES.values()), rows)
