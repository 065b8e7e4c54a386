"""Run a linker in a process of its own, with limits, and without a way to the truth.

It gets two tables in a folder of its own and must leave links there. A process beside it
(`warden.py`) starts it behind closed doors (`landlock.py`, `openings.py`), looks at the clock, and
ends it when it takes too long or too much; that, a crash, and nonsense are results. Ids and order
of the records tell it nothing (`disguise.py`), and nothing that it says is believed
(`handover.py`).
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import Field

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.defaults import MEMORY_MB, SECONDS
from darkfigure.linkage_eval.isolation import child, handover, landlock
from darkfigure.linkage_eval.isolation.disguise import Disguise
from darkfigure.linkage_eval.isolation.handover import HandoverError
from darkfigure.linkage_eval.isolation.openings import ROOT, Surroundings, surroundings, trusting
from darkfigure.linkage_eval.isolation.reference_kernel import reference_seconds
from darkfigure.linkage_eval.isolation.warden import remove
from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.linkers.adaptation import refusal
from darkfigure.linkage_eval.linkers.registry import Place
from darkfigure.linkage_eval.links.positions import Links
from darkfigure.linkage_eval.rows import OK, REFUSED
from darkfigure.synth.core.errors import LinkerError
from darkfigure.synth.core.printable import printable
from darkfigure.synth.core.spec import Positive, Spec

TRUSTED = "trusted"
_MB = 1 << 20
LONGEST_STATUS = 300  # characters
_MOST_PROCESSES = 1_000  # assumed, as the next two
_DISK_TO_MEMORY = 4  # what its folder may hold, in units of what its memory may
_ANSWER_TO_MEMORY = 4  # one part in so many may be read of an answer
_PATIENCE_SECONDS = 30
_WARDEN = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from darkfigure.linkage_eval.isolation import warden; warden.main()"
)


class Limits(Spec):
    """What a linker may take: seconds on the clock, and megabytes of memory."""

    seconds: Positive = SECONDS
    memory_mb: int = Field(default=MEMORY_MB, ge=256)


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
        The linker's own follows from it.
    limits
        What it may take.
    closed
        Files and folders that neither it nor anything it starts can read, wherever they lie.
    labelled
        What a supervised linker is given to learn from (schema `LABELLED`).
    within
        Whether left and right are the same table, whose records are linked to each other.
    compared
        Whether to ask for the pairs that it compared, which may be many more than its links.
    trusted
        Whether to close nothing to it; results then say so.
    """

    linker: str
    options: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 1
    limits: Limits = field(default_factory=Limits)
    closed: tuple[Path, ...] = ()
    labelled: pa.Table | None = None
    within: bool = False
    compared: bool = False
    trusted: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Parameters
    ----------
    status
        "ok", or why there are no links: printable, and of bounded length.
    guard
        What kept the truth closed: "landlock" and the kernel's version of it, or "trusted" where
        nothing was closed.
    links
        Rows of the records that were given, if all went well.
    wall_seconds, cpu_seconds
        From the moment the records were there until the links were, of all its processes, as seen
        from outside.
    reference_seconds
        CPU seconds that the reference kernel took here, before and after.
    peak_mb
        Largest memory of all its processes together, Python, libraries and shared memory included.
    gives_probability
        Whether the linker says that its scores are match probabilities.
    candidates
        The pairs that were compared, if it was asked and the linker tells (protocol `Blocking`).
    """

    status: str
    guard: str = "none"
    links: Links | None = None
    wall_seconds: float | None = None
    cpu_seconds: float | None = None
    reference_seconds: float | None = None
    peak_mb: float | None = None
    gives_probability: bool = False
    candidates: Pairs | None = None

    def expect(self) -> pa.Table:
        """Give the links by their ids (schema `LINKS`).

        Raises
        ------
        LinkerError
            There are none; the message says why.
        """
        if self.links is None:
            raise LinkerError(f"The linker {self.status.rstrip('.')}.")
        return self.links.table()


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

    Raises
    ------
    LinkerError
        Nothing can be closed to it here, and it is not trusted.
    UnknownNameError
        There is no such linker.
    """
    place = registry.place_of(job.linker)
    guard = guard_of(place, trusted=job.trusted)
    if reason := refusal(job.linker, left, right):
        return Outcome(printable(f"{REFUSED}{reason}", LONGEST_STATUS, line=True), guard)
    disguise = Disguise.of(left, right, seed=job.seed, within=job.within)
    # Before and after: a machine that slows down meanwhile slows both.
    reference = reference_seconds()
    with _supervised() as (warden, folder):
        given, work = folder / "given", folder / "work"
        _write_given(given, job, disguise)
        work.mkdir()
        told = trusting(work)
        if guard != TRUSTED:
            told = surroundings(place, job.options, job.closed, work)
        outcome = _converse(warden, _task(job, place, disguise, told, (given, work)), job, disguise)
    reference = (reference + reference_seconds()) / 2
    # Where it happened to work is no part of the reason.
    status = outcome.status.replace(f"{work}/", "").replace(str(work), ".")
    outcome = replace(outcome, status=printable(status, LONGEST_STATUS, line=True), guard=guard)
    return replace(outcome, reference_seconds=reference) if outcome.links is not None else outcome


