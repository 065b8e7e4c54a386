"""Without faults, every identity that an agency wrote is the truth of the day it learned it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from darkfigure.scenarios import load_scenario
from darkfigure.synth.pipeline import generate
from darkfigure.synth.schema import SUBJECTS, Column, Table
from darkfigure.synth.storage.dataset import Dataset

HISTORIES = {
    "names": ("surname", "forename", "middle_name"),
    "addresses": ("house", "street", "town", "postcode"),
    "telephones": ("telephone",),
}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Give a small world in which nobody makes a mistake."""
    scenario = load_scenario("merthyr", persons=1_500).model_copy(update={"severity": 0.0})
    return generate(scenario, tmp_path_factory.mktemp("clean") / "world")


def held(path: Path, name: str) -> str:
    """Give the version of a history that held when each record's identity was learned.

    Before the first version the first holds.
    """
    file = f"'{path}/truth/{name}.parquet'"
    return f"""(SELECT who.record_id, {name}.* FROM who JOIN {file} AS {name} USING (person_id)
        WHERE valid_from <= known_on OR valid_from = (SELECT min(valid_from) FROM {file} AS first
            WHERE first.person_id = who.person_id)
        QUALIFY row_number() OVER (PARTITION BY who.record_id ORDER BY valid_from DESC) = 1)"""


def read_truth(connection: duckdb.DuckDBPyConnection, path: Path, source: str, table: str) -> None:
    """Make the table `true_one` of what was true of each record's person when it was learned."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE who AS SELECT record_id, person_id, known_on
        FROM '{path}/truth/record_persons.parquet'
        WHERE source = '{source}' AND "table" = '{table}'""")
    own = [f"{name}.{field} AS t_{field}" for name, fields in HISTORIES.items() for field in fields]
    other = [f"second.{field} AS second_{field}" for field in HISTORIES["addresses"]]
    joins = [f"JOIN {held(path, n)} AS {n} ON {n}.record_id = who.record_id" for n in HISTORIES]
    connection.execute(f"""
        CREATE OR REPLACE TABLE true_one AS
        SELECT who.record_id, coalesce(changed.sex, persons.sex) AS t_sex,
            coalesce(changed.nhs_number, persons.nhs_number) AS t_nhs_number,
            birth_date AS t_birth_date, ethnic_group AS t_ethnic_group, upn AS t_upn,
            {", ".join((*own, *other))}
        FROM who JOIN '{path}/truth/persons.parquet' AS persons USING (person_id)
        LEFT JOIN {held(path, "identifiers")} AS changed ON changed.record_id = who.record_id
        LEFT JOIN '{path}/truth/pupil_numbers.parquet' USING (person_id) {" ".join(joins)}
        LEFT JOIN {held(path, "second_addresses")} AS second ON second.record_id = who.record_id""")


def expected(field: str, column: Column, source: str) -> str:
    """Give the SQL of what a field should hold."""
    if field == "date_of_birth":
        return f"strftime(t_birth_date, '{column.date_format}')"
    if field == "upn" and source == "social_care":  # services ask for the number of some children
        return f"if(written.{column.name} IS NULL, NULL, t_upn)"
    if field == "sex":
        letters = {meaning: meaning[0].upper() for meaning in ("female", "male")}
        cases = [f"WHEN '{letters[m]}' THEN '{c}'" for c, m in column.codes.items() if m in letters]
        return f"CASE t_sex {' '.join(cases)} END"
    return f"t_{field}"


def wrong(clean: Dataset, source: str, shape: Table) -> Iterator[tuple[str, int, int]]:
    """Count, for each field of a source, the cells that are not as in the truth, and all."""
    connection = duckdb.connect()
    read_truth(connection, clean.path, source, shape.name)
    for field, column in shape.fields.items():
        true, cell = expected(field, column, source), f'written."{column.name}"'
        second = f"second_{field}" if field in HISTORIES["addresses"] else true
        counted = connection.execute(f"""
            SELECT count(*) FILTER (NOT coalesce({cell} IS NOT DISTINCT FROM {true}
                OR {cell} = {second}, false)), count(*)
            FROM '{clean.path}/{shape.path}' AS written
            JOIN true_one ON true_one.record_id = written."{shape.key[0]}" """).fetchone()
        assert counted is not None
        yield (field, *counted)


def test_without_severity_every_field_is_as_it_was_learned(clean: Dataset):
    """Names, addresses, numbers and codes of all sources are those of the day in `truth/`."""
    n_cells = 0
    for source, shape in SUBJECTS.items():
        if clean.has(shape.path.removesuffix(".parquet")):
            found = list(wrong(clean, source, shape))
            assert [] == [(source, field) for field, bad, _ in found if bad]
            n_cells += sum(n for _, _, n in found)
    assert n_cells > 30_000
