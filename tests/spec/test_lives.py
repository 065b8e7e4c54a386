"""Lives: kin, moves, names and fates that fit together, and go stale at published rates.

Rates are checked within six standard errors of what the specs say (a false alarm in 5e8 runs with
fresh seeds); ranges around published figures are wider than that.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from darkfigure.scenarios import load_scenario
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives import People, live
from darkfigure.synth.lives.fates import FIRST_BIRTH, NEVER, Fates, draw_births
from darkfigure.synth.lives.life_courses import cut_short, parted_parents
from darkfigure.synth.lives.migration import Migration
from darkfigure.synth.lives.relationships import relationships
from darkfigure.synth.lives.vacancies import DWELLINGS, OUTSIDE
from darkfigure.synth.pipeline import World, generate, simulate_world
from darkfigure.synth.population import ID_SHIFT
from darkfigure.synth.population.families import CHILD
from darkfigure.synth.population.institutions import OUTSIDE_WALES
from darkfigure.synth.population.kin import NOBODY
from darkfigure.synth.schema import RELATION, codes_of
from darkfigure.synth.setting.calendar import DAYS_A_YEAR


@pytest.fixture(scope="module")
def people(borough: World) -> People:
    """The people of Merthyr's first 6,000 households, with their histories."""
    scenario = borough.scenario
    chance = Stream(scenario.seed).stage("lives")
    return live(borough.life_courses, np.arange(6_000), scenario.lives, chance)


@pytest.fixture(scope="module")
def ties(borough: World, people: People) -> dict[str, np.ndarray]:
    """The ties of these people, as rows of `people` where both are among them."""
    everybody = np.ones(len(borough.life_courses.roots), bool)
    table = relationships(people, borough.life_courses, everybody)
    order = np.argsort(people.person_id)
    ids = people.person_id[order]
    rows = []
    for name in ("person_id", "other_id"):
        found = np.minimum(np.searchsorted(ids, table[name].to_numpy()), len(ids) - 1)
        rows.append(np.where(ids[found] == table[name].to_numpy(), order[found], -1))
    inside = (rows[0] >= 0) & (rows[1] >= 0)
    kind = codes_of(table["relation"], RELATION)
    return {
        name: np.column_stack(rows)[inside & (kind == number)]
        for number, name in enumerate(RELATION)
    }


def _first_names(people: People, part: str) -> np.ndarray:
    version = people.names.at(np.arange(len(people.person)), people.birth_day)
    return np.array(people.names.value(part, version).to_pylist(), object)


def test_ties_are_mutual(ties: dict[str, np.ndarray]):
    """Whoever is somebody's parent has them for a child, and so on."""
    converse = {"parent": "child", "step_parent": "step_child", "grandparent": "grandchild"}
    mutual = ("sibling", "half_sibling", "twin", "partner", "former_partner")
    for one in (*converse, *mutual):
        there = {tuple(pair) for pair in ties[one].tolist()}
        back = {(b, a) for a, b in ties[converse.get(one, one)].tolist()}
        assert there == back
        assert there


def test_nobody_has_more_parents_than_possible(ties: dict[str, np.ndarray], people: People):
    """At most two parents known for anybody, all old enough; grandparents older still."""
    parent = ties["parent"]
    assert np.bincount(parent[:, 1]).max() <= 2
    years = (people.birth_day[parent[:, 1]] - people.birth_day[parent[:, 0]]) / DAYS_A_YEAR
    assert years.min() > 14
    old = ties["grandparent"]
    assert ((people.birth_day[old[:, 1]] - people.birth_day[old[:, 0]]) / DAYS_A_YEAR).min() > 28


def test_twins_share_birthday_and_home_but_no_forename(ties: dict[str, np.ndarray], people: People):
    """They are what linkage confuses most."""
    one, other = ties["twin"].T
    assert len(one) > 20
    assert (people.birth_day[one] == people.birth_day[other]).all()
    assert (people.home[one] == people.home[other]).all()
    forename = _first_names(people, "forename")
    assert (forename[one] != forename[other]).all()


