"""The benchmark of hard cases prints each of them, and how many pairs linkers find."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from darkfigure.synth.schema import HARD_CASE
from darkfigure.synth.storage.dataset import Dataset

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def bench(monkeypatch):
    """The script as a module, with one quick linker and one task."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    script = importlib.import_module("bench_hard_cases")
    monkeypatch.setattr(script, "LINKERS", ("exact",))
    monkeypatch.setattr(script, "TASKS", (("gp", "hospital"),))
    return script


def test_every_case_has_a_row(bench, village: Dataset):
    """Also those of whom there is nobody; people who are none come last."""
    rows = [line[:18].strip() for line in bench.hard_cases(village)][1:]
    assert [*HARD_CASE, "none of these"] == rows


def test_a_share_has_its_exact_interval(bench):
    """Of ten pairs none is found: at most 31 % are, by Clopper and Pearson."""
    assert bench.Share(0, 10).text().startswith("0.0000 (0.000-0.308)")
    assert bench.Share(0, 0).text().strip().startswith("-")


def test_pairs_that_agree_on_nothing_are_few(bench, village: Dataset):
    """Recall and agreement are of the same pairs, and exact ones agree on all three fields."""
    lines = list(bench.figures(village))
    [recall] = [line for line in lines if "recall of exact" in line]
    [tail] = [line for line in lines if "no exact name" in line]
    n = recall.split()[-1]
    assert n == tail.split()[-1] != "0"
    assert float(tail.split()[-3]) < 1 - float(recall.split()[-3])
