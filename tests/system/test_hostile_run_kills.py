"""A run killed at random moments: nothing of it stays but what the same call goes on from."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from interrupted_suite import digests

from darkfigure.linkage_eval.runs.run import read_run

pytestmark = [
    pytest.mark.needs("landlock"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="counts processes in /proc"),
]
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
STOPPED = {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGKILL: -signal.SIGKILL}
SHARED = Path("/dev/shm")  # noqa: S108, where shared memory is
# Holds shared memory and files, has a child that would outlive it, and takes its time.
GREEDY = """
import subprocess, tempfile, time
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

class Greedy:
    name = "greedy"

    def __init__(self, *, mark):
        self.mark = mark

    def link(self, left, right, *, seed):
        held = SharedMemory(f"{self.mark}-{time.monotonic_ns()}", create=True, size=4096)
        child = subprocess.Popen(["sleep", "300"], start_new_session=True)
        Path(tempfile.mkdtemp(), "notes").write_text("x" * 4096)
        time.sleep(0.4)
        pairs = left.to_pandas().merge(right.to_pandas(), on=["surname", "date_of_birth"])
        return {"left_id": pairs["record_id_x"], "right_id": pairs["record_id_y"]}
"""
SUITE = """
name = "killed"
title = "Killed"
scenarios = [{{ name = "merthyr", persons = 120 }}]
tasks = [{{ left = "ed", right = "police" }}]
linkers = ["exact", {{ name = "{folder}/greedy.py:Greedy", label = "greedy", options = {{ mark = "{mark}" }} }}, "stepwise"]
"""  # noqa: E501, a table of TOML stands in one line


@dataclass(frozen=True)
class Place:
    """Where a suite is run: its folder, and what its shared memory is called."""

    folder: Path
    mark: str

    @classmethod
    def at(cls, folder: Path, mark: str) -> Place:
        """Write the suite and its linker; give the linker a folder for temporary files."""
        (folder / "greedy.py").write_text(GREEDY)
        (folder / "suite.toml").write_text(SUITE.format(folder=folder, mark=mark))
        (folder / "temporary").mkdir()
        return cls(folder, mark)

    def start(self, out: str) -> subprocess.Popen[str]:
        """Start the command."""
        words = ["run", str(self.folder / "suite.toml"), "--out", str(self.folder / out), "-q"]
        return subprocess.Popen(
            [sys.executable, "-m", "darkfigure", *words],
            env=os.environ | {"TMPDIR": str(self.folder / "temporary")},
            stderr=subprocess.PIPE,
            text=True,
        )

    def left(self) -> list[str]:
        """Name what has not ended, or was not taken away, though the run has ended."""
        until = time.monotonic() + 20
        while (found := [*self._processes(), *self._files()]) and time.monotonic() < until:
            time.sleep(0.05)
        return found

    def _processes(self) -> list[str]:
        """All that descends from the run has its folder for temporary files, or one within it."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                told = (entry / "environ").read_bytes() if entry.name.isdigit() else b""
            except OSError:
                continue
            if f"TMPDIR={self.folder}/".encode() in told:
                found.append(f"process {entry.name}")
        return found

    def _files(self) -> list[str]:
        lying = [*(self.folder / "temporary").iterdir(), *SHARED.glob(f"{self.mark}*")]
        return [str(file) for file in lying]


@dataclass(frozen=True)
class Whole:
    """A run that nobody disturbed: what it found, its files, and how long it took."""

    digests: dict[str, str]
    files: set[str]
    seconds: float


def files_of(run: Path) -> set[str]:
    """Name all files of a run."""
    return {str(file.relative_to(run)) for file in run.rglob("*") if file.is_file()}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """One folder, so that all runs are of the same suite."""
    folder = tmp_path_factory.mktemp("killed").resolve()
    return Place.at(folder, f"darkfigure-{os.getpid()}")


@pytest.fixture(scope="module")
def whole(place: Place) -> Whole:
    """The run without a kill."""
    start = time.monotonic()
    process = place.start("whole")
    assert "" == process.communicate(timeout=300)[1]
    assert 0 == process.returncode
    seconds = time.monotonic() - start
    assert [] == place.left()
    run = place.folder / "whole"
    assert {"ok"} == set(read_run(run).timings["status"].to_pylist())
    return Whole(digests(read_run(run)), files_of(run), seconds)


def kill(place: Place, whole: Whole, number: signal.Signals, turn: int) -> None:
    """Kill a run somewhere on its way, once it has made its folder; call it again and compare."""
    out = place.folder / f"{number.name}-{turn}"
    dice = random.Random(f"{number} {turn}")  # noqa: S311, no secret
    process, began = place.start(out.name), time.monotonic()
    # Before that Python itself is starting, and answers signals as it does.
    while not out.exists() and process.poll() is None:
        time.sleep(0.01)
    time.sleep(dice.random() * max(0.0, whole.seconds - (time.monotonic() - began)))
    os.kill(process.pid, number)
    said = process.communicate(timeout=120)[1]
    assert "Traceback" not in said
    # It may have been as good as done, or over: then Python ends by the signal itself, which a
    # shell shows as the same number.
    assert process.returncode in {0, STOPPED[number], -number}, said
    assert [] == place.left()
    again = place.start(out.name)
    said = again.communicate(timeout=300)[1]
    assert 0 == again.returncode, said
    assert [] == place.left()
    assert whole.digests == digests(read_run(out))
    assert whole.files == files_of(out)


@pytest.mark.slow
def test_a_killed_run_leaves_nothing_and_goes_on(place: Place, whole: Whole):
    """No process, no file in TMPDIR, no shared memory; the same call finds the same."""
    kill(place, whole, signal.SIGTERM, 0)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(1, 17))
@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_many_more_kills_of_runs(number: signal.Signals, turn: int, place: Place, whole: Whole):
    """Forty-eight."""
    kill(place, whole, number, turn)
