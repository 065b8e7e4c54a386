"""The fields that a linker reads: as a suite says, or found by permutation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tiny_suite import make_tiny, tiny_suite

from darkfigure.linkage_eval.contracts import Pairs
from darkfigure.linkage_eval.harness import run_suite
from darkfigure.linkage_eval.isolation.parent import Job, Outcome
from darkfigure.linkage_eval.links.positions import Links, Sides
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.runs import read_fields
from darkfigure.linkage_eval.runs.run import read_run
from darkfigure.synth.core.errors import SpecError
from darkfigure.synth.storage.dataset import Dataset


def answer(left: pa.Table, right: pa.Table, *, bonus: float = 0.0) -> Outcome:
    """Join on surname and birth date; people of one sex score higher."""
    keys = ["surname", "date_of_birth"]
    both = [
        table.to_pandas().assign(row=np.arange(table.num_rows)).dropna(subset=keys)
        for table in (left, right)
    ]
    pairs = both[0].merge(both[1], on=keys)
    scores = pairs["sex_x"].eq(pairs["sex_y"]).to_numpy(float) + bonus
    rows = Pairs(pairs["row_x"].to_numpy(), pairs["row_y"].to_numpy())
    return Outcome("ok", links=Links.fold(Sides.of(left, right), rows, scores))


@pytest.fixture(scope="module")
def records(village: Dataset) -> list[pa.Table]:
    """The records of both sides."""
    return [standardise(village, side) for side in ("ed", "police")]


def test_what_links_or_scores_hang_on_is_found(records, monkeypatch):
    """And nothing else, though records hold ten more."""
    monkeypatch.setattr(read_fields, "run_isolated", lambda _, *sides: answer(*sides))
    found = read_fields.find_fields(Job("own"), *records, answer(*records).links)
    assert ("surname", "sex", "date_of_birth") == found


def test_a_linker_that_answers_by_chance_tells_nothing(records, monkeypatch):
    """Each of its answers is another one; nor does one tell anything that links nobody."""
    chance = np.random.default_rng(1)
    monkeypatch.setattr(
        read_fields, "run_isolated", lambda _, *sides: answer(*sides, bonus=chance.random())
    )
    links = answer(*records).links
    assert read_fields.find_fields(Job("own"), *records, links) is None
    assert read_fields.find_fields(Job("own"), *records, Links.none(links.sides)) is None


def test_what_a_suite_says_counts(tmp_path: Path):
    """Of a linker that reads surnames alone, a birth date is no cause."""
    suite = tiny_suite([{"name": "exact", "reads": ["surname"]}])
    run_suite(suite, tmp_path / "run", make=make_tiny)
    causes = read_run(tmp_path / "run").missed["cause"].to_pylist()
    assert {"typing", "none"} == set(causes)


def test_a_field_that_is_none_is_refused():
    """With those that there are."""
    with pytest.raises(SpecError, match="'birthday' is no identity field; these are surname"):
        tiny_suite([{"name": "exact", "reads": ["birthday"]}])
