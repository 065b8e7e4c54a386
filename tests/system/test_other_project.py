"""Darkfigure in a project of somebody else's, whose modules have the names of our folders.

`DARKFIGURE_INSTALLED` names the Python of another environment that is to be tried instead of this
one; a release tries a wheel with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = os.environ.get("DARKFIGURE_INSTALLED", sys.executable)
# What imports ours by a bare name, as it did once, gets these.
THEIRS = 'OWNER = "theirs"\n'
LINKER = """
import synth
from keys_of_mine import KEYS


class Mine:
    name = "mine"

    def link(self, left, right, *, seed):
        assert synth.OWNER == "theirs"
        pairs = left.to_pandas().merge(right.to_pandas(), on=KEYS, suffixes=("_l", "_r"))
        pairs = pairs.rename(columns={"record_id_l": "left_id", "record_id_r": "right_id"})
        return pairs[["left_id", "right_id"]]
"""
SUITE = """
title = "Mine"
scenarios = [{ name = "own", files = { left = "l.csv", right = "r.csv", truth = "t.csv" } }]
linkers = [{ name = "mine.py:Mine", label = "mine" }]
"""
CONFTEST = """
import pytest
import reports


@pytest.fixture
def owner():
    return reports.OWNER
"""
TEST = """
def test_mine(linkage_gate, owner):
    assert owner == "theirs"
    linkage_gate("mine.py:Mine", suite="suite.toml", baseline="baseline.parquet")
"""
# What imports the face and everything below it, and then their own modules.
SCRIPT = """
import darkfigure as df
import reports
import scenarios
import synth

assert {one.OWNER for one in (reports, scenarios, synth)} == {"theirs"}
run = df.run("suite.toml", "out/face", linkers=["mine.py:Mine"])
print(df.__version__, run.path, run.scores.overall["recall"].item())
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one linker, with 300 people to link, each of them on both sides."""
    people = [f"{number},Name{number},1990-01-{1 + number % 28:02}" for number in range(300)]
    pairs = [f"l{number},r{number}" for number in range(300)]
    files = {
        **dict.fromkeys(("synth.py", "reports.py", "scenarios/__init__.py"), THEIRS),
        **{f"{side}.csv": _csv(side, people) for side in ("l", "r")},
        "t.csv": "\n".join(["left_id,right_id", *pairs]) + "\n",
        "keys_of_mine.py": 'KEYS = ["surname", "date_of_birth"]\n',
        "mine.py": LINKER,
        "suite.toml": SUITE,
        "conftest.py": CONFTEST,
        "test_mine.py": TEST,
        "script.py": SCRIPT,
    }
    (tmp_path / "scenarios").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def _csv(side: str, people: list[str]) -> str:
    rows = ["record_id,surname,date_of_birth", *(side + one for one in people)]
    return "\n".join(rows) + "\n"


def python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a project, with nothing of ours on its path but what is installed."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [PYTHON, *words], cwd=folder, env=told, capture_output=True, text=True, check=False
    )


def test_the_command_is_ours_where_modules_have_the_names_of_our_folders(project: Path):
    """`python -m` looks in the project's folder first, and still finds the library."""
    done = python(project, "-m", "darkfigure", "list", "scenarios")
    assert 0 == done.returncode, done.stderr
    assert "merthyr" in done.stdout


@pytest.mark.needs("landlock")
def test_the_command_runs_a_linker_with_modules_beside_it(project: Path):
    """One of them is called as a folder of ours, and is theirs."""
    done = python(project, "-m", "darkfigure", "run", "suite.toml", "--out", "out")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert "1.000" in done.stdout
    assert (project / "out/report.html").stat().st_size > 0


@pytest.mark.needs("landlock")
def test_a_script_has_both_theirs_and_ours(project: Path):
    """Their modules come by their bare names, ours from the one package."""
    done = python(project, "script.py")
    assert 0 == done.returncode, done.stderr
    assert "out/face 1.0" in done.stdout


@pytest.mark.needs("landlock")
def test_the_pytest_plugin_works_beside_a_conftest_at_the_root(project: Path):
    """A baseline is written, and missed by a linker that finds fewer."""
    written = python(project, "-m", "pytest", "-q", "--linkage-baseline")
    assert 0 == written.returncode, written.stdout
    worse = LINKER.replace("left.to_pandas()", "left.to_pandas().iloc[:280]")
    (project / "mine.py").write_text(worse)
    failed = python(project, "-m", "pytest", "-q")
    assert 1 == failed.returncode
    assert "Worse than the tolerances allow: mine.py:Mine." in failed.stdout
