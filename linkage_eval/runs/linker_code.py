"""The code of a linker, hashed, so that a run can tell whether it is still the same."""

from __future__ import annotations

import hashlib
import shlex
from contextlib import suppress
from importlib.metadata import entry_points
from pathlib import Path

from darkfigure.linkage_eval.linkers import registry
from darkfigure.linkage_eval.runs.suite import LinkerEntry


def code_of(linker: LinkerEntry) -> list[str]:
    """Hash the code of a linker of the user's own, as far as its name in the suite tells it.

    The code of a class in a file is all modules beside it, which it may import; that of a command
    the files that it names; that of a plug-in its version. A file that an option names may be one
    that the linker writes, such as a cache, and is no code.
    """
    points = entry_points(group=registry.GROUP, name=linker.name)
    versions = [f"{point.dist.name} {point.dist.version}" for point in points if point.dist]
    files = {Path(word) for word in _words_of(linker) if _is_file(word)}
    for file in [file for file in files if file.suffix == ".py"]:
        files |= set(file.parent.glob("*.py"))
    return versions + [_digest(file) for file in sorted(files)]


def _words_of(linker: LinkerEntry) -> list[str]:
    """Give all words of a linker's name that may be files."""
    if not linker.name.startswith("cmd:"):
        return [linker.name.rpartition(":")[0]]
    with suppress(ValueError):  # quotes that do not match: the linker itself will fail on them
        return shlex.split(linker.name.removeprefix("cmd:"))
    return []


def _is_file(word: str) -> bool:
    try:
        return Path(word).is_file()
    except (OSError, ValueError):  # too long for a name, or none at all
        return False


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
