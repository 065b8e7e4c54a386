"""The charts, as Vega-Lite specifications that carry their own data.

Colours are those of Okabe and Ito (2008, Color Universal Design), which people with any common
kind of colour blindness can tell apart; each linker has a shape as well. INK, MUTED and RULE are
stand-ins: the style sheet turns them into the colours of the light or the dark page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

import altair as alt

from darkfigure.reports.html import labels, run
from darkfigure.reports.html.comparison import PooledEstimate, SettingResults
from darkfigure.reports.html.findings import costly_causes, fits
from darkfigure.reports.html.formats import NO_BREAK, capital, percent

INK = "#222222"
MUTED = "#555555"
RULE = "#dddddd"
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right")
MOST_CAUSES = 10

TRUTH = "Truth"
PARTS = {
    run.NEVER_REPORTED: ("never reported", "#4a5560", "#ffffff"),
    run.NOT_RECORDED: ("reported, not recorded", "#8f9ba6", "#000000"),
    run.RECORDED_NOT_FOUND: ("recorded, not found", "#D55E00", "#000000"),
    "found": ("recorded and found", "#d3d9de", "#000000"),
}
# A label needs this many pixels; where there are fewer the table has the number.
_LABEL_PIXELS = 36
_FONT = "system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif"

_FIT = alt.AutoSizeParams(type="fit-x", contains="padding")
_AXIS = alt.AxisConfig(
    labelColor=INK,
    titleColor=MUTED,
    titleFontWeight="normal",
    gridColor=RULE,
    domainColor=MUTED,
    tickColor=RULE,
    labelFontSize=12,
    titleFontSize=12,
    labelLimit=150,
    titlePadding=8,
)

Spec = dict[str, Any]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Style:
    """The look of a linker in every chart: its name on the page, a colour and a shape."""

    name: str
    colour: str
    shape: str


def styles(linkers: Iterable[str]) -> dict[str, Style]:
    """Give each linker a colour and a shape in turn; the first 42 linkers all look different."""
    return {
        linker: Style(
            capital(labels.linker(linker)),
            PALETTE[place % len(PALETTE)],
            SHAPES[place % len(SHAPES)],
        )
        for place, linker in enumerate(dict.fromkeys(linkers))
    }


def accuracy(comparison: SettingResults, drawn: Mapping[str, Style], *, start: float) -> Spec:
    """Draw precision, recall and F1 of each linker with intervals.

    Parameters
    ----------
    comparison
        The results of one setting.
    drawn
        Style of each linker, by name.
    start
        Beginning of the axis of shares, from 0 to 1.
    """
    metrics = {name: labels.metric(name) for name in ("precision", "recall", "f1")}
    rows = [
        dot(label, drawn[linker], estimate)
        for metric, label in metrics.items()
        for linker in comparison.linkers
        if (estimate := comparison.estimate(linker, metric))
    ]
    axis = _share_axis("Share", start)
    ends = {label: comparison.ceiling.attained(name) for name, label in metrics.items()}
    about = "Precision, recall and F1 by method"
    return _dots(rows, list(metrics.values()), drawn, axis, about, _limits(ends))


def by_group(
    comparison: SettingResults, kind: str, drawn: Mapping[str, Style], *, start: float
) -> Spec:
    """Draw each linker's recall for each group of `kind`, such as "sex", with intervals.

    Other parameters are those of `accuracy`.
    """
    names = {
        stratum_name: capital(labels.stratum(kind, stratum_name))
        for stratum_name in comparison.strata()[kind]
    }
    rows = [
        dot(name, drawn[linker], estimate)
        for stratum, name in names.items()
        for linker in comparison.linkers
        if (estimate := comparison.estimate(linker, "recall", (kind, stratum)))
    ]
    about = f"Recall by {labels.kind(kind)} and method"
    axis = _share_axis("Recall", start)
    ends = {
        label: comparison.ceiling.attained("recall", (kind, name)) for name, label in names.items()
    }
    return _dots(rows, list(names.values()), drawn, axis, about, _limits(ends))


def _limits(ends: Mapping[str, PooledEstimate | None]) -> Rows:
    """Make a row of each group for which it is known what is attainable."""
    return [
        {"group": group, "value": end.value, "said": f"attainable: {percent(end.value)}"}
        for group, end in ends.items()
        if end
    ]


def axis_start(comparison: SettingResults) -> float:
    """Choose the beginning of axes of shares: the tenth below all values, so that they fill it."""
    shown = ("precision", "recall", "f1")
    values = [estimate.value for key, estimate in comparison.estimates.items() if key[1] in shown]
    return max(0.0, floor(10 * min(values, default=0.0) - 0.5) / 10)


def _share_axis(title: str, start: float) -> alt.X:
    return alt.X(
        "value:Q",
        scale=alt.Scale(domain=[start, 1], zero=False, nice=False),
        axis=percent_axis(title),
    )


def dot(group: str, style: Style, estimate: PooledEstimate) -> dict[str, Any]:
    """Make the row of a point.

    Parameters
    ----------
    group
        Its place on the axis of groups.
    style
        Style of its linker.
    estimate
        Its value and interval.
    """
    return {
        "group": group,
        "method": style.name,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "said": percent(estimate.value),
    }


def _dots(
    rows: Rows,
    order: Sequence[str],
    drawn: Mapping[str, Style],
    axis: alt.X,
    about: str,
    limits: Rows,
) -> Spec:
    methods = present(rows, drawn)
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("group:N", sort=list(order), title=None),
        yOffset=alt.YOffset("method:N", sort=[style.name for style in methods]),
        color=colour(methods),
        tooltip=[f"{name}:N" for name in ("group", "method", "said", "n")],
    )
    intervals = base.mark_rule(strokeWidth=2, clip=True).encode(x="low:Q", x2="high:Q")
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(x=axis, shape=shape(methods))
    n_groups = len({row["group"] for row in rows})
    band = 13 * len(methods) + 10
    layers = [dots, intervals]
    if limits:
        ticks = alt.Chart(data(limits)).mark_tick(color=INK, thickness=2, size=band - 6)
        place = alt.Y("group:N", sort=list(order), title=None)
        layers.append(ticks.encode(x="value:Q", y=place, tooltip=["group:N", "said:N"]))
    return dress(alt.layer(*layers), height=n_groups * band, about=about)


def under_reporting(comparison: SettingResults) -> Spec:
    """Draw the shares of all assault attendances: one bar for the truth and one a linker."""
    rows: Rows = []
    ticks: list[tuple[str, float]] = []
    for linker, apparent in comparison.ranked(run.SEEMS_UNKNOWN):
        missed = comparison.estimate(linker, run.RECORDED_NOT_FOUND)
        name = capital(labels.linker(linker))
        rows += _bar(comparison, name, missed.value if missed else 0.0)
        ticks.append((name, apparent.value))
    order = [TRUTH, *(name for name, _ in reversed(ticks))]
    rows = _bar(comparison, TRUTH, 0.0) + rows
    segments = alt.Chart(data(rows)).encode(y=alt.Y("method:N", sort=order, title=None))
    axis = percent_axis("Share of assault attendances")
    bars = segments.mark_bar(stroke="#ffffff", strokeWidth=1).encode(
        x=alt.X("start:Q", scale=alt.Scale(domain=[0, 1]), axis=axis),
        x2="end:Q",
        color=alt.Color("colour:N", scale=None),
        tooltip=[f"{name}:N" for name in ("method", "part", "said")],
    )
    text = segments.mark_text(fontWeight="bold", aria=False).encode(
        x="middle:Q",
        text=alt.condition(
            f"(datum.end - datum.start) * width > {_LABEL_PIXELS}", "label:N", alt.value("")
        ),
        color=alt.Color("ink:N", scale=None),
    )
    marks = (
        alt.Chart(data([{"method": name, "apparent": value} for name, value in ticks]))
        .mark_tick(color=INK, thickness=3, size=36, opacity=1)
        .encode(y=alt.Y("method:N", sort=order), x="apparent:Q")
    )
    about = "Shares of assault attendances never reported, not recorded, not found and found"
    return dress(alt.layer(bars, text, marks), height=42 * len(order), about=about)


def _bar(comparison: SettingResults, name: str, missed: float) -> Rows:
    """Stack the parts of one bar from left to right."""
    never = _share(comparison, run.NEVER_REPORTED)
    unrecorded = _share(comparison, run.NOT_RECORDED)
    linked = max(0.0, 1 - never - unrecorded - missed)
    rows, start = [], 0.0
    for (part, colour, ink), size in zip(
        PARTS.values(), (never, unrecorded, missed, linked), strict=True
    ):
        shown = {"method": name, "part": part, "said": percent(size), "colour": colour, "ink": ink}
        place = {"start": start, "end": start + size, "middle": start + size / 2}
        rows.append({**shown, **place, "label": percent(size, 0)})
        start += size
    return rows


def _share(comparison: SettingResults, metric: str) -> float:
    estimate = comparison.share(metric)
    return estimate.value if estimate else 0.0


def causes(comparison: SettingResults, drawn: Mapping[str, Style]) -> Spec:
    """Draw each method's missed pairs shared out among the costliest causes, with intervals."""
    order = [cause.cause for cause in costly_causes(comparison)[:MOST_CAUSES]]
    places = {linker: place for place, linker in enumerate(comparison.linkers)}
    rows = [
        {
            "cause": capital(labels.cause(cause.cause)),
            "method": drawn[cause.linker].name,
            "share": cause.share_of_missed,
            "said": percent(cause.share_of_missed),
            "pairs": f"{cause.n_missed:,.0f}",
            "low": cause.share_of_missed * cause.low / cause.n_missed,
            "high": cause.share_of_missed * cause.high / cause.n_missed,
        }
        for cause in sorted(comparison.attributed, key=lambda row: places.get(row.linker, 0))
        if cause.cause in order and cause.share_of_missed and cause.n_missed
    ]
    return _bars(rows, [capital(labels.cause(name)) for name in order], drawn)


