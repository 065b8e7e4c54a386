"""What each sharing strategy takes: to let it work, and to measure what it brings and costs.

`pytest -s benchmarks/bench_sharing.py`; DARKFIGURE_BENCH_PERSONS sets the size of the population.
"""

from __future__ import annotations

import os

import pytest

from darkfigure.linkage_eval.sharing.engine.at_work import spread_knowledge
from darkfigure.linkage_eval.sharing.measuring.measures import Yardstick
from darkfigure.linkage_eval.sharing.strategy.library import load_strategy
from darkfigure.linkage_eval.sharing.strategy.names import strategy_names
from darkfigure.scenarios import load_scenario
from darkfigure.synth.pipeline import generate

N_PERSONS = int(os.environ.get("DARKFIGURE_BENCH_PERSONS", "20000"))
STRATEGIES = sorted(strategy_names())


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Make a part of Merthyr Tydfil; what all strategies read is read before any is timed."""
    out = tmp_path_factory.mktemp("sharing") / "world"
    made = generate(load_scenario("merthyr", persons=N_PERSONS), out)
    yardstick = Yardstick(made)
    yardstick.measure("single-system")
    return made, yardstick


@pytest.mark.parametrize("name", STRATEGIES)
def test_spread(benchmark, world, name):
    """Time a strategy at work, agencies' tables read anew: who comes to know what, and when."""
    made, _ = world
    known = benchmark.pedantic(spread_knowledge, (made, load_strategy(name)), rounds=3)
    benchmark.extra_info |= {"persons": N_PERSONS, "shared": known.shared.num_rows}


@pytest.mark.parametrize("name", STRATEGIES)
def test_measure(benchmark, world, name):
    """Time a strategy at work and everything that is measured of it."""
    _, yardstick = world
    rows = benchmark.pedantic(yardstick.measure, (name,), rounds=1)
    benchmark.extra_info |= {"persons": N_PERSONS, "quantities": len(rows)}
