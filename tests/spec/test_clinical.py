"""One clinical story a contact: department, ward, practice and register tell it alike."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkfigure.linkage_eval.fidelity.laws import BROKEN, keep_laws
from darkfigure.synth.agencies.framework.complaints import AGES, complaints
from darkfigure.synth.agencies.framework.conditions import conditions, has_condition
from darkfigure.synth.agencies.hospital.diagnoses import external_cause_parts
from darkfigure.synth.agencies.hospital.principal import age_limits
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.reference import load
from darkfigure.synth.reference.coding import meanings
from darkfigure.synth.setting.calendar import DAYS_A_YEAR, Period
from darkfigure.synth.setting.working_days import working_day, working_days_drawn
from darkfigure.synth.storage.dataset import Dataset

HEALTH = {"ed", "hospital", "gp", "deaths", "child_health"}


def ask(dataset: Dataset, sql: str) -> list[tuple]:
    """Ask a dataset a question; `{d}` stands for its folder."""
    return duckdb.sql(sql.replace("{d}", str(dataset.path))).fetchall()


def test_no_law_of_health_records_is_broken_without_a_mistake_of_entry(village: Dataset):
    """Nobody attends after death, no man gives birth, nobody has a senile cataract at eight."""
    found = keep_laws(village).to_pylist()
    broken = [one["name"] for one in found if one["about"] in HEALTH and one["verdict"] == BROKEN]
    assert [] == broken


def test_urgency_decides_on_admission(village: Dataset):
    """The more urgent, the more are admitted, and the more come by ambulance."""
    shares = ask(
        village,
        """select avg((disposal = 'admitted')::int), avg((arrival_mode = '01')::int)
        from '{d}/ed/attendances.parquet' where triage_category in ('2', '3', '4')
        group by triage_category order by triage_category""",
    )
    for column in zip(*shares, strict=True):
        assert list(column) == sorted(column, reverse=True)


def test_a_baby_and_its_mother_lie_at_one_site(village: Dataset):
    """Each baby born in hospital names its mother's number, and she was admitted that day."""
    babies = ask(
        village,
        """select count(*), count(mother.spell_no) from '{d}/hospital/spells.parquet' baby
        left join '{d}/hospital/spells.parquet' mother on mother.hospital_no = baby.mother_no
            and mother.admitted_on between baby.admitted_on - 1 and baby.admitted_on
            and mother.site_code = baby.site_code and mother.admission_method = '31'
        where baby.admission_method = '82'""",
    )
    assert babies[0][0] == babies[0][1] > 0


def test_deaths_in_hospital_end_a_spell_or_an_attendance(village: Dataset):
    """As many people are discharged as dead as the register places there, give or take delays."""
    died = ask(
        village,
        """select count(*) filter (discharge_method = '4')
        from '{d}/hospital/spells.parquet'""",
    )[0][0]
    registered = ask(
        village,
        """select count(*) from '{d}/deaths/registrations.parquet'
        where place_of_death = 'hospital'""",
    )[0][0]
    in_department = ask(
        village,
        "select count(*) from '{d}/ed/attendances.parquet' where disposal = 'died'",
    )[0][0]
    assert registered <= died + in_department


@given(st.integers(0, 1), st.floats(0, 90), st.floats(0, 20))
def test_a_long_term_condition_never_goes(sex: int, age: float, later: float):
    """Whoever has one has it at every later age."""
    ids = np.arange(200)
    sexes, born = np.full(200, sex), np.zeros(200, np.int64)
    days = (np.full(200, years * DAYS_A_YEAR).astype(np.int64) for years in (age, age + later))
    then, now = (has_condition(sexes, born, ids, day, Stream(5)) for day in days)
    assert not (then & ~now).any()


def test_conditions_are_as_common_as_published():
    """Of women of 72, as many have each as the table says (false alarms: one in 10,000 seeds)."""
    n = 40_000
    ids, day = np.arange(n), np.full(n, int(72.5 * DAYS_A_YEAR))
    seen = has_condition(np.zeros(n, int), np.zeros(n, int), ids, day, Stream(11)).mean(axis=0)
    wanted = np.array(load("conditions")["f_65"].to_pylist(), float) / 100
    error = np.sqrt(wanted * (1 - wanted) / n)
    assert (np.abs(seen - wanted) <= 4.6 * error + 2e-4).all()
    assert len(conditions()) == len(wanted)


@pytest.mark.parametrize("detail", ["anatomical_area", "treatment", "mechanism"])
def test_every_detail_is_of_a_complaint_and_a_list(detail: str):
    """The tables of complaints agree with each other and with the department's lists."""
    rows = [row for row in load("complaint_details").to_pylist() if row["detail"] == detail]
    assert {row["complaint"] for row in rows} <= set(complaints().names)
    codes = set(meanings("ed_codes", of=detail))
    assert {f"{row['code']:0>2}" for row in rows} <= codes


def test_every_complaint_leads_to_a_diagnosis_of_the_ward():
    """Somebody who is admitted with it has a code; age limits are in order."""
    table = load("hospital_diagnoses")
    assert set(complaints().names) <= set(table["complaint"].to_pylist())
    least, most = age_limits()
    assert (least <= most).all()
    assert complaints().weight.shape == (2, len(AGES), 12, len(complaints().names))
    assert {"fall", "traffic", "self_poisoning"} <= set(external_cause_parts())


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=50))
def test_working_days_are_never_weekends_or_holidays(drawn: list[float]):
    """Nor do they leave the period; moving to a working day leaves one as it is."""
    period = Period(18_800, 19_200)
    day = working_days_drawn(period, np.array(drawn))
    assert ((day >= period.start) & (day < period.end)).all()
    assert ((day + 3) % 7 < 5).all()
    assert (working_day(day) == day).all()


def test_nobody_is_planned_for_a_holiday(village: Dataset):
    """Christmas 2022 fell on a Sunday; its substitutes are closed too."""
    spells = village.read("hospital/spells", ["admitted_on", "admission_method"])
    planned = spells.filter(pc.equal(spells["admission_method"], "11"))["admitted_on"].to_pylist()
    assert not {str(day) for day in planned} & {"2022-12-26", "2022-12-27", "2023-01-02"}
