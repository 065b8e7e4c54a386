"""Names and titles of the library's strategies and overlays, read without checking the files."""

from __future__ import annotations

from darkfigure import scenarios


def strategy_names() -> dict[str, str]:
    """Give the title of each strategy of the library, by name."""
    return _titles("strategy")


def overlay_names() -> dict[str, str]:
    """Give the title of each overlay of the library, by name."""
    return _titles("overlay")


def _titles(kind: str) -> dict[str, str]:
    """Give the titles of the files that have a table of that name."""
    files = {name: scenarios.read("strategies", name) for name in scenarios.names("strategies")}
    return {name: str(data[kind]["title"]) for name, data in files.items() if kind in data}
