"""Hide packages that are installed, so that what happens without them can be seen.

With a copy of this file in a folder on PYTHONPATH every Python that starts reads it, linkers' own
processes too; which packages are hidden, a module `hidden_packages` beside it says.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.machinery import ModuleSpec
from typing import Any

from hidden_packages import PACKAGES


class _Blind:
    """A finder of modules that does not find some packages."""

    def __init__(self, finder: Any, hidden: Iterable[str]) -> None:
        self._finder, self._hidden = finder, frozenset(hidden)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Find a module, unless it belongs to a hidden package."""
        if name.partition(".")[0] in self._hidden:
            return None
        return self._finder.find_spec(name, path, target)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._finder, name)


def hide(packages: list[str]) -> None:
    """Let no package of these names be imported from now on, nor be found."""
    sys.meta_path[:] = [_Blind(finder, packages) for finder in sys.meta_path]


hide(PACKAGES)
