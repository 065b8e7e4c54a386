"""Lives as a page: a timeline each, the truth above, a lane for every agency, and all in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from darkfigure.linkage_eval.studies.life import Event
from darkfigure.linkage_eval.studies.told import say_content, say_flaw, say_outdated
from darkfigure.linkage_eval.studies.trace import Entry, Trace
from darkfigure.reports.html import labels
from darkfigure.reports.html.formats import capital, listing
from darkfigure.reports.html.templating import asset, environment
from darkfigure.reports.html.timeline import KINDS, draw_timeline, shape
from darkfigure.reports.html.written_page import write_page

_SHOWN = ("forename", "surname", "date_of_birth", "postcode")


@dataclass(frozen=True)
class WrittenRow:
    """One row that an agency wrote, in words, with what is wrong or out of date in it."""

    source: str
    table: str
    record: str
    identity: str
    content: str
    wrong: tuple[str, ...]
    outdated: tuple[str, ...]


@dataclass(frozen=True)
class Day:
    """One day of a life: what truly happened, who came to know of it, and what was written."""

    anchor: str
    day: dt.date | None
    happened: tuple[tuple[str, str], ...]  # what, and who learned of it; "" where that is no matter
    records: tuple[WrittenRow, ...]


@dataclass(frozen=True)
class LifePage:
    """A life with its timeline and its days."""

    trace: Trace
    timeline: Markup
    days: tuple[Day, ...]

    @property
    def summary(self) -> str:
        """The violence that nobody knew of, and the mistakes, in a sentence."""
        harms = [event for event in self.trace.life.events if event.kind == "harmed"]
        unknown = sum(not event.learned for event in harms)
        sources = {entry.source for entry in self.trace.entries}
        wrong = sum(len(entry.flaws) for entry in self.trace.entries)
        return (
            f"Suffered {_counted(len(harms), 'act')} of violence, of which nobody ever knew "
            f"{unknown or 'none'}. {_counted(len(self.trace.entries), 'row')} in "
            f"{_counted(len(sources), 'source')}; {_counted(wrong, 'cell')} in them wrong."
        )


def write_lives(traces: Sequence[Trace], page: Path) -> Path:
    """Write lives as one page of HTML that needs no network: one life, or a booklet of several.

    Parameters
    ----------
    traces
        The traces, in order.
    page
        The file.

    Returns
    -------
    Path of the page.

    Raises
    ------
    OutputError
        The page cannot be written; then no part of it is.
    """
    write_page(page, render_lives(traces))
    return page


def render_lives(traces: Sequence[Trace]) -> str:
    """Write the page of one life or several."""
    lives = [_life(trace, f"life{number}") for number, trace in enumerate(traces, 1)]
    heading = f"{len(lives)} lives" if len(lives) > 1 else traces[0].life.name
    return (
        environment()
        .get_template("lives.html")
        .render(
            heading=f"{heading}: what happened, and who wrote it down",
            lives=lives,
            kinds=KINDS,
            shape=shape,
            style=Markup("{}\n{}").format(asset("style.css"), asset("lives.css")),
        )
    )


def _life(trace: Trace, prefix: str) -> LifePage:
    days = tuple(_days(trace, prefix))
    anchors = {day.day: day.anchor for day in days}
    return LifePage(trace, draw_timeline(trace, anchors), days)


def _days(trace: Trace, prefix: str) -> Iterator[Day]:
    """Bring events and rows into one order of days; rows without a day come last."""
    last = dt.date.max
    known = {event.day for event in trace.life.events} | {entry.day for entry in trace.entries}
    for number, day in enumerate(sorted(known, key=lambda day: day or last), 1):
        yield Day(
            f"{prefix}-{number}",
            day,
            tuple(_happened(event) for event in trace.life.events if event.day == day),
            tuple(_record(entry) for entry in trace.entries if entry.day == day),
        )


def _happened(event: Event) -> tuple[str, str]:
    if event.kind != "harmed":
        return capital(event.text), ""
    first: dict[str, dt.date] = {}
    for learned in event.learned:
        first.setdefault(labels.system(learned.source), learned.day)
    told = [f"{source} {_after((day - event.day).days)}" for source, day in first.items()]
    return capital(event.text), f"Known to {listing(told)}." if told else "Nobody ever knew."


def _after(days: int) -> str:
    if days < 1:
        return "the same day"
    return f"after {_counted(days, 'day')}"


def _record(entry: Entry) -> WrittenRow:
    written = [entry.identity[field] or "\u2013" for field in _SHOWN if field in entry.identity]
    return WrittenRow(
        labels.system(entry.source),
        entry.table.replace("_", " "),
        entry.record,
        " | ".join(written),
        "" if entry.identity else say_content(entry.content),
        tuple(map(say_flaw, entry.flaws)),
        tuple(map(say_outdated, entry.outdated)),
    )


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
