"""A linker in its own process: it cannot read the truth, and its failures are results."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pyarrow as pa
import pytest
from linkers_at_work import working_in
from source_code import SUPPORT
from tiny_world import records, write_world

from darkfigure.linkage_eval.isolation import landlock
from darkfigure.linkage_eval.isolation.disguise import Disguise
from darkfigure.linkage_eval.isolation.parent import LONGEST_STATUS, Job, Limits, run_isolated
from darkfigure.synth.core.errors import LinkerError, UnknownNameError

# Without it others' linkers are refused, as the last of these tests say of a kernel made up.
pytestmark = pytest.mark.needs("landlock")
LEFT = records({"record_id": "a", "surname": "JONES"})
RIGHT = records({"record_id": "x", "surname": "JONES"}, {"record_id": "y"})
# The one left record and the right one of the same name, under whatever ids they are given.
JONES = """
import pyarrow.compute as pc
ids = {'left_id': left['record_id'],
       'right_id': right.filter(pc.equal(right['surname'], 'JONES'))['record_id']}
"""


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
    outcome = run(tmp_path, f"{JONES}\nreturn ids")
    assert "ok" == outcome.status
    assert [{"left_id": "a", "right_id": "x", "score": 1.0}] == outcome.expect().to_pylist()
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
            "return {'left_id': ['b'], 'right_id': right['record_id'][:1]}",
            "returned nonsense: 1 left_id is not among the 1 records of that side, such as 'b'",
        ),
        (
            "return {'left_id': left['record_id'], 'right_id': ['r999999999']}",
            "returned nonsense: 1 right_id is not among the 2 records",
        ),
        (
            f"{JONES}\nreturn ids | {{'score': [float('nan')]}}",
            "returned nonsense: 1 score is missing, NaN",
        ),
        ("raise SystemExit(0)", "crashed: SystemExit: 0"),
        ("import os, signal; os.kill(os.getpid(), 37)", "crashed: ended by signal 37"),
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
        (True, "return np.array([0]), np.array([1])", [1]),
        (True, "return pa.RecordBatch.from_pydict({'left': [0]}).to_pandas().assign(right=1)", [1]),
        (True, "return np.array([]), np.array([])", []),
        (False, "raise RuntimeError('nobody asked')", None),
        (True, "return bytearray(3 << 30)", None),
    ],
)
def test_links_stand_whatever_was_compared(tmp_path, asked, block, told):
    """Pairs compared are told if asked for, and left out if memory does not hold them."""
    outcome = run_blocking(tmp_path, block, compared=asked)
    assert ("ok", 1) == (outcome.status, len(outcome.links))
    # Rows as given are not those of the tables.
    order = Disguise.of(LEFT, RIGHT, seed=1, within=False).right.order
    expected = None if told is None else [int(order[row]) for row in told]
    assert expected == (outcome.candidates and outcome.candidates.right.tolist())


def run_blocking(folder, block, *, compared=True):
    """Run a linker that links Jones, with the given body of `block`."""
    place = write_linker(folder, f"{JONES}\nreturn ids")
    with (folder / "mine.py").open("a") as file:
        file.write(f"    def block(self, left, right):\n        {block}\nimport numpy as np\n")
    limits = Limits(seconds=60.0, memory_mb=1024)
    return run_isolated(Job(place, limits=limits, compared=compared), LEFT, RIGHT)


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("return np.array([0.0]), np.array([0.0])", "row numbers, which are whole, not float64"),
        ("return np.array(['a']), np.array(['x'])", "row numbers, which are whole, not <U1"),
        ("return np.array([0]), np.array([2])", "1 row of block().right is not among the 2"),
        ("return np.array([-1]), np.array([0])", "1 row of block().left is not among the 1"),
        ("return np.array([0, 0]), np.array([0])", "two sides of different lengths"),
    ],
)
def test_rows_that_cannot_be_are_refused(tmp_path, block, reason):
    """Whoever tells of pairs that are not there, by mistake or not, is told so."""
    outcome = run_blocking(tmp_path, block)
    assert outcome.status.startswith("returned nonsense: ")
    assert reason in outcome.status


def test_memory_of_what_it_starts_counts(tmp_path):
    """A command cannot take the memory that its linker may not."""
    body = """
        import subprocess, sys
        taking = [sys.executable, '-c', "x = b'x' * (220 << 20); input()"]
        two = [subprocess.Popen(taking, stdin=subprocess.PIPE) for _ in range(2)]
        two[0].wait()
    """
    outcome = run(tmp_path, body, memory_mb=480)
    assert "ran out of memory (480 MB allowed)" == outcome.status


def test_what_is_printed_and_started_disturbs_nothing(tmp_path):
    """A linker may write to standard output and leave children behind: its links come back."""
    body = """
        import os, subprocess, sys
        print('{"links": "nonsense"}' * 10_000)
        os.write(1, b'x' * 1_000_000)
        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
        open('/proc/%d/stat' % child.pid).read()
        return {'left_id': left['record_id'], 'right_id': right['record_id'][:1],
                'score': [float(child.pid)]}
    """
    outcome = run(tmp_path, body)
    assert "ok" == outcome.status
    child = int(outcome.links.scores[0])
    stat = Path(f"/proc/{child}/stat")
    # Ended with its parent, or at most a name that nobody has yet taken note of.
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_no_links_are_an_answer(tmp_path):
    """Nothing linked is no failure: precision then has no value."""
    outcome = run(tmp_path, "return {'left_id': [], 'right_id': []}")
    assert ("ok", 0) == (outcome.status, len(outcome.links))


READERS = {
    "python": "open(f'{truth}/persons.parquet', 'rb').read()",
    "pathlib": "__import__('pathlib').Path(truth, 'persons.parquet').read_bytes()",
    "arrow": "__import__('pyarrow.parquet').parquet.read_table(f'{truth}/persons.parquet')",
    "duckdb": "__import__('duckdb').sql(f\"SELECT * FROM '{truth}/persons.parquet'\").fetchall()",
    "command": "subprocess.run(['cat', f'{truth}/persons.parquet'], check=True)",
    "through a link": "open(f'{truth}/../../shortcut/persons.parquet', 'rb').read()",
    "by moving it": "subprocess.run(['mv', truth, '.'], check=True)",
    "agencies' tables": "open(f'{truth}/../ed/attendances.parquet', 'rb').read()",
    "manifest": "open(f'{truth}/../manifest.json', 'rb').read()",
    "write": "open(f'{truth}/more', 'w')",
}


@pytest.mark.parametrize("reader", READERS)
def test_a_linker_cannot_read_the_dataset(tmp_path, reader):
    """Told where its dataset lies, even beside its own file, a linker opens nothing of it."""
    dataset = write_world(tmp_path / "world")
    truth = dataset.path / "truth"
    (tmp_path / "shortcut").symlink_to(truth)
    body = f"""
        import subprocess
        truth = {str(truth)!r}
        try:
            {READERS[reader]}
        except Exception as error:
            return {{'left_id': [], 'right_id': []}}
        raise SystemExit('it read the truth')
    """
    outcome = run(tmp_path, body, closed=[dataset.path])
    assert "ok" == outcome.status
    assert (truth / "persons.parquet").is_file()


def test_a_dataset_among_packages_is_closed(tmp_path):
    """Where a folder that may be read holds a closed one, all beside it stays open."""
    package = tmp_path / "package"
    closed = package / "data"
    closed.mkdir(parents=True)
    for file in (package / "__init__.py", package / "beside.txt", closed / "truth.txt"):
        file.write_text("")
    body = f"""
        open({str(package / "beside.txt")!r})
        try:
            open({str(closed / "truth.txt")!r})
        except PermissionError:
            return {{'left_id': [], 'right_id': []}}
    """
    assert "ok" == run(tmp_path, body, closed=[closed]).status


def test_modules_beside_a_linker_are_imported(tmp_path):
    """A linker of several files works; other files beside it stay closed."""
    (tmp_path / "helper.py").write_text("def answer(): return {'left_id': [], 'right_id': []}\n")
    (tmp_path / "links.csv").write_text("of another run")
    body = """
        import helper
        from pathlib import Path
        try:
            Path(__file__).with_name('links.csv').read_text()
        except PermissionError:
            return helper.answer()
    """
    assert "ok" == run(tmp_path, body).status


def test_files_that_options_name_are_open(tmp_path):
    """Weights that an option names can be read; those that lie in the dataset cannot."""
    place = write_linker(tmp_path, "return eval(open(self.file).read())")
    with (tmp_path / "mine.py").open("a") as file:
        file.write("    def __init__(self, file):\n        self.file = file\n")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "weights").write_text("{'left_id': [], 'right_id': []}")
    job = Job(place, {"file": str(folder / "weights")})
    assert "ok" == run_isolated(job, LEFT, RIGHT).status
    shut = Job(place, {"file": str(folder / "weights")}, closed=(folder,))
    assert run_isolated(shut, LEFT, RIGHT).status.startswith("crashed: PermissionError")


def test_our_packages_are_hidden(tmp_path):
    """Nobody makes the world again with our own code; the reason says how to mend it."""
    for name in (
        "darkfigure.synth.pipeline",
        "darkfigure.scenarios",
        "darkfigure.linkage_eval.links.truth",
        "darkfigure.reports",
    ):
        outcome = run(tmp_path, f"import {name}")
        assert outcome.status.startswith(
            f"crashed: ModuleNotFoundError: {name.partition('.')[0]} is hidden from linkers"
        )


def test_ids_order_and_seed_tell_nothing(tmp_path):
    """Ids are numbers of a secret order, the same every time; the seed is not the job's."""
    sides = [
        records(*({"record_id": f"{side}-{n:03d}-V1", "surname": f"{n:03d}"} for n in range(200)))
        for side in "ab"
    ]
    body = """
        import pyarrow.compute as pc
        print(left['record_id'], seed)
        assert seed != 41
        assert pc.all(pc.match_substring_regex(left['record_id'], '^l[0-9]{9}$')).as_py()
        assert left['surname'].to_pylist() != sorted(left['surname'].to_pylist())
        assert left['surname'].to_pylist() != right['surname'].to_pylist()
        same = left.to_pandas().merge(right.to_pandas(), on='surname')
        return {'left_id': same['record_id_x'], 'right_id': same['record_id_y'],
                'score': [float(seed)] * len(same)}
    """
    job = Job(write_linker(tmp_path, body), seed=41)
    first, again = (run_isolated(job, *sides).expect() for _ in range(2))
    assert first.equals(again)
    pairs = zip(first["left_id"].to_pylist(), first["right_id"].to_pylist(), strict=True)
    assert sorted(pairs) == [(f"a-{n:03d}-V1", f"b-{n:03d}-V1") for n in range(200)]


