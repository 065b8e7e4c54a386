"""Versions of the packages and the program behind a dataset or a result."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("darkfigure", "numpy", "scipy", "pyarrow", "duckdb", "pandas", "splink")


def versions() -> dict[str, str]:
    """Give the versions of Python and of the packages that results depend on."""
    by_package = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            by_package[name] = version(name)
        except PackageNotFoundError:
            by_package[name] = "not installed"
    return by_package


def program(*packages: str) -> str:
    """Hash the files of this program's packages; a changed program may write another dataset.

    Parameters
    ----------
    packages
        Folders of the package, such as "synth".

    Returns
    -------
    SHA-256 as 64 hexadecimal digits.
    """
    running = hashlib.sha256()
    above = Path(__file__).parent.parent.parent
    files = (file for package in packages for file in (above / package).rglob("*"))
    for file in sorted(file for file in files if file.suffix not in {".pyc", ""}):
        running.update(f"{file.relative_to(above)}\n".encode() + file.read_bytes())
    return running.hexdigest()