def _bars(rows: Rows, order: Sequence[str], drawn: Mapping[str, Style]) -> Spec:
    methods = present(rows, drawn)
    title = "Share of a method\u2019s missed pairs"
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("cause:N", sort=list(order), title=None),
        yOffset=alt.YOffset("method:N", sort=[style.name for style in methods]),
        tooltip=[f"{name}:N" for name in ("cause", "method", "said", "pairs")],
    )
    axis = alt.X("share:Q", scale=alt.Scale(nice=False), axis=percent_axis(title))
    bars = base.mark_bar().encode(x=axis, color=colour(methods))
    spans = base.mark_rule(color=INK, aria=False).encode(x=alt.X("low:Q", title=title), x2="high:Q")
    height = len(order) * (12 * len(methods) + 10)
    about = "Share of a method\u2019s missed pairs, by cause and method"
    return dress(alt.layer(bars, spans), height=height, about=about)


def speed(comparison: SettingResults, drawn: Mapping[str, Style]) -> Spec:
    """Draw F1 against wall time, on a logarithmic scale; parameters as of `accuracy`."""
    rows = [
        {**dot("", drawn[linker], estimate), "seconds": cost.wall_seconds}
        for linker, estimate in comparison.ranked("f1")
        if (cost := comparison.costs.get(linker)) and fits(cost)
    ]
    methods = present(rows, drawn)
    base = alt.Chart(data(rows)).encode(
        x=_seconds([row["seconds"] for row in rows]),
        tooltip=[alt.Tooltip("method:N"), alt.Tooltip("said:N", title="F1"), "seconds:Q"],
    )
    share = alt.Y("value:Q", scale=alt.Scale(zero=False, padding=12), axis=percent_axis("F1"))
    spans = base.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q", color=colour(methods))
    dots = base.mark_point(filled=True, size=130, opacity=1).encode(
        y=share, color=colour(methods), shape=shape(methods)
    )
    names = base.mark_text(align="left", dx=9, dy=-9, fontSize=12, color=INK, aria=False)
    front = (
        alt.Chart(data(pareto(rows)))
        .mark_line(interpolate="step-after", color=MUTED, strokeDash=[4, 4], aria=False)
        .encode(x="seconds:Q", y="value:Q")
    )
    layers = alt.layer(front, spans, dots, names.encode(y=share, text="method:N"))
    return dress(layers, height=280, about="F1 against wall time by method")


