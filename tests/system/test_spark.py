"""Worlds made and linked on Apache Spark: two processes on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from darkfigure.linkage_eval.isolation.parent import Job, Limits, Outcome, run_isolated
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.choices import Engine
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import Dataset, verify

pytestmark = pytest.mark.needs("pyspark", "java")

# What pays with real data costs more than it brings with a handful of records.
_TINY = ("shuffle.partitions=2", "adaptive.enabled=false", "codegen.wholeStage=false")
LOCAL = " ".join(
    ["--master local[2]", *(f"--conf spark.sql.{one}" for one in _TINY), "pyspark-shell"]
)


@pytest.fixture(scope="module", autouse=True)
def _two_processes() -> Iterator[None]:
    """Let Spark run on two cores of this machine, and end with the tests."""
    kept = os.environ.get("PYSPARK_SUBMIT_ARGS")
    os.environ["PYSPARK_SUBMIT_ARGS"] = LOCAL
    yield
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session:
        session.stop()
    if kept is None:
        del os.environ["PYSPARK_SUBMIT_ARGS"]


def test_spark_makes_the_same_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Tables in parts have the content hashes of tables in files, and read alike."""
    scenario = load_scenario("merthyr", persons=600)
    monkeypatch.setattr("darkfigure.synth.pipeline.BLOCK_HOUSEHOLDS", 100)
    one = generate(scenario, tmp_path / "one")
    other = generate(scenario, tmp_path / "other", engine=Engine.spark)
    assert one.tables == other.tables
    assert verify(other.path) == {name: said["hash"] for name, said in one.tables.items()}
    assert len(other.files("truth/persons")) > 1
    for name in one.tables:
        assert rows(one, name) == rows(other, name)


def rows(dataset: Dataset, name: str) -> list[dict[str, object]]:
    """Give the rows of a table in their order."""
    return dataset.read(name).to_pylist()


@pytest.mark.slow
def test_splink_links_on_spark_as_on_one_machine(village: Dataset):
    """The same links with the same probabilities, in a process that the truth is closed to.

    Sums in another order let the training end a little elsewhere: it stops at changes below 1e-4.
    """
    records = standardise(village, "ed").slice(0, 200), standardise(village, "gp").slice(0, 800)

    def link(linker: str) -> Outcome:
        limits = Limits(seconds=540, memory_mb=6144)
        closed = (village.path / "truth",)
        return run_isolated(Job(linker, limits=limits, closed=closed), *records)

    alone, shared = (link(linker).expect().to_pandas() for linker in ("splink", "splink-spark"))
    assert len(alone) > 20  # else the test says nothing
    assert shared[["left_id", "right_id"]].equals(alone[["left_id", "right_id"]])
    assert shared["score"].to_list() == pytest.approx(alone["score"].to_list(), abs=1e-4)
