"""The standings of a contest in the terminal."""

from __future__ import annotations

from rich.table import Table

from darkfigure.linkage_eval.contest import Standing, Standings
from darkfigure.linkage_eval.contest.standings import SHOWN
from darkfigure.linkage_eval.metrics.registry import known_metrics
from darkfigure.reports.terminal.runs import interval
from darkfigure.reports.terminal.screen import output


def print_standings(standings: Standings) -> None:
    """Print a row a team; an answer that could not be scored is a row with its reason."""
    title = f"{standings.recipe.title} (95 % intervals)"
    table = Table(title=title, title_justify="left")
    for name in ("place", "team"):
        table.add_column(name, overflow="fold")
    for metric in SHOWN:
        table.add_column(known_metrics()[metric].label, justify="right")
    table.add_column("note")
    for team in standings.teams:
        table.add_row(*_row(team))
    output().print(table)
    found = [(metric, standings.attained(metric)) for metric in SHOWN]
    said = [f"{known_metrics()[name].label} {interval(vars(one))}" for name, one in found if one]
    if said:
        output().print(f"Attainable with labels, by no team: {', '.join(said)}")


def _row(team: Standing) -> list[str]:
    if team.rank is None:
        said = "; ".join(filter(None, (team.status, team.note)))
        return ["", team.team, *("" for _ in SHOWN), said]
    values = [interval(vars(found), "\n") for metric in SHOWN if (found := team.overall(metric))]
    tied = f"tied with {', '.join(team.tied)}" if team.tied else ""
    return [str(team.rank), team.team, *values, "; ".join(filter(None, (tied, team.note)))]
