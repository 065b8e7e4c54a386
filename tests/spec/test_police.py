"""The four forces: each keeps the same things in its own way, and other crime dominates."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binomtest

from darkfigure.linkage_eval.records.forces import common_names, read_alike
from darkfigure.linkage_eval.records.standardise import standardise
from darkfigure.linkage_eval.studies.trace import trace
from darkfigure.scenarios import load_scenario
from darkfigure.synth.agencies.police.marker_codes import MARKER
from darkfigure.synth.agencies.police.numbers import report_numbers, serial_within
from darkfigure.synth.agencies.police.tables import LAYOUTS, VISIBLE, common_tables, police_tables
from darkfigure.synth.core.chance import Stream
from darkfigure.synth.pipeline import generate
from darkfigure.synth.scenario import Scenario
from darkfigure.synth.schema import FIRST_VERSION, FORCES, SUBJECTS, TABLES
from darkfigure.synth.storage.dataset import Dataset

# Each statistical test raises a false alarm with this probability at most.
ALPHA = 1e-8
PERSONS = 12_000
AREAS = ("Merthyr Tydfil", "Blaenau Gwent", "Ceredigion", "Isle of Anglesey")  # one of each force


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A dataset of people from all over Wales, so that all four forces are in it."""
    out = tmp_path_factory.mktemp("worlds") / "nation"
    scenario = load_scenario("wales", persons=PERSONS).model_copy(update={"areas": AREAS})
    return generate(scenario, out)


def ask(sql: str, **tables: pa.Table) -> list[tuple]:
    """Ask Arrow tables in SQL."""
    with duckdb.connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(sql).fetchall()


def test_no_two_forces_keep_the_same_columns():
    """Names, columns or codes differ between any two forces."""
    described = {
        force: [
            (table.name, [(column.name, tuple(column.codes)) for column in table.columns])
            for table in police_tables(force)
        ]
        for force in FORCES
    }
    for one in FORCES:
        for other in FORCES:
            assert one == other or described[one] != described[other]


def test_gwent_is_a_version_behind():
    """Gwent has no code for stalking and keeps the relationship with the occurrence."""
    common = common_tables("gwent")[1]
    layout = LAYOUTS["gwent"]
    rows = {column.name: pa.nulls(2, column.type) for column in common.columns}
    rows["offence_code"] = pa.array(["8Q", "8N"]).dictionary_encode()
    written = layout.write(common, pa.table(rows))
    assert ["8L", "8N"] == written["offence_code"].to_pylist()
    assert "rel_vic_sus" in written.column_names
    assert "relationship" not in {column.name for column in police_tables("gwent")[2].columns}


def test_dyfed_powys_types_its_times():
    """Its times are text, dd/mm/yyyy, without seconds."""
    common = common_tables("dyfed_powys")[1]
    rows = {column.name: pa.nulls(1, column.type) for column in common.columns}
    rows["reported_at"] = pa.array([1_617_271_199_000], pa.timestamp("ms"))
    written = LAYOUTS["dyfed_powys"].write(common, pa.table(rows))
    assert ["01/04/2021 09:59"] == written["reported_at"].to_pylist()


@pytest.mark.parametrize("name", common_names()["police"])
def test_all_forces_can_be_read_alike(nation: Dataset, name: str):
    """Every row of every force comes back in the common form, with the common codes."""
    alike = read_alike(nation, "police", name)
    rows = 0
    for force in FORCES:
        layout = LAYOUTS[force]
        common = next(table for table in common_tables(force) if table.name == name)
        rows += nation.tables[layout.shape(common).path.removesuffix(".parquet")]["rows"]
    assert rows == alike.num_rows
    for column in next(
        table for table in common_tables("south_wales") if table.name == name
    ).columns:
        if column.codes and not column.field:
            assert set(alike[column.name].to_pylist()) <= {None, *column.codes}


def test_numbers_are_unique_and_in_each_forces_form():
    """Numbers count reports in their order; crimes and incidents of Dyfed-Powys are apart."""
    day = 18_718 * 86_400  # 1 April 2021
    force = np.repeat([0, 1, 2, 3], 3)
    category = np.tile([0, 1, 2], 4)
    assert [
        "21000000001",
        "21000000002",
        "INT21000000001",
        "2150000001",
        "2150000002",
        "INT2150000001",
        "2100000001",
        "2100000002",
        "INT2100000001",
        "DPP/0001/01/04/2021/01/C",
        "DPP-20210401-0001",
        "DPP-INT-20210401-0001",
    ] == report_numbers(force, category, np.full(12, day), Stream(1)).to_pylist()


