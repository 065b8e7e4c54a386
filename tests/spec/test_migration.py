"""Migration: who comes to Wales during the study is unknown there before, and as many as stated.

Numbers are checked within six standard errors of what the specs say, with households as the units
that come and leave: a false alarm in 5e8 runs with fresh seeds.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from people_known import people_of

from darkfigure.scenarios import load_scenario
from darkfigure.synth import schema
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives import live
from darkfigure.synth.lives.migration import Migration
from darkfigure.synth.lives.stays import ARRIVAL
from darkfigure.synth.pipeline import World, simulate_world
from darkfigure.synth.population import ALWAYS
from darkfigure.synth.schema.table import DATE, TIME
from darkfigure.synth.storage.dataset import Dataset

_DATED = (DATE, TIME)


@pytest.fixture(scope="module")
def came(village: Dataset) -> str:
    """Who came to Wales, before the study or in it, and when: a query."""
    addresses = village.sql("truth/addresses")
    return (
        f"select person_id, min(valid_from) as came from {addresses} "
        "group by person_id having arg_min(cause, valid_from) = 'arrival'"
    )


def test_no_record_is_older_than_the_arrival_of_whom_it_is_about(village: Dataset, came: str):
    """Every day in every table that can be traced to somebody who came lies after they did."""
    checked = set()
    for path in village.tables:
        shape = schema.TABLES[f"{path}.parquet"]
        rows = None if path.startswith("truth/") else people_of(village, shape)
        for column in shape.columns:
            if rows is None or column.type not in _DATED:
                continue
            [(early, n)] = duckdb.sql(
                f"select count(*) filter ({column.name}::date < came), count(*) "
                f"from ({rows}) join ({came}) using (person_id) where {column.name} is not null"
            ).fetchall()
            assert early == 0, (path, column.name)
            checked |= {path} if n else set()
    assert len(checked) > 15, checked


def test_nothing_was_learned_and_no_history_begun_before_the_arrival(village: Dataset, came: str):
    """So with what agencies knew when, and with names, addresses and telephone numbers."""
    for table, day in (
        ("record_persons", "known_on"),
        ("names", "valid_from"),
        ("addresses", "valid_from"),
        ("telephones", "valid_from"),
    ):
        rows = village.sql(f"truth/{table}")
        [(early, n)] = duckdb.sql(
            f"select count(*) filter ({day} < came), count(*) from {rows} "
            f"join ({came}) using (person_id)"
        ).fetchall()
        assert early == 0, table
        assert n > 200, table


def test_nobody_harms_or_is_harmed_before_they_come(borough: World):
    """Nor does anybody witness it, or stand in a case of the police."""
    census, incidents = borough.life_courses.census, borough.simulated.incidents
    day = incidents["occurred_s"].to_numpy() // 86_400
    for who in ("victim", "offender"):
        person = incidents[who].to_numpy()
        assert (day >= census.came_day[person]).all()
        assert (census.came_day[person] > ALWAYS).any()
    cases = borough.prepared["police"]
    for person in (cases.victim, cases.suspect, cases.witness):
        named = person >= 0
        assert (cases.reported_s[named] // 86_400 >= census.came_day[person[named]]).all()


def test_as_many_come_and_leave_as_the_rates_say(borough: World):
    """People gained and lost, by household; and what Wales gains by both together."""
    census, spec = borough.life_courses.census, borough.scenario.lives.migration
    years, there = borough.simulated.period.years, census.household_resident
    factor, size = spec.factors(census)[there], census.household_size[there]
    gone = borough.life_courses.ends.departure_day[census.household_first[there]]
    left = gone < borough.simulated.period.end
    rates = {"come": spec.from_uk_a_year + spec.from_abroad_a_year, "leave": spec.leaves_a_year}
    chance = {name: 1 - np.exp(-rate * factor * years) for name, rate in rates.items()}
    counts = {
        "come": census.household_size[census.household_arrives].sum(),
        "leave": size[left].sum(),
    }
    errors = {name: np.sqrt((p * (1 - p) * size**2).sum()) for name, p in chance.items()}
    for name, p in chance.items():
        assert counts[name] == pytest.approx((p * size).sum(), abs=6 * errors[name])
    net = ((chance["come"] - chance["leave"]) * size).sum()
    error = np.hypot(*errors.values())
    assert counts["come"] - counts["leave"] == pytest.approx(net, abs=6 * error)


def test_wales_gains_what_it_gained_between_two_censuses(borough: World):
    """About two in a thousand a year; the rates' mean over people is what they say."""
    spec = Migration()
    net = spec.from_uk_a_year + spec.from_abroad_a_year - spec.leaves_a_year
    assert net == pytest.approx(0.002, abs=0.0005)
    census = borough.life_courses.census
    there = census.household_resident
    mean = np.average(spec.factors(census)[there], weights=census.household_size[there])
    assert mean == pytest.approx(1, abs=0.1)


