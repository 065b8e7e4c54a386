"""Folders that may be replaced: only files that we wrote, all others are the user's."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from darkfigure.synth.core.errors import OutputError
from darkfigure.synth.storage.manifest import MANIFEST, PACKAGE
from darkfigure.synth.storage.parts import SYNTHETIC

# A table may be a folder of the parts that several machines wrote.
_PART = re.compile(r"\d+\.parquet")
_N_NAMED = 3


def refuse_occupied(out: Path, *, overwrite: bool) -> None:
    """Refuse to write to a place with files that are not ours to replace.

    Parameters
    ----------
    out
        Folder to write.
    overwrite
        Whether our own dataset, or our own output of a strategy, may be replaced there.

    Raises
    ------
    OutputError
        `out` is a file; or holds files that we did not write; or our files, and `overwrite` is not
        set.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise OutputError(f"{out} is a file; choose a folder.")
    if not any(out.iterdir()):
        return
    if _read(out / MANIFEST).get("notice") != SYNTHETIC:
        raise OutputError(f"{out} holds other things; choose an empty or a new folder.")
    if not overwrite:
        raise OutputError(f"{out} exists already; choose another folder or add --overwrite.")
    strange = list(_strange(out, _written(out)))
    if strange:
        more = len(strange) - _N_NAMED
        named = ", ".join(strange[:_N_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        raise OutputError(
            f"{out} holds what was not written with it: {named}. Nothing was deleted; move them "
            "elsewhere, or choose another folder."
        )


def refuse_special(file: Path) -> None:
    """Refuse a place where a device, a pipe or a socket is: a file moved there would replace it.

    Parameters
    ----------
    file
        Place of a file to write.

    Raises
    ------
    OutputError
        Something is there that is neither a file nor a folder.
    """
    if file.exists() and not file.is_file() and not file.is_dir():
        raise OutputError(f"{file} is a device or a pipe, not a file; choose another place.")


def put_in_place(made: Path, out: Path, *, overwrite: bool) -> None:
    """Move a folder to its place; an older one there is deleted, if all of it is ours.

    Parameters
    ----------
    made
        Folder to move.
    out
        Its place.
    overwrite
        See `refuse_occupied`.

    Raises
    ------
    OutputError
        Something came to lie there that is not ours to replace.
    OSError
        The folder cannot be moved; the older one is still in its place.
    """
    refuse_occupied(out, overwrite=overwrite)
    if not out.exists():
        made.rename(out)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    old = aside / "replaced"
    try:
        out.rename(old)
        try:
            made.rename(out)
        except OSError:
            old.rename(out)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _written(folder: Path) -> set[str]:
    """Give our paths below a folder, as its manifest and package list them."""
    listed = _read(folder / MANIFEST).get("files", [])
    resources = _read(folder / PACKAGE).get("resources", [])
    with suppress(TypeError, KeyError):
        return {
            MANIFEST,
            PACKAGE,
            *map(str, listed),
            *(str(resource["path"]) for resource in resources),
        }
    return {MANIFEST, PACKAGE}


def _read(file: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        data = json.loads(file.read_text(encoding="utf-8"))
        return data if isinstance(data, dict) else {}
    return {}


def _strange(folder: Path, ours: Collection[str]) -> Iterator[str]:
    """Name the files below a folder that are not ours; a folder without any of ours stands for all.

    A link is the user's, wherever it points.
    """
    above = {str(parent) for path in ours for parent in PurePosixPath(path).parents}
    for place, folders, files in os.walk(folder):
        below = PurePosixPath(Path(place).relative_to(folder).as_posix())
        within_table = str(below) in ours
        for name in sorted(files):
            known = _PART.fullmatch(name) if within_table else str(below / name) in ours
            if not known or Path(place, name).is_symlink():
                yield str(below / name)
        for name in sorted(folders):
            path = str(below / name)
            if path not in above | set(ours) or Path(place, name).is_symlink():
                folders.remove(name)
                yield f"{path}/"
