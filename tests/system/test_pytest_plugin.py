"""The pytest plugin, used by a test of somebody else's."""

import importlib.metadata
import io
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINKER = """
import pyarrow as pa


class Mine:
    name = "mine"

    def __init__(self, keys=("surname", "date_of_birth")):
        self.keys = list(keys)

    def link(self, left, right, *, seed):
        pairs = left.to_pandas().merge(right.to_pandas(), on=self.keys, suffixes=("_l", "_r"))
        return pa.table(
            {"left_id": pairs["record_id_l"].to_numpy(str),
             "right_id": pairs["record_id_r"].to_numpy(str)}
        )
"""
SUITE = """
title = "Mine"
scenarios = [{ name = "own", files = { left = "l.csv", right = "r.csv", truth = "t.csv" } }]
linkers = ["exact"]
"""
TEST = """
def test_mine(linkage_gate):
    linkage_gate("mine.py:Mine", suite="suite.toml", baseline="baseline.parquet")
"""


@pytest.fixture
def project(tmp_path):
    """A project of one linker, with files of its own to link: 300 people, each in both."""
    names = [f"{number},Name{number},1990-01-{1 + number % 28:02}" for number in range(300)]
    head = "record_id,surname,date_of_birth"
    for side in ("l", "r"):
        text = "\n".join([head, *(side + name for name in names)])
        (tmp_path / f"{side}.csv").write_text(text + "\n")
    pairs = [f"l{number},r{number}" for number in range(300)]
    (tmp_path / "t.csv").write_text("\n".join(["left_id,right_id", *pairs]) + "\n")
    (tmp_path / "mine.py").write_text(LINKER)
    (tmp_path / "suite.toml").write_text(SUITE)
    (tmp_path / "test_mine.py").write_text(TEST)
    return tmp_path


@pytest.fixture
def run_pytest(project, monkeypatch):
    """Run pytest on the project in this process: a new one takes seconds to load engines."""
    monkeypatch.chdir(project)
    installed = {point.name for point in importlib.metadata.entry_points(group="pytest11")}
    plugin = () if "darkfigure" in installed else ("-p", "darkfigure.linkage_eval.pytest_plugin")
    # What the pytest around it has in hand.
    theirs = ("--capture=sys", "-p", "no:faulthandler", "-p", "no:xdist", "-p", "no:benchmark")

    def run(*words):
        said = io.StringIO()
        with redirect_stdout(said), pytest.MonkeyPatch.context() as patched:
            patched.setattr(sys, "path", [*sys.path])
            code = pytest.main(["-q", f"--rootdir={project}", *theirs, *plugin, *words])
        sys.modules.pop("test_mine")  # the next run has another
        return int(code), said.getvalue()

    return run


def run_pytest_alone(folder):
    """Run pytest as the project's developer would."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.needs("landlock")
def test_a_linker_is_held_to_its_baseline(project, run_pytest):
    """Without a baseline the test says how to make one; then it passes; a worse linker fails."""
    code, said = run_pytest()
    assert 1 == code
    assert "run pytest --linkage-baseline" in said
    code, said = run_pytest("--linkage-baseline")
    assert 0 == code, said
    assert (project / "baseline.parquet").is_file()
    alone = run_pytest_alone(project)
    assert 0 == alone.returncode, alone.stdout
    worse = LINKER.replace("left.to_pandas()", "left.to_pandas().iloc[:280]")
    (project / "mine.py").write_text(worse)
    code, said = run_pytest()
    assert 1 == code
    assert "Worse than the tolerances allow: mine.py:Mine." in said


def test_trusted_linkers_are_told_at_the_end(project, run_pytest):
    """In a line of the summary, whether the test passes or not; nothing where all is closed."""
    told = "linkage_gate: in 1 test linkers were trusted, not closed"
    code, said = run_pytest("--linkage-baseline", "--trust-linkers")
    assert (0, True) == (code, told in said)
    (project / "mine.py").write_text(LINKER.replace("left.to_pandas()", "left.to_pandas()[:280]"))
    code, said = run_pytest("--trust-linkers")
    assert (1, True) == (code, told in said)


@pytest.mark.needs("landlock")
@pytest.mark.usefixtures("project")
def test_closed_linkers_are_not_told_as_trusted(run_pytest):
    """So that the line says something."""
    assert "trusted" not in run_pytest("--linkage-baseline")[1]


@pytest.mark.needs("landlock")
def test_a_linker_is_given_its_options(project, run_pytest):
    """On birth dates alone it is worse than its baseline, which knows it without options."""
    assert 0 == run_pytest("--linkage-baseline")[0]
    test = TEST.replace('.parquet")', '.parquet", options={"keys": ["date_of_birth"]})')
    (project / "test_mine.py").write_text(test)
    code, said = run_pytest()
    assert 1 == code
    assert "mine.py:Mine | precision" in said


def test_a_wrong_argument_fails_the_test_with_its_message(project, run_pytest):
    """An option or a linker that does not exist is told in a sentence, without a traceback."""
    for linker, options, said in (
        ("exact", {"letters": 3}, "linker 'exact': got an unexpected keyword argument 'letters'"),
        ("nope.py:Mine", {}, "there is no file 'nope.py'"),
    ):
        (project / "baseline.parquet").touch()
        test = TEST.replace("mine.py:Mine", linker).replace('et")', f'et", options={options})')
        (project / "test_mine.py").write_text(test)
        code, told = run_pytest()
        assert 1 == code
        assert said in told
        assert "Error" not in told
