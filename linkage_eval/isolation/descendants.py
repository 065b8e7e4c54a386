"""All processes below this one: who they are, what they take, and how they are ended.

Once `adopt` was called the kernel gives this process whatever its descendants leave behind, so
nobody gets away by starting a session of their own or by forking twice.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

_CHILD_SUBREAPER = 36
_MB = 1 << 20
_KB = 1 << 10
_BLOCK = 512  # bytes, whatever the file system's own
_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / _MB
_SHARED = "/dev/shm"  # noqa: S108, where the C library keeps shared memory
_CPU_CLOCK = 2  # of a process: linux/posix-timers.h
_PATIENCE_SECONDS = 10.0

_Identity = tuple[int, int]  # device and inode of a file


def adopt() -> None:
    """Become the parent of what descendants leave behind."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, 1, 0, 0, 0)


@dataclass(frozen=True)
class _Process:
    pid: int
    parent: int
    state: str
    group: int
    waited_seconds: float  # CPU time of its own children that it has waited for
    born: int
    resident_mb: float

    @classmethod
    def read(cls, pid: int) -> _Process | None:
        try:
            with open(f"/proc/{pid}/stat", "rb") as stat:  # noqa: PTH123, quicker
                fields = stat.read().rpartition(b")")[2].split()
        except OSError:
            return None
        return cls(
            pid,
            int(fields[1]),
            fields[0].decode(),
            int(fields[2]),
            (int(fields[13]) + int(fields[14])) * _TICK,
            int(fields[19]),
            int(fields[21]) * _PAGE_MB,
        )

    def cpu_seconds(self) -> float:
        """Give the CPU time of all its threads, those that ended too."""
        with suppress(OSError):
            return time.clock_gettime((~self.pid << 3) | _CPU_CLOCK)
        return 0.0


