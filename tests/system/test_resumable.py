"""Interrupted work: what is finished stays, what is not is made, and the dataset is the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from darkfigure.scenarios import load_scenario
from darkfigure.synth.agencies.framework.records import Tables
from darkfigure.synth.core.choices import Engine
from darkfigure.synth.core.errors import InterruptionError, OutputError
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import Dataset, verify
from darkfigure.synth.storage.parts import Store
from darkfigure.synth.workers.engine import worker_pool
from darkfigure.synth.workers.resumable import unfinished

PERSONS = 600
# The same scenario in another process, in blocks so small that there are many.
SCRIPT = """
import sys
from darkfigure.synth import pipeline
from darkfigure.scenarios import load_scenario

if __name__ == "__main__":
    pipeline.BLOCK_HOUSEHOLDS = 60
    pipeline.generate(load_scenario("merthyr", persons={persons}), sys.argv[1], workers=2)
"""
SAID = {"scenario": "any"}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The dataset as it is without an interruption."""
    out = tmp_path_factory.mktemp("whole") / "world"
    return generate(load_scenario("merthyr", persons=PERSONS), out)


def blocks(folder: Path) -> dict[str, int]:
    """Give the finished blocks of unfinished work, and when each was."""
    return {file.name: file.stat().st_mtime_ns for file in folder.glob(".*/blocks/*.json")}


def wait_for(folder: Path, n_blocks: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until another process has finished some blocks."""
    while len(blocks(folder)) < n_blocks:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)


def test_a_killed_generation_goes_on(
    whole: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """After kill -9 the next call keeps the finished blocks and makes the same dataset."""
    script = tmp_path / "make.py"
    script.write_text(SCRIPT.format(persons=PERSONS))
    out = tmp_path / "world"
    process = subprocess.Popen([sys.executable, script, out], start_new_session=True)
    wait_for(tmp_path, 2, process)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not out.exists()
    before = blocks(tmp_path)
    written = []
    keep = Store.keep
    monkeypatch.setattr(
        Store,
        "keep",
        lambda store, number, tables: written.append(number) or keep(store, number, tables),
    )
    monkeypatch.setattr("darkfigure.synth.pipeline.BLOCK_HOUSEHOLDS", 60)
    made = generate(load_scenario("merthyr", persons=PERSONS), out)
    assert len(before) >= 2
    assert not {f"{number:05}.json" for number in written} & before.keys()
    assert whole.tables == made.tables
    assert verify(out) == {name: said["hash"] for name, said in whole.tables.items()}
    assert {"make.py", "world"} == {file.name for file in tmp_path.iterdir()}


def test_a_disk_that_fills_up_leaves_what_is_finished(
    whole: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The message says what, where and how to go on; with room again the same call finishes."""
    monkeypatch.setattr("darkfigure.synth.pipeline.BLOCK_HOUSEHOLDS", 60)
    scenario, keep = load_scenario("merthyr", persons=PERSONS), Store.keep

    def fill_up(store: Store, number: int, tables: Tables) -> None:
        if number == 1:
            raise OSError(28, "No space left on device")
        keep(store, number, tables)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "keep", fill_up)
        with pytest.raises(OutputError, match=r"No space left on device.*goes on from there"):
            generate(scenario, tmp_path / "world")
    assert [".world.unfinished"] == [file.name for file in tmp_path.iterdir()]
    made = generate(scenario, tmp_path / "world")
    assert whole.tables == made.tables
    assert ["world"] == [file.name for file in tmp_path.iterdir()]


def end_at_two(world: Store, task: int) -> None:
    """Kill the process that works on block 2, and finish all others."""
    if task == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    world.keep(task, {})


def start_and_be_killed(out: Path) -> None:
    """Make a dataset of which one block is finished when a worker is killed."""
    with unfinished(out, SAID) as store:
        store.keep(1, {})
        with worker_pool(lambda: store, store, Engine.local, 2) as working:
            list(working.each(end_at_two, [2]))


def test_a_killed_worker_is_explained(tmp_path: Path):
    """The error says what happened and that finished blocks are kept."""
    with pytest.raises(InterruptionError, match=r"was killed.*1 finished block"):
        start_and_be_killed(tmp_path / "world")
    assert [".world.unfinished"] == [file.name for file in tmp_path.iterdir()]


def start_and_interrupt(out: Path, said: dict[str, str], found: list[set[int]]) -> None:
    """Note which blocks are finished already, finish one, and be interrupted."""
    with unfinished(out, said) as store:
        found.append(store.finished())
        store.keep(0, {})
        raise KeyboardInterrupt


def test_other_work_begins_anew(tmp_path: Path):
    """What was left by another scenario or program is not gone on with."""
    for said, expected in ((SAID, set()), (SAID, {0}), ({"scenario": "other"}, set())):
        found: list[set[int]] = []
        with pytest.raises(KeyboardInterrupt):
            start_and_interrupt(tmp_path / "world", said, found)
        assert [expected] == found


def test_two_processes_do_not_make_one_dataset(tmp_path: Path):
    """Whoever comes second is told, and the first goes on."""
    out = tmp_path / "world"
    with unfinished(out, SAID) as store:
        with pytest.raises(OutputError, match="is in use"), unfinished(out, SAID):
            pass
        assert store.tables.is_dir()
    assert out.is_dir()
