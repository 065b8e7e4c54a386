"""A contest of linkage methods: its pack, and the standings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from darkfigure.linkage_eval.contest import ContestPlan, make_contest, score_contest
from darkfigure.reports.html.contest import write_standings
from darkfigure.synth.core.frames import to_pandas

if TYPE_CHECKING:
    import pandas as pd


def contest_make(
    out: str | Path,
    scenario: str | Path = "merthyr",
    *,
    left: str = "ed",
    right: str = "police",
    persons: int | None = None,
    seed: int | None = None,
    salt: str | Path | None = None,
    title: str = ContestPlan.title,
    worlds: int = 1,
    workers: int | None = None,
) -> Path:
    """Pack records without their truth for people who may use any tool; the truth apart.

    Parameters
    ----------
    out
        Folder to make: `pack` for entrants, `organiser` for nobody else, `answers` for their files.
    scenario
        Name of the library, or path of a TOML file.
    left, right
        Sources to link; the same on both sides, or "" on the right, links records of one.
    persons
        Size of a sample; without, as the scenario says.
    seed
        Instead of the scenario's.
    salt
        File with the secret that nobody can make the world without; without, one is made.
    title
        Heads pack and leaderboard.
    worlds
        Worlds of as many seeds, one after the other, whose records are handed out together.
    workers
        Processes; without, as many as are of use.

    Returns
    -------
    The folder for entrants.

    Raises
    ------
    UnknownNameError
        There is no such scenario or source.
    SpecError
        The salt or the scenario cannot be read.
    OutputError
        `out` is occupied, or cannot be written.
    """
    secret = None if salt is None else Path(salt)
    plan = ContestPlan(str(scenario), left, right, persons, seed, secret, title, worlds)
    return make_contest(plan, Path(out), workers=workers)


def contest_score(
    contest: str | Path, answers: str | Path | None = None, *, ceiling: bool = False
) -> pd.DataFrame:
    """Check, score and rank the answers of a contest; write the leaderboard beside them.

    Parameters
    ----------
    contest
        Folder that `contest_make` wrote. It gets `leaderboard.html`, `leaderboard.csv` and
        `groups.parquet`.
    answers
        Folder of the answers, a CSV or Parquet file a team; without, the contest's own.
    ceiling
        Say on the page what is attainable; takes some minutes, and the extra `linkers`.

    Returns
    -------
    One row a team, the best first: `rank`, `team`, `file`, F1, precision and recall with 95 %
    intervals, `links`, `tied_with`, `status` ("ok", or why it could not be scored), `note`.

    Raises
    ------
    DatasetError
        The folder holds no contest, or its truth is damaged.
    LinksError
        There are no answers.
    OutputError
        The leaderboard cannot be written.
    """
    given = None if answers is None else Path(answers)
    standings = score_contest(Path(contest), given, ceiling=ceiling)
    write_standings(standings, Path(contest))
    return to_pandas(standings.table())
