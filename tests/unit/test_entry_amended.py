"""Late and amended records: entered days after their event, or corrected after entry."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from darkfigure.synth.agencies.ed.tables import ED_ATTENDANCES
from darkfigure.synth.agencies.framework.corrections import versions
from darkfigure.synth.agencies.framework.records import Records
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.entry import SystemProfile
from darkfigure.synth.storage.dataset import Dataset

N, DAY, LAST = 20_000, 19_000, 19_400
CHANCE = Stream(1).stage("row_faults")


def records(known_on: int = DAY) -> Records:
    """Give records of one day's events."""
    ids = np.arange(N)
    return Records(
        shape=ED_ATTENDANCES,
        key=pa.array(map(str, ids)),
        ids=ids,
        row=ids,
        known_on=np.full(N, known_on),
        event_on=np.full(N, DAY),
        clerk=ids % 7,
        incident=ids,
        confusable_values={"thing": lambda rows: pa.array(rows).cast(pa.string())},
    )


def profile(*, severity: float = 1.0, **row_faults: dict[str, object]) -> SystemProfile:
    """Give a profile in which nothing but whole rows goes wrong."""
    said = {"title": "a", "source": "assumed", "severity": severity, "row_faults": row_faults}
    return SystemProfile.model_validate(said)


def within(share: float, expected: float) -> bool:
    """Allow five standard errors: chance passes them once in 1.7 million times."""
    return abs(share - expected) <= 5 * np.sqrt(expected * (1 - expected) / N)


