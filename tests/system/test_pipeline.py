"""A world on disk: the same for any number of workers, complete, and true to its own truth."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from darkfigure.scenarios import load_scenario
from darkfigure.synth import schema
from darkfigure.synth.core.errors import DatasetError, OutputError
from darkfigure.synth.pipeline import generate, simulate_world
from darkfigure.synth.schema import TABLES
from darkfigure.synth.storage.dataset import Dataset, verify


def hashes(dataset: Dataset) -> dict[str, str]:
    """Give the content hash of every table."""
    return {name: said["hash"] for name, said in dataset.tables.items()}


def query(dataset: Dataset, sql: str) -> list[tuple]:
    """Ask a dataset a question; `{truth}` stands for its truth."""
    return duckdb.sql(sql.format(truth=dataset.path / "truth", root=dataset.path)).fetchall()


def test_blocks_and_workers_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One large block, and small blocks in two processes, write the same tables."""
    scenario = load_scenario("merthyr", persons=600)
    whole = generate(scenario, tmp_path / "whole")
    monkeypatch.setattr("darkfigure.synth.pipeline.BLOCK_HOUSEHOLDS", 120)
    parallel = generate(scenario, tmp_path / "parallel", workers=2)
    assert hashes(whole) == hashes(parallel)


def test_another_seed_makes_another_world(village: Dataset, tmp_path: Path):
    """No table is the same under another seed, but who sees whose, and lists of institutions."""
    other = generate(load_scenario("merthyr", persons=4_000, seed=2), tmp_path / "other")
    same = {name for name, _ in hashes(village).items() & hashes(other).items()}
    fixed = {"police/visibility", "education/schools", "gp/practices"}
    assert fixed == {name for name in same if village.tables[name]["rows"]}


def test_samples_hold_the_same_people_with_the_same_lives(village: Dataset, tmp_path: Path):
    """Everybody in a smaller sample is in the larger one, with all that happened to them."""
    small = generate(load_scenario("merthyr", persons=1_000), tmp_path / "small")
    for name, person, own in (
        ("persons", "person_id", "sampled"),
        ("names", "person_id", "true"),
        ("addresses", "person_id", "true"),
        ("incidents", "victim_id", "true"),
    ):
        columns = [column.name for column in TABLES[f"truth/{name}.parquet"].columns]
        # What the police learn of an incident follows from the target of the whole sample.
        told = {"police_status", "how_reported", "not_reported_reason"}
        kept = ", ".join(f'"{column}"' for column in columns if column not in told)
        lost = f"""
            with mine as (select person_id from '{small.path}/truth/persons.parquet' where sampled)
            select {kept} from '{small.path}/truth/{name}.parquet' t
              where {own} and t.{person} in (select person_id from mine)
            except select {kept} from '{village.path}/truth/{name}.parquet'"""
        assert [] == duckdb.sql(lost).fetchall(), name


@pytest.mark.parametrize(
    "areas",
    [("Cardiff", "Merthyr Tydfil", "Powys"), pytest.param((), marks=pytest.mark.slow)],
    ids=["three", "all"],
)
def test_merthyr_in_wales_is_merthyr_alone(areas: tuple[str, ...], tmp_path: Path):
    """A person of one area has the same household, sex and birthday in a world of more areas."""
    alone = generate(load_scenario("merthyr", persons=500), tmp_path / "alone")
    columns = "person_id, household_id, sex, birth_date, ethnic_group"
    scenario = load_scenario("wales", persons=500).model_copy(update={"areas": areas})
    wales = simulate_world(scenario).simulated.victims.census
    there = "sampled and birth_date < '2021-04-01'"
    people = query(alone, f"select {columns} from '{{truth}}/persons.parquet' where {there}")
    sexes = dict(zip(wales.person_id.tolist(), wales.sex.tolist(), strict=True))
    assert all(sexes[row[0]] == (row[2] == "M") for row in people)


def test_every_key_is_unique_and_every_table_sorted(village: Dataset):
    """Keys identify rows, and rows come in the order of their keys, which tells nothing else."""
    for name in village.tables:
        table, shape = village.read(name), TABLES[f"{name}.parquet"]
        keys = table.select(list(shape.key)).to_pandas()
        assert not keys.duplicated().any(), name
        assert keys.astype(object).apply(tuple, 1).is_monotonic_increasing, name


def test_tables_hold_only_what_the_schema_allows(village: Dataset):
    """Columns and types are those of the schema, and coded columns hold only their codes."""
    for name in village.tables:
        table, shape = village.read(name), TABLES[f"{name}.parquet"]
        assert shape.arrow.equals(table.schema.remove_metadata()), name
        for column in shape.columns:
            if column.codes and column.field is None:
                seen = set(table[column.name].to_pylist()) - {None}
                assert seen <= set(column.codes), f"{name}.{column.name}"


def test_every_record_is_about_somebody(village: Dataset):
    """Each identity record has one person in the truth, and each of them exists."""
    for source, shape in schema.SUBJECTS.items():
        if not village.has(f"{source}/{shape.name}"):
            continue
        orphans = f"""
            select "{shape.key[0]}" from '{{root}}/{shape.path}' r
            where "{shape.key[0]}" not in (
              select record_id from '{{truth}}/record_persons.parquet' k
              join '{{truth}}/persons.parquet' p using (person_id)
              where k.source = '{source}' and k."table" = '{shape.name}')"""
        assert [] == query(village, orphans), source