def test_households_come_complete_and_to_a_home(borough: World):
    """Each has one arrival, in the study, from which its stays begin; none has kin there before."""
    life_courses, period = borough.life_courses, borough.simulated.period
    census, stays = life_courses.census, life_courses.plan.households
    new = np.flatnonzero(census.household_arrives)
    first = np.searchsorted(stays.owner, new)
    assert (stays.cause[first] == ARRIVAL).all()
    assert (stays.place[first] >= 0).all()
    assert ((stays.day[first] > period.start) & (stays.day[first] < period.end)).all()
    member = np.isin(census.household, new)
    assert (
        census.came_day[member] == stays.day[first][np.searchsorted(new, census.household[member])]
    ).all()
    assert (life_courses.kin.parents[member] < 0).all()
    assert len(np.unique(census.person_id)) == len(census.person_id)


def test_who_comes_is_nobodys_double(borough: World):
    """A household that comes is as large as another, but has birthdays and names of its own."""
    scenario, census = borough.scenario, borough.life_courses.census
    chance = Stream(scenario.seed).stage("lives")
    people = live(borough.life_courses, np.arange(12_000), scenario.lives, chance)
    row = np.arange(len(people.person))
    version = people.names.at(row, np.full(len(row), borough.simulated.period.end))
    names = [people.names.value(part, version).to_pylist() for part in ("surname", "forename")]
    keys = list(zip(*names, people.birth_day.tolist(), strict=True))
    there = census.resident[people.person[: people.residents]]
    new = np.flatnonzero(~there)
    others = {keys[one] for one in np.flatnonzero(there)}
    assert sum(keys[one] in others for one in new) <= len(new) / 50
    welsh = people.welsh_name[: people.residents]
    assert welsh[new].mean() < 0.6 * welsh.mean()


def test_samples_nest_with_those_who_come():
    """Whoever comes in a small sample comes in a larger one, and counts in neither's size."""
    small, large = (simulate_world(load_scenario("merthyr", persons=n)) for n in (3_000, 9_000))
    ids = [world.life_courses.census.household_id[world.households] for world in (small, large)]
    assert set(ids[0]) <= set(ids[1])
    for world, n in ((small, 3_000), (large, 9_000)):
        assert n <= world.persons < n + 15
        share = len(world.simulated.victims.person) / world.persons
        assert 1.03 < share < 1.12


def test_no_rate_is_no_migration():
    """At rates of nought the census is what it was, and nobody comes or leaves."""
    scenario = load_scenario("merthyr", persons=300)
    still = Migration(from_uk_a_year=0, from_abroad_a_year=0, leaves_a_year=0)
    lives = scenario.lives.model_copy(update={"migration": still})
    life_courses = simulate_world(scenario.model_copy(update={"lives": lives})).life_courses
    assert not life_courses.census.household_arrives.any()
    assert (life_courses.ends.departure_day > life_courses.window[2]).all()