def test_labels_reach_the_linker_under_its_ids(tmp_path):
    """A reviewer's pairs are put under the ids that the records have."""
    body = "return {'left_id': self.learnt['left_id'], 'right_id': self.learnt['right_id']}"
    place = write_linker(tmp_path, body)
    with (tmp_path / "mine.py").open("a") as file:
        file.write("    def fit(self, left, right, labelled):\n        self.learnt = labelled\n")
    labelled = pa.table({"left_id": ["a"], "right_id": ["y"], "same": [True]})
    outcome = run_isolated(Job(place, labelled=labelled), LEFT, RIGHT)
    assert [{"left_id": "a", "right_id": "y", "score": 1.0}] == outcome.expect().to_pylist()


def test_links_within_a_table_come_once(tmp_path):
    """Both directions of a pair and a record linked to itself: one link, the smaller id left."""
    body = """
        ids = left['record_id'].to_pylist()
        return {'left_id': ids[:1] + ids, 'right_id': ids[1:] + ids[::-1]}
    """
    job = Job(write_linker(tmp_path, body), within=True)
    links = run_isolated(job, RIGHT, RIGHT).expect()
    assert [{"left_id": "x", "right_id": "y", "score": 1.0}] == links.to_pylist()


def test_the_environment_is_short(tmp_path, monkeypatch):
    """No token of this process reaches a linker, nor does its home."""
    monkeypatch.setenv("SOME_TOKEN", "secret")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    body = """
        import os
        assert 'secret' not in os.environ.values()
        assert os.environ['OMP_NUM_THREADS'] == '3'
        assert os.environ['HOME'] == os.environ['TMPDIR']
        open(os.path.expanduser('~/scratch'), 'w').write('its own folder')
        return {'left_id': [], 'right_id': []}
    """
    assert "ok" == run(tmp_path, body).status


