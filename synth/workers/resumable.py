"""Make a dataset in steps, so that an interruption loses no finished block.

The unfinished dataset lies beside its place, in `.<name>.unfinished`, and is renamed into place at
the end. The next call with the same scenario, program and packages goes on from there; any other
call begins anew.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from darkfigure.synth.core.errors import InterruptionError, OutputError
from darkfigure.synth.core.versions import program
from darkfigure.synth.storage.parts import Store
from darkfigure.synth.storage.replacing import put_in_place, refuse_occupied

_RECIPE, _LOCK = "made.json", "lock"


@contextmanager
def unfinished(
    out: Path, recipe: Mapping[str, Any], *, overwrite: bool = False, spread: bool = False
) -> Iterator[Store]:
    """Give a store to make a dataset in; it becomes `out` when all goes well.

    Parameters
    ----------
    out
        Folder of the dataset.
    recipe
        Everything that determines the content; unfinished work of another recipe is deleted.
    overwrite
        Replace a dataset that `out` holds already, if it holds nothing else.
    spread
        See `Store`.

    Raises
    ------
    OutputError
        `out` holds something, cannot be written, or is being made by another process.
    InterruptionError
        A worker process was killed.
    KeyboardInterrupt
        Somebody stopped it; its text says what is kept.
    """
    refuse_occupied(out, overwrite=overwrite)
    store = Store(out.parent / f".{out.name}.unfinished", spread)
    _refuse_others(store.folder)
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        with _alone(store.folder), _tidy(store):
            _begin(store, {**recipe, "program": program("synth"), "spread": spread})
            yield store
            put_in_place(store.tables, out, overwrite=overwrite)
            shutil.rmtree(store.folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{out} cannot be written: {reason}. {_kept(store)}") from None
    except KeyboardInterrupt as stop:
        raise type(stop)(_kept(store)) from None
    except BrokenProcessPool:
        raise InterruptionError(
            f"A process that was making {out} was killed, often for want of memory: try fewer "
            f"--workers. {_kept(store)}"
        ) from None


def _refuse_others(folder: Path) -> None:
    """Refuse to work in somebody else's folder of that name: its content would be deleted."""
    ours = any((folder / name).exists() for name in (_LOCK, _RECIPE))
    if folder.exists() and not ours and any(folder.iterdir()):
        raise OutputError(f"{folder} holds other things; move them, or choose another --out.")


@contextmanager
def _tidy(store: Store) -> Iterator[None]:
    """Delete the folder if it holds no finished block."""
    try:
        yield
    finally:
        if not store.finished():
            shutil.rmtree(store.folder, ignore_errors=True)


def _kept(store: Store) -> str:
    count = len(store.finished())
    if not count:
        return "Nothing was left behind."
    blocks = "1 finished block" if count == 1 else f"{count} finished blocks"
    return (
        f"{store.folder} keeps {blocks}: the same command goes on from there. "
        "Delete that folder to give up."
    )


def _begin(store: Store, recipe: Mapping[str, Any]) -> None:
    """Keep the work of an earlier call by the same recipe; delete any other."""
    text = json.dumps(recipe, sort_keys=True, default=str)
    file = store.folder / _RECIPE
    # We make no links: a link of another would lead our files elsewhere.
    has_links = any(inner.is_symlink() for inner in store.folder.rglob("*"))
    with suppress(FileNotFoundError, ValueError):
        if not has_links and file.read_text(encoding="utf-8") == text:
            store.mend()
            return
    for other in store.folder.iterdir():
        if other.is_dir() and not other.is_symlink():
            shutil.rmtree(other)
        elif other.name != _LOCK:
            other.unlink()
    store.tables.mkdir()
    file.write_text(text, encoding="utf-8")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lock a folder against other processes until this one ends, in whatever way."""
    # Not through a link, which could empty any file of ours.
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    with os.fdopen(os.open(folder / _LOCK, flags, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(
                f"{folder} is in use: another process is making this dataset. Wait for it, or "
                "choose another --out."
            ) from None
        yield
