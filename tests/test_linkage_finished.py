"""An interrupted run goes on with the next cell and measures the same."""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from test_linkage_harness import make_tiny

from linkage_eval import harness
from linkage_eval.finished import Finished
from linkage_eval.harness import run_suite
from linkage_eval.isolation import Job, run_isolated
from linkage_eval.results import TABLES, Run
from linkage_eval.suite import Suite
from synth.spec import build

TESTS = Path(__file__).parent
# Links by surname, tells the pairs it compared, and waits while a file says so.
WAITING = """
import time
from pathlib import Path
import numpy as np

class Waiting:
    name = "waiting"

    def __init__(self, *, wait):
        self.file = Path(wait)

    def link(self, left, right, *, seed):
        end = time.monotonic() + 120
        while self.file.exists() and time.monotonic() < end:
            time.sleep(0.05)
        pairs = left.to_pandas().merge(right.to_pandas(), on=["surname", "forename"])
        return {"left_id": pairs["record_id_x"], "right_id": pairs["record_id_y"]}

    def block(self, left, right):
        rows = np.arange(min(len(left), len(right)))
        return rows, rows
"""
BROKEN = """
class Broken:
    name = "broken"
    def link(self, left, right, *, seed):
        raise RuntimeError("no luck")
"""
SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_linkage_finished import suite_in
from test_linkage_harness import make_tiny
from linkage_eval.harness import run_suite

if __name__ == "__main__":
    run_suite(suite_in(Path({folder!r})), Path({folder!r}) / "out", make=make_tiny)
"""


def suite_in(folder: Path, **changes: object) -> Suite:
    """Make a suite of three linkers, one of which fails, on two worlds: six cells."""
    (folder / "waiting.py").write_text(WAITING)
    (folder / "broken.py").write_text(BROKEN)
    waiting = {"name": f"{folder / 'waiting.py'}:Waiting", "label": "waiting"}
    said = {
        "name": "tiny",
        "title": "Six people",
        "scenarios": [{"name": "tiny"}],
        "seeds": [1, 2],
        "tasks": [{"left": "ed", "right": "police"}],
        "linkers": [
            "exact",
            {"name": f"{folder / 'broken.py'}:Broken", "label": "broken"},
            waiting | {"options": {"wait": str(folder / "wait")}},
        ],
        "decisions": ["none", "greedy"],
    }
    return build(Suite, said | changes, "suite 'tiny'")


def kept(folder: Path) -> set[str]:
    """Give the finished cells that a run left."""
    files = folder.glob("out/unfinished/*.parquet")
    return {file.name for file in files if not file.name.endswith(".candidates.parquet")}


def kill_midway(folder: Path) -> None:
    """Run the suite in another process, and kill it in its sixth cell."""
    script = folder / "run.py"
    script.write_text(SCRIPT.format(tests=str(TESTS), folder=str(folder)))
    process = subprocess.Popen([sys.executable, script])
    for n_cells in (3, 5):
        while len(kept(folder)) < n_cells:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
        (folder / "wait").write_text("")  # two cells before the one that waits
    process.send_signal(signal.SIGKILL)
    process.wait()
    (folder / "wait").unlink()


def digests(run: Run) -> dict[str, str]:
    """Hash every file of a run but those of its costs and its worlds."""
    files = [run.path / f"{name}.parquet" for name in TABLES if name != "timings"]
    files += [run.path / "manifest.json", *run.path.glob("links/*"), *run.path.glob("candidates/*")]
    return {
        str(file.relative_to(run.path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(files)
    }


@pytest.fixture
def linked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Note which linker links with which seed from now on."""
    seen: list[tuple[str, int]] = []

    def note(job: Job, *records: object) -> object:
        seen.append((job.linker.rpartition(":")[2], job.seed))
        return run_isolated(job, *records)

    monkeypatch.setattr(harness, "run_isolated", note)
    return seen


def test_a_killed_run_goes_on(tmp_path: Path, linked: list[tuple[str, int]]):
    """After kill -9 only the sixth cell is linked, and all files but the costs are the same."""
    kill_midway(tmp_path)
    before = {name: pq.read_schema(tmp_path / "out/unfinished" / name) for name in kept(tmp_path)}
    suite = suite_in(tmp_path)
    explained = Finished.of(suite, tmp_path / "out").explain()
    resumed = run_suite(suite, tmp_path / "out", make=make_tiny)
    assert len(before) == 5
    assert [("Waiting", 2)] == linked
    assert "5 finished cells will not be linked again" in explained
    assert not (tmp_path / "out/unfinished").exists()
    undisturbed = run_suite(suite, tmp_path / "other", make=make_tiny)
    assert digests(undisturbed) == digests(resumed)
    costs = ["linker", "seed", "status"]
    assert undisturbed.timings.select(costs).equals(resumed.timings.select(costs))
    assert resumed.timings["wall_seconds"][0].as_py() > 0
    assert {one.which.linker for one in resumed.answers() if one.said.candidates} == {
        "waiting",
        "waiting + greedy",
    }


@pytest.fixture
def interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose run was interrupted after two cells."""
    count = iter(range(2))

    def give_up(job: Job, *records: object) -> object:
        if next(count, None) is None:
            raise KeyboardInterrupt
        return run_isolated(job, *records)

    suite = suite_in(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(harness, "run_isolated", give_up)
        with pytest.raises(KeyboardInterrupt):
            run_suite(suite, tmp_path / "out", make=make_tiny)
    assert len(kept(tmp_path)) == 2
    return tmp_path


def test_another_suite_begins_anew(interrupted: Path, linked: list[tuple[str, int]]):
    """Nothing of another suite's cells is used, and that is said."""
    suite = suite_in(interrupted, seeds=[1], limits={"seconds": 300})
    assert "begins anew" in Finished.of(suite, interrupted / "out").explain()
    run_suite(suite, interrupted / "out", make=make_tiny)
    assert len(linked) == 3


def test_another_version_or_linker_begins_anew(interrupted: Path, monkeypatch: pytest.MonkeyPatch):
    """A package of another version, or a changed file of a user's linker, is another run."""
    suite = suite_in(interrupted)
    assert "2 finished cells" in Finished.of(suite, interrupted / "out").explain()
    with monkeypatch.context() as patched:
        patched.setattr("linkage_eval.finished.run_versions", lambda: {"numpy": "0"})
        assert "begins anew" in Finished.of(suite, interrupted / "out").explain()
    (interrupted / "broken.py").write_text(BROKEN.replace("no luck", "bad luck"))
    assert "begins anew" in Finished.of(suite, interrupted / "out").explain()


def test_other_records_or_a_broken_file_are_linked_again(
    interrupted: Path, linked: list[tuple[str, int]]
):
    """A cell counts only if it was given the same records, and if it can be read."""
    first, second = sorted((interrupted / "out/unfinished").glob("*[0-9].parquet"))
    for file, damage in ((first, b"no Parquet"), (second, file_of_others(second))):
        file.write_bytes(damage)
    run_suite(suite_in(interrupted), interrupted / "out", make=make_tiny)
    assert len(linked) == 6


def file_of_others(file: Path) -> bytes:
    """Give a finished cell as if other records had been linked: one digit of a hash differs."""
    table = pq.read_table(file)
    metadata = table.schema.metadata[b"darkfigure-outcome"].replace(b'"given": ["', b'"given": ["0')
    other = file.with_suffix(".other")
    pq.write_table(table.replace_schema_metadata({b"darkfigure-outcome": metadata}), other)
    read = other.read_bytes()
    other.unlink()
    return read
