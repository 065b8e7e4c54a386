"""Nobody is known before they are born: no agency, no record and no history begins earlier."""

from __future__ import annotations

import duckdb
import pytest
from people_known import people_of

from darkfigure.synth import schema
from darkfigure.synth.schema.table import DATE, TIME
from darkfigure.synth.storage.dataset import Dataset

# Days of the truth on which somebody began to be, or was learned of.
HISTORIES = (
    ("record_persons", "known_on"),
    ("names", "valid_from"),
    ("addresses", "valid_from"),
    ("second_addresses", "valid_from"),
    ("persons", "death_date"),
)


def early(village: Dataset, rows: str, day: str) -> tuple[int, int]:
    """Count rows that lie before the birth of whom they are about, and all rows."""
    [found] = duckdb.sql(
        f"select count(*) filter (dated.{day}::date < born.birth_date), count(*) from ({rows}) "
        f"as dated join {village.sql('truth/persons')} as born using (person_id) "
        f"where dated.{day} is not null"
    ).fetchall()
    return found


@pytest.mark.parametrize(("table", "day"), HISTORIES)
def test_nothing_is_learned_and_no_history_begins_before_birth(
    village: Dataset, table: str, day: str
):
    """Telephones alone are older than children: they are reached under their parents' numbers."""
    before, n = early(village, f"from {village.sql(f'truth/{table}')}", day)
    assert 0 == before
    assert n > 20


def test_no_record_is_older_than_whom_it_is_about(village: Dataset):
    """Every day in every table that can be traced to a person is on or after their birth."""
    checked = set()
    for path in village.tables:
        shape = schema.TABLES[f"{path}.parquet"]
        rows = None if path.startswith("truth/") else people_of(village, shape)
        for column in shape.columns:
            if rows is not None and column.type in (DATE, TIME):
                before, n = early(village, rows, column.name)
                assert 0 == before, (path, column.name)
                checked |= {path} if n else set()
    assert {"police/south_wales/nominals", "ppn/south_wales/persons", "pnd/persons"} <= checked


def test_nobody_is_hurt_or_sees_it_before_birth(village: Dataset):
    """Victims, offenders and witnesses, and the day on which an agency learned of it."""
    incidents = village.sql("truth/incidents")
    joined = f"from {village.sql('truth/incident_witnesses')} join {incidents} using (incident_id)"
    contacts = f"from {village.sql('truth/contacts')} join {incidents} using (incident_id)"
    for rows, day in (
        (f"select victim_id as person_id, occurred_at from {incidents}", "occurred_at"),
        (f"select offender_id as person_id, occurred_at from {incidents}", "occurred_at"),
        (f"select person_id, occurred_at {joined}", "occurred_at"),
        (f"select victim_id as person_id, learned_at {contacts}", "learned_at"),
    ):
        before, n = early(village, rows, day)
        assert 0 == before, rows
        assert n > 100


def test_an_identity_learned_at_birth_is_that_of_the_birth(village: Dataset):
    """Whose details were last asked for too early has those of the day of birth: some have.

    Practices register the newborn, and departments ask the nameless again; neither counts.
    """
    rows = f"from {village.sql('truth/record_persons')}"
    [(n,)] = duckdb.sql(
        f"select count(*) from ({rows}) as dated join {village.sql('truth/persons')} as born "
        "using (person_id) where dated.known_on = born.birth_date and source not in ('gp', 'ed')"
    ).fetchall()
    assert n > 20
