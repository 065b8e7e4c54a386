"""The cost of one aim in another: strategies as points, and their Pareto front."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p
from typing import Any, Literal, NamedTuple

import altair as alt

from darkfigure.reports.html.charts import INK, MUTED, PALETTE, Spec, data, dress, percent_axis
from darkfigure.reports.html.formats import DASH, listing, percent
from darkfigure.reports.html.section import Figure, Key
from darkfigure.reports.html.sharing_aims import (
    AS_LINKED,
    ATTACKED,
    CORRECTED,
    ESTIMATE,
    EVENTS,
    FOUND,
    LINKED,
    LOST,
    NAMED,
    PLACES,
    Aim,
    Answers,
)
from darkfigure.reports.html.tables import TableCell, table


class TradeOff(NamedTuple):
    """A gain and its cost: titles of the two axes (`up`, `right`), and texts round the numbers."""

    gain: Aim
    cost: Aim
    up: str
    right: str
    said: str
    paid: str


_PAIRS = (
    TradeOff(
        EVENTS,
        NAMED,
        "Share of violence the police see",
        "People named to somebody",
        "The police see {} of the violence",
        "with {} people named",
    ),
    TradeOff(
        FOUND,
        LOST,
        "Share of repeat victims the police find",
        "Attendances lost",
        "The police find {} of those hurt again and again at home",
        "with {} attendances lost",
    ),
    TradeOff(
        PLACES,
        NAMED,
        "Share of places the prevention unit sees",
        "People named to somebody",
        "The prevention unit sees {} of the places of violence",
        "with {} people named",
    ),
    TradeOff(
        LINKED,
        ATTACKED,
        "Best F1 on what is shared",
        "Attacker\u2019s advantage over guessing",
        "Links reach an F1 of {}",
        "with an attacker\u2019s advantage of {}",
    ),
)
_ON, _OFF = ("beaten by none", PALETTE[0], "circle"), ("beaten", MUTED, "cross")
KEYS = tuple(Key(f"{name[:1].upper()}{name[1:]}", *look) for name, *look in (_ON, _OFF))
_SIDES: tuple[tuple[bool, Literal["left", "right"], int], ...]
_SIDES = (False, "left", 9), (True, "right", -9)  # far right or not; side of the name
_MOST_NAMED = 2  # strategies in one place whose names are written; the others are counted
Rows = list[dict[str, Any]]


def fronts(answers: Answers) -> tuple[Figure, ...]:
    """Draw each pair of aims for which two strategies or more have values."""
    figures = []
    for place, pair in enumerate(_PAIRS, 1):
        rows = _points(answers, pair.gain, pair.cost)
        if len(rows) > 1:
            figures.append(_figure(f"front-{place}", rows, pair))
    return tuple(figures)


def _points(answers: Answers, gain: Aim, cost: Aim) -> Rows:
    pairs = {name: (answers.value(name, gain), answers.value(name, cost)) for name in answers.plain}
    both = {name: (y, x) for name, (y, x) in pairs.items() if y is not None and x is not None}
    return [
        {
            "strategy": name,
            "gain": y,
            "cost": x,
            "said": gain.write(y),
            "paid": cost.write(x) if x or cost.write is percent else "no",
            "front": _ON[0] if not _beaten(y, x, both.values()) else _OFF[0],
        }
        for name, (y, x) in both.items()
    ]


def _beaten(gain: float, cost: float, others: Any) -> bool:  # noqa: ANN401, pairs of numbers
    return any(y >= gain and x <= cost and (y > gain or x < cost) for y, x in others)


def _figure(key: str, rows: Rows, pair: TradeOff) -> Figure:
    cells = [
        (
            TableCell(str(row["strategy"])),
            TableCell(row["said"], row["gain"]),
            TableCell(row["paid"], row["cost"]),
            TableCell(row["front"]),
        )
        for row in rows
    ]
    columns = ("Strategy", pair.up, pair.right, "Front")
    numbers = table(key, f"{pair.up} against {pair.right.lower()}", columns, cells)
    return Figure(_finding(rows, pair), _draw(rows, pair), numbers)


def _finding(rows: Rows, pair: TradeOff) -> str:
    """Describe the cheapest and the dearest end of the front."""
    front = sorted((row for row in rows if row["front"] == _ON[0]), key=lambda row: row["cost"])
    first, last = front[0], front[-1]
    here = f"{pair.said.format(first['said'])} {pair.paid.format(first['paid'])}"
    if first["cost"] == last["cost"]:
        names = listing(_named([str(row["strategy"]) for row in front]))
        return f"{here} ({names}); nothing that costs more brings more"
    more = f"{last['said']} {pair.paid.format(last['paid'])}"
    return f"{here}, and {more} ({last['strategy']})"


def _named(names: Sequence[str]) -> list[str]:
    more = len(names) - _MOST_NAMED
    return [*names[:_MOST_NAMED], *([f"{more} more"] if more > 0 else [])]


def _draw(rows: Rows, pair: TradeOff) -> Spec:
    up, right = pair.up, pair.right
    most = max(row["cost"] for row in rows) or 1.0
    x = alt.X("cost:Q", scale=_scale(pair, most), axis=_axis(pair))
    y = alt.Y("gain:Q", scale=alt.Scale(domain=_range(rows), nice=False), axis=percent_axis(up))
    base = alt.Chart(data(rows)).encode(x=x, y=y)
    looks = (_ON, _OFF)
    names, colours, shapes = ([look[place] for look in looks] for place in range(3))
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(
        color=alt.Color("front:N", scale=alt.Scale(domain=names, range=colours), legend=None),
        shape=alt.Shape("front:N", scale=alt.Scale(domain=names, range=shapes), legend=None),
        tooltip=[
            "strategy:N",
            alt.Tooltip("said:N", title=up),
            alt.Tooltip("paid:N", title=right),
            "front:N",
        ],
    )
    line = (
        alt.Chart(data([row for row in rows if row["front"] == _ON[0]]))
        .mark_line(interpolate="step-after", color=MUTED, strokeDash=[4, 4], aria=False)
        .encode(x=x, y=y)
    )
    labelled = [(label, log1p(label["cost"]) > log1p(most) / 2) for label in _labels(rows)]
    words = [
        alt.Chart(data([label for label, far in labelled if far == turned]))
        .mark_text(align=align, dx=dx, dy=-9, fontSize=12, color=INK, aria=False)
        .encode(x=x, y=y, text="label:N")
        for turned, align, dx in _SIDES
    ]
    about = f"{up} against {right.lower()}, by sharing strategy"
    return dress(alt.layer(line, dots, *words), height=280, about=about)


def _axis(pair: TradeOff) -> alt.Axis:
    if pair.cost.write is percent:
        return percent_axis(pair.right)
    return alt.Axis(title=pair.right, format=",d", values=[0, *(10**n for n in range(1, 7))])


def _scale(pair: TradeOff, most: float) -> alt.Scale:
    """Make a scale with room on either side; counts are logarithmic, with a place for 0."""
    if pair.cost.write is percent:
        return alt.Scale(domain=[-0.04 * most, 1.08 * most], nice=False)
    return alt.Scale(type="symlog", domain=[-0.3, 1.5 * most], nice=False)


def _range(rows: Rows) -> list[float]:
    """Leave room above the highest point for its name; no share is below 0."""
    low, high = (choose(row["gain"] for row in rows) for choose in (min, max))
    room = (high - low or high or 1.0) / 6
    return [max(0.0, low - room), high + room]


def _labels(rows: Rows) -> Rows:
    """Name the points of the front; strategies in one place share a label."""
    places: dict[tuple[float, float], list[str]] = {}
    for row in rows:
        if row["front"] == _ON[0]:
            places.setdefault((row["cost"], row["gain"]), []).append(str(row["strategy"]))
    return [
        {"cost": x, "gain": y, "label": ", ".join(_named(names))}
        for (x, y), names in places.items()
    ]


# The ways of joining lists: the aim, its name, and its look.
_JOINED = (
    (ESTIMATE, "links without error", PALETTE[0], "circle"),
    (AS_LINKED, "as the best linker joins them", PALETTE[1], "square"),
    (CORRECTED, "corrected by an audit of links", PALETTE[2], "diamond"),
)
JOINED_KEYS = tuple(Key(f"Estimate: {name}", *look) for _, name, *look in _JOINED)


def estimates(answers: Answers) -> tuple[Figure, ...]:
    """Draw each strategy's estimates of the dark figure beside the truth."""
    rows: Rows = []
    for name in answers.plain:
        for aim, joined, *_ in _JOINED:
            value = answers.value(name, aim)
            if value is not None:
                low, high = answers.bounds(name, aim) or (value, value)
                cell = {"strategy": name, "joined": joined}
                rows.append({**cell, "value": value, "low": low, "high": high})
    if not rows:
        return ()
    names = list(dict.fromkeys(str(row["strategy"]) for row in rows))
    perfect = [row for row in rows if row["joined"] == _JOINED[0][1]]
    # With its ends: a very wide interval holds the truth for little.
    covering = [
        f"{row['strategy']} ({row['low']:.2f}{DASH}{row['high']:.2f})"
        for row in perfect
        if row["low"] <= 1 <= row["high"]
    ]
    title = (
        f"Of {len(names)} strategies that can estimate all violence with injury, the interval of "
        f"{listing(covering) or 'none'} holds the truth"
    )
    aims = [aim for aim, *_ in _JOINED]
    cells = [(TableCell(name), *(answers.cell(name, aim) for aim in aims)) for name in names]
    caption = "Estimate of violence with injury, to the truth"
    numbers = table("estimates", caption, ("Strategy", *(aim.heading for aim in aims)), cells)
    note = (
        "The line is the truth; through the points go intervals of 95 %. Chapman\u2019s two lists "
        "are attendances and police records. An audit undoes what linkers miss, not that the two "
        "lists depend on each other."
    )
    return (Figure(title, _draw_estimates(rows, names), numbers, note),)


