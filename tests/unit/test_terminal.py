"""Slips on the command line are answered with what was meant; pipes get plain text."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
from rich.progress import Progress
from rich.table import Table

from darkfigure.linkage_eval.runs.tables import TABLES
from darkfigure.reports.cli import VERBS, load_verb, main
from darkfigure.reports.terminal import lines, screen
from darkfigure.reports.terminal.runs import print_leaderboard


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
def test_help_ends_its_sentences(verb):
    """What each option and argument is for is said to the end."""
    helps = {one.name: getattr(one, "help", None) for one in load_verb(verb).params}
    assert [] == [name for name, text in helps.items() if text and not text.endswith(".")]


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_an_unknown_option_is_refused_by_every_verb(darkfigure, verb):
    """Nothing is done before the whole command line is understood."""
    code, said, complaint = darkfigure(*verb.split(), "--no-such-option")
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
    """No colour, no frame, no more than 100 columns where standard output is no terminal."""
    code, said, complaint = darkfigure("describe", village_path)
    assert (0, "") == (code, complaint)
    assert not {"\x1b", "\N{BOX DRAWINGS LIGHT VERTICAL}"} & set(said)
    assert 100 >= max(map(len, said.splitlines()))


def test_a_table_that_needs_more_columns_is_whole_in_a_pipe(capsys: pytest.CaptureFixture[str]):
    """Its words decide, not the 100 columns of other tables."""
    words = [f"word-{number}-that-is-long" for number in range(12)]
    table = Table(*words)
    table.add_row(*words)
    screen.output().print(table)
    said = capsys.readouterr().out
    assert [2] * 12 == [said.count(word) for word in words]


def test_progress_reaches_a_log_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch):
    """A line each time that so many seconds have gone, and none when asked to be quiet."""
    for pause, quiet in ((0, False), (3_600, False), (0, True)):
        monkeypatch.setattr(screen, "_PAUSE", pause)
        with screen.progress("run", quiet=quiet) as advance:
            advance("linking", 1_000, 2_000)
    assert "run: linking (1,000 of 2,000)\n" == capsys.readouterr().err


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


HOSTILE = "stepwise [/v2] [bold]x[/] :smile: {task} \x1b[31m\x9b1m\u202e"
SHOWN = r"stepwise [/v2] [bold]x[/] :smile: {task} \x1b[31m\x9b1m\u202e"


def test_data_are_never_markup(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Brackets, emoji and escapes stand as they are, or as codes: titles, heads, cells, lines."""
    monkeypatch.setattr(screen, "_WIDTH", 200)
    table = Table(title=HOSTILE)
    table.add_column(HOSTILE)
    table.add_row(HOSTILE)
    table.add_row(screen.styled((HOSTILE, "red")))
    output = screen.output()
    output.print(table)
    output.print(HOSTILE)
    screen.print_described({HOSTILE: HOSTILE})
    lines.say(HOSTILE)
    lines.say(HOSTILE, err=True)
    said = capsys.readouterr()
    assert 8 == said.out.replace("\n", " ").count(SHOWN)
    assert SHOWN == said.err.strip()
    assert not set("\x1b\x9b\u202e") & set(said.out)


def test_json_holds_the_data_and_commands_no_terminal(capsys: pytest.CaptureFixture[str]):
    """What is printed reads back as what was given, with no control character in it."""
    lines.say_json([HOSTILE, "ŵ\udcff"])
    said = capsys.readouterr().out
    assert [HOSTILE, "ŵ\udcff"] == json.loads(said)
    assert not set("\x1b\x9b\u202e\udcff") & set(said)
    assert "ŵ" in said


def test_progress_shows_names_as_they_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """What is being done is data too."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "300")
    with screen.progress("run [/x]") as advance:
        advance(HOSTILE, 1, 2)
    assert f"run [/x]: {SHOWN}" in capsys.readouterr().err


def test_a_run_whose_names_look_like_markup_ends_well(darkfigure, tmp_path: Path):
    """Label, title and folder are shown in full, in the terminal and on the page."""
    head = "record_id,surname,forename,date_of_birth,sex\n"
    for side in "lr":
        (tmp_path / f"{side}.csv").write_text(f"{head}{side}1,Jones,Ann,1990-01-02,F\n")
    (tmp_path / "t.csv").write_text("left_id,right_id\nl1,r1\n")
    files = ", ".join(f'{name} = "{tmp_path}/{name[0]}.csv"' for name in ("left", "right", "truth"))
    (tmp_path / "s.toml").write_text(
        f"""
        title = "The [/title] of </script> it"
        scenarios = [{{ name = "own", files = {{ {files} }} }}]
        linkers = [{{ name = "exact", label = "exact [/v2] :x:" }}]
        """
    )
    out = tmp_path / "p[/b]x"
    code, said, complaint = darkfigure("run", tmp_path / "s.toml", "--out", out)
    assert 0 == code
    for side in "lr":
        assert f"{tmp_path}/{side}.csv: 1 record; read: surname, forename" in complaint
    assert "exact [/v2] :x:" in said
    assert "The [/title] of </script> it" in said
    assert f"Report: {out}/report.html" in said.replace("\n", "")
    page = (out / "report.html").read_text()
    assert "exact [/v2] :x:" in page
    assert "The [/title] of &lt;/script&gt; it" in page


def test_an_error_commands_no_terminal(darkfigure, tmp_path: Path):
    """What was asked for is told with its control characters as codes."""
    code, _, complaint = darkfigure("describe", f"{tmp_path}/\x1b[31m[/b]")
    assert 5 == code
    assert rf"{tmp_path}/\x1b[31m[/b] is" in complaint
    assert "\x1b" not in complaint


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
        measurements=pa.Table.from_pylist(rows, TABLES["measurements"]),
        timings=pa.Table.from_pylist(costs, TABLES["timings"]),
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
