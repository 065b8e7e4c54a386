"""What isolating a linker costs: a cell of the trivial linker on few records; ten million links.

`pytest -s benchmarks/bench_isolation.py`. DARKFIGURE_BENCH_BESIDE names a checkout of another
version to be timed beside this one, in turns, each cell counted whole: from the call to its
outcome, with the start of all processes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from bench_linkage import make_sides, truth_of

from darkfigure.linkage_eval.isolation.parent import Job, Limits, run_isolated

ROUNDS = int(os.environ.get("DARKFIGURE_BENCH_ROUNDS", "10"))
BESIDE = os.environ.get("DARKFIGURE_BENCH_BESIDE", "")
N_RECORDS = 3_000
MANY = 10_000_000
ROOT = Path(__file__).parent.parent
# One process a version, which does a cell whenever it is told to.
CELLS = """
import json, pickle, resource, sys, time
from darkfigure.linkage_eval.isolation.parent import Job, run_isolated
left, right = pickle.load(open(sys.argv[1], "rb"))
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    outcome = run_isolated(Job("exact", compared=True), left, right)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert outcome.status == "ok", outcome.status
    cpu = time.process_time() - cpu + after.ru_utime + after.ru_stime
    cpu -= before.ru_utime + before.ru_stime
    print(json.dumps([time.perf_counter() - wall, cpu]), flush=True)
"""
LINKER = """
import numpy as np
import pyarrow as pa

class Many:
    name = "many"
    def link(self, left, right, *, seed):
        rows = np.arange({many})
        return pa.table({{"left_id": left["record_id"].take(pa.array(rows // len(right))),
                         "right_id": right["record_id"].take(pa.array(rows % len(right)))}})
"""


def start(version, file):
    """Start a process that does cells with a version."""
    return subprocess.Popen(
        [sys.executable, "-c", CELLS, file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(version)},
    )


def cell(process):
    """Let it do a cell; give seconds on the clock and of processors."""
    process.stdin.write("\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def bench_cell(benchmark, tmp_path):
    """Do a cell of `exact`, beside that of another version if one is named."""
    left, right, _ = truth_of(make_sides(N_RECORDS))
    file = tmp_path / "sides.pickle"
    import pickle  # noqa: PLC0415, our own file

    file.write_bytes(pickle.dumps((left, right)))
    versions = [Path(BESIDE), ROOT] if BESIDE else [ROOT]
    running = [start(version, file) for version in versions]
    for process in running:
        cell(process)  # the first one compiles
    took = []
    benchmark.pedantic(lambda: took.append([cell(one) for one in running]), rounds=ROUNDS)
    for process in running:
        process.communicate()
    wall, cpu = np.array(took).transpose(2, 0, 1)
    for version, walls, cpus in zip(versions, wall.T, cpu.T, strict=True):
        print(f"\n{version.name}: {np.median(walls):.3f} s, CPU {np.median(cpus):.3f} s a cell")  # noqa: T201
    if BESIDE:
        for kind, seconds in (("clock", wall), ("CPU", cpu)):
            more = float(np.median(seconds[:, 1] - seconds[:, 0]))
            share = float(np.median(seconds[:, 1] / seconds[:, 0])) - 1
            print(f"more on the {kind}: {more * 1000:+.0f} ms, {share:+.1%} (medians of pairs)")  # noqa: T201


def bench_many_links(benchmark, tmp_path):
    """Give ten million links between two sides of 3,200 records."""
    left, right, _ = truth_of(make_sides(N_RECORDS + 200))
    file = tmp_path / "many.py"
    file.write_text(LINKER.format(many=MANY))
    job = Job(f"{file}:Many", limits=Limits(seconds=600, memory_mb=8192))
    begin = time.perf_counter()
    outcome = benchmark.pedantic(run_isolated, (job, left, right), rounds=1)
    whole = time.perf_counter() - begin
    assert outcome.expect().num_rows == MANY
    assert outcome.expect().schema.field("left_id").type == pa.string()
    print(  # noqa: T201
        f"\n{MANY:,} links: {whole:.1f} s whole, {outcome.wall_seconds:.1f} s of linking, "
        f"{outcome.peak_mb:.0f} MB"
    )
