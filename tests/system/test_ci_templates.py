"""The templates for GitHub and GitLab: their steps run here as a runner would run them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
JOB = yaml.safe_load((ROOT / ".ci/gitlab-gate.yml").read_text())["linkage-gate"]
SUITE = """
title = "A gate on own files"
scenarios = [{ name = "own", files = { left = "l.csv", right = "r.csv", truth = "t.csv" } }]
linkers = [{ name = "LINKER", label = "mine" }]
"""
WORSE = """
class Forgetful:
    name = "forgetful"

    def link(self, left, right, *, seed):
        found = left.to_pandas().merge(right.to_pandas(), on="surname").head(20)
        return {"left_id": found["record_id_x"], "right_id": found["record_id_y"]}
"""
PEOPLE = [f"SMITH{n},ANN,{1950 + n}-01-01" for n in range(40)]
HEAD = "record_id,surname,forename,date_of_birth"


class Ended(NamedTuple):
    """How a job ended: the exit code of the step that failed, or 0, and what was said."""

    code: int
    said: str


Job = Callable[[Path, dict[str, str]], Ended]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a suite on files of its own, and commands that stand for the installed ones.

    What pip is asked to install is written down, and not installed.
    """
    for side in "lr":
        rows = [f"{side}{n},{person}" for n, person in enumerate(PEOPLE)]
        # Every tenth surname is written otherwise on the right.
        rows = [re.sub("SMITH(.)0", r"SMYTH\g<1>0", row) if side == "r" else row for row in rows]
        (tmp_path / f"{side}.csv").write_text("\n".join([HEAD, *rows]))
    pairs = [f"l{n},r{n}" for n in range(len(PEOPLE))]
    (tmp_path / "t.csv").write_text("\n".join(["left_id,right_id", *pairs]))
    (tmp_path / "gate.toml").write_text(SUITE.replace("LINKER", "stepwise"))
    (tmp_path / "worse.py").write_text(WORSE)
    commands = tmp_path / "bin"
    commands.mkdir()
    command(commands / "python", f'printf "%s\\n" "$@" >>{tmp_path}/pip.txt')
    command(commands / "darkfigure", f'exec {sys.executable} -m darkfigure "$@"')
    return tmp_path


def command(file: Path, line: str) -> None:
    """Write a command of one line."""
    file.write_text(f"#!/bin/sh\n{line}\n")
    file.chmod(0o700)


def run_steps(project: Path, steps: Iterator[tuple[str, dict[str, str]]]) -> Ended:
    """Run the steps of a job, each in a shell of its own, until one fails."""
    said = ""
    for script, variables in steps:
        path = f"{project / 'bin'}:{os.environ['PATH']}"
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            capture_output=True,
            check=False,
            cwd=project,
            env={**os.environ, **variables, "PATH": path},
            text=True,
        )
        said += done.stdout + done.stderr
        if done.returncode:
            return Ended(done.returncode, said)
    return Ended(0, said)


def on_github(project: Path, given: dict[str, str]) -> Ended:
    """Run the action with the inputs given, and the others as by default."""
    inputs = {name: str(one.get("default", "")) for name, one in ACTION["inputs"].items()} | given
    context = {f"inputs.{name}": value for name, value in inputs.items()}
    context["github.action_path"] = str(ROOT)

    def filled(text: str) -> str:
        return re.sub(r"\${{ *([\w.-]+) *}}", lambda found: context[found[1]], text)

    summary = {"GITHUB_STEP_SUMMARY": str(project / "step-summary.md")}
    steps = (
        (step["run"], {name: filled(value) for name, value in step.get("env", {}).items()})
        for step in ACTION["runs"]["steps"]
        if "run" in step
    )
    return run_steps(project, ((script, env | summary) for script, env in steps))


def on_gitlab(project: Path, given: dict[str, str]) -> Ended:
    """Run the job with the variables given, and the others as by default."""
    named = {name.upper().replace("-", "_"): value for name, value in given.items()}
    defaults: dict[str, Any] = {"DARKFIGURE": str(ROOT)}
    variables = {name: str(value) for name, value in JOB["variables"].items()} | defaults | named
    # One shell runs the whole script.
    return run_steps(project, iter([("\n".join(JOB["script"]), variables)]))


RUNNERS = pytest.mark.parametrize("job", [on_github, on_gitlab])


@pytest.mark.parametrize("job", [on_github, pytest.param(on_gitlab, marks=pytest.mark.slow)])
def test_a_baseline_is_made_and_then_holds(project: Path, job: Job):
    """First a refresh, then the same linker, then one that finds fewer."""
    made = job(project, {"refresh": "true", "install": "-e ."})
    assert made.code == 0, made.said
    assert (project / "baseline.parquet").exists()
    same = job(project, {})
    assert same.code == 0, same.said
    assert "Linkage passed" in (project / "out/summary.md").read_text()
    (project / "gate.toml").write_text(SUITE.replace("LINKER", "worse.py:Forgetful"))
    worse = job(project, {})
    assert worse.code == 1, worse.said
    assert "Linkage failed" in (project / "out/summary.md").read_text()
    assert "<failure" in (project / "out/junit.xml").read_text()
    if job is on_github:  # which shows on the pull request what is appended to its file
        verdicts = re.findall("## Linkage (\\w+)", (project / "step-summary.md").read_text())
        assert verdicts == ["passed", "failed"]


@RUNNERS
def test_a_suite_that_is_not_there_ends_the_job_with_a_reason(project: Path, job: Job):
    """After pip was asked as the user said; the message of the command is the log's last."""
    ended = job(project, {"install": "-e .", "suite": "none.toml"})
    asked = (project / "pip.txt").read_text().split("\n")
    assert asked[:3] == ["-m", "pip", "install"]
    assert str(ROOT) in asked
    assert ["-e", "."] == asked[-3:-1]
    assert ended.code not in {0, 1}
    assert "none.toml" in ended.said
    assert "Traceback" not in ended.said


def test_what_a_user_gives_is_no_part_of_a_script():
    """An input with a semicolon would else be a command."""
    assert not [step for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")]
