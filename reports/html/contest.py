"""The leaderboard of a contest: one page of HTML that needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from darkfigure.linkage_eval.contest import Standing, Standings
from darkfigure.linkage_eval.contest.standings import SHOWN
from darkfigure.linkage_eval.rows import ALL, OK, Measurement
from darkfigure.reports.html import labels
from darkfigure.reports.html.comparison import PooledEstimate
from darkfigure.reports.html.formats import capital, count, listing, percent
from darkfigure.reports.html.tables import PageTable, TableCell, share, table
from darkfigure.reports.html.templating import asset, environment
from darkfigure.reports.html.written_page import write_page

PAGE = "leaderboard.html"
_MOST_NAMED = 3  # of tied teams; the table beside the page names all


@dataclass(frozen=True)
class TeamRow:
    """A team on the page: its place, the measures shown, and what is to be said of it."""

    team: Standing
    cells: tuple[TableCell, ...]
    said: str


def write_standings(standings: Standings, folder: Path) -> Path:
    """Write the page of a contest and, beside it, its tables.

    Parameters
    ----------
    standings
        The standings.
    folder
        Of the contest.

    Returns
    -------
    The page.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    standings.write(folder)
    write_page(folder / PAGE, render_standings(standings))
    return folder / PAGE


def render_standings(standings: Standings) -> str:
    """Write the page; the same standings always give the same page."""
    recipe = standings.recipe
    scored = [team for team in standings.teams if team.rank is not None]
    return (
        environment()
        .get_template("contest.html")
        .render(
            heading=headline(scored),
            title=recipe.title,
            question=labels.task("-".join(filter(None, (recipe.left, recipe.right)))),
            standings=standings,
            n_scored=len(scored),
            columns=[labels.heading(metric) for metric in SHOWN],
            rows=[_row(team) for team in standings.teams],
            groups=_groups(standings, scored),
            attained=[(labels.metric(metric), cell) for metric, cell in _attained(standings)],
            worlds=_worlds(standings),
            style=Markup("{}\n{}\n{}").format(
                asset("style.css"), asset("board.css"), asset("contest.css")
            ),
            script=asset("page.js"),
        )
    )


def _attained(standings: Standings) -> list[tuple[str, TableCell]]:
    """Give what is attainable, metric by metric; nothing where nobody asked."""
    found = [(metric, standings.attained(metric)) for metric in SHOWN]
    return [(metric, _share(one)) for metric, one in found if one]


def _worlds(standings: Standings) -> str:
    n = standings.recipe.worlds
    people = count(standings.persons)
    return f"a world of {people} people" if n == 1 else f"{n} worlds of {people} people together"


def headline(scored: Sequence[Standing]) -> str:
    """Say who is first; teams than which no other is certainly better are first together."""
    first = [team for team in scored if team.rank == 1]
    if not first:
        return "No answer could be scored"
    if len(first) > 1:
        return f"{_named([team.team for team in first])} are tied for the highest F1"
    f1 = first[0].overall("f1")
    reached = percent(f1.value if f1 else None)
    if len(scored) == 1:
        return f"{first[0].team} reaches an F1 of {reached}"
    return f"{first[0].team} has the highest F1, {reached}"


def _row(team: Standing) -> TeamRow:
    if team.status != OK:
        return TeamRow(team, (), "; ".join(filter(None, (team.status, team.note))))
    tied = f"tied with {_named(team.tied)}" if team.tied else ""
    said = capital("; ".join(filter(None, (tied, team.note))))
    return TeamRow(team, tuple(_share(team.overall(metric)) for metric in SHOWN), said)


def _named(teams: Sequence[str]) -> str:
    """List teams; of many, the first and how many others."""
    if len(teams) <= _MOST_NAMED:
        return listing(teams)
    return f"{teams[0]} and {len(teams) - 1} others"


def _share(found: Measurement | None) -> TableCell:
    if found is None or found.value is None:
        return share(None)
    return share(PooledEstimate(found.value, found.low, found.high, found.n))


def _groups(standings: Standings, scored: Sequence[Standing]) -> list[PageTable]:
    """Give a table a division of people: recall of each team in each group."""
    kinds = dict.fromkeys(
        one.stratum_kind
        for team in scored
        for one in team.measured
        if one.metric == "recall" and one.stratum_kind != ALL
    )
    return [_by_group(standings, scored, kind) for kind in kinds]


def _by_group(standings: Standings, scored: Sequence[Standing], kind: str) -> PageTable:
    found = {
        (team.team, one.stratum): one
        for team in scored
        for one in team.measured
        if (one.metric, one.stratum_kind) == ("recall", kind)
    }
    # Groups without a true pair have nothing to be found.
    strata = [name for name in dict.fromkeys(name for _, name in found) if _pairs(found, name)]
    heads = [
        f"{capital(labels.stratum(kind, name))} ({count(_pairs(found, name))}"
        f"{_limit(standings, kind, name)})"
        for name in strata
    ]
    rows = [
        (
            TableCell(team.team, team.team),
            *(_share(found.get((team.team, name))) for name in strata),
        )
        for team in scored
    ]
    label = labels.kind(kind)
    return table(f"by-{kind}", f"Recall by {label[:1].lower()}{label[1:]}", ("Team", *heads), rows)


def _limit(standings: Standings, kind: str, stratum: str) -> str:
    """Say what is attainable in a group, if it is known."""
    found = standings.attained("recall", kind, stratum)
    return f"; attainable {percent(found.value)}" if found and found.value is not None else ""


def _pairs(found: dict[tuple[str, str], Measurement], stratum: str) -> int:
    return max(one.n for (_, name), one in found.items() if name == stratum)
