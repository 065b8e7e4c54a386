"""Schools: who is a pupil, in which year, at which school, and what is noted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.scenarios import load_scenario
from darkfigure.synth.agencies.education.pupils import year_group
from darkfigure.synth.pipeline import generate
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.storage.dataset import Dataset

PUPILS = "'{d}/education/pupils.parquet'"
WHO = "'{d}/truth/record_persons.parquet'"


def ask(dataset: Dataset, sql: str) -> list[tuple]:
    """Ask a dataset a question; `{d}` stands for its folder."""
    return duckdb.sql(sql.replace("{d}", str(dataset.path))).fetchall()


def day(text: str) -> int:
    """Give a day as days since 1970-01-01."""
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("born", "today", "group"),
    [
        ("2019-08-31", "2024-01-16", 0),  # four years old on the last day of August: reception
        ("2019-09-01", "2024-01-16", -1),
        ("2018-09-01", "2024-01-16", 0),
        ("2018-08-31", "2024-01-16", 1),
        ("2018-08-31", "2023-08-31", 0),
        ("2018-08-31", "2023-09-01", 1),
        ("2008-01-01", "2024-01-16", 11),
    ],
)
def test_year_groups_turn_on_the_first_of_september(born: str, today: str, group: int):
    """A child is in the year group that the last August before the day puts it in."""
    assert [group] == year_group(np.array([day(born)]), day(today)).tolist()


@given(st.integers(-3_000, 20_000))
def test_everybody_moves_up_a_year_at_a_time(born: int):
    """From one September to the next the year group rises by one."""
    birth = np.array([born])
    groups = [year_group(birth, day(f"{year}-09-02"))[0] for year in range(2015, 2024)]
    assert [1] * 8 == np.diff(groups).tolist()


def test_what_is_written_of_pupils_leads_to_them(village: Dataset):
    """Attendance, exclusions and concerns are about pupils of the census, who attend schools."""
    for table, column, other in (
        ("attendance", "pupil_no", "pupils"),
        ("exclusions", "pupil_no", "pupils"),
        ("concerns", "pupil_no", "pupils"),
        ("pupils", "school_code", "schools"),
    ):
        lost = f"""select {column} from '{{d}}/education/{table}.parquet'
            except select {column} from '{{d}}/education/{other}.parquet'"""
        assert [] == ask(village, lost), table


def test_school_numbers_belong_to_no_school(village: Dataset):
    """The last four digits are below 1000, at which real school numbers begin."""
    codes = ask(village, "select school_code from '{d}/education/schools.parquet'")
    assert codes
    assert all(len(code) == 7 and int(code[3:]) < 1_000 for (code,) in codes)


def test_numbers_of_pupils_are_their_own(village: Dataset):
    """No two pupils share a number, and the census writes it down or has a fault."""
    true = "'{d}/truth/pupil_numbers.parquet'"
    numbers = f"""select count(*), count(distinct upn),
        count(*) filter (regexp_matches(upn, '^[A-Z]6[0-9]{{2}}999[0-9]{{6}}$')) from {true}"""
    rows, different, formed = ask(village, numbers.replace("{{", "{").replace("}}", "}"))[0]
    assert rows == different == formed > 0
    wrong = f"""select count(*), count(*) filter (p.upn is distinct from t.upn) from {PUPILS} p
        join {WHO} w on record_id = pupil_no and source = 'education' and "table" = 'pupils'
        join {true} t using (person_id)
        where pupil_no not in (select record_id from '{{d}}/truth/entry_faults.parquet'
            where source = 'education' and "column" = 'upn')"""
    written, differ = ask(village, wrong)[0]
    assert written > 0
    assert differ == 0


def test_nobody_misses_more_than_there_is(village: Dataset):
    """Sessions missed are within those possible, and a whole year has 380."""
    sessions = """select min(sessions_authorised), min(sessions_unauthorised),
        max(sessions_authorised + sessions_unauthorised - sessions_possible),
        max(sessions_possible) from '{d}/education/attendance.parquet'"""
    with_leave, without, beyond, most = ask(village, sessions)[0]
    assert (0, 0, 380) == (with_leave, without, most)
    assert beyond <= 0


def test_children_with_free_meals_miss_more(village: Dataset):
    """As published, absence with free school meals is well above that without."""
    rates = f"""select fsm_eligible, avg(
        (sessions_authorised + sessions_unauthorised) / sessions_possible)
        from '{{d}}/education/attendance.parquet' join {PUPILS} using (pupil_no)
        group by 1 order by 1"""
    (_, without), (_, with_meals) = ask(village, rates)
    assert with_meals > 1.4 * without


def test_no_exclusion_begins_in_august(village: Dataset):
    """Schools are shut."""
    months = "select distinct month(started_on) from '{d}/education/exclusions.parquet'"
    assert (8,) not in ask(village, months)


def test_a_known_assault_at_school_excludes_its_offender(tmp_path: Path):
    """If each leads to an exclusion, each such exclusion is the offender's, for assault."""
    scenario = load_scenario("merthyr", persons=24_000)
    data = scenario.model_dump() | {"agencies": ("education",)}
    data["education"] |= {"assault_excluded_rate": 1.0, "exclusions_per_1000": 0.0}
    made = generate(Scenario.model_validate(data), tmp_path / "made")
    excluded = f"""select person_id = offender_id, reason, place
        from '{{d}}/education/exclusions.parquet'
        join '{{d}}/truth/record_incidents.parquet' i on i.record_id = exclusion_no
        join {WHO} k on k.record_id = pupil_no
        join '{{d}}/truth/incidents.parquet' using (incident_id)"""
    found = ask(made, excluded)
    assert len(found) > 5
    assert {(True, "PA", "school")} == set(found)
