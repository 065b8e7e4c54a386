"""Emergency departments, practices, hospitals, health visitors and registrars of deaths."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkfigure.scenarios import load_scenario
from darkfigure.synth import schema
from darkfigure.synth.agencies.ed.assault_text import Noted, place_texts
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.pipeline import generate
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.setting.premises import PREMISES, premises_names
from darkfigure.synth.storage.dataset import Dataset

ED = "'{d}/ed/attendances.parquet'"
ABOUT = "'{d}/truth/record_incidents.parquet'"
WHO = "'{d}/truth/record_persons.parquet'"


def ask(dataset: Dataset, sql: str) -> list[tuple]:
    """Ask a dataset a question; `{d}` stands for its folder."""
    return duckdb.sql(sql.replace("{d}", str(dataset.path))).fetchall()


def hamlet(out: Path, persons: int = 1_500, **changed: dict[str, object]) -> Dataset:
    """Make a small world with some agencies' settings changed."""
    scenario = load_scenario("merthyr", persons=persons)
    agencies = ("ed", "gp", "hospital", "child_health", "deaths")
    data = {**scenario.model_dump(), "agencies": agencies}
    data |= {name: {**data[name], **values} for name, values in changed.items()}
    return generate(Scenario.model_validate(data), out)


@pytest.mark.parametrize(
    ("table", "column", "other", "key"),
    [
        ("gp/events", "registration_no", "gp/registrations", "registration_no"),
        ("hospital/spells", "hospital_no", "hospital/patients", "hospital_no"),
        ("hospital/diagnoses", "spell_no", "hospital/spells", "spell_no"),
        ("child_health/visits", "child_health_no", "child_health/children", "child_health_no"),
    ],
)
def test_every_number_leads_to_its_record(
    village: Dataset, table: str, column: str, other: str, key: str
):
    """What refers to a patient, a spell or a child refers to one that is there."""
    lost = f"""select {column} from '{{d}}/{table}.parquet'
        except select {key} from '{{d}}/{other}.parquet'"""
    assert [] == ask(village, lost)


def test_an_attendance_ends_after_it_begins(village: Dataset):
    """Nobody leaves before arriving, and an ambulance has a number."""
    wrong = f"""select count(*) filter (left_at < arrived_at),
        count(*) filter ((arrival_mode = '01') <> (ambulance_incident_no is not null)) from {ED}"""
    assert [(0, 0)] == ask(village, wrong)


def test_only_what_is_coded_as_assault_has_the_fields_of_an_assault(village: Dataset):
    """Place, method and time of an assault are empty where the reason is another."""
    filled = f"""select count(*) from {ED} where attendance_group <> '11' and coalesce(
        assault_location_type::varchar, assault_location_text, assault_method::varchar,
        assaulted_at::varchar) is not null"""
    assert [(0,)] == ask(village, filled)


def test_assaults_are_few_among_attendances(village: Dataset):
    """One or two attendances in a hundred follow an assault; the rest is ordinary."""
    share = f"select (select count(*) from {ABOUT} where source = 'ed') / count(*) from {ED}"
    assert 0.005 < ask(village, share)[0][0] < 0.03


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_assaults_are_coded_as_often_as_asked(rate: float, tmp_path: Path):
    """With sensitivity 0 no assault is coded as such, with 1 each is, under the code asked for."""
    how = {"assault_coded_rate": rate, "false_assault_rate": 0.0, "assault_code": "16"}
    wards = {"assault_coded_rate": rate}
    made = hamlet(tmp_path / "made", ed=how, hospital=wards)
    coded = f"""select count(*) filter (attendance_group = '16'), count(incident_id), count(*)
        from {ED} left join (select * from {ABOUT} where source = 'ed') on record_id = attendance_no
        where incident_id is not null or attendance_group = '16'"""
    hits, assaults, rows = ask(made, coded)[0]
    assert assaults > 10
    assert (rate * assaults, assaults) == (hits, rows)
    causes = """select count(*) from '{d}/hospital/diagnoses.parquet'
        where icd10 >= 'X85' and icd10 < 'Y10'"""
    admitted = f"select count(*) from {ABOUT} where source = 'hospital'"
    assert rate * ask(made, admitted)[0][0] == ask(made, causes)[0][0]


