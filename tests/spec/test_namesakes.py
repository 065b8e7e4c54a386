"""Namesakes: people who share name and birthday are counted, and grow with the population."""

import datetime as dt
import json

import pyarrow as pa
import pytest
from command import darkfigure

from darkfigure.linkage_eval.records.sql import query
from darkfigure.linkage_eval.studies.namesakes import _COUNTS, SCHEMA, count_namesakes
from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.errors import TargetError


@pytest.fixture(scope="module")
def counted():
    """A sample of Merthyr and all of it."""
    return count_namesakes(load_scenario("merthyr"), [None, 3_000]).to_pylist()


def test_counts_by_hand():
    """Twins, a father and son, and two strangers alike are each counted where they belong."""
    people = [
        (1, True, 10, "Jones", "Ann"),  # twins
        (1, True, 10, "Jones", "Eve"),
        (2, True, 3, "Rees", "Tom"),  # father and son
        (2, True, 9, "Rees", "Tom"),
        (3, True, 7, "Evans", "Rhys"),  # strangers alike
        (4, True, 7, "Evans", "Rhys"),
        (5, False, 8, "Bevan", "Huw"),  # one hostel is no household
        (5, False, 9, "Bevan", "Huw"),
    ]
    names = ("household", "at_home", "birth_day", "surname", "forename")
    named = pa.table(dict(zip(names, map(list, zip(*people, strict=True)), strict=True)))
    found = query(_COUNTS, named=named).to_pylist()[0]
    assert (8, 2, 2, 2) == tuple(
        int(found[name])
        for name in ("persons", "namesakes", "same_birth_at_home", "same_name_at_home")
    )


def test_namesakes_grow_faster_than_people(counted):
    """In twenty times as many people more than twenty times as many have a namesake."""
    few, many = counted
    assert (3_000, 58_839) == pytest.approx((few["persons"], many["persons"]), abs=4)
    assert many["namesakes_per_million"] > few["namesakes_per_million"]
    assert many["same_birth_at_home"] > 10 * few["same_birth_at_home"] > 0
    assert many["same_name_at_home"] > 10 * few["same_name_at_home"] > 0


def test_the_count_is_that_of_the_dataset(village):
    """Counting in the truth of a dataset gives the same numbers."""
    said = village.manifest["scenario"]
    scenario = load_scenario("merthyr", seed=said["seed"])
    found = count_namesakes(scenario, [said["persons"]]).to_pylist()[0]
    start = dt.date.fromisoformat(said["start"])
    there = f"DATE '{start}'"
    tables = {name: village.read(f"truth/{name}") for name in ("persons", "names")}
    named = query(
        f"""WITH called AS (
            SELECT person_id, arg_max(surname, valid_from) AS surname,
                arg_max(forename, valid_from) AS forename
            FROM names WHERE valid_from <= {there} GROUP BY person_id
        )
        SELECT household_id AS household, home = 'private' AS at_home, surname, forename,
            date_sub('day', DATE '1970-01-01', birth_date) AS birth_day
        FROM persons JOIN called USING (person_id)
        WHERE sampled AND home <> 'outside_wales' AND birth_date < {there}""",
        **tables,
    )
    assert query(_COUNTS, named=named).select(SCHEMA.names).cast(SCHEMA).to_pylist() == [found]


def test_more_people_than_there_are_is_refused():
    """Merthyr has 58,839 people, of whom no million can be drawn."""
    with pytest.raises(TargetError, match="Ask for fewer"):
        count_namesakes(load_scenario("merthyr"), [1_000_000])


def test_command_prints_both_ways():
    """The verb prints a table, or JSON."""
    command = ("namesakes", "merthyr", "--persons", 500)
    text, plain = (darkfigure(*command, *more).stdout for more in ((), ("--json",)))
    assert "same name and birthday" in text
    assert set(SCHEMA.names) == set(json.loads(plain)[0])