def guard_of(place: Place, *, trusted: bool) -> str:
    """Say what keeps the truth closed to a linker.

    Raises
    ------
    LinkerError
        Nothing does, and it is neither of the library nor trusted.
    """
    version = landlock.version()
    if trusted or (not version and place.kind == "library"):
        return TRUSTED
    if not version:
        raise LinkerError(
            "The truth cannot be closed to others' linkers here: that takes Landlock, which Linux "
            "has from 5.13 on where it is switched on (`lsm=` of its command line names it) and "
            "the container allows it. Run it there, or, if you trust the linker with the truth, "
            "say --trust-linkers (from Python: trusted=True); the results will then say so."
        )
    return f"landlock {version}"


@contextmanager
def _supervised() -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Start a warden and make a folder, which it takes away again even if we are killed."""
    # The linker is told the real path, so that no link in it is closed.
    folder = Path(tempfile.gettempdir()).resolve() / f"darkfigure-{secrets.token_hex(8)}"
    warden = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-S", "-c", _WARDEN, str(ROOT), str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        folder.mkdir(mode=0o700)
        yield warden, folder
    finally:
        _dismiss(warden)
        remove(folder)  # if the warden did not live to


def _dismiss(warden: subprocess.Popen[bytes]) -> None:
    """Let the warden end: without a word from here it kills whatever it has started."""
    for pipe in (warden.stdin, warden.stdout):
        assert pipe  # noqa: S101, they were asked for
        with suppress(BrokenPipeError):
            pipe.close()
    try:
        warden.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        warden.kill()
        warden.wait()


def _write_given(given: Path, job: Job, disguise: Disguise) -> None:
    given.mkdir()
    _write(given / "left.arrow", disguise.left.given())
    if disguise.right is not disguise.left:
        _write(given / "right.arrow", disguise.right.given())
    if job.labelled is not None:
        _write(given / "labelled.arrow", disguise.labelled(job.labelled))


def _write(file: Path, table: pa.Table) -> None:
    # In this form tables are in memory as they lie on disk: reading them takes no time.
    with pa.ipc.new_file(file, table.schema) as opened:
        opened.write_table(table)


def _task(
    job: Job, place: Place, disguise: Disguise, told: Surroundings, folders: tuple[Path, Path]
) -> dict[str, Any]:
    given, work = map(str, folders)
    memory_mb = job.limits.memory_mb
    return {
        "parent": os.getpid(),
        "python": sys.executable,
        "script": child.__file__,
        "given": given,
        "work": work,
        "environment": dict(told.environment),
        "doors": vars(told.doors) if told.doors.write else None,
        "limits": {
            "seconds": job.limits.seconds,
            "memory_mb": memory_mb,
            "disk_mb": memory_mb * _DISK_TO_MEMORY,
            "processes": _MOST_PROCESSES,
        },
        "job": {
            "work": work,
            "linker": vars(place),
            "options": dict(job.options),
            "paths": told.paths,
            "ours": str(ROOT) in told.paths,
            "seed": disguise.seed,
            "within": job.within,
            "memory_mb": memory_mb,
        },
    }


def _converse(
    warden: subprocess.Popen[bytes], task: dict[str, Any], job: Job, disguise: Disguise
) -> Outcome:
    """Let the warden do it, and take what the linker hands over."""
    assert warden.stdout  # noqa: S101, it was asked for
    _say(warden, json.dumps(task))
    outcome = Outcome("crashed: it ended its supervision")
    for line in warden.stdout:
        said = json.loads(line)
        if said["event"] == "linked":
            outcome = _take_links(said, Path(task["work"]), job, disguise)
            if outcome.links is None or not job.compared:
                return outcome
            _say(warden, "go on")
        else:
            return _end(outcome, said["failure"], Path(task["work"]), job, disguise)
    return replace(outcome, links=None)


def _say(warden: subprocess.Popen[bytes], word: str) -> None:
    assert warden.stdin  # noqa: S101, it was asked for
    # One that died at once is found when it is listened to.
    with suppress(BrokenPipeError):
        warden.stdin.write(word.encode() + b"\n")
        warden.stdin.flush()


def _take_links(said: dict[str, Any], work: Path, job: Job, disguise: Disguise) -> Outcome:
    try:
        links = handover.read_links(
            work, disguise, said["statuses"], within=job.within, most_bytes=_most_bytes(job)
        )
    except HandoverError as error:
        return Outcome(f"returned nonsense: {error}")
    return Outcome(
        OK,
        links=links,
        wall_seconds=said["wall_seconds"],
        cpu_seconds=said["cpu_seconds"],
        peak_mb=said["peak_mb"],
        gives_probability=said["gives_probability"] is True,
    )


def _end(outcome: Outcome, failure: str, work: Path, job: Job, disguise: Disguise) -> Outcome:
    """Add what it compared to its links; they stand even if that is too much to list."""
    if failure:
        stands = outcome.links is not None and failure.startswith("ran out of memory")
        return outcome if stands else Outcome(failure)
    try:
        compared = handover.read_compared(
            work, disguise, within=job.within, most_bytes=_most_bytes(job)
        )
    except handover.TooLargeError:
        return outcome
    except HandoverError as error:
        return Outcome(f"returned nonsense: {error}")
    return replace(outcome, candidates=compared)


def _most_bytes(job: Job) -> int:
    return job.limits.memory_mb * _MB // _ANSWER_TO_MEMORY
