"""Whatever a linker does, it learns nothing, fells nothing, and ends as a row with a reason."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hostile_linkers import GOT, SIDE_DOORS, cases
from linkers_at_work import working_in
from tiny_suite import make_tiny, tiny_suite
from tiny_world import records, write_world
from turns import some_always

from darkfigure import linkage_eval
from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.isolation import parent
from darkfigure.linkage_eval.isolation.parent import Job, Limits, Outcome, run_isolated
from darkfigure.reports.html.report import write_report

SURNAMES = [f"JONES{number}" for number in range(8)]
LEFT = records(*({"record_id": f"E{n}-V1", "surname": name} for n, name in enumerate(SURNAMES)))
RIGHT = records(*({"record_id": f"N{n}", "surname": name} for n, name in enumerate(SURNAMES)))
OURS = Path(__file__).parents[2]
LIMITS = Limits(seconds=4.0, memory_mb=512)
# What a busy machine gets where time is not the point.
PATIENT = Limits(seconds=60.0, memory_mb=512)
NAMES = [name for name, _, _ in cases({})]
TRIED: list[str] = []
SEEN: dict[str, str] = {}


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, object]]:
    """What linkers would like to have, and where they may knock."""
    folder = tmp_path_factory.mktemp("hostile")
    dataset = write_world(folder / "world", seed=41)
    run, home, mine = folder / "run", folder / "home", folder / "mine"
    for file in ("links/other.parquet", "unfinished/cell.parquet", "examples.parquet"):
        (run / file).parent.mkdir(parents=True, exist_ok=True)
        (run / file).write_text("other linkers' answers")
    for file in (home / ".netrc", mine / "links.csv", mine / "earlier/truth"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("secret")
    abstract = f"\0darkfigure-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as near:
        near.bind(abstract)
        near.listen()
        yield {
            "TRUTH": str(dataset.path / "truth/persons.parquet"),
            "DATASET": str(dataset.path),
            "RUN": str(run),
            "HOME": str(home),
            "OURS": str(OURS),
            "JUDGE": os.getpid(),
            "PORT": server.getsockname()[1],
            "ABSTRACT": abstract,
            "SURNAMES": SURNAMES,
        }


@pytest.fixture(scope="module")
def sources(places: dict[str, object]) -> dict[str, tuple[str, str]]:
    """Source and status of each case."""
    return {name: (source, status) for name, source, status in cases(places)}


def digest(folder: Path) -> str:
    """Hash all that a folder holds, with modes, owners and times."""
    found = hashlib.sha256()
    for file in sorted([folder, *folder.rglob("*")]):
        told = file.lstat()
        found.update(f"{file} {told.st_mode} {told.st_uid} {told.st_mtime_ns}".encode())
        found.update(file.read_bytes() if file.is_file() else b"")
    return found.hexdigest()


def run(source: str, places: dict[str, object], limits: Limits, **job: object) -> Outcome:
    """Run a linker of a source; it lies beside what it should not read."""
    file = Path(str(places["HOME"])).parent / "mine" / "mine.py"
    file.write_text(source, encoding="utf-8")
    closed = (Path(str(places["DATASET"])), Path(str(places["RUN"])))
    told = Job(f"{file}:Mine", seed=41, limits=limits, closed=closed, **job)
    return run_isolated(told, LEFT, RIGHT)


@pytest.mark.parametrize("name", some_always(NAMES, one_in=6))
def test_hostile_linkers_end_as_rows(
    name: str,
    places: dict[str, object],
    sources: dict[str, tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
):
    """Each comes to its status; nothing is learnt, nothing changes, nobody stays."""
    TRIED.append(name)
    monkeypatch.setattr(parent, "reference_seconds", lambda: 0.1)
    monkeypatch.setenv("SOME_TOKEN", "secret")
    monkeypatch.setattr("tempfile.tempdir", str(Path(str(places["HOME"])).parent))
    source, status = sources[name]
    kept = [Path(str(places[one])) for one in ("DATASET", "RUN", "HOME")]
    before = [digest(folder) for folder in kept]
    waits = "timed out" in status or name.endswith(("bomb", "many processes"))
    outcome = run(source, places, LIMITS if waits else PATIENT, compared=name.startswith("block"))
    SEEN[name] = outcome.status
    assert GOT not in outcome.status
    assert re.fullmatch(status, outcome.status), outcome.status
    assert len(outcome.status) <= 300
    assert outcome.status.isprintable()
    assert (outcome.status == "ok") == (outcome.links is not None)
    assert before == [digest(folder) for folder in kept]
    assert [] == working_in(kept[0].parent)
    assert not list(Path("/dev/shm").glob("hostile*"))  # noqa: S108, where shared memory lies
    assert not list(OURS.glob("linkage_eval/hostile*"))


def test_nothing_was_lost() -> None:
    """As many as were tried came to an end with a reason; the figures are printed."""
    assert len(NAMES) >= 120
    shut = [doors for name, doors in SIDE_DOORS.items() if SEEN.get(f"side doors: {name}") == "ok"]
    print(  # noqa: T201, the figures are the point
        f"\nhostile linkers: {len(TRIED)} of {len(NAMES)} tried; side doors shut "
        f"{sum(map(len, shut))} of {sum(map(len, SIDE_DOORS.values()))}; ended with a reason "
        f"{sum(status != 'ok' for status in SEEN.values())}, as if honest "
        f"{sum(status == 'ok' for status in SEEN.values())}; runs lost {len(TRIED) - len(SEEN)}"
    )


def test_the_clock_is_ours(places: dict[str, object]) -> None:
    """Whoever turns its own clock back has worked as long as it has, and held what it held."""
    source = (
        "import time, numpy as np\n"
        "class Mine:\n"
        "    name = 'mine'\n"
        "    def link(self, left, right, *, seed):\n"
        "        end, clock = time.process_time() + 0.5, time.process_time\n"
        "        held = np.ones(25_000_000)\n"
        "        while clock() < end: pass\n"
        "        time.sleep(0.5)\n"
        "        time.perf_counter = time.process_time = time.monotonic = lambda: 0.0\n"
        "        return {'left_id': [], 'right_id': []}\n"
    )
    outcome = run(source, places, PATIENT)
    assert outcome.wall_seconds is not None
    assert outcome.cpu_seconds is not None
    assert outcome.peak_mb is not None
    assert outcome.wall_seconds >= 1.0
    assert 0.5 <= outcome.cpu_seconds <= outcome.wall_seconds * (os.cpu_count() or 1) + 0.1
    assert outcome.peak_mb >= 200


def test_time_of_children_counts(places: dict[str, object]) -> None:
    """Also of those that nobody waited for, that ended before, and that left their session."""
    burn = "import time\\nwhile time.process_time() < 0.4: pass\\ntime.sleep(0.3)"
    source = (
        "import os, signal, subprocess, sys, time\n"
        "class Mine:\n"
        "    name = 'mine'\n"
        "    def link(self, left, right, *, seed):\n"
        "        signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        f"        words = [sys.executable, '-I', '-S', '-c', \"{burn}\"]\n"
        "        subprocess.Popen(words, start_new_session=True)\n"
        "        time.sleep(3)\n"
        "        return {'left_id': [], 'right_id': []}\n"
    )
    outcome = run(source, places, PATIENT)
    assert outcome.cpu_seconds is not None
    assert outcome.cpu_seconds >= 0.4


@pytest.mark.slow
def test_a_suite_of_hostile_linkers_is_a_table(
    tmp_path: Path, places: dict[str, object], sources: dict[str, tuple[str, str]]
) -> None:
    """A whole run: each hostile linker a row with its reason, the honest ones as without them."""
    chosen = [
        "side doors: tampering",
        "body: close the run",
        "body: 300 MB on standard error",
        "body: forged negative rows",
        "module: no syntax",
        "block: negative rows",
    ]
    linkers: list[object] = ["exact"]
    out = tmp_path / "out"
    aimed = {**places, "RUN": str(out), "DATASET": str(out / "datasets/tiny-1")}
    source_of = {name: source for name, source, _ in cases(aimed)}
    for number, name in enumerate(chosen):
        file = tmp_path / f"hostile{number}.py"
        file.write_text(source_of[name], encoding="utf-8")
        linkers.append({"name": f"{file}:Mine", "label": name})
    linkers.append({"name": f"{file}:Mine", "label": "x" * 300})
    linkers.append("stepwise")
    suite = tiny_suite(linkers)
    done = run_suite(suite, tmp_path / "out", make=make_tiny)
    status = dict(
        zip(*(done.timings[name].to_pylist() for name in ("linker", "status")), strict=True)
    )
    assert len(linkers) == len(status)
    for name in chosen:
        assert re.fullmatch(sources[name][1], status[name])
    alone = ["exact", "stepwise"]
    honest = run_suite(tiny_suite(alone), tmp_path / "alone", make=make_tiny)
    for linker in alone:
        assert measured(honest, linker) == measured(done, linker)
    page = write_report(out)
    assert "trusted, not closed" not in page.read_text()
    assert 0o700 == out.stat().st_mode & 0o700


def measured(run: object, linker: object) -> list[dict[str, object]]:
    """Give what was measured of a linker."""
    table = run.measurements
    return table.filter(pc.equal(table["linker"], linker)).to_pylist()


def test_what_cannot_be_measured_becomes_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of ours on the way costs its cell, not the run."""
    suite = tiny_suite(["exact", "stepwise"])
    count = iter(range(2))

    def fail(*_: object) -> object:
        if next(count) == 0:
            raise RuntimeError("\x1b[31mours")
        return original(*_)

    original = linkage_eval.runs.cell.write_answer
    monkeypatch.setattr("darkfigure.linkage_eval.runs.cell.write_answer", fail)
    done = run_suite(suite, tmp_path / "out", make=make_tiny)
    expected = ["not judged: RuntimeError: \\x1b[31mours", "ok"]
    assert expected == done.timings["status"].to_pylist()
    failed = done.measurements.filter(pc.equal(done.measurements["linker"], "exact"))
    assert {expected[0]} == set(failed["status"].to_pylist())


def test_a_run_where_nothing_is_closed_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused before anything is made; trusted, manifest and report tell it."""
    (tmp_path / "mine.py").write_text(
        "class Mine:\n    name = 'mine'\n"
        "    def link(self, left, right, *, seed): return {'left_id': [], 'right_id': []}\n"
    )
    suite = tiny_suite([f"{tmp_path / 'mine.py'}:Mine"])
    monkeypatch.setattr("darkfigure.linkage_eval.isolation.landlock.version", lambda: 0)
    with pytest.raises(parent.LinkerError, match="--trust-linkers"):
        run_suite(suite, tmp_path / "out", make=make_tiny)
    assert not (tmp_path / "out").exists()
    done = run_suite(suite, tmp_path / "out", make=make_tiny, trusted=True)
    assert ["trusted"] == done.manifest["guards"]
    assert "The methods were trusted, not closed off." in write_report(done.path).read_text()


def test_the_table_is_of_different_kinds() -> None:
    """No two cases have the same source."""
    sources = [source for _, source, _ in cases({})]
    assert len(sources) == len(set(sources)) == len(NAMES)
