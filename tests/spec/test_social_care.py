"""Children's services and the family court."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from darkfigure.scenarios import load_scenario
from darkfigure.synth.agencies.framework.care_episodes import (
    LOOKED_AFTER,
    PROTECTION,
    SUPPORT,
    care_episodes,
)
from darkfigure.synth.agencies.framework.service_demand import NeedFactors, Needs
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.pipeline import generate
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.setting.calendar import DAYS_A_YEAR, Period
from darkfigure.synth.setting.geography import wales
from darkfigure.synth.storage.dataset import Dataset

START = 18_718  # 2021-04-01
WHO = "'{d}/truth/record_persons.parquet'"
ABOUT = "'{d}/truth/record_incidents.parquet'"
CARE = "{d}/social_care"
COURT = "{d}/family_justice"


def ask(dataset: Dataset, sql: str) -> list[tuple]:
    """Ask a dataset a question; `{d}` stands for its folder."""
    return duckdb.sql(sql.replace("{d}", str(dataset.path))).fetchall()


def town(out: Path, **changed: dict[str, object]) -> Dataset:
    """Make a world of children's services and courts with some settings changed."""
    scenario = load_scenario("merthyr", persons=9_000)
    data = scenario.model_dump() | {"agencies": ("police", "social_care", "family_justice")}
    data |= {name: {**data[name], **values} for name, values in changed.items()}
    return generate(Scenario.model_validate(data), out)


