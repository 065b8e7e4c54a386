"""What several tests look at, made once a session, also where several processes share the tests."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Give a folder that whoever needs it first makes; the others wait, and nobody writes to it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # each worker has a folder of its own in the session's
    shared = base / "once"
    shared.mkdir(exist_ok=True)
    whole, making = shared / name, shared / f"{name}.making"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(making, ignore_errors=True)  # of a worker that was killed
            make(making)
            making.rename(whole)
    return whole