def test_half_siblings_share_a_mother_and_often_no_surname(
    ties: dict[str, np.ndarray], people: People
):
    """They have one known parent at home in common at least, a woman, and no stepfather is one."""
    one, other = ties["half_sibling"].T
    mothers = {
        child: parent
        for parent, child in ties["parent"].tolist()
        if people.sex[parent] == 0 and people.home[parent] == people.home[child]
    }
    shared = [mothers.get(a, -1) == mothers.get(b, -2) for a, b in zip(one, other, strict=True)]
    assert len(one) > 100
    assert all(shared)
    surname = _first_names(people, "surname")
    assert 0.3 < (surname[one] != surname[other]).mean() < 0.9
    steps = {tuple(pair) for pair in ties["step_parent"].tolist()}
    assert steps
    assert not steps & {tuple(pair) for pair in ties["parent"].tolist()}


def test_siblings_have_forenames_of_their_own(ties: dict[str, np.ndarray], people: People):
    """No brothers or sisters at home share a first name."""
    one, other = ties["sibling"].T
    forename = _first_names(people, "forename")
    assert (forename[one] != forename[other]).all()


def test_some_sons_have_their_fathers_name(ties: dict[str, np.ndarray], people: People):
    """About one in thirty at home, some more by chance."""
    parent, child = ties["parent"].T
    same_home = people.home[parent] == people.home[child]
    pair = (people.sex[parent] == 1) & (people.sex[child] == 1) & same_home
    forename = _first_names(people, "forename")
    rate = (forename[parent] == forename[child])[pair].mean()
    assert 0.02 < rate < 0.06


def test_children_of_couples_bear_their_fathers_surname(
    ties: dict[str, np.ndarray], people: People
):
    """Nine in ten do; the others' is joined, or they came with their mother."""
    parent, child = ties["parent"].T
    couple = np.isin(child, np.flatnonzero(people.role == CHILD))
    father = couple & (people.sex[parent] == 1) & (people.home[parent] == people.home[child])
    surname = _first_names(people, "surname")
    assert 0.85 < (surname[parent] == surname[child])[father].mean() < 0.97


def test_kin_are_found_only_where_they_are_possible(borough: World):
    """Parents elsewhere are old enough, nobody is their own kin, and no parent serves twice."""
    life_courses = borough.life_courses
    census, kin = life_courses.census, life_courses.kin
    child = np.flatnonzero(kin.parents != NOBODY)
    anchor = census.household_first[kin.parents[child]]
    assert (census.age_years[anchor] - census.age_years[child]).min() > 15
    assert (kin.parents[child] != census.household[child]).all()
    absent = kin.other_parent[kin.other_parent != NOBODY]
    assert len(absent) == len(np.unique(absent))
    home = np.flatnonzero(kin.other_parent != NOBODY)
    assert (census.sex[absent] != census.sex[census.household_first[home]]).all()
    assert kin.two_homes.sum() > 100


def test_everybody_starts_where_the_census_found_them(borough: World, people: People):
    """On the first day of the study each household that is there lives in its own dwelling."""
    life_courses = borough.life_courses
    stays = life_courses.plan.households
    census = life_courses.census
    inside = np.flatnonzero(stays.day <= life_courses.window[1])
    last = inside[np.append(np.diff(stays.owner[inside]) != 0, True)]
    home = census.household_lsoa * DWELLINGS + census.household_dwelling
    home = np.where(census.household_home == OUTSIDE_WALES, OUTSIDE, home)
    assert (stays.place[last] == home[~census.household_arrives]).all()
    assert len(people.person) > 10_000


def test_dwellings_pass_from_household_to_household(borough: World):
    """Most movers take a dwelling that others left, and hardly any is lived in by two at once."""
    life_courses = borough.life_courses
    census, stays = life_courses.census, life_courses.plan.households
    end = np.append(stays.day[1:], NEVER)
    end[np.append(stays.owner[1:] != stays.owner[:-1], True)] = life_courses.window[2]
    gone = np.maximum.reduceat(census.gone_day, census.household_first)
    end = np.minimum(end, gone[stays.owner])
    lived = (stays.place >= 0) & (end > stays.day) & (census.household_home[stays.owner] == 0)
    order = np.lexsort((stays.day[lived], stays.place[lived]))
    place, day, until = (part[lived][order] for part in (stays.place, stays.day, end))
    again = place[1:] == place[:-1]
    assert again.mean() > 0.3
    assert (again & (day[1:] < until[:-1])).mean() < 0.005


