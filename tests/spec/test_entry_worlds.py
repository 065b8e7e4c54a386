"""Data entry in whole worlds: how faults cluster, what rows are wrong, how true pairs agree."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from darkfigure.linkage_eval.fidelity.dispersion import dispersion
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.records.standing import stands
from darkfigure.scenarios import load_scenario
from darkfigure.synth import schema
from darkfigure.synth.pipeline import generate
from darkfigure.synth.storage.dataset import Dataset

# Shares of true pairs of criminal-justice records at each level above 1 %: hmpps-person-match,
# Splink model of 2026-02-23. What agrees by another name or date that is on record is an alias.
PUBLISHED = {
    "name_exact": 0.8806,
    "name_near": 0.0732,
    "name_alias": 0.0206,
    "date_exact": 0.9480,
    "date_alias": 0.0170,
    "date_one_edit": 0.0173,
    "date_five_years": 0.0102,
    "postcode_shared": 0.7082,
    "postcode_outcode": 0.0923,
    "postcode_none": 0.1993,
}
FORCE = "police/south_wales"


def test_faults_are_over_dispersed(village):
    """Faults cluster in records and clerks, and systems differ.

    Under independence each ratio is 1. Of 14,000 records and as many hundred groups the standard
    error is about 0.05, so that chance passes 1.3 less often than once in 10**8.
    """
    found = dispersion(village).to_pylist()
    ratio = {(row["source"], row["cause"]): row["ratio"] for row in found}
    assert ratio["all", "record"] > 1.3
    assert ratio["all", "clerk"] > 1.3
    assert ratio["all", "system"] > 1.3
    assert ratio["ed", "record"] > 1.3
    assert {"all", "ed", "gp", FORCE} <= {source for source, _ in ratio}


def test_rows_that_are_wrong_are_listed(village):
    """A repeated record is of the same person; a stand-in is written as one."""
    rows = village.read("truth/row_faults").to_pylist()
    about = village.read("truth/record_persons").to_pylist()
    person = {(row["source"], row["table"], row["record_id"]): row["person_id"] for row in about}
    kinds = {row["fault"] for row in rows}
    assert {"duplicate", "baby_name"} <= kinds <= set(schema.ROW_FAULT)
    for row in rows:
        key = (row["source"], row["table"])
        if row["fault"] == "duplicate":
            own = person[*key, row["record_id"]]
            assert own == person[*key, row["other_record_id"]]
        if row["fault"] == "merged":
            assert person[*key, row["record_id"]] != row["other_person_id"]


def test_a_minimum_dataset_leaves_fewer_gaps():
    """The scenario's switch enforces the rule of every system that has one."""
    scenario = load_scenario("merthyr").model_copy(update={"minimum_dataset": True})
    usual = load_scenario("merthyr").profiles()["police"].rates("ethnic_group")
    strict = scenario.profiles()["police"].rates("ethnic_group")
    assert strict["missing"] < usual["missing"] / 2
    assert strict["placeholder"] > usual.get("placeholder", 0.0)