def test_the_guard_is_told(tmp_path):
    """Results say what kept the truth closed, whatever became of the linker."""
    version = landlock.version()
    assert f"landlock {version}" == run(tmp_path, "return {'left_id': [], 'right_id': []}").guard
    assert f"landlock {version}" == run(tmp_path, "raise RuntimeError").guard


def test_without_landlock_linkers_are_refused_unless_trusted(tmp_path, monkeypatch):
    """A kernel that can close nothing: a reason and how to mend it; trusted, the results say so."""
    monkeypatch.setattr(landlock, "version", lambda: 0)
    place = write_linker(
        tmp_path, "import darkfigure.synth\nreturn {'left_id': [], 'right_id': []}"
    )
    with pytest.raises(LinkerError, match=r"takes Landlock.*--trust-linkers"):
        run_isolated(Job(place), LEFT, RIGHT)
    trusted = run_isolated(Job(place, trusted=True), LEFT, RIGHT)
    assert ("ok", "trusted") == (trusted.status, trusted.guard)
    # Those of the library are ours: they run, here to say what they
    # lack, and are not said to be closed.
    found = run_isolated(Job("exact"), LEFT, RIGHT)
    assert found.status.startswith("cannot work here")
    assert found.guard == "trusted"


def test_a_linker_that_is_not_there_is_said(tmp_path):
    """A file that is gone is found before anything starts."""
    with pytest.raises(UnknownNameError):
        run_isolated(Job(f"{tmp_path / 'gone.py'}:Mine"), LEFT, RIGHT)


