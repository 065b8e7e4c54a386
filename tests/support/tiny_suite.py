"""Suites on the tiny world."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tiny_world import write_world

from darkfigure.linkage_eval.runs.suite import DataSource, Suite
from darkfigure.synth.core.spec import build
from darkfigure.synth.storage.dataset import Dataset

BROKEN = """
class Broken:
    name = "broken"
    def link(self, left, right, *, seed):
        raise RuntimeError("no luck")
"""


def tiny_suite(linkers: Sequence[object], /, **changes: object) -> Suite:
    """Make a suite of the tiny world, attendances linked to police records unless changed."""
    usual = {
        "name": "tiny",
        "title": "Six people",
        "scenarios": [{"name": "tiny"}],
        "tasks": [{"left": "ed", "right": "police"}],
        "linkers": list(linkers),
    }
    return build(Suite, usual | changes, "suite 'tiny'")


def broken_in(folder: Path) -> dict[str, str]:
    """Write a linker that fails, and give its entry in a suite."""
    (folder / "broken.py").write_text(BROKEN)
    return {"name": f"{folder / 'broken.py'}:Broken", "label": "broken"}


def make_tiny(world: DataSource, seed: int, folder: Path) -> Dataset:
    """Write the tiny world where a run keeps its datasets."""
    return write_world(folder / f"{world.name}-{seed}", seed=seed)