@pytest.mark.parametrize("severity", [0.0, 0.5, 1.0, 3.0])
def test_so_many_records_are_late_as_the_rate_says(severity):
    """The share follows rate and severity; each is entered on a later day, which truth holds."""
    rule = profile(severity=severity, late={"rate": 0.1, "days": 5})
    entered = versions(records(), rule, LAST, CHANCE)
    late = entered.records.known_on > DAY
    assert within(late.mean(), 0.1 * severity)
    assert late.sum() == sum(len(faults) for faults in entered.faults)
    assert (entered.records.known_on == entered.records.shift // 2).all()
    if severity:
        delay = (entered.records.known_on - DAY)[late]
        # Rounded exponential: its standard deviation is its mean, 4 days, so that 5 errors are 20.
        assert abs(delay.mean() - 5) < 20 / np.sqrt(late.sum())


def test_what_was_not_asked_on_the_day_is_not_learned_by_being_late():
    """A record that copies an older identity holds that one whenever it is entered."""
    rule = profile(late={"rate": 1})
    old = versions(records(known_on=DAY - 100), rule, LAST, CHANCE)
    assert (old.records.known_on == DAY - 100).all()
    assert () == old.faults


def test_nothing_is_entered_after_the_study():
    """A record that would be entered or corrected too late is as if it were not."""
    rule = profile(late={"rate": 1}, amended={"rate": 1, "keeps_versions": True})
    assert (versions(records(), rule, DAY, CHANCE).records.known_on == DAY).all()
    assert versions(records(), rule, DAY + 3, CHANCE).records.known_on.max() <= DAY + 3


def test_an_amended_record_has_its_first_version_behind_it():
    """It keeps its key and is learned later; the first version has its draws and its incident."""
    rule = profile(amended={"rate": 0.2, "days": 9, "keeps_versions": True})
    entered = versions(records(), rule, LAST, CHANCE)
    faults, all_ = entered.faults[0], entered.records
    n_first = len(all_.ids) - N
    assert within(n_first / N, 0.2)
    assert n_first == faults.num_rows
    key = all_.key.to_numpy(zero_copy_only=False)
    named = (faults[name].to_pylist() for name in ("record_id", "other_record_id"))
    first = dict(zip(*named, strict=True))
    place = {one: number for number, one in enumerate(key)}
    current = np.array([place[one] for one in first])
    kept = np.array([place[one] for one in first.values()])
    assert (kept >= N).all()
    for field in ("ids", "row", "incident", "clerk", "event_on", "shift"):
        assert (getattr(all_, field)[current] == getattr(all_, field)[kept]).all()
    assert (all_.known_on[current] > DAY).all()
    assert (all_.known_on[kept] == DAY).all()
    assert all_.difficulty is not None
    assert {0.3} == set(all_.difficulty[current])
    assert {1.0} == set(all_.difficulty[kept])
    assert all_.confusable_values["thing"](kept).to_pylist() == [str(one) for one in all_.ids[kept]]


def test_a_system_without_versions_keeps_the_corrected_record_only():
    """No row is added, and the ledger names no other record."""
    entered = versions(records(), profile(amended={"rate": 0.2}), LAST, CHANCE)
    assert len(entered.records.ids) == N
    assert entered.faults[0].num_rows == entered.faults[0]["other_record_id"].null_count > 0


@pytest.fixture(scope="module")
def ledger(village: Dataset) -> duckdb.DuckDBPyConnection:
    """Open the village's truth."""
    connection = duckdb.connect()
    for name in ("row_faults", "entry_faults", "record_persons", "record_incidents"):
        file = f"{village.path}/truth/{name}.parquet"
        connection.execute(f"CREATE VIEW {name} AS FROM '{file}'")
    attended = f"{village.path}/ed/attendances.parquet"
    connection.execute(f"CREATE VIEW attendances AS FROM '{attended}'")
    return connection


def test_late_attendances_are_known_after_the_patient_came(ledger):
    """In a whole world, a late record of a department is known later than its arrival."""
    found = ledger.execute("""
        SELECT count(*), count(*) FILTER (known_on > arrived_at::DATE),
            count(*) FILTER (shift_no // 2 = epoch(known_on) // 86400)
        FROM row_faults JOIN record_persons USING (source, "table", record_id)
        JOIN attendances ON attendance_no = record_id
        WHERE source = 'ed' AND fault = 'late' AND record_id NOT IN (
            SELECT record_id FROM row_faults WHERE source = 'ed' AND fault = 'amended')
    """).fetchone()
    assert found[0] > 0
    assert {found[0]} == set(found)


def test_a_correction_adds_no_fault(ledger):
    """Every cell that is wrong in an amended record was wrong in its first version.

    The two faults that read the day of entry, and so may begin with it, are left out.
    """
    new, gone, n = ledger.execute("""
        WITH pairs AS (
            SELECT source, "table", record_id AS current, other_record_id AS first
            FROM row_faults WHERE fault = 'amended' AND other_record_id IS NOT NULL
        ), now AS (
            SELECT source, current, "column" FROM pairs JOIN entry_faults
                USING (source, "table") WHERE record_id = current
                AND fault NOT IN ('baby_name', 'age_for_date')
        ), was AS (
            SELECT source, current, "column" FROM pairs JOIN entry_faults
                USING (source, "table") WHERE record_id = first
        )
        SELECT (SELECT count(*) FROM (FROM now EXCEPT FROM was)),
            (SELECT count(*) FROM (FROM was EXCEPT FROM now)), (SELECT count(*) FROM pairs)
    """).fetchone()
    assert n > 20
    assert new == 0
    assert gone > 20


def test_both_versions_are_of_one_person_and_one_incident(ledger):
    """A first version is about whom and what the corrected record is about."""
    same, n_first, about = ledger.execute("""
        WITH pairs AS (
            SELECT source, "table", record_id AS current, other_record_id AS first
            FROM row_faults WHERE fault = 'amended' AND other_record_id IS NOT NULL
        )
        SELECT count(*) FILTER (a.person_id = b.person_id), count(*),
            count(*) FILTER (i.incident_id IS DISTINCT FROM j.incident_id)
        FROM pairs
        JOIN record_persons AS a ON a.source = pairs.source AND a.record_id = current
            AND a."table" = pairs."table"
        JOIN record_persons AS b ON b.source = pairs.source AND b.record_id = first
            AND b."table" = pairs."table"
        LEFT JOIN record_incidents AS i ON i.source = pairs.source AND i.record_id = current
            AND i."table" = pairs."table"
        LEFT JOIN record_incidents AS j ON j.source = pairs.source AND j.record_id = first
            AND j."table" = pairs."table"
    """).fetchone()
    assert same == n_first > 20
    assert about == 0
