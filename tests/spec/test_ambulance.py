"""The ambulance service: what crews know of patients, and what departments know of crews."""

from __future__ import annotations

from functools import partial

import duckdb
import numpy as np
import pytest
from once import once

from darkfigure.linkage_eval.links.truth import read_truth
from darkfigure.linkage_eval.runs.suite import LinkerEntry, Task
from darkfigure.linkage_eval.sharing.strategy.holdings import HOLDINGS
from darkfigure.linkage_eval.studies.link import link_dataset
from darkfigure.linkage_eval.studies.score import score
from darkfigure.reports.html import labels
from darkfigure.scenarios import load_scenario
from darkfigure.synth.agencies.ambulance.call_times import time_calls
from darkfigure.synth.agencies.ambulance.calls import CANCELLED, CONVEYED, TREATED, Calls
from darkfigure.synth.agencies.ambulance.spec import AmbulanceService
from darkfigure.synth.agencies.ambulance.tables import PRIORITY
from darkfigure.synth.agencies.ed.seen import ASSAULT
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.pipeline import generate
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.storage.dataset import Dataset

TIMES = ("called", "allocated", "on_scene", "left_scene", "at_hospital", "handover")


def many_calls(persons: int, *agencies: str) -> Scenario:
    """A scenario whose every attendance after violence, and every wound, brings an ambulance."""
    data = load_scenario("merthyr", persons=persons).resolved()
    data["agencies"] = list(agencies)
    seeking = data["contacts"]["help_seeking"]
    seeking |= dict.fromkeys((name for name in seeking if name.startswith("ambulance_")), 1.0)
    return Scenario.model_validate(data)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A dataset of 12,000 people, with some 400 ambulance patients after violence."""
    scenario = many_calls(12_000, "police", "ed", "ambulance")
    return Dataset.open(once(tmp_path_factory, "ambulance-town", partial(generate, scenario)))


def asked(town: Dataset, sql: str) -> list[tuple]:
    """Ask with views of calls, patients, attendances and the truth."""
    with duckdb.connect() as connection:
        for name in (
            *("ambulance/incidents", "ambulance/patients", "ed/attendances"),
            *("truth/incidents", "truth/record_incidents", "truth/record_persons"),
            *("truth/contacts", "truth/row_faults", "truth/persons"),
        ):
            view = name.replace("/", "_")
            connection.execute(f"create view {view} as select * from {town.sql(name)}")
        connection.execute("""create view about as select record_id, incident_id, "table" as of
            from truth_record_incidents where source = 'ambulance'""")
        return connection.sql(sql).fetchall()


def test_a_call_goes_forward_in_time(town: Dataset):
    """From the telephone to the handover; where a time is missing, the others still rise."""
    calls = town.read("ambulance/incidents").to_pandas()
    for number, earlier in enumerate(TIMES):
        for later in TIMES[number + 1 :]:
            assert not (calls[f"{earlier}_at"] > calls[f"{later}_at"]).any(), (earlier, later)
    assert calls["called_at"].notna().all()


def test_nobody_calls_before_it_happens(town: Dataset):
    """Not even where the victim was at the department soon after."""
    (row,) = asked(
        town,
        """select count(*), count(*) filter (called_at < occurred_at) from ambulance_incidents
        join about on record_id = incident_no and of = 'incidents'
        join truth_incidents using (incident_id)""",
    )
    assert row[0] > 300
    assert 0 == row[1]


def test_a_patient_who_was_brought_bears_the_service_s_own_number(town: Dataset):
    """Every number at a department is that of one incident, of the same site and person."""
    (row,) = asked(
        town,
        """select count(*), count(i.incident_no), count(*) filter (stop = 'conveyed'),
            count(*) filter (p.site_code = e.site_code),
            count(*) filter (a.person_id = b.person_id),
            count(*) filter (arrived_at >= at_hospital_at),
            count(*) filter (arrived_at <= at_hospital_at + interval 8 minute),
            count(*) filter (handover_at < left_at)
        from ed_attendances e left join ambulance_incidents i
            on ambulance_incident_no = i.incident_no
        left join ambulance_patients p on p.incident_no = i.incident_no and patient = 1
        left join truth_record_persons a on a.source = 'ed' and a.record_id = attendance_no
        left join truth_record_persons b on b.source = 'ambulance' and b.record_id = patient_no
        where ambulance_incident_no is not null""",
    )
    assert row[0] > 2_000
    assert {row[0]} == set(row)


def test_no_journey_is_without_an_attendance(town: Dataset):
    """Whoever is conveyed is seen at the department, and what crews note of it is right.

    Departments in England, whose codes begin with R, keep records of their own.
    """
    (row,) = asked(
        town,
        """select count(distinct incident_no) filter (stop = 'conveyed'
                and incident_no not in (select incident_no from ambulance_patients
                    where site_code like 'R%')),
            count(distinct ambulance_incident_no)
        from ambulance_incidents left join ed_attendances on ambulance_incident_no = incident_no""",
    )
    assert row[0] == row[1]
    (noted,) = asked(
        town,
        """select count(*), count(*) filter (ambulance_incident_no = incident_no)
        from ambulance_patients left join ed_attendances on attendance_no = ed_attendance_no
        where ed_attendance_no is not null""",
    )
    assert noted[0] > 500
    assert noted[0] == noted[1]


def test_every_act_that_an_ambulance_came_to_is_a_patient(town: Dataset):
    """And no other is; the service learns of it when it is called."""
    (row,) = asked(
        town,
        """with seen as (select distinct incident_id from about where of = 'patients')
        select count(*) filter (ambulance and sampled), count(seen.incident_id),
            count(*) filter (ambulance and seen.incident_id is not null)
        from truth_incidents join truth_persons on victim_id = person_id
        left join seen using (incident_id)""",
    )
    assert 1 == len(set(row))
    (contacts,) = asked(
        town,
        """select count(*), count(distinct contact_id), count(*) filter (learned_at = called_at)
        from truth_contacts join about using (incident_id)
        join ambulance_incidents on incident_no = record_id
        where source = 'ambulance' and of = 'incidents'""",
    )
    assert 1 == len(set(contacts))


# Shares missing after violence as the profile and the specification mean them, all assumed.
GAPS = {"forename": 0.12, "surname": 0.06, "date_of_birth": 0.20, "sex": 0.04, "nhs_number": 0.55}
GAPS |= {"street": 0.28, "postcode": 0.34, "ethnicity": 0.55, "impression": 0.10, "mechanism": 0.25}
GAPS |= {"conscious": 0.06, "assault": 0.30, "alcohol": 0.35}


def test_crews_leave_empty_what_they_are_meant_to(town: Dataset):
    """Within 0.06 and four standard errors, of clustered binomials: one in 10,000 fails."""
    missing = ", ".join(f"avg(({name} is null)::int)" for name in GAPS)
    (row,) = asked(
        town,
        f"""select count(*), avg((surname = 'UNKNOWN')::int), {missing} from ambulance_patients
        join about on record_id = patient_no and of = 'patients' where patient = 1""",
    )
    n, unknown, *found = row
    far = {
        name: (expected, share)
        for (name, expected), share in zip(GAPS.items(), found, strict=True)
        if abs(share - expected) > 0.06 + 4 * np.sqrt(2 * expected * (1 - expected) / n)
    }
    assert {} == far
    assert 0.06 == pytest.approx(unknown, abs=0.02 + 4 * np.sqrt(2 * 0.06 * 0.94 / n))


def test_what_is_put_down_fits_together(town: Dataset):
    """Nobody speaks for himself who cannot, and nobody is left behind who does not answer."""
    (row,) = asked(
        town,
        """select count(*) filter (caller = '999_self' and determinant in ('09E01', '04D02A')),
            count(*) filter (stop not in ('conveyed', 'dead')
                and determinant in ('09E01', '27D04S')),
            count(*) filter (stop not in ('conveyed', 'dead') and conscious in ('V', 'P', 'U')),
            count(*) filter (stop in ('cancelled', 'no_patient') and patient_no is not null),
            count(*) filter (stop not in ('cancelled', 'no_patient') and patient_no is null),
            count(*) filter (determinant = '29B01' and impression = 'CARDIAC')
        from ambulance_incidents left join ambulance_patients using (incident_no)""",
    )
    assert {0} == set(row)


def test_the_police_are_on_no_scene_of_which_they_never_heard(town: Dataset):
    """Nor did they call."""
    (row,) = asked(
        town,
        """select count(*),
            count(*) filter (police_on_scene or caller = 'police' or stop = 'police')
        from ambulance_incidents join about on record_id = incident_no and of = 'incidents'
        join truth_incidents using (incident_id) where police_status = 'never_reported'""",
    )
    assert row[0] > 100
    assert 0 == row[1]


def test_a_second_crew_s_record_says_so(town: Dataset):
    """It is patient 2 of the incident, and the truth knows which record it repeats."""
    (row,) = asked(
        town,
        """select count(*) filter (patient = 2), (select count(*) from truth_row_faults
            where source = 'ambulance' and fault = 'duplicate') from ambulance_patients""",
    )
    assert row[0] > 30
    assert row[0] == row[1]


def test_patients_are_linked_to_attendances_and_nominals(town: Dataset):
    """As tasks of their own, with truth: nearly all links are right, and not all are found."""
    for other in ("ed", "police"):
        links = link_dataset(
            town, LinkerEntry(name="stepwise"), Task(left="ambulance", right=other)
        )
        found = score(town, links, left="ambulance", right=other).to_pylist()
        overall = {row["metric"]: row["value"] for row in found if row["stratum_kind"] == "all"}
        assert overall["precision"] > 0.95
        assert 0.3 < overall["recall"] < 0.99
        assert read_truth(town, "ambulance", other).left.ids


def test_the_manifest_alone_makes_it_known():
    """To strategies and to reports."""
    holding = HOLDINGS["ambulance/patients"]
    assert "nhs_number" == holding.identity["nhs_number"]
    assert holding.is_place("location_text")
    assert "the ambulance service" == labels.the_system("ambulance")
    assert "ambulance patient records" == labels.source("ambulance")


def test_without_departments_crews_note_no_number_of_theirs(
    tmp_path_factory: pytest.TempPathFactory,
):
    """They take patients to the hospital all the same."""
    scenario = many_calls(1_000, "ambulance")
    world = Dataset.open(once(tmp_path_factory, "no-departments", partial(generate, scenario)))
    patients = world.read("ambulance/patients")
    assert patients.num_rows == patients["ed_attendance_no"].null_count
    assert patients["site_code"].null_count < patients.num_rows


def made_up(stop: int, **of: int) -> Calls:
    """A thousand calls after violence that end alike."""
    n = 1_000
    told = {"site": 0, "called_s": -1, "arrived_s": -1, "left_s": -1} | of
    columns = {name: np.full(n, value) for name, value in told.items()}
    rows = np.arange(n)
    return Calls(
        ids=rows,
        row=rows,
        incident=rows,
        reason=np.full(n, ASSAULT),
        stop=np.full(n, stop),
        **columns,
    )


def timed(calls: Calls, occurred_s: int) -> dict[str, np.ndarray]:
    """The times of calls of all three priorities."""
    n = len(calls.ids)
    times = time_calls(
        calls,
        np.arange(n) % len(PRIORITY),
        np.full(n, occurred_s),
        np.zeros(n, bool),
        AmbulanceService(),
        Stream(1),
    )
    return vars(times)


@pytest.mark.parametrize("passed_s", [1, 120, 1_800, 200_000])
def test_times_rise_however_soon_the_patient_arrives(passed_s: int):
    """All waits are shortened alike where they would begin before the act of violence."""
    start = 1_650_000_000
    calls = made_up(CONVEYED, arrived_s=start + passed_s, left_s=start + passed_s + 600)
    times = np.stack([timed(calls, start)[name] for name in TIMES])
    assert (np.diff(times, axis=0) >= 0).all()
    assert (times[0] >= start).all()
    assert (times[-1] <= start + passed_s + 600).all()


def test_calls_without_a_journey_have_no_hospital_and_cancelled_ones_no_scene():
    """Times that never came are -1; half of those that are cancelled had a crew allocated."""
    treated = timed(made_up(TREATED, called_s=10**9), 10**9 - 60)
    cancelled = timed(made_up(CANCELLED, called_s=10**9), 10**9 - 60)
    assert {-1} == set(treated["at_hospital"]) == set(treated["handover"])
    assert (treated["left_scene"] > treated["on_scene"]).all()
    assert {-1} == set(cancelled["on_scene"]) == set(cancelled["left_scene"])
    # A binomial of 1,000 is so far from one half once in a million.
    assert 0.5 == pytest.approx((cancelled["allocated"] < 0).mean(), abs=0.08)


def test_responses_have_the_medians_of_their_priority():
    """Within four standard errors of a log-normal's median: one in 5,000 fails of each."""
    times, spec = timed(made_up(TREATED, called_s=10**9), 10**9 - 60), AmbulanceService()
    for number, name in enumerate(PRIORITY):
        own = np.arange(1_000) % len(PRIORITY) == number
        minutes = (times["on_scene"][own] - times["called"][own]) / 60
        wait = getattr(spec, name)
        spread = np.log(wait.response_p90 / wait.response) / 1.2816
        error = 4 * 1.2533 * spread / np.sqrt(own.sum())
        assert np.log(wait.response) == pytest.approx(np.log(np.median(minutes)), abs=error + 0.01)
