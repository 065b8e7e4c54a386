"""Verbs of a contest: contest make, contest score."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from darkfigure.reports.cli.options import AsJson, Out, Quiet, SaltFile, Workers
from darkfigure.reports.cli.stopping import stoppable
from darkfigure.reports.terminal.lines import say, say_json
from darkfigure.reports.terminal.screen import progress


def make(
    scenario: Annotated[
        str, typer.Argument(help="Library name, or path of a TOML file.")
    ] = "merthyr",
    *,
    out: Out,
    left: Annotated[str, typer.Option(help="Source.")] = "ed",
    right: Annotated[str, typer.Option(help="Source; 'police' is all forces.")] = "police",
    persons: Annotated[int | None, typer.Option(min=1, help="Size of a sample.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Instead of the scenario's.")] = None,
    worlds: Annotated[
        int, typer.Option(min=1, help="Worlds of as many seeds, handed out together.")
    ] = 1,
    salt: SaltFile = None,
    title: Annotated[
        str | None, typer.Option(help="Heads pack and leaderboard; default: a plain one.")
    ] = None,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Pack records without their truth for people who may use any tool; the truth apart.

    Without --salt a secret is made and kept in the organiser's half: nobody makes this world again.
    """
    from darkfigure.linkage_eval.contest import ContestPlan, make_contest

    heading = ContestPlan.title if title is None else title
    plan = ContestPlan(scenario, left, right, persons, seed, salt, heading, worlds)
    with stoppable(), progress(f"contest in {scenario}", quiet=quiet) as advance:
        pack = make_contest(plan, out, workers=workers, progress=advance)
    if not quiet:
        say(f"Hand out {pack}; keep {out / 'organiser'} to yourself; answers: {out / 'answers'}")


def score(
    contest: Annotated[Path, typer.Argument(metavar="CONTEST", help="Folder of `contest make`.")],
    answers: Annotated[
        Path | None, typer.Option(help="Folder with a file a team; default: CONTEST/answers.")
    ] = None,
    *,
    ceiling: Annotated[
        bool, typer.Option("--ceiling", help="Say what is attainable; takes some minutes.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Check, score and rank the answers of a contest, and write its leaderboard.

    An answer that is empty or malformed is a row with the reason; a team's last file counts.
    """
    from darkfigure.linkage_eval.contest import score_contest
    from darkfigure.reports.html.contest import write_standings
    from darkfigure.reports.terminal.contest import print_standings

    with progress(f"score {contest}", quiet=quiet) as advance:
        standings = score_contest(contest, answers, ceiling=ceiling, progress=advance)
        page = write_standings(standings, contest)
    if as_json:
        say_json(standings.table().to_pylist())
    elif not quiet:
        print_standings(standings)
        say(f"Leaderboard: {page}")
