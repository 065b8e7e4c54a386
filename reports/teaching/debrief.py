"""Slides for the end of a course, made from the figures of its own packs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from statistics import mean, median

import pyarrow as pa
from markupsafe import Markup

from darkfigure.reports.html.formats import NO_BREAK, listing
from darkfigure.reports.html.templating import asset, environment
from darkfigure.reports.teaching.slide_charts import bars, dots, steps
from darkfigure.synth.core.errors import TargetError

METHODS = {"exact": "exact", "stepwise": "stepwise", "splink": "Splink"}
_TEXTS = files("darkfigure.reports") / "teaching" / "debrief.toml"


@dataclass(frozen=True)
class SlideFinding:
    """A slide before its text: the finding, its drawing, and figures that the caption names."""

    name: str
    heading: str
    chart: Markup | None = None
    told: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Slide:
    """A slide: its heading, which is its finding, a drawing, a line beneath, and the notes."""

    heading: str
    chart: Markup | None
    caption: str
    minutes: float
    notes: tuple[str, ...]


@dataclass(frozen=True)
class PackFigures:
    """What the queries of each pack give, by the name of the figure."""

    packs: Sequence[Mapping[str, pa.Table]]

    def each(self, figure: str, method: str, column: str) -> list[float]:
        """Give a column of a method's row, pack by pack."""
        return [
            float(row[column])
            for figures in self.packs
            for row in figures[figure].to_pylist()
            if row["method"] == method
        ]

    def total(self, column: str) -> float:
        """Add a column of Splink's decomposition over all packs."""
        return sum(self.each("decomposed", "splink", column))

    def truths(self) -> list[float]:
        """Give the true share unknown of each pack."""
        return self.each("decomposed", "splink", "truly_unknown")

    def alone(self, figure: str) -> float:
        """Give the median share of patients who are alone with what is shared."""
        return median(
            float(row["alone"]) / float(row["patients"])
            for figures in self.packs
            for row in figures[figure].to_pylist()
        )


def render_debrief(packs: Sequence[Mapping[str, pa.Table]]) -> str:
    """Write the slides.

    Parameters
    ----------
    packs
        What `write_pack` gave of each pack.

    Returns
    -------
    One page of HTML: arrow keys turn it, N shows the notes, and it prints with them.

    Raises
    ------
    TargetError
        The packs are so small that none holds an assault.
    """
    told = PackFigures(packs)
    if not told.truths() or not told.each("accuracy", "splink", "recall"):
        raise TargetError(
            "No pack holds an assault that a department saw, so there is nothing to compare "
            "methods by. Take more people: --persons 6000, say."
        )
    slides = list(make_slides(told))
    return (
        environment()
        .get_template("debrief.html")
        .render(
            heading="Debrief: what the class found",
            slides=slides,
            style=Markup("{}\n{}").format(asset("style.css"), asset("debrief.css")),
            script=asset("debrief.js"),
        )
    )


def make_slides(figures: PackFigures) -> Iterator[Slide]:
    """Give the slides in their order."""
    texts = tomllib.loads(_TEXTS.read_text(encoding="utf-8"))
    for find in (_opening, _spread, _nearest, _errors, _question, _links, _shared, _closing):
        found = find(figures)
        text = texts[found.name]
        caption = text["caption"].format_map(found.told or {})
        yield Slide(found.heading, found.chart, caption, text["minutes"], tuple(text["notes"]))


def _percent(share: float) -> str:
    return f"{100 * share:.0f}{NO_BREAK}%"


def _range(values: Sequence[float]) -> str:
    return f"{_percent(min(values))} to {_percent(max(values))}"


def _opening(figures: PackFigures) -> SlideFinding:
    n = len(figures.packs)
    told = {
        "who": f"{n} packs" if n > 1 else "One pack",
        "assaults": f"{figures.total('assaults'):,.0f}",
    }
    return SlideFinding("opening", "How many assaults do the police not know of?", None, told)


