"""How long it takes to score links and to say why pairs were missed.

`pytest benchmarks/bench_scoring.py`; DARKFIGURE_BENCH_LINKS sets the number of links.
"""

from __future__ import annotations

import os

import numpy as np
import pyarrow as pa
import pytest

from darkfigure.linkage_eval.evaluation.metrics.accuracy import measure_accuracy
from darkfigure.linkage_eval.evaluation.metrics.missed import tabulate_missed
from darkfigure.linkage_eval.links.table import to_links
from darkfigure.linkage_eval.links.truth import Groups, Truth, TruthSide, judge_table
from darkfigure.synth.core.chance import Stream

N_LINKS = int(os.environ.get("DARKFIGURE_BENCH_LINKS", "1000000"))
N_GROUPS = 6


@pytest.fixture(scope="module")
def truth():
    """As many people as links, each with one record a side, in six groups of one division."""
    people = np.arange(N_LINKS)
    left, right = (
        TruthSide(name, (name,), pa.array([f"{name}{person:09}" for person in people]), people)
        for name in ("l", "r")
    )
    names = tuple(str(group) for group in range(N_GROUPS))
    groups = (
        Groups("all", ("all",), np.zeros(N_LINKS, np.int64)),
        Groups("group", names, people % N_GROUPS),
    )
    return Truth(left, right, people, people, people, people, groups)


@pytest.fixture(scope="module")
def links(truth):
    """Links of which nine in ten are right."""
    people = truth.people
    wrong = Stream(1).happens("wrong", people, 0.1)
    partner = np.where(wrong, (people + 1) % N_LINKS, people)
    columns = {"left_id": truth.left.ids, "right_id": truth.right.ids.take(pa.array(partner))}
    return to_links(pa.table(columns))


def test_judge(benchmark, truth, links):
    """Time checking links and setting them against the truth."""
    judged = benchmark.pedantic(judge_table, (truth, links), rounds=3)
    assert abs(judged.correct.mean() - 0.9) < 0.01


def test_measure(benchmark, truth, links):
    """Time precision, recall, F1 and F* in seven strata, intervals included."""
    judged = judge_table(truth, links)
    found = benchmark.pedantic(measure_accuracy, (judged,), rounds=3)
    assert abs(found[0].value - 0.9) < 0.01


def test_missed(benchmark, truth, links):
    """Time counting missed pairs by cause."""
    judged = judge_table(truth, links)
    pair = np.arange(0, N_LINKS, 2)
    names = pa.array([f"cause {number}" for number in range(30)])
    causes = pa.table({"pair": pair, "cause": names.take(pa.array(pair % 30))})
    found = benchmark.pedantic(tabulate_missed, (judged, causes), rounds=3)
    assert found.num_rows == 16
