"""Close folders to this process for good, with the Linux kernel's Landlock.

Landlock can only allow. So everything is allowed except what is closed: on each folder along the
way from the root to a closed one, every entry but the next step of that way. What is created
afterwards in such a folder of the way is closed too.

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
from pathlib import Path

# The same numbers on every architecture (asm-generic/unistd.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38

_EXECUTE, _WRITE_FILE, _READ_FILE = 1 << 0, 1 << 1, 1 << 2
_REMOVE_DIR, _REMOVE_FILE = 1 << 4, 1 << 5
_MAKE_DIR, _MAKE_FILE, _MAKE_SYMLINK = 1 << 7, 1 << 8, 1 << 12
_MOVE, _TRUNCATE = 1 << 13, 1 << 14
# Listing stays free: Python's import lists every folder it searches, and names are no secret.
_FOR_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE
_FOR_FOLDERS = _FOR_FILES | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_FILE | _MAKE_SYMLINK
_ABI_WITH_MOVE, _ABI_WITH_TRUNCATE = 2, 3


class _RulesetAttributes(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneath(ctypes.Structure):
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def version() -> int:
    """Give the kernel's Landlock version; 0 where there is none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(_libc().syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)))


def close(folders: Iterable[Path], *, keep: Iterable[Path] = ()) -> None:
    """Refuse this process and all it starts any file below some folders, for good.

    Call it before any thread is started, since it binds only the calling one and its children.

    Parameters
    ----------
    folders
        To be closed; those that do not exist are passed over.
    keep
        Folders that stay open whatever lies beside them.

    Raises
    ------
    OSError
        The kernel has no Landlock or refused the rules.
    """
    closed = {Path(os.path.realpath(folder)) for folder in folders if folder.exists()}
    if not closed:
        return
    found = version()
    move = _MOVE if found >= _ABI_WITH_MOVE else 0
    truncate = _TRUNCATE if found >= _ABI_WITH_TRUNCATE else 0
    on_files, on_folders = _FOR_FILES | truncate, _FOR_FOLDERS | move | truncate
    rules = _RulesetAttributes(on_folders)
    ruleset = _call(_CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    for path in (*_all_but(closed), *keep):
        _allow(ruleset, path, on_files, on_folders)
    if _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "cannot give up new privileges")
    _call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _all_but(closed: set[Path]) -> Iterator[Path]:
    """Walk the ways to the closed folders; give what lies beside them."""
    way = {above for folder in closed for above in folder.parents}
    for folder in sorted(way):
        yield from (entry for entry in folder.iterdir() if entry not in way | closed)


def _allow(ruleset: int, path: Path, on_files: int, on_folders: int) -> None:
    # A followed link would open what it points to, which may be closed.
    try:
        opened = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return
    try:
        mode = os.fstat(opened).st_mode
        if not stat.S_ISLNK(mode):
            rights = on_folders if stat.S_ISDIR(mode) else on_files
            rule = _PathBeneath(rights, opened)
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