def test_an_admission_from_the_department_is_a_spell(village: Dataset):
    """Whoever a department admits has a spell from that day at that site, and nobody else."""
    admitted = f"""select person_id, site_code, arrived_at::date from {ED} join {WHO}
        on record_id = attendance_no where disposal = 'admitted'"""
    spells = f"""select person_id, site_code, admitted_on
        from '{{d}}/hospital/spells.parquet' join {WHO} on record_id = hospital_no
        where admission_method = '21'"""
    # A department may have entered an attendance twice.
    assert set(ask(village, admitted)) == set(ask(village, spells))


def test_each_health_board_numbers_its_own_patients(village: Dataset):
    """A hospital number begins with its board's letters, and one person may have several."""
    patients = """select count(*), count(distinct hospital_no),
        count(*) filter (hospital_no[:2] = health_board) from '{d}/hospital/patients.parquet'"""
    rows, numbers, own = ask(village, patients)[0]
    assert rows == numbers == own
    people = f"select count(distinct person_id) from {WHO} where source = 'hospital'"
    assert ask(village, people)[0][0] < rows


def test_an_older_system_writes_otherwise(tmp_path: Path):
    """Sites with the older system keep surnames in capitals only; the others seldom do."""
    made = hamlet(tmp_path / "made", 6_000)
    capitals = f"""select site_code in ('7A5B1', '7A5B7') as older,
        avg((surname = upper(surname))::int) from {ED} group by older order by older"""
    (_, newer), (_, older) = ask(made, capitals)
    assert newer < 0.1
    assert 1.0 == older


def test_lists_hold_who_has_left_and_some_twice(tmp_path: Path):
    """Without ghosts and doubles each patient lives in Wales and is listed once; else not."""
    none = {"registered_rate": 1.0, "twice_registered_rate": 0.0, "kept_years": 0.0}
    some = {"registered_rate": 1.0, "twice_registered_rate": 1.0, "kept_years": 1_000.0}
    listed = f"""select count(*), count(distinct person_id), count(death_date) from {WHO}
        join '{{d}}/truth/persons.parquet' using (person_id) where source = 'gp'"""
    rows, people, dead = ask(hamlet(tmp_path / "none", gp=none), listed)[0]
    assert (rows, 0) == (people, dead)
    rows, more, dead = ask(hamlet(tmp_path / "some", gp=some), listed)[0]
    assert rows == 2 * more > 2 * people
    assert dead > 0


@pytest.mark.parametrize("source", ["gp", "child_health", "education"])
def test_a_register_is_not_typed_in_one_shift(source: str, village: Dataset):
    """Each entry is made when somebody's details were taken: no shift holds a fiftieth of them."""
    [(most, everything)] = ask(
        village,
        f"""WITH counted AS (SELECT count(*) AS n FROM '{{d}}/truth/record_persons.parquet'
            WHERE source = '{source}' GROUP BY shift_no)
        SELECT max(n), sum(n) FROM counted""",
    )
    assert everything > 300
    assert most < max(everything / 50, 8)


def test_nobody_comes_before_birth_or_after_death(village: Dataset):
    """Ordinary attendances, admissions and visits fall in the life of whom they are about."""
    for table, key, day in (
        ("ed/attendances", "attendance_no", "arrived_at::date"),
        ("child_health/visits", "child_health_no", "visited_on"),
        ("hospital/spells", "hospital_no", "admitted_on"),
    ):
        wrong = f"""select count(*) from '{{d}}/{table}.parquet' t join {WHO} k
            on k.record_id = t.{key} and k.source = '{table.split("/")[0]}'
            join '{{d}}/truth/persons.parquet' using (person_id)
            where {day} < birth_date or {day} > death_date + 1"""
        assert [(0,)] == ask(village, wrong), table


