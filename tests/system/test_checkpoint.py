"""An interrupted run goes on with the next cell and measures the same."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from interrupted_suite import digests, suite_in
from source_code import SUPPORT
from tiny_suite import BROKEN, make_tiny
from tiny_world import links

from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.isolation.parent import Job, Outcome, run_isolated
from darkfigure.linkage_eval.links.positions import Sides
from darkfigure.linkage_eval.links.table import look_up
from darkfigure.linkage_eval.rows import CellKey
from darkfigure.linkage_eval.runs import cell
from darkfigure.linkage_eval.runs.checkpoint import Checkpoint
from darkfigure.linkage_eval.runs.run import Run
from darkfigure.linkage_eval.studies.remeasure import remeasure

SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from interrupted_suite import suite_in
from tiny_suite import BROKEN, make_tiny
from darkfigure.linkage_eval.harness import run_suite

if __name__ == "__main__":
    run_suite(suite_in(Path({folder!r})), Path({folder!r}) / "out", make=make_tiny)
"""


def kept(folder: Path) -> set[str]:
    """Give the finished cells that a run left."""
    files = folder.glob("out/unfinished/*.parquet")
    return {file.name for file in files if not file.name.endswith(".candidates.parquet")}


def kill_midway(folder: Path) -> None:
    """Run the suite in another process, and kill it in its fourth cell."""
    script = folder / "run.py"
    script.write_text(SCRIPT.format(tests=str(SUPPORT), folder=str(folder)))
    process = subprocess.Popen([sys.executable, script])
    for n_cells in (2, 3):
        while len(kept(folder)) < n_cells:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
        (folder / "wait").write_text("")  # a cell before the one that waits
    process.send_signal(signal.SIGKILL)
    process.wait()
    (folder / "wait").unlink()


@pytest.fixture
def linked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Note which linker links with which seed from now on."""
    seen: list[tuple[str, int]] = []

    def note(job: Job, *records: object) -> object:
        seen.append((job.linker.rpartition(":")[2], job.seed))
        return run_isolated(job, *records)

    monkeypatch.setattr(cell, "run_isolated", note)
    return seen


@pytest.mark.needs("landlock")
def test_a_killed_run_goes_on(tmp_path: Path, linked: list[tuple[str, int]]):
    """After kill -9 only the fourth cell is linked, and all files but the costs are the same."""
    kill_midway(tmp_path)
    before = {name: pq.read_schema(tmp_path / "out/unfinished" / name) for name in kept(tmp_path)}
    suite = suite_in(tmp_path)
    explained = Checkpoint.of(suite, tmp_path / "out").explain()
    resumed = run_suite(suite, tmp_path / "out", make=make_tiny)
    assert len(before) == 3
    assert [("Waiting", 2)] == linked
    assert "3 finished cells will not be linked again" in explained
    assert not (tmp_path / "out/unfinished").exists()
    undisturbed = run_suite(suite, tmp_path / "other", make=make_tiny)
    assert digests(undisturbed) == digests(resumed)
    costs = ["linker", "seed", "status"]
    assert undisturbed.timings.select(costs).equals(resumed.timings.select(costs))
    first_ok = resumed.timings["status"].index("ok").as_py()  # kept from before the kill
    assert resumed.timings["wall_seconds"][first_ok].as_py() > 0
    assert {one.which.linker for one in resumed.answers() if one.claims.candidates} == {
        "waiting",
        "waiting + greedy",
    }


@contextmanager
def given_up(n_cells: int) -> Iterator[None]:
    """Let a run be interrupted, as by Ctrl-C, after some cells."""
    count = iter(range(n_cells))

    def give_up(job: Job, *records: object) -> object:
        if next(count, None) is None:
            raise KeyboardInterrupt
        return run_isolated(job, *records)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cell, "run_isolated", give_up)
        with pytest.raises(KeyboardInterrupt):
            yield


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of `out`, whose run was interrupted after two cells, and of a copy of it."""
    folder = tmp_path_factory.mktemp("interrupted")
    suite = suite_in(folder)
    with given_up(2):
        run_suite(suite, folder / "out", make=make_tiny)
    assert len(kept(folder)) == 2
    shutil.copytree(folder / "out", folder / "copy")
    return folder