class _SharedMemory:
    """Memory that belongs to files: in no process, yet held by those that made it.

    A file counts as theirs only once a descendant was seen to hold it, open or mapped. Everything
    else there is somebody else's, whenever it was made, and must neither be counted nor removed.
    """

    _EVERY_SECONDS = 0.2

    def __init__(self) -> None:
        self._before = set(_shared_files())
        self._ours: set[_Identity] = set()
        self._next = 0.0
        self._last = 0.0
        self._devices = set(_devices())

    def unmapped_mb(self, pids: list[int]) -> float:
        """Give what is in no process's own size; looked up five times a second."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self._EVERY_SECONDS
            held = self._held(pids)
            mapped = sum(_status_kb(pid, "RssShmem:") for pid in pids) / _KB if held > 1 else 0.0
            self._last = max(0.0, held - mapped)
        return self._last

    def remove(self) -> None:
        """Remove the files that descendants left."""
        for identity, (name, _) in _shared_files().items():
            if identity in self._ours - self._before:
                with suppress(OSError):
                    os.unlink(f"{_SHARED}/{name}")  # noqa: PTH108

    def _held(self, pids: list[int]) -> float:
        sizes: dict[_Identity, int] = {}
        for pid in pids:
            for file in _opened(pid):
                with suppress(OSError):
                    found = os.stat(file)  # noqa: PTH116
                    if found.st_dev in self._devices:
                        sizes[found.st_dev, found.st_ino] = found.st_blocks * _BLOCK
            self._ours |= set(_mapped(pid))
        self._ours |= set(sizes)
        lying = _shared_files().items()
        sizes |= {
            identity: size
            for identity, (_, size) in lying
            if identity in self._ours and identity not in self._before
        }
        return sum(sizes.values()) / _MB


@dataclass
class Descendants:
    """The processes below this one.

    Who was once seen to be no descendant never becomes one: reading about all processes of a
    machine, twenty times a second, would take as much of the processor as many a linker.
    """

    peak_mb: float = 0.0
    count: int = 0
    _others: set[int] = field(default_factory=set)
    _own_seconds: dict[tuple[int, int], float] = field(default_factory=dict)
    _reaped_seconds: float = 0.0
    _shared: _SharedMemory = field(default_factory=_SharedMemory)

    def resident_mb(self) -> float:
        """Add up the memory of all, shared memory that is in no process included."""
        found = self._alive()
        self.count = len(found)
        for one in found:
            self._own_seconds[one.pid, one.born] = one.cpu_seconds()
        held = sum(one.resident_mb for one in found)
        held += self._shared.unmapped_mb([one.pid for one in found])
        self.peak_mb = max(self.peak_mb, held)
        return held

    def cpu_seconds(self) -> float:
        """Add up the CPU time of all that are and were."""
        found = self._alive()
        alive = 0.0
        for one in found:
            own = one.cpu_seconds()
            self._own_seconds[one.pid, one.born] = own
            alive += own + one.waited_seconds
        # A parent that does not wait for its children loses their time: then what was seen counts.
        return max(alive + self._reaped_seconds, sum(self._own_seconds.values()))

    def note_peak(self) -> None:
        """Count in the largest size that the kernel knows of any process alive."""
        peaks = [_status_kb(one.pid, "VmHWM:") for one in self._alive()]
        self.peak_mb = max(self.peak_mb, max(peaks, default=0) / _KB)

    def reap(self) -> dict[int, int]:
        """Take note of those that ended; give the exit status of each by process number."""
        ended: dict[int, int] = {}
        with suppress(ChildProcessError):
            while True:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
                if not pid:
                    break
                ended[pid] = status
                self._reaped_seconds += usage.ru_utime + usage.ru_stime
                if sys.platform.startswith("linux"):
                    self.peak_mb = max(self.peak_mb, usage.ru_maxrss / _KB)
        return ended

    def end(self, first: int) -> None:
        """Kill all until nobody is left, and remove what they left in shared memory.

        Parameters
        ----------
        first
            The process that was started, for systems that do not tell who descends from it.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        self._others.clear()
        while _has_children() and time.monotonic() < deadline:
            found = self._alive()
            # A group at once, lest it grow while it is killed one by one.
            _kill(os.killpg, {first, *(one.group for one in found)} - {os.getpgrp()})
            _kill(os.kill, [one.pid for one in found])
            self.reap()
            time.sleep(0.001)
        self._shared.remove()

    def _alive(self) -> list[_Process]:
        try:
            here = {int(name) for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208
        except OSError:
            return []
        me = os.getpid()
        self._others &= here  # the number of one that ended is given again
        read = map(_Process.read, here - self._others - {me})
        found = {one.pid: one for one in read if one}
        mine: dict[int, bool] = {me: True}
        for pid in found:
            self._descends(pid, found, mine)
        self._others |= {pid for pid, own in mine.items() if not own}
        return [one for pid, one in found.items() if mine[pid] and one.state != "Z"]

    def _descends(self, pid: int, found: dict[int, _Process], mine: dict[int, bool]) -> None:
        way = []
        while pid not in mine and pid in found:
            way.append(pid)
            pid = found[pid].parent
        mine.update(dict.fromkeys(way, mine.get(pid, False)))


def _shared_files() -> dict[_Identity, tuple[str, int]]:
    """Give name and bytes of each file of shared memory that belongs to this user."""
    files = {}
    with suppress(OSError), os.scandir(_SHARED) as entries:
        for entry in entries:
            with suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                if entry.is_file(follow_symlinks=False) and found.st_uid == os.getuid():
                    size = found.st_blocks * _BLOCK
                    files[found.st_dev, found.st_ino] = (entry.name, size)
    return files


def _devices() -> Iterable[int]:
    with suppress(OSError):
        yield os.stat(_SHARED).st_dev  # noqa: PTH116
    if sys.platform.startswith("linux"):
        file = os.memfd_create("darkfigure")
        yield os.fstat(file).st_dev
        os.close(file)


def _numbers(folder: str) -> list[int]:
    with suppress(OSError):
        return [int(name) for name in os.listdir(folder) if name.isdigit()]  # noqa: PTH208
    return []


def _opened(pid: int) -> list[str]:
    return [f"/proc/{pid}/fd/{number}" for number in _numbers(f"/proc/{pid}/fd")]


def _mapped(pid: int) -> Iterator[_Identity]:
    """Give the files of shared memory that a process has mapped, by whatever name it knows them.

    The C library maps a semaphore under a name that it takes away again.
    """
    with suppress(OSError), open(f"/proc/{pid}/maps", encoding="utf-8", errors="replace") as maps:  # noqa: PTH123
        for line in maps:
            if _SHARED in line:
                _, _, _, device, inode, _ = line.split(maxsplit=5)
                major, minor = (int(part, 16) for part in device.split(":"))
                yield os.makedev(major, minor), int(inode)


def _status_kb(pid: int, field_name: str) -> int:
    with (
        suppress(OSError),
        open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as status,  # noqa: PTH123
    ):
        for line in status:
            if line.startswith(field_name):
                return int(line.split()[1])
    return 0


def _has_children() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _kill(how: object, numbers: Iterable[int]) -> None:
    for number in numbers:
        with suppress(ProcessLookupError, PermissionError):
            how(number, signal.SIGKILL)  # type: ignore[operator]
