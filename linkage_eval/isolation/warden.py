"""The warden of a linker: starts it behind closed doors, watches it from outside, ends all of it.

A process of its own, so that a linker ends even where the process that evaluates is killed. It
needs no package, only the standard library, and believes nothing that a linker says::

    evaluation                       warden                            linker (`child.py`)
        task            ->   shuts the doors, starts it       ->   loads itself
                             gives the records, looks at     <-    ready
                             the clock                        ->   links, writes numbers
        linked          <-   looks at the clock again        <-    linked
        go on           ->                                    ->   tells what it compared
        ended           <-   kills all that descends from it

Every message is a line of JSON. When nobody speaks to it any more, it takes the linker's folder
away.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from darkfigure.linkage_eval.isolation import landlock, seccomp
from darkfigure.linkage_eval.isolation.descendants import Descendants, adopt

_WATCH_MS = 50
_FOLDER_SECONDS = 1.0  # between two looks at what its folder holds
_MOST_SAID = 1 << 20  # bytes that a linker may tell in all
_LAST_WORDS = 4 << 10
_PIECE = 1 << 20
_LAST_PIECES = 16
_DIE_WITH_PARENT = 1  # prctl: PR_SET_PDEATHSIG
_TRUNCATION = 3  # the version of Landlock that sees it
_MB = 1 << 20

Message = dict[str, Any]


def main() -> None:
    """Do the task that stands on standard input; then take away the folder that is named."""
    try:
        line = sys.stdin.readline()
        if line:
            adopt()
            Watch(json.loads(line)).run()
        while os.read(sys.stdin.fileno(), _PIECE):  # until its answer is taken
            pass
    finally:
        remove(Path(sys.argv[2]))


def remove(folder: Path) -> None:
    """Remove a folder with whatever a linker put there, if there is one."""
    if not folder.exists():
        return
    import shutil  # noqa: PLC0415, not before a linker's time is measured

    with suppress(OSError, RecursionError):
        shutil.rmtree(folder)
    if folder.exists():
        import subprocess  # noqa: PLC0415, seldom needed

        # Python gives up on deep folders and on those that were closed to their owner.
        for words in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            with suppress(OSError):
                subprocess.run([*words, folder], check=False, stderr=subprocess.DEVNULL)  # noqa: S603


class Watch:
    """A linker's life, from its start to the end of all that it started."""

    def __init__(self, task: Message) -> None:
        self._task = task
        self._limits = task["limits"]
        self._below = Descendants()
        self._pid, self._said, self._word, self._stderr = _start(task)
        self._begun = time.monotonic()
        self._clock: tuple[float, float] | None = None
        self._linked = self._over = False
        self._failure = ""
        self._heard = 0
        self._closed: set[int] = set()
        self._line = self._last_words = b""
        self._next_look = self._next_weighing = 0.0

    def run(self) -> None:
        """Watch until it is over; leave nobody alive."""
        try:
            self._watch()
        except Exception as error:  # noqa: BLE001, it ends as a failure whatever it managed to disturb
            self._fail(f"disturbed its supervision: {type(error).__name__}: {error}")
        self._below.end(self._pid)
        _tell({"event": "ended", "failure": self._failure, "peak_mb": self._below.peak_mb})

    def _watch(self) -> None:
        listened: dict[int, Callable[[], None]] = {
            self._said: self._hear,
            self._stderr: self._keep_last_words,
            sys.stdin.fileno(): self._obey,
        }
        if sys.platform.startswith("linux"):
            listened[os.pidfd_open(self._pid)] = lambda: None  # wakes the watch when it ends
        poll = select.poll()
        for file in listened:
            poll.register(file, select.POLLIN | select.POLLHUP)
        while not self._over:
            for file, _ in poll.poll(_WATCH_MS):
                listened[file]()
                if file in self._closed:
                    poll.unregister(file)
            self._look()

    def _read(self, file: int) -> bytes:
        piece = os.read(file, _PIECE)
        if not piece:
            self._closed.add(file)
        return piece

    def _hear(self) -> None:
        piece = self._read(self._said)
        self._heard += len(piece)
        if self._heard > _MOST_SAID:
            self._fail("said too much to its supervisor")
            return
        *lines, self._line = (self._line + piece).split(b"\n")
        for line in lines:
            self._answer(_understood(line))

    def _answer(self, said: Message) -> None:
        event = said.get("event")
        if event == "ready" and self._clock is None:
            self._give_records()
        elif event == "linked" and self._clock is not None and not self._linked:
            self._take_links(said)
        elif event == "compared" and self._linked:
            self._over = True
        elif event == "failed" and isinstance(said.get("why"), str):
            self._fail(said["why"])
        else:
            self._fail("said what its supervisor does not understand")

    def _give_records(self) -> None:
        given, work = Path(self._task["given"]), Path(self._task["work"])
        for file in sorted(given.iterdir()):
            file.rename(work / file.name)
        self._clock = time.monotonic(), self._below.cpu_seconds()
        self._pass_on(b"go on\n")

    def _take_links(self, said: Message) -> None:
        assert self._clock is not None  # noqa: S101, only then is it asked
        wall, cpu = time.monotonic(), self._below.cpu_seconds()
        self._below.resident_mb()
        self._below.note_peak()
        self._linked = True
        took = {"wall_seconds": wall - self._clock[0], "cpu_seconds": cpu - self._clock[1]}
        told = {key: said.get(key) for key in ("gives_probability", "statuses")}
        _tell({"event": "linked", **took, "peak_mb": self._below.peak_mb, **told})

    def _obey(self) -> None:
        """Pass on that it shall go on; without a word, the process that evaluates has gone."""
        word = os.read(sys.stdin.fileno(), _PIECE)
        self._over = self._over or not word
        self._pass_on(word)

    def _pass_on(self, word: bytes) -> None:
        with suppress(BrokenPipeError):
            os.write(self._word, word)

    def _keep_last_words(self) -> None:
        self._last_words = (self._last_words + self._read(self._stderr))[-_LAST_WORDS:]

    def _look(self) -> None:
        ended = self._below.reap()
        if self._pid in ended and not self._over:
            self._say_farewell(ended[self._pid])
        now = time.monotonic()
        if os.getppid() != self._task["parent"]:
            self._over = True
        if now - self._begun > self._limits["seconds"]:
            self._fail(f"timed out ({self._limits['seconds']:g} s allowed)")
        if now >= self._next_look:
            self._next_look = now + _WATCH_MS / 1000
            self._weigh(now)

    def _say_farewell(self, status: int) -> None:
        """Hear what it said last, and why it ended."""
        for file, heed in ((self._said, self._hear), (self._stderr, self._keep_last_words)):
            os.set_blocking(file, False)
            with suppress(BlockingIOError):
                for _ in range(_LAST_PIECES):  # whatever it left behind may never end
                    if file not in self._closed and not self._over:
                        heed()
        if not self._over:
            self._explain(status)

    def _weigh(self, now: float) -> None:
        limits = self._limits
        if self._below.resident_mb() > limits["memory_mb"]:
            self._fail(f"ran out of memory ({limits['memory_mb']} MB allowed)")
        if self._below.count > limits["processes"]:
            self._fail(f"started too many processes ({limits['processes']:,} allowed)")
        if now >= self._next_weighing:
            self._next_weighing = now + _FOLDER_SECONDS
            if _folder_mb(self._task["work"], limits["disk_mb"]) > limits["disk_mb"]:
                self._fail(f"filled its folder ({limits['disk_mb']} MB allowed)")

    def _explain(self, status: int) -> None:
        code = os.waitstatus_to_exitcode(status)
        said = self._last_words.decode("utf-8", "replace").strip().splitlines()
        if code < 0:
            self._fail(f"crashed: ended by {_signal(-code)}")
        elif code:
            self._fail(f"crashed: exit code {code}{': ' + said[-1] if said else ''}")
        else:
            self._fail("crashed: it left no answer")

    def _fail(self, why: str) -> None:
        self._failure, self._over = self._failure or why, True