def _spread(figures: PackFigures) -> SlideFinding:
    shown = {name: figures.each("month", method, "unknown") for method, name in METHODS.items()}
    splink = shown["Splink"]
    n = mean(figures.each("decomposed", "splink", "assaults"))
    # Two standard errors of a share.
    error = 2 * (mean(splink) * (1 - mean(splink)) / n) ** 0.5
    heading = f"By Splink, {_range(splink)} are unknown: one town, one method, other people"
    if len(splink) == 1:
        heading = f"By Splink, {_percent(splink[0])} are unknown to the police"
    chart = dots(shown, figures.truths(), label=heading)
    return SlideFinding("spread", heading, chart, {"n": f"{n:.0f}", "error": f"{100 * error:.0f}"})


def _nearest(figures: PackFigures) -> SlideFinding:
    truths = figures.truths()
    shares = {method: figures.each("month", method, "unknown") for method in METHODS}
    recall = {method: mean(figures.each("accuracy", method, "recall")) for method in METHODS}
    best = [
        min(shares, key=lambda method: abs(shares[method][place] - truth))
        for place, truth in enumerate(truths)
    ]
    rows = []
    for method, name in METHODS.items():
        n = best.count(method)
        said = f"nearest in {n} of {len(best)}; finds {_percent(recall[method])} of true pairs"
        rows.append((name, n / len(best), said))
    most = max(best.count(method) for method in METHODS)
    first = [method for method in METHODS if best.count(method) == most]
    sharpest = max(recall, key=lambda name: recall[name])
    heading = f"Nearest to the truth most often: {listing([METHODS[one] for one in first])}"
    if sharpest not in first:
        heading += f"; yet {METHODS[sharpest]} links best"
    return SlideFinding("nearest", heading, bars(rows, label=heading))


def _errors(figures: PackFigures) -> SlideFinding:
    missed, late = figures.total("missed_person"), figures.total("time_window")
    other, wrong = figures.total("other_occurrence"), figures.total("wrong_person")
    rows = [
        ("in truth recorded", figures.total("recorded")),
        ("person missed", -missed),
        ("outside the month", -late),
        ("another event", other),
        ("wrong person", wrong),
        ("found by Splink", figures.total("known")),
    ]
    lost = f"{missed + late:,.0f} are lost"
    signs = "Errors of both signs: " if missed + late and other + wrong else ""
    heading = f"{signs}{lost}, and {other + wrong:,.0f} counted are something else"
    return SlideFinding("errors", heading, steps(rows, label=heading))


def _question(figures: PackFigures) -> SlideFinding:
    rows, moved = [], []
    for method, name in METHODS.items():
        month, days = (
            mean(figures.each(figure, method, "unknown")) for figure in ("month", "two_days")
        )
        rows += [(f"{name}, month", month), (f"{name}, two days", days)]
        moved.append(abs(days - month))
    rows.append(("truth", mean(figures.truths())))
    heading = f"Two days for a month move the answer by {100 * mean(moved):.0f} points"
    drawn = [(name, share, _percent(share)) for name, share in rows]
    return SlideFinding("question", heading, bars(drawn, label=heading))


def _links(figures: PackFigures) -> SlideFinding:
    rows = []
    for method, name in METHODS.items():
        precision, recall = (
            mean(figures.each("accuracy", method, part)) for part in ("precision", "recall")
        )
        said = f"{_percent(recall)} of true pairs; {_percent(precision)} of links right"
        rows.append((name, recall, said))
    heading = (
        f"Methods find {_range([recall for _, recall, _ in rows])} of the true pairs. And you?"
    )
    return SlideFinding("links", heading, bars(rows, label=heading))


def _shared(figures: PackFigures) -> SlideFinding:
    shares = {name: figures.alone(f"alone_{name}") for name in ("reduced", "coarse")}
    rows = [(name, share, f"{_percent(share)} alone") for name, share in shares.items()]
    heading = f"Initials, birth year, sex and area leave {_percent(shares['reduced'])} alone"
    return SlideFinding("shared", heading, bars(rows, label=heading))


def _closing(_: PackFigures) -> SlideFinding:
    return SlideFinding("closing", "What to take home")