def test_the_truth_explains_what_was_written(village: Dataset):
    """A name that is neither in the ledger of faults nor stale is the bearer's own that day."""
    wrong = """
        with known as (
          select k.record_id, n.surname from '{truth}/record_persons.parquet' k
          asof join '{truth}/names.parquet' n
            on k.person_id = n.person_id and k.known_on >= n.valid_from
          where k.source = 'ed'),
        written as (select attendance_no as record_id, surname
                    from '{root}/ed/attendances.parquet'),
        faults as (select record_id from '{truth}/entry_faults.parquet'
                   where source = 'ed' and "column" = 'surname')
        select count(*), sum((known.surname <> written.surname)::int)
        from written join known using (record_id)
        where record_id not in (select record_id from faults)"""
    n, differ = query(village, wrong)[0]
    assert n > 1_000
    assert differ == 0


def test_the_headline_holds_on_disk(village: Dataset):
    """Three quarters of assault attendances have no police record, to the nearest record."""
    without, all_ = query(
        village,
        """select count(*) filter (police_status <> 'recorded'), count(*)
           from '{truth}/incidents.parquet' where ed_attended""",
    )[0]
    assert abs(without - 0.75 * all_) <= 0.5


def test_severity_zero_copies_perfectly(tmp_path: Path):
    """Without faults the ledger is empty, and staleness remains."""
    scenario = load_scenario("merthyr", persons=1_500).model_copy(update={"severity": 0.0})
    made = generate(scenario, tmp_path / "clean")
    assert made.tables["truth/entry_faults"]["rows"] == 0
    assert made.tables["truth/stale_values"]["rows"] > 0


@pytest.mark.parametrize("agency", ["police", "ed", "gp", "education"])
def test_a_world_without_one_agency_runs(agency: str, tmp_path: Path):
    """Any agency can be switched off; its tables are then absent."""
    scenario = load_scenario("merthyr", persons=600)
    kept = tuple(name for name in scenario.agencies if name != agency)
    made = generate(scenario.model_copy(update={"agencies": kept}), tmp_path / "without")
    assert agency not in {name.split("/")[0] for name in made.tables}


def test_a_dataset_verifies_until_a_cell_changes(village: Dataset, tmp_path: Path):
    """An altered cell, a truncated file and a missing file are each named."""
    copy = tmp_path / "copy"
    shutil.copytree(village.path, copy)
    assert verify(copy) == hashes(village)
    file = copy / "gp" / "events.parquet"
    table = pq.read_table(file)
    pq.write_table(table.slice(1), file)
    (copy / "ed" / "attendances.parquet").write_bytes(b"PAR1 cut off")
    (copy / "truth" / "names.parquet").unlink()
    with pytest.raises(DatasetError) as caught:
        verify(copy)
    said = str(caught.value)
    assert all(part in said for part in ("events", "altered", "attendances", "names", "damaged"))


def test_what_is_no_dataset_is_refused(tmp_path: Path):
    """An empty folder is answered with how to make a dataset."""
    with pytest.raises(DatasetError, match="darkfigure generate"):
        Dataset.open(tmp_path)


def test_one_person_makes_a_world(tmp_path: Path):
    """Nobody is hurt, held, charged or admitted: no table is too empty to be written."""
    dataset = generate(load_scenario("merthyr", persons=1), tmp_path / "one")
    assert verify(dataset.path) == hashes(dataset)


def test_an_occupied_folder_is_left_alone(tmp_path: Path):
    """A folder with other things in it is refused and untouched."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="holds other things"):
        generate(load_scenario("merthyr", persons=300), tmp_path)
    assert ["thesis.txt"] == [file.name for file in tmp_path.iterdir()]


def test_nothing_is_left_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A disk that is full from the beginning leaves nothing behind."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("darkfigure.synth.storage.parts.pa.ipc.new_file", full)
    with pytest.raises(OutputError, match="No space left on device"):
        generate(load_scenario("merthyr", persons=300), tmp_path / "world")
    assert [] == list(tmp_path.iterdir())


def test_every_file_says_that_it_is_synthetic(village: Dataset):
    """The mark is in each table's metadata, in the manifest and in the package."""
    for name in village.tables:
        metadata = pq.read_metadata(village.file(name)).metadata
        assert b"Synthetic data" in metadata[b"description"]
    for name in ("manifest.json", "datapackage.json"):
        assert "Synthetic data" in (village.path / name).read_text()


@pytest.mark.parametrize(
    ("key", "reason"),
    [("columns", "written by another version of Darkfigure"), ("format", "is not of format")],
)
def test_a_dataset_of_another_version_is_refused(village: Dataset, tmp_path: Path, key, reason):
    """At once and with the way out, before any of its columns is missed."""
    manifest = json.loads((village.path / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {key: 0}))
    with pytest.raises(DatasetError, match=reason):
        Dataset.open(tmp_path)


def test_the_package_describes_every_column(village: Dataset):
    """Each table has its Frictionless schema, with a description of each column."""
    package = json.loads((village.path / "datapackage.json").read_text())
    described = {one["path"]: one["schema"]["fields"] for one in package["resources"]}
    assert set(described) == {f"{name}.parquet" for name in village.tables}
    for path, fields in described.items():
        assert [column.name for column in TABLES[path].columns] == [one["name"] for one in fields]
        assert all(one["description"] for one in fields)
