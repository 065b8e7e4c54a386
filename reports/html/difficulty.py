"""The difficulty curve: precision and recall against the severity of faults at data entry."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from darkfigure.reports.html import charts, labels, tables
from darkfigure.reports.html.charts import Style
from darkfigure.reports.html.comparison import PooledEstimate, SettingResults
from darkfigure.reports.html.formats import NO_BREAK, capital, count, listing, percent
from darkfigure.reports.html.section import Figure, Key, Section
from darkfigure.reports.html.tables import PageTable, TableCell

FEWEST = 3  # severities that make a curve
METRICS = ("recall", "precision")
# The keys in which scenarios of one curve may differ.
_FREE = {"name", "title", "description", "severity", "seed"}

Curve = Mapping[float, SettingResults]


def difficulty_sections(
    manifest: Mapping[str, Any], comparisons: Sequence[SettingResults], drawn: Mapping[str, Style]
) -> tuple[Section, ...]:
    """Make a section for each set of settings that differ in severity alone.

    Parameters
    ----------
    manifest
        Manifest of the run, with the scenarios of its datasets.
    comparisons
        The results of each setting.
    drawn
        Style of each linker, by name.
    """
    scenarios = [comparison.get("scenario") for comparison in manifest.get("datasets", {}).values()]
    known = {
        described["name"]: described
        for described in scenarios
        if isinstance(described, Mapping) and "name" in described
    }
    curves: dict[tuple[str, ...], dict[float, SettingResults]] = defaultdict(dict)
    for comparison in comparisons:
        scenario = known.get(comparison.setting.scenario, {})
        if "severity" in scenario:
            rest = {name: value for name, value in scenario.items() if name not in _FREE}
            key = (json.dumps(rest, sort_keys=True, default=str), *comparison.setting[1:])
            curves[key][float(scenario["severity"])] = comparison
    long_curves = [dict(sorted(curve.items())) for curve in curves.values() if len(curve) >= FEWEST]
    return tuple(_section(curve, place, drawn) for place, curve in enumerate(long_curves, 1))


def _section(curve: Curve, place: int, drawn: Mapping[str, Style]) -> Section:
    first = next(iter(curve.values()))
    linkers = [name for name in first.linkers if first.estimate(name, "recall")]
    figures = [
        Figure(
            f"{labels.metric(metric)} by severity",
            _curve(_points(curve, metric, linkers), drawn, labels.metric(metric)),
            _table(curve, metric, linkers, f"{metric}-{place}"),
            f"Points are the values, lines through them their 95{NO_BREAK}% intervals.",
        )
        for metric in METRICS
    ]
    styles = [drawn[name] for name in linkers]
    return Section(
        f"difficulty-{place}",
        "Difficulty curve",
        _finding(curve, linkers),
        f"{capital(labels.task(first.setting.task))} The same people and the same violence, "
        "written down with ever more faults: at severity 0 each system holds what it was told, "
        "at 1 the rates are those of its profile, at 3 three times those. What was true once and "
        "is out of date stays so at every severity.",
        keys=tuple(Key(style.name, style.colour, style.shape) for style in styles),
        figures=tuple(figures),
    )


def _curve(points: list[dict[str, Any]], drawn: Mapping[str, Style], title: str) -> charts.Spec:
    """Draw a share of each linker against severity; a point has `severity`, `linker`, `found`."""
    rows = [
        {**charts.dot("", drawn[point["linker"]], point["found"]), "severity": point["severity"]}
        for point in points
    ]
    methods = charts.present(rows, drawn)
    base = alt.Chart(charts.data(rows)).encode(
        x=alt.X(
            "severity:Q",
            scale=alt.Scale(padding=12, nice=False),
            axis=alt.Axis(
                title="Severity of faults at data entry",
                values=sorted({point["severity"] for point in points}),
                format="~g",
            ),
        ),
        color=charts.colour(methods),
        tooltip=[f"{name}:N" for name in ("severity", "method", "said", "n")],
    )
    share = alt.Y(
        "value:Q", scale=alt.Scale(zero=False, padding=12), axis=charts.percent_axis(title)
    )
    spans = base.mark_rule(strokeWidth=2).encode(y="low:Q", y2="high:Q")
    dots = base.mark_point(filled=True, size=70, opacity=1).encode(
        y=share, shape=charts.shape(methods)
    )
    layers = alt.layer(base.mark_line(strokeWidth=1.5).encode(y=share), spans, dots)
    return charts.dress(layers, height=260, about=f"{title} against severity by method")


def _points(curve: Curve, metric: str, linkers: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"severity": severity, "linker": linker, "found": estimate}
        for linker in linkers
        for severity, comparison in curve.items()
        if (estimate := comparison.estimate(linker, metric))
    ]


def _table(curve: Curve, metric: str, linkers: Sequence[str], key: str) -> PageTable:
    rows = [
        (
            TableCell(f"{severity:g}", severity),
            *(tables.share(comparison.estimate(linker, metric)) for linker in linkers),
            _n(comparison.estimate(linkers[0], metric) if linkers else None),
        )
        for severity, comparison in curve.items()
    ]
    names = [capital(labels.linker(name)) for name in linkers]
    counted = "True pairs" if metric == "recall" else f"Links of {labels.linker(linkers[0])}"
    caption = f"{labels.metric(metric)} by severity of faults, with 95 % intervals"
    return tables.table(key, caption, ("Severity", *names, counted), rows)


def _n(estimate: PooledEstimate | None) -> TableCell:
    return TableCell(count(estimate.n), estimate.n) if estimate else TableCell("")


def _finding(curve: Curve, linkers: Sequence[str]) -> str:
    """Describe the fall of recall between the ends of the curve, where intervals do not overlap."""
    (low, easy), *_, (high, hard) = curve.items()
    falls = []
    for linker in linkers:
        ends = easy.estimate(linker, "recall"), hard.estimate(linker, "recall")
        if ends[0] and ends[1] and not ends[0].overlaps(ends[1]):
            change = f"{percent(ends[0].value)} to {percent(ends[1].value)}"
            falls.append(f"{change} ({labels.linker(linker)})")
    if not falls:
        return f"From severity {low:g} to {high:g} recall does not measurably change"
    return f"From severity {low:g} to {high:g} recall goes from {listing(falls)}"
