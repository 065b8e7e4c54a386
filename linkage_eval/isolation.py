"""Run a linker in a process of its own, with limits, and without a way to the truth.

The process gets two Parquet files in a folder of its own and must leave links there. It is
killed when it takes too long or too much memory; that, a crash, and nonsense are results.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from linkage_eval.contracts import Pairs, canonical
from synth.errors import LinkerError
from synth.spec import Positive, Spec

OK = "ok"
_WATCH_SECONDS = 0.05
_MB = 1 << 20


class Limits(Spec):
    """What a linker may take: seconds on the clock, and megabytes of memory."""

    seconds: Positive = 600.0
    memory_mb: int = Field(default=8_192, ge=256)


@dataclass(frozen=True)
class Job:
    """One run of a linker.

    Parameters
    ----------
    linker
        As the registry reads it.
    options
        For the linker.
    seed
        Given to the linker.
    limits
        What it may take.
    closed
        Folders that neither it nor anything it starts can read.
    labelled
        What a supervised linker is given to learn from (schema `LABELLED`).
    within
        Whether left and right are the same table, whose records are linked to each other.
    compared
        Whether to ask for the pairs that it compared, which may be many more than its links.
    """

    linker: str
    options: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 1
    limits: Limits = field(default_factory=Limits)
    closed: tuple[Path, ...] = ()
    labelled: pa.Table | None = None
    within: bool = False
    compared: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Parameters
    ----------
    status
        "ok", or why there are no links.
    guard
        What kept the truth closed: "landlock+audit" (the kernel and Python), "audit" (Python
        alone), or "none" where nothing was closed or the process died before it could say.
    links
        Schema `LINKS`, if all went well.
    wall_seconds, cpu_seconds
        Of linking alone, without starting Python, importing and reading.
    reference_seconds
        CPU seconds that the reference kernel took in the same process.
    peak_mb
        Largest resident size of the process, Python and its libraries included.
    gives_probability
        Whether the linker says that its scores are match probabilities.
    candidates
        The pairs that were compared, if it was asked and the linker tells (protocol `Blocking`).
    """

    status: str
    guard: str = "none"
    links: pa.Table | None = None
    wall_seconds: float | None = None
    cpu_seconds: float | None = None
    reference_seconds: float | None = None
    peak_mb: float | None = None
    gives_probability: bool = False
    candidates: Pairs | None = None

    def expect(self) -> pa.Table:
        """Give the links.

        Raises
        ------
        LinkerError
            There are none; the message says why.
        """
        if self.links is None:
            raise LinkerError(f"The linker {self.status.rstrip('.')}.")
        return self.links


def run_isolated(job: Job, left: pa.Table, right: pa.Table) -> Outcome:
    """Run a linker in its own process.

    Parameters
    ----------
    job
        What to run.
    left, right
        Schema `RECORDS`.

    Returns
    -------
    What came of it; a linker's failure is no exception here.
    """
    with tempfile.TemporaryDirectory(prefix="darkfigure-") as folder:
        # The process is told the real path, so that no link in it is closed.
        work = Path(folder).resolve()
        for side, table in (("left", left), ("right", right)):
            pq.write_table(table, work / f"{side}.parquet")
        if job.labelled is not None:
            pq.write_table(job.labelled, work / "labelled.parquet")
        failure = _run(job, work)
        outcome = _read(work, failure)
    if outcome.links is None:
        return outcome
    try:
        ids = [records["record_id"].combine_chunks() for records in (left, right)]
        found = canonical(outcome.links, *ids, within=job.within)
    except ValueError as error:
        return Outcome(f"returned nonsense: {error}", outcome.guard)
    return replace(outcome, links=found.links)


def _run(job: Job, work: Path) -> str:
    """Start the process, watch it, and say why it failed, if it did."""
    told = {
        "work": str(work),
        "linker": job.linker,
        "options": dict(job.options),
        "seed": job.seed,
        "memory_mb": job.limits.memory_mb,
        "closed": [str(folder.resolve()) for folder in job.closed],
        "within": job.within,
        "compared": job.compared,
    }
    with (work / "stderr").open("wb") as stderr:
        process = _start(work, stderr)
        try:
            _tell(process, json.dumps(told))
            failure = _watch(process, job.limits)
        finally:
            _end(process)
    return failure or _explain(process.returncode, work)


def _start(work: Path, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    found = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TMPDIR": str(work)}
    return subprocess.Popen(
        [sys.executable, "-m", "linkage_eval.isolated"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        env={**os.environ, **found, "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )


def _tell(process: subprocess.Popen[bytes], job: str) -> None:
    assert process.stdin  # noqa: S101, it was asked for
    # A process that died at once is found when it is watched.
    with suppress(BrokenPipeError), process.stdin as stdin:
        stdin.write(job.encode())


def _watch(process: subprocess.Popen[bytes], limits: Limits) -> str:
    deadline = time.monotonic() + limits.seconds
    memory = _Memory(process.pid)
    while process.poll() is None:
        if time.monotonic() > deadline:
            return f"timed out ({limits.seconds:g} s allowed)"
        if memory.resident_mb() > limits.memory_mb:
            return f"ran out of memory ({limits.memory_mb} MB allowed)"
        time.sleep(_WATCH_SECONDS)
    return ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started: they are a session of their own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class _Memory:
    """The resident memory of a session's processes.

    A process is born into its parent's session and can only leave it, so who was once seen
    elsewhere is not looked at again: reading about all processes of a machine, twenty times a
    second, would take as much of the processor as many a linker.
    """

    def __init__(self, session: int) -> None:
        self._session = str(session)
        self._others: set[str] = set()

    def resident_mb(self) -> float:
        """Add it up; 0 where the system does not say."""
        try:
            here = {name for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208, quicker
        except OSError:
            return 0.0
        self._others &= here  # the number of one that ended is given again
        return sum(map(self._pages, here - self._others)) * os.sysconf("SC_PAGE_SIZE") / _MB

    def _pages(self, process: str) -> int:
        try:
            with open(f"/proc/{process}/stat", encoding="utf-8", errors="replace") as stat:  # noqa: PTH123
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            return 0
        if fields[3] == self._session:
            return int(fields[21])
        self._others.add(process)
        return 0


def _explain(code: int, work: Path) -> str:
    if code == 0:
        return ""
    if code < 0:
        return f"crashed: ended by {signal.Signals(-code).name}"
    said = (work / "stderr").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"crashed: exit code {code}{': ' + said[-1] if said else ''}"


def _read(work: Path, failure: str) -> Outcome:
    try:
        said = json.loads((work / "said.json").read_text(encoding="utf-8"))
        guard = said.pop("guard")
        failure = failure or said.pop("failure", "")
        if failure:
            # Where it happened to work is no part of the reason.
            return Outcome(failure.replace(f"{work}/", "").replace(str(work), "."), guard)
        links = pq.read_table(work / "links.parquet")
        return Outcome(OK, guard, links, candidates=_candidates(work), **said)
    except (OSError, ValueError, KeyError, TypeError):
        return Outcome(failure or "crashed: it left no answer")


def _candidates(work: Path) -> Pairs | None:
    file = work / "candidates.parquet"
    if not file.exists():
        return None
    table = pq.read_table(file)
    return Pairs(table["left"].to_numpy(), table["right"].to_numpy())
