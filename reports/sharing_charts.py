"""What sharing strategies bring over what they cost, two measures at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from linkage_eval.metrics.balance import pareto_front
from reports.charts import INK, PALETTE, Rows, Spec, data, dress, percent_axis
from reports.formats import listing
from reports.section import Figure
from reports.shared_measures import COLUMNS, Found
from reports.tables import Cell, table

# Gain, cost, and what the chart is called.
BARGAINS = (
    (
        "Prevention unit sees: events",
        "People named",
        "Violence the prevention unit sees over people named",
    ),
    (
        "Police find repeated partner violence",
        "Attendances lost",
        "Victims the police find over attendances lost",
    ),
    (
        "Police see: events",
        "Worst attack succeeds",
        "Violence the police see over success of the worst attack",
    ),
)


def bargain(
    found: Found, names: Sequence[str], gain: str, cost: str, caption: str
) -> Figure | None:
    """Set one gain over one cost; None where fewer than two strategies have both."""
    rows = _rows(found, names, gain, cost)
    if len(rows) < 2:
        return None
    best = [str(row["strategy"]) for row in rows if row["best"] == _BEST]
    cells = [
        (Cell(name), found.cell(name, gain), found.cell(name, cost), Cell(str(row["best"])))
        for row in rows
        for name in [str(row["strategy"])]
    ]
    key = f"bargain-{'-'.join(cost.lower().split())}"
    return Figure(
        caption,
        _draw(rows, gain, cost, f"{caption} by sharing strategy"),
        table(key, caption, ("Strategy", gain, cost, "On these two"), cells),
        f"None brings more at no more cost than {_some(best)}: filled, joined by the line.",
    )


_BEST, _BEATEN = "beaten by none", "beaten"
_ROOM, _LINE = 0.3, 0.06  # of the chart's width and height: what a name needs for itself


def _some(names: Sequence[str]) -> str:
    shown = names if len(names) < 5 else [*names[:3], f"{len(names) - 3} others"]
    return listing(shown)


def _rows(found: Found, names: Sequence[str], gain: str, cost: str) -> Rows:
    pairs = [(name, found.value(name, gain), found.value(name, cost)) for name in names]
    known = [(name, up, down) for name, up, down in pairs if up is not None and down is not None]
    if not known:
        return []
    front = pareto_front(np.array([[up, -down] for _, up, down in known]))
    return [
        {
            "strategy": name,
            "gain": up,
            "cost": down,
            "best": _BEST if on else _BEATEN,
            "said": f"{COLUMNS[gain].write(up)} for {COLUMNS[cost].write(down)}",
        }
        for (name, up, down), on in zip(known, front, strict=True)
    ]


def _draw(rows: Rows, gain: str, cost: str, about: str) -> Spec:
    share = COLUMNS[cost].write is COLUMNS[gain].write
    axis = (
        percent_axis(cost)
        if share
        else alt.Axis(title=cost, format=",d", values=[0, *(10**n for n in range(1, 7))])
    )
    kinds = [_BEST, _BEATEN]
    base = alt.Chart(data(rows)).encode(
        x=alt.X("cost:Q", axis=axis, scale=alt.Scale(type="symlog" if not share else "linear")),
        y=alt.Y("gain:Q", axis=percent_axis(gain), scale=alt.Scale(zero=False, padding=20)),
        tooltip=["strategy:N", alt.Tooltip("said:N", title=f"{gain}, {cost}")],
    )
    dots = base.mark_point(size=90, opacity=1, color=PALETTE[0]).encode(
        fill=alt.Fill(
            "best:N", scale=alt.Scale(domain=kinds, range=[PALETTE[0], "transparent"]), legend=None
        )
    )
    front = [row for row in rows if row["best"] == _BEST]
    line = alt.Chart(data(front)).mark_line(
        color=PALETTE[0], interpolate="step-after", strokeDash=[4, 3], aria=False
    )
    names = alt.Chart(data(_labelled(rows))).mark_text(
        align="left", dx=9, dy=-9, fontSize=12, color=INK, aria=False
    )
    place = {"x": alt.X("cost:Q"), "y": alt.Y("gain:Q")}
    layers = alt.layer(line.encode(**place), dots, names.encode(**place, text="label:N"))
    return dress(layers, height=320, about=about)


def _labelled(rows: Rows) -> Rows:
    """Name the points that have room for it, first those that none beats; all are in the table."""
    across, up = (_spread([row[axis] for row in rows]) for axis in ("cost", "gain"))
    chosen: list[int] = []
    for one in sorted(range(len(rows)), key=lambda place: rows[place]["best"] != _BEST):
        if all(
            abs(across[one] - across[other]) > _ROOM or abs(up[one] - up[other]) > _LINE
            for other in chosen
        ):
            chosen.append(one)
    return [{**rows[one], "label": _label(rows[one], rows)} for one in chosen]


def _label(row: Mapping[str, Any], rows: Rows) -> str:
    others = sum((one["cost"], one["gain"]) == (row["cost"], row["gain"]) for one in rows) - 1
    return f"{row['strategy']}{f' and {others} more' if others else ''}"


def _spread(values: Sequence[float]) -> NDArray[np.float64]:
    """Put values between 0 and 1, counts as a logarithmic axis would."""
    found = np.arcsinh(values)
    return (found - found.min()) / (np.ptp(found) or 1.0)