def _start(task: Message) -> tuple[int, int, int, int]:
    """Start the linker; give its process, what it says, how it hears, and its standard error."""
    said, say = os.pipe()
    hear, word = os.pipe()
    stderr, cry = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            _become_linker(task, say, hear, cry)
        except BaseException as error:  # noqa: BLE001, it must never go on as a warden
            os.write(cry, f"it could not be started: {type(error).__name__}: {error}".encode())
        finally:
            os._exit(1)
    for file in (say, hear, cry):
        os.close(file)
    os.write(word, json.dumps(task["job"]).encode() + b"\n")
    return pid, said, word, stderr


def _become_linker(task: Message, say: int, hear: int, cry: int) -> None:
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for file, number in ((nothing, 0), (nothing, 1), (cry, 2)):
        os.dup2(file, number)
    for file in (say, hear):
        os.set_inheritable(file, True)
    warden = os.getppid()
    if sys.platform.startswith("linux"):
        import ctypes  # noqa: PLC0415, loaded already where it is of use

        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    _cap_memory(task["limits"]["memory_mb"] * _MB)
    if task["doors"]:
        doors = landlock.Doors(**task["doors"])
        landlock.shut(doors)
        seccomp.refuse(network=doors.network, truncation=landlock.version() >= _TRUNCATION)
    if os.getppid() == warden:
        words = [task["python"], "-P", task["script"], str(say), str(hear)]
        os.execve(words[0], words, task["environment"])  # noqa: S606, that is what it is for


def _cap_memory(size: int) -> None:
    # Not RLIMIT_AS: Arrow and DuckDB reserve far more addresses than they use.
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or size < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _understood(line: bytes) -> Message:
    with suppress(ValueError, RecursionError):
        said = json.loads(line)
        if isinstance(said, dict):
            return said
    return {}


def _folder_mb(folder: str, enough: int) -> float:
    """Add up what a folder holds, until it is more than enough."""
    size, ahead = 0, [folder]
    while ahead and size <= enough * _MB:
        with suppress(OSError), os.scandir(ahead.pop()) as entries:
            for one in entries:
                with suppress(OSError):
                    size += one.stat(follow_symlinks=False).st_blocks * 512
                    if one.is_dir(follow_symlinks=False):
                        ahead.append(one.path)
    return size / _MB


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # the real-time ones have no names
        return f"signal {number}"


def _tell(message: Message) -> None:
    with suppress(BrokenPipeError):
        os.write(sys.stdout.fileno(), json.dumps(message).encode() + b"\n")
