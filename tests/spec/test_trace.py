"""One life through all agencies: complete, in order, and wrong only where it says so."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from command import Done, darkfigure
from tiny_world import write_world

from darkfigure.linkage_eval.studies.held_true import HeldTrue
from darkfigure.linkage_eval.studies.trace import RANDOM, STALE, trace, trace_all
from darkfigure.synth.core.errors import UnknownNameError
from darkfigure.synth.schema import TABLES
from darkfigure.synth.storage.dataset import Dataset


def command(*words: object) -> Done:
    """Trace somebody."""
    return darkfigure("trace", *words)


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


def test_a_random_person_is_another_each_time(village: Dataset):
    """Six draws of a hundred are all the same with probability 1e-10."""
    assert 1 < len({trace(village, RANDOM).person for _ in range(6)})


def test_the_same_seed_draws_the_same_person(village: Dataset, person: int):
    """With or without the word; other seeds draw others, and a number needs no seed."""
    drawn = [trace(village, RANDOM, seed=seed).person for seed in (1, 1, 2, 3)]
    assert drawn[0] == drawn[1]
    assert 1 < len(set(drawn))
    assert drawn[0] == trace(village, seed=1).person
    assert person == trace(village, str(person), seed=1).person


def held(village: Dataset, person: int, field: str) -> list[tuple[dt.date, str | None]]:
    """Give the true values of a linkage field from their first days on."""
    table = {"telephone": "telephones", "surname": "names", "forename": "names"}
    rows = village.read(f"truth/{table.get(field, 'addresses')}").to_pylist()
    mine = [row for row in rows if row["person_id"] == person]
    return sorted((row["valid_from"], row[field]) for row in mine)


def test_what_was_right_on_the_day_of_its_row_is_not_wrong(village: Dataset):
    """Who was registered at an address and moved later was registered rightly, until that day."""
    stale = {
        (row["record_id"], row["column"]): row["known_value"]
        for row in village.read("truth/stale_values").to_pylist()
    }
    # Of four lives some have rows that became outdated; else the test says nothing.
    assert sum(outdated_rightly(village, stale, seed) for seed in range(4))


def outdated_rightly(village: Dataset, stale: dict[tuple[str, str], str], seed: int) -> int:
    """Check the outdated cells of somebody's life, and count them."""
    field = {
        column.name: column.field
        for table in TABLES.values()
        for column in table.columns
        if column.field
    }
    traced, checked = trace(village, RANDOM, seed=seed), 0
    for entry in traced.entries:
        for outdated in entry.outdated:
            for column in outdated.columns:
                history = held(village, traced.person, field.get(column, column))
                value = stale[entry.record, column]
                assert value == [known for day, known in history if day <= entry.day][-1]
                after = [day for day, known in history if day > entry.day and known != value]
                assert after[0] == outdated.since > entry.day
                checked += 1
        for flaw in entry.flaws:
            if flaw.why == STALE and entry.day:
                history = held(village, traced.person, field.get(flaw.column, flaw.column))
                before = [known for day, known in history if day <= entry.day]
                assert not before or flaw.written != before[-1]
    return checked


def test_a_value_holds_until_the_next_one():
    """Of a person who lives at 1, at 13 from 2015, and at 1 again from 2020."""
    moves = [(1990, "1", "A"), (2015, "13", "A"), (2020, "1", "B")]
    rows = [
        {"valid_from": dt.date(year, 1, 1), "house": house, "street": street}
        for year, house, street in moves
    ]
    true = HeldTrue({"truth/addresses": rows})
    assert dt.date(2015, 1, 1) == true.until("house", "1", dt.date(2010, 6, 1))
    assert dt.date(2020, 1, 1) == true.until("street", "A", dt.date(2010, 6, 1))
    assert true.until("house", "13", dt.date(2010, 6, 1)) is None
    assert true.until("house", "1", dt.date(2020, 1, 1)) is None
    assert true.until("surname", "1", dt.date(2010, 6, 1)) is None


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


def test_nobody_is_drawn_twice(village: Dataset):
    """The first of a booklet is whom the seed alone would draw; ids that do not exist are told."""
    drawn = [one.person for one in trace_all(village, ["random"] * 3, seed=3)]
    assert len(set(drawn)) == 3
    assert drawn[0] == trace(village, seed=3).person
    with pytest.raises(UnknownNameError, match="knows no person"):
        trace_all(village, ["random", "nobody"], seed=3)


def test_the_command_writes_a_page(village: Dataset, tmp_path):
    """And prints where it is; without --out several lives follow each other."""
    page = tmp_path / "lives" / "life.html"
    words = (village.path, "--person", "random", "--person", "random", "--seed", 3)
    done = command(*words, "--out", page)
    assert (done.returncode, done.stdout.strip()) == (0, str(page))
    assert page.read_text(encoding="utf-8").count('<section class="life"') == 2
    assert len(re.findall(r"^Person \d+:", command(*words).stdout, flags=re.MULTILINE)) == 2
