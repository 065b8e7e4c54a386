"""The description of a dataset: sources, the keys they share, the people in both."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from command import darkfigure
from tiny_world import write_world

from darkfigure.linkage_eval.studies.describe import describe
from darkfigure.synth.storage.dataset import Dataset


def test_a_tiny_world_is_described_to_the_person(tmp_path: Path):
    """Six people attended, four of them are nominals; nothing but names joins the two."""
    described = describe(write_world(tmp_path / "tiny"))
    rows = {one.name: (one.rows, one.people) for one in described.sources}
    assert {"police/south_wales": (3, 2), "police/gwent": (2, 2), "ed": (7, 6)} == rows
    both = next(one for one in described.overlaps if (one.left, one.right) == ("police", "ed"))
    assert (4, 1.0, 4 / 6, ()) == (both.people, both.of_left, both.of_right, both.shared_keys)


def test_shared_keys_are_those_that_both_hold(village: Dataset):
    """The emergency department and practices share the NHS number, the police nothing."""
    found = {(one.left, one.right): one.shared_keys for one in describe(village).overlaps}
    assert ("NHS number",) == found["ed", "gp"]
    assert {()} == {keys for (left, _), keys in found.items() if left == "police"}
    assert () == found["ppn", "marac"]


def test_shares_are_of_people_in_the_truth(village: Dataset):
    """The share of nominals' bearers who are registered is what the truth says."""
    one = next(
        one for one in describe(village).overlaps if (one.left, one.right) == ("police", "gp")
    )
    truth = village.file("truth/record_persons")
    counted = duckdb.sql(
        f"""SELECT count(DISTINCT person_id) FROM '{truth}'
        WHERE source LIKE 'police/%' AND "table" = 'nominals' AND person_id IN (
            SELECT person_id FROM '{truth}' WHERE source = 'gp' AND "table" = 'registrations')"""
    ).fetchall()
    assert [(one.people,)] == counted


@pytest.mark.parametrize("as_json", [False, True])
def test_the_command_prints_it(village_path: Path, *, as_json: bool):
    """People get the matrix within 100 columns, programs the same as JSON."""
    done = darkfigure("describe", village_path, *(["--json"] if as_json else []))
    assert 0 == done.returncode
    if as_json:
        assert (
            describe(Dataset.open(village_path)).plain()["people"]
            == (json.loads(done.stdout)["people"])
        )
    else:
        assert "NHS number" in done.stdout
        assert max(map(len, done.stdout.splitlines())) <= 100
