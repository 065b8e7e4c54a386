"""A suite that is interrupted."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tiny_suite import broken_in, tiny_suite

from darkfigure.linkage_eval.runs.run import Run
from darkfigure.linkage_eval.runs.suite import Suite
from darkfigure.linkage_eval.runs.tables import TABLES

# Links by surname, tells the pairs it compared, and waits while a file says so.
WAITING = """
import time
from pathlib import Path
import numpy as np

class Waiting:
    name = "waiting"

    def __init__(self, *, wait):
        self.file = Path(wait)

    def link(self, left, right, *, seed):
        end = time.monotonic() + 120
        while self.file.exists() and time.monotonic() < end:
            time.sleep(0.05)
        pairs = left.to_pandas().merge(right.to_pandas(), on=["surname", "forename"])
        return {"left_id": pairs["record_id_x"], "right_id": pairs["record_id_y"]}

    def block(self, left, right):
        rows = np.arange(min(len(left), len(right)))
        return rows, rows
"""


def suite_in(folder: Path, **changes: object) -> Suite:
    """Make a suite of two linkers, one of which fails, on two worlds: four cells."""
    (folder / "waiting.py").write_text(WAITING)
    waiting = {"name": f"{folder / 'waiting.py'}:Waiting", "label": "waiting"}
    linkers = [broken_in(folder), waiting | {"options": {"wait": str(folder / "wait")}}]
    return tiny_suite(linkers, **{"seeds": [1, 2], "decisions": ["none", "greedy"]} | changes)


def digests(run: Run) -> dict[str, str]:
    """Hash every file of a run but those of its costs and its worlds."""
    files = [run.path / f"{name}.parquet" for name in TABLES if name != "timings"]
    files += [run.path / "manifest.json", *run.path.glob("links/*"), *run.path.glob("candidates/*")]
    return {
        str(file.relative_to(run.path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(files)
    }
