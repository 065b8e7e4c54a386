"""The benchmark of content finds what columns tell of an outcome, and no more."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def script(monkeypatch):
    """The script as a module."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("bench_content")


def _rows(people: int) -> pd.DataFrame:
    """Make four rows a person, whose outcome is the person's alone but for one column."""
    chance = np.random.default_rng(4)
    person = np.repeat(np.arange(people), 4)
    told = chance.integers(0, 2, len(person))
    own = chance.integers(0, 2, people)[person]
    return pd.DataFrame({"person": person, "outcome": own == 1, "told": told, "own": person})


def test_a_person_known_from_other_rows_tells_nothing(script):
    """Folds keep all rows of a person together; a false alarm comes in one of ten thousand runs."""
    found = script.predict(_rows(500))
    assert abs(found.value - 0.5) < 0.1
    assert found.low < found.value < found.high


def test_what_a_column_tells_is_found(script):
    """An outcome that is a column's is predicted without fail."""
    rows = _rows(100)
    rows["outcome"] = rows["told"] == 1
    found = script.predict(rows)
    assert found.value == 1.0
    assert (found.n, found.rate) == (400, pytest.approx(rows["outcome"].mean()))
