"""The section on what is attainable: how far methods are below it, for whom, by which labels."""

from __future__ import annotations

import altair as alt

from darkfigure.reports.html import labels
from darkfigure.reports.html.charts import INK, Spec, data, dress, percent_axis
from darkfigure.reports.html.comparison import PooledEstimate, SettingResults
from darkfigure.reports.html.formats import capital, count, interval, percent, points
from darkfigure.reports.html.section import Figure, Key, Section
from darkfigure.reports.html.tables import PageTable, TableCell, share, table

_MEASURED = {
    "f1": "F1",
    "precision": "Precision",
    "recall": "Recall",
    "pair_completeness": "True pairs that the rule judges at all",
    "indistinguishable": "True pairs with the values of at least as many false ones",
}
_WHAT = (
    "A rule that learnt from the truth of {} attains this: thousands of labels, which nobody has "
    "who links real records. It is no competitor, and no limit that nothing can pass: with other "
    "labels or another model somewhat more may be possible. "
)


def limit_key(comparison: SettingResults) -> tuple[Key, ...]:
    """Give the entry of a key for what is attainable; none where that is not known."""
    known = comparison.ceiling.attained("f1")
    return (Key("attainable with labels (no method)", INK, "tick"),) if known else ()


def ceiling(comparison: SettingResults) -> tuple[Section, ...]:
    """Say what is attainable; nothing where nobody asked.

    Parameters
    ----------
    comparison
        The results of one setting.
    """
    found = comparison.ceiling
    best = found.attained("f1")
    if best is None:
        why = f"It could not be found out: {found.hindered}"
        return (Section("attainable", "Attainable", why),) if found.hindered else ()
    section = Section(
        "attainable",
        "Attainable",
        _finding(comparison, best),
        _WHAT.format(found.learnt_from),
        tables=(_overall(comparison), *_by_group(comparison)),
        figures=_learning(comparison),
    )
    return (section,)


def _finding(comparison: SettingResults, best: PooledEstimate) -> str:
    """Say how near the best method is to what is attainable."""
    reached = f"An F1 of {percent(best.value)} {interval(best.low, best.high)} is attainable"
    ranked = comparison.ranked("f1")
    far = comparison.ceiling.distance(ranked[0][0]) if ranked else None
    if far is None:
        return reached
    name = labels.linker(ranked[0][0])
    if far.low is not None and far.low <= 0:
        return f"{reached}; {name} cannot be told from it"
    return f"{reached}; {name} is {points(far.value)} below"


def _overall(comparison: SettingResults) -> PageTable:
    rows = [
        (TableCell(said, name), share(found), TableCell(count(found.n), found.n))
        for name, said in _MEASURED.items()
        if (found := comparison.ceiling.attained(name))
    ]
    return table("attainable", "What is attainable", ("Quantity", "Value", "n"), rows)


def _by_group(comparison: SettingResults) -> tuple[PageTable, ...]:
    """Set the recall that is attainable beside that of the best method, group by group."""
    ranked = comparison.ranked("f1")
    if not ranked or not comparison.strata():
        return ()
    best = ranked[0][0]
    rows = []
    for kind, strata in comparison.strata().items():
        for stratum in strata:
            limit = comparison.ceiling.attained("recall", (kind, stratum))
            own = comparison.estimate(best, "recall", (kind, stratum))
            if limit and own:
                group = capital(labels.stratum(kind, stratum))
                gap = limit.value - own.value
                rows.append(
                    (
                        TableCell(group, stratum, labels.kind(kind)),
                        share(limit),
                        share(own),
                        TableCell(f"{100 * gap:z.1f}", gap),
                        TableCell(count(limit.n), limit.n),
                    )
                )
    columns = ("Group", "Attainable", capital(labels.linker(best)), "Points between", "True pairs")
    caption = "Recall by group: what is attainable, and the best method"
    return (table("attainable-groups", caption, columns, rows, folded=True),)


def _learning(comparison: SettingResults) -> tuple[Figure, ...]:
    """Draw F1 by the number of labels, with that of all there are."""
    by_labels = comparison.ceiling.by_labels
    if not by_labels:
        return ()
    rows = [(TableCell(count(number), number), share(found)) for number, found in by_labels.items()]
    numbers = table("learning", "F1 by the number of labelled pairs", ("Labels", "F1"), rows)
    note = (
        "Points are medians of five draws of labelled pairs, lines go from the worst draw to the "
        "best; a rule that learns from other people of the same world has one draw. The dashed "
        "line is what all labels attain. Labels are right and drawn among all candidate pairs, so "
        "most say no; a reviewer who picks doubtful pairs needs fewer."
    )
    return (Figure("How many labels it takes", _draw(comparison), numbers, note),)


def _draw(comparison: SettingResults) -> Spec:
    ceiling_ = comparison.ceiling
    rows = [
        {
            "labels": number,
            "value": found.value,
            "low": found.value if found.low is None else found.low,
            "high": found.value if found.high is None else found.high,
            "said": percent(found.value),
        }
        for number, found in ceiling_.by_labels.items()
    ]
    x = alt.X("labels:Q", scale=alt.Scale(type="log"), title="Labelled pairs (logarithmic)")
    y = alt.Y("value:Q", scale=alt.Scale(zero=False, padding=12), axis=percent_axis("F1"))
    base = alt.Chart(data(rows)).encode(x=x, tooltip=["labels:Q", "said:N"])
    spans = base.mark_rule(color=INK, strokeWidth=2).encode(
        y=alt.Y("low:Q", title="F1"), y2="high:Q"
    )
    dots = base.mark_point(filled=True, color=INK, size=80, opacity=1).encode(y=y)
    best = ceiling_.attained("f1")
    whole = alt.Chart(data([{"value": best.value if best else 1.0}]))
    line = whole.mark_rule(color=INK, strokeDash=[5, 4], aria=False).encode(y="value:Q")
    about = "F1 by the number of labelled pairs"
    return dress(alt.layer(dots, spans, line), height=240, about=about)
