"""Versions of what made a dataset or a result."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("darkfigure", "numpy", "scipy", "pyarrow", "duckdb", "pandas", "splink")


def versions() -> dict[str, str]:
    """Give the versions of Python and of the packages that results depend on."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def program(*packages: str) -> str:
    """Hash the files of this program's packages: one that has changed may write something else."""
    running = hashlib.sha256()
    above = Path(__file__).parent.parent.parent
    files = (file for package in packages for file in (above / package).rglob("*"))
    for file in sorted(file for file in files if file.suffix not in {".pyc", ""}):
        running.update(f"{file.relative_to(above)}\n".encode() + file.read_bytes())
    return running.hexdigest()