def agreement(dataset: Dataset) -> dict[str, float]:
    """Give the share of true pairs of one force's nominals at each level.

    A corrected nominal and its own first version are no pair.
    """
    truth, force = dataset.path / "truth", dataset.path / FORCE
    shape = schema.SUBJECTS[FORCE]
    column = {field: f'n."{held.name}"' for field, held in shape.fields.items()}
    plain = {
        field: f"nullif(nullif(regexp_replace(upper(strip_accents({column[field]})), '[^A-Z0-9]',"
        " '', 'g'), ''), 'UNKNOWN')"
        for field in ("surname", "forename", "postcode")
    }
    born = shape.fields["date_of_birth"].name
    connection = duckdb.connect()
    connection.execute(f"""
        CREATE TABLE own AS
        WITH other AS (
            SELECT record_id, bool_or(fault IN ('alias_given', 'former_name', 'short_form',
                    'other_language')) AS name,
                bool_or(fault IN ('alias_given', 'birth_date_lied') AND "column" = '{born}') AS born
            FROM '{truth}/entry_faults.parquet' WHERE source = '{FORCE}' GROUP BY record_id
        ), stale AS (
            SELECT DISTINCT record_id FROM '{truth}/stale_values.parquet'
            WHERE source = '{FORCE}' AND "column" = '{shape.fields["surname"].name}'
        )
        SELECT person_id, record_id, {plain["surname"]} AS surname, {plain["forename"]} AS forename,
            {plain["forename"]} || ' ' || {plain["surname"]} AS name,
            nullif({column["date_of_birth"]}, '01/01/1900') AS born,
            nullif({plain["postcode"]}, 'ZZ993VZ') AS home,
            coalesce(other.name, false) OR stale.record_id IS NOT NULL AS by_other_name,
            coalesce(other.born, false) AS by_other_birth
        FROM '{force}/nominals.parquet' AS n
        JOIN '{truth}/record_persons.parquet' AS p
            ON p.record_id = n."{shape.key[0]}" AND source = '{FORCE}' AND "table" = 'nominals'
        LEFT JOIN other USING (record_id) LEFT JOIN stale USING (record_id)
        WHERE {stands("p.record_id")}
    """)
    found = connection.execute("""
        WITH pairs AS (
            SELECT a, b FROM own AS a JOIN own AS b
                ON a.person_id = b.person_id AND a.record_id < b.record_id
        ), judged AS (
            SELECT
                CASE WHEN a.name IS NULL OR b.name IS NULL THEN NULL
                    WHEN a.name = b.name THEN 'name_exact'
                    WHEN jaro_winkler_similarity(a.name, b.name) >= 0.9 THEN 'name_near'
                    WHEN a.forename = b.surname AND a.surname = b.forename THEN 'name_reversed'
                    WHEN a.by_other_name OR b.by_other_name THEN 'name_alias'
                    ELSE 'name_less' END AS name,
                CASE WHEN a.born IS NULL OR b.born IS NULL THEN NULL
                    WHEN a.born = b.born THEN 'date_exact'
                    WHEN a.by_other_birth OR b.by_other_birth THEN 'date_alias'
                    WHEN a.born[7:9] = b.born[7:9] AND levenshtein(a.born, b.born) = 1
                        THEN 'date_one_edit'
                    WHEN abs(date_diff('day', try_strptime(a.born, '%d/%m/%Y'),
                        try_strptime(b.born, '%d/%m/%Y'))) <= 5 * 365.25 THEN 'date_five_years'
                    ELSE 'date_less' END AS born,
                CASE WHEN a.home IS NULL OR b.home IS NULL THEN NULL
                    WHEN a.home = b.home THEN 'postcode_shared'
                    WHEN left(a.home, if(length(a.home) > 4, -3, 4))
                        = left(b.home, if(length(b.home) > 4, -3, 4)) THEN 'postcode_outcode'
                    ELSE 'postcode_none' END AS home
            FROM pairs
        ), levels AS (
            UNPIVOT judged ON name, born, home INTO NAME field VALUE level
        )
        SELECT level, count(*) / sum(count(*)) OVER (PARTITION BY field) FROM levels
        GROUP BY field, level
    """).fetchall()
    return dict(found)


@pytest.mark.slow
def test_police_pairs_agree_as_published(tmp_path: Path):
    """Two nominals of one person agree as two criminal-justice records do, within 15 %.

    With 80,000 pairs the rarest level strays by 3.5 % of itself, standard error.
    """
    scenario = load_scenario("wales").model_copy(
        update={
            "areas": ("Cardiff", "Swansea", "Rhondda Cynon Taf"),
            "persons": None,
            "agencies": ("police",),
        }
    )
    found = agreement(generate(scenario, tmp_path / "pairs", workers=2))
    assert {level: pytest.approx(share, rel=0.15) for level, share in PUBLISHED.items()} == {
        level: found[level] for level in PUBLISHED
    }


def test_temporary_numbers_are_nobodys(village: Dataset):
    """Each stands in the ledger, in a form that no permanent number has, and links nothing."""
    faults = village.read("truth/entry_faults")
    kinds = pc.is_in(
        faults["fault"].cast("string"), pa.array(["temporary_number", "unknown_patient"])
    )
    numbers = faults.filter(pc.and_(kinds, pc.equal(faults["column"].cast("string"), "nhs_number")))
    written = numbers["written_value"].to_pylist()
    assert len(written) > 3
    assert all(re.fullmatch("T[0-9]{9}", number) for number in written)
    assert not set(written) & set(village.read("truth/persons")["nhs_number"].to_pylist())
    for source in numbers["source"].cast("string").unique().to_pylist():
        own = numbers.filter(pc.equal(numbers["source"].cast("string"), source))
        records = standardise(village, source)
        chosen = records.filter(pc.is_in(records["record_id"], own["record_id"].combine_chunks()))
        assert chosen.num_rows == own.num_rows > 0
        assert chosen["nhs_number"].null_count == chosen.num_rows
