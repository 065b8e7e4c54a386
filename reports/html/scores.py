"""The sections on scores: accuracy at each threshold, and calibration of match probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from darkfigure.linkage_eval.rows import Bin, Point
from darkfigure.reports.html import labels
from darkfigure.reports.html.charts import (
    INK,
    MUTED,
    Spec,
    Style,
    colour,
    data,
    dress,
    percent_axis,
    present,
    shape,
)
from darkfigure.reports.html.comparison import SettingResults
from darkfigure.reports.html.formats import capital, count, listing, percent, points
from darkfigure.reports.html.section import Figure, Key, Section, keys
from darkfigure.reports.html.tables import PageTable, TableCell, table

_FEWEST_THRESHOLDS = 3
_MOST_POINTS = 40
# Gain in F1 below which a better threshold is not worth a headline; assumed.
_WORTH = 0.002
_LIMIT = (
    " The dashed line is what a rule attains that learnt from the truth of others. It was chosen "
    "for its F1 at its end; before that a method may lie above it."
)


def thresholds(comparison: SettingResults, drawn: Mapping[str, Style]) -> tuple[Section, ...]:
    """Show precision over recall at every threshold; nothing where no method gives scores.

    Parameters
    ----------
    comparison
        The results of one setting.
    drawn
        Style of each linker, by name.
    """
    curves = _curves(comparison)
    if not curves:
        return ()
    limit = comparison.ceiling.curve
    figure = Figure(
        "Precision over recall, from the surest link to the last",
        _draw_curves(curves, drawn, _thinned(limit) if limit else []),
        _tabulate_curves(curves),
        "A line ends where a method\u2019s links end. The cross marks the threshold with the best "
        "F1, which only somebody with the truth could choose." + (_LIMIT if limit else ""),
    )
    section = Section(
        "thresholds",
        "Thresholds",
        _best_threshold(comparison, curves),
        "Methods that score their links could take fewer of them: the higher the threshold, the "
        "fewer false links and the more missed ones. Shown are the links of one world.",
        keys=tuple(key for key in keys(comparison, drawn) if key.name in _names(curves, drawn)),
        figures=(figure,),
    )
    return (section,)


def _names(curves: Mapping[str, Sequence[Point]], drawn: Mapping[str, Style]) -> set[str]:
    return {drawn[linker].name for linker in curves}


def _curves(comparison: SettingResults) -> dict[str, list[Point]]:
    """Give the points of each method that has several scores."""
    by_linker: dict[str, list[Point]] = {}
    for point in comparison.curves:
        by_linker.setdefault(point.linker, []).append(point)
    return {
        linker: _thinned(by_linker[linker])
        for linker in comparison.linkers
        if len(by_linker.get(linker, ())) >= _FEWEST_THRESHOLDS
    }


def _thinned(curve: Sequence[Point]) -> list[Point]:
    """Keep some points, both ends and the best among them."""
    step = max(1, len(curve) // _MOST_POINTS)
    best = max(curve, key=lambda point: point.f1)
    return [
        point
        for place, point in enumerate(curve)
        if place % step == 0 or point is curve[-1] or point is best
    ]


def _best_threshold(comparison: SettingResults, curves: Mapping[str, Sequence[Point]]) -> str:
    gains = {
        linker: max(point.f1 for point in curve) - curve[-1].f1 for linker, curve in curves.items()
    }
    most = max(gains, key=lambda linker: gains[linker])
    if gains[most] < _WORTH:
        return "No other threshold would have been better: methods stop where their F1 is best"
    name = capital(labels.linker(most))
    others = "" if len(comparison.linkers) == 1 else ", the most of all methods"
    return f"{name} could gain {points(gains[most])} of F1 by a better threshold{others}"


def _draw_curves(
    curves: Mapping[str, Sequence[Point]], drawn: Mapping[str, Style], limit: Sequence[Point]
) -> Spec:
    rows = [
        {
            "method": drawn[linker].name,
            "order": place,
            "recall": point.recall,
            "precision": point.precision,
            "threshold": point.threshold,
            "said": f"{percent(point.precision)} and {percent(point.recall)}",
        }
        for linker, curve in curves.items()
        for place, point in enumerate(curve)
    ]
    best = [max(curve, key=lambda point: point.f1) for curve in curves.values()]
    marks = [
        {"method": drawn[point.linker].name, "recall": point.recall, "precision": point.precision}
        for point in best
    ]
    methods = present(rows, drawn)
    fitted = alt.Scale(zero=False, padding=8)
    base = alt.Chart(data(rows)).encode(
        x=alt.X("recall:Q", scale=fitted, axis=percent_axis("Recall")),
        y=alt.Y("precision:Q", scale=fitted, axis=percent_axis("Precision")),
        color=colour(methods),
        tooltip=["method:N", "threshold:Q", alt.Tooltip("said:N", title="precision and recall")],
    )
    lines = base.mark_line(strokeWidth=2).encode(order="order:Q")
    ends = base.mark_point(filled=True, size=18).encode(shape=shape(methods))
    crosses = (
        alt.Chart(data(marks))
        .mark_point(shape="cross", size=110, color=INK, filled=True)
        .encode(x="recall:Q", y="precision:Q")
    )
    layers = [lines, ends, crosses, *_dashed(limit)]
    about = "Precision over recall at every threshold, by method"
    return dress(alt.layer(*layers), height=320, about=about)


def _dashed(limit: Sequence[Point]) -> list[alt.Chart]:
    """Draw the curve of what is attainable, if it is known."""
    rows = [
        {"order": place, "recall": point.recall, "precision": point.precision}
        for place, point in enumerate(limit)
    ]
    line = alt.Chart(data(rows)).mark_line(color=INK, strokeDash=[5, 4], strokeWidth=1.5)
    return [line.encode(x="recall:Q", y="precision:Q", order="order:Q")] if rows else []


def _tabulate_curves(curves: Mapping[str, Sequence[Point]]) -> PageTable:
    rows = [
        (
            TableCell(capital(labels.linker(linker)), linker),
            TableCell(f"{point.threshold:.4g}", point.threshold),
            TableCell(count(point.n_links), point.n_links),
            *(TableCell(percent(v), v) for v in (point.precision, point.recall, point.f1)),
        )
        for linker, curve in curves.items()
        for point in curve
    ]
    columns = ("Method", "Lowest score taken", "Links", "Precision", "Recall", "F1")
    return table("thresholds", "What each threshold would give", columns, rows)


def calibration(comparison: SettingResults, drawn: Mapping[str, Style]) -> tuple[Section, ...]:
    """Set match probabilities against the share of right links; nothing where none are given.

    Parameters
    ----------
    comparison
        The results of one setting.
    drawn
        Style of each linker, by name.
    """
    bins = [bin_ for bin_ in comparison.bins if bin_.n and bin_.share_right is not None]
    if not bins:
        return ()
    figure = Figure(
        "Share of links that are right, by the probability they were given",
        _draw_bins(bins, drawn),
        _tabulate_bins(bins),
        "On the line probabilities mean what they say; below it the method is too sure of itself. "
        "Large points stand for many links.",
    )
    shown = {drawn[bin_.linker].name for bin_ in bins}
    line = Key("as it should be", MUTED, "line")
    section = Section(
        "calibration",
        "Calibration",
        _trusted(comparison, bins),
        "Some methods say of each link how probable it is to be right. Whoever has no truth must "
        "take their word for it.",
        keys=(*(key for key in keys(comparison, drawn) if key.name in shown), line),
        figures=(figure,),
    )
    return (section,)


def _trusted(comparison: SettingResults, bins: Sequence[Bin]) -> str:
    linkers = list(dict.fromkeys(bin_.linker for bin_ in bins))
    errors = {
        linker: estimate.value
        for linker in linkers
        if (estimate := comparison.estimate(linker, "model_precision_error"))
    }
    if not errors:
        return (
            f"What the probabilities of {listing([labels.linker(name) for name in linkers])} mean"
        )
    worst = max(errors, key=lambda linker: abs(errors[linker]))
    name, error = capital(labels.linker(worst)), errors[worst]
    if abs(error) < _WORTH:
        return "Match probabilities mean what they say: as many links are right as they promise"
    way = "fewer" if error > 0 else "more"
    return f"{name} is off by {points(error)}: {way} of its links are right than it promises"


def _draw_bins(bins: Sequence[Bin], drawn: Mapping[str, Style]) -> Spec:
    rows = [
        {
            "method": drawn[bin_.linker].name,
            "probability": bin_.mean_probability,
            "right": bin_.share_right,
            "said": f"{percent(bin_.mean_probability)} promised, {percent(bin_.share_right)} right",
            "links": bin_.n,
        }
        for bin_ in bins
    ]
    methods = present(rows, drawn)
    whole = alt.Scale(domain=[0, 1])
    x = alt.X("probability:Q", scale=whole, axis=percent_axis("Match probability"))
    y = alt.Y("right:Q", scale=whole, axis=percent_axis("Links that are right"))
    diagonal = (
        alt.Chart(data([{"probability": 0, "right": 0}, {"probability": 1, "right": 1}]))
        .mark_line(color=MUTED, strokeDash=[4, 4], aria=False)
        .encode(x=x, y=y)
    )
    size = alt.Size("links:Q", scale=alt.Scale(type="sqrt", range=[40, 400]), legend=None)
    dots = (
        alt.Chart(data(rows))
        .mark_point(filled=True, opacity=0.9)
        .encode(
            x=x,
            y=y,
            size=size,
            color=colour(methods),
            shape=shape(methods),
            tooltip=["method:N", alt.Tooltip("said:N", title="of the links"), "links:Q"],
        )
    )
    about = "Share of links that are right against their match probability, by method"
    return dress(alt.layer(diagonal, dots), height=320, about=about)


def _tabulate_bins(bins: Sequence[Bin]) -> PageTable:
    rows = [
        (
            TableCell(capital(labels.linker(bin_.linker)), bin_.linker),
            TableCell(f"{percent(bin_.low, 0)} to {percent(bin_.high, 0)}", bin_.low),
            TableCell(count(bin_.n), bin_.n),
            TableCell(percent(bin_.mean_probability), bin_.mean_probability),
            TableCell(percent(bin_.share_right), bin_.share_right),
        )
        for bin_ in bins
    ]
    columns = ("Method", "Probability", "Links", "Mean probability", "Right")
    return table("calibration", "Match probabilities and what came of them", columns, rows)