@pytest.fixture
def interrupted(left_behind: Path) -> Path:
    """The same folder as it was left; whatever a test did to it is undone."""
    shutil.rmtree(left_behind / "out", ignore_errors=True)
    shutil.copytree(left_behind / "copy", left_behind / "out")
    suite_in(left_behind)
    return left_behind


@pytest.mark.needs("landlock")
def test_another_suite_begins_anew(interrupted: Path, linked: list[tuple[str, int]]):
    """Nothing of another suite's cells is used, and that is said."""
    suite = suite_in(interrupted, seeds=[1], limits={"seconds": 300})
    assert "begins anew" in Checkpoint.of(suite, interrupted / "out").explain()
    run_suite(suite, interrupted / "out", make=make_tiny)
    assert len(linked) == 2


@pytest.mark.needs("landlock")
def test_another_version_or_linker_begins_anew(interrupted: Path, monkeypatch: pytest.MonkeyPatch):
    """A package of another version, or a changed file of a user's linker, is another run."""
    suite = suite_in(interrupted)
    assert "2 finished cells" in Checkpoint.of(suite, interrupted / "out").explain()
    with monkeypatch.context() as patched:
        patched.setattr(
            "darkfigure.linkage_eval.runs.checkpoint.run_versions", lambda: {"numpy": "0"}
        )
        assert "begins anew" in Checkpoint.of(suite, interrupted / "out").explain()
    (interrupted / "broken.py").write_text(BROKEN.replace("no luck", "bad luck"))
    assert "begins anew" in Checkpoint.of(suite, interrupted / "out").explain()


@pytest.mark.needs("landlock")
def test_other_records_or_a_broken_file_are_linked_again(
    interrupted: Path, linked: list[tuple[str, int]]
):
    """A cell counts only if it was given the same records, and if it can be read."""
    first, second = sorted((interrupted / "out/unfinished").glob("*[0-9].parquet"))
    for file, damage in ((first, b"no Parquet"), (second, file_of_others(second))):
        file.write_bytes(damage)
    run_suite(suite_in(interrupted), interrupted / "out", make=make_tiny)
    assert len(linked) == 4


def file_of_others(file: Path) -> bytes:
    """Give a finished cell as if other records had been linked: one digit of a hash differs."""
    table = pq.read_table(file)
    metadata = table.schema.metadata[b"darkfigure-outcome"].replace(b'"asked": "', b'"asked": "0')
    other = file.with_suffix(".other")
    pq.write_table(table.replace_schema_metadata({b"darkfigure-outcome": metadata}), other)
    read = other.read_bytes()
    other.unlink()
    return read


# Labels that clean to one file name, and which of the tiny world's seven true pairs each finds.
ALIKE = {
    "m 1": ("exact", 4 / 7),
    "m-1": ("stepwise", 7 / 7),
    "m_1": ("nhs-stepwise", 5 / 7),
    "M 1": ("exact", 4 / 7),
    "\u03b1": ("stepwise", 7 / 7),
    "\u03b2": ("nhs-stepwise", 5 / 7),
    "n" * 300: ("exact", 4 / 7),
    "n" * 301: ("stepwise", 7 / 7),
}


def recalls(run: Run) -> dict[str, float]:
    """Give each linker's overall recall."""
    rows = run.measurements.to_pylist()
    kept = [row for row in rows if (row["metric"], row["stratum_kind"]) == ("recall", "all")]
    return {row["linker"]: row["value"] for row in kept}


