"""Kills at random moments: nothing stays behind that works, and the same call goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import darkfigure

from darkfigure.scenarios import load_scenario
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import verify

CODES = {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGKILL: -signal.SIGKILL}
# One always, all signals and numbers of processes where there is time.
KILLS = [
    pytest.param(number, workers, marks=slow, id=f"{number.name}-{workers}")
    for number, workers, slow in (
        (signal.SIGTERM, 1, ()),
        (signal.SIGINT, 2, pytest.mark.slow),
        (signal.SIGKILL, 2, pytest.mark.slow),
        (signal.SIGTERM, 2, pytest.mark.slow),
        (signal.SIGINT, 1, pytest.mark.slow),
        (signal.SIGKILL, 1, pytest.mark.slow),
    )
]
# The command itself, with blocks so small that there are many.
SCRIPT = """
import sys
import darkfigure.synth.pipeline
from darkfigure.reports.cli import main

if __name__ == "__main__":
    darkfigure.synth.pipeline.BLOCK_HOUSEHOLDS = 40
    main()
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The content hashes of a dataset whose making nobody disturbed."""
    out = tmp_path_factory.mktemp("whole") / "world"
    made = generate(load_scenario("merthyr", persons=300), out)
    return {name: table["hash"] for name, table in made.tables.items()}


def words(folder: Path, workers: int) -> list[object]:
    """Give what is called, with one number of processes or another."""
    asked = ["generate", "merthyr", "--persons", 300, "--workers", workers, "--quiet"]
    return [*asked, "--out", folder / "world"]


def start(folder: Path, workers: int) -> subprocess.Popen[str]:
    """Make the dataset in a session of its own, so that all its processes can be counted."""
    script = folder / "make.py"
    script.write_text(SCRIPT)
    return subprocess.Popen(
        [sys.executable, script, *map(str, words(folder, workers))],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def alive(session: int) -> list[int]:
    """Give the processes of a session that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, UnicodeDecodeError):
            continue
        if len(fields) > 3 and int(fields[3]) == session and fields[0] != "Z":
            found.append(int(entry.name))
    return found


def orphans(session: int, patience_seconds: float = 5.0) -> list[int]:
    """Give what still runs when those that end by themselves have had their time."""
    until = time.monotonic() + patience_seconds
    while alive(session) and time.monotonic() < until:
        time.sleep(0.05)
    return alive(session)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="counts processes in /proc")
@pytest.mark.parametrize(("number", "workers"), KILLS)
def test_a_killed_generation_leaves_nobody_and_goes_on(
    number: signal.Signals,
    workers: int,
    whole: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    """Ctrl-C and SIGTERM say what is kept; after each the same call makes the same dataset."""
    process = start(tmp_path, workers)
    dice = random.Random(f"{number} {workers}")  # noqa: S311, no secret
    while not list(tmp_path.glob(".world.unfinished/blocks/*.json")):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    time.sleep(dice.random() * 0.2)
    os.kill(process.pid, number)
    message = process.communicate(timeout=60)[1]
    assert CODES[number] == process.returncode, message
    assert [] == orphans(process.pid)
    assert "Traceback" not in message
    assert number is signal.SIGKILL or "goes on from there" in message
    monkeypatch.setattr("darkfigure.synth.pipeline.BLOCK_HOUSEHOLDS", 40)  # as the script has it
    again = darkfigure(*words(tmp_path, 1))
    assert (0, "") == (again.returncode, again.stderr)
    assert whole == verify(tmp_path / "world")
    assert {"make.py", "world"} == {file.name for file in tmp_path.iterdir()}
