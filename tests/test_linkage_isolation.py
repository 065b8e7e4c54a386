"""A linker in its own process: it cannot read the truth, and its failures are results."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from tiny_world import records, write_world

from linkage_eval.isolation import Job, Limits, run_isolated
from synth.errors import LinkerError

LEFT = records({"record_id": "a", "surname": "JONES"})
RIGHT = records({"record_id": "x", "surname": "JONES"}, {"record_id": "y"})
NEEDS_LANDLOCK = pytest.mark.needs("landlock")


def write_linker(folder, body):
    """Write a linker whose `link` has the given body; give its place for the registry."""
    body = textwrap.indent(textwrap.dedent(body), " " * 8)
    file = folder / "mine.py"
    file.write_text(
        "import pyarrow as pa\n"
        "class Mine:\n"
        "    name = 'mine'\n"
        "    def link(self, left, right, *, seed):\n"
        f"{body}\n"
    )
    return f"{file}:Mine"


def run(folder, body, closed=(), **limits):
    """Run a linker with the given body."""
    limits = Limits(**{"seconds": 20.0, "memory_mb": 1024} | limits)
    job = Job(write_linker(folder, body), limits=limits, closed=tuple(closed))
    return run_isolated(job, LEFT, RIGHT)


def test_links_come_back(tmp_path):
    """A linker of any file gets both tables, and its links and what it took come back."""
    body = "return {'left_id': left['record_id'], 'right_id': right['record_id'][:1]}"
    outcome = run(tmp_path, body)
    assert "ok" == outcome.status
    assert [{"left_id": "a", "right_id": "x", "score": 1.0}] == outcome.links.to_pylist()
    assert outcome.wall_seconds >= 0
    assert 10 < outcome.peak_mb < 1024


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("raise RuntimeError('no luck')", "crashed: RuntimeError: no luck"),
        ("import os; os._exit(3)", "crashed: exit code 3"),
        ("import os; os.kill(os.getpid(), 11)", "crashed: ended by SIGSEGV"),
        ("import time; time.sleep(60)", "timed out (2 s allowed)"),
        ("return bytearray(3 << 30)", "ran out of memory (1024 MB allowed)"),
        # Ten gigabytes by native code, private and shared with other processes.
        (
            (
                "import ctypes; libc = ctypes.CDLL(None); libc.malloc.restype = ctypes.c_void_p\n"
                "n = ctypes.c_size_t(10 << 30); p = libc.malloc(n)\n"
                "return ctypes.memset(p, 1, 10 << 30) if p else bytearray(n.value)"
            ),
            "ran out of memory (1024 MB allowed)",
        ),
        (
            "import mmap; m = mmap.mmap(-1, 10 << 30)\nfor n in range(0, 10 << 30, 4096): m[n] = 1",
            "ran out of memory (1024 MB allowed)",
        ),
        (
            # As Splink wraps what DuckDB says.
            "try: bytearray(3 << 30)\nexcept MemoryError as e: raise RuntimeError('sql') from e",
            "ran out of memory (1024 MB allowed)",
        ),
        ("return 7", "crashed: TypeError"),
        ("return None", "crashed: TypeError"),
        ("return pa.table({'a': [1]})", "crashed: ValueError: no column left_id"),
        (
            "return {'left_id': ['a', 'a'], 'right_id': ['x', 'x']}",
            "returned nonsense: 1 pair is given more than once",
        ),
        ("return {'left_id': ['b'], 'right_id': ['x']}", "returned nonsense: 1 left_id is not"),
        (
            "return {'left_id': ['a'], 'right_id': ['x'], 'score': [float('nan')]}",
            "returned nonsense: 1 score is missing, NaN",
        ),
    ],
)
def test_failures_are_results(tmp_path, body, status):
    """Whatever a linker does wrong comes back as a status, and nothing is raised."""
    # A busy machine takes seconds to start a process; only who hangs should run out of them.
    outcome = run(tmp_path, body, seconds=2.0 if "timed out" in status else 60.0)
    assert outcome.status.startswith(status)
    assert outcome.links is None
    with pytest.raises(LinkerError):
        outcome.expect()


@pytest.mark.parametrize(
    ("asked", "block", "told"),
    [
        (True, "return Pairs(np.array([0]), np.array([0]))", [0]),
        (False, "raise RuntimeError('nobody asked')", None),
        (True, "return bytearray(3 << 30)", None),
    ],
)
def test_links_stand_whatever_was_compared(tmp_path, asked, block, told):
    """Pairs compared are told if asked for, and left out if memory does not hold them."""
    place = write_linker(tmp_path, "return {'left_id': ['a'], 'right_id': ['x']}")
    with (tmp_path / "mine.py").open("a") as file:
        file.write(
            f"    def block(self, left, right):\n        {block}\n"
            "import numpy as np\nfrom linkage_eval.contracts import Pairs\n"
        )
    job = Job(place, limits=Limits(seconds=60.0, memory_mb=1024), compared=asked)
    outcome = run_isolated(job, LEFT, RIGHT)
    assert ("ok", 1) == (outcome.status, outcome.links.num_rows)
    assert told == (outcome.candidates and outcome.candidates.left.tolist())


def test_memory_of_what_it_starts_counts(tmp_path):
    """A command cannot take the memory that its linker may not."""
    body = """
        import subprocess, sys
        taking = [sys.executable, '-c', "x = b'x' * (150 << 20); input()"]
        two = [subprocess.Popen(taking, stdin=subprocess.PIPE) for _ in range(2)]
        two[0].wait()
    """
    outcome = run(tmp_path, body, memory_mb=300)
    assert "ran out of memory (300 MB allowed)" == outcome.status


def test_what_is_printed_and_started_disturbs_nothing(tmp_path):
    """A linker may write to standard output and leave children behind: its links come back."""
    body = """
        import os, subprocess, sys
        print('{"links": "nonsense"}' * 10_000)
        os.write(1, b'x' * 1_000_000)
        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
        open('/proc/%d/stat' % child.pid).read()
        return {'left_id': ['a'], 'right_id': ['x'], 'score': [float(child.pid)]}
    """
    outcome = run(tmp_path, body)
    assert "ok" == outcome.status
    child = int(outcome.links["score"][0].as_py())
    stat = Path(f"/proc/{child}/stat")
    # Ended with its parent, or at most a name that nobody has yet taken note of.
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_no_links_are_an_answer(tmp_path):
    """Nothing linked is no failure: precision then has no value."""
    outcome = run(tmp_path, "return {'left_id': [], 'right_id': []}")
    assert ("ok", 0) == (outcome.status, outcome.links.num_rows)


READERS = {
    "python": "open(f'{truth}/persons.parquet', 'rb').read()",
    "pathlib": "__import__('pathlib').Path(truth, 'persons.parquet').read_bytes()",
    "arrow": "__import__('pyarrow.parquet').parquet.read_table(f'{truth}/persons.parquet')",
    "duckdb": "__import__('duckdb').sql(f\"SELECT * FROM '{truth}/persons.parquet'\").fetchall()",
    "command": "subprocess.run(['cat', f'{truth}/persons.parquet'], check=True)",
    "through a link": "open(f'{truth}/../../shortcut/persons.parquet', 'rb').read()",
    "by moving it": "subprocess.run(['mv', truth, '.'], check=True)",
}
ONLY_KERNEL = {"arrow", "duckdb", "command", "by moving it"}


@pytest.mark.parametrize(
    "reader",
    [pytest.param(name, marks=NEEDS_LANDLOCK if name in ONLY_KERNEL else ()) for name in READERS],
)
def test_a_linker_cannot_read_the_truth(tmp_path, reader):
    """Handed the dataset, a linker reads agencies' tables, but the truth by no means."""
    dataset = write_world(tmp_path / "world")
    truth = dataset.path / "truth"
    (tmp_path / "shortcut").symlink_to(truth)
    body = f"""
        import subprocess
        truth = {str(truth)!r}
        open(f'{{truth}}/../ed/attendances.parquet', 'rb').read()
        try:
            {READERS[reader]}
        except Exception as error:
            return {{'left_id': [], 'right_id': []}}
        raise SystemExit('it read the truth')
    """
    outcome = run(tmp_path, body, closed=[truth])
    assert "ok" == outcome.status
    assert (truth / "persons.parquet").is_file()


def test_the_audit_hook_stands_alone(tmp_path):
    """Where the kernel has no Landlock, Python itself still refuses to open the truth."""
    closed, link = tmp_path / "truth", tmp_path / "link"
    closed.mkdir()
    (closed / "file").write_text("secret")
    link.symlink_to(closed)
    code = f"""
        import os
        from pathlib import Path
        from linkage_eval.isolated import refuse
        refuse([Path({str(closed)!r})])
        for attempt in (
            lambda: open({str(closed / "file")!r}),
            lambda: open({str(link / "file")!r}),
            lambda: os.link({str(closed / "file")!r}, {str(tmp_path / "copy")!r}),
            lambda: os.rename({str(closed)!r}, {str(tmp_path / "other")!r}),
        ):
            try:
                attempt()
            except PermissionError:
                print("refused")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    assert ["refused"] * 4 == done.stdout.split()


@NEEDS_LANDLOCK
def test_the_guard_is_told(tmp_path):
    """Results say what kept the truth closed."""
    dataset = write_world(tmp_path / "world")
    body = "return {'left_id': [], 'right_id': []}"
    assert "landlock+audit" == run(tmp_path, body, closed=[dataset.path / "truth"]).guard
    assert "none" == run(tmp_path, body).guard
