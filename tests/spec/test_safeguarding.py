"""PPN, PNC, PND, MARAC and MASH: what they hold, at published rates; no key joins them."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from darkfigure.linkage_eval.records.forces import read_alike
from darkfigure.scenarios import load_scenario
from darkfigure.synth.agencies.mash.records import _queue
from darkfigure.synth.agencies.ppn.dash import answers
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.pipeline import generate
from darkfigure.synth.schema import PERSONS, TABLES
from darkfigure.synth.storage.dataset import Dataset

# Each statistical test raises a false alarm with this probability at most.
ALPHA = 1e-8


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Everybody in Merthyr Tydfil, with the police and those around it."""
    scenario = load_scenario("merthyr")
    kept = ("police", "ppn", "pnc", "pnd", "marac", "mash")
    out = tmp_path_factory.mktemp("worlds") / "county"
    return generate(scenario.model_copy(update={"agencies": kept}), out)


def ask(dataset: Dataset, sql: str, **tables: pa.Table) -> list[tuple]:
    """Ask a dataset in SQL; `{root}` stands for its folder."""
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(sql.format(root=dataset.path)).fetchall()


def near(hits: int, n: int, share: float) -> bool:
    """Say whether a count agrees with a share, by an exact two-sided test."""
    return binomtest(int(hits), int(n), share).pvalue > ALPHA


def test_notifications_have_the_published_volume_and_types(county: Dataset):
    """46 per 1,000 a year, 45 % of them domestic abuse."""
    ppn = read_alike(county, "ppn", "notifications")
    people = county.manifest["persons"]
    assert abs(ppn.num_rows / (people * 3 * 0.046) - 1) < 0.1
    domestic = ask(county, "SELECT count(*) FROM ppn WHERE ppn_type = 'DA'", ppn=ppn)[0][0]
    assert abs(domestic / ppn.num_rows - 0.45) < 0.03


def test_ticks_are_answers(county: Dataset):
    """DASH counts its own answers, and 14 or more ticks are high risk."""
    dash, ppn = (read_alike(county, "ppn", name) for name in ("dash", "notifications"))
    yes = " + ".join(f"(q{number:02d} = 'Y')::INT" for number in range(1, 25))
    wrong = ask(
        county,
        f"""SELECT count(*) FROM dash JOIN ppn USING (ppn_no)
        WHERE {yes} <> ticks OR (ticks >= 14) <> (final_grade = 'high')""",
        dash=dash,
        ppn=ppn,
    )
    assert [(0,)] == wrong


@given(st.lists(st.integers(0, 24), min_size=1, max_size=40))
def test_as_many_answers_as_ticks(counts: list[int]):
    """Whatever the number of ticks, so many questions are answered yes."""
    every = np.ones(len(counts), bool)
    asked = answers(np.arange(len(counts)), np.array(counts), every, Stream(3))
    yes = sum(np.array(column.to_pylist()) == "Y" for column in asked.values())
    assert counts == yes.tolist()


def test_no_key_joins_the_systems():
    """No column of one of the five is a key of another, nor of the police."""
    systems = ("police", "ppn", "pnc", "pnd", "marac", "mash")
    keys = {
        name: {
            table.key[0]
            for table in TABLES.values()
            if table.source.split("/")[0] == name and table.fields
        }
        for name in systems
    }
    for name in systems:
        columns = {
            column.name
            for table in TABLES.values()
            if table.source.split("/")[0] == name
            for column in table.columns
        }
        assert not any(keys[other] & columns - keys[name] for other in systems if other != name)


def test_pnd_copies_the_forces_faults(county: Dataset):
    """A loaded person is written exactly as the force wrote them, faults and all."""
    odd = ask(
        county,
        """WITH pnd AS (
            SELECT person_id, p.surname, p.forename, p.date_of_birth
            FROM '{root}/pnd/persons.parquet' p
            JOIN '{root}/truth/record_persons.parquet' k ON p.pnd_ref = k.record_id
            WHERE k.source = 'pnd' AND p.owning_force = 'south_wales'
        ), force AS (
            SELECT person_id, n.surname, n.forename_1 AS forename, n.dob AS date_of_birth
            FROM '{root}/police/south_wales/nominals.parquet' n
            JOIN '{root}/truth/record_persons.parquet' k ON n.nominal_ref = k.record_id
            WHERE k.source = 'police/south_wales'
        ) SELECT count(*) FROM (FROM pnd EXCEPT FROM force)""",
    )
    assert [(0,)] == odd
    faults = ask(
        county,
        "SELECT count(*) FROM '{root}/truth/entry_faults.parquet' WHERE source = 'pnd'",
    )
    assert faults[0][0] > 500


