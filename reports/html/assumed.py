"""The section on the size of violence: a curve over what one assumes of the two lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import altair as alt
import numpy as np

from darkfigure.linkage_eval.evaluation.shared_lists import WITHOUT_ERROR
from darkfigure.linkage_eval.recapture import TwoLists, dependence_curve, tipping_ratio
from darkfigure.linkage_eval.recapture.dependence import ODDS_RATIOS, Assumption
from darkfigure.linkage_eval.rows import Listed
from darkfigure.reports.html import charts, labels
from darkfigure.reports.html.charts import Style
from darkfigure.reports.html.comparison import SettingResults
from darkfigure.reports.html.formats import DASH, NO_BREAK, capital, count
from darkfigure.reports.html.section import Figure, Key, Section
from darkfigure.reports.html.tables import PageTable, TableCell, table

_LEAD = (
    "Two lists cannot tell whether they depend on each other. Among incidents on the first, the "
    "odds of being on the second are the odds among all others times a ratio that one has to "
    "assume; at 1 the lists are independent. The size is linear in it, so no linkage, however "
    "good, makes up for a wrong one."
)
_POINTS = 25  # of the curve, between the smallest and the largest ratio


def dependence(comparison: SettingResults, drawn: Mapping[str, Style]) -> tuple[Section, ...]:
    """Show the size of violence with injury under the odds ratios that one may assume.

    Parameters
    ----------
    comparison
        The results of one setting.
    drawn
        Style of each linker, by name.

    Returns
    -------
    Nothing where no list holds an incident, or none is on both.
    """
    lists = _lists(comparison)
    if WITHOUT_ERROR not in lists:
        return ()
    row = next(row for row in comparison.listed if row.links == WITHOUT_ERROR)
    marks = (Key("links without error", charts.INK, "bar"), Key("truth", charts.MUTED, "line"))
    linkers = (drawn[name] for name in lists if name != WITHOUT_ERROR)
    methods = (Key(style.name, style.colour, "bar") for style in linkers)
    figure = Figure(
        "Incidents with injury, by the odds ratio that one assumes",
        _chart(lists, drawn, row.n_true),
        _table(lists),
        f"The band is the 95{NO_BREAK}% interval by sampling around links without error. "
        + _in_truth(lists[WITHOUT_ERROR], row.n_true),
    )
    title = _finding(lists[WITHOUT_ERROR])
    topic, lead = "Size of violence with injury", _LEAD + _shared(row)
    keys = (*marks, *methods)
    return (Section("dependence", topic, title, lead, keys=keys, figures=(figure,)),)


def _lists(comparison: SettingResults) -> dict[str, TwoLists]:
    """Give the lists as each method joins them, after those joined without error."""
    found = {}
    for row in sorted(comparison.listed, key=lambda row: row.links != WITHOUT_ERROR):
        # Nothing is estimated from no overlap, nor from what no two lists can hold.
        if 0 < row.n_both <= min(row.n_first, row.n_second):
            lists = TwoLists(row.n_first, row.n_second, row.n_both)
            found[WITHOUT_ERROR if row.links == WITHOUT_ERROR else row.linker] = lists
    return found


def _finding(lists: TwoLists) -> str:
    """Say which part of the answer is sampling, and which is the assumption."""
    curve = dependence_curve(lists)
    sizes = [each.estimate.value for each in curve]
    chance = next(each.estimate for each in curve if each.odds_ratio == 1)
    return (
        f"Sampling leaves {count(chance.low)} to {count(chance.high)} incidents with injury open "
        f"if the two lists are independent; odds ratios from {min(ODDS_RATIOS):g} to "
        f"{max(ODDS_RATIOS):g} between them leave {count(sizes[0])} to {count(sizes[-1])}: that "
        "part of the answer is the assumption"
    )


def _in_truth(lists: TwoLists, n_true: int) -> str:
    ratio = tipping_ratio(lists, n_true)
    given = f"; the ratio that gives it is {ratio:.2f}" if ratio else ", which no ratio gives"
    return (
        f"The truth is {count(n_true)}{given}. It follows from what the scenario assumes of "
        "reporting, and is no finding about lists; whoever has only lists cannot know it."
    )


def _shared(row: Listed) -> str:
    return (
        f" Here the lists hold the {count(row.n_first)} incidents of which an attendance is "
        f"shared, and the {count(row.n_second)} of which a police record is (seed {row.seed})."
    )


def _chart(lists: Mapping[str, TwoLists], drawn: Mapping[str, Style], n_true: int) -> charts.Spec:
    colours = {name: drawn[name].colour for name in lists if name != WITHOUT_ERROR}
    colours[WITHOUT_ERROR] = charts.INK
    rows = [row for name in lists for row in _points(name, lists[name], colours[name])]
    ratio = alt.X(
        "ratio:Q",
        scale=alt.Scale(type="log", domain=[min(ODDS_RATIOS), max(ODDS_RATIOS)], nice=False),
        axis=alt.Axis(title="Assumed odds ratio", values=list(ODDS_RATIOS), format="~g"),
    )
    size = alt.Y("size:Q", axis=alt.Axis(title="Incidents with injury", format=",d"))
    base = alt.Chart(charts.data(rows)).encode(x=ratio)
    band = (
        base.transform_filter(f"datum.links === {WITHOUT_ERROR!r}")
        .mark_area(opacity=0.18, color=charts.MUTED, aria=False)
        .encode(y=alt.Y("low:Q", title="Incidents with injury"), y2="high:Q")
    )
    lines = base.mark_line(strokeWidth=2).encode(
        y=size,
        color=alt.Color("colour:N", scale=None),
        detail="links:N",
        tooltip=[f"{name}:N" for name in ("method", "ratio", "said")],
    )
    truth = alt.Chart(charts.data([{"size": n_true}])).encode(y="size:Q")
    rule = truth.mark_rule(color=charts.MUTED, strokeDash=[4, 4])
    about = "Estimated incidents with injury against the assumed odds ratio, by method"
    return charts.dress(alt.layer(band, rule, lines), height=300, about=about)


def _points(name: str, lists: TwoLists, colour: str) -> Iterator[dict[str, object]]:
    ratios = np.geomspace(min(ODDS_RATIOS), max(ODDS_RATIOS), _POINTS).round(4).tolist()
    for each in dependence_curve(lists, ratios):
        about = {"links": name, "method": _named(name), "colour": colour, "said": _sized(each)}
        sizes = {name: getattr(each.estimate, name) for name in ("low", "high")}
        yield {**about, **sizes, "ratio": each.odds_ratio, "size": each.estimate.value}


def _table(lists: Mapping[str, TwoLists]) -> PageTable:
    """Give each assumed ratio a row, and each way of joining the lists a column."""
    curves = [dependence_curve(each) for each in lists.values()]
    rows = [
        (TableCell(f"{ratio:g}", ratio), *(_cell(curve[place]) for curve in curves))
        for place, ratio in enumerate(ODDS_RATIOS)
    ]
    caption = f"Incidents with injury by assumed odds ratio, with 95{NO_BREAK}% intervals"
    return table("dependence", caption, ("Assumed odds ratio", *map(_named, lists)), rows)


def _cell(each: Assumption) -> TableCell:
    found = each.estimate
    if found.value is None or found.low is None or found.high is None:
        return TableCell(DASH)
    ends = f"({count(found.low)}{DASH}{count(found.high)})"
    return TableCell(count(found.value), found.value, ends, bounds=(found.low, found.high))


def _sized(each: Assumption) -> str:
    cell = _cell(each)
    return f"{cell.text} {cell.aside}".strip()


def _named(links: str) -> str:
    return "Links without error" if links == WITHOUT_ERROR else capital(labels.linker(links))