def test_deaths_are_registered_as_they_were(village: Dataset):
    """Each registration is of a true death on its day, and nearly all deaths are registered."""
    matched = f"""select count(*), count(*) filter (died_on = death_date),
        min(registered_on - died_on)
        from '{{d}}/deaths/registrations.parquet' join {WHO} on record_id = entry_no
        join '{{d}}/truth/persons.parquet' using (person_id)"""
    rows, true, wait = ask(village, matched)[0]
    assert rows == true > 50
    assert wait >= 1


def test_practices_hear_of_domestic_abuse_from_the_police(village: Dataset):
    """Whoever has a code of a police report is in police records too."""
    told = """select count(*), count(*) filter (person_id in (
            select person_id from '{d}/truth/record_persons.parquet' where source like 'police/%'))
        from '{d}/gp/events.parquet' join '{d}/truth/record_persons.parquet' as r
            on r.source = 'gp' and registration_no = r.record_id
        where read_code in ('9NDJ.', '13Hm.', '13VF.')"""
    ((count, known),) = ask(village, told)
    assert count > 0
    assert count == known


def test_health_visitors_see_children_under_five(village: Dataset):
    """Each visit of the programme takes place before the fifth birthday, those besides it too."""
    ages = f"""select max(datediff('day', birth_date, visited_on)), count(*),
        count(*) filter (visit = 'extra') from '{{d}}/child_health/visits.parquet' v
        join {WHO} k on k.record_id = v.child_health_no and k.source = 'child_health'
        join '{{d}}/truth/persons.parquet' using (person_id)"""
    oldest, visits, extra = ask(village, ages)[0]
    assert oldest < 5 * 366
    assert 0 < extra < visits / 4


def test_a_contact_is_noted_where_an_incident_is_learned_of(village: Dataset):
    """Each source with records about an incident has one contact for it, and the other way."""
    for source in ("ed", "gp", "hospital", "child_health", "social_care", "family_justice"):
        pairs = [
            f"""select distinct incident_id from '{{d}}/truth/{table}.parquet'
                where source = '{source}'"""
            for table in ("contacts", "record_incidents")
        ]
        assert sorted(ask(village, pairs[0])) == sorted(ask(village, pairs[1])), source


@settings(deadline=None)  # the first note makes the places of Wales
@given(ids=st.lists(st.integers(0, 2**40), min_size=1, max_size=40, unique=True))
def test_a_note_leaves_no_gap_to_fill(ids: list[int]):
    """Whatever is noted, every mark has been replaced by a name or a time."""
    keys = np.array(ids)
    place = keys % len(schema.PLACE)
    lsoa, when = keys % 1_900, keys % 10**9
    noted = Noted(keys, place, lsoa, np.full(len(keys), -1), when)
    texts = place_texts(noted, 1.0, Stream(5)).text.to_pylist()
    assert all(text and text.strip() == text and not set(text) & set("{}") for text in texts)


def test_notes_name_places_only_when_they_may():
    """With no names given away, no note on licensed premises holds one."""
    ids, lsoa = np.arange(400), np.repeat(np.arange(200), 2)
    licensed = np.full(400, list(schema.PLACE).index("licensed"))
    known = {
        name.upper()
        for number in range(PREMISES)
        for name in premises_names(lsoa, np.full(400, number), Stream(5)).to_pylist()
    }
    for rate in (0.0, 1.0):
        noted = Noted(ids, licensed, lsoa, np.full(400, -1), ids)
        texts = place_texts(noted, rate, Stream(5)).text.to_pylist()
        naming = [any(name in text.upper() for name in known) for text in texts]
        assert rate == np.mean(naming)


@pytest.mark.parametrize(
    "agency", ["ed", "gp", "hospital", "child_health", "education", "social_care", "family_justice"]
)
def test_each_agency_can_stand_alone(agency: str, tmp_path: Path):
    """A world with one agency holds its tables, the truth, and no contact with another."""
    scenario = load_scenario("merthyr", persons=400)
    made = generate(scenario.model_copy(update={"agencies": (agency,)}), tmp_path / "alone")
    assert {agency, "truth"} == {name.split("/")[0] for name in made.tables}
    assert set(ask(made, "select distinct source from '{d}/truth/contacts.parquet'")) <= {(agency,)}
