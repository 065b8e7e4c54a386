"""Reading a run folder; and the made-up run that the other tests of the report use."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made_up_run import SETTING, measure, write_rows, write_run

from darkfigure.reports.html.run import read_run
from darkfigure.synth.core.errors import DatasetError


def test_a_run_is_read_with_nulls_and_statuses(tmp_path):
    """A failed linker keeps its row, and what it did not measure is null."""
    run = read_run(write_run(tmp_path / "run"))
    failed = [row for row in run.timings if row.linker == "dedupe"]
    assert [None] == [row.wall_seconds for row in failed]
    assert ["out of memory at 2 GB"] == [row.status for row in failed]


def test_not_a_number_is_read_as_unknown(tmp_path):
    """NaN would be no JSON and no statement, so it becomes null."""
    folder = write_run(tmp_path / "run")
    row = measure({**SETTING, "seed": 1}, "exact", ("all", "all"), "precision", 0.5, 10)
    write_rows(folder / "measurements.parquet", [{**row, "value": float("nan")}])
    assert [None] == [each.value for each in read_run(folder).measures]


def test_a_missing_folder_is_refused(tmp_path):
    """The message names the folder and the command that makes one."""
    with pytest.raises(DatasetError, match=r"nowhere does not hold .*darkfigure run"):
        read_run(tmp_path / "nowhere")


FILES = [
    "manifest.json",
    "measurements.parquet",
    "timings.parquet",
    "missed.parquet",
    "examples.parquet",
]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(tmp_path, name):
    """A run that lost a file is not reported in part."""
    folder = write_run(tmp_path / "run")
    (folder / name).unlink()
    with pytest.raises(DatasetError, match="run does not hold the results of a run"):
        read_run(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_refused(tmp_path, name):
    """A damaged file is an error of the dataset, not a traceback."""
    path = write_run(tmp_path / "run") / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DatasetError, match="run does not hold the results of a run"):
        read_run(path.parent)


def test_missing_columns_are_listed(tmp_path):
    """All columns that are not there come in one message."""
    path = write_run(tmp_path / "run") / "timings.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["linker", "status"]), path)
    with pytest.raises(DatasetError, match=r"timings\.parquet lacks the columns linker, status"):
        read_run(path.parent)


def test_a_column_of_the_wrong_type_is_refused(tmp_path):
    """Words where a number should be are damage."""
    path = write_run(tmp_path / "run") / "measurements.parquet"
    table = pq.read_table(path)
    place = table.column_names.index("value")
    pq.write_table(table.set_column(place, "value", pa.repeat("much", len(table))), path)
    with pytest.raises(DatasetError, match=r"measurements\.parquet has a column of another type"):
        read_run(path.parent)


def test_a_run_without_rows_is_refused(tmp_path):
    """A run that was cut short makes no empty page."""
    folder = write_run(tmp_path / "run")
    for name in ("measurements.parquet", "timings.parquet"):
        pq.write_table(pq.read_table(folder / name)[:0], folder / name)
    with pytest.raises(DatasetError, match="it holds no results"):
        read_run(folder)
