"""Hard cases: people whose identity changes, or is shared, are so in life before any record is.

Rates are checked within six standard errors of what the specs say: a false alarm in 5e8 runs with
fresh seeds.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pytest

from darkfigure.synth.core.chance import Stream
from darkfigure.synth.lives import People, live
from darkfigure.synth.pipeline import World
from darkfigure.synth.schema import HARD_CASE, codes_of
from darkfigure.synth.setting.calendar import DAYS_A_YEAR
from darkfigure.synth.storage.dataset import Dataset


@pytest.fixture(scope="module")
def people(borough: World) -> People:
    """The people of Merthyr's first 20,000 households, with their histories."""
    stream = Stream(borough.scenario.seed).stage("lives")
    return live(borough.life_courses, np.arange(20_000), borough.scenario.lives, stream)


def versions(people: People, history: str, cause: str) -> tuple[np.ndarray, np.ndarray]:
    """Give the versions of a history that begin for a reason, and those before them."""
    kept = getattr(people, history)
    after = np.flatnonzero(codes_of(kept.columns["cause"], (cause,)) >= 0)
    assert (kept.person[after] == kept.person[after - 1]).all()
    return after - 1, after


def texts(people: People, part: str, version: np.ndarray) -> np.ndarray:
    """Give a part of some versions of names."""
    return np.array(people.names.value(part, version).to_pylist(), object)


def near(n: int, expected: float) -> bool:
    """Tell whether a count is within six standard errors of its mean (Poisson)."""
    return abs(n - expected) <= 6 * np.sqrt(expected)


def test_a_new_gender_brings_a_new_forename_and_later_another_sex(people: People):
    """Nobody is under sixteen; surnames stay; a number, if new, comes later still or never."""
    before, after = versions(people, "names", "gender")
    person = people.names.person[after]
    assert len(after) > 20
    assert (texts(people, "forename", before) != texts(people, "forename", after)).mean() > 0.9
    assert (texts(people, "surname", before) == texts(people, "surname", after)).all()
    age = (people.names.day[after] - people.birth_day[person]) / DAYS_A_YEAR
    assert age.min() >= 15.99
    sex = people.identifiers
    turned = codes_of(sex.columns["cause"], ("gender",)) >= 0
    renamed_on = dict(zip(person.tolist(), people.names.day[after].tolist(), strict=True))
    assert all(
        day > renamed_on[row]
        for row, day in zip(sex.person[turned].tolist(), sex.day[turned].tolist(), strict=True)
    )


def test_an_adopted_child_gets_the_surname_of_the_home_and_another_number(people: People):
    """On one day, before eighteen; a sibling's name is the same from then on."""
    before, after = versions(people, "names", "adoption")
    person, day = people.names.person[after], people.names.day[after]
    assert len(after) > 20
    assert ((day - people.birth_day[person]) / DAYS_A_YEAR).max() < 20
    new = people.identifiers.at(person, day)
    old = people.identifiers.at(person, day - 1)
    number = people.identifiers.columns["number"].to_numpy()
    changes = np.flatnonzero(people.identifiers.day[new] == day)
    assert len(person) == len(changes)
    assert (number[new] != number[old]).all()
    assert (texts(people, "surname", before) != texts(people, "surname", after)).mean() > 0.85
    others = np.flatnonzero(
        np.isin(people.household, people.household[person]) & (people.age >= 18)
    )
    at_home = {
        (people.household[row], name)
        for row, name in zip(
            others,
            texts(people, "surname", people.names.at(others, np.full(len(others), 19_800))),
            strict=True,
        )
    }  # on 19 March 2024
    shared = [
        (people.household[row], name) in at_home
        for row, name in zip(person, texts(people, "surname", after), strict=True)
    ]
    assert np.mean(shared) > 0.7


def test_numbers_are_nobody_elses_but_for_those_taken_for_another(people: People):
    """Two people never have a number at once, save where one is taken for the other."""
    kept = people.identifiers
    number, cause = kept.columns["number"].to_numpy(), kept.columns["cause"].cast("string")
    confused = cause.to_numpy(zero_copy_only=False) == "confused"
    held = np.unique(np.stack([number, kept.person])[:, ~confused], axis=1)
    assert len(held[0]) == len(np.unique(held[0]))
    lent = people.person_id[np.searchsorted(people.person_id[: people.residents], number[confused])]
    assert (lent == number[confused]).all()


def test_second_numbers_are_as_many_as_said(people: People, borough: World):
    """Of everybody whose history is long enough."""
    _, after = versions(people, "identifiers", "second_number")
    rate = borough.scenario.lives.identifiers.second_number_rate
    assert near(len(after), rate * len(people.person_id))


def test_given_birthdays_are_the_first_of_january(people: People, borough: World):
    """They are refugees', no twin's, and nobody's age in whole years is other than before."""
    given = np.flatnonzero(people.given_birthday)
    dates = people.birth_day[given].astype("datetime64[D]")
    assert len(given) >= 5
    assert (dates == dates.astype("datetime64[Y]").astype("datetime64[D]")).all()
    assert people.refugee[given].all()
    start = borough.scenario.period.start
    lived = np.floor((start - people.birth_day[given]) / DAYS_A_YEAR + 0.01)
    assert (lived == np.floor(people.age[given])).all()


def test_the_table_lists_who_is_what(village: Dataset):
    """Each case is in it as often as a recount of truth and registers says."""
    tables = {
        name: village.sql(f"truth/{name}")
        for name in (
            "hard_cases",
            "names",
            "identifiers",
            "record_persons",
            "entry_faults",
            "persons",
        )
    }
    listed = dict(
        duckdb.sql(
            f"select hard_case::varchar, count(*) from {tables['hard_cases']} group by 1"
        ).fetchall()
    )
    assert set(listed) <= set(HARD_CASE)
    sample = f"person_id in (select person_id from {tables['persons']} where sampled)"
    recounts = {
        "deed": f"select distinct person_id from {tables['names']} "
        f"where cause = 'deed' and {sample}",
        "two_numbers": f"select distinct person_id from {tables['identifiers']} "
        f"where cause = 'second_number' and {sample}",
        "registered_twice": f"select person_id from {tables['record_persons']} where source = 'gp' "
        f"and {sample} and record_id not like '%-V1' group by 1 having count(*) > 1",
        "alias": f"select distinct person_id from {tables['entry_faults']} "
        f'join {tables["record_persons"]} using (source, "table", record_id) '
        f"where fault in ('alias_given', 'birth_date_lied') and {sample}",
    }
    for case, sql in recounts.items():
        [found] = duckdb.sql(f"select count(*) from ({sql})").fetchall()
        assert listed[case] == found[0], case
        assert found[0] > 3, case


def test_what_an_agency_learned_before_a_change_stays_as_it_was(village: Dataset):
    """Some records of people with another number or sex since then hold the former one."""
    stale = village.sql("truth/stale_values")
    [(numbers,)] = duckdb.sql(
        f"select count(*) from {stale} where \"column\" = 'nhs_number'"
    ).fetchall()
    assert numbers > 0
