"""Slips on the command line are answered with what was meant; pipes get plain text."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from rich.progress import Progress

from linkage_eval.cli import VERBS, main
from linkage_eval.results import MEASUREMENTS, TIMINGS
from linkage_eval.terminal import screen
from linkage_eval.terminal.runs import print_leaderboard


@pytest.fixture
def darkfigure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run the command in this process; give its exit code and what it said on either side."""

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["darkfigure", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("generat", "merthyr"), "generate"),
        (("scor", "out/merthyr"), "score"),
        (("generate", "merthyr", "--person", 9), "--persons"),
        (("compare", "a.parquet", "b", "--tolerance", "t.toml"), "--tolerances"),
        (("teach", "--attendee", 3, "--out", "x"), "--attendees"),
    ],
)
def test_a_slip_is_answered_with_the_nearest(darkfigure, words, hint):
    """Verbs and options alike, with the exit code of a wrong option."""
    code, said, complaint = darkfigure(*words)
    assert (2, "") == (code, said)
    assert hint in complaint.replace("generat'", "")


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_an_unknown_option_is_refused_by_every_verb(darkfigure, verb):
    """Nothing is done before the whole command line is understood."""
    code, said, complaint = darkfigure(verb, "--no-such-option")
    assert (2, "") == (code, said)
    assert "--no-such-option" in complaint


@pytest.mark.parametrize("verb", ["verify", "describe", "trace", "fidelity", "estimate"])
def test_a_folder_that_is_no_dataset_is_refused(darkfigure, verb, tmp_path: Path):
    """With one message that names it, and the exit code of a bad dataset."""
    code, said, complaint = darkfigure(verb, tmp_path, *(("--person", 1) * (verb == "trace")))
    assert (5, "") == (code, said)
    assert str(tmp_path) in complaint


@pytest.mark.parametrize("verb", ["report", "measure", "explain"])
def test_a_folder_that_is_no_run_is_refused(darkfigure, verb, tmp_path: Path):
    """With one message that names it."""
    code, said, complaint = darkfigure(verb, tmp_path)
    assert (5, "") == (code, said)
    assert str(tmp_path) in complaint


def test_pipes_get_plain_text_that_fits(darkfigure, village_path: Path):
    """No colour and no more than 100 columns where standard output is no terminal."""
    code, said, complaint = darkfigure("describe", village_path)
    assert (0, "") == (code, complaint)
    assert "\x1b" not in said
    assert 100 >= max(map(len, said.splitlines()))


def test_no_word_is_cut_off_in_eighty_columns(
    darkfigure, village_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Long names of sources and groups stand in full in a terminal of the usual width."""
    monkeypatch.setattr(screen, "_WIDTH", 80)
    (tmp_path / "links.csv").write_text("left_id,right_id\n")
    for words in (("describe",), ("score", "--links", tmp_path / "links.csv")):
        code, said, _ = darkfigure(words[0], village_path, *words[1:])
        assert 0 == code
        assert "\N{HORIZONTAL ELLIPSIS}" not in said
        assert 80 >= max(map(len, said.splitlines()))


def test_quiet_says_nothing(darkfigure, village_path: Path, tmp_path: Path):
    """With --quiet a verb that succeeds is silent on both sides."""
    words = ("practise", village_path, "--pairs", 4, "--out", tmp_path / "p.html", "--quiet")
    assert (0, "", "") == darkfigure(*words)


def test_no_time_left_is_shown_where_nobody_can_tell():
    """A step of unknown length shows the time gone; a counted one the time left."""
    clock = iter(range(1_000))
    with Progress(screen.TimeLeft(), disable=True, get_time=lambda: next(clock)) as bar:
        task = bar.add_task("verify", total=None)
        assert bar.columns[0].render(bar.tasks[0]).plain.endswith(" so far")
        for done in range(1, 4):
            bar.update(task, completed=done, total=9)
        assert bar.columns[0].render(bar.tasks[0]).plain.endswith(" left")


def run_of(settings: list[tuple[str, str, int]], linker: str) -> SimpleNamespace:
    """Make what a leaderboard reads of a run: one linker in some settings."""
    which = [
        {"scenario": "w", "strategy": strategy, "task": task, "linker": linker, "seed": seed}
        for strategy, task, seed in settings
    ]
    measured = {"stratum_kind": "all", "stratum": "all", "value": 0.9, "low": 0.85, "high": 0.95}
    rows = [
        {**one, **measured, "metric": metric, "n": 9, "status": "ok"}
        for one in which
        for metric in ("precision", "recall", "f1", "f_star")
    ]
    costs = [{**one, "wall_seconds": 1.0, "status": "ok"} for one in which]
    return SimpleNamespace(
        manifest={"suite": {"title": "Some"}},
        measurements=pa.Table.from_pylist(rows, MEASUREMENTS),
        timings=pa.Table.from_pylist(costs, TIMINGS),
    )


def test_a_leaderboard_of_many_settings_shows_whole_intervals(capsys: pytest.CaptureFixture[str]):
    """Strategies, tasks and seeds are told apart; where there is no room for all, F* goes."""
    whole = [("clear", "ed-police", 1), ("clk-hardened", "ed-police", 1), ("clear", "ed-gp", 2)]
    print_leaderboard(run_of(whole, linker="exact"))
    said = capsys.readouterr().out
    assert "…" not in said
    assert 3 * 3 == said.count("(0.850-0.950)")
    assert all(word in said for word in ("strategy", "clk-hardened", "seed", "F1"))
    assert "F*" not in said
    print_leaderboard(run_of(whole[:1], linker="exact"))
    assert "F*" in capsys.readouterr().out
