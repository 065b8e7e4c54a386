"""A run of which something failed ends with an error; an interrupted one says what is kept."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import COMMAND, darkfigure

LINKERS = """
import time


class Broken:
    name = "broken"

    def link(self, left, right, *, seed):
        raise KeyError("nothing")


class Slow:
    name = "slow"

    def link(self, left, right, *, seed):
        time.sleep(600)
"""


@pytest.fixture
def suite(tmp_path: Path):
    """Write a suite of own files, of two people, for some linkers of theirs and of ours."""
    head = "record_id,surname,forename,date_of_birth,sex\n"
    for side in "lr":
        rows = [f"{side}{n},Jones,Ann,199{n}-01-02,F\n" for n in (1, 2)]
        (tmp_path / f"{side}.csv").write_text(head + "".join(rows))
    (tmp_path / "t.csv").write_text("left_id,right_id\nl1,r1\nl2,r2\n")
    (tmp_path / "linkers.py").write_text(LINKERS)
    files = ", ".join(f'{name} = "{tmp_path}/{name[0]}.csv"' for name in ("left", "right", "truth"))

    def write(*linkers: str) -> Path:
        named = [f"{tmp_path}/linkers.py:{one}" if one[0].isupper() else one for one in linkers]
        (tmp_path / "s.toml").write_text(
            f'title = "t"\nscenarios = [{{ name = "own", files = {{ {files} }} }}]\n'
            f"linkers = {json.dumps(named)}\n"
        )
        return tmp_path / "s.toml"

    return write


@pytest.mark.needs("landlock")
def test_a_run_whose_only_linker_fails_ends_with_an_error(suite, tmp_path: Path):
    """With exit code 9, and even when it is quiet the reason stands on standard error."""
    done = darkfigure("run", suite("Broken"), "--out", tmp_path / "o", "--quiet")
    assert (9, "") == (done.returncode, done.stdout)
    assert "1 of the run's answers failed" in done.stderr
    assert "Broken (own, clear, left-right, seed 1) crashed: KeyError: 'nothing'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.needs("landlock")
def test_a_run_of_which_some_linkers_fail_keeps_the_others(suite, tmp_path: Path):
    """The results of the others and the report are written all the same, and named."""
    done = darkfigure("run", suite("exact", "Broken"), "--out", tmp_path / "o", "--json")
    assert 9 == done.returncode
    recall = [row["value"] for row in json.loads(done.stdout) if row["metric"] == "recall"]
    assert 1.0 in recall
    assert f"the others are in {tmp_path / 'o'}" in done.stderr
    assert (tmp_path / "o/report.html").exists()


@pytest.mark.parametrize("linkers", [("exact", "Broken"), ("exact",)])
@pytest.mark.needs("landlock")
def test_failures_may_be_allowed(suite, tmp_path: Path, linkers: tuple[str, ...]):
    """Where something else judges them, as the gate does; and without any there is no error."""
    words = ("--allow-failures",) if "Broken" in linkers else ()
    done = darkfigure("run", suite(*linkers), "--out", tmp_path / "o", "--quiet", *words)
    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.needs("landlock")
def test_a_run_that_is_interrupted_says_what_is_kept(suite, tmp_path: Path):
    """Ctrl-C while the second of two linkers is at work, with --quiet; exit code 130."""
    out = tmp_path / "o"
    words = [*COMMAND, "run", str(suite("exact", "Slow")), "--out", str(out), "--quiet"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    while not list(out.glob("unfinished/*exact*.parquet")):
        assert process.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert 130 == process.returncode
    assert f"interrupted. 1 finished cell and the worlds that were made are kept in {out}" in said
    assert "the same command goes on from there" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(("verb", "told"), [("generate", "goes on from the blocks"), ("list", ".")])
def test_every_verb_says_that_it_was_interrupted(verb: str, told: str):
    """Whether it goes on or begins anew; of no verb there is a traceback."""
    stopped = "import darkfigure.reports.cli as cli, sys\n"
    stopped += "def stop(*_, **__): raise KeyboardInterrupt\n"
    place = {"generate": "darkfigure.synth.formats.generate_as"}.get(verb)
    place = place or "darkfigure.reports.cli.library.print_described"
    module, _, name = place.rpartition(".")
    stopped += f"import {module} as place; place.{name} = stop\n"
    words = {"generate": ["merthyr", "--out", "o"], "list": ["suites"]}[verb]
    stopped += f"sys.argv = ['darkfigure', '{verb}', *{words}]; cli.main()"
    done = subprocess.run(
        [sys.executable, "-c", stopped], capture_output=True, text=True, check=False
    )
    assert 130 == done.returncode
    assert "darkfigure: interrupted" in done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
