"""The timeline of a life: the truth above, beneath it a lane for every agency.

A line leads from each act of violence to whoever came to know of it, and when. Where nobody did, a
hatched column goes down through all lanes. Each mark leads to the day in the text beneath.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from darkfigure.linkage_eval.studies.life import Event
from darkfigure.linkage_eval.studies.trace import Entry, Trace
from darkfigure.reports.html import labels

_LANE, _TOP, _NAMES, _BEFORE, _WIDTH, _EDGE = 34, 34, 250, 56, 1030, 14
# Marks of one day stand above each other: knowledge over what is written, harm over what was done.
_RAISED, _LOWERED = -9, 7
TRUTH = "In truth"
# What marks mean, by class: the key of the page.
KINDS = {
    "harmed": "violence suffered",
    "harmer": "violence done to somebody",
    "changed": "birth, a new name or home",
    "right": "written, nothing wrong",
    "stale": "right then, out of date later",
    "wrong": "written with a mistake",
    "knew": "came to know of the violence",
}


@dataclass(frozen=True)
class DayScale:
    """Where days lie on the timeline; those before the study stand together at its left."""

    first: dt.date
    after: dt.date

    def x(self, day: dt.date) -> float:
        """Give the distance of a day from the left."""
        begin = _NAMES + _BEFORE
        if day < self.first:
            return _NAMES + _BEFORE / 2
        share = (day - self.first).days / max((self.after - self.first).days, 1)
        return begin + (_WIDTH - _EDGE - begin) * min(share, 1.0)


def draw_timeline(trace: Trace, anchors: Mapping[dt.date | None, str]) -> Markup:
    """Draw the timeline of a life.

    Parameters
    ----------
    trace
        The trace.
    anchors
        The place in the text of each day.
    """
    scale, sources = DayScale(*trace.study), _sources(trace)
    lanes = {source: _TOP + _LANE * (place + 1.5) for place, source in enumerate(sources)}
    height = _TOP + _LANE * (len(sources) + 1) + 6
    harms = [event for event in trace.life.events if event.kind == "harmed"]
    parts = [
        *_grid(scale, height),
        *_names(sources),
        *(_gap(scale.x(event.day), height) for event in harms if not event.learned),
        *(line for event in harms for line in _lines(event, scale, lanes)),
        *_happenings(trace.life.events, scale, anchors),
        *(mark for event in harms for mark in _learned(event, scale, lanes, anchors)),
        *_written(trace.entries, scale, lanes, anchors),
    ]
    return Markup(
        '<svg class="timeline" viewBox="0 0 {width} {height}" role="group" aria-label="{about}">'
        "{parts}</svg>"
    ).format(
        width=_WIDTH,
        height=round(height),
        about=f"Timeline of {trace.life.name}: every mark leads to its day in the text beneath",
        parts=Markup("").join(parts),
    )


def _sources(trace: Trace) -> list[str]:
    """List the sources that wrote or knew something, those with the earliest knowledge first."""
    first: dict[str, dt.date] = {}
    told = [(one.source, one.day) for event in trace.life.events for one in event.learned]
    dated = [(entry.source, entry.day) for entry in trace.entries if entry.day]
    for source, day in (*told, *dated):
        first[source] = min(day, first.get(source, day))
    without = {entry.source: dt.date.max for entry in trace.entries if entry.source not in first}
    first |= without
    return sorted(first, key=lambda source: (first[source], source))


def _grid(scale: DayScale, height: float) -> Iterator[Markup]:
    """Draw the years of the study, and the part before it."""
    yield Markup(
        '<rect class="before" x="{}" y="{}" width="{}" height="{}"/>'
        '<text class="year" x="{}" y="20">before</text>'
    ).format(_NAMES, _TOP - 6, _BEFORE, height - _TOP, _NAMES + 4)
    for year in range(scale.first.year, scale.after.year + 1):
        day = max(dt.date(year, 1, 1), scale.first)
        if day < scale.after:
            x = scale.x(day)
            yield Markup(
                '<path class="grid" d="M{x:.1f} {top}V{height:.0f}"/>'
                '<text class="year" x="{said:.1f}" y="20">{year}</text>'
            ).format(x=x, top=_TOP - 6, height=height - 6, said=x + 3, year=year)


def _names(sources: Sequence[str]) -> Iterator[Markup]:
    for place, name in enumerate((TRUTH, *map(labels.system, sources))):
        y = _TOP + _LANE * (place + 0.5)
        yield Markup(
            '<path class="lane" d="M0 {under:.0f}H{width}"/><text class="{kind}" x="0" y="{y:.0f}">'
            "{name}</text>"
        ).format(
            under=y + _LANE / 2, width=_WIDTH, kind="truth" if not place else "", y=y + 4, name=name
        )


def _gap(x: float, height: float) -> Markup:
    """Hatch the day of an act of which nobody ever knew."""
    return Markup('<rect class="gap" x="{:.1f}" y="{}" width="8" height="{:.0f}"/>').format(
        x - 4, _TOP + _LANE, height - _TOP - _LANE - 6
    )


def _lines(event: Event, scale: DayScale, lanes: Mapping[str, float]) -> Iterator[Markup]:
    for learned in event.learned:
        yield Markup('<path class="told" d="M{:.1f} {:.0f}L{:.1f} {:.0f}"/>').format(
            scale.x(event.day), _TOP + _LANE / 2, scale.x(learned.day), lanes[learned.source]
        )


def _happenings(
    events: Sequence[Event], scale: DayScale, anchors: Mapping[dt.date | None, str]
) -> Iterator[Markup]:
    for event in sorted(events, key=lambda event: event.kind == "harmed"):
        kind = event.kind if event.kind in KINDS else "changed"
        y = _TOP + _LANE / 2 + {"harmed": _RAISED / 2, "harmer": _LOWERED}.get(kind, 0)
        about = f"{event.day}, in truth: {event.text}"
        if kind == "harmed" and not event.learned:
            about += "; nobody ever knew"
        yield _mark(kind, scale.x(event.day), y, about, anchors[event.day])


def _learned(
    event: Event,
    scale: DayScale,
    lanes: Mapping[str, float],
    anchors: Mapping[dt.date | None, str],
) -> Iterator[Markup]:
    for learned in event.learned:
        about = f"{learned.day}, {labels.system(learned.source)} came to know of {event.day}"
        y = lanes[learned.source] + _RAISED
        yield _mark("knew", scale.x(learned.day), y, about, anchors[event.day])


def _written(
    entries: Sequence[Entry],
    scale: DayScale,
    lanes: Mapping[str, float],
    anchors: Mapping[dt.date | None, str],
) -> Iterator[Markup]:
    """Draw one mark for all rows of a source and a day: the worst of them gives its kind."""
    grouped: dict[tuple[str, dt.date], list[Entry]] = {}
    for entry in entries:
        if entry.day is not None:
            grouped.setdefault((entry.source, entry.day), []).append(entry)
    for (source, day), rows in grouped.items():
        n_wrong = sum(len(row.flaws) for row in rows)
        kind = "wrong" if n_wrong else "stale" if any(row.outdated for row in rows) else "right"
        about = f"{day}, {labels.system(source)}: {len(rows)} row{'' if len(rows) == 1 else 's'}"
        about += f", {n_wrong} cell{'' if n_wrong == 1 else 's'} wrong" if n_wrong else ""
        yield _mark(kind, scale.x(day), lanes[source] + _LOWERED / 2, about, anchors[day])


_SHAPES = {
    "harmed": "M{x} {y}m0 -8l8 8l-8 8l-8 -8z",
    "harmer": "M{x} {y}m-6 -6h12v12h-12z",
    "changed": "M{x} {y}m-1.5 -8h3v16h-3z",
    "knew": "M{x} {y}m0 -5l5 9h-10z",
    "right": "M{x} {y}m-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "stale": "M{x} {y}m-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "wrong": "M{x} {y}m-6 -6l12 12m0 -12l-12 12",
}


def shape(kind: str, x: float, y: float) -> str:
    """Give the outline of a mark around a point."""
    return _SHAPES[kind].format(x=f"{x:.1f}", y=f"{y:.1f}")


def _mark(kind: str, x: float, y: float, about: str, anchor: str) -> Markup:
    return Markup(
        '<a href="#{}" class="{}" aria-label="{}"><title>{}</title>'
        '<rect x="{:.1f}" y="{:.1f}" width="20" height="28"/><path d="{}"/></a>'
    ).format(anchor, kind, about, about, x - 10, y - 14, shape(kind, x, y))
