"""One life through all agencies: complete, in order, and wrong only where it says so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_world import write_world

from linkage_eval.trace import RANDOM, trace
from synth.dataset import Dataset
from synth.errors import UnknownNameError


def command(*words: object) -> subprocess.CompletedProcess[str]:
    """Run the command as a shell would."""
    return subprocess.run(
        [sys.executable, "-m", "linkage_eval.cli", "trace", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def person(village: Dataset) -> int:
    """Somebody with much to show."""
    return trace(village).person


def test_every_record_of_the_person_is_there(village: Dataset, person: int):
    """The trace holds each record that the truth says is about the person."""
    about = village.read("truth/record_persons").to_pylist()
    own = {(row["source"], row["record_id"]) for row in about if row["person_id"] == person}
    shown = {(one.source, one.record) for one in trace(village, person).entries}
    assert own <= shown


def test_rows_lead_to_the_cases_they_are_in(village: Dataset, person: int):
    """A nominal brings its roles, and these their occurrences."""
    tables = {one.table for one in trace(village, person).entries}
    assert "nominals" not in tables or {"occurrence_nominals", "occurrences"} & tables


def test_entries_come_in_order_of_time(village: Dataset, person: int):
    """Days never go back."""
    days = [one.day for one in trace(village, person).entries if one.day]
    assert days == sorted(days)


def test_flaws_are_those_of_the_ledger(village: Dataset, person: int):
    """Each fault shows the cell as it was written."""
    flaws = [
        (one, flaw)
        for one in trace(village, person).entries
        for flaw in one.flaws
        if flaw.why != "out of date"
    ]
    about = {
        (row["source"], row["record_id"])
        for row in village.read("truth/record_persons").to_pylist()
        if row["person_id"] == person
    }
    ledger = village.read("truth/entry_faults").to_pylist()
    assert len(flaws) == sum((row["source"], row["record_id"]) in about for row in ledger)


def test_a_random_person_is_always_the_same(village: Dataset, person: int):
    """The draw is keyed by the dataset's seed, and needs no number."""
    assert trace(village, RANDOM).person == trace(village, RANDOM).person
    assert trace(village, str(person)).person == person


@pytest.mark.parametrize("wrong", ["99", "-3", "somebody", ""])
def test_an_unknown_person_is_answered_with_one_that_is_known(village: Dataset, wrong: str):
    """The message says where ids are from and gives one that works."""
    with pytest.raises(UnknownNameError, match=r"try --person [0-9]+"):
        trace(village, wrong)


def test_the_command_prints_it(village_path: Path, person: int):
    """People get a timeline within 100 columns, programs JSON; an error is one message."""
    shown = command(village_path, "--person", person)
    assert 0 == shown.returncode, shown.stderr
    assert f"Person {person}" in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 100
    read = json.loads(command(village_path, "--person", person, "--json").stdout)
    assert (person, len(trace(Dataset.open(village_path), person).entries)) == (
        read["person"],
        len(read["entries"]),
    )
    refused = command(village_path, "--person", "99")
    assert (7, "") == (refused.returncode, refused.stdout)
    assert "Traceback" not in refused.stderr


def test_a_world_without_names_is_refused(tmp_path: Path):
    """A dataset whose truth lacks a table says which."""
    tiny = write_world(tmp_path / "tiny")
    with pytest.raises(Exception, match=r"truth/names") as caught:
        trace(tiny, 1)
    assert "DatasetError" == type(caught.value).__name__
