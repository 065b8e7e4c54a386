"""The standings of a contest: every answer checked, measured and ranked, ties told.

A place is one more than the number of teams that are certainly better, by a comparison on the same
people (`evaluation.paired`). An answer that cannot be scored has no place, and a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from darkfigure.linkage_eval.attainable.ceiling import take_accuracy
from darkfigure.linkage_eval.contest.answers import HandedIn, find_answers, read_answer
from darkfigure.linkage_eval.contest.given_ids import GivenIds, read_ids
from darkfigure.linkage_eval.contest.pack import ANSWERS, IDS, ORGANISER, Recipe
from darkfigure.linkage_eval.contest.worlds import ContestWorlds
from darkfigure.linkage_eval.evaluation.evaluate import Evaluation
from darkfigure.linkage_eval.evaluation.metrics.accuracy import count_pairs
from darkfigure.linkage_eval.evaluation.paired import (
    DIFFERENCES,
    LinkerCounts,
    compare_contenders,
)
from darkfigure.linkage_eval.links.truth import ScoredLinks
from darkfigure.linkage_eval.rows import ALL, OK, Measured, Measurement, table_of
from darkfigure.linkage_eval.runs.stored_links import write_file
from darkfigure.synth.core.arrays import Ints
from darkfigure.synth.core.errors import DarkfigureError
from darkfigure.synth.core.printable import printable

RANKED_BY = "f_star"  # F1 puts teams into the same order
SHOWN = ("f1", "precision", "recall")
_LONGEST_REASON = 300
_PARTS = {"": "value", "_low": "low", "_high": "high"}


@dataclass(frozen=True)
class Standing:
    """One team's answer, and what came of it.

    Parameters
    ----------
    team, file
        Name of the team, and of the file that counts.
    note
        Earlier answers that it replaces, and links that did not count; "" if there are none.
    status
        "ok", or the reason why it could not be scored.
    links
        Links that count.
    measured
        By stratum and metric.
    rank
        Its place; None where it could not be scored.
    tied
        Teams from which it cannot be told apart.
    """

    team: str
    file: str
    note: str = ""
    status: str = OK
    links: int = 0
    measured: tuple[Measurement, ...] = ()
    rank: int | None = None
    tied: tuple[str, ...] = ()

    def overall(self, metric: str) -> Measurement | None:
        """Give a metric over everybody; None where it was not measured."""
        return next(
            (one for one in self.measured if (one.metric, one.stratum_kind) == (metric, ALL)), None
        )


@dataclass(frozen=True)
class Standings:
    """The standings of a contest.

    Parameters
    ----------
    recipe
        What the contest is about.
    teams
        The best first, those without a place last.
    differences
        Every two teams compared (schema `paired.DIFFERENCES`).
    persons, true_pairs
        Size of the worlds together, and what there was to find.
    ceiling
        By stratum: precision, recall and F1 of a rule with labels, which is no team; empty unless
        asked for.
    """

    recipe: Recipe
    teams: tuple[Standing, ...]
    differences: pa.Table = field(default_factory=DIFFERENCES.empty_table)
    persons: int = 0
    true_pairs: int = 0
    ceiling: tuple[Measurement, ...] = ()

    def attained(self, metric: str, kind: str = ALL, stratum: str = ALL) -> Measurement | None:
        """Give what is attainable; None where that is not known."""
        asked = (metric, kind, stratum)
        return next(
            (one for one in self.ceiling if (one.metric, one.stratum_kind, one.stratum) == asked),
            None,
        )

    def table(self) -> pa.Table:
        """Give a row a team: place, F1, precision and recall with intervals, ties, reason."""
        return pa.Table.from_pylist([_row(team) for team in self.teams], _schema())

    def groups(self) -> pa.Table:
        """Give a row a team, stratum and metric (`rows.Measured` after `team`)."""
        parts = [
            table_of(Measured, team.measured).add_column(
                0, "team", pa.array([team.team] * len(team.measured), pa.string())
            )
            for team in self.teams
        ]
        return pa.concat_tables(parts)

    def write(self, folder: Path) -> None:
        """Write both tables, as `leaderboard.csv` and `groups.parquet`."""
        write_file(folder / "leaderboard.csv", partial(csv.write_csv, self.table()))
        write_file(folder / "groups.parquet", partial(pq.write_table, self.groups()))


def score_contest(
    contest: Path,
    answers: Path | None = None,
    *,
    ceiling: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> Standings:
    """Check, measure and rank the answers of a contest.

    Parameters
    ----------
    contest
        Folder that `make_contest` wrote.
    answers
        Folder of the answers; without, the contest's own.
    ceiling
        Whether to find out what is attainable, which takes some minutes.
    progress
        Called with a text, the number of answers done, and their total.

    Raises
    ------
    DatasetError
        The folder holds no contest, its truth is damaged, or there are too few people for a
        ceiling.
    LinksError
        There are no answers.
    MissingExtraError
        A ceiling needs scikit-learn, which is not installed.
    """
    recipe = Recipe.read(contest)
    handed_in = find_answers(answers or contest / ANSWERS)
    sides = recipe.left, recipe.right
    worlds = ContestWorlds.open(contest / ORGANISER, recipe.worlds, *sides)
    judging = _Judging(worlds.evaluation, read_ids(contest / ORGANISER / IDS, within=recipe.within))
    true_pairs = len(judging.evaluation.truth.pairs_left)
    teams, counts = [], {}
    for done, answer in enumerate(handed_in):
        if progress:
            progress(f"score {answer.team}", done, len(handed_in))
        team, counted = judging.judge(answer)
        teams.append(team)
        if counted is not None:
            counts[team.team] = counted
    differences = _compare(counts)
    ranked = sorted((_placed(team, differences) for team in teams), key=_order)
    attained = take_accuracy(worlds.attain()) if ceiling else []
    people = worlds.persons
    return Standings(recipe, tuple(ranked), differences, people, true_pairs, tuple(attained))


@dataclass(frozen=True)
class _Judging:
    evaluation: Evaluation
    ids: GivenIds

    def judge(self, answer: HandedIn) -> tuple[Standing, Ints | None]:
        """Score an answer; give its counts by person too, if it can be scored."""
        told = Standing(answer.team, printable(answer.file.name, line=True), answer.note)
        try:
            judged = self._read(answer)
            measured = tuple(self.evaluation.measure(judged))
        except DarkfigureError:
            raise
        except ValueError as error:
            return _refused(told, str(error)), None
        except Exception as error:  # noqa: BLE001, no answer may end the scoring of the others
            return _refused(told, f"cannot be read: {type(error).__name__}: {error}"), None
        note = "; ".join(filter(None, (told.note, judged.left_out)))
        scored = replace(told, note=note, links=len(judged.left), measured=measured)
        return scored, count_pairs(judged)

    def _read(self, answer: HandedIn) -> ScoredLinks:
        """Set an answer against the truth; ValueError if it is none."""
        links = read_answer(answer.file, self.ids, within=self.evaluation.truth.within)
        judged = self.evaluation.judge_table(links)
        if not len(judged.left):
            raise ValueError("holds no links but of records to themselves")
        return judged


def _refused(told: Standing, reason: str) -> Standing:
    return replace(told, status=printable(reason, _LONGEST_REASON, line=True))


def _compare(counts: Mapping[str, Ints]) -> pa.Table:
    if len(counts) < 2:
        return DIFFERENCES.empty_table()
    contenders = [LinkerCounts(team, counted) for team, counted in counts.items()]
    return compare_contenders(contenders, metric=RANKED_BY).differences


def _placed(team: Standing, differences: pa.Table) -> Standing:
    """Give a team its place, and the teams with which it is tied."""
    if team.status != OK:
        return team
    better, tied = 0, []
    for row in differences.to_pylist():
        if team.team in (row["first"], row["second"]):
            other = "second" if row["first"] == team.team else "first"
            better += row["verdict"] == other
            tied += [row[other]] if row["verdict"] == "tie" else []
    return replace(team, rank=1 + better, tied=tuple(tied))


def _order(team: Standing) -> tuple[bool, float, str]:
    f1 = team.overall("f1")
    return team.rank is None, -(f1.value or 0.0) if f1 else 0.0, team.team


def _row(team: Standing) -> dict[str, Any]:
    row: dict[str, Any] = {
        "rank": team.rank,
        "team": team.team,
        "file": team.file,
        "links": team.links,
        "tied_with": "; ".join(team.tied),
        "status": team.status,
        "note": team.note,
    }
    for metric in SHOWN:
        found = team.overall(metric)
        for ending, part in _PARTS.items():
            row[f"{metric}{ending}"] = getattr(found, part) if found else None
    return row


def _schema() -> pa.Schema:
    numbers = [(f"{metric}{ending}", pa.float64()) for metric in SHOWN for ending in _PARTS]
    texts = [(name, pa.string()) for name in ("tied_with", "status", "note")]
    head = [("rank", pa.int64()), ("team", pa.string()), ("file", pa.string())]
    return pa.schema([*head, *numbers, ("links", pa.int64()), *texts])