def pareto(rows: Rows) -> Rows:
    """Keep the rows that no other beats in both seconds and value, the quickest first."""
    front: Rows = []
    for row in sorted(rows, key=lambda candidate: (candidate["seconds"], -candidate["value"])):
        if not front or row["value"] > front[-1]["value"]:
            front.append({name: row[name] for name in ("seconds", "value")})
    return front


def _seconds(times: Sequence[float]) -> alt.X:
    """Make a logarithmic axis of seconds with room for names to the right."""
    low, high = min(times) / 2, max(times) * 8
    marks = [lead * 10.0**power for power in range(-4, 7) for lead in (1, 3)]
    return alt.X(
        "seconds:Q",
        scale=alt.Scale(type="log", domain=[low, high], nice=False),
        axis=alt.Axis(
            title="Wall time in seconds (logarithmic)",
            values=[mark for mark in marks if low <= mark <= high],
            format="~g",
        ),
    )


def data(rows: Rows) -> alt.InlineData:
    """Put rows into a chart."""
    return alt.InlineData(values=rows)


def present(rows: Rows, drawn: Mapping[str, Style]) -> list[Style]:
    """List the styles of rows, which name them as `method`, in the order of the rows."""
    by_name = {style.name: style for style in drawn.values()}
    return [by_name[name] for name in dict.fromkeys(row["method"] for row in rows)]


def colour(methods: Sequence[Style]) -> alt.Color:
    """Colour marks by method."""
    scale = alt.Scale(
        domain=[style.name for style in methods], range=[style.colour for style in methods]
    )
    return alt.Color("method:N", scale=scale, legend=None)


def shape(methods: Sequence[Style]) -> alt.Shape:
    """Shape marks by method."""
    scale = alt.Scale(
        domain=[style.name for style in methods], range=[style.shape for style in methods]
    )
    return alt.Shape("method:N", scale=scale, legend=None)


def percent_axis(title: str) -> alt.Axis:
    """Label an axis of shares in per cent."""
    return alt.Axis(
        labelExpr=f"format(100 * datum.value, '.4~g') + '{NO_BREAK}%'", title=title, tickCount=5
    )


def dress(chart: alt.LayerChart | alt.FacetChart, *, height: int, about: str) -> Spec:
    """Give a chart its size, its description and the looks of the page.

    Parameters
    ----------
    chart
        The chart.
    height
        Height in CSS pixels; the width is that of the page.
    about
        Description for readers who do not see the chart.
    """
    spec: Spec = (
        chart.properties(width="container", height=height, background="transparent")
        .properties(description=about)
        .configure(font=_FONT, autosize=_FIT, axis=_AXIS, view=alt.ViewConfig(stroke=None))
        .to_dict()
    )
    return spec