def test_statuses_are_printable_and_short(tmp_path):
    """Whatever a linker dies of, its status is one line that fits a cell of a table."""
    outcome = run(tmp_path, r"raise RuntimeError('a\x1b[31mb\ud800c\u202e' + 'x' * 3_000_000)")
    assert outcome.status.startswith(r"crashed: RuntimeError: a\x1b[31mb\ud800c\u202exxx")
    assert outcome.status.isprintable()
    assert LONGEST_STATUS == len(outcome.status)


ORPHANS = """
import os, sys, time
def forks(n):
    if n and os.fork() == 0:
        os.setsid()
        forks(n - 1)
        time.sleep({seconds})
        os._exit(0)
forks(3)
"""


def test_no_process_outlives_its_linker(tmp_path, monkeypatch):
    """Sessions of their own and double forks help nobody."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    outcome = run(
        tmp_path, ORPHANS.format(seconds=600) + "\nreturn {'left_id': [], 'right_id': []}"
    )
    assert "ok" == outcome.status
    assert [] == working_in(tmp_path)


def test_no_process_outlives_us(tmp_path):
    """After kill -9 of the process that evaluates, a linker that hangs and its children end."""
    write_linker(tmp_path, ORPHANS.format(seconds=600) + "\ntime.sleep(600)")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from tiny_world import records\n"
        "from darkfigure.linkage_eval.isolation.parent import Job, run_isolated\n"
        "left, right = (records({'record_id': one}) for one in 'ax')\n"
        "run_isolated(Job(sys.argv[2]), left, right)"
    )
    words = [sys.executable, "-c", code, str(SUPPORT), f"{tmp_path / 'mine.py'}:Mine"]
    process = subprocess.Popen(words, env={**os.environ, "TMPDIR": str(tmp_path)})
    deadline = time.monotonic() + 60
    while len(working_in(tmp_path)) < 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert 4 == len(working_in(tmp_path))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    while working_in(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [] == working_in(tmp_path)


def test_shared_memory_counts_and_is_removed(tmp_path):
    """What lies in shared memory is a linker's, mapped or not, and goes with it."""
    name = f"darkfigure-test-{os.getpid()}"
    body = f"""
        import time
        with open('/dev/shm/{name}', 'wb') as file:
            for _ in range(600): file.write(b'x' * (1 << 20))
        time.sleep(60)
    """
    outcome = run(tmp_path, body, memory_mb=400, seconds=30.0)
    assert "ran out of memory (400 MB allowed)" == outcome.status
    assert not Path("/dev/shm", name).exists()  # noqa: S108, where the C library keeps it


def test_locks_between_processes_work(tmp_path):
    """A linker may divide its work among processes."""
    body = """
        import multiprocessing
        with multiprocessing.get_context('fork').Pool(2) as pool:
            assert [1, 4, 9] == pool.map(square, [1, 2, 3])
        return {'left_id': [], 'right_id': []}
    """
    place = write_linker(tmp_path, body)
    with (tmp_path / "mine.py").open("a") as file:
        file.write("def square(x): return x * x\n")
    assert "ok" == run_isolated(Job(place), LEFT, RIGHT).status


def test_shared_memory_of_others_stays(tmp_path):
    """What another program makes meanwhile is neither removed nor counted."""
    file = Path("/dev/shm", f"others-{os.getpid()}")  # noqa: S108, where the C library keeps it
    locks = []

    def make():
        time.sleep(1.0)
        file.write_bytes(bytes(600 << 20))
        locks.append(multiprocessing.get_context("spawn").Lock())

    other = threading.Thread(target=make)
    other.start()
    outcome = run(tmp_path, f"{JONES}\nimport time\ntime.sleep(4)\nreturn ids", memory_mb=400)
    other.join()
    try:
        assert ("ok", 600 << 20) == (outcome.status, file.stat().st_size)
        # Only a lock whose name is still there can be handed to another process.
        name = locks[0]._semlock.name  # noqa: SLF001, nothing else tells it
        assert file.with_name(f"sem.{name[1:]}").exists()
    finally:
        file.unlink()