@pytest.fixture(scope="module")
def borough_care(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A world of 9,000 people, with police, children's services and courts only."""
    return town(tmp_path_factory.mktemp("care") / "town")


@pytest.mark.parametrize(
    "table", ["referrals", "plans", "child_protection", "looked_after", "placements", "allocations"]
)
def test_every_entry_is_about_a_child_on_file(borough_care: Dataset, table: str):
    """What children's services write is about a child who has a file."""
    lost = f"""select child_id from '{CARE}/{table}.parquet'
        except select child_id from '{CARE}/children.parquet'"""
    assert [] == ask(borough_care, lost)


def test_registration_and_placement_come_with_a_plan(borough_care: Dataset):
    """Whoever is registered or looked after receives care and support from the same day."""
    for table in ("child_protection", "looked_after"):
        lost = f"""select child_id, started_on, ended_on from '{CARE}/{table}.parquet'
            except select child_id, started_on, ended_on from '{CARE}/plans.parquet'"""
        assert [] == ask(borough_care, lost), table


def test_a_plan_always_has_a_social_worker(borough_care: Dataset):
    """Allocations of a child begin with its first plan, and each has an end unless it is open."""
    begin = f"""select child_id, min(started_on) from '{CARE}/{{}}.parquet' group by 1 order by 1"""
    plans, allocations = (
        ask(borough_care, begin.replace("{}", t)) for t in ("plans", "allocations")
    )
    assert plans == allocations
    backwards = f"select count(*) from '{CARE}/allocations.parquet' where ended_on < started_on"
    assert [(0,)] == ask(borough_care, backwards)


def test_files_are_about_the_young(borough_care: Dataset):
    """Nobody of 18 or older is referred."""
    ages = f"""select max(datediff('day', birth_date, received_on)),
        min(datediff('day', birth_date, received_on)) from '{CARE}/referrals.parquet'
        join {WHO} on record_id = child_id join '{{d}}/truth/persons.parquet' using (person_id)"""
    oldest, youngest = ask(borough_care, ages)[0]
    assert oldest < 18 * DAYS_A_YEAR + 1
    assert youngest >= 0


def test_a_referral_about_an_incident_is_of_its_victim_or_witness(borough_care: Dataset):
    """The child was harmed in the incident, or saw it, and another agency knew."""
    found = f"""select person_id = victim_id, w.person_id is not null, police_status
        from '{CARE}/referrals.parquet' join {ABOUT} i on i.record_id = referral_no
        join {WHO} k on k.record_id = child_id
        join '{{d}}/truth/incidents.parquet' using (incident_id)
        left join '{{d}}/truth/incident_witnesses.parquet' w using (incident_id, person_id)"""
    rows = ask(borough_care, found)
    assert len(rows) > 20
    assert all(victim or witness for victim, witness, _ in rows)
    assert any(witness for _, witness, _ in rows)


def test_without_referrals_no_incident_is_known(tmp_path: Path):
    """If nobody refers and nobody applies, children's services and courts learn of no incident."""
    rates = dict.fromkeys(
        ("referred_by_police_rate", "referred_by_school_rate", "referred_by_health_rate"), 0.0
    )
    courts = {"injunction_if_recorded_rate": 0.0, "injunction_if_not_rate": 0.0}
    made = town(tmp_path / "made", social_care=rates, family_justice=courts)
    learned = "select count(*) from '{d}/truth/contacts.parquet' where source not like 'police/%'"
    assert [(0,)] == ask(made, learned)
    assert made.tables["social_care/plans"]["rows"] > 0
    assert made.tables["family_justice/cases"]["rows"] > 0


def test_an_injunction_is_the_victim_s_against_the_offender(borough_care: Dataset):
    """The applicant was harmed by the respondent, and each is entered once."""
    parties = f"""select role, person_id = victim_id, person_id = offender_id
        from '{COURT}/parties.parquet' join '{COURT}/cases.parquet' using (case_no)
        join {ABOUT} i on i.record_id = case_no join {WHO} k on k.record_id = party_no
        join '{{d}}/truth/incidents.parquet' using (incident_id) where case_type = 'injunction'"""
    found = ask(borough_care, parties)
    assert {("applicant", True, False), ("respondent", False, True)} == set(found)
    roles = [role for role, _, _ in found]
    assert roles.count("applicant") == roles.count("respondent")


def test_a_care_case_is_about_a_child_who_is_then_looked_after(borough_care: Dataset):
    """The local authority applies, and the child of the case is placed under an order later."""
    cases = f"""select applicant_body, bool_or(legal_status in ('C1', 'C2', 'E1')
            and started_on >= applied_on)
        from '{COURT}/cases.parquet' join '{COURT}/parties.parquet' using (case_no)
        join {WHO} k on k.record_id = party_no and k.source = 'family_justice'
        left join (select person_id, legal_status, started_on from '{CARE}/looked_after.parquet'
            join {WHO} on record_id = child_id) using (person_id)
        where case_type = 'care' and role = 'child' group by case_no, person_id, applicant_body"""
    assert {("Merthyr Tydfil", True)} == set(ask(borough_care, cases))


def test_each_case_has_parties_and_each_party_a_case(borough_care: Dataset):
    """No case is without people, and nobody is party to none."""
    for one, other in (("cases", "parties"), ("parties", "cases")):
        lost = f"""select case_no from '{COURT}/{one}.parquet'
            except select case_no from '{COURT}/{other}.parquet'"""
        assert [] == ask(borough_care, lost), one


def test_respondents_outside_the_sample_are_people_too(borough_care: Dataset):
    """A party who lives outside the sample has a record and a place in the truth."""
    outside = f"""select count(*) from '{COURT}/parties.parquet' join {WHO} on record_id = party_no
        join '{{d}}/truth/persons.parquet' using (person_id) where not sampled"""
    assert ask(borough_care, outside)[0][0] > 0


@pytest.mark.parametrize(
    ("kind", "per_10k"), [(LOOKED_AFTER, 116.3), (PROTECTION, 44.5), (SUPPORT, 112.0)]
)
def test_as_many_children_are_in_care_at_a_time_as_published(kind: int, per_10k: float):
    """The stock on the first day is within 10 % of the published (with what violence adds).

    Without clustering in families 400,000 children have a standard error below 2.5 %: a false
    alarm has a probability below 1e-4 a check, and the seed is fixed.
    """
    count, period = 400_000, Period(START, START + 365)
    chance, geography = Stream(11), wales()
    ids = np.arange(count)
    weight = np.cumsum(
        sum(geography.age_share(b) for b in ("0_4", "5_10", "11_15", "16_17")) * geography.residents
    )
    lsoa = np.searchsorted(weight, (ids + 0.5) / count * weight[-1])
    born = START - 1 - (chance.uniform("age", ids) * 18 * DAYS_A_YEAR).astype(np.int64)
    always, never = np.full(count, -(1 << 18)), np.full(count, 1 << 18)
    people = NeedFactors(ids, ids, born, always, never, lsoa, lsoa)
    care = care_episodes(people, period, Needs(), chance)
    there = (care.kind == kind) & (care.start <= START) & (care.end > START)
    stock = len(np.unique(care.row[there])) / count * 10_000
    assert stock == pytest.approx(per_10k, rel=0.1)
