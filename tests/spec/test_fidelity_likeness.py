"""A user's own table beside the simulated one, and the dataset as SDV reads it."""

import json

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from command import darkfigure
from pyarrow import csv

from darkfigure.linkage_eval.fidelity.likeness import compare_table, read_theirs
from darkfigure.linkage_eval.fidelity.sdv import quality, sdv_metadata
from darkfigure.synth.core.errors import DatasetError, OutputError, UnknownNameError

TABLE = "ed/attendances"


@pytest.fixture(scope="module")
def attendances(village):
    """The simulated attendances, which stand in for a user's own."""
    return village.read(TABLE)


def _plain(table):
    """Write dictionaries as plain text, as a CSV has them."""
    fields = [
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _by_column(compared):
    return {row["column"]: row for row in compared.to_pylist()}


def test_a_table_is_like_itself(village, attendances, tmp_path):
    """Written as CSV and read again, a table is at no distance from itself."""
    csv.write_csv(_plain(attendances), tmp_path / "mine.csv")
    found = _by_column(compare_table(village, TABLE, read_theirs(tmp_path / "mine.csv")))
    assert set(attendances.column_names) == set(found)
    for name, row in found.items():
        empty = attendances[name].null_count == attendances.num_rows
        assert row["distance"] == (None if empty else pytest.approx(0, abs=1e-12))
        assert row["missing_ours"] == row["missing_theirs"]
        assert row["n_ours"] == row["n_theirs"]


def test_parquet_can_be_read_too(attendances, tmp_path):
    """The ending decides how a user's table is read."""
    pq.write_table(attendances, tmp_path / "mine.parquet")
    assert read_theirs(tmp_path / "mine.parquet").num_rows == attendances.num_rows


def test_shares_by_hand(village, attendances):
    """Total variation is half the sum of the differences of shares."""
    sex = attendances["sex"].cast(pa.string())
    women = pc.sum(pc.equal(sex, "2")).as_py() / len(sex)
    row = _by_column(compare_table(village, TABLE, pa.table({"sex": ["2"] * 500})))["sex"]
    assert row["distance"] == pytest.approx(1 - women)
    assert row["p_value"] < 1e-6
    assert row["kind"] == "category"


def test_numbers_and_dates_by_hand(village, attendances):
    """A table whose every arrival is later than ours is at distance 1."""
    later = pa.array([pc.max(attendances["arrived_at"]).as_py()] * 50).cast(pa.timestamp("ms"))
    theirs = pa.table({"arrived_at": pc.add(later, pa.scalar(1000, pa.duration("ms")))})
    row = _by_column(compare_table(village, TABLE, theirs))["arrived_at"]
    assert (row["kind"], row["distance"]) == ("time", 1.0)


def test_columns_of_one_side_are_named(village):
    """What cannot be compared is listed, without a distance."""
    theirs = pa.table({"sex": ["1", None], "triage": ["2", "3"], "disposal": [None, None]})
    found = _by_column(compare_table(village, TABLE, theirs))
    assert found["triage"]["kind"] == "only yours"
    assert found["surname"]["kind"] == "only ours"
    assert found["disposal"]["kind"] == "empty"
    assert found["sex"]["missing_theirs"] == 0.5


def test_refusals(village, tmp_path):
    """A strange table, file, column or value is refused with what to do."""
    with pytest.raises(UnknownNameError, match="Did you mean 'ed/attendances'"):
        compare_table(village, "ed/attendance", pa.table({"sex": ["1"]}))
    with pytest.raises(DatasetError, match="Rename yours"):
        compare_table(village, TABLE, pa.table({"gender": ["1"]}))
    with pytest.raises(DatasetError, match="arrived_at of your table"):
        compare_table(village, TABLE, pa.table({"arrived_at": ["yesterday"]}))
    with pytest.raises(DatasetError, match="cannot be read"):
        read_theirs(tmp_path / "none.csv")


def test_command_compares(village_path, attendances, tmp_path):
    """The verb prints the distances and ends well."""
    csv.write_csv(_plain(attendances.slice(0, 200)), tmp_path / "mine.csv")
    done = darkfigure("fidelity", village_path, "--against", tmp_path / "mine.csv")
    assert 0 == done.returncode
    assert "total variation" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_metadata_describe_every_table(village):
    """Each table has its columns, its key, and the foreign keys that hold."""
    said = sdv_metadata(village)
    assert set(village.tables) == set(said["tables"])
    events = said["tables"]["gp/events"]
    assert events["primary_key"] == "event_no"
    assert events["columns"]["event_date"]["sdtype"] == "datetime"
    assert {
        "parent_table_name": "gp/registrations",
        "child_table_name": "gp/events",
        "parent_primary_key": "registration_no",
        "child_foreign_key": "registration_no",
    } in said["relationships"]


def test_foreign_keys_hold(village):
    """Every value of a foreign key is a key of its parent, and both are of one kind."""
    said = sdv_metadata(village)
    assert len(said["relationships"]) >= 8
    for tie in said["relationships"]:
        child, parent = tie["child_table_name"], tie["parent_table_name"]
        column, key = tie["child_foreign_key"], tie["parent_primary_key"]
        values = _plain(village.read(child, [column]))[column].drop_null()
        keys = _plain(village.read(parent, [key]))[key]
        assert pc.all(pc.is_in(values, value_set=keys), min_count=0).as_py()
        kinds = {
            said["tables"][child]["columns"][column]["sdtype"],
            said["tables"][parent]["columns"][key]["sdtype"],
        }
        assert {"id"} == kinds


def test_command_writes_metadata(village, village_path, tmp_path):
    """The verb writes the same description as the Python twin gives; a bad path is an error."""
    command = ("fidelity", village_path, "--sdv-metadata")
    out = tmp_path / "metadata.json"
    assert 0 == darkfigure(*command, out).returncode
    assert sdv_metadata(village) == json.loads(out.read_text())
    done = darkfigure(*command, tmp_path / "no" / "folder.json")
    assert OutputError.exit_code == done.returncode


@pytest.mark.needs("sdv")
@pytest.mark.filterwarnings("ignore")
def test_sdv_reads_the_metadata(village):
    """SDV itself accepts the description, and the data as fitting it."""
    from sdv.metadata import Metadata

    described = Metadata.load_from_dict(sdv_metadata(village))
    described.validate()
    frames = {
        name: _plain(village.read(name)).to_pandas(date_as_object=False) for name in village.tables
    }
    described.validate_data(frames)


@pytest.mark.needs("sdmetrics")
@pytest.mark.filterwarnings("ignore")
def test_sdmetrics_scores(village, attendances):
    """SDMetrics gives a table compared with itself full marks for its shapes."""
    scores = quality(village, TABLE, attendances)
    marks = {row["property"]: row["score"] for row in scores.to_pylist()}
    assert marks["Column Shapes"] == pytest.approx(1)
    assert marks["Data Structure"] == pytest.approx(1)


def test_without_sdmetrics_there_are_no_scores(village, attendances, monkeypatch):
    """The extra is optional: without it the question has no answer, and no error."""
    monkeypatch.setattr("darkfigure.linkage_eval.fidelity.sdv.find_spec", lambda _: None)
    assert quality(village, TABLE, attendances) is None