def _draw_estimates(rows: Rows, order: list[str]) -> Spec:
    title = "Estimate as a multiple of the truth"
    kinds, colours, shapes = ([look[place] for _, *look in _JOINED] for place in range(3))
    tooltips = [alt.Tooltip(f"{end}:Q", format=".2f") for end in ("value", "low", "high")]
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("strategy:N", sort=order, title=None),
        yOffset=alt.YOffset("joined:N", sort=kinds),
        color=alt.Color("joined:N", scale=alt.Scale(domain=kinds, range=colours), legend=None),
        tooltip=["strategy:N", "joined:N", *tooltips],
    )
    scale = alt.Scale(zero=False, padding=16)
    spans = base.mark_rule(strokeWidth=2, aria=False).encode(
        x=alt.X("low:Q", scale=scale, title=title), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(
        x=alt.X("value:Q", title=title, axis=alt.Axis(tickCount=5)),
        shape=alt.Shape("joined:N", scale=alt.Scale(domain=kinds, range=shapes), legend=None),
    )
    unity = alt.Chart(data([{"one": 1}]))
    truth = unity.mark_rule(color=INK, strokeWidth=2, aria=False).encode(x="one:Q")
    about = "Estimate of violence with injury as a multiple of the truth, by sharing strategy"
    return dress(alt.layer(truth, spans, dots), height=52 * len(order) + 10, about=about)