def test_as_many_people_move_as_published(borough: World):
    """The census of 2021 counted 8.32 % with another address a year before; 7.8 to 8.8 % do."""
    life_courses = borough.life_courses
    plan, start, there = life_courses.plan, life_courses.window[1], life_courses.census.resident
    stays = plan.households
    moves = (stays.day > start) & (stays.day <= start + 365) & (stays.place >= 0)
    moved = np.isin(life_courses.census.household, stays.owner[moves])
    moved |= plan.left_day <= start + 365
    assert 0.078 < moved[there].mean() < 0.088


def test_the_dead_and_the_unborn_do_nothing(borough: World, people: People):
    """Nobody moves after death or before birth, or is harmed after dying or leaving."""
    owner = people.addresses.person % len(people.person)
    assert (people.addresses.day >= people.birth_day[owner]).all()
    first = people.addresses.person < len(people.person)
    assert (people.addresses.day < people.death_day[owner])[first].all()
    assert (people.names.day < people.death_day[people.names.person]).all()
    incidents = borough.simulated.incidents
    day = incidents["occurred_s"].to_numpy() // 86_400
    for who in ("victim", "offender"):
        assert (day < borough.life_courses.census.gone_day[incidents[who].to_numpy()]).all()


def test_children_are_born_in_the_study(borough: World, people: People):
    """They have ids above all residents', live with their mothers, and are as many as published."""
    births = borough.life_courses.births
    assert (births.person_id % (1 << ID_SHIFT) >= FIRST_BIRTH).all()
    assert len(np.unique(births.person_id)) == len(births.person_id)
    mothers = borough.life_courses.census.age_years[births.mother]
    assert 13 < mothers.min()
    assert mothers.max() < 47
    assert (people.role[people.residents :] == CHILD).all()
    assert (people.lsoa[people.residents :] == people.lsoa[people.mother[people.residents :]]).all()
    per_1000 = 1_000 * len(births.day) / 3 / 58_839
    assert per_1000 == pytest.approx(9.26, rel=0.15)


def test_mothers_rest_after_children_who_live_with_the_father(borough: World):
    """However many children are born, none comes within a year and a half of such a child."""
    lives, period = borough.life_courses, borough.simulated.period
    many = Fates(births_a_woman=60)
    births = draw_births(lives.census, lives.kin, lives.ends, period, many, Stream(5))
    census, other = lives.census, lives.kin.other_parent
    homes = np.flatnonzero(np.isin(other, births.mother))
    assert len(homes) > 10
    for home in homes:
        child = (census.household == home) & (census.role == CHILD)
        born = births.day[births.mother == other[home]].min()
        age = census.age_years[child].min() + (born - period.start) / DAYS_A_YEAR
        assert age > 1.5


def test_whoever_is_killed_dies_in_the_study(borough: World):
    """Even who would have died or left soon after, or is killed on the last days."""
    lives, period = borough.life_courses, borough.simulated.period
    ends = lives.ends
    gone = np.flatnonzero((ends.gone_day < period.end - 1) & (ends.gone_day > period.start + 1))
    stays = np.flatnonzero(ends.gone_day == NEVER)[:500]
    victim = np.concatenate([gone, stays])
    day = np.concatenate([ends.gone_day[gone] - 1, np.full(len(stays), period.end - 2)])
    here = lives.census.there(victim, day)
    victim, day = victim[here], day[here]
    acts = pa.table(
        {
            "incident_id": np.arange(len(victim)),
            "victim": victim,
            "severity": ["fatal"] * len(victim),
            "occurred_s": day * 86_400,
        }
    )
    after = cut_short(lives, acts, Stream(5))
    died = after.ends.death_day[victim]
    assert ((died >= day) & (died < period.end)).all()
    assert (died < after.ends.departure_day[victim]).all()
    assert (died > day).any()


def test_as_many_die_as_published(borough: World):
    """11.6 of 1,000 a year in 2021; within six standard errors and the ages of one borough."""
    dead = (borough.life_courses.ends.death_day < NEVER).sum() / 3
    assert 1_000 * dead / 58_839 == pytest.approx(11.6, rel=0.2)


def test_every_history_has_one_version_a_day(people: People):
    """Versions ascend by person and day, and everybody has a name and an address."""
    count = len(people.person)
    for history in (people.names, people.addresses):
        key = history.person * (1 << 20) + history.day
        assert (np.diff(key) > 0).all()
        assert set(range(count)) <= set(history.person.tolist())


