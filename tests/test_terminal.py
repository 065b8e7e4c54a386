"""Slips on the command line are answered with what was meant; pipes get plain text."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rich.progress import Progress

from linkage_eval.cli import VERBS, main
from linkage_eval.terminal import screen


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
