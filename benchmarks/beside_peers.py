"""Darkfigure beside its peers, one after the other in one run: rows a CPU second, and memory.

`make bench-peers` calls it with the interpreter of the peers' environment. Each runs in a process
of its own. Gecko and pseudopeople are given the rows that they make faulty; DupeHell and Faker
make rows that have nothing to do with each other; ours are lives that meet in all agencies. The
floor writes Merthyr's finished tables and does nothing else.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from bench_peers_entry import in_peers_columns, known, ours
from peers_worlds import N_SCORED
from pyarrow import csv

from darkfigure.linkage_eval.evaluation.metrics.clusters import cluster_measures, contingency
from darkfigure.scenarios import load_scenario
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import Dataset
from darkfigure.synth.storage.parts import encoding_of

Said = dict[str, Any]
WORLD, ROWS = "merthyr", "rows.csv"


def ours_entered(_: Path) -> Said:
    """Enter the rows that Gecko and pseudopeople are given."""
    rows = known()
    seconds, changed = ours(rows)
    return {"rows": len(rows), "columns": 7, "cpu_s": seconds, "changed": changed}


def ours_generated(folder: Path) -> Said:
    """Make Merthyr Tydfil: every agency, faults, truth and ledger."""
    begin = time.process_time()
    made = generate(load_scenario(WORLD), folder / WORLD)
    return _written(made, time.process_time() - begin)


def floor(folder: Path) -> Said:
    """Write the finished tables again."""
    made = Dataset.open(folder / WORLD)
    tables = [made.read(name) for name in made.tables]
    begin = time.process_time()
    for table in tables:
        pq.write_table(table, folder / "again.parquet", **encoding_of(table))
    return _written(made, time.process_time() - begin)


def _written(made: Dataset, seconds: float) -> Said:
    """Count rows, and the columns that a row has in the mean."""
    files = [pq.ParquetFile(made.file(name)).metadata for name in made.tables]
    rows = sum(one.num_rows for one in files)
    cells = sum(one.num_rows * one.num_columns for one in files)
    return {"rows": rows, "columns": round(cells / rows, 1), "cpu_s": seconds}


def ours_scored(_: Path) -> Said:
    """Measure the clusters that er-evaluation is given, eight ways."""
    true = np.arange(N_SCORED) // 2
    found = np.where(np.arange(N_SCORED) % 10 == 0, (true + 1) % (N_SCORED // 2), true)
    begin = time.process_time()
    measured = cluster_measures(contingency(found, true))
    return {
        "rows": N_SCORED,
        "columns": len(measured),
        "cpu_s": time.process_time() - begin,
    }


OURS: dict[str, Callable[[Path], Said]] = {
    "darkfigure: enter": ours_entered,
    "darkfigure: generate": ours_generated,
    "floor": floor,
    "darkfigure: score": ours_scored,
}
PEERS = {
    "gecko: mutate": ("peers_entry.py", "gecko", ROWS),
    "pseudopeople: noise": ("peers_entry.py", "pseudopeople", ROWS),
    "dupehell: kyc, medium": ("peers_worlds.py", "dupehell-medium"),
    "dupehell: kyc, hell": ("peers_worlds.py", "dupehell-hell"),
    "faker: people": ("peers_worlds.py", "faker"),
    "er-evaluation: score": ("peers_worlds.py", "er-evaluation"),
}


def _run(command: list[str], folder: Path) -> Said:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failure": done.stderr.strip().splitlines()[-1]}
    said: Said = json.loads(done.stdout.splitlines()[-1])
    return said


def _compare(interpreter: str) -> dict[str, Said]:
    here, found = Path(__file__).parent, {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        csv.write_csv(in_peers_columns(known()), folder / ROWS)
        for who in OURS:
            found[who] = _run([sys.executable, __file__, "--one", who], folder)
        for who, (script, *told) in PEERS.items():
            found[who] = _run([interpreter, str(here / script), *told], folder)
    return found


def _print(found: dict[str, Said]) -> None:
    form = "{:<22} {:>9} {:>7} {:>12} {:>12} {:>8}"
    print(form.format("", "rows", "columns", "rows/CPU s", "cells/CPU s", "peak MB"))  # noqa: T201
    for who, said in found.items():
        if "failure" in said:
            print(f"{who:<22} failed: {said['failure']}")  # noqa: T201
            continue
        speed = said["rows"] / said["cpu_s"]
        numbers = (said["rows"], speed, speed * said["columns"], said["peak_mb"])
        rows, by_rows, by_cells, peak = (f"{number:,.0f}" for number in numbers)
        print(form.format(who, rows, said["columns"], by_rows, by_cells, peak))  # noqa: T201


def main() -> None:
    """Measure all and print a table; or one of ours, as JSON."""
    if sys.argv[1] != "--one":
        _print(_compare(str(Path(sys.argv[1]).absolute())))
        return
    said = OURS[sys.argv[2]](Path.cwd())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(said | {"peak_mb": peak}))  # noqa: T201


if __name__ == "__main__":
    main()