@pytest.fixture(scope="module")
def alike(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of linkers whose labels clean alike; after two cells it was interrupted."""
    folder = tmp_path_factory.mktemp("alike")
    linkers = [{"name": name, "label": label} for label, (name, _) in ALIKE.items()]
    suite = suite_in(folder, linkers=linkers, decisions=["none"], seeds=[1])
    with given_up(2):
        run_suite(suite, folder / "out", make=make_tiny)
    return run_suite(suite, folder / "out", make=make_tiny)


def test_labels_of_one_file_name_have_results_of_their_own(alike: Run):
    """As many files as linkers, whichever case the disk knows."""
    names = {file.name.lower() for file in alike.path.glob("links/*.parquet")}
    assert len(ALIKE) == len(names)


def test_an_interrupted_run_gives_nobody_the_results_of_another(alike: Run):
    """Neither those kept before nor those made after: each has its right recall."""
    expected = {label: pytest.approx(recall) for label, (_, recall) in ALIKE.items()}
    assert expected == recalls(alike)
    assert expected == recalls(remeasure(alike.path))


WHICH = CellKey("tiny", "clear", "ed-police", "mine", 1)
JOB = Job("exact", {"least": 1}, 1)
LABELLED = pa.table({"left_id": ["a"], "right_id": ["x"], "same": [True]})


@pytest.mark.parametrize(
    "other",
    [
        {"linker": "stepwise"},
        {"options": {"least": 2}},
        {"options": {}},
        {"seed": 2},
        {"within": True},
        {"compared": True},
        {"labelled": LABELLED},
    ],
    ids=str,
)
def test_a_cell_of_another_job_is_not_used(tmp_path: Path, other: dict[str, object]):
    """Nor one of another label, or of other records; the same job gets what was kept."""
    suite = suite_in(tmp_path)
    finished = Checkpoint.of(suite, tmp_path / "out")
    records = pa.table({"record_id": ["a"]}), pa.table({"record_id": ["x"]})
    outcome = Outcome("ok", links=look_up(links(("a", "x")), Sides.of(*records)))
    finished.keep(WHICH, JOB, outcome, *records)
    assert outcome.expect().equals(finished.outcome(WHICH, JOB, *records).expect())
    assert finished.outcome(WHICH, replace(JOB, **other), *records) is None
    assert finished.outcome(WHICH, JOB, *reversed(records)) is None
    file = tmp_path / "out/unfinished" / WHICH.file
    renamed = replace(WHICH, linker="other")
    shutil.copy(file, file.with_name(renamed.file))
    assert finished.outcome(renamed, JOB, *records) is None


@pytest.mark.parametrize(
    "linker",
    [
        "{folder}/waiting.py:Waiting",
        "cmd: sh {folder}/mine.sh {left} {right} {out}",
    ],
)
@pytest.mark.parametrize("changed", ["mine.sh", "beside.py"])
def test_code_that_a_suite_names_is_part_of_the_run(tmp_path: Path, linker: str, changed: str):
    """A script, and the modules beside a class in a file."""
    for name in ("mine.sh", "beside.py"):
        (tmp_path / name).write_text("before")
    suite = suite_in(tmp_path, linkers=[linker.replace("{folder}", str(tmp_path))])
    before = Checkpoint.of(suite, tmp_path / "out").identity
    (tmp_path / changed).write_text("after")
    after = Checkpoint.of(suite, tmp_path / "out").identity
    assert (before != after) == ((".py:" in linker) == (changed == "beside.py"))


@pytest.mark.parametrize("name", ["cmd: awk 'no end", "cmd: " + "x" * 5000, f"cmd: {'y' * 300}"])
def test_a_command_that_names_no_file_stops_nothing(tmp_path: Path, name: str):
    """What is wrong with it, its own cell says."""
    suite = suite_in(tmp_path, linkers=[{"name": name, "label": "odd"}])
    assert "odd" in Checkpoint.of(suite, tmp_path / "out").identity
