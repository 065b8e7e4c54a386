"""The pytest plugin, used by a test of somebody else's."""

import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
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


def run_pytest(folder, *words):
    """Run pytest as the project's developer would."""
    installed = {point.name for point in importlib.metadata.entry_points(group="pytest11")}
    plugin = () if "darkfigure" in installed else ("-p", "darkfigure.linkage_eval.pytest_plugin")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugin, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_linker_is_held_to_its_baseline(project):
    """Without a baseline the test says how to make one; then it passes; a worse linker fails."""
    missing = run_pytest(project)
    assert 1 == missing.returncode
    assert "run pytest --linkage-baseline" in missing.stdout
    written = run_pytest(project, "--linkage-baseline")
    assert 0 == written.returncode, written.stdout
    assert (project / "baseline.parquet").is_file()
    assert 0 == run_pytest(project).returncode
    worse = LINKER.replace("left.to_pandas()", "left.to_pandas().iloc[:280]")
    (project / "mine.py").write_text(worse)
    failed = run_pytest(project)
    assert 1 == failed.returncode
    assert "Worse than the tolerances allow: mine.py:Mine." in failed.stdout


def test_a_linker_is_given_its_options(project):
    """On birth dates alone it is worse than its baseline, which knows it without options."""
    assert 0 == run_pytest(project, "--linkage-baseline").returncode
    test = TEST.replace('.parquet")', '.parquet", options={"keys": ["date_of_birth"]})')
    (project / "test_mine.py").write_text(test)
    failed = run_pytest(project)
    assert 1 == failed.returncode
    assert "mine.py:Mine | precision" in failed.stdout


def test_a_wrong_argument_fails_the_test_with_its_message(project):
    """An option or a linker that does not exist is told in a sentence, without a traceback."""
    for linker, options, said in (
        ("exact", {"letters": 3}, "linker 'exact': got an unexpected keyword argument 'letters'"),
        ("nope.py:Mine", {}, "there is no file 'nope.py'"),
    ):
        (project / "baseline.parquet").touch()
        test = TEST.replace("mine.py:Mine", linker).replace('et")', f'et", options={options})')
        (project / "test_mine.py").write_text(test)
        failed = run_pytest(project)
        assert 1 == failed.returncode
        assert said in failed.stdout
        assert "Error" not in failed.stdout
