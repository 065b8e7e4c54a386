"""Splink finds what it should without being told, and the same each time."""

import numpy as np
import pyarrow as pa
import pytest
from tiny_world import records

from darkfigure.linkage_eval.linkers import splink
from darkfigure.linkage_eval.linkers.splink import Splink
from darkfigure.synth.core.chance import Stream

N_PEOPLE = 400
_SYLLABLES = ("BRY", "GWE", "LLA", "MOR", "OWE", "PEN", "RHI", "SIA", "TUD", "WYN", "CAR", "DAF")


def name(stream, decision, ids):
    """Make up names of two syllables, some of them common."""
    first, second = (
        np.array(_SYLLABLES)[stream.pick(decision, ids, 1 / np.arange(1, 13), draw=draw)]
        for draw in (0, 1)
    )
    return np.char.add(first, second)


@pytest.fixture(scope="module")
def sides():
    """Four hundred people on each side; every tenth surname on the right lost its end."""
    ids, stream = np.arange(N_PEOPLE), Stream(11)
    born = np.datetime64("1950-01-01") + stream.below("born", ids, 20_000).astype("timedelta64[D]")
    people = {
        "surname": name(stream, "surname", ids),
        "forename": name(stream, "forename", ids),
        "sex": np.where(stream.happens("sex", ids, 0.5), "F", "M"),
        "date_of_birth": born.astype(object),
        "postcode": np.char.add("CF47 ", stream.below("home", ids, 90).astype(str)),
    }
    rows = [dict(zip(people, row, strict=True)) for row in zip(*people.values(), strict=True)]
    left = [{**row, "record_id": f"l{number}"} for number, row in enumerate(rows)]
    right = [
        {**row, "record_id": f"r{number}"}
        | ({"surname": row["surname"][:-1]} if number % 10 == 0 else {})
        for number, row in enumerate(rows)
    ]
    return records(*left), records(*right)


def test_splink_finds_people_without_labels(sides):
    """Nearly all pairs are found, those with a wrong surname among them, and hardly another."""
    found = Splink().link(*sides, seed=1).to_pylist()
    right = {row["left_id"] for row in found if row["left_id"][1:] == row["right_id"][1:]}
    assert len(right) > 0.95 * N_PEOPLE
    assert len(right) > 0.95 * len(found)
    assert {f"l{number}" for number in range(0, N_PEOPLE, 10)} <= right
    assert all(0.5 <= row["score"] <= 1 for row in found)


def test_splink_is_deterministic(sides):
    """Two runs agree to the last digit kept."""
    assert Splink().link(*sides, seed=1).equals(Splink().link(*sides, seed=1))


def test_a_higher_threshold_keeps_fewer_links(sides):
    """The threshold is an option of the linker."""
    all_scores = Splink(0.0).link(*sides, seed=1)["score"].to_pylist()
    kept = Splink(0.9999).link(*sides, seed=1)["score"].to_pylist()
    assert 0 < len(kept) == sum(score >= 0.9999 for score in all_scores) < len(all_scores)


def test_comparing_in_parts_changes_nothing(sides, monkeypatch):
    """Whether there are so many pairs that memory would not hold them, or not."""
    both = pa.concat_tables(sides)
    whole = Splink().link(*sides, seed=1), Splink().deduplicate(both, seed=1)
    monkeypatch.setattr(splink, "_PAIRS_AT_ONCE", 300)
    assert (Splink().link(*sides, seed=1), Splink().deduplicate(both, seed=1)) == whole