@pytest.mark.parametrize("salt", [bytes([number]) * 32 for number in range(20)])
def test_salted_numbers_have_the_same_form_and_differ(salt: bytes):
    """However late in the year they start, a force's reports of a day keep to its digits."""
    time = np.datetime64("2021-04-01T12:00").astype("datetime64[s]").astype(np.int64)
    force, category = np.repeat(np.arange(4), 900), np.tile([0, 1, 2], 1_200)
    times = np.full(3_600, time)
    plain, salted = (
        report_numbers(force, category, times, stream).to_pylist()
        for stream in (Stream(1), Stream(1, salt=salt))
    )
    assert [len(number) for number in plain] == [len(number) for number in salted]
    assert 3_600 == len(set(salted))
    # Not those of Dyfed-Powys: 300 of a day may meet 300 among 9,000 by chance.
    assert not set(plain[:2_700]) & set(salted)


def test_serials_restart_in_each_group():
    """A serial counts its own group only, in the order given."""
    assert [1, 1, 2, 2, 3] == serial_within(np.array([5, 3, 5, 3, 5])).tolist()


def test_people_keep_their_keys_across_forces(nation: Dataset):
    """Records of all forces together standardise, each with a key of its own."""
    records = standardise(nation, "police")
    held = sum(
        nation.tables[SUBJECTS[f"police/{force}"].path.removesuffix(".parquet")]["rows"]
        for force in FORCES
    )
    assert held == records.num_rows
    assert len(records["record_id"].unique()) == records.num_rows


def test_english_residents_are_with_north_wales_alone(nation: Dataset):
    """Its shared database holds people of English postcodes, who are nobody of the census."""
    found = ask(
        """SELECT force, count(*), bool_or(sampled), bool_or(lsoa_code IS NOT NULL)
        FROM nominals JOIN records ON nominal_ref = record_id JOIN persons USING (person_id)
        WHERE owner IN ('merseyside', 'cheshire') GROUP BY force""",
        nominals=read_alike(nation, "police", "nominals"),
        records=nation.read("truth/record_persons"),
        persons=nation.read("truth/persons"),
    )
    assert 1 == len(found)
    force, count, sampled, in_wales = found[0]
    assert ("north_wales", False, False) == (force, sampled, in_wales)
    assert count > 500


def test_english_residents_are_in_occurrences_of_their_own_force(nation: Dataset):
    """Each English nominal has a role, and only in an occurrence of the force that opened it.

    What an amended nominal held at first is kept under a number that no occurrence names.
    """
    found = ask(
        """SELECT count(*), count(occurrence_no), count(*) FILTER (n.owner = o.owner)
        FROM nominals AS n LEFT JOIN roles USING (force, nominal_ref)
        LEFT JOIN occurrences AS o USING (force, occurrence_no)
        WHERE n.owner IN ('merseyside', 'cheshire') AND n.nominal_ref NOT LIKE '%-V1'""",
        nominals=read_alike(nation, "police", "nominals"),
        roles=read_alike(nation, "police", "occurrence_nominals"),
        occurrences=read_alike(nation, "police", "occurrences"),
    )
    count, with_role, of_own_force = found[0]
    assert count > 500
    assert count == with_role == of_own_force


def test_only_forces_that_can_see_records_look_at_them(nation: Dataset):
    """Views come from the force itself or from one that sees it; South Wales and Gwent do."""
    pairs = set(
        ask(
            "SELECT DISTINCT force, viewer FROM views",
            views=read_alike(nation, "police", "access_log"),
        )
    )
    allowed = {(force, force) for force in FORCES} | {
        (holder, viewer) for viewer, holder in VISIBLE
    }
    assert {("gwent", "south_wales"), ("south_wales", "gwent")} <= pairs <= allowed


def test_telephones_are_read_only_where_nothing_bars_it(nation: Dataset):
    """What the maker refused, or the victim did not agree to, is not read; some stay encoded."""
    devices = read_alike(nation, "police", "devices")
    read = ask(
        """SELECT count(*), count(*) FILTER (permission = 'refused' OR permission = 'awaited'
            OR (owner_role = 'victim' AND NOT agreed)), count(*) FILTER (outcome = 'encoded')
        FROM devices WHERE extracted_on IS NOT NULL""",
        devices=devices,
    )[0]
    assert read[0] < devices.num_rows
    assert 0 == read[1]
    assert read[2] > 0


def test_every_occurrence_says_who_may_see_it(nation: Dataset):
    """No occurrence is without a handling code, and several codes are in use."""
    occurrences = read_alike(nation, "police", "occurrences")
    codes = ask("SELECT handling, count(*) FROM o GROUP BY ALL ORDER BY 2 DESC", o=occurrences)
    assert None not in dict(codes)
    assert len(codes) > 2


def test_a_narrative_tells_what_the_code_does_not(nation: Dataset):
    """Some officers leave the kind of place empty and name it in their own words."""
    told = ask(
        """SELECT count(*) FILTER (lower(narrative) ~ '.*(h/a|home address).*'),
            count(*) FILTER (narrative IS NULL)
        FROM occurrences WHERE location_type IS NULL""",
        occurrences=read_alike(nation, "police", "occurrences"),
    )[0]
    assert told[0] > 0
    assert told[1] > 0


