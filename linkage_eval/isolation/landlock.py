"""Close all files but some to this process for good, with the Linux kernel's Landlock.

What each version of Landlock can refuse beyond files (`version`): moving files between folders
(2), cutting them short (3), TCP (4), signals to others and abstract sockets (6).

References
----------
linux/landlock.h and Documentation/userspace-api/landlock.rst of the Linux kernel.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# The same numbers on every architecture (asm-generic/unistd.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FOLDER, _REMOVE_FILE = 1 << 4, 1 << 5
_MAKE_DEVICE = 1 << 6 | 1 << 11  # character and block devices: never allowed
_MAKE_OTHERS = 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 12
_MOVE, _TRUNCATE = 1 << 13, 1 << 14
_READ = _EXECUTE | _READ_FILE | _READ_FOLDER
_TO_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_TCP = 1 << 0 | 1 << 1  # to bind and to connect
_SIGNALS_AND_SOCKETS = 1 << 0 | 1 << 1


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


@dataclass(frozen=True)
class Doors:
    """What stays open to a process; everything else is closed to it.

    Parameters
    ----------
    read
        Files and folders that it may read and execute, as real paths.
    write
        Those that it may also change.
    closed
        What stays closed although it lies in a folder of `read`.
    listed
        Folders of which names may be read, of whatever lies in them.
    network
        Whether TCP stays open.
    """

    read: tuple[str, ...]
    write: tuple[str, ...]
    closed: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    network: bool = False


def version() -> int:
    """Give the kernel's Landlock version; 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)))


def shut(doors: Doors) -> None:
    """Refuse this process and all that it starts whatever is not open, for good.

    Call it before any thread is started, since it binds only the calling one and its children.

    Raises
    ------
    OSError
        The kernel has no Landlock or refused the rules.
    """
    rules = _handled(version(), network=doors.network)
    ruleset = _call(_CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    known = rules.handled_access_fs
    closed = frozenset(Path(one) for one in doors.closed)
    for path, rights in _readable(map(Path, doors.read), closed):
        _allow(ruleset, path, rights & known)
    for one in doors.listed:
        _allow(ruleset, Path(one), _READ_FOLDER)
    for one in doors.write:
        _allow(ruleset, Path(one), known & ~_MAKE_DEVICE)
    if _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "cannot give up new privileges")
    _call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _handled(found: int, *, network: bool) -> _RulesetAttributes:
    files = _READ | _WRITE_FILE | _REMOVE_FOLDER | _REMOVE_FILE | _MAKE_DEVICE | _MAKE_OTHERS
    files |= _MOVE if found >= 2 else 0
    files |= _TRUNCATE if found >= 3 else 0
    tcp = _TCP if found >= 4 and not network else 0
    return _RulesetAttributes(files, tcp, _SIGNALS_AND_SOCKETS if found >= 6 else 0)


def _readable(paths: Iterable[Path], closed: frozenset[Path]) -> Iterator[tuple[Path, int]]:
    """Divide folders that hold something closed: they can be listed, and what lies beside read."""
    for path in paths:
        if path in closed:
            continue
        if not any(path in one.parents for one in closed):
            yield path, _READ
        elif path.is_dir():
            # Python's import lists every folder that it searches.
            yield path, _READ_FOLDER
            yield from _readable(sorted(path.iterdir()), closed)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    # A followed link would open what it points to, which may be closed.
    try:
        opened = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    try:
        mode = os.fstat(opened).st_mode
        if not stat.S_ISLNK(mode):
            rule = _PathBeneath(rights if stat.S_ISDIR(mode) else rights & _TO_FILES, opened)
            _call(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(opened)


def _call(number: int, *arguments: object) -> int:
    result = int(_libc().syscall(number, *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Landlock: {os.strerror(error)}")
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
