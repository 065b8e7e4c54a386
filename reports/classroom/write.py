"""The page of a class: one file that needs no network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from darkfigure.linkage_eval.stats.kappa import Kappa
from darkfigure.reports.classroom import tables
from darkfigure.reports.classroom.sitting import Hits, JudgedPair, Sitting
from darkfigure.reports.html import labels
from darkfigure.reports.html.formats import DASH, NO_BREAK, capital, listing
from darkfigure.reports.html.pairs import FieldPair, compare
from darkfigure.reports.html.tables import PageTable
from darkfigure.reports.html.templating import asset, environment
from darkfigure.reports.html.written_page import write_page
from darkfigure.synth.core.fields import FIELDS

MOST_DIVIDED = 12  # pairs shown in full; the table has all. No rate
# By the name that a page gives it: codes of either system that mean the same are no difference.
_FIELDS = {capital(labels.field(name)): name for name in FIELDS}


@dataclass(frozen=True)
class DividedPair:
    """A pair on which the class was divided, ready to be shown."""

    pair: JudgedPair
    said: list[tuple[str, list[str]]]
    fields: list[FieldPair]

    @property
    def summary(self) -> str:
        """Say how many gave each answer: "3 said match, 2 no match"."""
        (first, who), *others = self.said
        rest = "".join(f", {len(names)} {answer}" for answer, names in others)
        return f"{len(who)} said {first}{rest}"


@dataclass(frozen=True)
class FigureTile:
    """A figure at the head of the page, its name, and what is to be said of it."""

    figure: str
    name: str
    aside: str


def write_sitting(sitting: Sitting, out: Path) -> Path:
    """Write the page of a class.

    Parameters
    ----------
    sitting
        The answers of the class.
    out
        The page, in HTML.

    Returns
    -------
    The page.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    write_page(out, render_sitting(sitting))
    return out


def render_sitting(sitting: Sitting) -> str:
    """Write the page; the same answers always give the same page."""
    several = len(sitting.learners) > 1
    divided = sitting.divided()
    return (
        environment()
        .get_template("class.html")
        .render(
            heading=headline(sitting),
            sitting=sitting,
            tiles=_tiles(sitting, len(divided)),
            people=tables.people(sitting),
            n_divided=len(divided),
            divided=[_divided(sitting, number) for number in divided[:MOST_DIVIDED]],
            pairs=tables.pairs(sitting),
            by_learner=tables.by_learner(sitting),
            hard=tables.hard(sitting),
            hardest=_hardest(tables.hard(sitting)),
            agreement=tables.agreement(sitting) if several else None,
            style=Markup("{}\n{}").format(asset("style.css"), asset("class.css")),
            script=asset("page.js"),
        )
    )


def headline(sitting: Sitting) -> str:
    """Say what the class found, and what the best method did on the same pairs."""
    whole = sitting.tally_class()
    n = len(sitting.learners)
    who = f"{n} learners together" if n > 1 else sitting.learners[0].name
    said = f"{who} found {_share(whole.recall)} of the true pairs"
    if not whole.recall.n:
        said = f"{who} were right in {_share(whole.right)}"
    recalls = {method: sitting.tally_method(method).recall for method in sitting.methods}
    known = {method: hits for method, hits in recalls.items() if hits.n}
    if not known:
        return said
    best = max(known.values(), key=lambda hits: hits.hits / hits.n)
    names = [method for method, hits in known.items() if hits == best]
    return f"{said}; {listing(names)} found {_share(best)}"


def _share(hits: Hits) -> str:
    return f"{100 * hits.hits / hits.n:.0f}{NO_BREAK}%" if hits.n else DASH


def _tiles(sitting: Sitting, n_divided: int) -> list[FigureTile]:
    whole = sitting.tally_class()
    found = [
        FigureTile(_share(whole.recall), "recall", _of(whole.recall, "answers to true pairs")),
        FigureTile(_share(whole.precision), "precision", _of(whole.precision, "called a match")),
    ]
    if len(sitting.learners) > 1:
        found.append(_agreed(sitting.agreement()))
        aside = f"of {len(sitting.pairs)}; on the others all who answered said the same"
        found.append(FigureTile(str(n_divided), "pairs divided the class", aside))
    return found


def _of(hits: Hits, what: str) -> str:
    return f"{hits.hits} of {hits.n} {what}"


def _agreed(kappa: Kappa | None) -> FigureTile:
    name = "agreement (Fleiss\u2019 kappa)"
    if kappa is None:
        return FigureTile(DASH, name, "too few answers, or all the same")
    aside = f"95 % interval {kappa.low:.2f} to {kappa.high:.2f}; 0 is chance, 1 is always"
    return FigureTile(f"{kappa.value:.2f}", name, aside)


def _divided(sitting: Sitting, number: int) -> DividedPair:
    pair = sitting.pairs[number]
    fields = [
        FieldPair(name, *compare(_FIELDS.get(name, name), left, right), "", "")
        for name, left, right in pair.fields
    ]
    return DividedPair(pair, tables.shares_of(sitting.said(number)), fields)


def _hardest(found: list[PageTable]) -> str:
    """Name the kind of pair that the class was wrong about most often."""
    kinds = next((one for one in found if one.key == "by-kind"), None)
    if kinds is None:
        return "What the class finds hard"
    # Of one pair alone nobody should conclude anything.
    several = [row for row in kinds.rows if isinstance(row[1].value, int) and row[1].value > 1]
    first = next(iter(several), kinds.rows[0])
    if first[2].value == 1:
        first = kinds.rows[0]
    if first[2].value == 1:
        return "Nothing was hard for the class: all answers are right"
    return f"Hardest for the class: {first[0].text.lower()} ({first[2].text} right)"