def test_children_with_two_homes_have_two_addresses(people: People):
    """The second stands under their row plus the number of people, and is another place."""
    count = len(people.person)
    child = np.flatnonzero(people.two_homes)
    assert len(child) > 20
    assert set((child + count).tolist()) == set(
        people.addresses.person[people.addresses.person >= count].tolist()
    )
    assert (people.role[child] == CHILD).all()


def test_new_couples_live_together(borough: World, people: People):
    """Whoever moves in with somebody has their address then, and is of the other sex and family."""
    plan, census = borough.life_courses.plan, borough.life_courses.census
    one = people.person[: people.residents]
    one = one[(plan.partner[one] != NOBODY) & np.isin(plan.partner[one], one)]
    other, day = plan.partner[one], plan.coupled_day[one]
    there = np.minimum(census.gone_day[one], census.gone_day[other]) > day
    one, other, day = one[there], other[there], day[there]
    assert len(one) > 5
    assert (plan.partner[other] == one).all()
    assert (census.sex[one] != census.sex[other]).all()
    assert (census.household[one] != census.household[other]).all()
    version = [people.addresses.at(people.row(who), day) for who in (one, other)]
    for part in ("house", "street", "postcode"):
        hers, his = (people.addresses.value(part, which).to_pylist() for which in version)
        assert hers == his


def test_children_of_parted_parents_have_two_homes_since(borough: World, people: People):
    """Their second address is that of the parent who left, from the day of leaving."""
    life_courses, many = borough.life_courses, people.residents
    left = parted_parents(life_courses, people.person[:many], people.home[:many])
    child = np.flatnonzero(left != NOBODY)
    assert len(child) > 5
    assert people.two_homes[child].all()
    parted = life_courses.plan.separated[people.home[child]]
    second = np.searchsorted(people.addresses.person, child + len(people.person))
    assert (people.addresses.day[second] == parted).all()
    theirs = people.addresses.at(people.row(left[child]), parted)
    for part in ("house", "postcode"):
        values = (people.addresses.value(part, which).to_pylist() for which in (second, theirs))
        assert next(values) == next(values)


def test_no_fate_is_no_fate():
    """Rates of zero are allowed, and then nobody is born, dies or leaves."""
    fates, stays = Fates(births_a_woman=0, deaths=0), Migration(leaves_a_year=0)
    scenario = load_scenario("merthyr", persons=300)
    lives = scenario.lives.model_copy(update={"fates": fates, "migration": stays})
    world = simulate_world(scenario.model_copy(update={"lives": lives}))
    assert len(world.life_courses.births.day) == 0
    assert (world.life_courses.ends.gone_day == NEVER).all()


def test_records_go_stale_as_in_nhs_systems(tmp_path_factory: pytest.TempPathFactory):
    """Postcodes and surnames known to ED and GP differ as published, without any fault.

    Cardinal 2023: 30 % of postcodes, 5.7 % of women's and 1.3 % of men's surnames.
    """
    scenario = load_scenario("merthyr", persons=20_000).model_copy(update={"severity": 0.0})
    path = generate(scenario, tmp_path_factory.mktemp("stale") / "world").path
    query = f"""
        with about as (
          select record_id, person_id, sex, source from '{path}/truth/record_persons.parquet'
          join '{path}/truth/persons.parquet' using (person_id) where source in ('ed', 'gp'))
        select e.sex, avg((a.postcode <> g.postcode)::int), avg((a.surname <> g.surname)::int)
        from '{path}/ed/attendances.parquet' a join about e
          on e.source = 'ed' and a.attendance_no = e.record_id
        join about p on p.source = 'gp' and p.person_id = e.person_id
        join '{path}/gp/registrations.parquet' g on g.registration_no = p.record_id
        group by e.sex order by e.sex"""
    (_, her_postcode, her_name), (_, his_postcode, his_name) = duckdb.sql(query).fetchall()
    assert (her_postcode + his_postcode) / 2 == pytest.approx(0.30, abs=0.04)
    assert her_name == pytest.approx(0.057, abs=0.015)
    assert his_name == pytest.approx(0.013, abs=0.006)