def test_a_trace_follows_people_into_north_wales(nation: Dataset):
    """Its notifications stand in a table whose name holds digits."""
    records = nation.read("truth/record_persons")
    named = ask("SELECT min(person_id) FROM r WHERE source = 'ppn/north_wales'", r=records)[0][0]
    assert "cid16" in {entry.table for entry in trace(nation, named).entries}


def test_violence_is_the_smaller_part(nation: Dataset):
    """Other crime and incidents outnumber simulated violence, and all crime is as published."""
    occurrences = read_alike(nation, "police", "occurrences")
    about = nation.read("truth/record_incidents")
    real = ask(
        "SELECT count(DISTINCT incident_id) FROM about WHERE source LIKE 'police/%'", about=about
    )
    crimes = ask(
        "SELECT count(*) FROM o WHERE force = 'south_wales' AND category = 'crime'", o=occurrences
    )[0][0]
    assert real[0][0] < occurrences.num_rows / 2
    people = ask(
        """SELECT count(*) FROM p WHERE sampled AND birth_date <= DATE '2021-04-01'
        AND local_authority IN ('Cardiff', 'Swansea', 'Rhondda Cynon Taf', 'Bridgend',
            'Neath Port Talbot', 'Vale of Glamorgan', 'Merthyr Tydfil')""",
        p=nation.read("truth/persons"),
    )[0][0]
    # Some move or die in the three years, so the count falls a little short of the rate.
    expected = people * 3 * 74.1 / 1000
    assert abs(crimes / expected - 1) < 0.15


def test_duplicates_are_about_a_tenth(nation: Dataset):
    """The share of nominals that duplicate another of the same person lies in 0.05 to 0.20."""
    extra, total = ask(
        """SELECT sum(n - 1), sum(n) FROM (
            SELECT source, person_id, count(*) AS n FROM records
            JOIN persons USING (person_id)
            WHERE source LIKE 'police/%' AND lsoa_code IS NOT NULL
                AND "table" IN ('nominals', 'persons') GROUP BY ALL)""",
        records=nation.read("truth/record_persons"),
        persons=nation.read("truth/persons"),
    )[0]
    assert binomtest(int(extra), int(total), 0.05, alternative="less").pvalue > ALPHA
    assert binomtest(int(extra), int(total), 0.20, alternative="greater").pvalue > ALPHA


def test_every_role_has_a_case_and_a_person(nation: Dataset):
    """No role hangs loose: its occurrence and its nominal exist in the same force."""
    loose = ask(
        """SELECT count(*) FROM roles
        LEFT JOIN occurrences USING (force, occurrence_no)
        LEFT JOIN nominals USING (force, nominal_ref)
        WHERE category IS NULL OR created_on IS NULL""",
        roles=read_alike(nation, "police", "occurrence_nominals"),
        occurrences=read_alike(nation, "police", "occurrences"),
        nominals=read_alike(nation, "police", "nominals"),
    )
    assert [(0,)] == loose


def test_intelligence_of_dyfed_powys_is_apart(nation: Dataset):
    """Its logs refer to people of their own store, none of whom is in the crime store."""
    folder = nation.path / "police" / "dyfed_powys"
    logs, crime, store = (
        {
            row[0]
            for row in duckdb.sql(f"SELECT person_urn FROM '{folder}/{name}.parquet'").fetchall()
        }
        for name in ("intelligence_logs", "persons", "intelligence_persons")
    )
    # A record before it was corrected has no log of its own.
    assert logs == {urn for urn in store if not urn.endswith(FIRST_VERSION)}
    assert not logs & crime


def test_the_two_niche_forces_see_each_other(nation: Dataset):
    """South Wales sees Gwent and the other way round; Dyfed-Powys sees nobody."""
    views = {(row["viewer"], row["holder"]) for row in nation.read("police/visibility").to_pylist()}
    assert {("south_wales", "gwent"), ("gwent", "south_wales")} <= views
    assert "dyfed_powys" not in {name for view in views for name in view}


@pytest.mark.parametrize("agency", ["ppn", "pnc", "pnd", "marac", "mash"])
def test_a_world_without_one_of_them_runs(agency: str, tmp_path: Path):
    """Any of the systems around the police can be switched off."""
    scenario = load_scenario("merthyr", persons=600)
    kept = tuple(name for name in scenario.agencies if name != agency)
    made = generate(scenario.model_copy(update={"agencies": kept}), tmp_path / "without")
    assert agency not in {name.split("/")[0] for name in made.tables}