def test_nothing_is_loaded_before_it_is_written(county: Dataset):
    """PND gets a record at least a day after the force was last told."""
    early = ask(
        county,
        """SELECT count(*) FROM '{root}/pnd/persons.parquet' p
        JOIN '{root}/truth/record_persons.parquet' k ON p.pnd_ref = k.record_id
        WHERE k.source = 'pnd' AND p.loaded_on <= k.known_on""",
    )
    assert [(0,)] == early


def test_arrests_have_people_and_disposals_have_arrests(county: Dataset):
    """Nothing on PNC hangs loose, and nobody is arrested under ten."""
    loose = ask(
        county,
        """SELECT count(*) FROM '{root}/pnc/arrests.parquet' a
        ANTI JOIN '{root}/pnc/persons.parquet' p USING (pnc_id)
        UNION ALL SELECT count(*) FROM '{root}/pnc/disposals.parquet'
        ANTI JOIN '{root}/pnc/arrests.parquet' USING (asn)""",
    )
    assert [(0,), (0,)] == loose
    young = ask(
        county,
        """SELECT count(*) FROM '{root}/pnc/arrests.parquet'
        JOIN '{root}/truth/record_persons.parquet' k ON pnc_id = record_id
        JOIN '{root}/truth/persons.parquet' USING (person_id)
        WHERE date_sub('year', birth_date, arrested_at::DATE) < 10""",
    )
    assert [(0,)] == young


def test_marac_hears_as_many_as_expected(county: Dataset):
    """30 to 70 cases per 10,000 women and year, each with one victim, most of them women."""
    cases, women = ask(
        county,
        """SELECT (SELECT count(*) FROM '{root}/marac/cases.parquet'),
            (SELECT count(*) FROM '{root}/truth/persons.parquet'
             WHERE sampled AND sex = 'F' AND birth_date <= DATE '2005-04-01')""",
    )[0]
    assert 30 < cases / 3 / women * 10_000 < 70
    victims, men = ask(
        county,
        """SELECT count(*), count(*) FILTER (p.sex = 'M') FROM '{root}/marac/persons.parquet' m
        JOIN '{root}/truth/record_persons.parquet' k ON m.person_no = k.record_id
        JOIN '{root}/truth/persons.parquet' p USING (person_id)
        WHERE k.source = 'marac' AND role = 'victim'""",
    )[0]
    assert cases == victims
    assert near(men, victims, 0.1)


def test_cases_are_heard_after_they_are_referred(county: Dataset):
    """A meeting that hears a case is held later, in its turn, and counts it."""
    wrong = ask(
        county,
        """WITH heard AS (
            SELECT meeting_no, count(*) AS n, max(referred_on) AS last
            FROM '{root}/marac/cases.parquet' GROUP BY ALL
        ) SELECT count(*) FROM '{root}/marac/meetings.parquet' LEFT JOIN heard USING (meeting_no)
        WHERE coalesce(n, 0) <> cases OR last >= held_on""",
    )
    assert [(0,)] == wrong


def test_mash_refers_and_acts_at_the_published_rates(county: Dataset):
    """57.5 % of notifications are referred, 4.8 % receive input."""
    episodes, given_ = ask(
        county,
        "SELECT count(*), count(*) FILTER (input_given) FROM '{root}/mash/episodes.parquet'",
    )[0]
    notified = read_alike(county, "ppn", "notifications").num_rows
    assert near(episodes, notified, 0.575)
    assert near(given_, notified, 0.048)


def test_some_officers_hear_the_outcome_and_never_before_it(county: Dataset):
    """Most never learn what became of their notification; nobody learns it early."""
    told, untold, early = ask(
        county,
        """SELECT count(officer_told_on), count(*) - count(officer_told_on),
            count(*) FILTER (officer_told_on < decided_at::date)
        FROM '{root}/mash/episodes.parquet'""",
    )[0]
    assert told > 0
    assert untold > told
    assert 0 == early


def test_a_hub_decides_in_turn():
    """Three referrals at once wait for one another; a later one does not."""
    hour = 3_600
    decided = _queue(np.zeros(4, np.int64), np.array([0, 0, 0, 100 * hour]), np.array([2.0 * hour]))
    assert [2 * hour, 4 * hour, 6 * hour, 102 * hour] == decided.tolist()


def test_everybody_named_is_in_the_truth(county: Dataset):
    """Each record of a person leads to somebody whom the truth knows."""
    known = set(county.read(PERSONS.path.removesuffix(".parquet"))["person_id"].to_pylist())
    assert set(county.read("truth/record_persons")["person_id"].to_pylist()) <= known
