"""The cache: what took long to imagine, kept for later calls of the same program.

Each thing is a file in a folder that only its owner can read and write, sealed with a key that lies
there too: reading a pickle can run any program, so nothing is read that this user's own calls did
not write. What is damaged is imagined again. The things that were used last stay.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_cache_path

from darkfigure.synth.core.errors import DarkfigureError, SpecError
from darkfigure.synth.storage.frozen import Frozen, freeze

T = TypeVar("T")
FOLDER, LIMIT = "DARKFIGURE_CACHE", "DARKFIGURE_CACHE_GB"  # variables of the environment
_GB_KEPT = 4.0  # unless `LIMIT` says another number; Wales takes one; assumed
_GB = 10**9  # bytes; no rate
_KEY, _KEY_BYTES = "key", 32  # no rate
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_CHECKSUM_DIGITS = 8  # hexadecimal; no rate


@dataclass(frozen=True)
class KeptThing:
    """A file of the cache.

    Parameters
    ----------
    file
        Its path.
    title
        What it is.
    size
        Bytes.
    used
        Last use, in seconds since 1970-01-01.
    """

    file: Path
    title: str
    size: int
    used: float


def cache_folder() -> Path:
    """Give the folder of the cache, which may not be there yet."""
    return Path(os.environ.get(FOLDER) or user_cache_path("darkfigure"))


def cache_limit() -> int:
    """Give the bytes that the cache may take; 0 keeps nothing.

    Raises
    ------
    SpecError
        The variable of the environment holds no number.
    """
    told = os.environ.get(LIMIT) or str(_GB_KEPT)
    try:
        limit = float(told)
    except ValueError:
        limit = -1.0
    if not 0 <= limit < float("inf"):
        raise SpecError(
            f"{LIMIT} is {told!r}; give the gigabytes that the cache may take, such as 4, or 0 to "
            "keep nothing"
        )
    return int(limit * _GB)


def kept_things() -> list[KeptThing]:
    """List what is kept, the last used first."""
    files = cache_folder().glob("*.world") if cache_folder().is_dir() else ()
    things = [
        KeptThing(file, file.name.rsplit(".", 2)[0], found.st_size, found.st_mtime)
        for file in files
        if (found := _told_of(file)) is not None
    ]
    return sorted(things, key=lambda thing: thing.used, reverse=True)


def forget_things(limit: int = 0) -> list[KeptThing]:
    """Delete what was not used for longest, until the rest takes no more than a number of bytes.

    Parameters
    ----------
    limit
        Bytes that may stay.

    Returns
    -------
    What was deleted.
    """
    total, gone = 0, []
    for thing in kept_things():
        total += thing.size
        if total > limit:
            thing.file.unlink(missing_ok=True)
            gone.append(thing)
    return gone


def kept(title: str, recipe: str, make: Callable[[], T]) -> T:
    """Give a thing that an earlier call kept, or make and keep it.

    Where the cache cannot be used, for want of room or of a folder of one's own, the thing is made.

    Parameters
    ----------
    title
        What the thing is, in small letters, digits and hyphens.
    recipe
        All that determines the thing.
    make
        Makes it; it can be pickled.
    """
    limit = cache_limit()
    key = _own_key() if limit else None
    if key is None:
        return make()
    name = f"{title}.{hashlib.sha256(recipe.encode()).hexdigest()}"
    for file in cache_folder().glob(f"{name}-*.world"):
        with suppress(DarkfigureError, OSError, ValueError):
            thing: T = _read(file, key)
            return thing
        file.unlink(missing_ok=True)
    thing = make()
    with suppress(OSError):
        _write(thing, name, key)
        forget_things(limit)
    return thing


def _read(file: Path, key: bytes) -> Any:  # noqa: ANN401, a kept thing is anything
    """Read a thing whose content has the checksum in the file's name."""
    if _checksum(file) != file.stem[-_CHECKSUM_DIGITS:]:
        raise ValueError(file)
    thing = Frozen(file, key).thaw()
    os.utime(file)
    return thing


def _write(thing: object, name: str, key: bytes) -> None:
    unfinished = cache_folder() / f"{name}.{os.getpid()}"
    try:
        freeze(thing, unfinished, key)
        unfinished.rename(cache_folder() / f"{name}-{_checksum(unfinished)}.world")
    finally:
        unfinished.unlink(missing_ok=True)


def _checksum(file: Path) -> str:
    """Tell a damaged file; the seal, which is slower, covers its structure alone."""
    found, size = 0, 1 << 22
    with file.open("rb") as opened:
        while part := opened.read(size):
            found = zlib.crc32(part, found)
    return f"{found:0{_CHECKSUM_DIGITS}x}"


def _own_key() -> bytes | None:
    """Give the key of the cache; None where others could have put something there."""
    folder = cache_folder()
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / _KEY
        with suppress(FileExistsError):
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(file, flags, 0o600), "wb") as out:
                out.write(secrets.token_bytes(_KEY_BYTES))
        if _mine_alone(folder) and _mine_alone(file):
            key = file.read_bytes()
            return key if len(key) == _KEY_BYTES else None
    return None


def _mine_alone(path: Path) -> bool:
    found = path.lstat()
    linked = stat.S_ISLNK(found.st_mode)
    return found.st_uid == os.getuid() and not found.st_mode & _OTHERS and not linked


def _told_of(file: Path) -> os.stat_result | None:
    with suppress(FileNotFoundError):  # another process deleted it
        return file.stat()
    return None
