"""Refuse system calls that Landlock does not see, with the Linux kernel's seccomp.

Landlock is about opening files. It lets anybody who owns a file change its mode, owner and times,
set limits to any other process of theirs, and talk by datagrams: enough to fell who judges them.

References
----------
linux/seccomp.h, linux/filter.h, and asm/unistd.h of the two architectures.
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_DROP_CAPABILITY = 24  # from what can be had again
_MOST_CAPABILITIES = 64
_OVERRIDE_MODES = 1  # CAP_DAC_OVERRIDE: root reads files of others, which Landlock judges
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # where they stand, little-endian
_FOREIGN_CALLS = 1 << 30  # x32: other numbers for the same calls
_UNIX = 1  # AF_UNIX

Instruction = tuple[int, int, int, int]

_ARCHITECTURES = {
    "x86_64": (
        0xC000003E,
        # chmod, chown, lchown, utime, set- and removexattr, utimes, fchownat, futimesat, fchmodat,
        # utimensat, fchmodat2, set- and removexattrat
        (90, 92, 94, 132, 188, 189, 197, 198, 235, 260, 261, 268, 280, 452, 463, 466),
        {"truncate": 76, "socket": 41, "prlimit": 302},
    ),
    "aarch64": (
        0xC00000B7,
        # set- and removexattr, fchmodat, fchownat, utimensat, fchmodat2, set- and removexattrat
        (5, 6, 14, 15, 53, 54, 88, 452, 463, 466),
        {"truncate": 45, "socket": 198, "prlimit": 261},
    ),
}
_IO_URING_SETUP = 425  # it would open sockets unseen


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def refuse(*, network: bool, truncation: bool) -> None:
    """Refuse calls for good, to this process and all it starts.

    Changing modes, owners and times succeeds and does nothing, since honest programs do so after
    every copy.

    Parameters
    ----------
    network
        Whether sockets other than Unix ones stay allowed.
    truncation
        Whether cutting files short by their names stays allowed: Landlock sees that from its third
        version on.

    Raises
    ------
    OSError
        The kernel refused.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(_MOST_CAPABILITIES):
        if capability != _OVERRIDE_MODES:
            libc.prctl(_DROP_CAPABILITY, capability, 0, 0, 0)  # fails for all but root, who has any
    if os.uname().machine not in _ARCHITECTURES:
        return
    program = list(_program(network=network, truncation=truncation))
    packed = b"".join(
        code.to_bytes(2, "little") + bytes((yes, no)) + word.to_bytes(4, "little")
        for code, yes, no, word in program
    )
    instructions = ctypes.create_string_buffer(packed)
    rules = _Program(len(program), ctypes.addressof(instructions))
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(rules), 0, 0):
        raise OSError(ctypes.get_errno(), "cannot refuse system calls")


def _program(*, network: bool, truncation: bool) -> Iterator[Instruction]:
    architecture, pretended, calls = _ARCHITECTURES[os.uname().machine]
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _EQUAL, 1, 0, architecture
    yield _RETURN, 0, 0, _ERROR | errno.ENOSYS
    yield _LOAD, 0, 0, _NUMBER
    yield _AT_LEAST, 0, 1, _FOREIGN_CALLS
    yield _RETURN, 0, 0, _ERROR | errno.ENOSYS
    for number in pretended:
        yield from _answer(number, _ERROR)  # with no error: it succeeds
    yield from _answer(_IO_URING_SETUP, _ERROR | errno.ENOSYS)
    if not truncation:
        yield from _answer(calls["truncate"], _ERROR | errno.EACCES)
    yield from _unless(calls["prlimit"], 0, _ERROR | errno.EPERM)
    if not network:
        yield from _unless(calls["socket"], _UNIX, _ERROR | errno.EACCES)
    yield _RETURN, 0, 0, _ALLOW


def _answer(number: int, answer: int) -> Iterator[Instruction]:
    yield _EQUAL, 0, 1, number
    yield _RETURN, 0, 0, answer


def _unless(number: int, first_argument: int, answer: int) -> Iterator[Instruction]:
    """Answer a call unless its first argument is the one that is allowed."""
    yield _EQUAL, 0, 4, number
    yield _LOAD, 0, 0, _FIRST_ARGUMENT
    yield _EQUAL, 1, 0, first_argument
    yield _RETURN, 0, 0, answer
    yield _RETURN, 0, 0, _ALLOW
