"""How fast worlds are made; every figure is for one process."""

from __future__ import annotations

from pathlib import Path

import pytest

from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.pipeline import generate, simulate_world, write_block


@pytest.mark.benchmark(group="generation")
def bench_chance(benchmark):
    """Draw a million uniform numbers."""
    ids = range(1_000_000)
    drawn = benchmark(Stream(1).uniform, "bench", list(ids))
    assert len(drawn) == len(ids)


@pytest.mark.benchmark(group="generation")
def bench_imagine(benchmark):
    """Decide everything that happens in Merthyr Tydfil, before anything is written."""
    world = benchmark.pedantic(simulate_world, (load_scenario("merthyr"),), rounds=3)
    assert world.persons == 58_839


@pytest.mark.benchmark(group="generation")
def bench_block(benchmark):
    """Write the records of one block of households."""
    world = simulate_world(load_scenario("merthyr"))
    tables = benchmark.pedantic(write_block, (world, next(world.blocks())), rounds=3)
    assert tables


@pytest.mark.benchmark(group="generation")
def bench_generate(benchmark, tmp_path: Path):
    """Make the whole of Merthyr Tydfil on disk: every agency, faults, truth and ledger."""
    made = benchmark.pedantic(
        generate,
        (load_scenario("merthyr"), tmp_path / "world"),
        {"overwrite": True},
        rounds=3,
    )
    benchmark.extra_info["rows"] = sum(said["rows"] for said in made.tables.values())
