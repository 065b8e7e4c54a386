"""The section that compares sharing strategies on the same task, over several settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from darkfigure.reports.html import labels
from darkfigure.reports.html.charts import (
    INK,
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
from darkfigure.reports.html.formats import capital, percent, points
from darkfigure.reports.html.section import Figure, Key, Section
from darkfigure.reports.html.tables import PageTable, TableCell, share, table


def strategies(
    comparisons: Sequence[SettingResults], drawn: Mapping[str, Style]
) -> tuple[Section, ...]:
    """Compare the sharing strategies of each task; nothing where there is only one strategy.

    Parameters
    ----------
    comparisons
        The results of each setting.
    drawn
        Style of each linker, by name.
    """
    tasks: dict[tuple[str, str], list[SettingResults]] = {}
    for comparison in comparisons:
        tasks.setdefault((comparison.setting.scenario, comparison.setting.task), []).append(
            comparison
        )
    several = {place: group for place, group in tasks.items() if len(group) > 1}
    if not several:
        return ()
    names = dict.fromkeys(
        name for group in several.values() for comparison in group for name in comparison.linkers
    )
    section = Section(
        "strategies",
        "Sharing strategies",
        _finding(several),
        "What a strategy lets the linking party see decides how well anybody can link. To the "
        "right more true pairs are found, upwards more of the links are right.",
        keys=tuple(Key(drawn[name].name, drawn[name].colour, drawn[name].shape) for name in names),
        figures=tuple(_figure(*item, drawn) for item in several.items()),
    )
    return (section,)


def _finding(tasks: Mapping[tuple[str, str], Sequence[SettingResults]]) -> str:
    (_, task), comparisons = next(iter(tasks.items()))
    best = {
        comparison.setting.strategy: comparison.ranked("f1")[0][1].value
        for comparison in comparisons
        if comparison.ranked("f1")
    }
    if len(best) < 2:
        return "No two strategies can be compared: on all but one no method finished"
    first, last = max(best, key=lambda name: best[name]), min(best, key=lambda name: best[name])
    return (
        f"{capital(labels.strategy(first))} allows an F1 of {percent(best[first])}; "
        f"{labels.strategy(last)} costs {points(best[first] - best[last])} ({task})"
    )


def _figure(
    place: tuple[str, str], comparisons: Sequence[SettingResults], drawn: Mapping[str, Style]
) -> Figure:
    rows = [
        {
            "strategy": labels.strategy(comparison.setting.strategy),
            "method": drawn[linker].name,
            "recall": recall.value,
            "precision": precision.value,
            "said": f"{percent(recall.value)} and {percent(precision.value)}",
        }
        for comparison in comparisons
        for linker in comparison.linkers
        if (recall := comparison.estimate(linker, "recall"))
        and (precision := comparison.estimate(linker, "precision"))
    ]
    return Figure(
        f"Precision over recall by strategy: {', '.join(place)}",
        _draw(rows, drawn),
        _tabulate(place, comparisons),
        "Each point is a method under a strategy; its name stands beside the best method\u2019s.",
    )


def _draw(rows: list[dict[str, object]], drawn: Mapping[str, Style]) -> Spec:
    methods = present(rows, drawn)
    fitted = alt.Scale(zero=False, padding=20)
    base = alt.Chart(data(rows)).encode(
        x=alt.X("recall:Q", scale=fitted, axis=percent_axis("Recall")),
        y=alt.Y("precision:Q", scale=fitted, axis=percent_axis("Precision")),
        tooltip=["strategy:N", "method:N", alt.Tooltip("said:N", title="recall and precision")],
    )
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(
        color=colour(methods), shape=shape(methods)
    )
    best = {str(row["strategy"]): row for row in sorted(rows, key=lambda row: str(row["recall"]))}
    names = (
        alt.Chart(data(list(best.values())))
        .mark_text(align="left", dx=9, dy=-9, fontSize=12, color=INK, aria=False)
        .encode(x="recall:Q", y="precision:Q", text="strategy:N")
    )
    about = "Precision over recall by sharing strategy and method"
    return dress(alt.layer(dots, names), height=320, about=about)


def _tabulate(place: tuple[str, str], comparisons: Sequence[SettingResults]) -> PageTable:
    rows = [
        (
            TableCell(
                capital(labels.strategy(comparison.setting.strategy)), comparison.setting.strategy
            ),
            TableCell(capital(labels.linker(linker)), linker),
            *(
                share(comparison.estimate(linker, metric))
                for metric in ("recall", "precision", "f1")
            ),
        )
        for comparison in comparisons
        for linker, _ in comparison.ranked("f1")
    ]
    columns = ("Strategy", "Method", "Recall", "Precision", "F1")
    caption = f"Sharing strategies: {', '.join(place)}"
    return table(f"strategies-{'-'.join(place)}", caption, columns, rows)