def test_they_run_without_a_police(tmp_path: Path):
    """Without a police nobody is notified, arrested or loaded, and the tables stay empty."""
    scenario = load_scenario("merthyr", persons=600)
    kept = ("ppn", "pnc", "pnd", "marac", "mash")
    made = generate(scenario.model_copy(update={"agencies": kept}), tmp_path / "none")
    own = [name for name in made.tables if name.split("/")[0] in kept]
    assert {0} == {made.tables[name]["rows"] for name in own}


def test_agencies_act_in_their_order():
    """However a scenario lists them, the police come before those who act on its records."""
    listed = load_scenario("merthyr").model_dump() | {"agencies": ("mash", "ppn", "police")}
    assert ("police", "ppn", "mash") == Scenario.model_validate(listed).agencies


def test_every_table_of_the_subject_is_described():
    """Each column of police, PPN, PNC, PND, MARAC and MASH says what it means."""
    subject = ("police", "ppn", "pnc", "pnd", "marac", "mash")
    own = [table for table in TABLES.values() if table.source.split("/")[0] in subject]
    assert all(column.meaning for table in own for column in table.columns)


def test_markers_are_of_every_kind_and_none_stands_twice(nation: Dataset, village: Dataset):
    """Each nominal has a marker once; a few are of somebody else, and the ledger says of whom."""
    markers = read_alike(nation, "police", "markers")
    kinds = ask("SELECT DISTINCT marker FROM markers", markers=markers)
    assert set(MARKER) == {kind for (kind,) in kinds}
    pairs = ask("SELECT DISTINCT force, nominal_ref, marker FROM markers", markers=markers)
    assert len(pairs) == markers.num_rows
    faults = pa.concat_tables([one.read("truth/row_faults") for one in (nation, village)])
    copied = ask("SELECT other_person_id FROM faults WHERE fault = 'copied'", faults=faults)
    assert 0 < len(copied) < markers.num_rows / 20
    assert (None,) not in copied


def test_many_who_might_have_a_marker_have_none_and_some_are_out_of_date(nation: Dataset):
    """Of suspects of possession of drugs, about a third is marked."""
    tables = {
        name: read_alike(nation, "police", table)
        for name, table in (
            ("roles", "occurrence_nominals"),
            ("cases", "occurrences"),
            ("markers", "markers"),
        )
    }
    shares = ask(
        """SELECT avg((marker IS NOT NULL)::INT) FROM (
            SELECT DISTINCT force, nominal_ref FROM roles JOIN cases USING (occurrence_no, force)
            WHERE role = 'suspect' AND offence_code IN ('92D', '92E')
        ) LEFT JOIN (FROM markers WHERE marker = 'drugs') USING (force, nominal_ref)""",
        **tables,
    )
    assert 0.2 < shares[0][0] < 0.6
    overdue = ask(
        "FROM markers WHERE removed_on IS NULL AND review_on < DATE '2024-01-01'",
        markers=tables["markers"],
    )
    assert overdue


def test_searches_are_of_young_men_and_lead_to_the_cases_that_they_explain(nation: Dataset):
    """Most find nothing; an arrest has its occurrence."""
    searches = read_alike(nation, "police", "searches")
    shares = ask(
        """SELECT avg((sex = 'M')::INT) FILTER (sex IS NOT NULL),
            avg((looked_for = 'drugs')::INT), avg((search_outcome = 'nfa')::INT),
            avg((hour(searched_at) BETWEEN 12 AND 23)::INT)
        FROM searches""",
        searches=searches,
    )[0]
    low, high = (0.8, 0.55, 0.65, 0.6), (0.98, 0.85, 0.95, 0.9)
    assert all(least < share < most for least, share, most in zip(low, shares, high, strict=True))
    led = ask("SELECT count(occurrence_no) FROM searches", searches=searches)[0][0]
    assert 0.1 < led / searches.num_rows < 0.4


def test_children_in_care_are_reported_missing_again_and_again(nation: Dataset):
    """They are one in two hundred children, and a good quarter of the reports."""
    missing = read_alike(nation, "police", "missing")
    cared, n_places, adults = ask(
        """SELECT avg(looked_after::INT), count(DISTINCT missing_from),
            avg((date_sub('year', try_strptime(dob, '%d/%m/%Y')::DATE, last_seen_at::DATE) >= 18)
                ::INT)
        FROM missing""",
        missing=missing,
    )[0]
    assert 0.2 < cared < 0.6
    assert n_places == 5
    assert 0.2 < adults < 0.6


def test_who_is_detained_in_a_crisis_is_taken_to_a_place_of_safety(nation: Dataset):
    """Departments, whose own records say so too, are the place of some."""
    held = read_alike(nation, "police", "detentions_136")
    counts = dict(ask("SELECT safe_place, count(*) FROM held GROUP BY ALL", held=held))
    assert counts["unit"] > counts["department"] > 0
